//! The calculator in a page: the model for its script, the WASM module, and
//! the presets as static tables in its place without scripts.

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value as Json, json};

use super::build::{BuildPlace, SHOWN, build_html};
use super::escape::Escaped;
use super::guide::Guide;
use crate::calc::{
    Calculator, Input, Module, Output, Piece, Rule, Selection, Slot, shown_decimals,
};
use crate::catalog::{Build, Component};
use crate::directive::Directive;
use crate::expr::{Expr, Group, Ref};
use crate::site::{Page, PageId};
use crate::value::{Operand, Unit, Value, format_operand, money_style};

/// Draws the shell of the calculator.
pub fn calculator_html(
    guide: &Guide,
    calculator: &Calculator,
    module: &Module,
    id: PageId,
) -> String {
    let page = guide.page(id);
    let model = model(guide, calculator, module, page)
        .to_string()
        .replace('<', "\\u003c");
    // What is behind them stands on their own pages, and in the calculator.
    let place = |build: &Build| BuildPlace {
        page,
        id: match shows(guide, id, build) {
            true => format!("calculator-build-{}", build.id.value),
            false => format!("build-{}", build.id.value),
        },
        level: 3,
        explained: false,
    };
    let builds: String = guide
        .catalog
        .builds
        .iter()
        .map(|b| build_html(guide, b, &place(b)))
        .collect();
    format!(
        "<section class=\"calc\" id=\"calculator\" aria-labelledby=\"calculator-title\">\n<h2 class=\"calc-title\" id=\"calculator-title\">{}</h2>\n<div class=\"calc-app\" hidden></div>\n<script type=\"application/json\" class=\"calc-model\">{model}</script>\n<script type=\"application/wasm\" class=\"calc-module\">{}</script>\n<div class=\"calc-static\"><p>With JavaScript you choose parts here and see what they come to. These are the ready builds.</p>\n{builds}</div>\n</section>\n",
        Escaped(&calculator.title),
        BASE64.encode(&module.bytes)
    )
}

/// Whether a page shows a build beside the calculator, too.
fn shows(guide: &Guide, id: PageId, build: &Build) -> bool {
    let own = build.own_page && build.path == guide.page(id).document.path;
    let mut directives = guide.contents[id.0].directives.iter().flatten();
    own || directives.any(|directive| match directive {
        Directive::Build(shown) => shown.id == build.id.value,
        _ => false,
    })
}

/// Everything that the script knows: labels, cells and formats.
fn model(guide: &Guide, calculator: &Calculator, module: &Module, page: &Page) -> Json {
    let locale = &guide.catalog.locale;
    let slots = calculator.slots.iter().zip(&module.cells.slots);
    let inputs = calculator.inputs.iter().zip(&module.cells.inputs);
    let inputs = inputs.map(|(input, cell)| input_json(guide, input, *cell));
    let totals = calculator.totals.iter().enumerate().map(|(i, total)| {
        json!({
            "id": total.id.value, "label": total.label, "formula": total.formula.value,
            "help": total.help, "cell": module.cells.totals[i],
            "out": output(guide, &module.totals[i], total.decimals),
            "money": total.unit.is_money(), "uses": uses(guide, calculator, &total.expr),
        })
    });
    json!({
        "version": guide.version.id,
        "locale": { "group": locale.group, "from": locale.group_from, "point": locale.decimal, "yes": locale.yes, "no": locale.no },
        "slots": slots.map(|(slot, cell)| slot_json(guide, calculator, module, slot, *cell, page)).collect::<Vec<_>>(),
        "inputs": inputs.collect::<Vec<_>>(),
        "own": calculator.own.as_ref().map(|own| json!({
            "field": own.field, "unit": own.unit.symbol(), "decimals": own.decimals(),
            "most": own.most.to_string(), "out": number(guide, &own.unit, own.decimals(), own.decimals()),
        })),
        "totals": totals.collect::<Vec<_>>(),
        "rules": (0..calculator.rules.len()).map(|i| rule_json(guide, calculator, module, i)).collect::<Vec<_>>(),
        "presets": guide.catalog.builds.iter().map(|build| {
            let selection = Selection::of_build(build, calculator, &guide.catalog);
            json!({ "id": build.id.value, "title": build.title, "parts": selection.parts })
        }).collect::<Vec<_>>(),
        "shown": SHOWN,
        "texts": module.texts,
        "sets": module.sets,
    })
}

