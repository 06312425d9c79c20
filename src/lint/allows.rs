//! The comments that allow a finding: one that names no lint or allows nothing,
//! and how one is written.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, Parser};

use crate::config::LINTS;
use crate::diag::{ALLOW, Code, Diagnostic, Span, allowed_at, allowed_names, help_nearest, meant};
use crate::directive::is_directive;
use crate::parse::{Document, markdown_options, mask};
use crate::render::Guide;

/// What can be allowed beside the lints.
const FURTHER: [Code; 3] = [Code::BrokenLink, Code::Directive, Code::WholeCategory];

/// What a comment for the program names.
const PROGRAM: &str = "rigbook";

/// What comments may be called who mean to allow.
const OTHERWISE: [&str; 6] = ["allow", "allows", "disable", "ignore", "off", "skip"];

/// Findings that a comment allowed: its file, the start of its line, and what.
#[derive(Default)]
pub(super) struct Used(BTreeSet<(Arc<str>, usize, Code)>);

impl Used {
    /// Whether a finding is allowed.
    pub fn take(&mut self, found: &Diagnostic) -> bool {
        let Some(span) = &found.span else {
            return false;
        };
        let Some(line) = allowed_at(span, found.code) else {
            return false;
        };
        self.0
            .insert((Arc::clone(&span.file.path), line, found.code));
        true
    }
}

/// Looks through the comments of a page. `judged` are the lints that were all
/// asked for here: of others it is not known whether there is something to allow.
pub(super) fn idle(document: &Document, used: &Used, judged: &[Code], sink: &mut Vec<Diagnostic>) {
    let text = &document.file.text;
    for line in comments(document) {
        let names: Vec<Range<usize>> = allowed_names(&text[line.clone()])
            .map(|name| line.start + name.start..line.start + name.end)
            .collect();
        let Some(first) = names.first() else {
            sink.extend(otherwise(document, &line));
            continue;
        };
        let known: Vec<Code> = names
            .iter()
            .filter_map(|name| allowable().find(|code| code.name() == &text[name.clone()]))
            .collect();
        let wrong = |name: &&Range<usize>| {
            let name = &text[(*name).clone()];
            let is_one = allowable().any(|code| code.name() == name);
            let is_near = name.contains('-') && meant(name, allowable().map(Code::name)).is_some();
            !is_one && is_near
        };
        let misspelt = names.iter().skip(1).filter(wrong);
        let first_is_wrong = allowable().all(|code| code.name() != &text[first.clone()]);
        let first_wrong = first_is_wrong.then_some(first);
        let mut is_told = false;
        for name in first_wrong.into_iter().chain(misspelt) {
            sink.push(unknown(document, name));
            is_told = true;
        }
        let at = text[..line.start].rfind('\n').map_or(0, |at| at + 1);
        let is_used = |code: &Code| {
            used.0
                .contains(&(Arc::clone(&document.file.path), at, *code))
        };
        let is_idle = |code: &Code| judged.contains(code);
        if !is_told && known.iter().all(is_idle) && !known.iter().any(is_used) {
            let message = format!("nothing here is a `{}`", &text[first.clone()]);
            sink.push(warning(document, first, message).help(
                "leave the comment out, or put it on the line of the finding or the line before",
            ));
        }
    }
}

fn warning(document: &Document, place: &Range<usize>, message: String) -> Diagnostic {
    let span = Span::new(&document.file, place.clone());
    Diagnostic::warning(Code::IdleAllow, span, message)
}

fn unknown(document: &Document, name: &Range<usize>) -> Diagnostic {
    let text = &document.file.text[name.clone()];
    let message = match Code::TABLE.iter().any(|(code, _)| code.name() == text) {
        true => format!("a `{text}` can't be allowed"),
        false => format!("there is no `{text}` to allow"),
    };
    warning(document, name, message).help_if(help_nearest(text, allowable().map(Code::name)))
}

