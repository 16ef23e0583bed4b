//! Random exchanges beside an observer that is written from SPEC.md ("Exchange between parties"): it keeps its own book of
//! what the partner really sent, whose keys people compared, and what anybody called void.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::{
    Arrival, Card, Compared, Content, ContentType, Exchange, ExchangeEvent, ExchangeState, KeptContent, Own,
    ReceiptGiven, SealDraft,
};
use crate::approval::Word;
use crate::ledger::Hash;
use crate::model::{History, Step, by, document, for_random_steps, id, party, word};
use crate::process::{Occurrence, ReasonCode, Refusal};
use crate::record_id::{InstallationId, PersonId};

const PARTNER: u8 = 50;
const OURS: u8 = 51;

fn card(number: u8) -> Card {
    Card {
        installation: InstallationId(id(PARTNER)),
        key: format!("{number:02x}").repeat(32),
        party: "Provider".to_owned(),
        recipient: format!("age1{number}"),
    }
}

fn own() -> Own {
    Own { installation: InstallationId(id(OURS)), fingerprint: Hash::of(b"our card") }
}

fn kept(number: u8) -> KeptContent {
    let document = document(number);
    let content = Content {
        path: document.name.clone(),
        sha256: document.sha256,
        size: document.size,
        content_type: ContentType::Document,
    };
    KeptContent { content, document }
}

fn code<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> ReasonCode {
    answer.unwrap_err().reason.code
}

/// What the partner really did, and what people here really did.
#[derive(Default)]
struct Observer {
    /// Every file that the partner made, with the key that signed it.
    made: Vec<(Arrival, u8)>,
    partner_key: u8,
    partner_void: BTreeSet<u64>,
    accepted: BTreeMap<u64, Hash>,
    void: BTreeSet<u64>,
    /// Numbers of which a later genuine file was seen, or that were seen expired.
    proven_missing: BTreeSet<u64>,
    added: BTreeMap<u8, PersonId>,
    confirmed: BTreeSet<u8>,
    /// The one that counts.
    counts: Option<u8>,
}

impl Observer {
    fn make(&mut self, at: Timestamp, days: u8) {
        let sequence = self.made.len() as u64 + 1;
        let arrival = Arrival {
            sender: InstallationId(id(PARTNER)),
            key: card(self.partner_key).key,
            receiver: own().installation,
            receiver_fingerprint: own().fingerprint,
            sequence,
            previous: self.made.last().map(|(before, _)| before.manifest),
            manifest: Hash::of(&[1, u8::try_from(sequence).unwrap(), self.partner_key]),
            created: at,
            expires: at + SignedDuration::from_hours(i64::from(days) * 9 + 1),
            void: self.partner_void.iter().copied().collect(),
            reply_to: None,
            contents: vec![kept(7).content],
        };
        self.made.push((arrival, self.partner_key));
    }

    /// What holds whenever something was accepted.
    fn accept(&mut self, arrival: &Arrival, when: &Occurrence) {
        let (genuine, key) = &self.made[usize::try_from(arrival.sequence).unwrap() - 1];
        assert_eq!(arrival, genuine, "byte for byte what the partner sent");
        assert_eq!(self.counts, Some(*key), "signed with the key that people compared");
        assert!(when.at < arrival.expires);
        assert!(!self.accepted.contains_key(&arrival.sequence) && !self.void.contains(&arrival.sequence));
        for before in 1..arrival.sequence {
            if !self.accepted.contains_key(&before) && !self.void.contains(&before) {
                assert!(arrival.void.contains(&before), "a gap that nobody called void");
                self.void.insert(before);
            }
        }
        self.accepted.insert(arrival.sequence, arrival.manifest);
    }

    fn compare(&self, exchange: &Exchange) {
        let next = exchange.receiving.next;
        let settled: BTreeSet<u64> = self.accepted.keys().chain(&self.void).copied().collect();
        assert_eq!(settled, (1..next).collect(), "a prefix, with explicit voids");
        let files = exchange.receiving.files.iter().map(|file| (file.sequence, file.manifest));
        assert_eq!(files.collect::<BTreeMap<_, _>>(), self.accepted);
        let counts = exchange.current_key().map(|key| key.card.key.clone());
        assert_eq!(counts, self.counts.map(|number| card(number).key));
    }
}

