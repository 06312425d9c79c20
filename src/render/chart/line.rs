//! Lines over labels in their order, each named at its end. A line breaks
//! where a value is unknown.

use super::canvas::{Anchor, Canvas, Point, Px};
use super::scale::Scale;
use super::text::{Fitted, LINE, fit, width};
use super::{Plot, color, marker};
use crate::value::Decimal;

/// Least height of the plot.
const HEIGHT: f64 = 260.0;
const NARROW_HEIGHT: f64 = 190.0;
/// From name to name at the lines' ends.
const NAME_ROW: f64 = 18.0;
/// Room of a line's name.
const NAME: f64 = 130.0;
/// From the plot to the names, and from a name's mark to its text.
const NAMES_FROM: f64 = 20.0;
const NAME_TEXT: f64 = 11.0;
const GAP: f64 = 8.0;
/// Points nearer than this have no marks, but for the last.
const MARKS_FROM: f64 = 14.0;
/// Room of a label below the plot.
const LABEL: f64 = 130.0;

struct Frame {
    scale: Scale,
    /// Where the unit stands.
    head: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    /// Of the first point.
    first: f64,
    /// From point to point.
    pitch: f64,
}

impl Frame {
    fn at(&self, label: usize, number: Decimal) -> Point {
        let y = self.bottom - (self.bottom - self.top) * self.scale.position(number);
        Point::new(self.x(label), y)
    }

    fn x(&self, label: usize) -> f64 {
        self.first + self.pitch * label as f64
    }
}

/// Draws each series as a line.
pub fn draw(plot: &Plot<'_>) -> Canvas {
    let mut canvas = plot.canvas();
    let ends = ends(plot);
    let head = match plot.is_narrow() {
        true => list(&mut canvas, &ends),
        false => 0.0,
    };
    let frame = frame(plot, &ends, head);
    axis(&mut canvas, plot, &frame);
    canvas.height = labels(&mut canvas, plot, &frame);
    for series in 0..plot.chart.series.len() {
        line(&mut canvas, plot, &frame, series);
    }
    for series in 0..plot.chart.series.len() {
        points(&mut canvas, plot, &frame, series);
    }
    if plot.chart.series.len() == 1 {
        values(&mut canvas, plot, &frame);
    }
    if !plot.is_narrow() {
        names(&mut canvas, &frame, ends);
    }
    canvas
}

/// The name of a line and its last value.
struct End {
    series: usize,
    name: Fitted,
    value: String,
    /// The last known point.
    last: Option<(usize, Decimal)>,
}

/// One for each line, if there are several.
fn ends(plot: &Plot<'_>) -> Vec<End> {
    if plot.chart.series.len() < 2 {
        return Vec::new();
    }
    let room = if plot.is_narrow() {
        plot.room * 0.6 - NAME_TEXT
    } else {
        NAME
    };
    let end = |(series, s): (usize, &crate::directive::Series)| {
        let mut labels = (0..plot.chart.labels.len()).rev();
        let last = labels.find_map(|label| Some((label, plot.number(series, label)?)));
        End {
            series,
            name: fit(&s.name, room, 1),
            value: last.map_or("unknown".to_owned(), |(_, number)| {
                plot.numbers.label(number)
            }),
            last,
        }
    };
    plot.chart.series.iter().enumerate().map(end).collect()
}

/// Lists the lines' names above the plot; gives the list's height.
fn list(canvas: &mut Canvas, ends: &[End]) -> f64 {
    let mut y = 0.0;
    for end in ends {
        let middle = y + NAME_ROW / 2.0;
        marker::draw(canvas, end.series, Point::new(6.0, middle), "");
        let at = Point::new(6.0 + NAME_TEXT, middle);
        canvas.pair(class_of(end), at, &end.name, &end.value);
        y += NAME_ROW;
    }
    if ends.is_empty() { 0.0 } else { y + GAP }
}

fn class_of(end: &End) -> &'static str {
    match end.last {
        Some(_) => "chart-label",
        None => "chart-unknown",
    }
}

fn frame(plot: &Plot<'_>, ends: &[End], head: f64) -> Frame {
    let names = ends
        .iter()
        .map(|e| e.name.width() + width(" ") + width(&e.value) * 1.08);
    let names = names.fold(0.0, f64::max);
    let right = match ends.is_empty() || plot.is_narrow() {
        true => plot.room,
        false => plot.room - names - NAMES_FROM - NAME_TEXT,
    };
    let scale = Scale::of_line(plot.known(), 5);
    let ticks = scale.ticks.iter().map(|t| width(&plot.numbers.tick(*t)));
    let left = ticks.fold(0.0, f64::max) + GAP;
    let count = plot.chart.labels.len();
    // Half of the outer labels must fit beside their points.
    let half =
        |label: Option<&std::sync::Arc<str>>| label.map_or(0.0, |l| fit(l, LABEL, 1).width() / 2.0);
    let first = (half(plot.chart.labels.first()) - left).max(14.0) + left;
    let over = half(plot.chart.labels.last()) - (plot.room - right);
    let last = right - over.max(14.0);
    let caption = if plot.numbers.caption().is_empty() {
        0.0
    } else {
        LINE + GAP
    };
    let top = head + caption + LINE;
    let height = match plot.is_narrow() {
        true => NARROW_HEIGHT,
        false => HEIGHT.max(ends.len() as f64 * NAME_ROW),
    };
    Frame {
        scale,
        head,
        left,
        right,
        top,
        bottom: top + height,
        first: if count == 1 {
            (first + last) / 2.0
        } else {
            first
        },
        pitch: if count == 1 {
            last - first
        } else {
            (last - first) / (count - 1) as f64
        },
    }
}

