//! A figure that is another one now, in words: what it was, what it is, and
//! how far it moved. All three have the same unit and as many digits as make
//! them agree.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::calc::TotalDiff;
use crate::catalog::{FigureDiff, Movement};
use crate::render::escape::Escaped;
use crate::value::{
    Decimal, Locale, MAX_SCALE, Operand, Quantity, Value, format_digits, format_number,
    format_operand, money_style,
};

/// A change of a figure, as text.
pub struct Moved {
    pub from: String,
    pub to: String,
    /// Empty where both texts say it all.
    pub change: String,
    /// Of numbers.
    rises: Option<bool>,
    improves: Option<bool>,
}

impl Moved {
    pub fn figure(figure: &FigureDiff, locale: &Locale) -> Self {
        let movement = figure.movement.as_ref();
        Self {
            improves: figure.improves,
            ..moved(&figure.from, &figure.to, figure.decimals, movement, locale)
        }
    }

    pub fn total(total: &TotalDiff, locale: &Locale) -> Self {
        let (decimals, movement) = (Some(total.decimals), total.movement.as_ref());
        moved(&total.from, &total.to, decimals, movement, locale)
    }

    /// "$1,599 → $1,799 (+$200, +12.5 %)".
    pub fn text(&self) -> String {
        let change = match self.change.as_str() {
            "" => String::new(),
            change => format!(" ({change})"),
        };
        format!("{} → {}{change}", self.from, self.to)
    }

    pub fn is_number(&self) -> bool {
        self.rises.is_some()
    }

    /// The change alone, coloured where it is for the better or worse.
    pub fn change_html(&self) -> String {
        let way = match self.rises {
            Some(true) => "change-up",
            Some(false) => "change-down",
            None => "change-other",
        };
        let (class, word) = match self.improves {
            Some(true) => (" change-good", "<span class=\"vh\"> (better)</span>"),
            Some(false) => (" change-bad", "<span class=\"vh\"> (worse)</span>"),
            None => ("", ""),
        };
        let text = Escaped(&self.change);
        match self.change.is_empty() {
            true => String::new(),
            false => format!("<span class=\"{way}{class}\">{text}{word}</span>"),
        }
    }
}

fn moved(
    from: &Operand,
    to: &Operand,
    decimals: Option<u8>,
    movement: Option<&Movement>,
    locale: &Locale,
) -> Moved {
    if let (Some(movement), Some(Value::Number(now))) = (movement, to.known())
        && let Some(moved) = number(now, movement, decimals, locale)
    {
        return moved;
    }
    let shown = |operand| format_operand(operand, decimals, locale);
    Moved {
        from: shown(from),
        to: shown(to),
        change: other(from, to),
        rises: None,
        improves: None,
    }
}

fn number(
    now: &Quantity,
    movement: &Movement,
    decimals: Option<u8>,
    locale: &Locale,
) -> Option<Moved> {
    let before = now.number.checked_sub(movement.digits)?;
    let least = match money_style(&now.unit, locale) {
        Some(money) if now.unit.is_money() => Some(money.minor),
        Some(rate) => decimals.map(|decimals| decimals.max(rate.minor)),
        None => decimals,
    };
    let decimals = least.map(|least| agreeing(before, now.number, movement.digits, least));
    let shown = |number| format_digits(&Quantity::new(number, now.unit.clone()), decimals, locale);
    let plus = if movement.rises() { "+" } else { "" };
    let mut change = match now.unit.symbol() {
        "%" => points(movement.digits, decimals, locale),
        _ => shown(movement.digits),
    };
    if let Some(percent) = movement.percent {
        let percent = format_number(percent, 0, None, locale);
        change.push_str(&format!(", {plus}{percent}{}%", locale.percent_space));
    }
    Some(Moved {
        from: shown(before),
        to: shown(now.number),
        change: format!("{plus}{change}"),
        rises: Some(movement.rises()),
        improves: None,
    })
}

/// The difference of two shares, which is no share of anything.
fn points(digits: Decimal, decimals: Option<u8>, locale: &Locale) -> String {
    let word = match digits.abs() == Some(Decimal::ONE) {
        true => "percentage point",
        false => "percentage points",
    };
    format!("{} {word}", format_number(digits, 0, decimals, locale))
}

/// The digits behind the point, `least` or more, with which the difference
/// shown is that of the numbers shown, and not nothing.
fn agreeing(before: Decimal, now: Decimal, difference: Decimal, least: u8) -> u8 {
    let agree = |decimals: &u8| {
        let shown = difference.round(*decimals);
        let between = now.round(*decimals).checked_sub(before.round(*decimals));
        !shown.is_zero() && between == Some(shown)
    };
    (least..=MAX_SCALE).find(agree).unwrap_or(least)
}

/// What changed of figures that are no numbers, or were not known.
fn other(from: &Operand, to: &Operand) -> String {
    match (from, to) {
        (Operand::Unknown(_), Operand::Known(_)) => "now known".to_owned(),
        (Operand::Known(_), Operand::Unknown(_)) => "no longer known".to_owned(),
        (Operand::Known(Value::Set(from)), Operand::Known(Value::Set(to))) => {
            members(&from.iter().collect(), &to.iter().collect())
        }
        (Operand::Known(Value::List(from)), Operand::Known(Value::List(to))) => {
            members(&from.iter().collect(), &to.iter().collect())
        }
        _ => String::new(),
    }
}

/// "+ECC, −RGB".
fn members(from: &BTreeSet<&Arc<str>>, to: &BTreeSet<&Arc<str>>) -> String {
    let added = to.difference(from).map(|text| format!("+{text}"));
    let removed = from.difference(to).map(|text| format!("\u{2212}{text}"));
    added.chain(removed).collect::<Vec<_>>().join(", ")
}