fn keys(
    observer: &mut Observer,
    state: Option<&Exchange>,
    step: Step,
    when: &Occurrence,
) -> Option<ExchangeEvent> {
    let person = when.actor.person;
    match (step.what % 12, state) {
        (0, None) => {
            observer.added.insert(step.second, person);
            observer.partner_key = step.second;
            Some(Exchange::add(party(1), card(step.second), document(9), own().installation).unwrap())
        }
        (0, Some(state)) if step.minutes.is_multiple_of(9) => {
            let event = state.change_card(card(step.second), document(9)).ok()?;
            assert!(!observer.confirmed.contains(&step.second), "a key never comes back");
            observer.added.insert(step.second, person);
            observer.partner_key = step.second;
            Some(event)
        }
        (1 | 2, Some(state)) => {
            let proposed = state.proposed_key().map(|key| key.card.clone());
            let typed = match (step.first, &proposed) {
                (0, Some(card)) => card.fingerprint().to_string(),
                (1 | 2, Some(card)) => card.read_aloud().to_lowercase().replace(' ', "-"),
                _ => card(step.second).read_aloud().chars().take(34).collect(),
            };
            let word = word(step.second, step.first.checked_sub(1));
            let event = state.confirm(&typed, Compared::Voice, word.clone(), when).ok()?;
            let number = (0..4).find(|number| Some(card(*number)) == proposed).unwrap();
            let giver = word.giver(person);
            assert_ne!(giver, Some(observer.added[&number]), "who took it in does not confirm it");
            assert!(step.first < 3, "a wrong or short fingerprint confirms nothing");
            observer.confirmed.insert(number);
            observer.counts = Some(number);
            Some(event)
        }
        (3, Some(state)) if step.second == 0 && step.first == 0 => {
            let event = state.revoke(None, "lost".to_owned()).ok()?;
            observer.counts = None;
            Some(event)
        }
        _ => None,
    }
}

fn receiving(
    observer: &mut Observer,
    state: &Exchange,
    step: Step,
    when: &Occurrence,
) -> Option<ExchangeEvent> {
    match step.what % 12 {
        6..=9 => {
            let next = usize::try_from(state.receiving.next).unwrap() - 1;
            let place = (next + usize::from(step.first % 3)).checked_sub(usize::from(step.first == 3));
            let (genuine, _) = observer.made.get(place?)?.clone();
            let mut arrival = genuine.clone();
            match step.second {
                3 if step.minutes.is_multiple_of(3) => {
                    arrival.receiver_fingerprint = Hash::of(b"another card")
                }
                3 if step.minutes % 3 == 1 => arrival.key = card(step.first).key,
                3 => arrival.manifest = Hash::of(b"another history"),
                _ => {}
            }
            let forged = arrival != genuine;
            // Nobody but the partner signs with the key that counts: such a file does not come this far.
            if arrival.key != genuine.key
                && observer.counts.map(|number| card(number).key) == Some(arrival.key.clone())
            {
                return None;
            }
            // A manifest that the partner never signed does not come this far (`shindan-exchange`); its number may.
            if forged && arrival.manifest != genuine.manifest {
                arrival.previous = Some(Hash::of(b"another one before"));
                arrival.sequence = state.receiving.next;
                if state.receiving.last.is_none() && state.receiving.next > 1 {
                    return None;
                }
            }
            match state.receive(arrival.clone(), &own(), vec![kept(7)], document(8), when) {
                Ok(event) => {
                    observer.accept(&arrival, when);
                    Some(event)
                }
                Err(refusal) => {
                    let event = state
                        .refuse_import(refusal.reason, Some(&arrival), document(8), &own(), when.at)
                        .unwrap();
                    if let ExchangeEvent::ImportRefused { voidable: Some(last), .. } = &event {
                        assert!(!forged, "only a genuine file proves that something is missing");
                        observer.proven_missing.extend(1..=*last);
                    }
                    Some(event)
                }
            }
        }
        10 if step.second.is_multiple_of(3) => {
            let through = state.receiving.next + u64::from(step.first % 2);
            let reason = if step.second == 3 { String::new() } else { "the stick is lost".to_owned() };
            let event = state.accept_gap(through, reason.clone()).ok()?;
            assert!(!reason.is_empty());
            for number in state.receiving.next..=through {
                assert!(observer.proven_missing.contains(&number), "nothing is given up beforehand");
                observer.void.insert(number);
            }
            Some(event)
        }
        _ => None,
    }
}

