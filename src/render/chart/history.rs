//! One figure over the editions: a small line with its numbers as text.

use std::sync::Arc;

use super::canvas::{Anchor, Canvas, Point, Px};
use super::scale::float;
use super::text::width;
use super::{color, marker};
use crate::value::Decimal;

/// What a figure was in one edition; all numbers of a line in one unit.
pub struct Moment {
    /// The edition's id.
    pub label: Arc<str>,
    /// None where it was not known.
    pub number: Option<Decimal>,
    pub text: String,
}

/// The drawing's measures in pixels.
const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 104.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 70.0;
const LABELS: f64 = 92.0;
/// Least room between two texts.
const GAP: f64 = 8.0;

/// Draws moments in their order. The page holds the drawing's title as
/// `ID-title`.
pub fn history_svg(id: &str, moments: &[Moment], description: &str) -> String {
    let mut canvas = Canvas::new(WIDTH);
    canvas.height = HEIGHT;
    let half = |moment: Option<&Moment>| {
        moment.map_or(0.0, |m| width(&m.text).max(width(&m.label)) * 0.54)
    };
    let left = half(moments.first()).max(6.0);
    let right = WIDTH - half(moments.last()).max(6.0);
    let pitch = (right - left) / moments.len().saturating_sub(1).max(1) as f64;
    let numbers = || moments.iter().filter_map(|m| m.number.map(float));
    let (low, high) = (
        numbers().fold(f64::INFINITY, f64::min),
        numbers().fold(f64::NEG_INFINITY, f64::max),
    );
    let place = |index: usize, number: Decimal| {
        let share = match high > low {
            true => (float(number) - low) / (high - low),
            false => 0.5,
        };
        Point::new(left + pitch * index as f64, BOTTOM - (BOTTOM - TOP) * share)
    };
    let axis = BOTTOM + 10.0;
    canvas.grid(Point::new(0.0, axis), Point::new(WIDTH, axis));
    let points: Vec<Option<Point>> = (moments.iter().enumerate())
        .map(|(index, moment)| moment.number.map(|number| place(index, number)))
        .collect();
    let line = path(&points);
    if line.contains('L') {
        canvas.path(&format!("stroke-{} chart-line", color(0)), &line, "", "");
    }
    let widest = |text: &dyn Fn(&Moment) -> f64| moments.iter().map(text).fold(0.0, f64::max);
    let all_values = widest(&|m| width(&m.text)) + GAP <= pitch;
    let all_labels = widest(&|m| width(&m.label)) + GAP <= pitch;
    for (index, moment) in moments.iter().enumerate() {
        let outer = index == 0 || index + 1 == moments.len();
        let x = left + pitch * index as f64;
        if let Some(at) = points[index] {
            marker::draw(
                &mut canvas,
                0,
                at,
                &format!("{}: {}", moment.label, moment.text),
            );
        }
        if all_values || outer {
            let y = points[index].map_or(BOTTOM, |at| at.y) - 16.0;
            let class = match moment.number {
                Some(_) => "chart-value",
                None => "chart-unknown",
            };
            canvas.text(class, Point::new(x, y), Anchor::Middle, &moment.text);
        }
        if all_labels || outer {
            canvas.text(
                "chart-tick",
                Point::new(x, LABELS),
                Anchor::Middle,
                &moment.label,
            );
        }
    }
    canvas.svg(id, description)
}

/// A line through the points, broken where one is missing.
fn path(points: &[Option<Point>]) -> String {
    let mut data = String::new();
    let mut pen = 'M';
    for point in points {
        match point {
            Some(at) => {
                data.push_str(&format!("{pen}{} {}", Px(at.x), Px(at.y)));
                pen = 'L';
            }
            None => pen = 'M',
        }
    }
    data
}