fn slot_json(
    guide: &Guide,
    calculator: &Calculator,
    module: &Module,
    slot: &Slot,
    cell: u32,
    page: &Page,
) -> Json {
    let category = guide.catalog.category(&slot.category);
    let own = calculator.own.as_ref();
    let price_at = category
        .zip(own)
        .and_then(|(c, own)| c.field_position(&own.field));
    let components = category.map_or(&[][..], |c| &c.components);
    let parts: Vec<Json> = (components.iter())
        .map(|component| {
            let price = price_at.and_then(|at| match &component.figures[at].value {
                Operand::Known(Value::Number(quantity)) => {
                    let decimals = own.map_or(0, crate::calc::Own::decimals);
                    quantity.number.round(decimals).to_integer(decimals)
                }
                _ => None,
            });
            json!({
                "id": component.id.value, "title": component.title,
                "former": component.former.iter().map(|f| &f.value).collect::<Vec<_>>(),
                "price": price.and_then(|p| i64::try_from(p).ok()),
                "url": guide.component_link(page, &slot.category, &component.id.value),
            })
        })
        .collect();
    let cells = module.cells.owns.get(&slot.category);
    let used = used_fields(guide, calculator, slot);
    let figures: serde_json::Map<String, Json> = (category.into_iter())
        .flat_map(|category| category.fields.iter().enumerate())
        .filter(|(_, field)| used.contains(&field.name.value))
        .map(|(at, field)| {
            let text = |component: &Component| {
                let value = &component.figures[at].value;
                format_operand(value, field.decimals, &guide.catalog.locale)
            };
            let texts: Vec<String> = components.iter().map(text).collect();
            let json = json!({ "label": field.label, "texts": texts });
            (field.name.value.to_string(), json)
        })
        .collect();
    json!({
        "id": slot.id.value, "label": slot.label, "help": slot.help, "min": slot.min, "max": slot.max,
        "single": slot.is_single(), "category": slot.category, "cell": cell, "parts": parts,
        "own": cells.map(|cells| json!({ "prices": cells.prices, "flags": cells.flags })),
        "figures": figures,
    })
}

fn input_json(guide: &Guide, input: &Input, cell: u32) -> Json {
    json!({
        "out": number(guide, &input.unit, input.decimals, input.decimals),
        "id": input.id.value, "label": input.label, "help": input.help, "unit": input.unit.symbol(),
        "decimals": input.decimals, "default": input.default.to_string(),
        "min": input.min.to_string(), "max": input.max.to_string(), "cell": cell,
    })
}

fn rule_json(guide: &Guide, calculator: &Calculator, module: &Module, index: usize) -> Json {
    let rule: &Rule = &calculator.rules[index];
    let mut figures = module.cells.figures[index]
        .iter()
        .zip(&module.figures[index]);
    let message: Vec<Json> = (rule.message.pieces.iter())
        .map(|piece| match piece {
            Piece::Text(text) => json!(text),
            Piece::Figure(expr) => match figures.next() {
                Some((cell, out)) => {
                    json!({ "cell": cell, "out": output(guide, out, shown_decimals(expr.ty())) })
                }
                None => json!(""),
            },
        })
        .collect();
    json!({
        "id": rule.id.value, "label": rule.label, "severity": rule.severity.name(),
        "require": rule.require.value, "help": rule.help, "message": message,
        "cell": module.cells.rules[index], "slots": slots_of(calculator, &rule.expr, 0),
        "uses": uses(guide, calculator, &rule.expr),
    })
}