#[test]
fn what_is_accepted_is_what_the_partner_sent_with_explicit_voids() {
    let mut reached = BTreeSet::new();
    let (mut accepted, mut void) = (0, 0);
    let mut refused = BTreeSet::new();
    for_random_steps(800, 80, |steps| {
        let mut history: History<Exchange> = History::new();
        let mut observer = Observer::default();
        let mut minutes = 0;
        for step in steps.iter().copied() {
            minutes += i64::from(step.minutes) / 3;
            let when = by(step.who, minutes);
            match step.what % 12 {
                4 | 5 => observer.make(when.at, step.first),
                11 if step.minutes.is_multiple_of(4) => {
                    observer.partner_void.insert(u64::from(step.first) + 1);
                }
                _ => {}
            }
            let state = history.state.clone();
            let event = keys(&mut observer, state.as_ref(), step, &when)
                .or_else(|| receiving(&mut observer, state.as_ref()?, step, &when));
            let Some(event) = event else { continue };
            if let ExchangeEvent::ImportRefused { reason, .. } = &event {
                refused.insert(reason.code);
            }
            history.record(&event, when);
            observer.compare(history.state());
            reached.insert(history.state().state());
        }
        accepted += observer.accepted.len();
        void += observer.void.len();
        history.check_fold();
    });
    let expected = [ExchangeState::Unconfirmed, ExchangeState::Confirmed, ExchangeState::Revoked];
    assert_eq!(reached, expected.into());
    assert!(accepted > 120 && void > 20, "{accepted} {void}");
    for code in [
        ReasonCode::SealedWrongReceiver,
        ReasonCode::SealedUnknownKey,
        ReasonCode::SealedUnconfirmedKey,
        ReasonCode::SealedRevokedKey,
        ReasonCode::SealedReplay,
        ReasonCode::SealedGap,
        ReasonCode::SealedChainDiffers,
        ReasonCode::SealedExpired,
    ] {
        assert!(refused.contains(&code), "{code:?} was never reached");
    }
}

fn confirmed() -> History<Exchange> {
    let mut history: History<Exchange> = History::new();
    let add = Exchange::add(party(1), card(1), document(9), own().installation).unwrap();
    history.record(&add, by(0, 0));
    let typed = card(1).read_aloud();
    let event = history.state().confirm(&typed, Compared::Meeting, Word::Software, &by(1, 1)).unwrap();
    history.record(&event, by(1, 1));
    history
}

fn draft(exchange: &Exchange, at: Timestamp, days: i64) -> SealDraft {
    let sequence = exchange.sending.next;
    SealDraft {
        sequence,
        previous: exchange.sending.last,
        manifest: Hash::of(&sequence.to_be_bytes()),
        fingerprint: card(1).fingerprint(),
        contents: vec![kept(3).content],
        created: at,
        expires: at + SignedDuration::from_hours(24 * days),
        encrypted: false,
        void: exchange.void_to_tell(),
        reply_to: None,
        document: document(4),
    }
}

