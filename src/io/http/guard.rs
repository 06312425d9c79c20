//! Which requests are answered at all.

use std::net::IpAddr;

use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};

use super::OWN;

/// Why a request is not answered.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: StatusCode,
    pub why: String,
}

/// Checks a request: the method, the host that it names and the page that it
/// comes from. A foreign host name that leads to this machine (DNS rebinding)
/// is refused even if the origin agrees with it.
pub fn check(headers: &HeaderMap, uri: &Uri, method: &Method, bind: IpAddr) -> Result<(), Refusal> {
    if method != Method::GET && method != Method::HEAD {
        return refuse(
            StatusCode::METHOD_NOT_ALLOWED,
            "only GET and HEAD are answered",
        );
    }
    let Some(host) = host(headers, uri, bind) else {
        return refuse(StatusCode::FORBIDDEN, "this host is not served here");
    };
    if headers.contains_key(header::ORIGIN) {
        let origin = text(headers, header::ORIGIN).and_then(|origin| origin.parse::<Uri>().ok());
        let same = origin.is_some_and(|origin| {
            origin.scheme_str() == Some("http") && origin.authority() == Some(&host)
        });
        if !same {
            return refuse(StatusCode::FORBIDDEN, "other sites can't read the preview");
        }
    }
    if text(headers, header::HeaderName::from_static("sec-fetch-site")) == Some("cross-site") {
        // A link on another site may lead here, nothing else.
        let mode = text(headers, header::HeaderName::from_static("sec-fetch-mode"));
        let own = uri.path().starts_with(OWN);
        if mode != Some("navigate") || own {
            return refuse(StatusCode::FORBIDDEN, "other sites can't read the preview");
        }
    }
    Ok(())
}

/// The one host that a request names, if it is served here: in its line, its
/// headers, or the same in both.
fn host(headers: &HeaderMap, uri: &Uri, bind: IpAddr) -> Option<Authority> {
    let mut named = headers.get_all(header::HOST).iter();
    let in_headers = match (named.next(), named.next()) {
        (Some(host), None) => Some(host.to_str().ok()?.parse::<Authority>().ok()?),
        (None, _) => None,
        _ => return None,
    };
    let in_line = uri.authority().cloned();
    let agree = match (&in_headers, &in_line) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    let host = in_headers.or(in_line).filter(|_| agree)?;
    let is_plain = !host.as_str().contains('@');
    (is_plain && is_allowed(host.host(), bind)).then_some(host)
}

fn refuse(status: StatusCode, why: &str) -> Result<(), Refusal> {
    Err(Refusal {
        status,
        why: why.to_owned(),
    })
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// `localhost` and names under it, loopback addresses, and the address that
/// the server listens on; where it listens on all, every literal address, since
/// a name is what rebinding needs.
fn is_allowed(host: &str, bind: IpAddr) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if host == "localhost" || host.ends_with(".localhost") {
        return true;
    }
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    match literal.parse::<IpAddr>() {
        Ok(ip) => ip.is_loopback() || ip == bind || bind.is_unspecified(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_one(lines: &[(&'static str, &str)], expected: Option<u16>) {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.insert(*name, value.parse().expect("a value"));
        }
        let uri = Uri::from_static("/a");
        let found = check(&headers, &uri, &Method::GET, [127, 0, 0, 1].into());
        let found = found.err().map(|refusal| refusal.status.as_u16());
        assert_eq!(found, expected, "{lines:?}");
    }

    #[test]
    fn this_machine_is_served_and_no_other_name() {
        for host in [
            "localhost:4400",
            "127.0.0.1:4400",
            "[::1]:4400",
            "a.localhost",
            "LOCALHOST.",
        ] {
            check_one(&[("host", host)], None);
        }
        for host in [
            "example.org",
            "127.0.0.1.example.org",
            "192.168.1.2",
            "localhost.example",
            "",
        ] {
            check_one(&[("host", host)], Some(403));
        }
        check_one(&[], Some(403));
    }

    #[test]
    fn a_request_names_one_host() {
        let found = |hosts: &[&str], line: &str| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(header::HOST, host.parse().expect("a value"));
            }
            let uri: Uri = line.parse().expect("an address");
            check(&headers, &uri, &Method::GET, [127, 0, 0, 1].into()).is_ok()
        };
        assert!(found(&["localhost"], "/"));
        assert!(found(&[], "http://localhost/"));
        assert!(found(&["localhost"], "http://localhost/"));
        assert!(!found(&["localhost", "example.org"], "/"));
        assert!(!found(&["localhost", "localhost"], "/"));
        assert!(!found(&["localhost"], "http://example.org/"));
        assert!(!found(&["example.org"], "http://localhost/"));
        assert!(!found(&["me@localhost"], "/"));
    }

    #[test]
    fn pages_of_other_sites_get_nothing() {
        let here = ("host", "localhost:4400");
        check_one(&[here, ("origin", "http://localhost:4400")], None);
        for origin in [
            "http://localhost:3000",
            "https://localhost:4400",
            "http://example.org",
            "null",
            "file://",
        ] {
            check_one(&[here, ("origin", origin)], Some(403));
        }
        let rebound = [("host", "evil.example"), ("origin", "http://evil.example")];
        check_one(&rebound, Some(403));
        let cross = ("sec-fetch-site", "cross-site");
        check_one(&[here, cross, ("sec-fetch-mode", "no-cors")], Some(403));
        check_one(&[here, cross, ("sec-fetch-mode", "navigate")], None);
    }

    #[test]
    fn only_reading_is_answered() {
        let mut headers = HeaderMap::new();
        headers.insert("host", "localhost".parse().expect("a value"));
        let uri = Uri::from_static("/");
        let check = |method| check(&headers, &uri, &method, [127, 0, 0, 1].into());
        assert!(check(Method::HEAD).is_ok());
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            assert_eq!(check(method).expect_err("refused").status.as_u16(), 405);
        }
    }

    #[test]
    fn a_server_for_the_network_is_served_by_address() {
        assert!(is_allowed("192.168.1.2", [0, 0, 0, 0].into()));
        assert!(!is_allowed("example.org", [0, 0, 0, 0].into()));
        assert!(is_allowed("192.168.1.2", [192, 168, 1, 2].into()));
        assert!(!is_allowed("192.168.1.3", [192, 168, 1, 2].into()));
    }
}
