//! Changes as a page shows them: how much changed, and for each kind a heading,
//! a list of what is new, gone or renamed, and a fold for each component whose
//! figures moved. Complete without JavaScript.

use std::sync::Arc;

use super::fold::{Fold, Line, folded_list};
use super::items::{
    formerly, formula_item, item, item_diff, list, listed, part_line, renamed_fields, word, worded,
};
use super::{BUILD, Changes, Moved, PlaceOf, summary};
use crate::calc::{ItemDiff, TotalDiff};
use crate::catalog::{BuildDiff, CategoryDiff, ComponentDiff, Presence};
use crate::render::escape::Escaped;

/// How many figures or items stand open; where more changed they are folded
/// away, so that the page can be taken in.
const MOST_OPEN: usize = 12;

/// Where changes are shown.
pub struct ChangesPlace<'a> {
    /// What ids start with, unique on the page.
    pub id: String,
    /// Of the headings.
    pub level: u8,
    /// An address for a place of the site.
    pub link: &'a dyn Fn(&PlaceOf) -> String,
}

/// The changes of one kind.
pub struct Section {
    /// Of its heading.
    pub id: String,
    pub title: String,
    html: String,
}

/// Draws changes, of one category or of all.
pub fn changes_html(changes: &Changes, category: Option<&str>, place: &ChangesPlace<'_>) -> String {
    let level = place.level.clamp(2, 6);
    let sections = changes_sections(changes, category, place);
    let sections = sections.iter().map(|section| {
        let (id, title, html) = (Escaped(&section.id), Escaped(&section.title), &section.html);
        format!("<h{level} id=\"{id}\">{title}</h{level}>\n{html}")
    });
    let mut html: String = sections.collect();
    if html.is_empty() {
        let (from, to) = (Escaped(&changes.from), Escaped(&changes.to));
        html = format!("<p>Nothing changed from {from} to {to}.</p>\n");
    } else if category.is_none() {
        html.insert_str(0, &counts(changes));
    }
    format!("<div class=\"changes\">\n{html}</div>\n")
}

fn counts(changes: &Changes) -> String {
    let counts = summary(changes);
    let counts = (counts.iter()).map(|count| format!("<li>{}</li>", Escaped(count)));
    let counts: String = counts.collect();
    format!("<ul class=\"changes-summary\">{counts}</ul>\n")
}

/// The kinds of changes that there are, in order.
pub fn changes_sections(
    changes: &Changes,
    category: Option<&str>,
    place: &ChangesPlace<'_>,
) -> Vec<Section> {
    let shown = |found: &&CategoryDiff| category.is_none_or(|id| id == found.id.as_ref());
    let categories = || changes.catalog.categories.iter().filter(shown);
    let components = categories().flat_map(|c| &c.components);
    let lines = |c: &ComponentDiff| c.figures.len() + c.points.len();
    let mut figures: usize = components.map(lines).sum();
    if category.is_none() {
        figures += changes.calculator.figures.len();
    }
    let draw = Draw {
        changes,
        place,
        open: figures <= MOST_OPEN,
    };
    let of = |presence| move |c: &&CategoryDiff| c.presence == presence;
    let kept = categories().filter(of(Presence::Kept));
    let mut sections: Vec<Section> = kept.map(|c| draw.category(c)).collect();
    for (presence, name, title) in [
        (Presence::Added, "new", "New categories"),
        (Presence::Removed, "gone", "Categories removed"),
    ] {
        let whole = categories().filter(of(presence));
        let items: Vec<String> = whole.map(|c| draw.whole_category(c)).collect();
        sections.extend(section(place, name, title, list(items)));
    }
    if category.is_some() {
        return sections;
    }
    let calculator = &changes.calculator;
    let builds = changes.catalog.builds.iter().map(|b| draw.build(b));
    for (name, title, html) in [
        ("builds", "Builds", list(builds.collect())),
        ("build-totals", "Totals of builds", draw.totals()),
        ("slots", "Slots", items(&calculator.slots)),
        ("inputs", "Inputs", items(&calculator.inputs)),
        ("totals", "Totals", items(&calculator.totals)),
        ("rules", "Rules", items(&calculator.rules)),
        ("pages", "Pages", draw.pages()),
    ] {
        sections.extend(section(place, name, title, html));
    }
    sections
}

