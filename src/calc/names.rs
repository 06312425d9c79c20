//! What names mean where builds are known: in a calculator's formulas, and on
//! pages beside the names of the catalog.

mod figures;

use std::cell::Cell;
use std::sync::Arc;

use super::totals::{Draft, State};
use super::{Calculator, Total};
use crate::catalog::{Catalog, Category, ComponentNames};
use crate::diag::help_nearest;
use crate::expr::{Group, Id, NameError, Ref, Resolved, Scope, Segment};
use crate::value::{Type, Unit, Units};
use figures::{build_figure, build_group, parts_type, slot_figure};

/// The names of a page: those of the catalog, and `build.id.…` where there is
/// a calculator.
pub struct PageNames<'a> {
    pub catalog: &'a Catalog,
    pub calculator: Option<&'a Calculator>,
    /// The category of the component whose page it is.
    pub own: Option<&'a Category>,
    /// Whether it is the page of a component that can't be read, which is
    /// reported.
    pub lost_own: bool,
}

impl Scope for PageNames<'_> {
    fn resolve(&self, path: &[Segment]) -> Result<Resolved, NameError> {
        if path[0].text.as_ref() == "build" && path.len() > 1 {
            let Some(calculator) = self.calculator else {
                if self.catalog.lost.has_name("calculator") {
                    return Err(NameError::reported(0));
                }
                let help = "totals of builds are declared under `[calculator]`";
                return Err(unknown(
                    0,
                    "this version has no calculator",
                    [help.to_owned()],
                ));
            };
            return build_figure(self.catalog, Typed::All(calculator), path);
        }
        if let ("total", [_, total], Some(calculator)) =
            (path[0].text.as_ref(), path, self.calculator)
            && calculator.total(&total.text).is_some()
        {
            let build = self.catalog.build_ids().next().unwrap_or("…");
            let message = "a total is that of a build, except in the calculator";
            let help = format!("name the build: `build.{build}.total.{}`", total.text);
            return Err(unknown(0, message, [help]));
        }
        let is_own = path.len() == 1 || path[0].text.as_ref() == "this";
        if self.lost_own && is_own {
            return Err(NameError::reported(0));
        }
        let found = ComponentNames::new(self.catalog, self.own).resolve(path);
        found.map_err(|error| match self.catalog.build(&path[0].text) {
            Some(_) if error.at == 0 && path.len() > 1 && !error.reported => {
                let names: Vec<&str> = path.iter().map(|segment| segment.text.as_ref()).collect();
                let help = vec![format!("did you mean `build.{}`?", names.join("."))];
                NameError { help, ..error }
            }
            _ => error,
        })
    }

    fn group(&self, path: &[Segment]) -> Option<Group> {
        let build = self
            .calculator
            .and_then(|c| build_group(self.catalog, c, path));
        build.or_else(|| ComponentNames::new(self.catalog, self.own).group(path))
    }

    fn units(&self) -> &Units {
        &self.catalog.units
    }
}

/// The totals that have a type.
#[derive(Clone, Copy)]
pub(super) enum Typed<'a> {
    /// All of them.
    All(&'a Calculator),
    /// Those whose formulas are checked; `blocked` is set when a name means one
    /// that waits for others.
    Drafts {
        calculator: &'a Calculator,
        drafts: &'a [Draft],
        blocked: &'a Cell<bool>,
    },
}

impl<'a> Typed<'a> {
    fn calculator(self) -> &'a Calculator {
        match self {
            Self::All(calculator) | Self::Drafts { calculator, .. } => calculator,
        }
    }

    /// The type of a total.
    fn total(self, id: &Segment, at: usize) -> Result<Type, NameError> {
        if self.calculator().is_lost(&id.text) {
            return Err(NameError::reported(at));
        }
        let (found, ids): (_, Vec<&str>) = match self {
            Self::All(calculator) => {
                let ids = calculator
                    .totals
                    .iter()
                    .map(|total| total.id.value.as_ref());
                (calculator.total(&id.text).map(Total::ty), ids.collect())
            }
            Self::Drafts {
                drafts, blocked, ..
            } => {
                let ids = drafts.iter().map(|draft| draft.id.value.as_ref());
                let draft = drafts.iter().find(|draft| *draft.id.value == *id.text);
                if draft.is_some_and(|draft| matches!(draft.state, State::Failed)) {
                    return Err(NameError::reported(at));
                }
                (draft.map(|draft| draft_type(draft, blocked)), ids.collect())
            }
        };
        found.ok_or_else(|| {
            let message = format!("the calculator has no total `{}`", id.text);
            unknown(at, &message, help_nearest(&id.text, ids))
        })
    }
}

/// The type of a total; of one that waits it is not known yet.
fn draft_type(draft: &Draft, blocked: &Cell<bool>) -> Type {
    if let State::Ready(_, unit, decimals) = &draft.state {
        return Type::Number {
            unit: unit.clone(),
            decimals: Some(*decimals),
        };
    }
    blocked.set(true);
    Type::number(Unit::one())
}

