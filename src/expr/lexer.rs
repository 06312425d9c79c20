//! Text to tokens. A number and its unit are one token; so are the parts of a
//! dotted name, since ids hold hyphens.

use std::ops::Range;

use super::{ExprError, Segment};
use crate::diag::Code;
use crate::value::{Decimal, is_unit_letter};

/// A token and the bytes where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A number and the unit behind it, if any, with its place.
    Number(Decimal, Option<(String, Range<usize>)>),
    Text(String),
    Name(Vec<Segment>),
    /// `and`, `or`, `not`, `in`, `if`, `then`, `else`, `true`, `false`.
    Word(&'static str),
    /// An operator or a bracket.
    Sign(&'static str),
    End,
}

const WORDS: &[&str] = &[
    "and", "or", "not", "in", "if", "then", "else", "true", "false",
];
/// Longer ones first.
const SIGNS: &[&str] = &[
    "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ",",
];
/// What other languages write, and what is written here: pairs of signs that
/// would be taken for two operators.
const PAIRS: &[(&str, &str)] = &[
    ("<>", "write `!=`"),
    ("=>", "write `>=`"),
    ("=<", "write `<=`"),
    ("**", "multiply: `x * x`"),
];
/// The same of one sign.
const FOREIGN: &[(&str, &str)] = &[
    ("&&", "write `and`"),
    ("||", "write `or`"),
    ("!", "write `not`"),
    (
        "|",
        "there are no filters: write a function, as in `round(x)` or `max(a, b)`",
    ),
    ("{", "one pair of `{{ }}` stands around the whole formula"),
    ("?", "write `if condition then a else b`"),
    ("^", "multiply: `x * x`"),
    ("=", "write `==` to compare"),
    ("≤", "write `<=`"),
    ("≥", "write `>=`"),
    ("≠", "write `!=`"),
    ("×", "write `*`"),
    ("−", "write `-`"),
    ("÷", "write `/`"),
    ("“", "write straight quotes: `\"`"),
    ("”", "write straight quotes: `\"`"),
    ("$", "write money with its ISO code, as in `5 USD`"),
    ("€", "write money with its ISO code, as in `5 EUR`"),
];

/// All tokens, with an [`TokenKind::End`] at the end; or what can't be read.
pub(super) fn tokenize(text: &str) -> Result<Vec<Token>, Vec<ExprError>> {
    let mut lexer = Lexer {
        text,
        at: 0,
        errors: Vec::new(),
    };
    let mut tokens = Vec::new();
    loop {
        lexer.at = text.len() - lexer.rest().trim_start().len();
        let start = lexer.at;
        if lexer.rest().is_empty() {
            break;
        }
        if let Some(kind) = lexer.token() {
            let range = start..lexer.at;
            tokens.push(Token { kind, range });
        }
    }
    if !lexer.errors.is_empty() {
        return Err(lexer.errors);
    }
    tokens.push(Token {
        kind: TokenKind::End,
        range: text.trim_end().len()..text.len(),
    });
    Ok(tokens)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    errors: Vec<ExprError>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn error(&mut self, start: usize, message: String) -> &mut ExprError {
        let error = ExprError::new(Code::FormulaSyntax, start..self.at, message);
        self.errors.push(error);
        self.errors.last_mut().expect("just pushed")
    }

    /// The next token; none after an error. Always moves on.
    fn token(&mut self) -> Option<TokenKind> {
        let first = self.rest().chars().next()?;
        match first {
            '0'..='9' => self.number(),
            '"' | '\'' => self.quoted(first),
            '_' | 'a'..='z' | 'A'..='Z' => self.name(),
            _ => self.sign(first),
        }
    }

    fn sign(&mut self, first: char) -> Option<TokenKind> {
        let rest = self.rest();
        let pair = PAIRS.iter().find(|(pair, _)| rest.starts_with(pair));
        if let (None, Some(sign)) = (pair, SIGNS.iter().find(|sign| rest.starts_with(**sign))) {
            self.at += sign.len();
            return Some(TokenKind::Sign(sign));
        }
        let start = self.at;
        let foreign = FOREIGN.iter().find(|(sign, _)| rest.starts_with(sign));
        let foreign = pair.or(foreign);
        self.at += foreign.map_or(first.len_utf8(), |(sign, _)| sign.len());
        let sign = &self.text[start..self.at];
        // Of `a ? b : c` or `a && b && c` the first sign says enough.
        if !self.errors.is_empty() {
            return None;
        }
        let error = self.error(start, format!("a formula can't hold `{sign}` here"));
        error
            .help
            .extend(foreign.map(|(_, help)| (*help).to_owned()));
        None
    }

    fn number(&mut self) -> Option<TokenKind> {
        let start = self.at;
        let (digits, _) = crate::value::split_number(self.rest());
        self.at += digits.len();
        let Some(number) = Decimal::parse(digits) else {
            self.error(start, "this number has too many digits".to_owned());
            return None;
        };
        Some(TokenKind::Number(number, self.unit()))
    }

    /// The unit behind a number, if there is one.
    fn unit(&mut self) -> Option<(String, Range<usize>)> {
        let rest = self.rest();
        let start = self.at + (rest.len() - rest.trim_start().len());
        let length = unit_length(&self.text[start..]);
        let unit = &self.text[start..start + length];
        // A name or a call, to which an operator is missing.
        let next = self.text[start + length..].chars().next();
        let name = next.is_some_and(|c| matches!(c, '.' | '(' | '_') || c.is_alphanumeric());
        if unit.is_empty() || WORDS.contains(&unit) || name {
            return None;
        }
        self.at = start + length;
        Some((unit.to_owned(), start..self.at))
    }

    fn quoted(&mut self, quote: char) -> Option<TokenKind> {
        let start = self.at;
        let mut content = String::new();
        let mut escaped = false;
        for (i, c) in self.rest().char_indices().skip(1) {
            if escaped {
                content.push(c);
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if c == quote {
                self.at += i + 1;
                return Some(TokenKind::Text(content));
            } else {
                content.push(c);
            }
        }
        self.at = self.text.len();
        self.error(start, format!("this text has no closing `{quote}`"));
        None
    }

    fn name(&mut self) -> Option<TokenKind> {
        let start = self.at;
        let mut path = Vec::new();
        loop {
            let length = segment_length(self.rest());
            if length == 0 {
                self.error(start, "a name must follow the dot".to_owned());
                return None;
            }
            let range = self.at..self.at + length;
            let text = self.text[range.clone()].into();
            self.at = range.end;
            path.push(Segment { text, range });
            if !self.rest().starts_with('.') {
                break;
            }
            self.at += 1;
        }
        if let [only] = path.as_slice()
            && let Some(word) = WORDS.iter().find(|word| **word == only.text.as_ref())
        {
            return Some(TokenKind::Word(word));
        }
        Some(TokenKind::Name(path))
    }
}

/// Letters, digits, `_`, and hyphens that something follows.
fn segment_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let letter = |i: usize| {
        bytes
            .get(i)
            .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
    };
    let mut end = 0;
    while letter(end) || (end > 0 && bytes.get(end) == Some(&b'-') && letter(end + 1)) {
        end += 1;
    }
    end
}

/// `GB/s`, `m²`, `W/(m²·K)`: no spaces, and no separator without a unit behind
/// it.
fn unit_length(text: &str) -> usize {
    let mut end = factor_length(text);
    while end > 0 {
        let rest = &text[end..];
        let Some(separator) = rest.chars().next().filter(|c| matches!(c, '/' | '·' | '*')) else {
            break;
        };
        let rest = &rest[separator.len_utf8()..];
        let inside = |c: char| is_unit_letter(c) || "·*/^²³-0123456789".contains(c);
        let more = match rest.strip_prefix('(') {
            Some(group) => {
                let close = group.find(|c| !inside(c)).unwrap_or(group.len());
                let closed = group[close..].starts_with(')') && factor_length(group) > 0;
                if closed { close + 2 } else { 0 }
            }
            None => factor_length(rest),
        };
        if more == 0 {
            break;
        }
        end += separator.len_utf8() + more;
    }
    end
}

/// Letters and a power.
fn factor_length(text: &str) -> usize {
    let letters = text.find(|c| !is_unit_letter(c)).unwrap_or(text.len());
    if letters == 0 {
        return 0;
    }
    let rest = &text[letters..];
    let power = if let Some(power) = rest.strip_prefix('^') {
        let minus = usize::from(power.starts_with('-'));
        let digits = power[minus..]
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        if digits > 0 { 1 + minus + digits } else { 0 }
    } else if rest.starts_with(['²', '³']) {
        '²'.len_utf8()
    } else {
        0
    };
    letters + power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> String {
        let show = |token: &Token| match &token.kind {
            TokenKind::Number(number, None) => number.to_string(),
            TokenKind::Number(number, Some((unit, _))) => format!("{number}_{unit}"),
            TokenKind::Text(text) => format!("{text:?}"),
            TokenKind::Name(path) => {
                let path: Vec<&str> = path.iter().map(|s| s.text.as_ref()).collect();
                path.join(":")
            }
            TokenKind::Word(word) => word.to_uppercase(),
            TokenKind::Sign(sign) => (*sign).to_owned(),
            TokenKind::End => String::new(),
        };
        match tokenize(text) {
            Ok(tokens) => tokens.iter().map(show).collect::<Vec<_>>().join(" "),
            Err(errors) => errors
                .iter()
                .map(|e| e.message.clone())
                .collect::<Vec<_>>()
                .join("; "),
        }
    }

    #[test]
    fn units_belong_to_their_number() {
        assert_eq!(show("12 GB/s * x"), "12_GB/s * x ");
        assert_eq!(show("80 % and 5 in y"), "80_% AND 5 IN y ");
        assert_eq!(show("2 m*3"), "2_m * 3 ");
        assert_eq!(show("2 W/(m²·K) / 4m^2"), "2_W/(m²·K) / 4_m^2 ");
        assert_eq!(show("5 min"), "5_min ");
        assert_eq!(show("5 min(x)"), "5 min ( x ) ");
        assert_eq!(show("450W-x"), "450_W - x ");
    }

    #[test]
    fn ids_hold_hyphens() {
        assert_eq!(show("tyre.25-mm.price - a-b"), "tyre:25-mm:price - a-b ");
        assert_eq!(show("a.b- c"), "a:b - c ");
        assert_eq!(show("inset in set"), "inset IN set ");
    }

    #[test]
    fn says_what_it_cannot_read() {
        assert_eq!(show("a && b"), "a formula can't hold `&&` here");
        assert_eq!(show("'abc"), "this text has no closing `'`");
        assert_eq!(show("a."), "a name must follow the dot");
        assert_eq!(show(r#"'it\'s' "x""#), r#""it's" "x" "#);
    }
}
