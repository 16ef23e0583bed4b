//! An agreement that is confirmed across two installations by a sealed file: no key is pinned by hand, no detached signature.

use std::path::{Path, PathBuf};

use shindan_app::records::agreement_files::{self, Taking};
use shindan_app::records::devices::{self, ConfirmOrder};
use shindan_app::records::exchange::{self, Limits, SealOrder};
use shindan_app::records::{Entered, RecordsError, WordGiven, control, interfaces, ledger, organisation};
use shindan_domain::agreement::Standing;
use shindan_domain::device::{Device, DeviceState, DisconnectionMeans, StopKind};
use shindan_domain::exchange::Compared;
use shindan_domain::interface::{Direction, InterfaceDraft, Mechanism};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Asset, MasterData, Patcher, System};
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::{AgreementId, DeviceId, ExchangeId, PartyId};

use crate::ward::{HOSPITAL, VENDOR, Ward, approver, code, manager, operator};

/// `taker` takes the card of `giver` in; its manager confirms what was read aloud.
fn knows(taker: &mut Ward, party: PartyId, giver: &mut Ward) -> ExchangeId {
    let card =
        giver.by(manager, |records, who, call| exchange::card(records, who, call, Some("名刺"))).unwrap();
    let file = taker.hospital.root.join("their.card");
    std::fs::write(&file, &card.file).unwrap();
    let added =
        taker.by(operator, |records, who, call| exchange::add_partner(records, who, call, party, &file));
    let id = ExchangeId(added.unwrap().stream.id);
    let typed = card.card.read_aloud();
    taker
        .by(manager, |records, who, call| {
            let compared = (typed.as_str(), Compared::Voice);
            exchange::confirm_partner(records, who, call, id, compared, &WordGiven::Software)
        })
        .unwrap();
    id
}

fn seal(from: &mut Ward, to: ExchangeId, file: PathBuf) -> PathBuf {
    let sealed = from.hospital.root.join(format!("{}.shindan", file.file_name().unwrap().to_str().unwrap()));
    let order = SealOrder { files: vec![file], encrypt: true, ..SealOrder::default() };
    let number = from
        .by(operator, |records, who, call| exchange::seal(records, who, call, to, &order))
        .unwrap()
        .sequence
        .unwrap();
    exchange::copy_sealed(
        &from.hospital.records,
        &from.hospital.operator,
        to,
        number,
        &sealed,
        from.hospital.now,
    )
    .unwrap();
    sealed
}

/// Takes a sealed file in; answers its first content.
fn open(at: &mut Ward, from: ExchangeId, sealed: &Path) -> PathBuf {
    let imported = at
        .by(operator, |records, who, call| exchange::import(records, who, call, sealed, &Limits::default()));
    let number = imported.unwrap().sequence.unwrap();
    let folder = at.hospital.root.join(format!("inbox-{number}"));
    let files = exchange::extract(
        &at.hospital.records,
        &at.hospital.operator,
        from,
        number,
        &folder,
        at.hospital.now,
    )
    .unwrap();
    files[0].clone()
}

fn export(ward: &Ward, id: AgreementId, name: &str) -> PathBuf {
    let bytes =
        agreement_files::export(&ward.hospital.records, &ward.hospital.auditor, id, ward.hospital.now);
    let path = ward.hospital.root.join(name);
    std::fs::write(&path, bytes.unwrap()).unwrap();
    path
}

fn import(ward: &mut Ward, path: &Path) -> Result<AgreementId, RecordsError> {
    let taking = Taking::default();
    let done =
        ward.by(operator, |records, who, call| agreement_files::import(records, who, call, path, &taking))?;
    Ok(AgreementId(done.stream.id))
}

#[test]
fn an_agreement_is_confirmed_across_two_installations_by_sealed_files() {
    let mut here = Ward::new("sealed-here");
    let mut there = Ward::new("sealed-there");
    let (provider, institution) = (here.provider, there.institution);
    // Everybody has a card before anybody seals.
    here.by(manager, |records, who, call| exchange::card(records, who, call, Some("名刺"))).unwrap();
    let vendor = knows(&mut here, provider, &mut there);
    let hospital = knows(&mut there, institution, &mut here);

    let id = here.draft();
    here.propose(id).unwrap();
    here.all_agree(id);
    let file = export(&here, id, "agr.json");
    let sealed = seal(&mut here, vendor, file);
    let file = open(&mut there, hospital, &sealed);
    let theirs = import(&mut there, &file).unwrap();
    there.all_agree(theirs);

    // Sealed by the vendor, and says that the vendor has not confirmed.
    let file = export(&there, theirs, "unconfirmed.json");
    let unconfirmed = seal(&mut there, hospital, file);
    open(&mut here, vendor, &unconfirmed);
    let word = |sealed: &Path| WordGiven::SealedFile { file: sealed.to_owned(), signer: None, party: None };
    let answer = here.confirm(id, operator, (VENDOR, None), &word(&unconfirmed));
    assert_eq!(code(answer), ReasonCode::AgreementFileUnconfirmed);

    let hash = there.hash(theirs);
    let scan = there.hospital.file("signed.pdf", "署名した合意書");
    let paper = WordGiven::Paper { scan, signer: "提供 五郎".to_owned(), person: None };
    there.confirm(theirs, operator, (VENDOR, Some(&hash)), &paper).unwrap();
    let file = export(&there, theirs, "confirmed.json");
    let confirmed = seal(&mut there, hospital, file);
    let early = here.confirm(id, operator, (VENDOR, None), &word(&confirmed));
    assert_eq!(code(early), ReasonCode::SealedNotAccepted);
    open(&mut here, vendor, &confirmed);
    let own = here.confirm(id, manager, (VENDOR, None), &word(&confirmed));
    assert_eq!(code(own), ReasonCode::KeyPinnedByRecorder);
    here.confirm(id, operator, (VENDOR, None), &word(&confirmed)).unwrap();
    here.confirm(id, approver, (HOSPITAL, Some(&hash)), &WordGiven::Software).unwrap();
    assert_eq!(here.standing(id), Standing::Valid);
    here.is_whole();
    there.is_whole();
}

