//! Where the title of a flowchart's group stands. The engine puts it in the middle of the upper
//! edge, which is where arrows come in. Here it starts at the left edge, and moves to the right
//! only as far as the lines through it ask for.

use std::collections::BTreeMap;

use roxmltree::Node;

use super::describe::has_class;
use super::geometry::{self, Bounds};
use super::scene::{Scene, key};

/// Space between a group's edge and its title, in pixels.
const INSET: f64 = 10.0;
/// Space between a line and the title beside it.
const GAP: f64 = 5.0;

/// A line by its points, close to where it runs.
pub type Line = Vec<(f64, f64)>;

/// How far titles move to the right (to the left if negative), by the group of the title.
pub fn moves(scene: &Scene, lines: &[Line]) -> BTreeMap<u32, f64> {
    let labels = scene
        .root
        .descendants()
        .filter(|node| has_class(*node, "cluster-label"));
    labels
        .filter_map(|label| Some((key(&label), distance(label, lines, scene)?)))
        .collect()
}

/// `None` where nothing is known of the group's box or of the title's place.
fn distance(label: Node, lines: &[Line], scene: &Scene) -> Option<f64> {
    let group = label
        .parent_element()
        .filter(|parent| has_class(*parent, "cluster"))?;
    let rect = group.children().find(|child| child.has_tag_name("rect"))?;
    let frame = geometry::bounds(rect, scene.copies())?;
    let text = label
        .descendants()
        .find(|child| child.has_tag_name("text"))?;
    let style = scene.style(text);
    let title = geometry::text_bounds(text, scene.copies(), style)?;
    let width = title.right - title.left;
    let last = frame.right - INSET - width;
    let mut left = frame.left + INSET;
    for (from, to) in crossings(lines, title) {
        if to + GAP > left && from - GAP < left + width {
            left = to + GAP;
        }
    }
    // Where there is no room beside the lines, its rim keeps it readable.
    let left = if left <= last {
        left
    } else {
        frame.left + INSET.min((frame.right - frame.left - width) / 2.0)
    };
    Some(left - title.left)
}

/// What lines take of the height of a title, from left to right.
fn crossings(lines: &[Line], title: Bounds) -> Vec<(f64, f64)> {
    let pairs = lines.iter().flat_map(|line| line.windows(2));
    let mut crossings: Vec<(f64, f64)> = pairs
        .filter_map(|pair| within(pair[0], pair[1], title))
        .collect();
    crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
    crossings
}

/// The part of a straight line between the upper and the lower edge of a box, from left to right.
fn within(a: (f64, f64), b: (f64, f64), title: Bounds) -> Option<(f64, f64)> {
    let (upper, lower) = if a.1 <= b.1 { (a, b) } else { (b, a) };
    if upper.1 > title.bottom || lower.1 < title.top {
        return None;
    }
    let height = lower.1 - upper.1;
    let at = |y: f64| upper.0 + (lower.0 - upper.0) * (y - upper.1) / height;
    let (from, to) = match height > 0.0 {
        true => (at(upper.1.max(title.top)), at(lower.1.min(title.bottom))),
        false => (upper.0, lower.0),
    };
    Some((from.min(to), from.max(to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TITLE: Bounds = Bounds {
        left: 0.0,
        top: 10.0,
        right: 50.0,
        bottom: 20.0,
    };

    #[test]
    fn a_line_takes_the_part_of_a_title_that_it_runs_through() {
        assert_eq!(within((0.0, 0.0), (40.0, 40.0), TITLE), Some((10.0, 20.0)));
        assert_eq!(within((40.0, 40.0), (0.0, 0.0), TITLE), Some((10.0, 20.0)));
        assert_eq!(within((7.0, 0.0), (7.0, 15.0), TITLE), Some((7.0, 7.0)));
        assert_eq!(within((9.0, 15.0), (3.0, 15.0), TITLE), Some((3.0, 9.0)));
        assert_eq!(within((0.0, 0.0), (40.0, 9.0), TITLE), None);
    }
}
