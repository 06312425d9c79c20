//! Upright bars, where labels are few and short and every value fits above its
//! bar.

use super::canvas::{Anchor, Canvas, Point};
use super::scale::Scale;
use super::text::{Fitted, LINE, fit, width};
use super::{Plot, color, legend};
use crate::value::Decimal;

/// Height of the plot.
const HEIGHT: f64 = 240.0;
/// More bars than this read better lying.
const MOST: usize = 24;
const MOST_LABELS: usize = 12;
/// Part of a label's slot that its bars take, and the thickest bar.
const FILL: f64 = 0.78;
const THICKEST: f64 = 64.0;
const BAR_GAP: f64 = 2.0;
/// Between a bar and its value, an axis and its texts.
const GAP: f64 = 6.0;

/// Draws all numbers as upright bars; none where their texts would not fit.
pub fn draw(plot: &Plot<'_>) -> Option<Canvas> {
    let (labels, series) = (plot.chart.labels.len(), plot.chart.series.len());
    if !(2..=MOST_LABELS).contains(&labels) || labels * series > MOST {
        return None;
    }
    let scale = Scale::of_bars(plot.known(), 5);
    let ticks = scale.ticks.iter().map(|t| width(&plot.numbers.tick(*t)));
    let left = ticks.fold(0.0, f64::max) + 2.0 * GAP;
    let slot = (plot.room - left) / labels as f64;
    let names: Vec<Fitted> = (plot.chart.labels.iter())
        .map(|l| fit(l, slot - 12.0, 2))
        .collect();
    if names.iter().any(Fitted::is_cut) {
        return None;
    }
    let thickness = (slot * FILL / series as f64 - BAR_GAP).min(THICKEST);
    if texts(plot).any(|t| width(&t) > (thickness + BAR_GAP).max(slot * FILL / series as f64) - 3.0)
    {
        return None;
    }
    let mut canvas = plot.canvas();
    let top = legend::draw(&mut canvas, plot) + caption_height(plot) + LINE + GAP;
    let negative = plot.known().any(Decimal::is_negative);
    let bottom = top + HEIGHT;
    let frame = Frame {
        scale,
        left,
        top,
        slot,
        thickness,
    };
    axis(&mut canvas, plot, &frame);
    let below = bottom + if negative { LINE + GAP } else { 0.0 };
    for (label, name) in names.iter().enumerate() {
        let middle = left + slot * (label as f64 + 0.5);
        for series in 0..series {
            bar(&mut canvas, plot, &frame, (series, label));
        }
        let at = Point::new(middle, below + GAP + name.height() / 2.0);
        canvas.lines("chart-label", at, Anchor::Middle, name);
    }
    let zero = frame.y(Decimal::ZERO);
    canvas.line(
        "chart-axis",
        Point::new(left, zero),
        Point::new(plot.room, zero),
    );
    canvas.height = below + GAP + names.iter().map(Fitted::height).fold(0.0, f64::max) + 2.0;
    Some(canvas)
}

struct Frame {
    scale: Scale,
    left: f64,
    top: f64,
    slot: f64,
    thickness: f64,
}

impl Frame {
    fn y(&self, number: Decimal) -> f64 {
        self.top + HEIGHT * (1.0 - self.scale.position(number))
    }
}

/// All texts at bars.
fn texts(plot: &Plot<'_>) -> impl Iterator<Item = String> {
    let marks = (0..plot.chart.series.len())
        .flat_map(|series| (0..plot.chart.labels.len()).map(move |label| (series, label)));
    marks.map(|(series, label)| match plot.number(series, label) {
        Some(number) => plot.numbers.label(number),
        None => plot.missing(series, label).to_owned(),
    })
}

fn caption_height(plot: &Plot<'_>) -> f64 {
    if plot.numbers.caption().is_empty() {
        0.0
    } else {
        LINE
    }
}

fn axis(canvas: &mut Canvas, plot: &Plot<'_>, frame: &Frame) {
    for tick in &frame.scale.ticks {
        let y = frame.y(*tick);
        canvas.grid(Point::new(frame.left, y), Point::new(plot.room, y));
        let at = Point::new(frame.left - GAP, y);
        canvas.text("chart-tick", at, Anchor::End, &plot.numbers.tick(*tick));
    }
    let caption = plot.numbers.caption();
    if !caption.is_empty() {
        let at = Point::new(0.0, frame.top - LINE - GAP - LINE / 2.0);
        canvas.text("chart-unit", at, Anchor::Start, caption);
    }
}

fn bar(canvas: &mut Canvas, plot: &Plot<'_>, frame: &Frame, (series, label): (usize, usize)) {
    let count = plot.chart.series.len() as f64;
    let pitch = frame.thickness + BAR_GAP;
    let middle = frame.left + frame.slot * (label as f64 + 0.5);
    let left = middle - (count * pitch - BAR_GAP) / 2.0 + series as f64 * pitch;
    let middle = left + frame.thickness / 2.0;
    let zero = frame.y(Decimal::ZERO);
    let Some(number) = plot.number(series, label) else {
        let at = Point::new(middle, zero - GAP - LINE / 2.0);
        return canvas.text(
            "chart-unknown",
            at,
            Anchor::Middle,
            plot.missing(series, label),
        );
    };
    let end = frame.y(number);
    if !number.is_zero() {
        let class = format!("series-{}", color(series));
        let corner = Point::new(left + frame.thickness, zero);
        canvas.rect(
            &class,
            Point::new(left, end),
            corner,
            &plot.tip(series, label),
        );
    }
    let beyond = LINE / 2.0 + 3.0;
    let y = if number.is_negative() {
        end + beyond
    } else {
        end - beyond
    };
    let text = plot.numbers.label(number);
    canvas.text("chart-value", Point::new(middle, y), Anchor::Middle, &text);
}
