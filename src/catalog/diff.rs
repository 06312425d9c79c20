//! What changed between two catalogs: the catalogs of two editions in, a
//! [`CatalogDiff`] out. Only what differs is in it. It knows no pages.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Better, Build, Catalog, Category, Component, Field};
use crate::value::{Decimal, Operand, Quantity, Value};

/// Everything that differs between two catalogs.
#[derive(Clone, Debug, Default)]
pub struct CatalogDiff {
    /// In the newer catalog's order, then those that are gone.
    pub categories: Vec<CategoryDiff>,
    pub builds: Vec<BuildDiff>,
}

/// Whether something is in both editions, and if not, in which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Added,
    Removed,
    Kept,
}

impl Presence {
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Kept => "kept",
        }
    }
}

#[derive(Clone, Debug)]
pub struct CategoryDiff {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub presence: Presence,
    pub fields: Vec<FieldDiff>,
    pub components: Vec<ComponentDiff>,
}

/// A formula before and after; none for a given figure.
pub type Formulas = (Option<Arc<str>>, Option<Arc<str>>);

#[derive(Clone, Debug)]
pub struct FieldDiff {
    pub name: Arc<str>,
    pub label: Arc<str>,
    pub presence: Presence,
    /// The name that it had before, if that was another.
    pub former: Option<Arc<str>>,
    /// Its formulas, if they differ.
    pub formula: Option<Formulas>,
}

#[derive(Clone, Debug)]
pub struct ComponentDiff {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub presence: Presence,
    /// The id that it had before, if that was another.
    pub former: Option<Arc<str>>,
    /// Of fields that both editions have.
    pub figures: Vec<FigureDiff>,
}

/// A figure that is another one now.
#[derive(Clone, Debug)]
pub struct FigureDiff {
    pub name: Arc<str>,
    pub label: Arc<str>,
    pub from: Operand,
    pub to: Operand,
    pub decimals: Option<u8>,
    /// Of numbers: how far it moved.
    pub movement: Option<Movement>,
    /// Whether the movement is for the better, where the field says what is.
    pub improves: Option<bool>,
}

/// How far a number moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// New less old, in the new figure's unit.
    pub difference: Quantity,
    /// Of the old figure, with one decimal; none where that was zero.
    pub percent: Option<Decimal>,
}

impl Movement {
    pub fn rises(&self) -> bool {
        !self.difference.number.is_negative()
    }
}

#[derive(Clone, Debug)]
pub struct BuildDiff {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub presence: Presence,
    /// Slot, component and quantity, of parts that only the older has.
    pub parts_removed: Vec<Part>,
    pub parts_added: Vec<Part>,
}

/// A component in a slot, with its quantity.
pub type Part = (Arc<str>, Arc<str>, u32);

/// Compares two catalogs.
pub fn diff_catalogs(old: &Catalog, new: &Catalog) -> CatalogDiff {
    let mut diff = CatalogDiff::default();
    for category in &new.categories {
        let found = match old.category(&category.id.value) {
            Some(before) => diff_category(before, category),
            None => whole_category(category, Presence::Added),
        };
        let same = found.fields.is_empty() && found.components.is_empty();
        if !same || found.presence != Presence::Kept {
            diff.categories.push(found);
        }
    }
    let gone = old.categories.iter();
    let gone = gone.filter(|category| new.category(&category.id.value).is_none());
    diff.categories
        .extend(gone.map(|category| whole_category(category, Presence::Removed)));
    diff.builds = diff_builds(old, new);
    diff
}

/// How a number moved; none unless both are numbers that measure the same.
pub fn movement(from: &Operand, to: &Operand) -> Option<Movement> {
    let (Some(Value::Number(from)), Some(Value::Number(to))) = (from.known(), to.known()) else {
        return None;
    };
    let before = from.convert(&to.unit).ok()?.number;
    let difference = to.number.checked_sub(before)?;
    // A share of a temperature says nothing: its zero is arbitrary.
    let percent = match to.unit.is_point() {
        true => None,
        false => percent_of(difference, before),
    };
    let unit = to.unit.difference().unwrap_or_else(|| to.unit.clone());
    Some(Movement {
        difference: Quantity::new(difference, unit),
        percent,
    })
}

/// Whether two figures say the same, in whatever prefix, and for whatever
/// reason they are unknown.
pub fn same_figure(from: &Operand, to: &Operand) -> bool {
    match (from, to) {
        (Operand::Known(Value::Number(a)), Operand::Known(Value::Number(b))) => {
            a.compare(b).is_some_and(std::cmp::Ordering::is_eq)
        }
        (Operand::Unknown(_), Operand::Unknown(_)) => true,
        _ => from == to,
    }
}

fn percent_of(difference: Decimal, before: Decimal) -> Option<Decimal> {
    let share = difference.div(before.abs()?)?;
    Some(share.checked_mul(Decimal::from(100))?.round(1))
}

fn whole_category(category: &Category, presence: Presence) -> CategoryDiff {
    CategoryDiff {
        id: Arc::clone(&category.id.value),
        title: Arc::clone(&category.title),
        presence,
        fields: Vec::new(),
        components: (category.components.iter())
            .map(|component| whole_component(component, presence))
            .collect(),
    }
}

fn whole_component(component: &Component, presence: Presence) -> ComponentDiff {
    ComponentDiff {
        id: Arc::clone(&component.id.value),
        title: Arc::clone(&component.title),
        presence,
        former: None,
        figures: Vec::new(),
    }
}

