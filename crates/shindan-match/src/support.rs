//! End of support: from which day on it is a finding, and what the ledger's own date makes.
//!
//! An advisory names the first day without support; a ledger names the last day with it (サポート終了日). The day that the
//! answer holds for is an argument.

use std::sync::Arc;

use jiff::Unit;
use jiff::civil::Date;
use shindan_domain::diagnostic::{Code, Diagnostic, Params, Place};
use shindan_domain::finding::{Confidence, Grounds, MatchBasis, MatchMethod, VulnerabilityFacts};
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::{Asset, Component, Inventory};

/// From so many days before it on, the coming end of support is told.
const SOON_DAYS: i32 = 90;

/// What an end of support means on a given day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Support {
    /// There is none any more, or the source gives no day.
    Ended,
    /// It ends in so many days.
    EndsSoon(i32),
    /// There is still time.
    Goes,
    /// The date cannot be read.
    Unreadable,
}

/// What the first day without support (`YYYY-MM-DD`) means on `today`.
pub(crate) fn support(first_day_without: &str, today: Date) -> Support {
    let Ok(first) = first_day_without.trim().parse::<Date>() else { return Support::Unreadable };
    if first <= today {
        return Support::Ended;
    }
    let days = today.until((Unit::Day, first)).map_or(i32::MAX, |span| span.get_days());
    if days <= SOON_DAYS { Support::EndsSoon(days) } else { Support::Goes }
}

/// What the facts of a vulnerability mean on `today`: `None` if it is no end of support.
pub(crate) fn of_facts(facts: &VulnerabilityFacts, today: Date) -> Option<Support> {
    (facts.kind == FindingKind::EndOfLife)
        .then(|| facts.support_end.as_deref().map_or(Support::Ended, |day| support(day, today)))
}

/// What a ledger's own date makes of an asset.
#[derive(Debug)]
pub(crate) enum OfLedger {
    /// A finding.
    Ended(Arc<VulnerabilityFacts>, Arc<Grounds>),
    /// A remark.
    Soon(Diagnostic),
    /// Cannot be judged.
    Unreadable(Params),
}

/// Looks at the date that a ledger gives for an asset; `None` if there is nothing to say.
pub(crate) fn of_ledger(
    inventory: &Inventory,
    component: &Component,
    asset: &Asset,
    today: Date,
) -> Option<OfLedger> {
    let last = asset.support_end.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
    let first_without = last.parse::<Date>().ok().and_then(|day| day.tomorrow().ok());
    let Some(first_without) = first_without.map(|day| day.to_string()) else {
        return Some(OfLedger::Unreadable(Params::from([("value".to_owned(), last.to_owned())])));
    };
    match support(&first_without, today) {
        Support::Ended => {
            let facts = facts(component, asset, first_without);
            let grounds = grounds(inventory, component, &facts.id);
            Some(OfLedger::Ended(Arc::new(facts), Arc::new(grounds)))
        }
        Support::EndsSoon(days) => {
            Some(OfLedger::Soon(ends_soon(inventory, component, &first_without, days)))
        }
        Support::Goes => None,
        Support::Unreadable => None,
    }
}

/// The remark that support ends soon, at the place of the component.
pub(crate) fn ends_soon(inventory: &Inventory, component: &Component, first: &str, days: i32) -> Diagnostic {
    let mut place = Place::file(&inventory.path);
    match component.pointer.strip_prefix("line ").and_then(|line| line.parse().ok()) {
        Some(line) => place.line = Some(line),
        None if !component.pointer.is_empty() => place.field = Some(component.pointer.clone()),
        None => {}
    }
    Diagnostic::new(Code::SupportEndsSoon, place)
        .with("name", &component.name)
        .with("date", first)
        .with("days", days)
}

fn facts(component: &Component, asset: &Asset, first_without: String) -> VulnerabilityFacts {
    let of = match (asset.asset_id.as_str(), &asset.maker, &asset.model) {
        ("", Some(maker), Some(model)) => format!("{maker}/{model}"),
        ("", _, _) => component.name.clone(),
        (id, _, _) => id.to_owned(),
    };
    let id = format!("EOL:{of}");
    VulnerabilityFacts {
        aliases: vec![id.clone()],
        id,
        title: component.name.clone(),
        kind: FindingKind::EndOfLife,
        support_end: Some(first_without),
        ..VulnerabilityFacts::default()
    }
}

fn grounds(inventory: &Inventory, component: &Component, id: &str) -> Grounds {
    let place = match component.pointer.as_str() {
        "" => inventory.path.clone(),
        pointer => format!("{}#{pointer}", inventory.path),
    };
    let basis = MatchBasis {
        method: MatchMethod::SupportEnd,
        identifier: component.name.clone(),
        range: "*".to_owned(),
        advisory: id.to_owned(),
        source: inventory.path.clone(),
        place,
        confidence: Confidence::High,
        reading: None,
    };
    Grounds { advisories: Vec::new(), bases: vec![basis], fixed_versions: Vec::new(), disputed: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_compared_with_today() {
        let today = jiff::civil::date(2026, 7, 2);
        for (first, expected) in [
            ("2026-07-01", Support::Ended),
            ("2026-07-02", Support::Ended),
            ("2026-07-03", Support::EndsSoon(1)),
            ("2026-09-30", Support::EndsSoon(90)),
            ("2026-10-01", Support::Goes),
            ("9999-12-31", Support::Goes),
            ("-9999-01-01", Support::Unreadable),
            ("2026-02-30", Support::Unreadable),
            ("31-3-2027", Support::Unreadable),
            ("", Support::Unreadable),
        ] {
            assert_eq!(support(first, today), expected, "{first}");
        }
    }
}
