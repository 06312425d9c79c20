//! Numbers in attribute values: two decimals are enough for a drawing, and shorter.

/// Rewrites every number of a value (a length, a list, path data) with at most two decimals.
/// Anything that isn't a plain number with a longer fraction stays as it is.
pub fn round(value: &str) -> String {
    let bytes = value.as_bytes();
    let mut out = String::with_capacity(value.len());
    let mut at = 0;
    while at < bytes.len() {
        let length = number_length(&bytes[at..]);
        if length == 0 {
            let width = value[at..].chars().next().map_or(1, char::len_utf8);
            out.push_str(&value[at..at + width]);
            at += width;
            continue;
        }
        let text = &value[at..at + length];
        match text.parse::<f64>() {
            Ok(number) if is_long(text) && number.is_finite() => push(&mut out, number),
            _ => out.push_str(text),
        }
        at += length;
    }
    out
}

/// A number with at most two decimals, as short as it goes.
pub fn short(number: f64) -> String {
    let mut out = String::new();
    push(&mut out, number);
    out
}

fn push(out: &mut String, number: f64) {
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    out.push_str(if matches!(text, "-0" | "") { "0" } else { text });
}

/// Only these need rewriting; a leading zero before a digit may be two flags of an arc run together.
fn is_long(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+']).as_bytes();
    let run_together = digits.len() > 1 && digits[0] == b'0' && digits[1].is_ascii_digit();
    let fraction = text
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    let padded = fraction > 0 && text.ends_with('0');
    !run_together && (fraction > 2 || padded || text.contains(['e', 'E']))
}

/// Length of the number that a text starts with, in the grammar of SVG path data.
fn number_length(bytes: &[u8]) -> usize {
    let digits = |from: usize| {
        bytes[from.min(bytes.len())..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let sign = usize::from(matches!(bytes.first(), Some(b'-' | b'+')));
    let whole = digits(sign);
    let mut end = sign + whole;
    let mut fraction = 0;
    if bytes.get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        if whole + fraction > 0 {
            end += 1 + fraction;
        }
    }
    if whole + fraction == 0 {
        return 0;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'-' | b'+')));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_fractions_are_cut_and_the_rest_is_left() {
        for (value, expected) in [
            ("M210,45.61881L-0.0001.5 z", "M210,45.62L0.5 z"),
            ("A5 5 0 0110.12345 3", "A5 5 0 0110.12345 3"),
            ("translate(116.62263024346824,428)", "translate(116.62,428)"),
            ("1.25em", "1.25em"),
            ("1e-7", "0"),
            ("1.5e2", "150"),
            ("rotate(-90) ü", "rotate(-90) ü"),
        ] {
            assert_eq!(round(value), expected);
        }
    }
}
