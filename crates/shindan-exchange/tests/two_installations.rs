//! Two installations that exchange sealed files over a bad road: loss, copies, another order, changed bytes, delay until
//! after expiry, new keys in between. Whatever happens, nobody accepts what was not sent.
//!
//! The observer keeps what each side really sealed, and what anybody said is void; it looks at nothing that the programs
//! under test remember, except to compare.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)] // helpers of tests may fail a test

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use ed25519_dalek::{Signer, SigningKey};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use shindan_domain::approval::Word;
use shindan_domain::evidence::Document;
use shindan_domain::exchange::{
    Arrival, Card, Compared, Content, ContentType, Exchange, ExchangeEvent, KeptContent, Own, SealDraft,
};
use shindan_domain::ledger::{Actor, Hash, Through};
use shindan_domain::process::{Occurrence, Process, ReasonCode, Refusal};
use shindan_domain::record_id::{InstallationId, PartyId, PersonId};
use shindan_exchange::{
    CardStatement, Limits, Manifest, ManifestReceiver, ManifestSender, ReceiptStatement, Statement, Trouble,
    enclose, encryption, open, read_signed, to_sign, write_sealed,
};
use uuid::Uuid;

const LIMITS: Limits = Limits { envelope: 1 << 16, contents: 8, total: 1 << 16 };

/// One side, as the program keeps it.
struct Side {
    installation: InstallationId,
    key: SigningKey,
    identity: String,
    exchange: Option<Exchange>,
}

impl Side {
    fn new(number: u8) -> Side {
        Side {
            installation: InstallationId(Uuid::from_u128(u128::from(number))),
            key: SigningKey::from_bytes(&[number; 32]),
            identity: encryption::new_identity(),
            exchange: None,
        }
    }

    fn card(&self) -> Card {
        Card {
            installation: self.installation,
            key: Hash(self.key.verifying_key().to_bytes()).to_string(),
            party: format!("party {}", self.installation),
            recipient: encryption::recipient_of(&self.identity).unwrap(),
        }
    }

    fn own(&self) -> Own {
        Own { installation: self.installation, fingerprint: self.card().fingerprint() }
    }

    fn signed<S: Statement>(&self, statement: &S) -> (Hash, Vec<u8>) {
        let (payload, bytes) = to_sign(statement).unwrap();
        let signature = self.key.sign(&bytes).to_bytes();
        (Hash::of(&payload), enclose::<S>(&payload, statement.key(), &signature).unwrap())
    }

    fn exchange(&self) -> &Exchange {
        self.exchange.as_ref().unwrap()
    }

    fn record(&mut self, event: &ExchangeEvent, when: &Occurrence) {
        self.exchange = Some(Exchange::apply(self.exchange.take(), event, when).unwrap());
    }

    /// Takes the other side's card in, and somebody else confirms it.
    fn knows(&mut self, card_file: &[u8], at: Timestamp) {
        let card = read_signed::<CardStatement>(card_file, &LIMITS).unwrap().statement.card;
        let typed = card.read_aloud();
        let event = match &self.exchange {
            None => Exchange::add(PartyId(Uuid::from_u128(9)), card, document(card_file), self.installation),
            Some(exchange) => exchange.change_card(card, document(card_file)),
        };
        self.record(&event.unwrap(), &by(1, at));
        let event = self.exchange().confirm(&typed, Compared::Voice, Word::Software, &by(2, at)).unwrap();
        self.record(&event, &by(2, at));
    }

    fn seal(&mut self, bytes: &[u8], at: Timestamp, hours: i64, encrypt: bool) -> Result<Vec<u8>, Refusal> {
        let exchange = self.exchange();
        let partner = exchange.current_key().unwrap().card.clone();
        let content = Content {
            path: "file".to_owned(),
            sha256: Hash::of(bytes),
            size: bytes.len() as u64,
            content_type: ContentType::Document,
        };
        let manifest = Manifest {
            contents: vec![content],
            created: at,
            expires: at + SignedDuration::from_hours(hours),
            format: 1,
            id: Uuid::from_u128(u128::from(exchange.sending.next)),
            previous: exchange.sending.last,
            receiver: ManifestReceiver {
                fingerprint: partner.fingerprint(),
                installation: partner.installation,
            },
            reply_to: None,
            sender: ManifestSender {
                installation: self.installation,
                key: self.card().key,
                party: "party".to_owned(),
            },
            sequence: exchange.sending.next,
            void: exchange.void_to_tell(),
        };
        let (hash, envelope) = self.signed(&manifest);
        let mut plain = Vec::new();
        let mut parts: [Box<dyn Read>; 1] = [Box::new(bytes)];
        write_sealed(&envelope, &manifest.contents, &mut parts, &mut plain).unwrap();
        let mut file = Vec::new();
        match encrypt {
            true => {
                encryption::encrypt(&partner.recipient, &mut file, |to| Ok(to.write_all(&plain)?)).unwrap()
            }
            false => file = plain,
        }
        let draft = SealDraft {
            sequence: manifest.sequence,
            previous: manifest.previous,
            manifest: hash,
            fingerprint: partner.fingerprint(),
            contents: manifest.contents.clone(),
            created: at,
            expires: manifest.expires,
            encrypted: encrypt,
            void: manifest.void.clone(),
            reply_to: None,
            document: document(&file),
        };
        let event = exchange.seal(draft, &by(1, at))?;
        self.record(&event, &by(1, at));
        Ok(file)
    }

