//! What a language writes differently: separators, the place of currency
//! signs, dates, yes and no.

use std::sync::Arc;

/// The conventions of a language, found by its BCP 47 tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale {
    /// The tag as given: `de-CH`.
    pub tag: Arc<str>,
    /// Between groups of three digits.
    pub group: char,
    /// Digits before the point from which on they are grouped: 4, or 5 where
    /// four digits stay together.
    pub group_from: usize,
    /// Before the fraction.
    pub decimal: char,
    pub money: MoneyPlace,
    /// Between a number and `%`: nothing or a no-break space.
    pub percent_space: &'static str,
    /// Order and separators of a date, with `Y`, `M` and `D` for four and two
    /// digits, `m` and `d` for as few as it takes.
    pub date: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
}

/// Where a currency's sign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyPlace {
    /// `$5`
    Before,
    /// `€ 5`
    BeforeSpaced,
    /// `5 €`
    After,
}

/// No-break space and its narrow sister, which French uses between digits.
pub(super) const NBSP: &str = "\u{a0}";
const NARROW: char = '\u{202f}';
const WIDE: char = '\u{a0}';

use MoneyPlace::{After, Before, BeforeSpaced};

type Row = (
    &'static str,
    (char, usize, char),
    MoneyPlace,
    &'static str,
    &'static str,
    (&'static str, &'static str),
);

/// Sorted by tag. Source: CLDR 46, with ISO dates for English and for
/// languages that are not here.
#[rustfmt::skip]
const LOCALES: &[Row] = &[
    ("ar", (',', 4, '.'), After, "", "D/M/Y", ("نعم", "لا")),
    ("bg", (WIDE, 5, ','), After, "", "D.M.Y", ("да", "не")),
    ("ca", ('.', 4, ','), After, NBSP, "D/M/Y", ("sí", "no")),
    ("cs", (WIDE, 4, ','), After, NBSP, "d.\u{a0}m.\u{a0}Y", ("ano", "ne")),
    ("da", ('.', 4, ','), After, NBSP, "D.M.Y", ("ja", "nej")),
    ("de", ('.', 4, ','), After, NBSP, "D.M.Y", ("ja", "nein")),
    ("de-AT", ('.', 4, ','), BeforeSpaced, NBSP, "D.M.Y", ("ja", "nein")),
    ("de-CH", ('’', 4, '.'), BeforeSpaced, "", "D.M.Y", ("ja", "nein")),
    ("el", ('.', 4, ','), After, "", "D/M/Y", ("ναι", "όχι")),
    ("en", (',', 4, '.'), Before, "", "Y-M-D", ("yes", "no")),
    ("en-GB", (',', 4, '.'), Before, "", "D/M/Y", ("yes", "no")),
    ("en-US", (',', 4, '.'), Before, "", "M/D/Y", ("yes", "no")),
    ("en-ZA", (WIDE, 4, ','), Before, "", "Y/M/D", ("yes", "no")),
    ("es", ('.', 5, ','), After, NBSP, "D/M/Y", ("sí", "no")),
    ("es-MX", (',', 4, '.'), Before, "", "D/M/Y", ("sí", "no")),
    ("et", (WIDE, 5, ','), After, "", "D.M.Y", ("jah", "ei")),
    ("fi", (WIDE, 4, ','), After, NBSP, "d.m.Y", ("kyllä", "ei")),
    ("fr", (NARROW, 4, ','), After, NBSP, "D/M/Y", ("oui", "non")),
    ("fr-CH", (NARROW, 4, ','), After, NBSP, "D.M.Y", ("oui", "non")),
    ("he", (',', 4, '.'), After, "", "d.m.Y", ("כן", "לא")),
    ("hi", (',', 4, '.'), Before, "", "D/M/Y", ("हाँ", "नहीं")),
    ("hu", (WIDE, 4, ','), After, "", "Y. M. D.", ("igen", "nem")),
    ("id", ('.', 4, ','), BeforeSpaced, "", "D/M/Y", ("ya", "tidak")),
    ("it", ('.', 4, ','), After, "", "D/M/Y", ("sì", "no")),
    ("ja", (',', 4, '.'), Before, "", "Y/M/D", ("はい", "いいえ")),
    ("ko", (',', 4, '.'), Before, "", "Y. m. d.", ("예", "아니요")),
    ("lt", (WIDE, 4, ','), After, NBSP, "Y-M-D", ("taip", "ne")),
    ("lv", (WIDE, 5, ','), After, "", "D.M.Y", ("jā", "nē")),
    ("nb", (WIDE, 4, ','), After, NBSP, "D.M.Y", ("ja", "nei")),
    ("nl", ('.', 4, ','), BeforeSpaced, "", "D-M-Y", ("ja", "nee")),
    ("nn", (WIDE, 4, ','), After, NBSP, "D.M.Y", ("ja", "nei")),
    ("no", (WIDE, 4, ','), After, NBSP, "D.M.Y", ("ja", "nei")),
    ("pl", (WIDE, 5, ','), After, "", "D.M.Y", ("tak", "nie")),
    ("pt", ('.', 4, ','), BeforeSpaced, "", "D/M/Y", ("sim", "não")),
    ("pt-PT", (WIDE, 5, ','), After, "", "D/M/Y", ("sim", "não")),
    ("ro", ('.', 4, ','), After, NBSP, "D.M.Y", ("da", "nu")),
    ("ru", (WIDE, 4, ','), After, NBSP, "D.M.Y", ("да", "нет")),
    ("sk", (WIDE, 4, ','), After, NBSP, "d.\u{a0}m.\u{a0}Y", ("áno", "nie")),
    ("sl", ('.', 4, ','), After, NBSP, "D.M.Y", ("da", "ne")),
    ("sv", (WIDE, 4, ','), After, NBSP, "Y-M-D", ("ja", "nej")),
    ("th", (',', 4, '.'), Before, "", "d/m/Y", ("ใช่", "ไม่ใช่")),
    ("tr", ('.', 4, ','), Before, "", "D.M.Y", ("evet", "hayır")),
    ("uk", (WIDE, 4, ','), After, "", "D.M.Y", ("так", "ні")),
    ("vi", ('.', 4, ','), After, "", "D/M/Y", ("có", "không")),
    ("zh", (',', 4, '.'), Before, "", "Y/m/d", ("是", "否")),
];

impl Locale {
    /// The conventions for a tag such as `de` or `pt-BR`: those of the tag,
    /// else of its language, else of English.
    pub fn new(tag: &str) -> Self {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        let row = [tag, language, "en"].into_iter().find_map(|wanted| {
            let same = |row: &&Row| row.0.eq_ignore_ascii_case(wanted);
            LOCALES.iter().find(same)
        });
        let (_, (group, group_from, decimal), money, percent_space, date, (yes, no)) =
            *row.expect("English is in the table");
        Self {
            tag: tag.into(),
            group,
            group_from,
            decimal,
            money,
            percent_space,
            date,
            yes,
            no,
        }
    }
}

impl Default for Locale {
    fn default() -> Self {
        Self::new("en")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_back_to_the_language_and_to_english() {
        assert!(LOCALES.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(Locale::new("de-LI").decimal, ',');
        assert_eq!(Locale::new("de-CH").decimal, '.');
        assert_eq!(Locale::new("tlh").group, ',');
        assert_eq!(Locale::new("").yes, "yes");
    }
}
