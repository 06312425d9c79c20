//! The codes of diagnostics. A code never changes its meaning.

/// Makes the enum, its names and its table from one list, so that none can
/// lack a page in the reference.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// Names a kind of finding. The doc comment of each is its page in the
        /// reference.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// All codes, each with what it means.
            pub const TABLE: &'static [(Code, &'static str)] =
                &[$((Code::$variant, concat!($($doc),+)),)+];

            /// The stable spelling, such as `unknown-key`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Code::$variant => $name,)+
                }
            }
        }
    };
}

codes! {
    /// A file is not valid UTF-8, or holds a NUL byte.
    Encoding = "encoding",
    /// Front matter, configuration or a directive is not valid TOML or YAML.
    Syntax = "syntax",
    /// A key that nothing knows.
    UnknownKey = "unknown-key",
    /// A key has a value of the wrong type or form.
    InvalidValue = "invalid-value",
    /// A key that must be given is not.
    MissingKey = "missing-key",
    /// Two things have one id.
    DuplicateId = "duplicate-id",
    /// An id is malformed or reserved.
    InvalidId = "invalid-id",
    /// A name in a formula, a reference or a directive that nothing has.
    UnknownName = "unknown-name",
    /// A unit that nothing declares, or that is malformed.
    UnknownUnit = "unknown-unit",
    /// A value or an operand has the wrong dimension: gigabytes for watts.
    UnitMismatch = "unit-mismatch",
    /// An operand has the wrong type: a text where a number must stand.
    TypeMismatch = "type-mismatch",
    /// A formula cannot be read.
    FormulaSyntax = "formula-syntax",
    /// Formulas depend on each other in a circle.
    FormulaCycle = "formula-cycle",
    /// A formula can exceed what 64 bits hold, given the data.
    Overflow = "overflow",
    /// A formula of the calculator goes over all components of a category, and
    /// not over those that the reader chose. Where that is meant, a comment on
    /// its line, or on the line before, allows it:
    /// `# rigbook: allow whole-category`.
    WholeCategory = "whole-category",
    /// A link leads to no page, or to none of its anchors.
    BrokenLink = "broken-link",
    /// Two pages or files would be written to one path.
    PathCollision = "path-collision",
    /// A block directive that nothing knows, or one that is malformed.
    Directive = "directive",
    /// A diagram cannot be drawn.
    Diagram = "diagram",
    /// A claim does not hold of the data.
    ClaimFailed = "claim-failed",
    /// A claim cannot be judged, since a figure is unknown.
    ClaimUnknown = "claim-unknown",
    /// A template is malformed or fails.
    Template = "template",
    /// A version cannot be read or is declared wrongly.
    Version = "version",
    /// A limit on size or nesting is exceeded; the message says which.
    Limit = "limit",
    /// A code block's language is not known, or could not be highlighted.
    Highlight = "highlight",
    /// HTML in Markdown was changed, since it is not allowed.
    UnsafeHtml = "unsafe-html",
    /// A file cannot be taken into the site: it leads outside, is not a
    /// regular file, or has a name that is not UTF-8.
    Unpublishable = "unpublishable",
    /// Lint: a figure is older than its field's `max_age`.
    Stale = "stale",
    /// Lint: prose writes out a number that is a component's figure or a
    /// build's total. It will not follow when the figure changes.
    LiteralFigure = "literal-figure",
    /// Lint: prose gives another number than the catalog for a figure that it
    /// names.
    ContradictingFigure = "contradicting-figure",
    /// Lint: nothing says where a figure comes from.
    UnsourcedFigure = "unsourced-figure",
    /// Lint: no formula, table, chart or sentence uses a field.
    UnusedFigure = "unused-figure",
    /// Lint: a component has no page, and no table or sentence shows it.
    UnlistedComponent = "unlisted-component",
    /// Lint: a field is known of less than half of its category's components.
    Coverage = "coverage",
    /// Lint: a preset breaks a rule of severity error, or lacks a part that must be
    /// chosen.
    BrokenBuild = "broken-build",
    /// Lint: editions are not listed newest first, by their dates.
    EditionOrder = "edition-order",
    /// Lint: something of the edition before is gone, something much like it is
    /// new, and nothing says that they are the same.
    UnsaidRename = "unsaid-rename",
    /// Lint: two components of a category have one title, so that readers can't
    /// tell them apart.
    SameTitle = "same-title",
    /// Lint: a comment `rigbook: allow NAME` names nothing that can be allowed, or
    /// nothing on its line or the next is what it names.
    IdleAllow = "idle-allow",
}