    /// What an import does: what was accepted with its bytes and a receipt, or why it was refused.
    fn import(&mut self, file: &[u8], at: Timestamp) -> Result<(Arrival, Vec<u8>, Vec<u8>), ReasonCode> {
        let refused = |trouble: Trouble| match trouble {
            Trouble::Refused(reason) => reason,
            Trouble::Io(error) => panic!("{error}"),
        };
        let mut bytes = Vec::new();
        let read = (|| {
            let mut opened = open(file, Some(&self.identity), &LIMITS).map_err(refused)?;
            let arrival = opened.arrival();
            opened.next_file(&mut bytes).map_err(refused)?;
            opened.finish().map_err(refused)?;
            Ok(arrival)
        })();
        let own = self.own();
        let arrival = read.map_err(|reason: shindan_domain::process::Reason| reason.code)?;
        let kept = arrival.contents.iter().map(|content| {
            let document = Document { name: "file".to_owned(), ..document(&bytes) };
            KeptContent { content: content.clone(), document }
        });
        let answer =
            self.exchange().receive(arrival.clone(), &own, kept.collect(), document(file), &by(3, at));
        match answer {
            Ok(event) => self.record(&event, &by(3, at)),
            Err(refusal) => {
                let reason = refusal.reason;
                let code = reason.code;
                let event = self.exchange().refuse_import(reason, Some(&arrival), document(file), &own, at);
                self.record(&event.unwrap(), &by(3, at));
                return Err(code);
            }
        }
        let receipt = ReceiptStatement {
            format: 1,
            from: self.installation,
            key: self.card().key,
            manifest: arrival.manifest,
            received: at,
            sequence: arrival.sequence,
            to: arrival.sender,
        };
        Ok((arrival, bytes, self.signed(&receipt).1))
    }
}

fn document(bytes: &[u8]) -> Document {
    Document { sha256: Hash::of(bytes), size: bytes.len() as u64, name: "x.shindan".to_owned() }
}

fn by(person: u128, at: Timestamp) -> Occurrence {
    Occurrence { at, actor: Actor { person: PersonId(Uuid::from_u128(person)), through: Through::Session } }
}

/// What an observer knows of one direction.
#[derive(Default)]
struct Road {
    /// Everything that was sealed: number − 1 is the place.
    sealed: Vec<Sealed>,
    accepted: BTreeMap<u64, Vec<u8>>,
    void: BTreeSet<u64>,
    receipts: Vec<Vec<u8>>,
    acknowledged: BTreeSet<u64>,
    void_by_sender: BTreeSet<u64>,
}

struct Sealed {
    file: Vec<u8>,
    bytes: Vec<u8>,
    until: Timestamp,
    key: [u8; 32],
    /// What the sender had called void by then.
    void: BTreeSet<u64>,
}

impl Road {
    fn deliver(
        &mut self,
        to: &mut Side,
        from_key: [u8; 32],
        place: usize,
        flip: Option<usize>,
        at: Timestamp,
    ) {
        let Some(sealed) = self.sealed.get(place) else { return };
        let mut file = sealed.file.clone();
        if let Some(flip) = flip {
            let place = flip % file.len();
            file[place] ^= 1 << (flip % 8);
        }
        let number = place as u64 + 1;
        let next = self.accepted.keys().chain(&self.void).max().copied().unwrap_or(0) + 1;
        let missing: Vec<u64> = (next..number).filter(|missing| !sealed.void.contains(missing)).collect();
        let expected = flip.is_none()
            && number >= next
            && missing.is_empty()
            && at < sealed.until
            && sealed.key == from_key;
        let answer = to.import(&file, at);
        assert_eq!(answer.is_ok(), expected, "file {number}, next {next}: {answer:?}");
        if let Ok((arrival, bytes, receipt)) = answer {
            assert_eq!((arrival.sequence, &bytes), (number, &sealed.bytes), "byte for byte what was sent");
            self.void.extend(next..number);
            self.accepted.insert(number, bytes);
            self.receipts.push(receipt);
        }
        self.compare(to);
    }

    fn compare(&self, to: &Side) {
        let receiving = &to.exchange().receiving;
        let settled: BTreeSet<u64> = self.accepted.keys().chain(&self.void).copied().collect();
        assert_eq!(settled, (1..receiving.next).collect(), "a prefix, with explicit voids");
        let files = receiving.files.iter().map(|file| (file.sequence, file.contents[0].document.sha256));
        let sent = self.accepted.keys().map(|n| (*n, Hash::of(&self.sealed[*n as usize - 1].bytes)));
        assert_eq!(files.collect::<Vec<_>>(), sent.collect::<Vec<_>>());
    }

