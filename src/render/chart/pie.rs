//! A ring of shares with its list beside it, or below where room is short: every label with colour, share
//! and value, so that no text has to fit a slice.

use super::canvas::{Anchor, Canvas, Point, Px};
use super::legend::{SWATCH, draw_key};
use super::scale::float;
use super::text::{Fitted, LINE, fit, width};
use super::{COLORS, Plot, color};
use crate::value::Decimal;

/// Radii of the ring.
const OUTER: f64 = 112.0;
const INNER: f64 = 66.0;
/// Where the list begins beside the ring, and how far below it.
const LIST: f64 = 276.0;
const BELOW: f64 = 14.0;
/// From a row's left edge to its label.
const TEXT: f64 = SWATCH + 8.0;
const GAP: f64 = 20.0;
/// Between rows of the list.
const ROW_GAP: f64 = 9.0;
/// A slice from this share on holds its percentage.
const WRITTEN: f64 = 0.07;

/// One label of the list.
struct Share {
    name: Fitted,
    tip: String,
    value: String,
    percent: String,
    /// Of the whole, 0 to 1; none where the value is unknown.
    part: Option<f64>,
    /// None where nothing is drawn.
    color: Option<usize>,
}

/// Draws the first series as shares of its sum.
pub fn draw(plot: &Plot<'_>) -> Canvas {
    let mut canvas = plot.canvas();
    let shares = shares(plot);
    let rows: Vec<f64> = shares.iter().map(|s| s.name.height() + ROW_GAP).collect();
    let list: f64 = rows.iter().sum();
    let ring = 2.0 * OUTER + 8.0;
    let (middle, mut y) = match plot.is_narrow() {
        true => {
            canvas.height = ring + BELOW + list;
            (Point::new(plot.room / 2.0, ring / 2.0), ring + BELOW)
        }
        false => {
            canvas.height = list.max(ring);
            let middle = Point::new(OUTER + 24.0, (canvas.height / 2.0).min(ring));
            (middle, (canvas.height - list).max(0.0) / 2.0)
        }
    };
    draw_ring(&mut canvas, middle, &slices(plot, &shares));
    draw_whole(&mut canvas, plot, middle);
    // Right edge of the percentages.
    let edge = plot.room - widest(shares.iter().map(|s| s.value.as_str())) - GAP;
    let left = list_left(plot);
    for (index, (share, height)) in shares.iter().zip(&rows).enumerate() {
        if index > 0 {
            canvas.grid(Point::new(left, y), Point::new(plot.room, y));
        }
        draw_row(&mut canvas, Point::new(left, y + height / 2.0), edge, share);
        y += height;
    }
    canvas
}

fn list_left(plot: &Plot<'_>) -> f64 {
    if plot.is_narrow() { 0.0 } else { LIST }
}

/// The percentage of each label as a text, empty where its value is unknown.
pub fn percentages(plot: &Plot<'_>) -> Vec<String> {
    let numbers: Vec<Option<f64>> = (0..plot.chart.labels.len())
        .map(|label| plot.number(0, label).map(float))
        .collect();
    let (units, decimals) = round_shares(&numbers);
    let unit = 10u32.pow(1 - u32::from(decimals));
    let text = |(number, units): (&Option<f64>, u32)| match number {
        None => String::new(),
        Some(n) if *n > 0.0 && units == 0 => format!("<{}", plot.numbers.percent(unit, decimals)),
        Some(_) => plot.numbers.percent(units * unit, decimals),
    };
    numbers.iter().zip(units).map(text).collect()
}

/// Shares in per cent, or in tenths where one is small, that add up to the
/// whole: what rounding down leaves goes to the largest remainders.
fn round_shares(numbers: &[Option<f64>]) -> (Vec<u32>, u8) {
    let sum: f64 = numbers.iter().flatten().sum();
    if sum <= 0.0 {
        return (vec![0; numbers.len()], 0);
    }
    let shares: Vec<f64> = numbers.iter().map(|n| n.unwrap_or(0.0) / sum).collect();
    let small = shares.iter().any(|s| *s > 0.0 && *s < 0.02);
    let (whole, decimals) = if small { (1000.0, 1) } else { (100.0, 0) };
    let mut units: Vec<u32> = shares.iter().map(|s| (s * whole) as u32).collect();
    let left = whole as usize - (units.iter().sum::<u32>() as usize).min(whole as usize);
    let mut order: Vec<usize> = (0..units.len()).collect();
    let remainder = |i: &usize| (shares[*i] * whole).fract();
    order.sort_by(|a, b| remainder(b).total_cmp(&remainder(a)).then(a.cmp(b)));
    for index in order.into_iter().take(left) {
        units[index] += 1;
    }
    (units, decimals)
}

