//! Names that are never part of a site.

/// The folders and files of a site root that are read at all.
pub const ROOTS: [&str; 4] = ["content", "rigbook.toml", "static", "themes"];

/// Names with a dot that hosts and browsers look for, published from
/// `static/`.
const PUBLISHED_DOTS: [&str; 4] = [".domains", ".htaccess", ".nojekyll", ".well-known"];

/// Whether a name is left out: hidden, a package folder, or what an editor or
/// a file manager leaves behind.
pub fn is_ignored(name: &str, in_static: bool) -> bool {
    if name.starts_with('.') {
        return !(in_static && PUBLISHED_DOTS.contains(&name));
    }
    name == "node_modules" || (!in_static && is_backup(name)) || is_system(name)
}

fn is_backup(name: &str) -> bool {
    let ends = [
        "~", ".bak", ".orig", ".rej", ".swo", ".swp", ".swx", ".tmp", ".part",
    ];
    let jetbrains = ["___jb_tmp___", "___jb_old___"];
    ends.iter().chain(&jetbrains).any(|end| name.ends_with(end))
        || (name.starts_with('#') && name.ends_with('#'))
        // Vim writes a file of this name to see whether it may.
        || name == "4913"
}

fn is_system(name: &str) -> bool {
    ["Thumbs.db", "desktop.ini", "__MACOSX"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_and_systems_leave_is_not_content() {
        for name in [
            ".git",
            ".a.md.swp",
            "a.md~",
            "#a.md#",
            "4913",
            "node_modules",
            "Thumbs.db",
        ] {
            assert!(is_ignored(name, false), "{name}");
        }
        for name in ["a.md", "_index.md", "~a", "#a.md", "a.b.c"] {
            assert!(!is_ignored(name, false), "{name}");
        }
        assert!(!is_ignored(".well-known", true));
        assert!(is_ignored(".env", true));
        assert!(
            !is_ignored("archive.bak", true),
            "static files are published as they are"
        );
    }
}
