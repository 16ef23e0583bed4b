//! Random steps on a discrepancy beside an observer that knows the rules from SPEC.md section 4 only: a retired device that
//! was seen is closed by nothing but a disconnection confirmed after its last sighting, or by being in use again; an
//! explanation counts until its day; what was settled is opened again when it is seen again.

use jiff::civil::Date;

use super::super::{
    Discrepancy, Evidence, Resolution, Sighting, SightingEvent, SightingKind as K, SightingState, Suspect,
};
use super::*;
use crate::calendar::{after, day};
use crate::model::{History, by, document, for_random_steps};
use crate::process::{ReasonCode, Refusal};

fn discrepancy(kind: K, last: Option<Timestamp>) -> Discrepancy {
    let known = kind != K::UnknownDevice;
    Discrepancy {
        kind,
        identity: if known { "id:1".to_owned() } else { "mac:00:0c:29:00:00:01".to_owned() },
        device: known.then(|| Suspect { stream: None, key: "id:1".to_owned(), label: "CT-1".to_owned() }),
        basis: None,
        registered: (kind == K::FirmwareChanged).then(|| "1.0".to_owned()),
        evidence: Evidence { last_seen: last, ..Evidence::default() },
    }
}

#[derive(Default)]
struct Observer {
    last_seen: Option<Timestamp>,
    open: bool,
    explained_until: Option<Date>,
}

fn code<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> ReasonCode {
    answer.unwrap_err().reason.code
}

#[test]
fn no_way_around_the_disconnection_of_a_retired_device() {
    let mut reached = BTreeSet::new();
    let (mut disconnected, mut reopened) = (0, 0);
    for_random_steps(600, 40, |steps| {
        let kind = K::ALL[usize::from(steps[0].what) % K::ALL.len()];
        let mut history: History<Sighting> = History::new();
        let last = (kind != K::NotSeen).then(|| minute(0));
        history.record(&Sighting::open(discrepancy(kind, last)), by(0, 0));
        let mut observer = Observer { last_seen: last, open: true, explained_until: None };
        let mut minutes = 0;
        for step in steps.iter().copied() {
            minutes += i64::from(step.minutes) * 4;
            let when = by(step.who, minutes);
            let state = history.state().clone();
            let reason = if step.first == 3 { String::new() } else { "guest network".to_owned() };
            // Files may be older than what is known.
            let seen = minute(minutes - i64::from(step.first) * 500);
            let answer = match step.what % 8 {
                0 | 1 => state.explain(
                    reason,
                    after(day(when.at), u16::from(step.second)),
                    vec![document(1)],
                    &when,
                ),
                2 => state.register((step.first != 0).then(|| ("id:7".to_owned(), "CT".to_owned()))),
                3 => state.disconnected((step.second != 0).then_some(seen)),
                4 => {
                    let how = Resolution::ALL[usize::from(step.first + step.second) % Resolution::ALL.len()];
                    state.resolve(how, Some(seen))
                }
                _ => {
                    let seen = (kind != K::NotSeen).then_some(seen);
                    match state.missing_after(&discrepancy(kind, seen), day(when.at)) {
                        Some(event) => Ok(event),
                        None => {
                            let settled = !observer.open;
                            let old = seen.is_none_or(|seen| {
                                observer.last_seen.is_some_and(|last| day(seen) <= day(last))
                            });
                            let explained = observer.explained_until.is_some();
                            assert!(settled || old || explained, "a later sighting of an open one is kept");
                            if kind == K::RetiredSeen && observer.open {
                                assert!(
                                    seen <= observer.last_seen,
                                    "each later sighting of a retired device is kept"
                                );
                            }
                            continue;
                        }
                    }
                }
            };
            let Ok(event) = answer else { continue };
            match &event {
                SightingEvent::Opened(_) => unreachable!("opened once"),
                SightingEvent::Explained { reason, until, .. } => {
                    assert!(observer.open && kind != K::RetiredSeen, "never explained away");
                    assert!(!reason.is_empty() && *until > day(when.at));
                    observer.open = false;
                    observer.explained_until = Some(*until);
                }
                SightingEvent::Registered { .. } => {
                    assert!(observer.open && kind.is_unregistered());
                    observer.open = false;
                }
                SightingEvent::Resolved { how, at } => {
                    if kind == K::RetiredSeen {
                        assert!(observer.open);
                        let confirmed = *how == Resolution::Disconnected && *at > observer.last_seen;
                        assert!(confirmed || *how == Resolution::InUseAgain, "{how} {at:?}");
                        disconnected += u32::from(confirmed);
                    }
                    observer.open = false;
                    observer.explained_until = None;
                }
                SightingEvent::SeenAgain { evidence, .. } => {
                    assert!(observer.open);
                    observer.last_seen = observer.last_seen.max(evidence.last_seen);
                }
                SightingEvent::Reopened { evidence, .. } => {
                    assert!(!observer.open);
                    if let Some(until) = observer.explained_until.take() {
                        let on = evidence.last_seen.map_or(day(when.at), day);
                        assert!(on > until, "an explanation counts until its day");
                    }
                    observer.open = true;
                    observer.last_seen = observer.last_seen.max(evidence.last_seen);
                    reopened += 1;
                }
            }
            history.record(&event, when);
            assert_eq!(history.state().is_open(), observer.open);
            assert_eq!(history.state().found.evidence.last_seen, observer.last_seen);
            reached.insert(history.state().state());
        }
        history.check_fold();
    });
    assert_eq!(reached, SightingState::ALL.iter().copied().collect());
    assert!(disconnected > 20 && reopened > 50, "{disconnected} {reopened}");
}

