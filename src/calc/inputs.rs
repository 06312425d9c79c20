//! Reading `[[calculator.inputs]]`: numbers that readers set.

use super::Input;
use super::read::{label, named, read_id, read_unit};
use crate::catalog::{Catalog, decimals_of};
use crate::diag::{Code, Diagnostic, Span, Spanned};
use crate::parse::{Kind, Reader, Table};
use crate::value::{Decimal, MAX_SCALE, Quantity, Unit};

/// The most digits that an input's bounds have, so that a page can hold them.
const INPUT_DIGITS: u32 = 15;

pub(super) fn read_input(
    table: &Table,
    catalog: &Catalog,
    sink: &mut Vec<Diagnostic>,
) -> Option<Input> {
    let reader = Reader::new(table, "an input");
    let id = read_id(&reader, "an input");
    let unit = read_unit(&reader, catalog);
    let label = label(&reader, &named(id.as_ref()));
    let decimals = decimals_of(&reader);
    let unit = unit.ok().map(|unit| unit.unwrap_or_else(Unit::one));
    let bound = |key: &'static str| {
        unit.as_ref()
            .and_then(|u| read_number(&reader, key, u, catalog))
    };
    let (default, min, max) = (bound("default"), bound("min"), bound("max"));
    // Without a unit they mean nothing, and are known all the same.
    for key in ["default", "min", "max"] {
        reader.node(key);
    }
    let help = reader.string("help").map(|help| help.value);
    if table.get("default").is_none() {
        let message = "an input has no `default`";
        reader.report(Diagnostic::error(
            Code::MissingKey,
            table.span.first_line(),
            message,
        ));
    }
    let input = id.zip(unit).zip(default).and_then(|((id, unit), default)| {
        let place = default.span.clone();
        let least = min.map_or(Decimal::ZERO.min(default.value), |min| min.value);
        let most = max.map_or_else(|| a_hundredfold(default.value), |max| Some(max.value))?;
        let scale = default.scale().max(least.scale()).max(most.scale());
        let input = Input {
            id,
            label,
            unit,
            decimals: decimals.unwrap_or(scale.max(2)),
            default: default.value,
            min: least,
            max: most,
            help,
        };
        check_input(input, place, &reader)
    });
    reader.finish(sink);
    input
}

/// The upper bound of an input that declares none.
fn a_hundredfold(number: Decimal) -> Option<Decimal> {
    let hundredfold = number.abs()?.checked_mul(Decimal::from(100))?;
    Some(hundredfold.max(Decimal::from(100)))
}

fn check_input(mut input: Input, place: Span, reader: &Reader<'_>) -> Option<Input> {
    let fits = |number: Decimal| {
        let integer = number.round(input.decimals).to_integer(input.decimals);
        integer.is_some_and(|i| i.unsigned_abs() < 10u128.pow(INPUT_DIGITS))
    };
    let message = match input {
        _ if input.min > input.max => "`min` is above `max`".to_owned(),
        _ if !fits(input.min) || !fits(input.max) => {
            format!("an input has {INPUT_DIGITS} digits at most")
        }
        _ if input.default < input.min || input.default > input.max => {
            format!("`default` must be {} to {}", input.min, input.max)
        }
        _ => {
            for number in [&mut input.default, &mut input.min, &mut input.max] {
                *number = number.round(input.decimals);
            }
            return Some(input);
        }
    };
    reader.report(Diagnostic::error(Code::InvalidValue, place, message));
    None
}

/// A number, or a quantity in a text, in `unit`.
fn read_number(
    reader: &Reader<'_>,
    key: &'static str,
    unit: &Unit,
    catalog: &Catalog,
) -> Option<Spanned<Decimal>> {
    let node = reader.node(key)?;
    let quantity = match &node.kind {
        Kind::Number(text) => Decimal::parse(&text.replace('_', ""))
            .map(|number| Quantity::new(number, unit.clone()))
            .ok_or_else(|| format!("`{key}` must be a number, found `{text}`")),
        Kind::String(text) => (catalog.units.parse_quantity(text)).map_err(|error| error.message),
        other => Err(format!("`{key}` must be a number, found {}", other.name())),
    };
    let number = quantity.and_then(|quantity| {
        let moved = quantity.convert_rounded(unit, MAX_SCALE.min(9));
        let moved =
            moved.map_err(|_| format!("`{quantity}` can't be shown {}", unit.describe()))?;
        Ok(moved.number)
    });
    match number {
        Ok(number) => Some(Spanned::new(number, node.span.clone())),
        Err(message) => {
            reader.report(Diagnostic::error(
                Code::InvalidValue,
                node.span.clone(),
                message,
            ));
            None
        }
    }
}