fn shares(plot: &Plot<'_>) -> Vec<Share> {
    let labels = &plot.chart.labels;
    let numbers: Vec<Option<Decimal>> = (0..labels.len()).map(|l| plot.number(0, l)).collect();
    let sum: f64 = numbers.iter().flatten().map(|n| float(*n)).sum();
    let value = |label: usize| match numbers[label] {
        Some(number) => plot.numbers.with_unit(number),
        None => plot.missing(0, label).to_owned(),
    };
    let values: Vec<String> = (0..labels.len()).map(value).collect();
    let percent = percentages(plot);
    let columns =
        widest(values.iter().map(String::as_str)) + widest(percent.iter().map(String::as_str));
    let room = (plot.room - list_left(plot) - TEXT - columns - 2.0 * GAP).max(80.0);
    let share = |(index, (value, percent)): (usize, (String, String))| Share {
        name: fit(&labels[index], room, 2),
        tip: plot.tip(0, index),
        value,
        percent,
        part: numbers[index].map(|n| float(n) / if sum > 0.0 { sum } else { 1.0 }),
        color: None,
    };
    let mut shares: Vec<Share> = values
        .into_iter()
        .zip(percent)
        .enumerate()
        .map(share)
        .collect();
    paint(&mut shares);
    shares
}

fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> f64 {
    // Percentages are bold.
    texts.map(|t| width(t) * 1.05).fold(0.0, f64::max)
}

/// Gives each slice a colour; where there are more than colours, the smallest
/// share the last one.
fn paint(shares: &mut [Share]) {
    let part = |share: &Share| share.part.unwrap_or(0.0);
    let mut drawn: Vec<usize> = (0..shares.len())
        .filter(|i| part(&shares[*i]) > 0.0)
        .collect();
    if drawn.len() > COLORS {
        drawn.sort_by(|a, b| {
            part(&shares[*b])
                .total_cmp(&part(&shares[*a]))
                .then(a.cmp(b))
        });
        for index in drawn.split_off(COLORS - 1) {
            shares[index].color = Some(color(COLORS - 1));
        }
        drawn.sort_unstable();
    }
    for (series, index) in drawn.into_iter().enumerate() {
        shares[index].color = Some(color(series));
    }
}

/// A part of the ring.
struct Slice {
    color: usize,
    part: f64,
    text: String,
    tip: String,
}

/// In the order of the labels; those that share the last colour are one.
fn slices(plot: &Plot<'_>, shares: &[Share]) -> Vec<Slice> {
    let drawn = || shares.iter().filter(|s| s.color.is_some());
    let rest = |s: &&Share| s.color == Some(COLORS);
    let many = drawn().filter(rest).count() > 1;
    let slice = |share: &Share| Slice {
        color: share.color.unwrap_or(COLORS),
        part: share.part.unwrap_or(0.0),
        text: share.percent.clone(),
        tip: share.tip.clone(),
    };
    let mut slices: Vec<Slice> = drawn().filter(|s| !many || !rest(s)).map(slice).collect();
    if many {
        let part = drawn().filter(rest).filter_map(|s| s.part).sum::<f64>();
        let text = plot.numbers.percent((part * 1000.0).round() as u32, 0);
        slices.push(Slice {
            color: COLORS,
            part,
            tip: format!("{} others: {text}", drawn().filter(rest).count()),
            text,
        });
    }
    slices
}

fn draw_ring(canvas: &mut Canvas, middle: Point, slices: &[Slice]) {
    if let [slice] = slices {
        let class = format!("series-{}", slice.color);
        return canvas.path(&class, &ring(middle), " fill-rule=\"evenodd\"", &slice.tip);
    }
    if slices.is_empty() {
        return canvas.path("chart-empty", &ring(middle), " fill-rule=\"evenodd\"", "");
    }
    let mut from = 0.0;
    for slice in slices {
        let to = from + slice.part;
        let class = format!("series-{} chart-slice", slice.color);
        canvas.path(&class, &sector(middle, from, to), "", &slice.tip);
        from = to;
    }
    let mut from = 0.0;
    for slice in slices {
        if slice.part >= WRITTEN {
            let at = around(middle, (OUTER + INNER) / 2.0, from + slice.part / 2.0);
            canvas.text(
                &format!("on-{}", slice.color),
                at,
                Anchor::Middle,
                &slice.text,
            );
        }
        from += slice.part;
    }
}

