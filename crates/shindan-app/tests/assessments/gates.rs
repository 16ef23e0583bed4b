//! What may be scanned, and what never is: by role, by exception, by what is protected. Each refusal is logged.

use shindan_app::data_folder::DataFolder;
use shindan_app::records::RecordsError;
use shindan_app::records::assessments::{runs, targets};
use shindan_app::records::devices::{self, DeviceOrder};
use shindan_app::records::kept::keep;
use shindan_app::records::sightings::{self, ImportOrder, TakenWhen};
use shindan_app::register::{self, ImportOptions};
use shindan_domain::assessment::{ApplicationKind, RunState, Way};
use shindan_domain::comparison::KeptPart;
use shindan_domain::device::DeviceCategory;
use shindan_domain::organisation::{Asset, Patcher};
use shindan_domain::people::Role;
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::{AssessmentId, AssetId, ClinicalNetworkId, PartyId};
use uuid::Uuid;

use crate::hospital::{Hospital, code, refusal};
use crate::world::{SITE, World, admin, approver, auditor, colleague, manager, operator, resolve};

const LIVE: &str = "https://live.example";

/// A run against production, planned by the operator, who tests.
fn on_production(world: &mut World) -> AssessmentId {
    let live = world.live;
    world.permit(manager, live, LIVE).unwrap();
    let asked = world.asked(Some(live), Way::Outside, &[LIVE]);
    world.plan_run(operator, asked).unwrap()
}

#[test]
fn production_needs_an_exception_of_two_persons_for_the_day() {
    let mut world = World::new("exception");
    let run = on_production(&mut world);
    assert_eq!(world.run(run).state(), RunState::ExceptionAwaited);
    let both = world.person("兼務 五郎", &[Role::Operator, Role::Approver, Role::Manager]);
    assert_eq!(code(world.approve_exception(&both, run)), ReasonCode::ExceptionMissing);
    for who in [operator, manager] {
        assert_eq!(code(world.start(who, run)), ReasonCode::ExceptionMissing);
    }
    assert_eq!(code(world.ask_exception(auditor, run, (0, 2))), ReasonCode::RoleMissing);
    assert_eq!(code(world.ask_exception(colleague, run, (-3, 0))), ReasonCode::DateNotInFuture);
    assert_eq!(code(world.ask_exception(colleague, run, (3, 2))), ReasonCode::PeriodReversed);
    world.ask_exception(colleague, run, (1, 2)).unwrap();
    assert_eq!(code(world.start(operator, run)), ReasonCode::ExceptionMissing, "asked is not approved");
    let colleague_now = world.hospital.colleague.clone();
    assert_eq!(code(world.approve_exception(&colleague_now, run)), ReasonCode::RoleMissing);
    let approver_now = world.hospital.approver.clone();
    world.approve_exception(&approver_now, run).unwrap();
    assert_eq!(code(world.approve_exception(&approver_now, run)), ReasonCode::NothingChanges);
    assert_eq!(code(world.start(operator, run)), ReasonCode::ExceptionNotToday, "tomorrow");
    world.hospital.later(1);
    // Asking again takes the approval away.
    world.ask_exception(colleague, run, (0, 1)).unwrap();
    assert_eq!(code(world.start(operator, run)), ReasonCode::ExceptionMissing);
    world.approve_exception(&approver_now, run).unwrap();
    world.hospital.later(2);
    assert_eq!(code(world.start(operator, run)), ReasonCode::ExceptionNotToday, "expired");
    world.ask_exception(colleague, run, (0, 1)).unwrap();
    world.approve_exception(&approver_now, run).unwrap();
    world.start(operator, run).unwrap();
    assert_eq!(world.run(run).former_exceptions.len(), 2, "what was asked before is kept");
    world.check_ledger();
}

