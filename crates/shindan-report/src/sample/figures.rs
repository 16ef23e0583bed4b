//! Data of each figure, made by hand: a hospital in November 2026. All of it is invented.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use shindan_domain::case::analysis::FrozenStep;
use shindan_domain::collect::{Cell, CellState, CheckResult, CheckedOn};
use shindan_domain::priority::{Decision, DecisionPoint, DecisionTable, TableError};
use shindan_domain::record_id::SourceCheckId;

use super::parts::time;
use crate::figure::{
    EpssHistory, Figure, HitPlace, HitProduct, Measured, OverTime, Relations, SourceDays, SourceRow,
    SsvcTree, Strip, Taken, Times, Week, epss, freshness, month, over_time, relations, times, tree,
};
use crate::words::Words;

/// Every figure with the name of its kind.
pub fn figures(words: &Words) -> Vec<(&'static str, Figure)> {
    let mut all = vec![
        ("over-time", over_time(&weeks(), "w", words)),
        ("times-decide", times(&measured(Measured::Decide), "d", words)),
        ("times-fix", times(&measured(Measured::Fix), "f", words)),
        ("freshness", freshness(&sources(date(2026, 11, 14), 14), "s", words)),
        ("month", month(&sources(date(2026, 11, 1), 30), date(2026, 11, 1), "m", words)),
        ("relations", relations(&hit(), "r", words)),
        ("epss", epss(&history(), "e", words)),
    ];
    if let Ok(data) = path() {
        all.push(("tree", tree(&data, "t", words)));
    }
    all
}

/// Twelve weeks with cases that come and are closed.
pub fn weeks() -> OverTime {
    let open = [
        [0, 2, 5, 1],
        [0, 3, 6, 1],
        [1, 3, 6, 2],
        [3, 4, 8, 2],
        [2, 6, 9, 2],
        [0, 5, 11, 3],
        [0, 4, 11, 3],
        [0, 3, 9, 3],
        [1, 3, 9, 4],
        [1, 2, 8, 4],
        [0, 1, 8, 4],
        [1, 1, 7, 5],
    ];
    let week = |(place, open): (i64, [u64; 4])| Week {
        until: day(date(2026, 9, 6), 7 * place),
        open,
        undetermined: (place > 2).then_some(40 - place.unsigned_abs()),
    };
    OverTime { as_of: time("2026-11-22T08:40:00Z"), weeks: (0..).zip(open).map(week).collect() }
}

fn day(first: Date, after: i64) -> Date {
    first.checked_add(after.days()).unwrap_or(first)
}

/// A few cases of the urgent priorities, and many that are planned.
pub fn measured(measured: Measured) -> Times {
    let factor = if measured == Measured::Decide { 1 } else { 4 };
    let strip = |priority, hours: Vec<u64>, days: Option<u16>, waiting, waiting_late| {
        let limit_days = days.map(|days| days * u16::try_from(factor).unwrap_or(1));
        let taken = hours.into_iter().map(|hours| {
            let hours = hours * factor;
            Taken { hours, kept: limit_days.map(|days| hours <= u64::from(days) * 24) }
        });
        Strip { priority, taken: taken.collect(), limit_days, waiting, waiting_late }
    };
    let many = (0..200).map(|case| 20 + case * case % 311).collect();
    Times {
        as_of: time("2026-11-22T08:40:00Z"),
        measured,
        strips: vec![
            strip(Decision::Immediate, vec![3, 5, 9, 30], Some(1), 1, 1),
            strip(Decision::OutOfCycle, vec![20, 44, 70, 71, 100, 180], Some(7), 2, 0),
            strip(Decision::Scheduled, many, Some(14), 9, 0),
            strip(Decision::Defer, vec![200, 300], None, 0, 0),
        ],
    }
}