/// A comment that means to allow something and is written otherwise.
fn otherwise(document: &Document, line: &Range<usize>) -> Option<Diagnostic> {
    let text = &document.file.text[line.clone()];
    let at = text.find(PROGRAM)?;
    let is_word = |c: char| c.is_ascii_lowercase() || c == '-';
    let words = text[at + PROGRAM.len()..].split(|c| !is_word(c));
    let words = words.map(|word| word.trim_matches('-'));
    let mut words = words.filter(|word| !word.is_empty());
    let verb = words.next()?;
    let code = words.find_map(|word| allowable().find(|code| code.name() == word))?;
    OTHERWISE.contains(&verb).then(|| {
        let place = line.start + at..line.start + at + PROGRAM.len();
        let message = "this comment allows nothing as it is written".to_owned();
        warning(document, &place, message).help(format!("write `{ALLOW}{}`", code.name()))
    })
}

fn allowable() -> impl Iterator<Item = Code> {
    LINTS.into_iter().map(|(code, _)| code).chain(FURTHER)
}

/// The lines of comments with the program's name, in front matter, in HTML and
/// in directives. Code that shows one is none.
fn comments(document: &Document) -> Vec<Range<usize>> {
    let text: &str = &document.file.text;
    if memchr::memmem::find(text.as_bytes(), PROGRAM.as_bytes()).is_none() {
        return Vec::new();
    }
    let mut found = Vec::new();
    hashes(text, 0..document.body_start, &mut found);
    let masked = mask(document.body());
    let mut in_directive = false;
    for (event, range) in Parser::new_ext(&masked.text, markdown_options()).into_offset_iter() {
        let range = document.body_start + range.start..document.body_start + range.end;
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {
                let lines = lines(text, range).filter(|line| text[line.clone()].contains(PROGRAM));
                found.extend(lines);
            }
            Event::Start(pulldown_cmark::Tag::CodeBlock(kind)) => {
                let info = match &kind {
                    pulldown_cmark::CodeBlockKind::Fenced(info) => info.as_ref(),
                    pulldown_cmark::CodeBlockKind::Indented => "",
                };
                in_directive = is_directive(info.split_whitespace().next().unwrap_or_default());
            }
            Event::Text(_) if in_directive => hashes(text, range, &mut found),
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_directive = false,
            _ => {}
        }
    }
    found
}

/// Comments of TOML and YAML. A `#` behind an odd number of quotes is in a text.
fn hashes(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    for line in lines(text, range) {
        let Some(at) = text[line.clone()].find('#') else {
            continue;
        };
        let (before, comment) = text[line.clone()].split_at(at);
        if before.matches('"').count() % 2 == 0 && comment.contains(PROGRAM) {
            found.push(line.start + at..line.end);
        }
    }
}

fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let start = range.start;
    let lines = text[range].split_inclusive('\n');
    lines.scan(start, |at, line| {
        let from = *at;
        *at += line.len();
        Some(from..from + line.trim_end().len())
    })
}

/// Says with the first finding of each lint how it is allowed.
pub(super) fn teach(guide: &Guide, found: &mut [Diagnostic]) {
    let place = |found: &Diagnostic| {
        let span = found.span.as_ref()?;
        Some((Arc::clone(&span.file.path), span.range.start))
    };
    let all = LINTS.into_iter().map(|(code, _)| code);
    for code in all.filter(|code| *code != Code::IdleAllow) {
        let of_code = found
            .iter_mut()
            .filter(|d| d.code == code && d.span.is_some());
        let Some(first) = of_code.min_by_key(|found| place(found)) else {
            continue;
        };
        let is_in_body = first.span.as_ref().is_some_and(|span| {
            let mut documents = guide.site.pages.iter().map(|page| &page.document);
            let document = documents.find(|document| Arc::ptr_eq(&document.file, &span.file));
            document.is_some_and(|document| span.range.start >= document.body_start)
        });
        let allow = format!("{ALLOW}{}", code.name());
        let comment = match is_in_body {
            true => format!("<!-- {allow} -->"),
            false => format!("# {allow}"),
        };
        first.help.push(format!(
            "if it is meant so, on its line or the line before: `{comment}`"
        ));
    }
}
