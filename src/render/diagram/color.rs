//! Colours as CSS writes them: text comes in, four channels go out, and which text can be read on
//! them.

use merman::theme_color::{ColorChannel, ThemeColor};

/// Red, green and blue from 0 to 255, and opacity in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Color {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
    pub alpha: u8,
}

/// Text and background differ enough for small text: WCAG 2.2, success criterion 1.4.3.
const READABLE: f64 = 4.5;

impl Color {
    /// A CSS colour: hex, `rgb()`, `hsl()` or a name; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.len() > 64 {
            return None;
        }
        let color = ThemeColor::parse(text).ok()?;
        let channel = |channel| color.channel(channel).round().clamp(0.0, 255.0) as u8;
        Some(Self {
            red: channel(ColorChannel::Red),
            green: channel(ColorChannel::Green),
            blue: channel(ColorChannel::Blue),
            alpha: (color.channel(ColorChannel::Alpha) * 100.0)
                .round()
                .clamp(0.0, 100.0) as u8,
        })
    }

    pub fn opaque(self) -> Self {
        Self { alpha: 100, ..self }
    }

    /// `#rrggbb`; the opacity goes into an attribute of its own.
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }

    /// Whether small text of this colour can be read on a background.
    pub fn readable_on(self, background: Self) -> bool {
        contrast(self, background) >= READABLE
    }

    /// Black or white, whichever can be read better on this colour.
    pub fn text_on(self) -> Self {
        let gray = |level| Self {
            red: level,
            green: level,
            blue: level,
            alpha: 100,
        };
        if contrast(gray(0), self) >= contrast(gray(255), self) {
            gray(0)
        } else {
            gray(255)
        }
    }

    /// Relative luminance as WCAG 2.2 defines it.
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

fn contrast(a: Color, b: Color) -> f64 {
    let (a, b) = (a.luminance(), b.luminance());
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The colours that a diagram's author wrote into its source, sorted: hex and functions anywhere,
/// names only where a style or a configuration may stand (after `:`, `=` or a blank), so that a
/// label that says `white` counts at worst too.
pub fn written_in(source: &str) -> Vec<Color> {
    let mut colors = Vec::new();
    for line in source.lines() {
        functions(line, &mut colors);
        for word in line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '#')) {
            let hex = word.starts_with('#');
            if hex || (word.len() > 2 && may_hold_names(line)) {
                colors.extend(Color::parse(word).map(Color::opaque));
            }
        }
    }
    colors.sort_unstable();
    colors.dedup();
    colors
}

fn functions(line: &str, colors: &mut Vec<Color>) {
    for name in ["rgb(", "rgba(", "hsl(", "hsla("] {
        for (at, _) in line.match_indices(name) {
            let rest = &line[at..];
            if let Some(end) = rest.find(')') {
                colors.extend(Color::parse(&rest[..=end]).map(Color::opaque));
            }
        }
    }
}

fn may_hold_names(line: &str) -> bool {
    let line = line.trim_start();
    [
        "style", "classDef", "linkStyle", "box", "%%{", "UpdateElementStyle", "UpdateRelStyle",
    ]
    .iter()
    .any(|word| line.starts_with(word))
        || line.contains("color") // quadrant points, front matter
        || line.contains("Color")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_black_on_light_and_white_on_dark() {
        let text_on = |color: &str| Color::parse(color).map(|color| color.text_on().hex());
        assert_eq!(text_on("#ffeecc").as_deref(), Some("#000000"));
        assert_eq!(text_on("navy").as_deref(), Some("#ffffff"));
    }

    #[test]
    fn the_authors_colors_are_found_and_labels_are_not() {
        let source = "graph TD\nA[white]-->B\nstyle A fill:#f96,stroke:teal\nrect rgb(1, 2, 3)";
        let found: Vec<_> = written_in(source).into_iter().map(Color::hex).collect();
        assert_eq!(found, ["#008080", "#010203", "#ff9966"]);
    }
}