/// The names of a calculator's own formulas: slots, `parts`, totals, inputs;
/// and all that pages know.
pub(super) struct CalculatorNames<'a> {
    pub catalog: &'a Catalog,
    pub typed: Typed<'a>,
}

impl CalculatorNames<'_> {
    /// The name of an input or a total that was named by its id alone.
    fn whole_name(&self, id: &str) -> Option<String> {
        let calculator = self.calculator();
        let is_total = match self.typed {
            Typed::All(calculator) => calculator.total(id).is_some(),
            Typed::Drafts { drafts, .. } => drafts.iter().any(|draft| *draft.id.value == *id),
        };
        match calculator.input(id) {
            Some(_) => Some(format!("input.{id}")),
            None => is_total.then(|| format!("total.{id}")),
        }
    }

    fn calculator(&self) -> &Calculator {
        self.typed.calculator()
    }
}

impl Scope for CalculatorNames<'_> {
    fn resolve(&self, path: &[Segment]) -> Result<Resolved, NameError> {
        match (path[0].text.as_ref(), path) {
            ("build", [_, _, ..]) => build_figure(self.catalog, self.typed, path),
            ("total", [_, id]) => Ok(Resolved {
                ty: self.typed.total(id, 1)?,
                reference: Ref::Total {
                    id: id.text.clone(),
                },
            }),
            ("input", [_, id]) if self.calculator().is_lost(&id.text) => {
                Err(NameError::reported(1))
            }
            (slot, [_] | [_, _]) if self.calculator().is_lost(slot) => Err(NameError::reported(0)),
            ("input", [_, id]) => {
                let Some(input) = self.calculator().input(&id.text) else {
                    let message = format!("the calculator has no input `{}`", id.text);
                    let ids = self.calculator().inputs.iter().map(|i| i.id.value.as_ref());
                    return Err(unknown(1, &message, help_nearest(&id.text, ids)));
                };
                let ty = Type::Number {
                    unit: input.unit.clone(),
                    decimals: Some(input.decimals),
                };
                let id = id.text.clone();
                Ok(Resolved {
                    reference: Ref::Input { id },
                    ty,
                })
            }
            ("parts", [_, field]) => {
                let ty = parts_type(self.catalog, self.calculator(), field, 1)?;
                let field = field.text.clone();
                let reference = Ref::Each {
                    group: Group::Parts,
                    field,
                };
                Ok(Resolved { reference, ty })
            }
            (slot, [_, field]) if self.calculator().slot(slot).is_some() => {
                let single = |slot, field| Ref::Slot { slot, field };
                slot_figure(
                    self.catalog,
                    self.calculator(),
                    (&path[0], field),
                    1,
                    single,
                    Group::Slot,
                )
            }
            (slot, [_]) if self.calculator().slot(slot).is_some() => {
                let message = format!("`{slot}` is a slot, not a figure");
                let help = format!("name a field of what it holds: `{slot}.field`");
                Err(unknown(0, &message, [help]))
            }
            _ => ComponentNames::new(self.catalog, None)
                .resolve(path)
                .map_err(|error| {
                    if let (0, [only], false) = (error.at, path, error.reported)
                        && let Some(whole) = self.whole_name(&only.text)
                    {
                        let help = vec![format!("did you mean `{whole}`?")];
                        return NameError { help, ..error };
                    }
                    let slots = self.calculator().slots.iter().map(|s| s.id.value.as_ref());
                    let names = slots.chain(["total", "input", "parts", "build"]);
                    match (error.at, help_nearest(&path[0].text, names)) {
                        (0, Some(help)) if !error.reported => NameError {
                            help: vec![help],
                            ..error
                        },
                        _ => error,
                    }
                }),
        }
    }

    fn group(&self, path: &[Segment]) -> Option<Group> {
        if let [only] = path {
            if only.text.as_ref() == "parts" {
                return Some(Group::Parts);
            }
            if self.calculator().slot(&only.text).is_some() {
                return Some(Group::Slot(only.text.clone()));
            }
        }
        build_group(self.catalog, self.calculator(), path)
            .or_else(|| ComponentNames::new(self.catalog, None).group(path))
    }

    fn one_of(&self, group: &Group) -> Option<Id> {
        let Group::Category(category) = group else {
            return None;
        };
        let slots = self.calculator().slots.iter();
        let mut takers = slots.filter(|slot| slot.category == *category && slot.is_single());
        takers.next().map(|slot| Arc::clone(&slot.id.value))
    }

    fn units(&self) -> &Units {
        &self.catalog.units
    }
}

fn unknown(at: usize, message: &str, help: impl IntoIterator<Item = String>) -> NameError {
    NameError::new(at, message).help(help)
}