fn axis(canvas: &mut Canvas, plot: &Plot<'_>, frame: &Frame) {
    for tick in &frame.scale.ticks {
        let y = frame.at(0, *tick).y;
        let (from, to) = (Point::new(frame.left, y), Point::new(frame.right, y));
        match tick.is_zero() {
            true => canvas.line("chart-axis", from, to),
            false => canvas.grid(from, to),
        }
        let at = Point::new(frame.left - GAP, y);
        canvas.text("chart-tick", at, Anchor::End, &plot.numbers.tick(*tick));
    }
    let caption = plot.numbers.caption();
    if !caption.is_empty() {
        canvas.text(
            "chart-unit",
            Point::new(0.0, frame.head + LINE / 2.0),
            Anchor::Start,
            caption,
        );
    }
}

/// Draws the labels, all of them or each second, third, … where they would
/// meet; gives the drawing's height.
fn labels(canvas: &mut Canvas, plot: &Plot<'_>, frame: &Frame) -> f64 {
    let labels = &plot.chart.labels;
    let broken: Vec<Fitted> = labels
        .iter()
        .map(|l| fit(l, frame.pitch.min(LABEL) - GAP, 2))
        .collect();
    let (shown, every) = match broken.iter().any(Fitted::is_cut) {
        false => (broken, 1),
        true => {
            let whole: Vec<Fitted> = labels.iter().map(|l| fit(l, LABEL, 1)).collect();
            let widest = whole.iter().map(Fitted::width).fold(0.0, f64::max);
            let every = ((widest + 14.0) / frame.pitch.max(0.01)).ceil().max(1.0) as usize;
            (whole, every)
        }
    };
    let mut lowest: f64 = 0.0;
    for (index, label) in shown.iter().enumerate() {
        let last = index + 1 == shown.len() && index % every * 4 >= every * 3;
        if index % every != 0 && !last {
            continue;
        }
        let x = frame.x(index);
        canvas.line(
            "chart-axis",
            Point::new(x, frame.bottom),
            Point::new(x, frame.bottom + 5.0),
        );
        let at = Point::new(x, frame.bottom + GAP + label.height() / 2.0);
        canvas.lines("chart-label", at, Anchor::Middle, label);
        lowest = lowest.max(label.height());
    }
    frame.bottom + GAP + lowest + 2.0
}

fn line(canvas: &mut Canvas, plot: &Plot<'_>, frame: &Frame, series: usize) {
    let mut data = String::new();
    let mut pen = false;
    for label in 0..plot.chart.labels.len() {
        let Some(number) = plot.number(series, label) else {
            pen = false;
            continue;
        };
        let at = frame.at(label, number);
        data.push_str(&format!(
            "{}{} {}",
            if pen { 'L' } else { 'M' },
            Px(at.x),
            Px(at.y)
        ));
        pen = true;
    }
    if data.contains('L') {
        let class = format!("stroke-{} chart-line", color(series));
        canvas.path(&class, &data, &marker::dash(series), "");
    }
}

fn points(canvas: &mut Canvas, plot: &Plot<'_>, frame: &Frame, series: usize) {
    let count = plot.chart.labels.len();
    let known = |label: usize| plot.number(series, label).is_some();
    for label in 0..count {
        let Some(number) = plot.number(series, label) else {
            unknown(canvas, plot, frame, (series, label));
            continue;
        };
        let joined = label > 0 && known(label - 1) && label + 1 < count && known(label + 1);
        if frame.pitch >= MARKS_FROM || !joined {
            marker::draw(
                canvas,
                series,
                frame.at(label, number),
                &plot.tip(series, label),
            );
        }
    }
}

/// A question mark in the place of an unknown value, at the axis; those of
/// several lines stand above each other.
fn unknown(canvas: &mut Canvas, plot: &Plot<'_>, frame: &Frame, (series, label): (usize, usize)) {
    let before = (0..series)
        .filter(|s| plot.number(*s, label).is_none())
        .count();
    if before > 0 || frame.pitch < MARKS_FROM {
        return;
    }
    let room = frame.pitch - GAP;
    let missing = plot.missing(series, label);
    let text = if width(missing) <= room { missing } else { "?" };
    // The word of the last point stays within the drawing.
    let x = frame.x(label).min(plot.room - width(text) / 2.0 - 1.0);
    let at = Point::new(x, frame.bottom - LINE / 2.0 - 3.0);
    canvas.text("chart-unknown", at, Anchor::Middle, text);
}

