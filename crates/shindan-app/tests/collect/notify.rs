//! People are told of what changed: once, as a digest or at once, and again if it did not reach them.

use std::cell::RefCell;
use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use shindan_app::clock;
use shindan_app::records::notify::{self, Deliver, Message, Told};
use shindan_app::records::{Call, RecordsError};
use shindan_domain::collect::SourceKind;
use shindan_domain::notify::{
    DeliveryFailure, MessageLanguage, Subscription, SubscriptionDraft, SubscriptionState, Topic, Urgency,
};
use shindan_domain::priority::Decision;
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::SubscriptionId;
use shindan_mirror::{Fault, Page};

use super::{World, feed, refused};

/// A postman who keeps what he is given, and who can be told to fail.
#[derive(Default)]
struct Postman {
    letters: RefCell<Vec<(String, Message)>>,
    fails: RefCell<Option<DeliveryFailure>>,
}

impl Deliver for Postman {
    fn deliver(&self, to: &str, message: &Message) -> Result<(), DeliveryFailure> {
        if let Some(failure) = *self.fails.borrow() {
            return Err(failure);
        }
        self.letters.borrow_mut().push((to.to_owned(), message.clone()));
        Ok(())
    }
}

impl Postman {
    fn last(&self) -> Message {
        self.letters.borrow().last().unwrap().1.clone()
    }

    fn count(&self) -> usize {
        self.letters.borrow().len()
    }
}

fn draft(name: &str, topics: &[Topic], interval_hours: u32) -> SubscriptionDraft {
    SubscriptionDraft {
        name: name.to_owned(),
        person: None,
        topics: topics.iter().copied().collect(),
        least: Decision::Scheduled,
        interval_hours,
        language: MessageLanguage::English,
    }
}

impl World {
    fn receiver(&mut self, draft: SubscriptionDraft) -> SubscriptionId {
        let (who, call) = (self.hospital.operator.clone(), Call::at(clock::now()));
        SubscriptionId(notify::begin(&mut self.hospital.records, &who, &call, draft).unwrap().stream.id)
    }

    fn tell(&mut self, postman: &Postman, now: Timestamp) -> Vec<Told> {
        let who = self.hospital.operator.clone();
        notify::tell(&mut self.hospital.records, &who, postman, now).unwrap()
    }

    fn subscription(&self, id: SubscriptionId) -> Subscription {
        self.states::<Subscription>().into_iter().find(|(one, _)| *one == id.0).unwrap().1
    }
}

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

#[test]
fn a_digest_tells_each_thing_once() {
    let pages = vec![Page::new("/f.rdf", feed(&[("at260024", "FortiOS CVE-2026-1234")]))];
    let mut world = World::new("digest", pages);
    let source = world.add("jpcert", SourceKind::JpcertRss, "/f.rdf");
    world.sync(source);
    let (postman, begin) = (Postman::default(), clock::now());
    let id = world.receiver(draft("tanto", Topic::ALL, 2));
    assert_eq!(world.tell(&postman, begin + hours(3)), [], "what came before is not told");
    world
        .mirror
        .put(Page::new("/f.rdf", feed(&[("at260024", "FortiOS CVE-2026-1234"), ("at260025", "Word")])));
    world.sync(source);
    assert_eq!(world.tell(&postman, clock::now()), [], "not before its time");
    let told = world.tell(&postman, begin + hours(3));
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].items, told[0].urgency, told[0].failure), (1, Urgency::Digest, None));
    let letter = postman.last();
    assert!(letter.text.contains("Word") && !letter.text.contains("FortiOS"), "{}", letter.text);
    assert!(letter.id.starts_with(&id.0.to_string()) && !letter.subject.contains('\n'), "{letter:?}");
    assert_eq!(world.tell(&postman, begin + hours(9)), [], "nothing is told twice");
    assert_eq!(postman.count(), 1);
    let told = world.subscription(id);
    assert_eq!((told.messages, told.state()), (1, SubscriptionState::Active));
}

#[test]
fn who_hears_of_failures_alone_hears_at_once_when_they_repeat() {
    let mut world = World::new("failures", vec![Page::new("/f.rdf", feed(&[("at1", "x")]))]);
    let source = world.add("jpcert", SourceKind::JpcertRss, "/f.rdf");
    let postman = Postman::default();
    world.receiver(draft("admin", &[Topic::FailedChecks], 24));
    world.receiver(draft("notices", &[Topic::Notices], 24));
    world.sync(source);
    world.mirror.always("/f.rdf", Fault::Status(500));
    world.sync(source);
    assert_eq!(world.tell(&postman, clock::now()), [], "one failure waits for the digest");
    world.sync(source);
    let told = world.tell(&postman, clock::now());
    let [one] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((one.name.as_str(), one.items, one.urgency), ("admin", 2, Urgency::Urgent));
    let letter = postman.last();
    assert!(letter.subject.contains("URGENT") && letter.text.contains("jpcert"), "{letter:?}");
    world.sync(source);
    world.sync(source);
    assert_eq!(world.tell(&postman, clock::now()), [], "at most one message an hour");
}

#[test]
fn days_that_nobody_looked_at_are_told_once() {
    let mut world = World::new("missed-told", vec![Page::new("/f.rdf", feed(&[("at1", "x")]))]);
    let source = world.add("jpcert", SourceKind::JpcertRss, "/f.rdf");
    world.sync(source);
    let (postman, begin) = (Postman::default(), clock::now());
    world.receiver(draft("tanto", &[Topic::MissedChecks], 24));
    let told = world.tell(&postman, begin + hours(4 * 24));
    assert_eq!(told.len(), 1, "four days without a look");
    let dates = |letter: &Message| letter.text.matches("jpcert").count() as u64;
    assert!(told[0].items >= 2 && dates(&postman.last()) == told[0].items, "{:?}", postman.last());
}