#[test]
fn a_contractor_confirms_a_disconnection_in_a_line_of_its_own() {
    let mut here = Ward::new("disconnected-here");
    let mut there = Ward::new("disconnected-there");
    let (provider, institution) = (here.provider, there.institution);
    here.by(manager, |records, who, call| exchange::card(records, who, call, Some("名刺"))).unwrap();
    let vendor = knows(&mut here, provider, &mut there);
    let hospital = knows(&mut there, institution, &mut here);
    let (_, device) = here.monitor("MON-1");
    let (_, other) = here.monitor("MON-2");
    for device in [device, other] {
        here.by(operator, |records, who, call| {
            let reason = ("故障".to_owned(), None);
            devices::stop(records, who, call, device, StopKind::Faulty, reason)
        })
        .unwrap();
    }
    let called =
        |ward: &Ward, id: DeviceId| ward.hospital.records.called(Stream::new(Kind::Device, id)).unwrap();
    let (number, others) = (called(&here, device), called(&here, other));
    let mut letter = |here: &mut Ward, name: &str, text: &str| {
        let file = there.hospital.file(name, text);
        let sealed = seal(&mut there, hospital, file);
        open(here, vendor, &sealed);
        sealed
    };
    let confirm = |here: &mut Ward, device: DeviceId, sealed: &Path| {
        let word = WordGiven::SealedFile { file: sealed.to_owned(), signer: None, party: None };
        here.by(operator, |records, who, call| {
            let order = ConfirmOrder {
                means: DisconnectionMeans::Removed,
                how: "工場に持ち帰った".to_owned(),
                checked: None,
                documents: Vec::new(),
            };
            devices::confirm_disconnected(records, who, call, device, order, &word)
        })
    };
    let denied = letter(&mut here, "denied.txt", &format!("{number}: not yet disconnected {number}"));
    assert_eq!(code(confirm(&mut here, device, &denied)), ReasonCode::DeviceLetterUnclear);
    let wrong = letter(&mut here, "wrong.txt", &format!("disconnected {others}"));
    assert_eq!(code(confirm(&mut here, device, &wrong)), ReasonCode::PartnerFileOtherRecord);
    let right = letter(&mut here, "right.txt", &format!("作業報告\n切離し確認 {number}\n"));
    confirm(&mut here, device, &right).unwrap();
    let state: Device = here.state(device.0);
    assert_eq!(state.state(), DeviceState::Disconnected);
    assert!(format!("{:?}", state.stage).contains("PartnerFile"), "whose word it is");
    // Who has nothing to do with a device has no say about it.
    let institution = here.institution;
    let system = here.system.0;
    here.by(manager, |records, who, call| {
        organisation::change(records, who, call, system, "交代".to_owned(), |now: &mut System| {
            now.provider = institution;
        })
    })
    .unwrap();
    let asset = here.state::<Device>(other.0).asset;
    here.by(manager, |records, who, call| {
        organisation::change(records, who, call, asset.0, "交代".to_owned(), |now: &mut Asset| {
            now.patcher = Patcher::Party(institution);
        })
    })
    .unwrap();
    assert_eq!(code(confirm(&mut here, other, &wrong)), ReasonCode::OtherParty);
    here.is_whole();
}

