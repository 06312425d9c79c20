//! What the figures of slots, of all parts and of builds are: names in, their
//! references and types out.

use std::sync::Arc;

use super::{Typed, unknown};
use crate::calc::{Calculator, is_broken};
use crate::catalog::Catalog;
use crate::diag::help_nearest;
use crate::expr::{Group, Id, NameError, Ref, Resolved, Segment};
use crate::value::Type;

/// The type of a slot's field.
pub(super) fn slot_figure(
    catalog: &Catalog,
    calculator: &Calculator,
    (slot, field): (&Segment, &Segment),
    at: usize,
    single: impl FnOnce(Id, Id) -> Ref,
    several: impl FnOnce(Id) -> Group,
) -> Result<Resolved, NameError> {
    let Some(declared) = calculator.slot(&slot.text) else {
        if calculator.is_lost(&slot.text) {
            return Err(NameError::reported(at - 1));
        }
        let message = format!("the calculator has no slot `{}`", slot.text);
        let ids = calculator.slots.iter().map(|s| s.id.value.as_ref());
        return Err(unknown(at - 1, &message, help_nearest(&slot.text, ids)));
    };
    let category = catalog.category(&declared.category);
    if category.is_some_and(|category| category.is_lost_field(&field.text)) {
        return Err(NameError::reported(at));
    }
    let found = category.and_then(|category| category.field(&field.text));
    let Some(found) = found else {
        let message = format!(
            "category `{}` has no field `{}`",
            declared.category, field.text
        );
        let help = category.and_then(|category| category.help_field(&field.text, &[]));
        return Err(unknown(at, &message, help));
    };
    let (slot, field) = (slot.text.clone(), field.text.clone());
    let reference = match declared.is_single() {
        true => single(slot, field),
        false => Ref::Each {
            group: several(slot),
            field,
        },
    };
    Ok(Resolved {
        reference,
        ty: found.ty.clone(),
    })
}

/// The type of a field over all slots whose category has it. It must measure
/// the same in all of them.
pub(super) fn parts_type(
    catalog: &Catalog,
    calculator: &Calculator,
    field: &Segment,
    at: usize,
) -> Result<Type, NameError> {
    let mut found: Option<(&Id, &Type)> = None;
    let mut names: Vec<&str> = Vec::new();
    for slot in &calculator.slots {
        let Some(category) = catalog.category(&slot.category) else {
            continue;
        };
        if category.is_lost_field(&field.text) {
            return Err(NameError::reported(at));
        }
        names.extend(category.field_names());
        let Some(declared) = category.field(&field.text) else {
            continue;
        };
        match found {
            None => found = Some((&slot.category, &declared.ty)),
            Some((_, ty)) if alike(ty, &declared.ty) => {}
            Some((other, ty)) => {
                let message = format!(
                    "`{}` is {} in category `{other}` and {} in `{}`",
                    field.text,
                    ty.describe(),
                    declared.ty.describe(),
                    slot.category
                );
                return Err(unknown(
                    at,
                    &message,
                    ["aggregate the slots one by one".to_owned()],
                ));
            }
        }
    }
    match found {
        Some((_, Type::Number { unit, .. })) => Ok(Type::number(unit.clone())),
        Some((_, Type::Text { .. })) => Ok(Type::text()),
        Some((_, Type::Set { .. })) => Ok(Type::Set { choices: None }),
        Some((_, ty)) => Ok(ty.clone()),
        // A slot that can't be read may have it.
        None if calculator.lost_slot => Err(NameError::reported(at)),
        None => {
            let message = format!("no part has a field `{}`", field.text);
            Err(unknown(at, &message, help_nearest(&field.text, names)))
        }
    }
}

fn alike(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Number { unit: a, .. }, Type::Number { unit: b, .. })
        | (Type::Range { unit: a }, Type::Range { unit: b }) => a.is_compatible(b),
        _ => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

/// `build.id.total.id`, `build.id.parts.field` or `build.id.slot.field`.
pub(super) fn build_figure(
    catalog: &Catalog,
    typed: Typed<'_>,
    path: &[Segment],
) -> Result<Resolved, NameError> {
    let build = &path[1].text;
    let is_broken = |build| is_broken(build, typed.calculator(), catalog);
    if catalog.lost.has_build(build) || catalog.build(build).is_some_and(is_broken) {
        return Err(NameError::reported(1));
    }
    if catalog.build(build).is_none() {
        let message = format!("there is no build `{build}`");
        return Err(unknown(
            1,
            &message,
            catalog.help_id(build, catalog.build_ids()),
        ));
    }
    let [_, _, what, last] = path else {
        let message = format!("`build.{build}` is a build, not a figure");
        let totals = &typed.calculator().totals;
        let named = path.get(2).map(|segment| &segment.text);
        let total = totals.iter().find(|total| Some(&total.id.value) == named);
        let total = total.or(totals.first());
        let total = total.map_or("…", |total| &total.id.value);
        let help = format!("name a total: `build.{build}.total.{total}`");
        return Err(unknown(1, &message, [help]));
    };
    let build = Arc::clone(build);
    match what.text.as_ref() {
        "total" => Ok(Resolved {
            ty: typed.total(last, 3)?,
            reference: Ref::BuildTotal {
                build,
                total: last.text.clone(),
            },
        }),
        "parts" => {
            let ty = parts_type(catalog, typed.calculator(), last, 3)?;
            let group = Group::BuildParts { build };
            let field = last.text.clone();
            Ok(Resolved {
                reference: Ref::Each { group, field },
                ty,
            })
        }
        _ => {
            let of = build.clone();
            let single = |slot, field| Ref::BuildSlot {
                build: of,
                slot,
                field,
            };
            let several = |slot| Group::BuildSlot { build, slot };
            slot_figure(
                catalog,
                typed.calculator(),
                (what, last),
                3,
                single,
                several,
            )
        }
    }
}

/// `build.id.parts` or `build.id.slot`.
pub(super) fn build_group(
    catalog: &Catalog,
    calculator: &Calculator,
    path: &[Segment],
) -> Option<Group> {
    let [word, build, what] = path else {
        return None;
    };
    if word.text.as_ref() != "build" {
        return None;
    }
    catalog.build(&build.text)?;
    let build = build.text.clone();
    if what.text.as_ref() == "parts" {
        return Some(Group::BuildParts { build });
    }
    calculator.slot(&what.text)?;
    let slot = what.text.clone();
    Some(Group::BuildSlot { build, slot })
}
