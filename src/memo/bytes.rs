//! Numbers and strings as bytes, for results that are kept: short, and read
//! without copying.
//!
//! A number is seven bits a byte, the lowest first, with the eighth set in all
//! bytes but its last. A string is its length and its bytes.

/// Adds a number, which must have at most 28 bits: no source is that long.
pub fn put_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Adds a string.
pub fn put_string(bytes: &mut Vec<u8>, text: &str) {
    put_number(bytes, text.len());
    bytes.extend(text.as_bytes());
}

/// Takes a number from the front; none if there is none.
pub fn take_number(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for (at, byte) in bytes.iter().take(4).enumerate() {
        number |= usize::from(byte & 0x7F) << (7 * at);
        if byte & 0x80 == 0 {
            *bytes = &bytes[at + 1..];
            return Some(number);
        }
    }
    None
}

/// Takes a string from the front, as bytes.
pub fn take_bytes<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = take_number(bytes)?;
    let (head, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(head)
}

/// Takes a string from the front; none if it is no UTF-8.
pub fn take_string<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    std::str::from_utf8(take_bytes(bytes)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_strings_come_back() {
        let numbers = [0, 1, 127, 128, 16_383, 16_384, (1 << 28) - 1];
        let mut bytes = Vec::new();
        for number in numbers {
            put_number(&mut bytes, number);
        }
        put_string(&mut bytes, "é");
        let mut rest = bytes.as_slice();
        for number in numbers {
            assert_eq!(take_number(&mut rest), Some(number));
        }
        assert_eq!(take_string(&mut rest), Some("é"));
        assert_eq!(take_number(&mut rest), None);
        assert_eq!(take_string(&mut &[2, 0xC3][..]), None, "cut");
        assert_eq!(take_number(&mut &[0xFF; 5][..]), None, "too long");
    }
}
