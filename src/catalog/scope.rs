//! What names mean where only the catalog is known, and the figures behind
//! them.

use std::sync::Arc;

use super::derive::Progress;
use super::{Catalog, Category, Component};
use crate::diag::nearest;
use crate::expr::{
    Env, Group, Id, Member, NameError, Ref, Resolved, Scope, Segment, function_names,
};
use crate::value::{Operand, Units};

/// Asks how far a derived field is, by category and field.
type AskProgress<'a> = &'a dyn Fn(&str, &str) -> Option<Progress>;

/// The names of a catalog: `category.component.field` and, in an aggregate,
/// `category.field`. Of a component at hand also its own fields, bare or after
/// `this`.
pub struct ComponentNames<'a> {
    pub catalog: &'a Catalog,
    pub own: Option<&'a Category>,
    /// Asked of each field that a name means, while derived fields are
    /// compiled.
    pub progress: Option<AskProgress<'a>>,
}

impl<'a> ComponentNames<'a> {
    /// The names of a finished catalog.
    pub fn new(catalog: &'a Catalog, own: Option<&'a Category>) -> Self {
        Self {
            catalog,
            own,
            progress: None,
        }
    }

    fn field(
        &self,
        category: &Category,
        field: &Segment,
        at: usize,
        reference: impl FnOnce(Id) -> Ref,
    ) -> Result<Resolved, NameError> {
        let failed = match self.progress {
            Some(progress) => progress(&category.id.value, &field.text) == Some(Progress::Failed),
            None => category.is_lost_field(&field.text),
        };
        if failed || category.is_malformed(&field.text) {
            return Err(NameError::reported(at));
        }
        let Some(declared) = category.field(&field.text) else {
            let message = format!(
                "category `{}` has no field `{}`",
                category.id.value, field.text
            );
            return Err(NameError::new(at, message).help(category.help_field(&field.text, &[])));
        };
        Ok(Resolved {
            reference: reference(Arc::clone(&declared.name.value)),
            ty: declared.ty.clone(),
        })
    }

    fn own_field(&self, own: &Category, field: &Segment, at: usize) -> Result<Resolved, NameError> {
        self.field(own, field, at, |field| Ref::Own { field })
    }

    fn unknown_first(&self, path: &[Segment]) -> NameError {
        let first = &path[0].text;
        let mut names: Vec<&str> = self.catalog.category_ids().collect();
        let words = ["build", "this"].into_iter();
        names.extend(words.filter(|word| nearest(first, [*word]).is_some()));
        if let (Some(own), 1) = (self.own, path.len()) {
            names = own.field_names().collect();
        }
        let message = match (self.own, path.len()) {
            (None, _) if first.as_ref() == "this" => {
                "`this` means the component of a page, and this page has none".to_string()
            }
            (Some(own), 1) => format!("category `{}` has no field `{first}`", own.id.value),
            (None, 1) => format!("`{first}` is no name of a figure"),
            _ => format!("there is no category `{first}`"),
        };
        if let Some(help) = self.whole_name(path) {
            return NameError::new(0, message).help([help]);
        }
        let help = match (self.own, path.len()) {
            (Some(own), 1) if own.has_option(first) => {
                Some(format!("texts stand in quotes: `'{first}'`"))
            }
            (Some(own), 1) => own.help_field(first, &[]),
            _ => self.catalog.help_id(first, names),
        };
        NameError::new(0, message).help(help)
    }
}

impl ComponentNames<'_> {
    /// The name in full of a figure that was named by its component and field,
    /// or by its field alone.
    fn whole_name(&self, path: &[Segment]) -> Option<String> {
        let mut categories = self.catalog.categories.iter();
        let text = |i: usize| path[i].text.as_ref();
        let (category, component, field) = match path.len() {
            1 if self.own.is_none() => {
                let category = categories.find(|category| category.field(text(0)).is_some())?;
                (category, category.component_ids().next()?, text(0))
            }
            2 if text(0) == "this" => {
                let category = categories.find(|category| category.field(text(1)).is_some())?;
                (category, category.component_ids().next()?, text(1))
            }
            2 => {
                let category = categories.find(|category| category.component(text(0)).is_some())?;
                (category, text(0), text(1))
            }
            _ => return None,
        };
        let category = &category.id.value;
        Some(format!(
            "a figure is named `category.component.field`, as in `{category}.{component}.{field}`"
        ))
    }
}

impl Scope for ComponentNames<'_> {
    fn resolve(&self, path: &[Segment]) -> Result<Resolved, NameError> {
        let is_lost = |segment: &Segment| self.catalog.lost.has_name(&segment.text);
        self.find(path).map_err(|error| {
            let is_category = error.at == 0 && (path.len() > 1 || self.own.is_none());
            let lost_category = is_category && self.catalog.lost.has_category(&path[0].text);
            // Ids stand before the name of a field.
            let id = path.get(error.at).filter(|_| error.at < 2);
            let category = path.first().filter(|_| error.at == 1);
            let is_nameless = category.zip(id).is_some_and(|(category, id)| {
                self.catalog.lost.has_component(&category.text, &id.text)
            });
            match lost_category || is_nameless || id.is_some_and(is_lost) {
                true => NameError::reported(error.at),
                false => error,
            }
        })
    }

    fn group(&self, path: &[Segment]) -> Option<Group> {
        let [category] = path else { return None };
        let category = self.catalog.category(&category.text)?;
        Some(Group::Category(Arc::clone(&category.id.value)))
    }

    fn units(&self) -> &Units {
        &self.catalog.units
    }
}

