//! Code blocks: a language and a text in, HTML with one short class per token
//! out. The style sheet gives the classes their colours, for both themes.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock};

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::escape::push_escaped;
use crate::memo::{Memo, key};

/// Counts up when the same code would be given other HTML.
const VERSION: &str = "code 1";
/// A block above this size stays plain: nobody reads colours in it.
const BLOCK_LIMIT: usize = 512 * 1024;
/// A line above this length leaves the block plain, since grammars look ahead
/// over the whole of it.
const LINE_LIMIT: usize = 8 * 1024;

/// Classes by the scopes of TextMate grammars; the first that a scope starts
/// with counts, so that the longer stand before the shorter.
const CLASSES: &[(&str, &str)] = &[
    ("comment", "s-c"),
    ("string", "s-s"),
    ("constant.character.escape", "s-n"),
    ("constant", "s-n"),
    ("support.function", "s-f"),
    ("entity.name.function", "s-f"),
    ("variable.function", "s-f"),
    ("entity.name.tag", "s-t"),
    ("entity.name.section", "s-m"),
    ("markup.heading", "s-m"),
    ("markup.inserted", "s-i"),
    ("markup.deleted", "s-d"),
    ("entity.other.attribute-name", "s-a"),
    ("variable.parameter", "s-a"),
    ("entity.name", "s-t"),
    ("entity.other.inherited-class", "s-t"),
    ("support.type", "s-t"),
    ("support.class", "s-t"),
    ("storage.type", "s-k"),
    ("storage", "s-k"),
    ("keyword.operator", "s-o"),
    ("keyword", "s-k"),
    ("support", "s-f"),
    ("variable", "s-v"),
    ("punctuation.definition.string", "s-s"),
    ("punctuation.definition.comment", "s-c"),
    ("punctuation", "s-p"),
    ("invalid", "s-e"),
];

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);
static SCOPES: LazyLock<Vec<(Scope, &'static str)>> = LazyLock::new(|| {
    (CLASSES.iter())
        .filter_map(|(scope, class)| Some((Scope::new(scope).ok()?, *class)))
        .collect()
});

/// What became of a block of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Highlighted {
    /// Escaped HTML with classes.
    Html(Arc<str>),
    /// Escaped HTML without classes, and why.
    Plain(Arc<str>, Option<String>),
}

impl Highlighted {
    pub fn html(&self) -> &str {
        match self {
            Highlighted::Html(html) | Highlighted::Plain(html, _) => html,
        }
    }
}

/// Highlights a block once; equal blocks are taken from the memo.
pub fn highlight(language: &str, text: &str, memo: &dyn Memo) -> Highlighted {
    if language.is_empty() || matches!(language, "text" | "plain" | "txt" | "plaintext") {
        return plain(text, None);
    }
    if text.len() > BLOCK_LIMIT || text.lines().any(|line| line.len() > LINE_LIMIT) {
        return plain(
            text,
            Some("the block is too large to be highlighted".to_string()),
        );
    }
    let key = key(VERSION, [language.as_bytes(), text.as_bytes()]);
    if let Some(bytes) = memo.get(&key)
        && let Ok(html) = std::str::from_utf8(&bytes)
    {
        return Highlighted::Html(html.into());
    }
    let Some(syntax) = find(language) else {
        let why = format!("there is no grammar for the language `{language}`");
        return plain(text, Some(why));
    };
    // The grammars' engine can panic on odd input; the block is then plain.
    match catch_unwind(AssertUnwindSafe(|| classed(syntax, text))) {
        Ok(Some(html)) => {
            memo.put(&key, html.as_bytes().into());
            Highlighted::Html(html.into())
        }
        Ok(None) | Err(_) => {
            let why = format!("the grammar for `{language}` failed on this block");
            plain(text, Some(why))
        }
    }
}

fn plain(text: &str, why: Option<String>) -> Highlighted {
    Highlighted::Plain(super::escape::escape(text).into(), why)
}