/// So many days of three sources from `first`; one of the sources is late.
pub fn sources(first: Date, days: i64) -> SourceDays {
    let row = |title: &str, late: bool, states: &dyn Fn(i64) -> (CellState, u64)| {
        let days = (0..days).map(|after| {
            let (state, new_items) = states(after);
            let result = match state {
                CellState::DoneNew => Some(CheckResult::NewItems),
                CellState::DoneNothing => Some(CheckResult::NothingNew),
                CellState::Failed => Some(CheckResult::Failed),
                CellState::Missed | CellState::NonePlanned | CellState::Ahead => None,
            };
            let check = |result| CheckedOn { check: SourceCheckId(Default::default()), result };
            Cell {
                date: day(first, after),
                state,
                new_items,
                checks: result.map(check).into_iter().collect(),
            }
        });
        let last = (!late).then(|| time("2026-11-22T00:10:00Z"));
        SourceRow { title: title.to_owned(), days: days.collect(), last, late }
    };
    SourceDays {
        as_of: time("2026-11-22T08:40:00Z"),
        rows: vec![
            row("JPCERT/CC 注意喚起", false, &|after| match after % 5 {
                0 => (CellState::DoneNew, 1),
                3 => (CellState::Failed, 0),
                _ => (CellState::DoneNothing, 0),
            }),
            row("JVN iPedia", false, &|after| (CellState::DoneNew, (after.unsigned_abs() * 37) % 90 + 1)),
            row("製造販売業者からのセキュリティ通知（郵送）", true, &|after| match after
                % 7
            {
                6 => (CellState::Missed, 0),
                _ => (CellState::NonePlanned, 0),
            }),
        ],
    }
}

/// A way through a table of four questions, which is not that of CISA.
///
/// # Errors
/// None: the rows are complete.
pub fn path() -> Result<SsvcTree, TableError> {
    let mut rows: Vec<(Vec<&str>, Decision)> = Vec::new();
    for (e, exploitation) in DecisionPoint::Exploitation.values().iter().enumerate() {
        for (x, exposure) in DecisionPoint::Exposure.values().iter().enumerate() {
            for (a, automatable) in DecisionPoint::Automatable.values().iter().enumerate() {
                for (h, impact) in DecisionPoint::HumanImpact.values().iter().enumerate() {
                    let outcome = match 2 * e + x + a + h {
                        0..=3 => Decision::Defer,
                        4..=6 => Decision::Scheduled,
                        7 | 8 => Decision::OutOfCycle,
                        _ => Decision::Immediate,
                    };
                    rows.push((vec![exploitation, exposure, automatable, impact], outcome));
                }
            }
        }
    }
    let table = DecisionTable::new("sample:1.0.0", DecisionPoint::ALL.to_vec(), rows)?;
    let step = |point: DecisionPoint, value: &str, origin: &str, evidence: &str| FrozenStep {
        point: point.as_str().to_owned(),
        value: value.to_owned(),
        origin: origin.to_owned(),
        evidence: evidence.to_owned(),
        defaulted: origin == "policy-default",
    };
    let path = [
        step(DecisionPoint::Exploitation, "active", "kev", "KEV 2024-02-09"),
        step(DecisionPoint::Exposure, "controlled", "asset-exposure", "院内のみ"),
        step(DecisionPoint::Automatable, "yes", "cvss", "AV:N/PR:N/UI:N"),
        step(DecisionPoint::HumanImpact, "medium", "policy-default", ""),
    ];
    Ok(SsvcTree::of(&table, &path, Decision::OutOfCycle))
}

/// Two versions of a product on several systems.
pub fn hit() -> Relations {
    let product = |name: &str, priority, places: &[usize]| HitProduct {
        name: name.to_owned(),
        priority,
        places: places.to_vec(),
    };
    let places = [
        "電子カルテ（本院）",
        "PACS",
        "検査部門システム",
        "VPN 装置 NW-001（本院・分院共用）",
        "患者ポータル",
    ];
    Relations {
        vulnerability: "CVE-2024-21762".to_owned(),
        products: vec![
            product("FortiOS 7.0.12", Decision::Immediate, &[3]),
            product("FortiOS 7.2.4", Decision::OutOfCycle, &[0, 1, 3]),
            product("とても長い名前の製品とその版 12.3.4-5", Decision::Scheduled, &[2, 4]),
        ],
        places: places.map(|name| HitPlace { name: name.to_owned() }).into(),
        undetermined: 2,
    }
}

/// EPSS that rises.
pub fn history() -> EpssHistory {
    let values = [(1, "0.00412"), (5, "0.00500"), (9, "0.0311"), (16, "0.41"), (22, "0.97567")];
    EpssHistory { values: values.map(|(day, text)| (Date::new(2026, 11, day).ok(), text.to_owned())).into() }
}