#[test]
fn refusals_say_what_is_missing() {
    let mut retired: History<Sighting> = History::new();
    retired.record(&Sighting::open(discrepancy(K::RetiredSeen, Some(minute(10)))), by(0, 20));
    let state = retired.state();
    let until = after(day(minute(20)), 9);
    assert_eq!(
        code(state.explain("spare".to_owned(), until, Vec::new(), &by(0, 30))),
        ReasonCode::SightingNeedsDisconnection
    );
    for confirmed in [None, Some(minute(9)), Some(minute(10))] {
        let refusal = state.disconnected(confirmed).unwrap_err();
        assert_eq!(refusal.reason.code, ReasonCode::SightingNeedsDisconnection);
        assert_eq!(refusal.reason.params["last"], minute(10).to_string());
    }
    assert_eq!(code(state.register(Some(("k".to_owned(), "K".to_owned())))), ReasonCode::SightingNotUnknown);
    retired.record(&state.disconnected(Some(minute(11))).unwrap(), by(0, 30));
    assert_eq!(code(retired.state().disconnected(Some(minute(99)))), ReasonCode::StepOutOfOrder);
    // An older file that is read later is no new sighting.
    assert_eq!(retired.state().found_again(&discrepancy(K::RetiredSeen, Some(minute(10)))), None);
    let again = retired.state().found_again(&discrepancy(K::RetiredSeen, Some(minute(12)))).unwrap();
    retired.record(&again, by(0, 40));
    assert!(retired.state().is_open() && retired.state().past.len() == 1);

    let mut unknown: History<Sighting> = History::new();
    unknown.record(&Sighting::open(discrepancy(K::UnknownDevice, Some(minute(10)))), by(0, 20));
    let state = unknown.state();
    assert_eq!(code(state.disconnected(Some(minute(11)))), ReasonCode::SightingNotRetired);
    assert_eq!(code(state.register(None)), ReasonCode::SightingAssetUnknown);
    assert_eq!(code(state.explain(" ".to_owned(), until, Vec::new(), &by(0, 30))), ReasonCode::TextMissing);
    let today = day(minute(30));
    assert_eq!(
        code(state.explain("x".to_owned(), today, Vec::new(), &by(0, 30))),
        ReasonCode::DateNotInFuture
    );
}
