//! How much room a text takes, and what of it fits. Estimates only: the
//! reader's font is not known here, so they are on the generous side.

use std::sync::Arc;

/// Size of all texts in pixels.
pub const SIZE: f64 = 13.0;
/// From line to line.
pub const LINE: f64 = 16.0;

/// Fonts of systems run up to this much wider than the one that the advances
/// were taken from (Arial).
const GENEROUS: f64 = 1.07;

/// Width of a text in pixels.
pub fn width(text: &str) -> f64 {
    text.chars().map(advance).sum::<f64>() * SIZE * GENEROUS
}

/// Width of a letter in ems.
fn advance(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '\'' | '|' => 0.24,
        ' ' | '\u{a0}' | '.' | ',' | ':' | ';' | '!' | 'I' | 'f' | 't' | '/' | '\\' | '’' | '·' => {
            0.29
        }
        '\u{202f}' => 0.2,
        '-' | '(' | ')' | '[' | ']' | 'r' | '"' | '°' => 0.36,
        'm' | 'w' | 'M' | '%' | '@' | '—' | '…' | '→' => 0.93,
        'W' => 0.98,
        '+' | '<' | '>' | '=' | '~' | '\u{2212}' | '×' => 0.6,
        'A'..='Z' | '&' | 'À'..='Þ' => 0.72,
        '\u{20}'..='\u{24f}' => 0.56,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' => 0.0,
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' => 1.0,
        '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' => 1.0,
        c if u32::from(c) >= 0x1_0000 => 1.3,
        _ => 0.65,
    }
}

/// A text in lines that fit.
pub struct Fitted {
    pub lines: Vec<String>,
    /// The whole text, where some of it is cut.
    whole: Option<Arc<str>>,
}

impl Fitted {
    pub fn is_cut(&self) -> bool {
        self.whole.is_some()
    }

    /// The whole text where it is cut, else nothing.
    pub fn tip(&self) -> &str {
        self.whole.as_deref().unwrap_or_default()
    }

    /// Of the widest line.
    pub fn width(&self) -> f64 {
        self.lines.iter().map(|l| width(l)).fold(0.0, f64::max)
    }

    pub fn height(&self) -> f64 {
        self.lines.len() as f64 * LINE
    }
}

/// Breaks a text between words into at most `most` lines of `room` pixels, and
/// cuts what does not fit.
pub fn fit(text: &Arc<str>, room: f64, most: usize) -> Fitted {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut cut = false;
    // Not at no-break spaces.
    for word in text
        .split([' ', '\t', '\n', '\r'])
        .filter(|w| !w.is_empty())
    {
        let longer = match line.is_empty() {
            true => word.to_owned(),
            false => format!("{line} {word}"),
        };
        if line.is_empty() || width(&longer) <= room {
            line = longer;
        } else if lines.len() + 1 < most {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        } else {
            line = longer;
        }
        if width(&line) > room && lines.len() + 1 >= most {
            cut = true;
            break;
        }
    }
    lines.push(line);
    for line in &mut lines {
        if width(line) > room {
            *line = ellipsis(line, room);
            cut = true;
        }
    }
    Fitted {
        lines,
        whole: cut.then(|| Arc::clone(text)),
    }
}

fn ellipsis(text: &str, room: f64) -> String {
    let room = room - width("…");
    let mut kept = String::new();
    let mut taken = 0.0;
    for c in text.chars() {
        taken += advance(c) * SIZE * GENEROUS;
        if taken > room {
            break;
        }
        kept.push(c);
    }
    let mut kept = kept.trim_end_matches([' ', ',', '-', '(']).to_owned();
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, room: f64, most: usize, expected: &[&str], cut: bool) {
        let fitted = fit(&text.into(), room, most);
        assert_eq!(fitted.lines, expected, "{text}");
        assert_eq!(fitted.is_cut(), cut, "{text}");
        assert!(fitted.lines.len() <= most.max(1));
        assert!(fitted.lines.iter().all(|l| width(l) <= room), "{text}");
    }

    #[test]
    fn breaks_between_words_and_cuts_the_rest() {
        check("Steel frame", 200.0, 1, &["Steel frame"], false);
        check("Steel frame", 50.0, 2, &["Steel", "frame"], false);
        check(
            "Steel frame, lugged and brazed",
            90.0,
            2,
            &["Steel frame,", "lugged and…"],
            true,
        );
        check("Steel  frame", 60.0, 1, &["Steel fr…"], true);
        check("Unbreakablyunbroken", 60.0, 2, &["Unbrea…"], true);
        check("A Unbreakablyunbroken", 60.0, 2, &["A", "Unbrea…"], true);
        check("12\u{a0}kg", 60.0, 2, &["12\u{a0}kg"], false);
        check("", 60.0, 2, &[""], false);
        check("自転車の重さ", 50.0, 1, &["自転…"], true);
    }

    #[test]
    fn wide_letters_take_more_room() {
        assert!(width("WWW") > width("nnn") && width("nnn") > width("lll"));
        assert!(width("日本") >= 2.0 * SIZE);
    }
}