#[test]
fn who_asks_or_tests_does_not_approve() {
    let mut world = World::new("own-exception");
    let both = world.person("兼務 五郎", &[Role::Operator, Role::Approver]);
    let live = world.live;
    world.permit(manager, live, LIVE).unwrap();
    // Both tests, the colleague asks.
    let mut asked = world.asked(Some(live), Way::Outside, &[LIVE]);
    asked.tester = Some(both.person());
    let run = world.plan_run(operator, asked).unwrap();
    world.ask_exception(colleague, run, (0, 5)).unwrap();
    assert_eq!(code(world.approve_exception(&both, run)), ReasonCode::SamePerson, "the tester");
    // Both asks, the operator tests.
    let asked = world.asked(Some(live), Way::Outside, &[LIVE]);
    let run = world.plan_run(operator, asked).unwrap();
    let institution = PartyId(Uuid::nil());
    let nobody = runs::ExceptionAsked {
        reason: "理由".to_owned(),
        institution,
        notice: world.hospital.file("notice.txt", "通知"),
        from: "2026-11-02".parse().unwrap(),
        until: "2026-11-09".parse().unwrap(),
    };
    let unknown =
        world.as_person(&both, |records, who, call| runs::ask_exception(records, who, call, run, nobody));
    assert!(
        matches!(unknown, Err(RecordsError::Unknown(_))),
        "an institution that nobody knows: {unknown:?}"
    );
    ask_as(&mut world, &both, run).unwrap();
    assert_eq!(code(world.approve_exception(&both, run)), ReasonCode::SamePerson, "who asked");
    assert_eq!(world.refusals(), 2, "both are logged");
}

fn ask_as(
    world: &mut World,
    who: &shindan_app::records::Entered,
    run: AssessmentId,
) -> Result<shindan_app::records::Done, RecordsError> {
    use shindan_domain::organisation::{Party, PartyKind};
    let party = Party {
        name: "病院".to_owned(),
        kind: PartyKind::Institution,
        contact: None,
        pinned_keys: Vec::new(),
    };
    let institution = PartyId(world.hospital.keep(party));
    let notice = world.hospital.file("notice.txt", "通知");
    let asked = runs::ExceptionAsked {
        reason: "理由".to_owned(),
        institution,
        notice,
        from: "2026-11-02".parse().unwrap(),
        until: "2026-11-09".parse().unwrap(),
    };
    world.as_person(who, |records, who, call| runs::ask_exception(records, who, call, run, asked))
}

#[test]
fn only_the_manager_permits_targets_and_every_refusal_is_logged() {
    let mut world = World::new("roles");
    let test = world.test;
    let before = world.refusals();
    let partner = world.person("委託先", &[Role::Partner]);
    let refused: [fn(&Hospital) -> &shindan_app::records::Entered; 5] =
        [operator, colleague, approver, auditor, admin];
    for who in refused {
        assert_eq!(code(world.permit(who, test, "https://other.example")), ReasonCode::RoleMissing);
    }
    let target = ("https://other.example".parse().unwrap(), "?".to_owned());
    let by_partner = world.as_person(&partner, |records, who, call| {
        targets::permit(records, who, call, test, target, &resolve)
    });
    assert_eq!(code(by_partner), ReasonCode::RoleMissing);
    let nobody: [fn(&Hospital) -> &shindan_app::records::Entered; 3] = [approver, auditor, admin];
    for who in nobody {
        let asked = world.asked(Some(test), Way::Outside, &[SITE]);
        assert_eq!(code(world.plan_run(who, asked)), ReasonCode::RoleMissing);
    }
    let asked = world.asked(Some(test), Way::Outside, &[SITE]);
    let by_partner =
        world.as_person(&partner, |records, who, call| runs::plan(records, who, call, asked, &resolve));
    assert_eq!(code(by_partner), ReasonCode::RoleMissing);
    // What is not on the list, wider than the list, or beside it.
    for outside in ["https://other.example", "http://test.example", "https://test.example:8443", "192.0.2.7"]
    {
        let asked = world.asked(Some(test), Way::Outside, &[SITE, outside]);
        assert_eq!(code(world.plan_run(operator, asked)), ReasonCode::TargetNotPermitted, "{outside}");
    }
    let asked = world.asked(Some(test), Way::Outside, &[]);
    assert_eq!(code(world.plan_run(operator, asked)), ReasonCode::RunWithoutTargets);
    let asked = world.asked(None, Way::Outside, &[SITE]);
    assert_eq!(code(world.plan_run(operator, asked)), ReasonCode::RunWithoutEnvironment);
    assert_eq!(code(world.permit(manager, test, "10.0.0.0/8")), ReasonCode::TargetTooWide);
    assert_eq!(world.refusals() - before, 6 + 4 + 4 + 2 + 1);
    let (records, now) = (&world.hospital.records, world.hospital.now);
    assert!(records.store().refusals(None, 50).unwrap().iter().all(|one| one.step.at <= now));
}

