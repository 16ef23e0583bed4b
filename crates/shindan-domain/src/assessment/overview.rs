//! 所見一覧: every finding of a plan with what is known and decided about it on a day.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Fingerprint;
use super::decision::{Decided, DecisionState, FindingRef, ScanFinding};
use super::groups::Groups;
use super::outside::OutsideRule;
use super::plan::AssessmentPlan;
use super::report::{ScanPlace, ScanResult};
use super::severity::{Level, Rated, SeverityTable};
use super::standing::{Known, Presence, Standing};
use crate::priority::Decision;
use crate::record_id::{AssessmentId, AssessmentPlanId, ScanFindingId};

/// One finding on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct FindingRow<'a> {
    /// Its identity.
    pub fingerprint: Fingerprint,
    /// As it is known.
    pub known: &'a Known,
    /// How severe, and what that rests on.
    pub rated: Rated,
    /// How urgent, by the table.
    pub priority: Decision,
    /// The one that stands for it, if it is one of several that are the same.
    pub stands_for: Option<Fingerprint>,
    /// What counts about it: its own decision, or that of one that is the same.
    pub decided: Decided,
    /// The record of its own decision.
    pub decision: Option<(ScanFindingId, DecisionState)>,
}

impl FindingRow<'_> {
    /// True if it is there and something has to be decided about it. What the table calls informational is noted, not decided.
    pub fn is_open(&self) -> bool {
        self.known.presence != Presence::Gone
            && self.decided == Decided::Nothing
            && self.rated.level != Some(Level::Informational)
    }
}

/// All findings of a plan, the most urgent first.
pub fn overview<'a>(
    plan: &AssessmentPlan,
    standing: &'a Standing,
    decisions: &[(ScanFindingId, ScanFinding)],
    table: &SeverityTable,
    today: Date,
) -> Vec<FindingRow<'a>> {
    let groups = Groups::of(plan, standing);
    let own: BTreeMap<Fingerprint, (ScanFindingId, &ScanFinding)> =
        decisions.iter().map(|(id, one)| (one.finding.fingerprint, (*id, one))).collect();
    let counts =
        |one: Fingerprint| own.get(&one).map_or(Decided::Nothing, |(_, decision)| decision.decided(today));
    let row = |(fingerprint, known): (&Fingerprint, &'a Known)| {
        let rated = table.rate(&known.tool, &known.result);
        let primary = groups.primary(*fingerprint);
        let mut decided = counts(*fingerprint);
        if decided == Decided::Nothing {
            let members = groups.members(*fingerprint);
            // A verdict holds for what was joined when it was approved: joining something to it afterwards decides nothing. And a case
            // knows nothing of what is only beside it.
            let joined = plan.joined.iter().filter(|word| {
                word.same && (members.contains(&word.primary) || members.contains(&word.other))
            });
            let joined = joined.map(|word| word.at).max();
            let approved = |one: &Fingerprint| own.get(one).and_then(|(_, decision)| decision.approved_at());
            let all = [primary].into_iter().chain(members);
            let in_time =
                all.filter(|one| joined.is_none_or(|joined| approved(one).is_some_and(|at| at > joined)));
            let verdict = |one: &Decided| matches!(one, Decided::Verdict(..));
            decided = in_time.map(counts).find(verdict).unwrap_or(Decided::Nothing);
        }
        FindingRow {
            fingerprint: *fingerprint,
            known,
            rated,
            priority: table.priority(rated.level, plan.draft.exposure, plan.draft.affects_patients),
            stands_for: (primary != *fingerprint).then_some(primary),
            decided,
            decision: own.get(fingerprint).map(|(id, one)| (*id, one.state())),
        }
    };
    let mut rows: Vec<FindingRow<'a>> = standing.findings.iter().map(row).collect();
    rows.sort_by(|one, other| order(one).cmp(&order(other)));
    rows
}

/// Where the rows go on after one that was shown before, as it was shown: `was_open`. It stays right if the finding was decided
/// meanwhile, which moves it behind the open ones. `None`: the plan does not know such a finding.
pub fn place_after(rows: &[FindingRow<'_>], shown: Fingerprint, was_open: bool) -> Option<usize> {
    let row = rows.iter().find(|row| row.fingerprint == shown)?;
    let (_, priority, level, rule, _) = order(row);
    Some(rows.partition_point(|other| order(other) <= (!was_open, priority, level, rule, shown)))
}

fn order<'a>(row: &'a FindingRow<'_>) -> (bool, Decision, u8, &'a str, Fingerprint) {
    let level = row.rated.level.map_or(1, |level| level as u8);
    (!row.is_open(), row.priority, level, &row.known.result.rule, row.fingerprint)
}

/// Findings that a run saw and about which nothing is decided: the first one for people, and how many.
pub fn undecided(rows: &[FindingRow<'_>], run: AssessmentId) -> (Option<String>, u64) {
    let of_run = |row: &&FindingRow<'_>| row.known.runs.contains(&run) && row.is_open();
    let first = rows.iter().find(of_run).map(|row| {
        let result = &row.known.result;
        // The title of the outside check is in the language of who scanned; its rule is in none.
        let own = OutsideRule::of(&row.known.tool, &result.rule).map(OutsideRule::id);
        format!("{} {}", row.fingerprint, own.as_ref().unwrap_or(&result.title))
    });
    (first, rows.iter().filter(of_run).count() as u64)
}

/// The finding as decisions name it.
pub fn reference(plan: AssessmentPlanId, row: &FindingRow<'_>) -> FindingRef {
    let result: &ScanResult = &row.known.result;
    FindingRef {
        plan,
        fingerprint: row.fingerprint,
        tool: row.known.tool.clone(),
        rule: result.rule.clone(),
        title: result.title.clone(),
        place: place(&result.place),
        level: row.rated.level,
    }
}

/// Where it is, for people: `https://test/login (user)`, `src/a.py:12`, `10.0.0.5:443/tcp`, `openssl 3.0.1`.
pub fn place(place: &ScanPlace) -> String {
    let mut text = if let Some(component) = &place.component {
        match &place.version {
            Some(version) => format!("{component} {version}"),
            None => component.clone(),
        }
    } else if let Some(file) = &place.file {
        match place.line {
            Some(line) => format!("{file}:{line}"),
            None => file.clone(),
        }
    } else if let Some(url) = &place.url {
        url.clone()
    } else if let Some(host) = &place.host {
        let port = place.port.map(|port| format!(":{port}")).unwrap_or_default();
        let protocol = place.protocol.as_ref().map(|protocol| format!("/{protocol}")).unwrap_or_default();
        format!("{host}{port}{protocol}{}", place.path.as_deref().unwrap_or_default())
    } else {
        place.path.clone().unwrap_or_default()
    };
    let more = [&place.method, &place.parameter, &place.object].into_iter().flatten();
    let more: Vec<&str> = more.map(String::as_str).collect();
    if !more.is_empty() {
        let more = more.join(", ");
        text = if text.is_empty() { more } else { format!("{text} ({more})") };
    }
    text
}