/// Slots, inputs, totals or rules; many of them folded.
fn items(items: &[ItemDiff]) -> String {
    let html = list(items.iter().map(item_diff).collect());
    if items.len() <= MOST_OPEN {
        return html;
    }
    let of = |presence| items.iter().filter(|i| i.presence == presence).count();
    let counts = [
        (of(Presence::Added), "added"),
        (of(Presence::Kept), "changed"),
        (of(Presence::Removed), "removed"),
    ];
    folded_list(&counts, &html)
}

/// A section that is no category's; none without content.
fn section(place: &ChangesPlace<'_>, name: &str, title: &str, html: String) -> Option<Section> {
    (!html.is_empty()).then(|| Section {
        id: format!("{}-{name}", place.id),
        title: title.to_owned(),
        html,
    })
}

struct Draw<'a> {
    changes: &'a Changes,
    place: &'a ChangesPlace<'a>,
    /// Whether figures are not folded away.
    open: bool,
}

impl Draw<'_> {
    /// `changes.frame.tourer.weight`; no id holds a dot, so these stay unique.
    fn id(&self, parts: &[&str]) -> String {
        format!("{}.{}", self.place.id, parts.join("."))
    }

    /// The address of a component or build.
    fn href(&self, kind: &str, id: &Arc<str>) -> Option<String> {
        let at = (self.changes.places).get(&(kind.into(), Arc::clone(id)))?;
        Some((self.place.link)(at))
    }

    /// A name that leads to its page.
    fn named(&self, kind: &str, id: &Arc<str>, title: &str) -> String {
        let title = Escaped(title);
        match self.href(kind, id) {
            Some(href) => format!("<a href=\"{}\">{title}</a>", Escaped(&href)),
            None => title.to_string(),
        }
    }

    fn category(&self, category: &CategoryDiff) -> Section {
        let mut items = Vec::new();
        if category.is_renamed() {
            let former = formerly(&category.former_title, &category.former);
            items.push(worded("Renamed", None, &former));
        }
        for presence in [Presence::Added, Presence::Removed] {
            items.extend(self.whole(category, presence));
        }
        items.extend(renamed_fields(&category.fields));
        let kept = || (category.components.iter()).filter(|c| c.presence == Presence::Kept);
        items.extend(kept().filter_map(|c| self.renamed(category, c)));
        items.extend(category.fields.iter().filter_map(formula_item));
        let folds = kept().filter_map(|c| self.component(category, c));
        let folds: String = folds.collect();
        Section {
            id: self.id(&[&category.id]),
            title: category.title.to_string(),
            html: format!("{folds}{}", list(items)),
        }
    }

    /// A category that one edition has, with its components.
    fn whole_category(&self, category: &CategoryDiff) -> String {
        let names = (category.components.iter()).map(|c| self.with_id(category, c));
        let names = names.collect::<Vec<_>>().join(", ");
        let id = self.id(&[&category.id]);
        worded(&category.title, Some(&id), &names)
    }

    /// A component that one edition has.
    fn with_id(&self, category: &CategoryDiff, component: &ComponentDiff) -> String {
        let id = self.id(&[&category.id, &component.id]);
        let name = self.named(&category.id, &component.id, &component.title);
        format!("<span id=\"{id}\">{name}</span>")
    }

    /// What is new in a category, or gone.
    fn whole(&self, category: &CategoryDiff, presence: Presence) -> Vec<String> {
        let components = category.components.iter();
        let components = components.filter(|c| c.presence == presence);
        let names = components.map(|c| self.with_id(category, c));
        let fields = category.fields.iter().filter(|f| f.presence == presence);
        let labels = fields.map(|field| Escaped(&field.label).to_string());
        let columns = match presence {
            Presence::Removed => "Columns removed",
            _ => "New columns",
        };
        let both = [
            listed(word(presence), names.collect()),
            listed(columns, labels.collect()),
        ];
        both.into_iter().flatten().collect()
    }

    fn renamed(&self, category: &CategoryDiff, component: &ComponentDiff) -> Option<String> {
        if !component.is_renamed() {
            return None;
        }
        let mut what = self.named(&category.id, &component.id, &component.title);
        let former = formerly(&component.former_title, &component.former);
        what.push_str(&format!(", {former}"));
        let id = self.id(&[&category.id, &component.id]);
        // Its fold has the id otherwise.
        let has_fold = !component.figures.is_empty() || !component.points.is_empty();
        let id = (!has_fold).then_some(id);
        Some(worded("Renamed", id.as_deref(), &what))
    }

    /// The figures of a component that moved.
    fn component(&self, category: &CategoryDiff, component: &ComponentDiff) -> Option<String> {
        let lines = component.figures.iter().map(|figure| Line {
            id: self.id(&[&category.id, &component.id, &figure.name]),
            label: &figure.label,
            moved: Moved::figure(figure, &self.changes.locale),
        });
        let fold = Fold {
            id: self.id(&[&category.id, &component.id]),
            title: &component.title,
            href: self.href(&category.id, &component.id),
            lines: lines.collect(),
            points: &component.points,
            open: self.open,
        };
        fold.html()
    }

    /// What each build comes to now; a build's totals follow one another.
    fn totals(&self) -> String {
        let totals = &self.changes.calculator.figures;
        let builds = totals.chunk_by(|a, b| a.build == b.build);
        builds.filter_map(|totals| self.totals_of(totals)).collect()
    }

    fn totals_of(&self, totals: &[TotalDiff]) -> Option<String> {
        let build = &totals.first()?.build;
        let title = self.changes.title(BUILD, build);
        let lines = totals.iter().map(|total| Line {
            id: self.id(&[BUILD, build, &total.total]),
            label: &total.label,
            moved: Moved::total(total, &self.changes.locale),
        });
        let fold = Fold {
            id: format!("{}-totals.{build}", self.place.id),
            title,
            href: self.href(BUILD, build),
            lines: lines.collect(),
            points: &[],
            open: self.open,
        };
        fold.html()
    }

    fn build(&self, build: &BuildDiff) -> String {
        let mut what = self.named(BUILD, &build.id, &build.title);
        if build.former.is_some() || build.former_title.is_some() {
            let former = formerly(&build.former_title, &build.former);
            what.push_str(&format!(", {former}"));
        }
        if build.presence == Presence::Kept {
            let parts = build.parts.iter().map(|part| {
                let name = match &part.category {
                    Some(kind) => self.named(
                        kind,
                        &part.component,
                        self.changes.title(kind, &part.component),
                    ),
                    None => Escaped(&part.component).to_string(),
                };
                part_line(&name, part)
            });
            what.extend(parts);
        }
        let id = self.id(&[BUILD, &build.id]);
        item(build.presence, Some(&id), &what)
    }

    fn pages(&self) -> String {
        let (pages, roots) = (&self.changes.pages, &self.changes.roots);
        let link = |root: &str, address: &str, text: &str| {
            let href = (self.place.link)(&(format!("{root}{address}"), None));
            format!("<a href=\"{}\">{}</a>", Escaped(&href), Escaped(text))
        };
        let code = |address: &str| format!("<code>/{}</code>", Escaped(address));
        let all = |presence, root: &str, pages: &[(Arc<str>, Arc<str>)]| {
            let names = pages.iter();
            let names = names.map(|(title, address)| link(root, address, title));
            listed(word(presence), names.collect())
        };
        let moved = pages.moved.iter().map(|(title, from, to)| {
            let title = link(&roots.1, to, title);
            let (from, to) = (code(from), code(to));
            worded("Moved", None, &format!("{title} ({from} → {to})"))
        });
        let mut items = Vec::new();
        items.extend(all(Presence::Added, &roots.1, &pages.added));
        items.extend(moved);
        items.extend(all(Presence::Removed, &roots.0, &pages.removed));
        let counts = [
            (pages.added.len(), "added"),
            (pages.moved.len(), "moved"),
            (pages.removed.len(), "removed"),
        ];
        match counts.iter().map(|(count, _)| count).sum::<usize>() {
            ..=MOST_OPEN => list(items),
            _ => folded_list(&counts, &list(items)),
        }
    }
}
