//! Contents as responses: conditions, ranges, HEAD.
//!
//! RFC 9110, sections 13 (conditional requests) and 14 (ranges).

use std::io::{Seek as _, SeekFrom};
use std::ops::Range;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use super::file::FileBody;
use crate::io::preview::Content;

/// The response with a content, as far as the request's conditions ask for it.
pub fn respond(
    method: &Method,
    headers: &HeaderMap,
    status: StatusCode,
    content: Content,
    kind: &'static str,
) -> Response {
    let (size, tag) = match &content {
        Content::Bytes { bytes, tag } => (bytes.len() as u64, tag),
        Content::Disk { size, tag, .. } => (*size, tag),
    };
    let tag = format!("\"{tag}\"");
    let mut response = Response::new(Body::empty());
    set(&mut response, header::ETAG, &tag);
    set(&mut response, header::CACHE_CONTROL, "no-cache");
    set(&mut response, header::CONTENT_TYPE, kind);
    set(&mut response, header::ACCEPT_RANGES, "bytes");
    *response.status_mut() = status;
    if is_known(headers, &tag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(header::CONTENT_TYPE);
        return response;
    }
    let part = match range(headers, &tag, size) {
        Asked::Whole => 0..size,
        Asked::Part(part) => {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let shown = format!("bytes {}-{}/{size}", part.start, part.end - 1);
            set(&mut response, header::CONTENT_RANGE, &shown);
            part
        }
        Asked::Outside => {
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            set(
                &mut response,
                header::CONTENT_RANGE,
                &format!("bytes */{size}"),
            );
            return response;
        }
    };
    let length = (part.end - part.start).to_string();
    set(&mut response, header::CONTENT_LENGTH, &length);
    if method != Method::HEAD {
        *response.body_mut() = body(content, part);
    }
    response
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn body(content: Content, part: Range<u64>) -> Body {
    match content {
        Content::Bytes { bytes, .. } => {
            let index = |at: u64| usize::try_from(at).unwrap_or(bytes.len());
            let range = index(part.start)..index(part.end);
            Body::from(Bytes::from_owner(bytes).slice(range))
        }
        Content::Disk { mut file, .. } => match file.seek(SeekFrom::Start(part.start)) {
            Ok(_) => Body::new(FileBody::new(file, part.end - part.start)),
            Err(_) => Body::empty(),
        },
    }
}

/// Whether the client has this content already.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get(header::IF_NONE_MATCH);
    let Some(known) = known.and_then(|known| known.to_str().ok()) else {
        return false;
    };
    let tags = known
        .split(',')
        .map(|known| known.trim().trim_start_matches("W/"));
    tags.into_iter().any(|known| known == tag || known == "*")
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Whole,
    Part(Range<u64>),
    Outside,
}

/// The one range that is asked for. Several at once, and what can't be read,
/// are answered with the whole.
fn range(headers: &HeaderMap, tag: &str, size: u64) -> Asked {
    let Some(value) = headers.get(header::RANGE).and_then(|v| v.to_str().ok()) else {
        return Asked::Whole;
    };
    if headers
        .get(header::IF_RANGE)
        .is_some_and(|known| known != tag)
    {
        return Asked::Whole;
    }
    let spec = value.strip_prefix("bytes=").map(str::trim);
    let Some((first, last)) = spec.and_then(|spec| spec.split_once('-')) else {
        return Asked::Whole;
    };
    let part = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Ok(first), Err(_)) if last.is_empty() => first..size,
        (Err(_), Ok(count)) if first.is_empty() => size.saturating_sub(count)..size,
        _ => return Asked::Whole,
    };
    if part.start >= part.end {
        return Asked::Outside;
    }
    Asked::Part(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(lines: &[(HeaderName, &str)]) -> Asked {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.insert(name, value.parse().expect("a value"));
        }
        range(&headers, "\"t\"", 10)
    }

    #[test]
    fn one_range_is_answered_in_part() {
        let check = |value: &str, expected| assert_eq!(asked(&[(header::RANGE, value)]), expected);
        check("bytes=0-3", Asked::Part(0..4));
        check("bytes=4-", Asked::Part(4..10));
        check("bytes=-3", Asked::Part(7..10));
        check("bytes=-99", Asked::Part(0..10));
        check("bytes=5-99999999999999999999", Asked::Whole);
        check("bytes=5-18446744073709551615", Asked::Part(5..10));
        check("bytes=10-", Asked::Outside);
        check("bytes=-0", Asked::Outside);
        for odd in [
            "bytes=3-1",
            "bytes=0-1,3-4",
            "lines=0-1",
            "bytes=",
            "bytes=a-b",
            "bytes=--1",
        ] {
            check(odd, Asked::Whole);
        }
    }

    #[test]
    fn a_range_of_another_content_is_answered_whole() {
        let part = (header::RANGE, "bytes=0-3");
        assert_eq!(
            asked(&[part.clone(), (header::IF_RANGE, "\"t\"")]),
            Asked::Part(0..4)
        );
        assert_eq!(asked(&[part, (header::IF_RANGE, "\"old\"")]), Asked::Whole);
    }

    #[test]
    fn what_is_known_is_not_sent_again() {
        let content = || Content::Bytes {
            bytes: (*b"0123456789").into(),
            tag: "t".to_owned(),
        };
        let mut headers = HeaderMap::new();
        let status = |headers: &HeaderMap| {
            respond(
                &Method::GET,
                headers,
                StatusCode::OK,
                content(),
                "text/plain",
            )
            .status()
            .as_u16()
        };
        assert_eq!(status(&headers), 200);
        headers.insert(
            header::IF_NONE_MATCH,
            HeaderValue::from_static("\"a\", W/\"t\""),
        );
        assert_eq!(status(&headers), 304);
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"a\""));
        assert_eq!(status(&headers), 200);
    }
}