    fn receipt(&mut self, sender: &mut Side, place: usize, flip: Option<usize>, at: Timestamp) {
        let Some(mut file) = self.receipts.get(place % self.receipts.len().max(1)).cloned() else { return };
        if let Some(flip) = flip {
            let place = flip % file.len();
            file[place] ^= 1 << (flip % 8);
        }
        let Ok(read) = read_signed::<ReceiptStatement>(&file, &LIMITS) else {
            assert!(flip.is_some());
            return;
        };
        assert!(flip.is_none(), "a changed receipt was read");
        let given = read.statement.given();
        if let Ok(events) = sender.exchange().acknowledge(&given, sender.installation, document(&file)) {
            assert!(self.accepted.contains_key(&given.sequence), "only what was accepted is acknowledged");
            assert_eq!(events.is_empty(), !self.acknowledged.insert(given.sequence));
            events.iter().for_each(|event| sender.record(event, &by(1, at)));
        }
    }
}

type Op = (u8, bool, u8, u16);

fn run(ops: &[Op]) -> (usize, usize) {
    let mut at: Timestamp = "2026-11-26T00:00:00Z".parse().unwrap();
    let mut sides = [Side::new(1), Side::new(2)];
    let cards = sides.each_ref().map(|side| side.signed(&CardStatement { card: side.card(), format: 1 }).1);
    sides[0].knows(&cards[1], at);
    sides[1].knows(&cards[0], at);
    let mut roads = [Road::default(), Road::default()];
    let mut new_keys = 10;
    for (what, side, choice, number) in ops.iter().copied() {
        let (us, them) = (usize::from(side), usize::from(!side));
        at += SignedDuration::from_mins(i64::from(number % 90));
        let key_of_us = sides[us].key.to_bytes();
        let newest = roads[us].sealed.len();
        let place = newest.saturating_sub(1 + usize::from(choice % 4));
        let flip = Some(usize::from(number)).filter(|_| what % 16 == 9);
        match what % 16 {
            0..=2 => {
                let hours = 1 + i64::from(choice % 5) * 3;
                let bytes = vec![choice; usize::from(number % 50)];
                let file = sides[us].seal(&bytes, at, hours, number.is_multiple_of(4)).unwrap();
                let void = roads[us].void_by_sender.clone();
                let until = at + SignedDuration::from_hours(hours);
                roads[us].sealed.push(Sealed { file, bytes, until, key: key_of_us, void });
            }
            3 | 4 => {
                let next = usize::try_from(sides[them].exchange().receiving.next).unwrap() - 1;
                roads[us].deliver(&mut sides[them], key_of_us, next, None, at);
            }
            5..=9 => roads[us].deliver(&mut sides[them], key_of_us, place, flip, at),
            10 | 11 => roads[us].receipt(&mut sides[us], usize::from(choice), None, at),
            12 => roads[us].receipt(&mut sides[us], usize::from(choice), Some(usize::from(number)), at),
            13 => {
                let number = place as u64 + 1;
                if let Ok(event) = sides[us].exchange().void_sent(number, "the stick is lost".to_owned()) {
                    assert!(!roads[us].acknowledged.contains(&number));
                    sides[us].record(&event, &by(1, at));
                    roads[us].void_by_sender.insert(number);
                }
            }
            14 if choice % 4 < 2 => {
                let next = sides[them].exchange().receiving.next;
                let through = next + u64::from(choice % 2);
                if let Ok(event) = sides[them].exchange().accept_gap(through, "told by telephone".to_owned())
                {
                    assert!(through <= newest as u64, "what was never sealed is not given up");
                    sides[them].record(&event, &by(4, at));
                    roads[us].void.extend(next..=through);
                    roads[us].compare(&sides[them]);
                }
            }
            _ if choice.is_multiple_of(3) => {
                new_keys += 1;
                sides[us].key = SigningKey::from_bytes(&[new_keys; 32]);
                let statement = CardStatement { card: sides[us].card(), format: 1 };
                let card = sides[us].signed(&statement).1;
                sides[them].knows(&card, at);
                // What is on its way to us is for our former card, and what we sealed bears the former key.
                for sealed in &mut roads[them].sealed {
                    sealed.until = sealed.until.min(at);
                }
            }
            _ => {}
        }
    }
    let accepted = roads.iter().map(|road| road.accepted.len()).sum();
    (accepted, roads.iter().map(|road| road.void.len()).sum())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn nothing_is_accepted_that_was_not_sent(
        ops in proptest::collection::vec((any::<u8>(), any::<bool>(), any::<u8>(), any::<u16>()), 1..150)
    ) {
        run(&ops);
    }
}

/// The model would prove nothing if it never came to accept anything.
#[test]
fn the_model_does_accept_files_and_voids() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let op = (any::<u8>(), any::<bool>(), any::<u8>(), any::<u16>());
    let ops = proptest::collection::vec(op, 100..150);
    let (mut accepted, mut void) = (0, 0);
    for _ in 0..30 {
        let answer = run(&ops.new_tree(&mut runner).unwrap().current());
        accepted += answer.0;
        void += answer.1;
    }
    assert!(accepted > 50 && void > 30, "{accepted} {void}");
}