impl ComponentNames<'_> {
    fn find(&self, path: &[Segment]) -> Result<Resolved, NameError> {
        if let (Some(own), [this, field]) = (self.own, path)
            && this.text.as_ref() == "this"
        {
            return self.own_field(own, field, 1);
        }
        if self.own.is_some() && path[0].text.as_ref() == "this" {
            let at = path.len().min(2) - 1;
            return Err(NameError::new(
                at,
                "after `this` stands the name of one field",
            ));
        }
        if let (Some(own), [field]) = (self.own, path)
            && (own.field(&field.text).is_some() || own.is_malformed(&field.text))
        {
            return self.own_field(own, field, 0);
        }
        let Some(category) = self.catalog.category(&path[0].text) else {
            return Err(self.unknown_first(path));
        };
        match path {
            [_] => {
                let message = format!("`{}` is a category, not a figure", path[0].text);
                Err(NameError::new(0, message).help([format!(
                    "name a component and a field: `{}.component.field`",
                    path[0].text
                )]))
            }
            [_, field] => self.two_segments(category, field),
            [_, component, field] => {
                let Some(found) = category.component(&component.text) else {
                    return Err(unknown_component(self.catalog, category, component));
                };
                let reference = |field| Ref::Figure {
                    category: Arc::clone(&category.id.value),
                    component: Arc::clone(&found.id.value),
                    field,
                };
                self.field(category, field, 2, reference)
            }
            _ => {
                let names: Vec<&str> = path.iter().map(|segment| segment.text.as_ref()).collect();
                let help = match names.split_last() {
                    Some((last, figure)) if function_names().any(|name| name == *last) => {
                        format!("write `{last}({})`", figure.join("."))
                    }
                    Some((&("as_of" | "source" | "unit" | "value"), figure)) => {
                        format!("leave it out: `{}`", figure.join("."))
                    }
                    _ => "a figure is named `category.component.field`".to_string(),
                };
                let error = NameError::new(3, "a figure's name has three parts at most");
                Err(error.help([help]))
            }
        }
    }

    /// `category.field` for an aggregate; a component's id there lacks its
    /// field.
    fn two_segments(&self, category: &Category, field: &Segment) -> Result<Resolved, NameError> {
        if category.field(&field.text).is_none() && category.component(&field.text).is_some() {
            let message = format!(
                "`{}.{}` is a component, not a figure",
                category.id.value, field.text
            );
            return Err(NameError::new(1, message).help([format!(
                "name one of its fields, as in `{}.{}.{}`",
                category.id.value,
                field.text,
                category.fields.first().map_or("field", |f| &f.name.value)
            )]));
        }
        let group = Group::Category(Arc::clone(&category.id.value));
        self.field(category, field, 1, |field| Ref::Each { group, field })
    }
}

fn unknown_component(catalog: &Catalog, category: &Category, component: &Segment) -> NameError {
    let near = nearest(&component.text, category.component_ids());
    let message = format!(
        "category `{}` has no component `{}`",
        category.id.value, component.text
    );
    NameError::new(1, message).help(catalog.help_id(&component.text, near))
}

/// The figures of a catalog.
pub struct FigureValues<'a> {
    pub catalog: &'a Catalog,
    pub own: Option<&'a Component>,
}

impl FigureValues<'_> {
    fn figure(&self, category: &str, component: &str, field: &str) -> Operand {
        let found = self.catalog.category(category).and_then(|category| {
            let component = category.component(component)?;
            Some((component, category.field_position(field)?))
        });
        match found {
            Some((component, position)) => component.figures[position].value.clone(),
            None => Operand::None,
        }
    }
}

impl Env for FigureValues<'_> {
    fn value(&self, reference: &Ref) -> Operand {
        match (reference, self.own) {
            (Ref::Own { field }, Some(own)) => self.figure(&own.category, &own.id.value, field),
            (
                Ref::Figure {
                    category,
                    component,
                    field,
                },
                _,
            ) => self.figure(category, component, field),
            _ => Operand::None,
        }
    }

    fn members(&self, group: &Group) -> Vec<Member> {
        let Group::Category(id) = group else {
            return Vec::new();
        };
        let components = self.catalog.category(id).map_or(&[][..], |c| &c.components);
        (components.iter())
            .map(|component| Member {
                slot: None,
                category: Arc::clone(id),
                component: Arc::clone(&component.id.value),
                quantity: 1,
            })
            .collect()
    }

    fn member_value(&self, _: &Group, member: &Member, field: &str) -> Operand {
        self.figure(&member.category, &member.component, field)
    }
}