#[test]
fn every_sent_file_follows_the_one_before_and_waits_for_its_own_receipt() {
    let mut acknowledged = 0;
    for_random_steps(300, 60, |steps| {
        let mut history = confirmed();
        // What an observer knows: manifests in order, receipts, numbers called void, and those that were told.
        let mut sent: Vec<Hash> = Vec::new();
        let (mut receipts, mut void) = (BTreeSet::new(), BTreeSet::new());
        let mut minutes = 2;
        for step in steps.iter().copied() {
            minutes += i64::from(step.minutes);
            let when = by(step.who, minutes);
            let state = history.state().clone();
            let number = (sent.len() as u64).saturating_sub(u64::from(step.first));
            let events = match step.what % 4 {
                0 => {
                    let mut draft = draft(&state, when.at, i64::from(step.first));
                    match step.second {
                        0 => draft.previous = Some(Hash::of(b"another")),
                        1 => draft.fingerprint = card(2).fingerprint(),
                        _ => {}
                    }
                    let answer = state.seal(draft.clone(), &when);
                    assert_eq!(answer.is_ok(), step.first > 0 && step.second > 1);
                    if answer.is_ok() {
                        let waited_for = |number: &u64| !receipts.contains(number);
                        let last = receipts.iter().max().copied().unwrap_or(0);
                        let told: Vec<u64> =
                            void.iter().copied().filter(waited_for).filter(|number| *number > last).collect();
                        assert_eq!(draft.void, told);
                        sent.push(draft.manifest);
                    }
                    answer.map(|event| vec![event])
                }
                1 => {
                    let answer = state.void_sent(number, "lost".to_owned());
                    let known = number >= 1 && number <= sent.len() as u64;
                    assert_eq!(
                        answer.is_ok(),
                        known && !receipts.contains(&number) && !void.contains(&number)
                    );
                    answer.map(|event| {
                        void.insert(number);
                        vec![event]
                    })
                }
                _ => {
                    let manifest = sent.get((number as usize).wrapping_sub(1)).copied();
                    let other = step.second == 0;
                    let receipt = ReceiptGiven {
                        from: InstallationId(id(PARTNER)),
                        to: own().installation,
                        key: card(if step.second == 1 { 2 } else { 1 }).key,
                        sequence: number,
                        manifest: manifest.filter(|_| !other).unwrap_or(Hash::of(b"another")),
                        received: when.at,
                    };
                    let answer = state.acknowledge(&receipt, own().installation, document(5));
                    assert_eq!(answer.is_ok(), manifest.is_some() && !other && step.second != 1);
                    if let Ok(events) = &answer {
                        assert_eq!(
                            events.is_empty(),
                            !receipts.insert(number),
                            "a receipt twice changes nothing"
                        );
                    }
                    answer
                }
            };
            for event in events.unwrap_or_default() {
                history.record(&event, when);
            }
            let outstanding: Vec<u64> = history.state().unacknowledged().map(|file| file.sequence).collect();
            let expected = (1..=sent.len() as u64).filter(|n| !receipts.contains(n) && !void.contains(n));
            assert_eq!(outstanding, expected.collect::<Vec<_>>());
            let waiting = history.state().state() == ExchangeState::Waiting;
            assert_eq!(waiting, !outstanding.is_empty());
        }
        acknowledged += receipts.len();
        history.check_fold();
    });
    assert!(acknowledged > 100, "{acknowledged}");
}

#[test]
fn a_word_by_sealed_file_needs_an_accepted_file_a_key_that_counts_and_another_recorder() {
    let mut history = confirmed();
    let mut observer = Observer { partner_key: 1, ..Observer::default() };
    observer.make(by(0, 2).at, 3);
    let (arrival, _) = observer.made[0].clone();
    let sealed = document(8).sha256;
    let someone = by(2, 3).actor.person;
    assert_eq!(code(history.state().word_of(&sealed, someone, "P")), ReasonCode::SealedNotAccepted);
    let tampered = history.state().receive(arrival.clone(), &own(), vec![kept(6)], document(8), &by(2, 3));
    assert_eq!(code(tampered), ReasonCode::SealedTampered);
    let event = history.state().receive(arrival, &own(), vec![kept(7)], document(8), &by(2, 3)).unwrap();
    history.record(&event, by(2, 3));
    assert_eq!(history.state().word_of(&sealed, someone, "P"), Ok(card(1).fingerprint()));
    let confirmer = by(1, 3).actor.person;
    assert_eq!(code(history.state().word_of(&sealed, confirmer, "P")), ReasonCode::KeyPinnedByRecorder);
    history.record(&history.state().revoke(None, "stolen".to_owned()).unwrap(), by(1, 4));
    assert_eq!(code(history.state().word_of(&sealed, someone, "P")), ReasonCode::SealedRevokedKey);
    assert_eq!(code(history.state().change_card(card(1), document(9))), ReasonCode::KeyWasRevoked);
}

