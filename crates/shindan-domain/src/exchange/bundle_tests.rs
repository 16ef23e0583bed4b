//! Random bundles beside an observer that keeps its own book of what was taken in.

use jiff::{SignedDuration, Timestamp};

use super::{BundleArrival, BundleRef, Card, Compared, Exchange, InTime};
use crate::approval::Word;
use crate::ledger::Hash;
use crate::model::{by, document, id, party};
use crate::process::{Occurrence, Process, ReasonCode};
use crate::record_id::InstallationId;

fn card() -> Card {
    Card {
        installation: InstallationId(id(50)),
        key: "07".repeat(32),
        party: "IT office".to_owned(),
        recipient: "age1".to_owned(),
    }
}

fn at(hours: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(100_000 + hours)
}

fn when(hours: i64) -> Occurrence {
    Occurrence { at: at(hours), ..by(3, 0) }
}

/// A partner whose card counts.
fn known() -> Exchange {
    let added = Exchange::add(party(1), card(), document(1), InstallationId(id(51))).unwrap();
    let exchange = Exchange::apply(None, &added, &by(1, 0)).unwrap();
    let confirmed =
        exchange.confirm(&card().read_aloud(), Compared::Voice, Word::Software, &by(2, 0)).unwrap();
    Exchange::apply(Some(exchange), &confirmed, &by(2, 0)).unwrap()
}

fn named(sequence: u64) -> BundleRef {
    // A kept manifest has the hash of its document.
    BundleRef { manifest: document(u8::try_from(sequence).unwrap()).sha256, sequence }
}

fn bundle(sequence: u64, since: Option<u64>) -> BundleArrival {
    BundleArrival {
        sender: card().installation,
        key: card().key,
        sequence,
        manifest: named(sequence).manifest,
        previous: (sequence > 1).then(|| named(sequence - 1)),
        since: since.map(named),
        created: at(0),
        expires: at(24),
    }
}

fn take(exchange: &mut Exchange, sequence: u64, since: Option<u64>) -> Result<(), ReasonCode> {
    let document = document(u8::try_from(sequence).unwrap());
    let taken = exchange.take_bundle(&bundle(sequence, since), None, document, &when(1));
    let taken = taken.map_err(|refusal| refusal.reason.code)?;
    *exchange = Exchange::apply(Some(exchange.clone()), &taken, &when(1)).unwrap();
    Ok(())
}

#[test]
fn of_all_orders_only_those_are_taken_in_that_lose_nothing() {
    // Every order of up to four steps over five bundles, each whole or since an earlier one.
    let choices: Vec<(u64, Option<u64>)> = (1..=5)
        .flat_map(|number| (0..number).map(move |since| (number, (since > 0).then_some(since))))
        .collect();
    let mut tried = 0;
    let mut histories = vec![(known(), 0_u64)];
    for _ in 0..4 {
        let mut next = Vec::new();
        for (exchange, last) in &histories {
            for (number, since) in &choices {
                let mut exchange = exchange.clone();
                let answer = take(&mut exchange, *number, *since);
                let expected = if number <= last {
                    Err(ReasonCode::BundleReplay)
                } else if since.is_some_and(|since| since > *last) {
                    Err(ReasonCode::BundleGap)
                } else {
                    Ok(())
                };
                assert_eq!(answer, expected, "{number} since {since:?} after {last}");
                tried += 1;
                if expected.is_ok() {
                    assert_eq!(exchange.bundles.last().unwrap().bundle, named(*number));
                    next.push((exchange, *number));
                }
            }
        }
        histories = next;
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn whose_bundle_it_is_what_it_follows_and_when_it_was_made_are_judged() {
    let mut exchange = known();
    let code = |exchange: &Exchange, arrival: &BundleArrival, hours| {
        exchange.judge_bundle(arrival, at(hours)).map_err(|reason| reason.code)
    };
    let first = bundle(1, None);
    assert_eq!(code(&exchange, &first, 1), Ok(InTime::Yes));
    let stranger = BundleArrival { sender: InstallationId(id(52)), ..first.clone() };
    assert_eq!(code(&exchange, &stranger, 1), Err(ReasonCode::SealedUnknownKey));
    let other_key = BundleArrival { key: "08".repeat(32), ..first.clone() };
    assert_eq!(code(&exchange, &other_key, 1), Err(ReasonCode::SealedUnknownKey));
    assert_eq!(code(&exchange, &first, -2), Err(ReasonCode::BundleFromFuture));
    assert_eq!(code(&exchange, &first, -1), Ok(InTime::Yes), "clocks differ a little");
    assert!(matches!(code(&exchange, &first, 24), Ok(InTime::NeedsPerson(_))), "from the moment on");
    take(&mut exchange, 1, None).unwrap();
    let forged = BundleRef { manifest: Hash::of(b"another one"), sequence: 1 };
    for arrival in [
        BundleArrival { previous: Some(forged), ..bundle(2, None) },
        BundleArrival { since: Some(forged), ..bundle(3, None) },
    ] {
        assert_eq!(code(&exchange, &arrival, 1), Err(ReasonCode::SealedChainDiffers));
    }
    assert!(matches!(code(&exchange, &bundle(2, Some(1)), 30), Ok(InTime::NeedsPerson(_))));
    assert_eq!(code(&exchange, &bundle(1, None), 30), Err(ReasonCode::BundleReplay), "expiry is judged last");
    let revoked = exchange.revoke(None, "stolen".to_owned()).unwrap();
    let exchange = Exchange::apply(Some(exchange), &revoked, &when(2)).unwrap();
    assert_eq!(code(&exchange, &bundle(2, None), 2), Err(ReasonCode::SealedRevokedKey));
}

#[test]
fn an_expired_bundle_needs_a_reason_and_a_refused_one_stands_in_the_record() {
    let exchange = known();
    let take = |because: Option<&str>, kept: u8| {
        let because = because.map(str::to_owned);
        exchange.take_bundle(&bundle(1, None), because, document(kept), &when(30))
    };
    assert_eq!(take(None, 1).unwrap_err().reason.code, ReasonCode::BundleExpired);
    assert_eq!(take(Some(" "), 1).unwrap_err().reason.code, ReasonCode::TextMissing);
    assert_eq!(take(Some("there is no newer one"), 2).unwrap_err().reason.code, ReasonCode::SealedTampered);
    let taken = take(Some("there is no newer one"), 1).unwrap();
    let after = Exchange::apply(Some(exchange.clone()), &taken, &when(30)).unwrap();
    assert!(after.bundles.last().unwrap().expired_because.is_some());
    // In time the reason is no part of the record.
    let in_time =
        exchange.take_bundle(&bundle(1, None), Some("x".to_owned()), document(1), &when(1)).unwrap();
    let in_time = Exchange::apply(Some(exchange.clone()), &in_time, &when(1)).unwrap();
    assert_eq!(in_time.bundles.last().unwrap().expired_because, None);
    let why = exchange.judge_bundle(&bundle(2, Some(1)), at(1)).unwrap_err();
    let refused = after.refuse_bundle(&bundle(2, Some(1)), why);
    let refused = Exchange::apply(Some(after), &refused, &when(31)).unwrap();
    assert_eq!(refused.bundles.refused[0].reason.code, ReasonCode::BundleGap);
    assert_eq!(refused.view().sections.len(), 3, "card, taken, refused");
}
