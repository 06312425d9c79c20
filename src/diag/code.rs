//! The codes of diagnostics. A code never changes its meaning.

/// Names a kind of finding. The doc comment of each is its page in the
/// reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Code {
    /// A file is not valid UTF-8, or holds a NUL byte.
    Encoding,
    /// Front matter, configuration or a directive is not valid TOML or YAML.
    Syntax,
    /// A key that nothing knows.
    UnknownKey,
    /// A key has a value of the wrong type or form.
    InvalidValue,
    /// A key that must be given is not.
    MissingKey,
    /// Two things have one id.
    DuplicateId,
    /// An id is malformed or reserved.
    InvalidId,
    /// A name in a formula, a reference or a directive that nothing has.
    UnknownName,
    /// A unit that nothing declares, or that is malformed.
    UnknownUnit,
    /// A value or an operand has the wrong dimension: gigabytes for watts.
    UnitMismatch,
    /// An operand has the wrong type: a text where a number must stand.
    TypeMismatch,
    /// A formula cannot be read.
    FormulaSyntax,
    /// Formulas depend on each other in a circle.
    FormulaCycle,
    /// A formula can exceed what 64 bits hold, given the data.
    Overflow,
    /// A link leads to no page, or to none of its anchors.
    BrokenLink,
    /// Two pages or files would be written to one path.
    PathCollision,
    /// A block directive that nothing knows, or one that is malformed.
    Directive,
    /// A diagram cannot be drawn.
    Diagram,
    /// A claim does not hold of the data.
    ClaimFailed,
    /// A claim cannot be judged, since a figure is unknown.
    ClaimUnknown,
    /// A template is malformed or fails.
    Template,
    /// A version cannot be read or is declared wrongly.
    Version,
    /// A limit on size or nesting is exceeded.
    Limit,
    /// A code block's language is not known, or could not be highlighted.
    Highlight,
    /// HTML in Markdown was changed, since it is not allowed.
    UnsafeHtml,
    /// A file cannot be taken into the site: it leads outside, is not a
    /// regular file, or has a name that is not UTF-8.
    Unpublishable,
    /// A figure is older than its field's `max_age`.
    Stale,
}

impl Code {
    /// The stable spelling, such as `unknown-key`.
    pub fn name(self) -> &'static str {
        match self {
            Code::Encoding => "encoding",
            Code::Syntax => "syntax",
            Code::UnknownKey => "unknown-key",
            Code::InvalidValue => "invalid-value",
            Code::MissingKey => "missing-key",
            Code::DuplicateId => "duplicate-id",
            Code::InvalidId => "invalid-id",
            Code::UnknownName => "unknown-name",
            Code::UnknownUnit => "unknown-unit",
            Code::UnitMismatch => "unit-mismatch",
            Code::TypeMismatch => "type-mismatch",
            Code::FormulaSyntax => "formula-syntax",
            Code::FormulaCycle => "formula-cycle",
            Code::Overflow => "overflow",
            Code::BrokenLink => "broken-link",
            Code::PathCollision => "path-collision",
            Code::Directive => "directive",
            Code::Diagram => "diagram",
            Code::ClaimFailed => "claim-failed",
            Code::ClaimUnknown => "claim-unknown",
            Code::Template => "template",
            Code::Version => "version",
            Code::Limit => "limit",
            Code::Highlight => "highlight",
            Code::UnsafeHtml => "unsafe-html",
            Code::Unpublishable => "unpublishable",
            Code::Stale => "stale",
        }
    }
}