#[test]
fn what_is_taken_off_the_list_is_not_started() {
    let mut world = World::new("removed");
    let asked = world.asked(Some(world.test), Way::Outside, &[SITE]);
    let run = world.plan_run(operator, asked).unwrap();
    let (test, target) = (world.test, (SITE.parse().unwrap(), "返却した".to_owned()));
    world.by(manager, |records, who, call| targets::remove(records, who, call, test, target)).unwrap();
    assert_eq!(code(world.start(operator, run)), ReasonCode::TargetNotPermitted);
    world.permit(manager, test, SITE).unwrap();
    world.start(operator, run).unwrap();
    world.check_ledger();
}

/// Marks a network, plans a run on an alias into it.
#[test]
fn nothing_on_a_clinical_network_is_scanned_whatever_the_role() {
    let mut world = World::new("clinical");
    let (test, alias) = (world.test, "https://alias.example");
    world.permit(manager, test, alias).unwrap();
    let asked = world.asked(Some(test), Way::Outside, &[alias]);
    let planned = world.plan_run(operator, asked.clone()).unwrap();
    let marked = world.by(manager, |records, who, call| {
        let network = ("手術室".to_owned(), "192.0.2.64/26".parse().unwrap(), "麻酔記録".to_owned());
        targets::mark_clinical(records, who, call, network)
    });
    let network = ClinicalNetworkId(marked.unwrap().stream.id);
    for who in [operator, manager] {
        assert_eq!(code(world.start(who, planned)), ReasonCode::TargetProtected);
        assert_eq!(code(world.plan_run(who, asked.clone())), ReasonCode::TargetProtected);
    }
    for who in [admin, approver] {
        assert_eq!(code(world.start(who, planned)), ReasonCode::RoleMissing);
    }
    for target in ["192.0.2.70", "192.0.2.0/24", "http://[::ffff:192.0.2.70]/", "::ffff:192.0.2.70"] {
        assert_eq!(code(world.permit(manager, test, target)), ReasonCode::TargetProtected, "{target}");
    }
    // Who keeps the list does not take the mark away.
    let unmark = |world: &mut World, who: fn(&Hospital) -> &shindan_app::records::Entered| {
        world.by(who, |records, who, call| {
            targets::unmark_clinical(records, who, call, network, "撤去した".to_owned())
        })
    };
    for who in [manager, operator, admin] {
        assert_eq!(code(unmark(&mut world, who)), ReasonCode::RoleMissing);
    }
    unmark(&mut world, approver).unwrap();
    world.start(operator, planned).unwrap();
    world.check_ledger();
}

const LEDGER: &str = "管理番号,種別,メーカー,型番,バージョン,ホスト名,IPアドレス\n\
    CT-01,医療機器,Example,Tomo 64,1.0,ct-01,192.0.2.10\n\
    PUMP-01,医療機器,Example,Pump 8,8.0,pump-01,192.0.2.11/24\n\
    SV-01,サーバ,Example,R640,1.0,sv-01,192.0.2.12\n";

fn import_register(world: &mut World) {
    let ledger = world.hospital.file("ledger.csv", LEDGER);
    let folder = DataFolder::new(world.hospital.root.join("data"));
    world
        .by(operator, |records, who, call| {
            keep(records, who, call, KeptPart::Register, |author| {
                register::import(&folder, &ledger, &ImportOptions::default(), Some(author), call.now)
            })
        })
        .unwrap();
}

#[test]
fn a_medical_device_of_the_register_is_never_a_target() {
    let mut world = World::new("register");
    import_register(&mut world);
    let test = world.test;
    for target in [
        "192.0.2.10",
        "https://192.0.2.10/",
        "192.0.2.8-192.0.2.15",
        "ct-01",
        "ct-01.ward.local",
        "192.0.2.11",
    ] {
        let refused = refusal(world.permit(manager, test, target));
        assert_eq!(refused.reason.code, ReasonCode::TargetProtected, "{target}");
    }
    for target in ["192.0.2.12", "sv-01", "192.0.2.13"] {
        world.permit(manager, test, target).unwrap();
    }
}