/// What a formula reckons with, for the reader who asks why: `[slot, field]`,
/// `["total", id]` or `["input", id]`.
fn uses(guide: &Guide, calculator: &Calculator, expr: &Expr) -> Vec<[Arc<str>; 2]> {
    let mut uses: Vec<[Arc<str>; 2]> = Vec::new();
    for reference in expr.dependencies().refs {
        match reference {
            Ref::Slot { slot, field }
            | Ref::Each {
                group: Group::Slot(slot),
                field,
            } => uses.push([slot, field]),
            Ref::Each {
                group: Group::Parts,
                field,
            } => uses.extend((calculator.slots.iter()).filter_map(|slot| {
                let category = guide.catalog.category(&slot.category)?;
                category.field(&field)?;
                Some([Arc::clone(&slot.id.value), Arc::clone(&field)])
            })),
            Ref::Total { id } => uses.push(["total".into(), id]),
            Ref::Input { id } => uses.push(["input".into(), id]),
            _ => {}
        }
    }
    let mut seen = BTreeSet::new();
    uses.retain(|pair| seen.insert(pair.clone()));
    uses
}

/// The fields of a slot's category that any total or rule reckons with.
fn used_fields(guide: &Guide, calculator: &Calculator, slot: &Slot) -> BTreeSet<Arc<str>> {
    let totals = calculator.totals.iter().map(|total| &total.expr);
    let formulas = totals.chain(calculator.rules.iter().map(|rule| &rule.expr));
    let all = formulas.flat_map(|expr| uses(guide, calculator, expr));
    all.filter(|[of, _]| *of == slot.id.value)
        .map(|[_, field]| field)
        .collect()
}

/// How deep totals that use totals are followed.
const DEPTH: usize = 8;

/// The slots that a formula speaks of, directly or by its totals.
fn slots_of(calculator: &Calculator, expr: &Expr, depth: usize) -> Vec<Arc<str>> {
    let dependencies = expr.dependencies();
    let mut slots = Vec::new();
    for reference in &dependencies.refs {
        match reference {
            Ref::Slot { slot, .. } => slots.push(slot.clone()),
            Ref::Total { id } if depth < DEPTH => {
                if let Some(total) = calculator.total(id) {
                    slots.extend(slots_of(calculator, &total.expr, depth + 1));
                }
            }
            _ => {}
        }
    }
    for group in &dependencies.groups {
        if let Group::Slot(slot) = group {
            slots.push(slot.clone());
        }
    }
    slots.sort();
    slots.dedup();
    slots
}

/// How the script reads and shows an output.
fn output(guide: &Guide, output: &Output, shown: u8) -> Json {
    match output {
        Output::Number { unit, decimals } => number(guide, unit, *decimals, shown),
        Output::Range { unit, decimals } => {
            let mut json = number(guide, unit, *decimals, shown);
            json["kind"] = json!("range");
            json
        }
        Output::Bool => json!({ "kind": "bool" }),
        Output::Date => json!({ "kind": "date" }),
        Output::Text => json!({ "kind": "text" }),
        Output::Set => json!({ "kind": "set" }),
    }
}

/// `scale`: how many decimals the module's integer has.
fn number(guide: &Guide, unit: &Unit, scale: u8, shown: u8) -> Json {
    let locale = &guide.catalog.locale;
    let (prefix, suffix, least) = match money_style(unit, locale) {
        Some(money) => (money.prefix, money.suffix, money.minor),
        None => {
            let suffix = match unit.symbol() {
                "" => String::new(),
                "°" => "°".to_string(),
                share @ ("%" | "‰") => format!("{}{share}", locale.percent_space),
                symbol => format!("\u{a0}{symbol}"),
            };
            (String::new(), suffix, 0)
        }
    };
    let most = shown.max(least);
    json!({ "kind": "number", "scale": scale, "prefix": prefix, "suffix": suffix, "least": least, "most": most })
}
