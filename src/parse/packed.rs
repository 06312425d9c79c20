//! An [`Outline`] as bytes, so that a page that did not change need not be
//! parsed for it again. Places are offsets in the page's file.

use std::ops::Range;
use std::sync::Arc;

use super::body::{Fence, Heading, HeadingPiece, LinkUse, Outline};
use super::document::Document;
use super::tree::Origin;
use crate::diag::{SourceFile, Span, Spanned};
use crate::memo::{put_number, put_string, take_number, take_string};

/// Packs an outline.
pub fn pack_outline(outline: &Outline) -> Vec<u8> {
    let mut bytes = Vec::new();
    let out = &mut bytes;
    put_list(out, &outline.headings, |out, heading| {
        put_number(out, heading.level.into());
        put_string(out, &heading.id);
        put_list(out, &heading.text, put_piece);
    });
    put_list(out, &outline.links, |out, link| {
        put_string(out, &link.address);
        put_number(out, link.image.into());
        put_range(out, &link.span.range);
    });
    put_list(out, &outline.calls, |out, (number, call)| {
        put_number(out, *number);
        put_spanned(out, call);
    });
    put_list(out, &outline.fences, |out, fence| {
        put_spanned(out, &fence.language);
        put_list(out, &fence.words, |out, word| put_string(out, word));
        put_string(out, &fence.body);
        put_list(out, fence.origin.pieces(), |out, (inner, outer)| {
            put_range(out, &(*inner..*outer));
        });
        put_range(out, &fence.range);
        put_number(out, fence.headings);
        put_number(out, fence.closed.into());
    });
    put_list(out, &outline.html_anchors, |out, anchor| {
        put_string(out, anchor);
    });
    put_number(out, outline.has_html.into());
    put_list(out, &outline.summary, put_piece);
    bytes
}

/// Reads what [`pack_outline`] wrote of a document; none if it is anything else.
pub fn unpack_outline(bytes: &[u8], document: &Document) -> Option<Outline> {
    let mut reader = Reader {
        bytes,
        file: &document.file,
    };
    let outline = reader.outline()?;
    let mut fences = outline.fences.iter().map(|fence| fence.range.clone());
    let is_whole = fences.all(|range| document.body().get(range).is_some());
    (is_whole && reader.bytes.is_empty()).then_some(outline)
}

fn put_list<T>(out: &mut Vec<u8>, list: &[T], put: impl Fn(&mut Vec<u8>, &T)) {
    put_number(out, list.len());
    for item in list {
        put(out, item);
    }
}

fn put_piece(out: &mut Vec<u8>, piece: &HeadingPiece) {
    match piece {
        HeadingPiece::Text(text) => {
            put_number(out, 0);
            put_string(out, text);
        }
        HeadingPiece::Call(number) => put_number(out, number + 1),
    }
}

fn put_spanned(out: &mut Vec<u8>, text: &Spanned<Arc<str>>) {
    put_string(out, &text.value);
    put_range(out, &text.span.range);
}

fn put_range(out: &mut Vec<u8>, range: &Range<usize>) {
    put_number(out, range.start);
    put_number(out, range.end);
}

struct Reader<'a> {
    bytes: &'a [u8],
    file: &'a Arc<SourceFile>,
}

impl Reader<'_> {
    fn outline(&mut self) -> Option<Outline> {
        Some(Outline {
            headings: self.list(Self::heading)?,
            links: self.list(Self::link)?,
            calls: self.list(|r| Some((r.number()?, r.spanned()?)))?,
            fences: self.list(Self::fence)?,
            html_anchors: self.list(Self::string)?,
            has_html: self.number()? == 1,
            summary: self.list(Self::piece)?,
        })
    }

    fn heading(&mut self) -> Option<Heading> {
        Some(Heading {
            level: u8::try_from(self.number()?).ok()?,
            id: self.string()?,
            text: self.list(Self::piece)?,
        })
    }

    fn link(&mut self) -> Option<LinkUse> {
        Some(LinkUse {
            address: self.string()?,
            image: self.number()? == 1,
            span: self.span()?,
        })
    }

    fn fence(&mut self) -> Option<Fence> {
        Some(Fence {
            language: self.spanned()?,
            words: self.list(Self::string)?,
            body: self.string()?,
            origin: {
                let pieces = self.list(|r| Some((r.number()?, r.number()?)))?;
                Origin::pieced(self.file, pieces)
            },
            range: self.number()?..self.number()?,
            headings: self.number()?,
            closed: self.number()? == 1,
        })
    }

    fn piece(&mut self) -> Option<HeadingPiece> {
        match self.number()? {
            0 => take_string(&mut self.bytes).map(|text| HeadingPiece::Text(text.to_owned())),
            number => Some(HeadingPiece::Call(number - 1)),
        }
    }

    fn spanned(&mut self) -> Option<Spanned<Arc<str>>> {
        let value = self.string()?;
        Some(Spanned::new(value, self.span()?))
    }

    /// A place in the file, which must have it.
    fn span(&mut self) -> Option<Span> {
        let range = self.number()?..self.number()?;
        self.file.text.get(range.clone())?;
        Some(Span::new(self.file, range))
    }

    fn string(&mut self) -> Option<Arc<str>> {
        take_string(&mut self.bytes).map(Arc::from)
    }

    fn number(&mut self) -> Option<usize> {
        take_number(&mut self.bytes)
    }

    fn list<T>(&mut self, mut take: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.number()?;
        // Each item takes a byte at least.
        (count <= self.bytes.len()).then_some(())?;
        let mut list = Vec::with_capacity(count.min(64));
        for _ in 0..count {
            list.push(take(self)?);
        }
        Some(list)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{outline, parse_document};
    use super::*;

    #[test]
    fn an_outline_comes_back_and_damage_is_no_panic() {
        let text = "+++\ntitle = \"é\"\n+++\nFirst *text* of {{ x.y }}, [a](b.md#c) ![i](i.png)\n\n# One {{ x.z }} {#own}\n\n<a id=\"anchor\" href=\"d.md\"></a>\n\n- a\n\n  ```compare wide\n  category = \"x\"\n  ```\n";
        let file = SourceFile::new("a.md", text);
        let document = parse_document("a.md", &file).value;
        let made = outline(&document, &|language| language == "compare").value;
        assert!(!made.fences.is_empty() && !made.links.is_empty() && !made.calls.is_empty());
        assert!(made.has_html && !made.html_anchors.is_empty() && !made.summary.is_empty());
        let bytes = pack_outline(&made);
        let found = unpack_outline(&bytes, &document).expect("whole");
        assert_eq!(format!("{found:?}"), format!("{made:?}"));
        for at in 0..bytes.len() {
            assert!(
                unpack_outline(&bytes[..at], &document).is_none(),
                "cut at {at}"
            );
            let mut damaged = bytes.clone();
            damaged[at] ^= 0xFF;
            let _ = unpack_outline(&damaged, &document);
        }
        let other = SourceFile::new("a.md", "short");
        let other = parse_document("a.md", &other).value;
        assert!(
            unpack_outline(&bytes, &other).is_none(),
            "places are outside"
        );
    }
}
