//! Bundles that are old, or whose sender did not look: what they bring is known, and nothing about it looks recent.

use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use shindan_app::records::collect::bundles::{self, BundleGiven, BundleOrder, BundleTaken};
use shindan_app::records::{WordGiven, exchange};
use shindan_domain::exchange::Compared;
use shindan_domain::organisation::{Party, PartyKind};
use shindan_domain::record_id::{ExchangeId, PartyId};

use super::*;

/// The ward without a network, and the office that collects for it.
struct Pair {
    office: World,
    ward: Hospital,
}

impl Pair {
    fn new(name: &str, pages: Vec<Page>) -> Pair {
        let mut office = World::new(name, pages);
        office.add("jpcert", SourceKind::JpcertRss, "/f.rdf");
        let mut ward = Hospital::new(&format!("collect-{name}-ward"));
        let (call, who) = (office.hospital.call(), office.hospital.manager.clone());
        let card = exchange::card(&mut office.hospital.records, &who, &call, Some("情報部")).unwrap();
        let file = ward.root.join("office.card");
        std::fs::write(&file, &card.file).unwrap();
        let party = Party {
            name: "情報部".to_owned(),
            kind: PartyKind::Provider,
            contact: None,
            pinned_keys: Vec::new(),
        };
        let party = PartyId(ward.keep(party));
        let (call, who) = (ward.call(), ward.operator.clone());
        let added = exchange::add_partner(&mut ward.records, &who, &call, party, &file).unwrap();
        let (call, who) = (ward.call(), ward.manager.clone());
        let (id, typed) = (ExchangeId(added.stream.id), card.card.read_aloud());
        let compared = (typed.as_str(), Compared::Meeting);
        exchange::confirm_partner(&mut ward.records, &who, &call, id, compared, &WordGiven::Software)
            .unwrap();
        Pair { office, ward }
    }

    fn export(&mut self, name: &str, (at, days): (Timestamp, u16)) -> PathBuf {
        let out = self.ward.root.join(name);
        let order =
            BundleOrder { out: out.clone(), since: None, leave_out: BTreeSet::new(), days, name: None };
        let (who, folder) = (self.office.hospital.operator.clone(), self.office.folder());
        let records = &mut self.office.hospital.records;
        bundles::export(records, (&who, &Call::at(at)), &folder, &order, &Silent).unwrap();
        out
    }

    fn import(
        &mut self,
        who: &Entered,
        file: &Path,
        (at, because): (Timestamp, Option<&str>),
    ) -> Result<BundleTaken, RecordsError> {
        let given = BundleGiven { file: file.to_owned(), expired_because: because.map(str::to_owned) };
        let folder = DataFolder::new(self.ward.root.join("data"));
        bundles::import(&mut self.ward.records, (who, &Call::at(at)), &folder, &given, &Silent)
    }
}

fn after(at: Timestamp, days: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(24 * days)).unwrap()
}

#[test]
fn an_expired_bundle_needs_an_approver_and_what_it_brings_is_old() {
    let mut pair = Pair::new("expired", vec![Page::new("/f.rdf", feed(&[("at1", "x"), ("at2", "y")]))]);
    let who = pair.office.hospital.operator.clone();
    assert!(pair.office.sync_as(&who, &[]).unwrap().sources[0].outcome.new_items() == 2);
    let now = clock::now();
    let file = pair.export("1.bundle", (now, 1));
    let (operator, approver) = (pair.ward.operator.clone(), pair.ward.approver.clone());
    let late = after(now, 4);
    assert_eq!(refused(pair.import(&operator, &file, (late, None))), ReasonCode::BundleExpired);
    let because = Some("there is no newer one");
    assert_eq!(refused(pair.import(&operator, &file, (late, because))), ReasonCode::RoleMissing);
    assert_eq!(refused(pair.import(&approver, &file, (late, Some(" ")))), ReasonCode::TextMissing);
    let taken = pair.import(&approver, &file, (late, because)).unwrap();
    assert!(taken.expired);
    let [jpcert] = taken.sources.as_slice() else { panic!("{:?}", taken.sources) };
    assert_eq!(jpcert.outcome, CheckOutcome::NewItems { count: 2 });
    assert!(jpcert.alarms.iter().any(|alarm| alarm.kind == AlarmKind::CarriedStale), "{jpcert:?}");
    let standing = collect::standing(&pair.ward.records, &operator, late).unwrap();
    assert!(standing[0].last_good.unwrap() <= now, "known as of when the office looked");
    assert_eq!(standing[0].timing, SourceTiming::Due);
    assert_eq!(
        collect::standing(&pair.ward.records, &operator, after(late, 2)).unwrap()[0].timing,
        SourceTiming::Overdue
    );
}