#[test]
fn sealed_files_are_evidence_of_their_interface_and_refusals_show() {
    let mut here = Ward::new("evidence-here");
    let mut there = Ward::new("evidence-there");
    let (provider, institution, system) = (here.provider, there.institution, here.system);
    here.by(manager, |records, who, call| exchange::card(records, who, call, Some("名刺"))).unwrap();
    let noted = ledger::verify(&here.hospital.records, &[], true).unwrap();
    assert!(noted.is_whole(), "the key of the first card is noted: {noted:?}");
    let vendor = knows(&mut here, provider, &mut there);
    let hospital = knows(&mut there, institution, &mut here);
    let shown = |ward: &Ward| -> Vec<(ReasonCode, usize)> {
        let (records, who) = (&ward.hospital.records, &ward.hospital.auditor);
        let report = control::report(records, who, None, ward.hospital.now).unwrap();
        let line = report.lines.into_iter().find(|line| line.status.control == "3-1").unwrap();
        line.status.shown.iter().map(|shown| (shown.reason.code, shown.records.len())).collect()
    };
    let file = there.hospital.file("list.txt", "一覧");
    let sealed = seal(&mut there, hospital, file);
    open(&mut here, vendor, &sealed);
    assert_eq!(shown(&here), [], "an exchange alone is no interface");
    let draft = |counterpart, mechanism| InterfaceDraft {
        name: "検査結果".to_owned(),
        system,
        counterpart,
        direction: Direction::Receives,
        data: "検査結果".to_owned(),
        protocol: "USB".to_owned(),
        mechanism: Some(mechanism),
        set_up: None,
    };
    for draft in [draft(here.institution, Mechanism::SealedExchange), draft(provider, Mechanism::MutualTls)] {
        here.by(operator, |records, who, call| interfaces::register(records, who, call, draft)).unwrap();
    }
    assert_eq!(shown(&here), [], "another party, another mechanism");
    here.by(operator, |records, who, call| {
        interfaces::register(records, who, call, draft(provider, Mechanism::SealedExchange))
    })
    .unwrap();
    assert_eq!(shown(&here), [(ReasonCode::ControlInterfacesSealed, 2)], "the interface and the exchange");

    let import = |here: &mut Ward, file: &Path| {
        here.by(operator, |records, who, call| {
            exchange::import(records, who, call, file, &Limits::default()).map(drop)
        })
    };
    assert_eq!(code(import(&mut here, &sealed)), ReasonCode::SealedReplay);
    let mut bytes = std::fs::read(&sealed).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let altered = here.hospital.root.join("altered.shindan");
    std::fs::write(&altered, bytes).unwrap();
    assert_eq!(code(import(&mut here, &altered)), ReasonCode::SealedCannotDecrypt);
    let told = shown(&here);
    assert!(told.contains(&(ReasonCode::ControlFilesRefused, 2)), "the partner's, and nobody's: {told:?}");
    here.hospital.later(91);
    let told = shown(&here);
    assert!(!told.iter().any(|(code, _)| *code == ReasonCode::ControlFilesRefused), "{told:?}");
}

#[test]
fn what_only_gives_something_out_logs_its_refusals() {
    let mut ward = Ward::new("refusals");
    let mut other = Ward::new("refusals-other");
    let provider = ward.provider;
    ward.by(manager, |records, who, call| exchange::card(records, who, call, Some("名刺"))).unwrap();
    let partner = knows(&mut ward, provider, &mut other);
    let nobody = Entered { roles: Vec::new(), ..ward.hospital.auditor.clone() };
    let (now, limits) = (ward.hospital.now, Limits::default());
    let path = ward.hospital.root.join("nothing.shindan");
    let logged = |ward: &Ward| {
        let last = ward.hospital.records.store().refusals(None, 1).unwrap().into_iter().next();
        last.map(|refused| (refused.id, refused.step.refusal.reason.code, refused.step.person))
    };
    let mut before = logged(&ward);
    let mut check = |ward: &Ward, answer: ReasonCode, person| {
        let now = logged(ward);
        assert_eq!(now.map(|(_, code, person)| (code, person)), Some((answer, Some(person))));
        assert_ne!(now, before, "one more");
        before = now;
    };
    let records = &ward.hospital.records;
    let who = &ward.hospital.operator;
    let answer = code(exchange::receipt_of(records, who, partner, 7, now));
    check(&ward, answer, who.person());
    let answer = code(exchange::extract(records, who, partner, 7, &path, now));
    check(&ward, answer, who.person());
    let answer = code(exchange::copy_sealed(records, who, partner, 7, &path, now));
    check(&ward, answer, who.person());
    let answer = code(exchange::examine(records, &nobody, &path, &limits, now));
    assert_eq!(answer, ReasonCode::RoleMissing);
    check(&ward, answer, nobody.person());
    let call = ward.hospital.call();
    let answer = code(exchange::card(&mut ward.hospital.records, &nobody, &call, None));
    check(&ward, answer, nobody.person());
    // An asset that was entered before.
    let system = ward.system;
    let kept = ward.asset("MON-1", Some(system), provider);
    let asset = ward.state::<MasterData<Asset>>(kept.0).particulars;
    let answer =
        code(ward.by(manager, |records, who, call| organisation::enter_asset(records, who, call, asset)));
    assert_eq!(answer, ReasonCode::NothingChanges);
    check(&ward, answer, ward.hospital.manager.person());
}