#[test]
fn a_fingerprint_is_typed_whole_or_as_it_is_read_aloud() {
    let card = card(1);
    let whole = card.fingerprint().to_string();
    assert_eq!(card.read_aloud().len(), 8 * 4 + 7);
    for (typed, right) in [
        (whole.clone(), true),
        (whole.to_uppercase(), true),
        (card.read_aloud(), true),
        (format!(" {}\n", card.read_aloud().replace(' ', ":")), true),
        (whole.chars().take(28).collect(), false),
        (whole.chars().take(63).collect(), false),
        (format!("{whole}0"), false),
        (String::new(), false),
    ] {
        assert_eq!(card.is_called(&typed), right, "{typed}");
    }
    let renamed = Card { party: "Another name".to_owned(), ..card.clone() };
    assert_eq!(renamed.fingerprint(), card.fingerprint());
    assert!(Exchange::add(party(1), card, document(9), InstallationId(id(PARTNER))).is_err(), "ourselves");
}

#[test]
fn a_key_that_was_replaced_or_revoked_does_not_come_back_and_the_one_in_use_is_revoked() {
    let mut history: History<Exchange> = History::new();
    let add = Exchange::add(party(1), card(1), document(9), own().installation).unwrap();
    history.record(&add, by(0, 0));
    let confirm = |history: &mut History<Exchange>, card: &Card| {
        let typed = card.read_aloud();
        let event = history.state().confirm(&typed, Compared::Voice, Word::Software, &by(1, 1)).unwrap();
        history.record(&event, by(1, 1));
    };
    let renewed = |number: u8| Card { recipient: format!("age1renewed{number}"), ..card(number) };
    // Nothing counts yet: a card that waits is not revoked by mistake.
    let revoke =
        |history: &History<Exchange>, named: Option<&str>| history.state().revoke(named, "stolen".to_owned());
    assert_eq!(code(revoke(&history, None)), ReasonCode::RevokeNamesNone);
    assert_eq!(code(revoke(&history, Some(&card(3).read_aloud()))), ReasonCode::RevokeUnknownCard);
    confirm(&mut history, &card(1));
    // The key in use may have another recipient.
    history.record(&history.state().change_card(renewed(1), document(9)).unwrap(), by(0, 2));
    confirm(&mut history, &renewed(1));
    assert_eq!(code(history.state().change_card(card(1), document(9))), ReasonCode::KeyWasReplaced);
    // Another key takes its place: it does not come back, under whatever recipient.
    history.record(&history.state().change_card(card(2), document(9)).unwrap(), by(0, 3));
    confirm(&mut history, &card(2));
    for back in [card(1), renewed(1), Card { recipient: "age1third".to_owned(), ..card(1) }] {
        assert_eq!(code(history.state().change_card(back, document(9))), ReasonCode::KeyWasReplaced);
    }
    // While the same key waits under another recipient, the one in use is what is revoked.
    history.record(&history.state().change_card(renewed(2), document(9)).unwrap(), by(0, 4));
    let event = revoke(&history, None).unwrap();
    assert!(
        matches!(&event, ExchangeEvent::KeyRevoked { fingerprint, .. } if *fingerprint == card(2).fingerprint())
    );
    history.record(&event, by(1, 5));
    let typed = renewed(2).read_aloud();
    let waits = history.state().confirm(&typed, Compared::Voice, Word::Software, &by(1, 6));
    assert_eq!(code(waits), ReasonCode::KeyWasRevoked, "not by the card that waited");
    assert_eq!(code(revoke(&history, Some(&card(2).read_aloud()))), ReasonCode::KeyWasRevoked);
    let event = revoke(&history, Some(&typed)).unwrap();
    history.record(&event, by(1, 7));
    assert_eq!(history.state().state(), ExchangeState::Revoked);
    history.check_fold();
}