fn diff_category(old: &Category, new: &Category) -> CategoryDiff {
    let mut diff = CategoryDiff {
        id: Arc::clone(&new.id.value),
        title: Arc::clone(&new.title),
        presence: Presence::Kept,
        fields: diff_fields(old, new),
        components: Vec::new(),
    };
    let mut met: BTreeSet<&str> = BTreeSet::new();
    for component in &new.components {
        let Some(before) = predecessor(component, old) else {
            let added = whole_component(component, Presence::Added);
            diff.components.push(added);
            continue;
        };
        met.insert(&before.id.value);
        let renamed = before.id.value != component.id.value;
        let found = ComponentDiff {
            former: renamed.then(|| Arc::clone(&before.id.value)),
            figures: diff_figures((old, before), (new, component)),
            ..whole_component(component, Presence::Kept)
        };
        if renamed || !found.figures.is_empty() {
            diff.components.push(found);
        }
    }
    let gone = old.components.iter();
    let gone = gone.filter(|component| !met.contains(component.id.value.as_ref()));
    diff.components
        .extend(gone.map(|component| whole_component(component, Presence::Removed)));
    diff
}

/// What a component was in another edition: by its id, else by a former id of
/// either.
pub fn predecessor<'a>(component: &Component, old: &'a Category) -> Option<&'a Component> {
    let former = component.former.iter().map(|id| &id.value);
    let mut ids = std::iter::once(&component.id.value).chain(former);
    let named = |id: &Arc<str>| old.component(id).filter(|c| c.id.value == *id);
    ids.find_map(named)
        .or_else(|| old.component(&component.id.value))
}

/// What a field was in another edition, by its position: by its name, else by
/// a former name of either.
pub fn field_before(field: &Field, old: &Category) -> Option<usize> {
    let former = field.former.iter().map(|name| &name.value);
    let mut names = std::iter::once(&field.name.value).chain(former);
    names.find_map(|name| old.field_position(name)).or_else(|| {
        let is = |name: &crate::diag::Spanned<Arc<str>>| name.value == field.name.value;
        (old.fields.iter()).position(|before| before.former.iter().any(is))
    })
}

fn diff_fields(old: &Category, new: &Category) -> Vec<FieldDiff> {
    let whole = |field: &Field, presence| FieldDiff {
        name: Arc::clone(&field.name.value),
        label: Arc::clone(&field.label),
        presence,
        former: None,
        formula: None,
    };
    let formula = |field: &Field| field.formula.as_ref().map(|f| Arc::clone(&f.value));
    let mut found = Vec::new();
    let mut met: BTreeSet<usize> = BTreeSet::new();
    for field in &new.fields {
        let Some(position) = field_before(field, old) else {
            found.push(whole(field, Presence::Added));
            continue;
        };
        met.insert(position);
        let before = &old.fields[position];
        let renamed = before.name.value != field.name.value;
        let (from, to) = (formula(before), formula(field));
        if renamed || from != to {
            found.push(FieldDiff {
                former: renamed.then(|| Arc::clone(&before.name.value)),
                formula: (from != to).then_some((from, to)),
                ..whole(field, Presence::Kept)
            });
        }
    }
    let gone = old.fields.iter().enumerate();
    let gone = gone.filter(|(position, _)| !met.contains(position));
    found.extend(gone.map(|(_, field)| whole(field, Presence::Removed)));
    found
}

/// The figures of a component that are others now, of fields that both
/// editions have.
pub fn diff_figures(old: (&Category, &Component), new: (&Category, &Component)) -> Vec<FigureDiff> {
    let mut found = Vec::new();
    for (field, figure) in new.0.fields.iter().zip(&new.1.figures) {
        let position = field_before(field, old.0);
        let Some(before) = position.and_then(|at| old.1.figures.get(at)) else {
            continue;
        };
        if same_figure(&before.value, &figure.value) {
            continue;
        }
        let movement = movement(&before.value, &figure.value);
        let rises = movement.as_ref().map(Movement::rises);
        found.push(FigureDiff {
            name: Arc::clone(&field.name.value),
            label: Arc::clone(&field.label),
            from: before.value.clone(),
            to: figure.value.clone(),
            decimals: field.decimals,
            improves: rises
                .zip(field.better)
                .map(|(rises, better)| rises == (better == Better::Higher)),
            movement,
        });
    }
    found
}

fn diff_builds(old: &Catalog, new: &Catalog) -> Vec<BuildDiff> {
    let parts = |build: Option<&Build>| -> BTreeSet<Part> {
        let parts = build.into_iter().flat_map(|build| &build.parts);
        let part = parts.map(|part| {
            let (slot, component) = (&part.slot.value, &part.component.value);
            (Arc::clone(slot), Arc::clone(component), part.quantity)
        });
        part.collect()
    };
    let mut found = Vec::new();
    let mut compare = |before: Option<&Build>, after: Option<&Build>| {
        let Some(shown) = after.or(before) else {
            return;
        };
        let presence = match (before, after) {
            (None, _) => Presence::Added,
            (_, None) => Presence::Removed,
            _ => Presence::Kept,
        };
        let (had, has) = (parts(before), parts(after));
        if had == has && presence == Presence::Kept {
            return;
        }
        found.push(BuildDiff {
            id: Arc::clone(&shown.id.value),
            title: Arc::clone(&shown.title),
            presence,
            parts_removed: had.difference(&has).cloned().collect(),
            parts_added: has.difference(&had).cloned().collect(),
        });
    };
    for build in &new.builds {
        compare(old.build(&build.id.value), Some(build));
    }
    for build in &old.builds {
        if new.build(&build.id.value).is_none() {
            compare(Some(build), None);
        }
    }
    found
}