/// By token, extension or name, and by a few names in use elsewhere.
fn find(language: &str) -> Option<&'static SyntaxReference> {
    let language = match language.to_ascii_lowercase().as_str() {
        "shell" | "console" | "shellsession" | "sh-session" => "sh".to_string(),
        "jsonc" | "json5" => "json".to_string(),
        "pwsh" => "ps1".to_string(),
        "golang" => "go".to_string(),
        "docker" => "dockerfile".to_string(),
        other => other.to_string(),
    };
    SYNTAXES.find_syntax_by_token(&language)
}

fn classed(syntax: &SyntaxReference, text: &str) -> Option<String> {
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut writer = Writer::default();
    let mut line_buffer = String::new();
    for line in text.split_inclusive('\n') {
        // The grammars expect each line to end.
        let ended = line.ends_with('\n');
        line_buffer.clear();
        line_buffer.push_str(line);
        if !ended {
            line_buffer.push('\n');
        }
        let operations = state.parse_line(&line_buffer, &SYNTAXES).ok()?;
        let mut at = 0;
        for (offset, operation) in operations {
            let offset = offset.min(line.len());
            if offset > at {
                writer.token(&stack, line.get(at..offset)?);
                at = offset;
            }
            stack.apply(&operation).ok()?;
        }
        writer.token(&stack, line.get(at..)?);
    }
    Some(writer.finish())
}

#[derive(Default)]
struct Writer {
    html: String,
    open: Option<&'static str>,
    classes: HashMap<Scope, Option<&'static str>>,
}

impl Writer {
    fn token(&mut self, stack: &ScopeStack, text: &str) {
        let class = self.class(stack);
        // White space has no colour: it joins its neighbour.
        if class != self.open && !text.trim().is_empty() {
            self.close();
            if let Some(class) = class {
                self.html.push_str("<span class=\"");
                self.html.push_str(class);
                self.html.push_str("\">");
            }
            self.open = class;
        }
        push_escaped(&mut self.html, text);
    }

    fn class(&mut self, stack: &ScopeStack) -> Option<&'static str> {
        stack.as_slice().iter().rev().find_map(|scope| {
            *self.classes.entry(*scope).or_insert_with(|| {
                SCOPES
                    .iter()
                    .find(|(prefix, _)| prefix.is_prefix_of(*scope))
                    .map(|(_, class)| *class)
            })
        })
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.html.push_str("</span>");
        }
    }

    fn finish(mut self) -> String {
        self.close();
        self.html
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memo::Nothing;

    #[test]
    fn tokens_get_one_class_and_text_stays_whole() {
        let Highlighted::Html(html) = highlight("rust", "fn a() { \"<\" } // x", &Nothing) else {
            panic!("there is a grammar")
        };
        assert!(html.contains("<span class=\"s-k\">fn </span>"), "{html}");
        assert!(html.contains("&lt;"), "{html}");
        assert!(html.contains("<span class=\"s-c\">// x"), "{html}");
        let mut text = String::new();
        let mut tag = false;
        for c in html.chars() {
            match c {
                '<' => tag = true,
                '>' => tag = false,
                c if !tag => text.push(c),
                _ => {}
            }
        }
        assert_eq!(text, "fn a() { &quot;&lt;&quot; } // x");
    }

    #[test]
    fn what_has_no_grammar_is_plain_and_says_so() {
        let Highlighted::Plain(html, Some(why)) = highlight("nonsense", "<b>", &Nothing) else {
            panic!("no grammar")
        };
        assert_eq!(html.as_ref(), "&lt;b&gt;");
        assert!(why.contains("`nonsense`"));
    }

    #[test]
    fn the_languages_of_guides_have_grammars() {
        for language in [
            "bash",
            "sh",
            "powershell",
            "toml",
            "yaml",
            "json",
            "python",
            "rust",
            "c",
            "javascript",
            "typescript",
            "ini",
            "dockerfile",
            "sql",
            "diff",
            "html",
            "css",
            "markdown",
        ] {
            assert!(find(language).is_some(), "{language}");
        }
    }
}
