//! Addresses: from paths of files to paths of the site, and between pages.

/// The bytes that may stand in a path segment as they are (RFC 3986, `pchar`
/// without `'`, which could end an attribute).
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&()*+,;=:@/".contains(&byte)
}

/// A path with everything encoded that an address cannot hold.
pub fn encode_path(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        if is_plain(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Undoes percent-encoding; none if the result is not UTF-8.
pub fn decode_path(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let digits = (first == b'%').then(|| tail.get(..2)).flatten();
        let value = digits
            .and_then(|d| std::str::from_utf8(d).ok())
            .filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|d| u8::from_str_radix(d, 16).ok());
        match value {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// The way from a page at `from` (a folder with a slash at the end, or empty
/// for the root) to `to` (a folder or a file of the site), encoded.
pub fn relative(from: &str, to: &str) -> String {
    let from_parts: Vec<&str> = from.split('/').collect();
    let to_parts: Vec<&str> = to.split('/').collect();
    let from_folder = &from_parts[..from_parts.len() - 1];
    let to_folder = &to_parts[..to_parts.len() - 1];
    let common = (from_folder.iter().zip(to_folder))
        .take_while(|(a, b)| a == b)
        .count();
    let mut way = "../".repeat(from_folder.len() - common);
    let rest = to_parts[common..].join("/");
    if way.is_empty() {
        way.push_str("./");
    }
    way.push_str(&encode_path(&rest));
    way
}

/// Resolves `.` and `..` of a relative path against a folder; none if it leads
/// above the root.
pub fn normalise(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_between_pages() {
        assert_eq!(relative("", ""), "./");
        assert_eq!(relative("a/b/", ""), "../../");
        assert_eq!(relative("a/b/", "a/c/"), "../c/");
        assert_eq!(relative("a/b/", "a/b/"), "./");
        assert_eq!(relative("a/b/", "a/b/x y.png"), "./x%20y.png");
        assert_eq!(relative("", "style.css"), "./style.css");
    }

    #[test]
    fn encoding_comes_back() {
        let name = "a b/ü%?#<'\">";
        assert_eq!(decode_path(&encode_path(name)).as_deref(), Some(name));
        assert_eq!(decode_path("%zz%").as_deref(), Some("%zz%"));
    }

    #[test]
    fn no_way_leads_above_the_root() {
        assert_eq!(normalise("a/b", "../c.md").as_deref(), Some("a/c.md"));
        assert_eq!(normalise("a", "../../x"), None);
    }
}
