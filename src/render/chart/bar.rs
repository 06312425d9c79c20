//! Lying bars: one row or group of rows for each label, values at their ends.

use super::canvas::{Anchor, Canvas, Point};
use super::scale::Scale;
use super::text::{Fitted, LINE, fit, width};
use super::{Plot, color, legend};
use crate::value::Decimal;

/// Room of labels, and how many lines they may take.
const LABELS: f64 = 210.0;
const LINES: usize = 2;
/// Between label and plot, and between bar and value.
const GUTTER: f64 = 12.0;
const VALUE_GAP: f64 = 6.0;
/// Thickness of a bar that is alone in its row, and of one in a group.
const ALONE: f64 = 20.0;
const GROUPED: f64 = 15.0;
/// Between bars of a group, and between rows.
const BAR_GAP: f64 = 2.0;
const ROW_GAP: f64 = 10.0;
const GROUP_GAP: f64 = 18.0;
/// Between a label and the bars below it.
const LABEL_GAP: f64 = 3.0;
/// How far a tick's number at the rim may stand beside its line.
const RIM: f64 = 6.0;
/// Height of the ticks' line.
const TICKS: f64 = 22.0;

/// Where the plot lies, and what its numbers mean there.
struct Frame {
    scale: Scale,
    left: f64,
    width: f64,
    top: f64,
}

impl Frame {
    fn x(&self, number: Decimal) -> f64 {
        self.left + self.width * self.scale.position(number)
    }
}

/// Draws all numbers as lying bars.
pub fn draw(plot: &Plot<'_>) -> Canvas {
    let mut canvas = plot.canvas();
    let top = legend::draw(&mut canvas, plot);
    let room = if plot.is_narrow() { plot.room } else { LABELS };
    let labels: Vec<Fitted> = plot
        .chart
        .labels
        .iter()
        .map(|l| fit(l, room, LINES))
        .collect();
    let frame = frame(plot, &labels, top + TICKS + caption_height(plot));
    let count = plot.chart.series.len();
    let (thickness, gap) = match count {
        1 if plot.is_narrow() => (GROUPED, ROW_GAP),
        1 => (ALONE, ROW_GAP),
        _ => (GROUPED, GROUP_GAP),
    };
    let group = count as f64 * (thickness + BAR_GAP) - BAR_GAP;
    // Of label and bars together.
    let height = |label: &Fitted| match plot.is_narrow() {
        true => label.height() + LABEL_GAP + group,
        false => group.max(label.height()),
    };
    let rows: Vec<f64> = labels.iter().map(|l| height(l) + gap).collect();
    let bottom = frame.top + rows.iter().sum::<f64>();
    axis(&mut canvas, plot, &frame, bottom);
    let mut y = frame.top;
    for (index, (label, height)) in labels.iter().zip(&rows).enumerate() {
        let middle = y + height / 2.0;
        let first = match plot.is_narrow() {
            true => {
                let at = Point::new(0.0, y + (gap + label.height()) / 2.0);
                canvas.lines("chart-label", at, Anchor::Start, label);
                y + height - gap / 2.0 - group
            }
            false => {
                let at = Point::new(frame.left - GUTTER - negative_room(plot), middle);
                canvas.lines("chart-label", at, Anchor::End, label);
                middle - group / 2.0
            }
        };
        // Not through a label that stands on it.
        if plot.is_narrow() {
            axis_line(&mut canvas, &frame, first, first + group);
        }
        for series in 0..count {
            let top = first + series as f64 * (thickness + BAR_GAP);
            bar(
                &mut canvas,
                plot,
                &frame,
                (series, index),
                (top, top + thickness),
            );
        }
        y += height;
    }
    if !plot.is_narrow() {
        axis_line(&mut canvas, &frame, frame.top, bottom);
    }
    canvas.height = bottom + 2.0;
    canvas
}

fn axis_line(canvas: &mut Canvas, frame: &Frame, top: f64, bottom: f64) {
    let zero = frame.x(Decimal::ZERO);
    canvas.line(
        "chart-axis",
        Point::new(zero, top),
        Point::new(zero, bottom),
    );
}