#[test]
fn what_the_sender_did_not_look_at_in_time_is_never_nothing_new() {
    let mut pair = Pair::new("stale", vec![Page::new("/f.rdf", feed(&[("at1", "x")]))]);
    let who = pair.office.hospital.operator.clone();
    pair.office.sync_as(&who, &[]).unwrap();
    let now = clock::now();
    let (first, operator) = (pair.export("1.bundle", (now, 14)), pair.ward.operator.clone());
    // A bundle from the future shows that a clock is wrong.
    assert_eq!(refused(pair.import(&operator, &first, (after(now, -1), None))), ReasonCode::BundleFromFuture);
    pair.import(&operator, &first, (now, None)).unwrap();
    let late = after(now, 10);
    let second = pair.export("2.bundle", (late, 14));
    let taken = pair.import(&operator, &second, (late, None)).unwrap();
    assert!(!taken.expired);
    match &taken.sources[0].outcome {
        CheckOutcome::Failed { failure: Failure::StaleAtSender, params } => {
            assert_eq!(
                params.get("date").map(String::as_str),
                Some(clock::day_in_japan(now).to_string().as_str())
            );
        }
        other => panic!("{other:?}"),
    }
    // Handed on by the ward, it stays old.
    let standing = collect::standing(&pair.ward.records, &operator, late).unwrap();
    assert_eq!(standing[0].timing, SourceTiming::Overdue);
    let out = pair.ward.root.join("handed-on.bundle");
    let order = BundleOrder { out, since: None, leave_out: BTreeSet::new(), days: 14, name: None };
    let folder = DataFolder::new(pair.ward.root.join("data"));
    let call = Call::at(late);
    let made = bundles::export(&mut pair.ward.records, (&operator, &call), &folder, &order, &Silent).unwrap();
    assert!(made.manifest.sources[0].stale && made.manifest.files.len() == 1);
    let checked = ledger::verify(&pair.ward.records, &[], true).unwrap();
    assert!(checked.is_whole() && checked.differences.is_some(), "{checked:?}");
}

#[test]
fn a_delta_whose_unchanged_file_is_another_one_here_is_not_whole() {
    let mut pair = Pair::new("misfit", vec![Page::new("/f.rdf", feed(&[("at1", "x")]))]);
    let who = pair.office.hospital.operator.clone();
    pair.office.sync_as(&who, &[]).unwrap();
    let now = clock::now();
    let (first, operator) = (pair.export("1.bundle", (now, 14)), pair.ward.operator.clone());
    pair.import(&operator, &first, (now, None)).unwrap();
    let kept = pair.ward.root.join("data/sources/jpcert/00-f.rdf");
    std::fs::write(&kept, feed(&[("at9", "altered")])).unwrap();
    let out = pair.ward.root.join("2.bundle");
    let order = BundleOrder { out, since: Some(1), leave_out: BTreeSet::new(), days: 14, name: None };
    let (folder, call) = (pair.office.folder(), Call::at(now));
    let records = &mut pair.office.hospital.records;
    let made = bundles::export(records, (&who, &call), &folder, &order, &Silent).unwrap();
    assert_eq!((made.manifest.files.len(), made.manifest.unchanged.len()), (0, 1));
    let taken = pair.import(&operator, &order.out, (now, None)).unwrap();
    match &taken.sources[0].outcome {
        CheckOutcome::Failed { failure: Failure::Incomplete, params } => {
            assert_eq!(params.get("reason").map(String::as_str), Some("bundle-needs-full"));
        }
        other => panic!("{other:?}"),
    }
    // One that holds everything mends it.
    let third = pair.export("3.bundle", (now, 14));
    let taken = pair.import(&operator, &third, (now, None)).unwrap();
    assert_eq!(taken.sources[0].outcome, CheckOutcome::NothingNew);
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), feed(&[("at1", "x")]));
}
