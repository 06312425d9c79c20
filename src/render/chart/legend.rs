//! Names of several series with their colours, in lines above the plot.

use super::canvas::{Anchor, Canvas, Point};
use super::text::{Fitted, fit};
use super::{Plot, color};

/// The side of a colour's square.
pub(super) const SWATCH: f64 = 11.0;
const GAP: f64 = 20.0;
const ROW: f64 = 22.0;
/// Width of the longest name.
const NAME: f64 = 260.0;

/// Draws a colour and its name, from the middle of its left end and with a gap
/// between them.
pub(super) fn draw_key(canvas: &mut Canvas, class: &str, (at, gap): (Point, f64), name: &Fitted) {
    let (Point { x, y }, half) = (at, SWATCH / 2.0);
    let (from, to) = (Point::new(x, y - half), Point::new(x + SWATCH, y + half));
    canvas.rect(class, from, to, "");
    let text = Point::new(x + SWATCH + gap, y);
    canvas.lines("chart-label", text, Anchor::Start, name);
}

/// Draws the legend from the top of the drawing; gives its height.
pub fn draw(canvas: &mut Canvas, plot: &Plot<'_>) -> f64 {
    if plot.chart.series.len() < 2 {
        return 0.0;
    }
    let (mut x, mut y) = (0.0, ROW / 2.0);
    for (index, series) in plot.chart.series.iter().enumerate() {
        let name = fit(&series.name, NAME, 1);
        let width = SWATCH + 7.0 + name.width();
        if x > 0.0 && x + width > plot.room {
            x = 0.0;
            y += ROW;
        }
        let class = format!("series-{}", color(index));
        draw_key(canvas, &class, (Point::new(x, y), 7.0), &name);
        x += width + GAP;
    }
    y + ROW / 2.0 + 6.0
}
