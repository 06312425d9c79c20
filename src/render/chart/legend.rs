//! Names of several series with their colours, in lines above the plot.

use super::canvas::{Anchor, Canvas, Point};
use super::text::fit;
use super::{Plot, color};

const SWATCH: f64 = 11.0;
const GAP: f64 = 20.0;
const ROW: f64 = 22.0;
/// Width of the longest name.
const NAME: f64 = 260.0;

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
        let half = SWATCH / 2.0;
        let class = format!("series-{}", color(index));
        canvas.rect(
            &class,
            Point::new(x, y - half),
            Point::new(x + SWATCH, y + half),
            "",
        );
        canvas.lines(
            "chart-label",
            Point::new(x + SWATCH + 7.0, y),
            Anchor::Start,
            &name,
        );
        x += width + GAP;
    }
    y + ROW / 2.0 + 6.0
}
