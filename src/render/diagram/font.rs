//! How wide a text is in the font that drawings are set in: Arial, or one made to its measures
//! (Liberation Sans, Helvetica, Nimbus Sans). An engine that guesses draws shapes too narrow for
//! their words.

/// From the metrics of the font: widths of the characters from space to `~`, in thousandths of the
/// font size.
#[rustfmt::skip]
const REGULAR: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// The same of the bold font.
#[rustfmt::skip]
const BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
    975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
    333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
    611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];

/// Width of a text of one line, in pixels.
pub fn width(text: &str, size: f64, is_bold: bool) -> f64 {
    let table = if is_bold { &BOLD } else { &REGULAR };
    text.chars().map(|c| advance(c, table)).sum::<f64>() * size / 1000.0
}

/// Whether a `font-weight` asks for the bold font.
pub fn is_bold(weight: Option<&str>) -> bool {
    weight.is_some_and(|weight| match weight.trim() {
        "bold" | "bolder" => true,
        number => number.parse().is_ok_and(|number: f64| number >= 600.0),
    })
}

/// Beyond ASCII by kind of character: what the font holds is close, what it lacks comes from a font
/// that nobody knows here.
fn advance(c: char, table: &[u16; 95]) -> f64 {
    let ascii = u32::from(c)
        .checked_sub(32)
        .and_then(|index| table.get(index as usize));
    if let Some(width) = ascii {
        return f64::from(*width);
    }
    match c {
        '\u{0}'..='\u{1f}' | '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' => 0.0,
        '\u{a0}' | '·' => 278.0,
        '°' => 400.0,
        '–' => 556.0,
        '—' | '…' | '→' | '←' => 1000.0,
        'À'..='Þ' => 722.0,
        '\u{80}'..='\u{24f}' => 584.0,
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' => 1000.0,
        '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' => 1000.0,
        c if u32::from(c) >= 0x1_0000 => 1300.0,
        _ => 650.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, is_bold: bool, expected: f64) {
        let found = width(text, 10.0, is_bold);
        assert!((found - expected).abs() < 0.01, "{text}: {found}");
    }

    #[test]
    fn widths_are_those_of_the_font() {
        check("Box", false, 17.23);
        check("Box", true, 18.89);
        check("", false, 0.0);
        check("e\u{301}", false, 5.56);
        check("日本", false, 20.0);
    }

    #[test]
    fn weights_are_bold_from_600() {
        assert!(is_bold(Some("bold")) && is_bold(Some("600")));
        assert!(!is_bold(Some("normal")) && !is_bold(Some("500")) && !is_bold(None));
    }
}