/// Values at the points of a line that is alone, where they fit; else at its
/// last point.
fn values(canvas: &mut Canvas, plot: &Plot<'_>, frame: &Frame) {
    let count = plot.chart.labels.len();
    let number = |label: usize| plot.number(0, label);
    let texts: Vec<_> = (0..count)
        .map(|l| number(l).map(|n| plot.numbers.label(n)))
        .collect();
    let fits = |text: &Option<String>| text.as_ref().is_none_or(|t| width(t) + 6.0 <= frame.pitch);
    let all = texts.iter().all(fits);
    let last = (0..count).rev().find(|label| number(*label).is_some());
    for (label, text) in texts.iter().enumerate() {
        let (Some(number), Some(text)) = (number(label), text) else {
            continue;
        };
        if !all && Some(label) != last {
            continue;
        }
        let at = frame.at(label, number);
        let beside = |l: Option<usize>| l.and_then(|l| plot.number(0, l)).map(|n| frame.at(0, n).y);
        let (before, after) = (beside(label.checked_sub(1)), beside(Some(label + 1)));
        let sides: Vec<f64> = before.into_iter().chain(after).collect();
        let mean = sides.iter().sum::<f64>() / sides.len().max(1) as f64;
        // In a valley the line is above; the text goes below, if there is room.
        let valley = !sides.is_empty() && mean < at.y - 4.0 && at.y + 26.0 < frame.bottom;
        let y = if valley { at.y + 17.0 } else { at.y - 16.0 };
        canvas.text("chart-value", Point::new(at.x, y), Anchor::Middle, text);
    }
}

/// Names at the lines' ends, moved apart where they would meet.
fn names(canvas: &mut Canvas, frame: &Frame, mut ends: Vec<End>) {
    let wish = |end: &End| match end.last {
        Some((label, number)) => frame.at(label, number),
        None => Point::new(frame.right, frame.bottom),
    };
    ends.sort_by(|a, b| {
        wish(a)
            .y
            .total_cmp(&wish(b).y)
            .then(a.series.cmp(&b.series))
    });
    let wishes: Vec<f64> = ends.iter().map(|e| wish(e).y).collect();
    let rows = spread(&wishes, frame.top - LINE / 2.0, frame.bottom);
    for (end, y) in ends.iter().zip(rows) {
        let from = wish(end);
        let x = frame.right + NAMES_FROM;
        let moved = (y - from.y).abs() > 3.0 || from.x + 20.0 < frame.right;
        if end.last.is_some() && moved {
            let (a, b) = (Point::new(from.x + 7.0, from.y), Point::new(x - 8.0, y));
            canvas.line("chart-leader", a, b);
        }
        marker::draw(canvas, end.series, Point::new(x, y), "");
        let at = Point::new(x + NAME_TEXT, y);
        canvas.pair(class_of(end), at, &end.name, &end.value);
    }
}

/// Moves rows, given from top to bottom, apart by at least [`NAME_ROW`], as
/// little as it takes and within the bounds.
fn spread(wishes: &[f64], top: f64, bottom: f64) -> Vec<f64> {
    // Rows that meet form a block round the mean of their wishes.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    let start = |(mean, count): (f64, usize)| {
        let height = (count - 1) as f64 * NAME_ROW;
        (mean - height / 2.0).min(bottom - height).max(top)
    };
    for wish in wishes {
        let mut block = (*wish, 1);
        while let Some(before) = blocks.last() {
            let end = start(*before) + before.1 as f64 * NAME_ROW;
            if start(block) >= end {
                break;
            }
            let count = before.1 + block.1;
            let mean = (before.0 * before.1 as f64 + block.0 * block.1 as f64) / count as f64;
            block = (mean, count);
            blocks.pop();
        }
        blocks.push(block);
    }
    let rows =
        |block: (f64, usize)| (0..block.1).map(move |row| start(block) + row as f64 * NAME_ROW);
    blocks.into_iter().flat_map(rows).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_apart_and_within() {
        assert_eq!(spread(&[50.0, 100.0], 0.0, 200.0), [50.0, 100.0]);
        assert_eq!(spread(&[100.0, 100.0], 0.0, 200.0), [91.0, 109.0]);
        assert_eq!(spread(&[0.0, 1.0, 2.0], 0.0, 200.0), [0.0, 18.0, 36.0]);
        assert_eq!(spread(&[199.0, 200.0], 0.0, 200.0), [182.0, 200.0]);
        assert_eq!(
            spread(&[80.0, 100.0, 101.0, 102.0], 0.0, 200.0),
            [68.75, 86.75, 104.75, 122.75]
        );
        assert!(spread(&[], 0.0, 200.0).is_empty());
    }
}
