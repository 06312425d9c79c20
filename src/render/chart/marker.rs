//! Marks and dashes that keep lines apart without colour.

use super::canvas::{Canvas, Point, Px};
use super::color;

/// Dashes by series; the first is solid.
const DASHES: [&str; 8] = [
    "", "7 4", "2 4", "11 4 2 4", "5 3", "12 5", "2 3 7 3", "1 5",
];

/// The attribute that dashes a series' line.
pub fn dash(series: usize) -> String {
    match DASHES[series % DASHES.len()] {
        "" => String::new(),
        dash => format!(" stroke-dasharray=\"{dash}\""),
    }
}

/// Draws the mark of a series.
pub fn draw(canvas: &mut Canvas, series: usize, at: Point, tip: &str) {
    let class = format!("series-{} chart-point", color(series));
    canvas.path(&class, &shape(series, at), "", tip);
}

/// Corners round the middle, in clockwise order; a circle has none.
const SHAPES: [&[(f64, f64)]; 8] = [
    &[],
    &[(-4.0, -4.0), (4.0, -4.0), (4.0, 4.0), (-4.0, 4.0)],
    &[(0.0, -5.2), (5.0, 4.0), (-5.0, 4.0)],
    &[(0.0, -5.8), (5.8, 0.0), (0.0, 5.8), (-5.8, 0.0)],
    &[(-5.0, -4.0), (5.0, -4.0), (0.0, 5.2)],
    &[
        (-1.8, -5.4),
        (1.8, -5.4),
        (1.8, -1.8),
        (5.4, -1.8),
        (5.4, 1.8),
        (1.8, 1.8),
        (1.8, 5.4),
        (-1.8, 5.4),
        (-1.8, 1.8),
        (-5.4, 1.8),
        (-5.4, -1.8),
        (-1.8, -1.8),
    ],
    &[
        (0.0, -5.4),
        (5.1, -1.7),
        (3.2, 4.4),
        (-3.2, 4.4),
        (-5.1, -1.7),
    ],
    &[
        (-4.8, -2.8),
        (0.0, -5.4),
        (4.8, -2.8),
        (4.8, 2.8),
        (0.0, 5.4),
        (-4.8, 2.8),
    ],
];

fn shape(series: usize, at: Point) -> String {
    let corners = SHAPES[series % SHAPES.len()];
    if corners.is_empty() {
        let (left, y) = (Px(at.x - 4.5), Px(at.y));
        return format!("M{left} {y}a4.5 4.5 0 1 1 9 0a4.5 4.5 0 1 1 -9 0z");
    }
    let corners: Vec<String> = (corners.iter())
        .map(|(x, y)| format!("{} {}", Px(at.x + x), Px(at.y + y)))
        .collect();
    format!("M{}z", corners.join("L"))
}
