//! Figures with a unit: a text in, a quantity or a range in the field's unit out,
//! or what to write instead.

use super::{LEAVE_OUT, Problem, UNKNOWN};
use crate::catalog::example::{repaired, repaired_range, wanted};
use crate::catalog::schema::Field;
use crate::diag::Code;
use crate::value::{ConvertError, Decimal, Quantity, Unit, Units, Value};

pub(super) fn missing_unit(field: &Field, text: &str) -> Problem {
    let unit = field.unit.as_ref().map_or("", |u| u.symbol());
    Problem {
        label: "has no unit".to_string(),
        help: Some(format!("write `\"{text} {unit}\"`")),
        ..Problem::value(format!("`{}` needs its unit", field.name.value))
    }
}

pub(super) fn quantity(field: &Field, text: &str, units: &Units) -> Result<Value, Problem> {
    let unit = field.unit.clone().unwrap_or_else(Unit::one);
    if text.trim().is_empty() {
        return Err(Problem {
            help: Some(LEAVE_OUT.to_owned()),
            ..Problem::value(format!("`{}` is empty", field.name.value))
        });
    }
    let quantity = units.parse_quantity(text).map_err(|error| {
        let help =
            quantity_help(field, text, units).or_else(|| fitting(error.help.clone(), &unit, units));
        Problem {
            help,
            ..Problem::unit(error)
        }
    })?;
    if quantity.unit.is_one() && !unit.is_one() {
        return Err(missing_unit(field, text));
    }
    match quantity.convert(&unit) {
        Ok(converted) => Ok(Value::Number(converted)),
        Err(error) => Err(conversion(field, &quantity.unit, &unit, error)),
    }
}

/// What a misspelt unit may be, if that is of the field's kind; else the unit of
/// the field.
fn fitting(help: Option<String>, unit: &Unit, units: &Units) -> Option<String> {
    let named = help.as_deref().and_then(|help| help.split('`').nth(1));
    let meant = named.and_then(|name| units.parse(name).ok());
    let fits = |meant: &Unit| {
        let some = Quantity::new(Decimal::ZERO, meant.clone());
        some.convert(unit).is_ok()
    };
    match (named, meant) {
        _ if unit.is_one() => help,
        (Some(_), None) => help,
        (Some(_), Some(meant)) if fits(&meant) => help,
        _ => Some(format!("this field is in `{}`", unit.symbol())),
    }
}

/// How a text that is no quantity should be written.
fn quantity_help(field: &Field, text: &str, units: &Units) -> Option<String> {
    if UNKNOWN.contains(&text.trim().to_lowercase().as_str()) && !field.required {
        return Some(LEAVE_OUT.to_owned());
    }
    if units
        .parse_range(&text.replacen(['-', '–'], "..", 1))
        .is_ok()
    {
        let kind = match field.unit.as_ref().is_some_and(Unit::is_money) {
            true => "give one amount, and say the other in the text",
            false => "give one number; a field with both ends has `type = \"range\"`",
        };
        return Some(kind.to_owned());
    }
    let is_sign = |c| "$€£¥".contains(c);
    let starts = |c: char| c.is_ascii_digit();
    // What stands behind the number is a unit that is misspelt.
    let is_misspelt = text.trim_start().starts_with(starts) && !text.contains(',');
    if is_misspelt && !text.contains(is_sign) {
        let words: Vec<&str> = text.split_whitespace().take(2).collect();
        let alone = words.join(" ");
        let is_whole = alone == text.trim() || units.parse_quantity(&alone).is_err();
        return (!is_whole).then(|| format!("write the number and its unit alone: `\"{alone}\"`"));
    }
    let Some(repaired) = repaired(field, text, units) else {
        return Some(format!("give {}", wanted(field)));
    };
    Some(match () {
        () if text.contains(is_sign) => {
            format!("write money with its ISO code: `{repaired}`")
        }
        () if text.contains(',') => {
            format!("write `{repaired}`: no commas, a point before the fraction")
        }
        () => format!("write the number and its unit alone: `{repaired}`"),
    })
}

pub(super) fn range(field: &Field, text: &str, units: &Units) -> Result<Value, Problem> {
    let unit = field.unit.clone().unwrap_or_else(Unit::one);
    let range = units.parse_range(text).map_err(|e| Problem {
        help: match text.contains("..") {
            true => e.help,
            false => Some(format!(
                "write both ends with `..` between: `{}`",
                repaired_range(field, text)
            )),
        },
        reported: e.reported,
        ..Problem::value(e.message)
    })?;
    match range.convert(&unit) {
        Ok(converted) => Ok(Value::Range(converted)),
        Err(error) => Err(conversion(field, &range.unit, &unit, error)),
    }
}

fn conversion(field: &Field, found: &Unit, unit: &Unit, error: ConvertError) -> Problem {
    match error {
        ConvertError::Dimension => Problem {
            code: Code::UnitMismatch,
            message: format!(
                "`{}` is measured in `{}`, found `{}`",
                field.name.value,
                unit.symbol(),
                found.symbol()
            ),
            reported: false,
            label: format!("this is {}", found.describe()),
            help: (found.is_money() && unit.is_money()).then(|| {
                format!(
                    "currencies are never converted: give the amount in `{}`, or use `{}` for the whole field",
                    unit.symbol(),
                    found.symbol()
                )
            }),
        },
        ConvertError::Inexact => Problem {
            code: Code::InvalidValue,
            message: format!(
                "this figure in `{}` has no exact value in `{}`",
                found.symbol(),
                unit.symbol()
            ),
            reported: false,
            label: "would have to be rounded".to_string(),
            help: Some(format!(
                "give it rounded in `{}`, or use `{}` for the whole field",
                unit.symbol(),
                found.symbol()
            )),
        },
    }
}