/// Room of the unit's line, where it does not stand beside the ticks.
fn caption_height(plot: &Plot<'_>) -> f64 {
    if plot.is_narrow() && !plot.numbers.caption().is_empty() {
        LINE
    } else {
        0.0
    }
}

/// Room that the values of negative bars take beside the plot.
fn negative_room(plot: &Plot<'_>) -> f64 {
    let widest = widest_value(plot, |n| n.is_negative());
    if widest > 0.0 {
        widest + VALUE_GAP
    } else {
        0.0
    }
}

fn widest_value(plot: &Plot<'_>, wanted: impl Fn(&Decimal) -> bool) -> f64 {
    let widths = plot
        .known()
        .filter(wanted)
        .map(|n| width(&plot.numbers.label(n)));
    widths.fold(0.0, f64::max)
}

fn frame(plot: &Plot<'_>, labels: &[Fitted], top: f64) -> Frame {
    let caption = width(plot.numbers.caption());
    let labels = labels.iter().map(Fitted::width).fold(caption, f64::max);
    let beside = if plot.is_narrow() {
        0.0
    } else {
        labels + GUTTER
    };
    let left = beside + negative_room(plot);
    let right = widest_value(plot, |n| !n.is_negative()).max(width("unknown"));
    let room = (plot.room - left - right - VALUE_GAP).max(100.0);
    let widest = widest_value(plot, |_| true);
    let count = (room / (widest + 30.0)).clamp(2.0, 6.0) as usize;
    Frame {
        scale: Scale::of_bars(plot.known(), count),
        left,
        width: room,
        top,
    }
}

fn axis(canvas: &mut Canvas, plot: &Plot<'_>, frame: &Frame, bottom: f64) {
    let y = frame.top - TICKS / 2.0 - 2.0;
    for tick in &frame.scale.ticks {
        let x = frame.x(*tick);
        canvas.grid(Point::new(x, frame.top), Point::new(x, bottom));
        // A number too wide for its place says nothing: the grid line does.
        let text = plot.numbers.tick(*tick);
        let half = width(&text) / 2.0;
        if x - half >= -RIM && x + half <= plot.room + RIM {
            canvas.text("chart-tick", Point::new(x, y), Anchor::Middle, &text);
        }
    }
    let caption = plot.numbers.caption();
    if caption.is_empty() {
        return;
    }
    if plot.is_narrow() {
        let at = Point::new(0.0, y - LINE);
        return canvas.text("chart-unit", at, Anchor::Start, caption);
    }
    let x = frame.left - GUTTER - negative_room(plot);
    canvas.text("chart-unit", Point::new(x, y), Anchor::End, caption);
}

fn bar(
    canvas: &mut Canvas,
    plot: &Plot<'_>,
    frame: &Frame,
    (series, label): (usize, usize),
    (top, bottom): (f64, f64),
) {
    let zero = frame.x(Decimal::ZERO);
    let middle = (top + bottom) / 2.0;
    let Some(number) = plot.number(series, label) else {
        let right = zero + VALUE_GAP + width("unknown") <= plot.room;
        let (x, anchor) = match right {
            true => (zero + VALUE_GAP, Anchor::Start),
            false => (zero - VALUE_GAP, Anchor::End),
        };
        let text = plot.missing(series, label);
        return canvas.text("chart-unknown", Point::new(x, middle), anchor, text);
    };
    let end = frame.x(number);
    if !number.is_zero() {
        let class = format!("series-{}", color(series));
        let tip = plot.tip(series, label);
        canvas.rect(&class, Point::new(zero, top), Point::new(end, bottom), &tip);
    }
    let (x, anchor) = match number.is_negative() {
        true => (end - VALUE_GAP, Anchor::End),
        false => (end + VALUE_GAP, Anchor::Start),
    };
    canvas.text(
        "chart-value",
        Point::new(x, middle),
        anchor,
        &plot.numbers.label(number),
    );
}
