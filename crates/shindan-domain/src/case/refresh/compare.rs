//! One case beside what was found for it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Judged, Settings, rests};
use crate::case::event::Refreshed;
use crate::case::found::{FoundPlace, Place, VulnerabilityFact};
use crate::case::grouping::Group;
use crate::case::settle::ReopenReason;
use crate::case::{Case, CaseEvent, CaseState, Due};
use crate::priority::{Decision, Probability};

/// What a comparison shows.
pub(super) struct Comparison {
    /// What happens to the case; nothing if nothing changed.
    pub events: Vec<CaseEvent>,
    /// True if nothing hits any of its places any more.
    pub all_gone: bool,
}

/// What was noticed on the way.
#[derive(Default)]
struct Noticed {
    again: bool,
    joined: bool,
    version: bool,
}

pub(super) fn compare(
    case: &Case,
    group: Group,
    judged: &Judged,
    settings: &Settings<'_>,
    at: Timestamp,
) -> Comparison {
    let mut refreshed = Refreshed::default();
    let mut noticed = Noticed::default();
    vulnerabilities(case, group.vulnerabilities, settings, &mut refreshed, &mut noticed);
    let mut hit = 0usize;
    let mut most_urgent = None;
    let mut found = group.places;
    for (key, place) in &case.places {
        let new = found.remove(key);
        let (urgency, still) = known_place(case, key, place, new, judged, &mut refreshed, &mut noticed);
        hit += usize::from(still);
        most_urgent = [most_urgent, urgency].into_iter().flatten().min();
    }
    for (key, place) in found {
        noticed.joined = true;
        hit += 1;
        most_urgent = Some(most_urgent.map_or(place.priority, |urgent: Decision| urgent.min(place.priority)));
        refreshed.places.insert(key, place);
    }
    if !refreshed.gone.is_empty() {
        refreshed.rematch = Some(judged.rematch);
    }
    urgency(case, most_urgent, settings, at, &mut refreshed);
    let because = reopening(case, &refreshed, &noticed);
    let mut events = Vec::new();
    if refreshed != Refreshed::default() {
        events.push(CaseEvent::Refreshed(Box::new(refreshed)));
        events.extend(because.map(|because| CaseEvent::Reopened { because, note: String::new() }));
    }
    Comparison { events, all_gone: hit == 0 }
}

/// Facts that changed in a way that matters.
fn vulnerabilities(
    case: &Case,
    found: BTreeMap<String, VulnerabilityFact>,
    settings: &Settings<'_>,
    refreshed: &mut Refreshed,
    noticed: &mut Noticed,
) {
    for (id, mut new) in found {
        let Some(known) = case.vulnerabilities.get(&id) else {
            noticed.joined = true;
            refreshed.vulnerabilities.insert(id, new);
            continue;
        };
        // Findings of one answer may be a part of those of another: what sources said once is kept.
        let further_fix = !new.fixed_versions.is_subset(&known.fixed_versions);
        let revised = further_fix || (new.cvss.is_some() && new.cvss != known.cvss);
        let further = further_fix
            || !new.aliases.is_subset(&known.aliases)
            || !new.advisories.is_subset(&known.advisories);
        new.fixed_versions.extend(known.fixed_versions.iter().cloned());
        new.aliases.extend(known.aliases.iter().cloned());
        new.advisories.extend(known.advisories.iter().cloned());
        let surged = surged(known, &new, settings.surge_epss);
        let other = new.kev != known.kev || new.ssvc != known.ssvc || new.published != known.published;
        if surged {
            refreshed.surged.insert(id.clone());
        }
        if revised {
            refreshed.revised.insert(id.clone());
        }
        if surged || revised || further || other {
            refreshed.vulnerabilities.insert(id, new);
        }
    }
}