#[test]
fn a_medical_device_with_a_dossier_is_never_a_target() {
    let mut world = World::new("dossier");
    import_register(&mut world);
    let party = PartyId(Uuid::from_u128(1));
    let asset = AssetId(world.hospital.keep(Asset {
        key: "id:sv-01".to_owned(),
        name: "検査装置の制御PC".to_owned(),
        system: None,
        environment: None,
        owner: party,
        patcher: Patcher::Party(party),
    }));
    let test = world.test;
    world.permit(manager, test, "192.0.2.12").unwrap();
    let asked = world.asked(Some(test), Way::Outside, &["192.0.2.12"]);
    let planned = world.plan_run(operator, asked).unwrap();
    // The register calls it a server, its dossier a medical device.
    let order = DeviceOrder {
        category: Some(DeviceCategory::MedicalDevice),
        addresses: Some(vec!["192.0.2.12".to_owned(), "192.0.2.77".to_owned()]),
        host_names: Some(vec!["analyzer.ward.local".to_owned()]),
        ..DeviceOrder::default()
    };
    world.by(operator, |records, who, call| devices::open(records, who, call, asset, &order)).unwrap();
    for who in [operator, manager] {
        assert_eq!(code(world.start(who, planned)), ReasonCode::TargetProtected);
    }
    for target in ["192.0.2.77", "analyzer", "http://analyzer.ward.local/"] {
        assert_eq!(code(world.permit(manager, test, target)), ReasonCode::TargetProtected, "{target}");
    }
}

#[test]
fn a_plan_for_a_medical_device_has_no_run_from_outside() {
    let mut world = World::of("medical", ApplicationKind::MedicalDevice);
    let test = world.test;
    world.permit(manager, test, SITE).unwrap();
    let portal = crate::world::PORTAL;
    for who in [operator, manager] {
        let mut asked = world.asked(Some(test), Way::Outside, &[SITE]);
        asked.deliverables.insert(portal.to_owned());
        assert_eq!(code(world.plan_run(who, asked)), ReasonCode::MedicalNeverScanned);
    }
    let plan = world.plan();
    assert_eq!(plan.way_due(&plan.deliverables[portal]), Way::Configuration);
    let asked = world.asked(Some(test), Way::Configuration, &[]);
    let run = world.plan_run(operator, asked).unwrap();
    world.start(operator, run).unwrap();
}

/// A device that leases its addresses is known by its hardware address: where that was seen last, and lately, nothing is scanned.
#[test]
fn a_medical_device_is_protected_where_it_was_seen() {
    let mut world = World::new("seen");
    import_register(&mut world);
    let party = PartyId(Uuid::from_u128(1));
    let asset = AssetId(world.hospital.keep(Asset {
        key: "id:sv-01".to_owned(),
        name: "輸液ポンプ".to_owned(),
        system: None,
        environment: None,
        owner: party,
        patcher: Patcher::Party(party),
    }));
    let order = DeviceOrder {
        category: Some(DeviceCategory::MedicalDevice),
        macs: Some(vec!["00:80:92:11:50:10".to_owned()]),
        addresses: Some(vec!["dhcp".to_owned()]),
        ..DeviceOrder::default()
    };
    world.by(operator, |records, who, call| devices::open(records, who, call, asset, &order)).unwrap();
    let test = world.test;
    // What is permitted before it is seen there is looked at again at the start.
    world.permit(manager, test, "192.0.2.93").unwrap();
    let asked = world.asked(Some(test), Way::Outside, &["192.0.2.93"]);
    let planned = world.plan_run(operator, asked).unwrap();
    for (days, address) in [(0, "192.0.2.90"), (40, "192.0.2.91"), (10, "192.0.2.92"), (1, "192.0.2.93")] {
        world.hospital.later(days);
        see(&mut world, address);
    }
    assert_eq!(code(world.start(operator, planned)), ReasonCode::TargetProtected);
    for target in ["192.0.2.91", "192.0.2.92", "https://192.0.2.93/"] {
        assert_eq!(code(world.permit(manager, test, target)), ReasonCode::TargetProtected, "{target}");
    }
    world.permit(manager, test, "192.0.2.90").unwrap();
    // However long ago it was: the last one stays.
    world.hospital.later(400);
    assert_eq!(code(world.permit(manager, test, "192.0.2.93")), ReasonCode::TargetProtected);
    world.permit(manager, test, "192.0.2.92").unwrap();
}

/// A table of neighbours, taken now, in which the pump has this address.
fn see(world: &mut World, address: &str) {
    let text = format!("{address} dev eth0 lladdr 00:80:92:11:50:10 REACHABLE\n");
    let file = world.hospital.file(&format!("neighbours-{address}.txt"), &text);
    let order = ImportOrder {
        files: vec![file],
        network: None,
        ranges: Vec::new(),
        taken: Some(TakenWhen::At(world.hospital.now)),
        absent_days: None,
    };
    world.by(operator, |records, who, call| sightings::import(records, who, call, &order)).unwrap();
}
