//! ④-2: information is obtained regularly and whenever needed, and checked.

use super::facts::{Facts, NoticeFact, RecordRef, SourceFact};
use super::rules::{Findings, select};
use crate::collect::SourceTiming;
use crate::process::ReasonCode;

fn notices(facts: &Facts, fits: impl Fn(&NoticeFact) -> bool) -> Vec<RecordRef> {
    select(&facts.notices, |notice| &notice.record, fits)
}

/// Sources are looked at in time, a person sees what came, and what has to be judged is judged. A paused source shows nothing.
pub(super) fn sources(facts: &Facts, found: &mut Findings) {
    let of = |fits: &dyn Fn(&SourceFact) -> bool| {
        select(&facts.sources, |source| &source.record, |source| source.active && fits(source))
    };
    if facts.sources.is_empty() {
        found.open(ReasonCode::ControlSourcesNone);
        return;
    }
    let named = |source: &SourceFact| source.active && source.planned && source.named_body;
    if !facts.sources.iter().any(named) {
        found.lack(ReasonCode::ControlSourcesNotNamed);
    }
    let overdue = |source: &SourceFact| source.timing == SourceTiming::Overdue;
    found.gap(ReasonCode::ControlSourcesOverdue, of(&overdue));
    found.gap(ReasonCode::ControlSourcesNever, of(&|source| source.planned && !source.checked));
    found.gap(ReasonCode::ControlSourcesMissed, of(&|source| source.missed_days > 0));
    found.gap(ReasonCode::ControlSourcesFailed, of(&|source| source.last_failed));
    found.gap(ReasonCode::ControlSourcesSuspicious, of(&|source| source.suspicious));
    found.gap(ReasonCode::ControlSourcesUnconfirmed, of(&|source| source.checked && !source.confirmed));
    found.gap(ReasonCode::ControlNoticesOpen, notices(facts, |notice| !notice.judged));
    let in_time = |source: &SourceFact| {
        let good = source.checked && !source.last_failed && source.missed_days == 0;
        source.planned && good && !overdue(source)
    };
    found.show(ReasonCode::ControlSourcesInTime, of(&in_time));
    found.show(ReasonCode::ControlSourcesUnplanned, of(&|source| !source.planned && source.checked));
    found.show(ReasonCode::ControlSourcesConfirmed, of(&|source| source.confirmed));
    found.show(ReasonCode::ControlNoticesJudged, notices(facts, |notice| notice.judged));
}