/// The sum in the ring's middle, where it is known.
fn draw_whole(canvas: &mut Canvas, plot: &Plot<'_>, middle: Point) {
    let numbers: Vec<Decimal> = plot.known().collect();
    let sum = (numbers.iter()).try_fold(Decimal::ZERO, |sum, n| sum.checked_add(*n));
    let (text, note) = match sum {
        _ if numbers.is_empty() => ("unknown".to_owned(), ""),
        Some(sum) if numbers.len() < plot.chart.labels.len() => {
            (plot.numbers.with_unit(sum), "known")
        }
        Some(sum) => (plot.numbers.with_unit(sum), "in all"),
        None => return,
    };
    if width(&text) * 1.3 > 2.0 * INNER - 12.0 {
        return;
    }
    let y = if note.is_empty() {
        middle.y
    } else {
        middle.y - LINE * 0.45
    };
    canvas.text(
        "chart-whole",
        Point::new(middle.x, y),
        Anchor::Middle,
        &text,
    );
    if !note.is_empty() {
        canvas.text(
            "chart-tick",
            Point::new(middle.x, y + LINE * 1.1),
            Anchor::Middle,
            note,
        );
    }
}

/// Draws a row of the list from its left end, with the right end of its
/// percentage at `edge`.
fn draw_row(canvas: &mut Canvas, at: Point, edge: f64, share: &Share) {
    let y = at.y;
    let class = match share.color {
        Some(color) => format!("series-{color}"),
        None => "chart-empty".to_owned(),
    };
    draw_key(canvas, &class, (at, TEXT - SWATCH), &share.name);
    if share.part.is_some() {
        canvas.text(
            "chart-value",
            Point::new(edge, y),
            Anchor::End,
            &share.percent,
        );
    }
    let class = if share.part.is_some() {
        "chart-number"
    } else {
        "chart-unknown"
    };
    canvas.text(
        class,
        Point::new(canvas.width, y),
        Anchor::End,
        &share.value,
    );
}

/// The whole ring.
fn ring(middle: Point) -> String {
    let circle = |radius: f64| {
        let (left, y, r, width) = (
            Px(middle.x - radius),
            Px(middle.y),
            Px(radius),
            Px(2.0 * radius),
        );
        format!("M{left} {y}a{r} {r} 0 1 1 {width} 0a{r} {r} 0 1 1 -{width} 0z")
    };
    circle(OUTER) + &circle(INNER)
}

/// A part of the ring between two turns.
fn sector(middle: Point, from: f64, to: f64) -> String {
    let large = i32::from(to - from > 0.5);
    let corner = |radius, turn| {
        let at = around(middle, radius, turn);
        format!("{} {}", Px(at.x), Px(at.y))
    };
    let (outer, inner) = (Px(OUTER), Px(INNER));
    format!(
        "M{}A{outer} {outer} 0 {large} 1 {}L{}A{inner} {inner} 0 {large} 0 {}z",
        corner(OUTER, from),
        corner(OUTER, to),
        corner(INNER, to),
        corner(INNER, from)
    )
}

/// The point at a turn (0 to 1, clockwise from the top) round the middle.
fn around(middle: Point, radius: f64, turn: f64) -> Point {
    let (sine, cosine) = sine_cosine(turn);
    Point::new(middle.x + radius * sine, middle.y - radius * cosine)
}

/// Of a part of a turn. By the series, since the platforms' own functions
/// differ in the last digits.
fn sine_cosine(turn: f64) -> (f64, f64) {
    let quarters = (turn * 4.0).round();
    let x = (turn * 4.0 - quarters) * std::f64::consts::FRAC_PI_2;
    let mut term = 1.0;
    let (mut sine, mut cosine) = (0.0, 0.0);
    for n in 0..16 {
        match n % 4 {
            0 => cosine += term,
            1 => sine += term,
            2 => cosine -= term,
            _ => sine -= term,
        }
        term *= x / f64::from(n + 1);
    }
    match (quarters as i64).rem_euclid(4) {
        0 => (sine, cosine),
        1 => (cosine, -sine),
        2 => (-sine, -cosine),
        _ => (-cosine, sine),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(numbers: &[f64], expected: &[u32], decimals: u8) {
        let numbers: Vec<Option<f64>> = numbers.iter().map(|n| Some(*n)).collect();
        assert_eq!(round_shares(&numbers), (expected.to_vec(), decimals));
    }

    #[test]
    fn shares_add_up_to_the_whole() {
        check(&[1.0, 1.0, 1.0], &[34, 33, 33], 0);
        check(&[1.0, 2.0], &[33, 67], 0);
        check(&[29.0, 71.0], &[29, 71], 0);
        check(&[1.0, 99.0], &[10, 990], 1);
        check(&[0.0, 5.0], &[0, 100], 0);
        check(&[0.0, 0.0], &[0, 0], 0);
        check(&[1e-9, 1.0], &[0, 1000], 1);
        check(&[], &[], 0);
    }

    #[test]
    fn the_circle_is_round() {
        for step in 0..=64 {
            let turn = f64::from(step) / 64.0;
            let (sine, cosine) = sine_cosine(turn);
            assert!(
                (sine - (turn * std::f64::consts::TAU).sin()).abs() < 1e-12,
                "{turn}"
            );
            assert!(
                (cosine - (turn * std::f64::consts::TAU).cos()).abs() < 1e-12,
                "{turn}"
            );
        }
    }
}
