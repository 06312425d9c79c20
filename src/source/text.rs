//! From bytes to text: UTF-8 without a byte order mark, lines ended by LF.
//!
//! In comes what a file holds, out goes a [`SourceFile`] and, where the bytes
//! are not text, an error that shows the first bad place.

use std::borrow::Cow;
use std::sync::Arc;

use crate::diag::{Checked, Code, Diagnostic, SourceFile, Span};

/// Decodes a file. A byte order mark is dropped and CRLF becomes LF, so that a
/// page does not depend on the editor. The lines keep their numbers. Bytes that
/// are not UTF-8 are shown as U+FFFD and reported.
pub fn decode(path: &str, bytes: &[u8]) -> Checked<Arc<SourceFile>> {
    if let Some(order) = utf16_order(bytes) {
        let file = SourceFile::new(path, "");
        let diagnostic = Diagnostic::error(
            Code::Encoding,
            Span::new(&file, 0..0),
            format!("`{path}` is UTF-16 ({order}), and only UTF-8 is read"),
        )
        .help("save the file as UTF-8 in your editor");
        return Checked::new(file, vec![diagnostic]);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let whole = std::str::from_utf8(bytes);
    // Both at once: all texts are looked through at each start.
    let odd = memchr::memchr2(0, b'\r', bytes);
    if let Ok(text) = whole {
        if odd.is_none() {
            return Checked::clean(SourceFile::new(path, text));
        }
        if memchr::memchr(0, bytes).is_none() {
            return Checked::clean(SourceFile::new(path, unix_lines(text)));
        }
    }
    let file = SourceFile::new(path, unix_lines(&String::from_utf8_lossy(bytes)));
    let mut diagnostics = Vec::new();
    if let Some(at) = whole.err().map(|error| error.valid_up_to()) {
        let message = format!("`{path}` is not valid UTF-8");
        let label = format!("the byte 0x{:02X} does not belong here", bytes[at]);
        diagnostics
            .push(Diagnostic::error(Code::Encoding, place(&file, bytes, at), message).label(label));
    }
    if let Some(at) = bytes.iter().position(|&b| b == 0) {
        let message = format!("`{path}` holds a NUL byte, so it is not a text");
        diagnostics.push(Diagnostic::error(
            Code::Encoding,
            place(&file, bytes, at),
            message,
        ));
    }
    Checked::new(file, diagnostics)
}

/// The span of the character that the byte at `at` became.
fn place(file: &Arc<SourceFile>, bytes: &[u8], at: usize) -> Span {
    let start = unix_lines(&String::from_utf8_lossy(&bytes[..at])).len();
    let width = file.text[start..].chars().next().map_or(0, char::len_utf8);
    Span::new(file, start..start + width)
}

fn unix_lines(text: &str) -> Cow<'_, str> {
    // One byte is searched for faster than two.
    match memchr::memchr(b'\r', text.as_bytes()).is_some() {
        true => text.replace("\r\n", "\n").into(),
        false => text.into(),
    }
}

/// UTF-16 by its mark, or by every second byte of the beginning being NUL.
fn utf16_order(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, ..] => return Some("little endian"),
        [0xFE, 0xFF, ..] => return Some("big endian"),
        _ => {}
    }
    let head = &bytes[..bytes.len().min(64) & !1];
    let zeros = |first: usize| head.iter().skip(first).step_by(2).all(|&b| b == 0);
    let others = |first: usize| head.iter().skip(first).step_by(2).all(|&b| b != 0);
    match head.len() {
        0..4 => None,
        _ if zeros(1) && others(0) => Some("little endian"),
        _ if zeros(0) && others(1) => Some("big endian"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], text: &str, message: Option<(&str, (usize, usize))>) {
        let decoded = decode("a.md", bytes);
        assert_eq!(&*decoded.value.text, text);
        let found = decoded.diagnostics.first().map(|d| {
            let span = d.span.as_ref().expect("an encoding error has a place");
            (d.message.as_str(), span.file.line_column(span.range.start))
        });
        assert_eq!(found, message);
    }

    #[test]
    fn marks_and_line_ends_make_no_difference() {
        check(b"a\nb\n", "a\nb\n", None);
        check(b"\xEF\xBB\xBFa\r\nb\r\n", "a\nb\n", None);
        check(b"", "", None);
        check(b"a\rb", "a\rb", None);
    }

    #[test]
    fn what_is_not_text_is_reported_at_its_place() {
        let invalid = Some(("`a.md` is not valid UTF-8", (2, 3)));
        check(b"one\r\n\xC3\xA9x\xFF", "one\n\u{e9}x\u{FFFD}", invalid);
        let cut = Some(("`a.md` is not valid UTF-8", (1, 2)));
        check(b"a\xC3", "a\u{FFFD}", cut);
        let nul = Some(("`a.md` holds a NUL byte, so it is not a text", (1, 2)));
        check(b"a\0b", "a\0b", nul);
        let wide = "`a.md` is UTF-16 (little endian), and only UTF-8 is read";
        check(b"\xFF\xFEa\0", "", Some((wide, (1, 1))));
        check(b"a\0b\0", "", Some((wide, (1, 1))));
    }
}
