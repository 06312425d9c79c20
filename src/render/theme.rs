//! The theme: its files in, compiled templates and named assets out.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};
use tera::{Context, Tera};

use crate::diag::{Checked, Code, Diagnostic, Severity};
use crate::source::{File, Theme};

/// A theme that pages can be rendered with.
pub struct Templates {
    tera: Tera,
    /// Assets by their plain name (`style.css`): published name and bytes.
    pub assets: BTreeMap<Arc<str>, Asset>,
    /// The hash of the inline script, for the content security policy.
    script_hash: String,
    theme_init: String,
    /// Of every file of the theme.
    pub hash: blake3::Hash,
}

/// A file of the theme as it is published.
pub struct Asset {
    /// With a hash of the content: `style.3f2a9c01.css`.
    pub name: Arc<str>,
    pub bytes: Arc<[u8]>,
}

/// The one script that stands in pages themselves: it sets the colour theme
/// before anything is painted.
const INLINE_SCRIPT: &str = "templates/theme-init.js";

/// Compiles a theme. The style sheet of diagrams is joined to the theme's.
pub fn load(theme: &Theme) -> Checked<Option<Templates>> {
    let mut tera = Tera::new();
    let texts = theme.files.iter().filter_map(|(path, file)| match file {
        File::Text(text) => Some((
            path.strip_prefix("templates/")?.to_string(),
            &text.source.text,
        )),
        File::Asset(_) => None,
    });
    let templates: Vec<(String, String)> =
        texts.map(|(name, text)| (name, text.to_string())).collect();
    if let Err(error) = tera.add_raw_templates(templates) {
        return Checked::new(None, vec![template_error(&error)]);
    }
    let inline = theme.bytes(INLINE_SCRIPT).unwrap_or_default();
    let templates = Templates {
        tera,
        assets: assets(theme),
        theme_init: String::from_utf8_lossy(inline).into_owned(),
        script_hash: format!("'sha256-{}'", BASE64.encode(Sha256::digest(inline))),
        hash: theme.hash(),
    };
    Checked::clean(Some(templates))
}

/// A template's failure as a finding about the site.
fn template_error(error: &tera::Error) -> Diagnostic {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    let mut lines = text.lines().map(str::trim_end).filter(|l| !l.is_empty());
    let first = lines.next().unwrap_or("a template failed").to_string();
    let mut diagnostic = Diagnostic::new(Severity::Error, Code::Template, None, first);
    let rest: Vec<&str> = lines.collect();
    if !rest.is_empty() {
        diagnostic = diagnostic.help(rest.join("\n"));
    }
    diagnostic
}

/// Files under `assets/`; a folder that is named like a file is joined to one.
fn assets(theme: &Theme) -> BTreeMap<Arc<str>, Asset> {
    let mut contents: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for path in theme.files.keys() {
        let Some(name) = path.strip_prefix("assets/") else {
            continue;
        };
        let Some(bytes) = theme.bytes(path) else {
            continue;
        };
        let plain = match name.split_once('/') {
            Some((folder, _)) if folder.contains('.') => folder,
            _ => name,
        };
        let content = contents.entry(plain.to_string()).or_default();
        if !content.is_empty() {
            content.push(b'\n');
        }
        content.extend_from_slice(bytes);
    }
    if let Some(style) = contents.get_mut("style.css") {
        style.push(b'\n');
        style.extend_from_slice(super::diagram::STYLE_SHEET.as_bytes());
    }
    contents
        .into_iter()
        .map(|(plain, bytes)| {
            let hash = blake3::hash(&bytes).to_hex();
            let name = match plain.rsplit_once('.') {
                Some((stem, extension)) => format!("{stem}.{}.{extension}", &hash[..8]),
                None => format!("{plain}.{}", &hash[..8]),
            };
            let asset = Asset {
                name: name.into(),
                bytes: bytes.into(),
            };
            (Arc::from(plain), asset)
        })
        .collect()
}

impl Templates {
    /// Renders a template; the error is a finding about the site.
    pub fn render(&self, name: &str, context: &Context) -> Result<String, Box<Diagnostic>> {
        self.tera
            .render(name, context)
            .map_err(|error| Box::new(template_error(&error)))
    }

    pub fn contains(&self, name: &str) -> bool {
        self.tera.contains_template(name)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tera.get_template_names()
    }

    /// The published path of an asset, relative to the site's root.
    pub fn asset_path(&self, plain: &str) -> Option<String> {
        let asset = self.assets.get(plain)?;
        Some(format!("assets/{}", asset.name))
    }

    /// The inline script of every page.
    pub fn theme_init(&self) -> &str {
        &self.theme_init
    }

    /// The content security policy of a page.
    pub fn policy(&self, wasm: bool) -> String {
        let wasm = if wasm { " 'wasm-unsafe-eval'" } else { "" };
        format!(
            "default-src 'none'; script-src 'self' {}{wasm}; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'",
            self.script_hash
        )
    }
}