#[test]
fn what_did_not_arrive_is_shown_and_told_later() {
    let mut world = World::new("undelivered", vec![Page::new("/f.rdf", feed(&[("at1", "x")]))]);
    let source = world.add("jpcert", SourceKind::JpcertRss, "/f.rdf");
    let (postman, begin) = (Postman::default(), clock::now());
    let id = world.receiver(draft("tanto", Topic::ALL, 1));
    world
        .receiver(SubscriptionDraft { language: MessageLanguage::Japanese, ..draft("other", Topic::ALL, 1) });
    world.sync(source);
    *postman.fails.borrow_mut() = Some(DeliveryFailure::Connect);
    let told = world.tell(&postman, begin + hours(2));
    assert_eq!(told.iter().map(|one| one.failure).collect::<Vec<_>>(), [Some(DeliveryFailure::Connect); 2]);
    let failing = world.subscription(id);
    assert_eq!((failing.state(), failing.messages), (SubscriptionState::Failing, 0));
    let reason = failing.undelivered.clone().unwrap();
    assert_eq!((reason.failure, reason.count), (DeliveryFailure::Connect, 1));
    *postman.fails.borrow_mut() = None;
    let soon = reason.at + SignedDuration::from_mins(1);
    assert_eq!(world.tell(&postman, soon), [], "not at once");
    let told = world.tell(&postman, begin + hours(3));
    assert_eq!(told.iter().map(|one| one.failure).collect::<Vec<_>>(), [None; 2]);
    assert_eq!(world.subscription(id).state(), SubscriptionState::Active);
    let (to, letter) = postman.letters.borrow().last().unwrap().clone();
    assert!(to == "tanto" || letter.subject.contains("案件"), "{letter:?}");
    let checked = shindan_app::records::ledger::verify(&world.hospital.records, &[], true).unwrap();
    assert!(checked.is_whole() && checked.differences.is_some(), "{checked:?}");
}

#[test]
fn roles_and_names_are_kept_to() {
    let mut world = World::new("receivers", Vec::new());
    let (auditor, operator) = (world.hospital.auditor.clone(), world.hospital.operator.clone());
    let call = Call::at(clock::now());
    let begun = notify::begin(&mut world.hospital.records, &auditor, &call, draft("a", Topic::ALL, 24));
    assert_eq!(refused(begun), ReasonCode::RoleMissing);
    let id = world.receiver(draft("a", Topic::ALL, 24));
    let call = Call::at(clock::now());
    let again = notify::begin(&mut world.hospital.records, &operator, &call, draft("a", Topic::ALL, 24));
    assert_eq!(refused(again), ReasonCode::SubscriptionNameTaken);
    let told = notify::tell(&mut world.hospital.records, &auditor, &Postman::default(), clock::now());
    assert!(matches!(told, Err(RecordsError::Refused { .. })), "{told:?}");
    let call = Call::at(clock::now());
    notify::end(&mut world.hospital.records, &operator, &call, id, "moved on".to_owned()).unwrap();
    let second = world.receiver(draft("a", Topic::ALL, 24));
    assert_ne!(id, second);
    let names: BTreeSet<SubscriptionState> =
        [id, second].iter().map(|id| world.subscription(*id).state()).collect();
    assert_eq!(names, BTreeSet::from([SubscriptionState::Active, SubscriptionState::Ended]));
}

#[test]
fn a_new_case_is_told_and_one_that_surges_at_once() {
    let mut world = World::new("cases-told", Vec::new());
    let (who, call) = (world.hospital.operator.clone(), world.hospital.call());
    let postman = Postman::default();
    let cases = draft("tanto", &[Topic::Cases, Topic::Surges], 24);
    notify::begin(&mut world.hospital.records, &who, &call, cases).unwrap();
    let urgent_only = SubscriptionDraft { least: Decision::Immediate, ..draft("head", &[Topic::Cases], 24) };
    let call = world.hospital.call();
    notify::begin(&mut world.hospital.records, &who, &call, urgent_only).unwrap();
    world.hospital.learn(&[("CVE-2026-0001", "left-pad", "2.0.0", false)]);
    let list = world.hospital.list("list.json", &[("left-pad", "1.0.0")]);
    world.hospital.refresh(std::slice::from_ref(&list));
    world.hospital.later(2);
    let now = world.hospital.now;
    let told = world.tell(&postman, now);
    let names: Vec<&str> = told.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["tanto"], "it is not of the most urgent priority: {told:?}");
    assert!(postman.last().text.contains("npm/left-pad"), "{:?}", postman.last());
    world.hospital.learn(&[("CVE-2026-0001", "left-pad", "2.0.0", true)]);
    world.hospital.refresh(&[list]);
    let now = world.hospital.now + hours(2);
    let told = world.tell(&postman, now);
    let surge = told.iter().find(|one| one.name == "tanto").unwrap();
    assert_eq!(surge.urgency, Urgency::Urgent, "after two hours, not after a day");
    let letters = postman.letters.borrow();
    let (_, letter) = letters.iter().rfind(|(to, _)| to == "tanto").unwrap();
    assert!(letter.subject.contains("surging: 1") && letter.text.contains("Exploited now"), "{letter:?}");
}
