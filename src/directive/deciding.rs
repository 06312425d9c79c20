//! Which figures decide a formula over several parts: the largest of a `max`,
//! those that break an `all`. Else a claim that fails would name none.

use std::sync::Arc;

use super::Facts;
use crate::expr::ir::{Aggregate, Kind};
use crate::expr::{Env, Expr, Member};
use crate::value::{Operand, Value};

/// How many parts are named of one aggregate.
const MOST: usize = 4;

/// Figures with their values, and how many more parts there are like these.
#[derive(Default)]
pub struct Deciding {
    pub figures: Vec<(Arc<str>, Operand)>,
    pub more: usize,
}

/// The figures that decide the outermost aggregates of a formula.
pub fn deciding(expr: &Expr, facts: &Facts<'_>) -> Deciding {
    let values = facts.figures(facts.own);
    let mut found = Deciding::default();
    for aggregate in expr.aggregates() {
        let whole = aggregate.evaluate(&values);
        let Some(members) = members(&aggregate, &whole, &values) else {
            let name = aggregate.own_text().into();
            found.figures.push((name, whole));
            continue;
        };
        found.more += members.len().saturating_sub(MOST);
        for member in members.iter().take(MOST) {
            found.figures.extend(figures(&aggregate, member, &values));
        }
    }
    found
}

/// The members that decide; none where all do, as in a sum.
fn members(aggregate: &Expr, whole: &Operand, env: &dyn Env) -> Option<Vec<Member>> {
    let Kind::Aggregate {
        aggregate: kind, ..
    } = &aggregate.root().kind
    else {
        return None;
    };
    let most = match (kind, whole.known()?) {
        (Aggregate::All, Value::Bool(true)) => 0,
        (Aggregate::All | Aggregate::Any, Value::Bool(false)) => usize::MAX,
        (Aggregate::Any | Aggregate::Least | Aggregate::Greatest, _) => 1,
        _ => return None,
    };
    let by_member = aggregate.by_member(env).into_iter();
    let decide = by_member.filter(|(_, value)| value == whole);
    Some(decide.take(most).map(|(member, _)| member).collect())
}

/// The figures of a member that an aggregate uses.
fn figures(aggregate: &Expr, member: &Member, env: &dyn Env) -> Vec<(Arc<str>, Operand)> {
    let Kind::Aggregate { group, fields, .. } = &aggregate.root().kind else {
        return Vec::new();
    };
    let figure = |field: &Arc<str>| {
        let name = format!("{}.{}.{field}", member.category, member.component);
        (name.into(), env.member_value(group, member, field))
    };
    fields.iter().map(figure).collect()
}