/// Newly known to be exploited, or EPSS reached the policy's threshold.
fn surged(known: &VulnerabilityFact, new: &VulnerabilityFact, threshold: Option<Probability>) -> bool {
    if new.kev.is_some() && known.kev.is_none() {
        return true;
    }
    let Some(threshold) = threshold else { return false };
    let reaches = |text: &Option<String>| {
        text.as_deref()
            .and_then(|text| text.parse::<Probability>().ok())
            .is_some_and(|epss| epss >= threshold)
    };
    reaches(&new.epss) && !reaches(&known.epss)
}

/// A place that the case has. Answers with its urgency and whether anything still hits it.
fn known_place(
    case: &Case,
    key: &str,
    place: &Place,
    new: Option<FoundPlace>,
    judged: &Judged,
    refreshed: &mut Refreshed,
    noticed: &mut Noticed,
) -> (Option<Decision>, bool) {
    let old = &place.found;
    let found = |id: &String| new.as_ref().is_some_and(|new| new.vulnerabilities.contains(id));
    let covered = |id: &String| case.vulnerabilities.get(id).is_some_and(|fact| judged.covers(key, fact));
    let missing = old.vulnerabilities.iter().filter(|id| !found(id)).cloned();
    let (gone, doubtful): (BTreeSet<String>, BTreeSet<String>) = missing.partition(|id| covered(id));
    let still = new.is_some() || !doubtful.is_empty();
    let urgency = still.then_some(new.as_ref().unwrap_or(old).priority);
    if let Some(mut now) = new {
        let other_version = |(name, versions): (&String, &BTreeSet<String>)| {
            now.components.get(name).is_some_and(|found| found != versions)
        };
        noticed.version |= place.gone.is_none() && old.components.iter().any(other_version);
        if !now.vulnerabilities.is_subset(&old.vulnerabilities) {
            noticed.joined = true;
            noticed.again |= place.gone.is_some();
        }
        for (name, versions) in &old.components {
            if !now.components.contains_key(name) {
                now.components.insert(name.clone(), versions.clone());
            }
        }
        // What is gone stays in the comparison of the next answer: the place is written without it.
        now.vulnerabilities.extend(doubtful);
        if now != *old {
            refreshed.places.insert(key.to_owned(), now);
        }
    }
    if !gone.is_empty() {
        refreshed.gone.insert(key.to_owned(), gone);
    }
    (urgency, still)
}

/// The priority follows the findings until a person analysed; later only what is newly more urgent counts.
fn urgency(
    case: &Case,
    now: Option<Decision>,
    settings: &Settings<'_>,
    at: Timestamp,
    refreshed: &mut Refreshed,
) {
    let hit = case.places.values().filter(|place| place.gone.is_none());
    let before = hit.map(|place| place.found.priority).min();
    let Some(now) = now else { return };
    let raised = before.is_none_or(|before| now < before) && now < case.priority;
    let follows = case.stage.analysis().is_none() && before.is_some_and(|before| now > before);
    if !raised && !follows || now == case.priority {
        return;
    }
    refreshed.priority = Some(now);
    if !case.is_open() {
        return;
    }
    let due = settings.due.and_then(|policy| Due::of(policy, now, if raised { at } else { case.noticed }));
    let due = match (due, case.due) {
        (Some(new), Some(old)) if raised => Some(new.sooner(old)),
        (new, _) => new,
    };
    refreshed.due = due.filter(|due| case.due != Some(*due));
}

fn reopening(case: &Case, refreshed: &Refreshed, noticed: &Noticed) -> Option<ReopenReason> {
    if !rests(case) {
        return None;
    }
    let accepted = case.state() == CaseState::Accepted;
    [
        (accepted && !refreshed.surged.is_empty(), ReopenReason::Surge),
        (noticed.again, ReopenReason::MatchedAgain),
        (noticed.joined, ReopenReason::NewFindings),
        (noticed.version, ReopenReason::VersionChanged),
        (!refreshed.revised.is_empty(), ReopenReason::AdvisoryRevised),
    ]
    .into_iter()
    .find_map(|(applies, because)| applies.then_some(because))
}
