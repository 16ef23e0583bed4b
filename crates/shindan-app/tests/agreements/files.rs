//! Two installations, one content.

use std::path::PathBuf;

use shindan_app::records::agreement_files::{self, Taking};
use shindan_app::records::{RecordsError, WordGiven, agreements};
use shindan_domain::agreement::{Agreement, AgreementState, Standing};
use shindan_domain::ledger::Hash;
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::AgreementId;
use shindan_report::{Lang, Words};

use crate::ward::{HOSPITAL, VENDOR, Ward, code, operator};

fn export(ward: &Ward, id: AgreementId, name: &str) -> PathBuf {
    let bytes =
        agreement_files::export(&ward.hospital.records, &ward.hospital.auditor, id, ward.hospital.now);
    let path = ward.hospital.root.join(name);
    std::fs::write(&path, bytes.unwrap()).unwrap();
    path
}

fn import(ward: &mut Ward, path: &std::path::Path, taking: &Taking) -> Result<AgreementId, RecordsError> {
    let done =
        ward.by(operator, |records, who, call| agreement_files::import(records, who, call, path, taking))?;
    Ok(AgreementId(done.stream.id))
}

#[test]
fn both_sides_confirm_the_same_content_and_it_is_in_force_on_both() {
    let mut here = Ward::new("here");
    let mut there = Ward::new("there");
    let id = here.draft();
    here.propose(id).unwrap();
    here.all_agree(id);
    let file = export(&here, id, "agr.json");
    let theirs = import(&mut there, &file, &Taking::default()).unwrap();
    assert_eq!(there.state::<Agreement>(theirs.0).state(), AgreementState::Proposed);
    assert_eq!(here.hash(id), there.hash(theirs), "independent of the ids of either installation");
    assert_ne!(here.state::<Agreement>(id.0).bound, there.state::<Agreement>(theirs.0).bound);
    // They ask for a change; it comes back as a file.
    there
        .by(operator, |records, who, call| {
            agreements::change_duty(records, who, call, theirs, "logs-review", |duty| {
                duty.text.push_str("（毎月）");
            })
        })
        .unwrap();
    let changed = export(&there, theirs, "changed.json");
    let into = Taking { agreement: Some(id), ..Taking::default() };
    import(&mut here, &changed, &into).unwrap();
    assert_eq!(here.hash(id), there.hash(theirs));
    let said = &here.state::<Agreement>(id.0).discussion["logs-review"];
    assert!(said.agreed.is_empty() && said.first.is_some(), "agreed before it was changed");
    for (ward, id) in [(&mut here, id), (&mut there, theirs)] {
        ward.all_agree(id);
        ward.both_confirm(id);
        assert_eq!(ward.standing(id), Standing::Valid);
        ward.is_whole();
    }
    // The same file again is no news, and an older version none either.
    let again = export(&there, theirs, "again.json");
    assert_eq!(code(import(&mut here, &again, &into)), ReasonCode::NothingChanges);
    assert_eq!(code(import(&mut here, &file, &into)), ReasonCode::AgreementVersionInvalid);
}

#[test]
fn a_file_that_was_changed_on_its_way_or_names_strangers_is_not_taken_in() {
    let mut here = Ward::new("changed");
    let id = here.draft();
    let file = export(&here, id, "agr.json");
    let text = std::fs::read_to_string(&file).unwrap();
    let changed = here.hospital.file("changed.json", &text.replacen("does", "supports", 1));
    assert_eq!(code(import(&mut here, &changed, &Taking::default())), ReasonCode::AgreementFileChanged);
    let mut content = here.state::<Agreement>(id.0).content;
    let before = content.hash().to_string();
    content.parties[1].name = "別の会社".to_owned();
    for duty in &mut content.duties {
        let one = duty.involvement.remove(VENDOR);
        duty.involvement.extend(one.map(|one| ("別の会社".to_owned(), one)));
    }
    let strangers = text.replace(VENDOR, "別の会社").replace(&before, &content.hash().to_string());
    let strangers = here.hospital.file("strangers.json", &strangers);
    let refused = import(&mut here, &strangers, &Taking::default());
    assert!(matches!(refused, Err(RecordsError::Unknown(name)) if name == "別の会社"));
    // Named by the person who takes it in, it is another name for the same party.
    let chosen = [("別の会社".to_owned(), here.provider)].into();
    let taken = import(&mut here, &strangers, &Taking { parties: chosen, ..Taking::default() });
    taken.unwrap();
    for hostile in ["", "{", "[]", "null", "{\"schema\":\"shindan.agreement/1\"}"] {
        let path = here.hospital.file("hostile.json", hostile);
        assert!(
            matches!(import(&mut here, &path, &Taking::default()), Err(RecordsError::App(_))),
            "{hostile}"
        );
    }
}

#[test]
fn a_file_without_its_signature_is_nobodys_word() {
    let mut ward = Ward::new("unsigned");
    let id = ward.draft();
    ward.propose(id).unwrap();
    ward.all_agree(id);
    let file = export(&ward, id, "agr.json");
    let key = ward.hospital.file("key.pub", "not a key");
    let word = WordGiven::PartnerFile {
        file,
        signature: key.clone(),
        key,
        signer: "提供部".to_owned(),
        party: VENDOR.to_owned(),
    };
    assert_eq!(code(ward.confirm(id, operator, (VENDOR, None), &word)), ReasonCode::NoPinnedKey);
}

#[test]
fn the_paper_and_the_differences_are_those_of_the_record() {
    let mut ward = Ward::new("paper");
    let id = ward.in_force();
    let hash = ward.hash(id);
    for lang in Lang::ALL {
        let (records, who) = (&ward.hospital.records, &ward.hospital.auditor);
        let page = agreement_files::print(records, who, id, &Words::new(lang), ward.hospital.now).unwrap();
        assert!(page.contains(&hash) && page.contains("承認 三郎") && page.contains("提供 五郎"));
    }
    let diff = |ward: &Ward, from, to| {
        agreement_files::diff(&ward.hospital.records, &ward.hospital.auditor, id, from, to)
    };
    let (from, to, all) = diff(&ward, None, None).unwrap();
    assert!((from, to) == (1, 1) && all.is_empty());
    assert!(matches!(diff(&ward, Some(7), None), Err(RecordsError::Invalid { .. })));
    let none = agreement_files::export(
        &ward.hospital.records,
        &shindan_app::records::Entered { roles: Vec::new(), ..ward.hospital.approver.clone() },
        id,
        ward.hospital.now,
    );
    assert_eq!(code(none), ReasonCode::RoleMissing);
    let file: shindan_domain::agreement::AgreementFile =
        serde_json::from_slice(&std::fs::read(export(&ward, id, "agr.json")).unwrap()).unwrap();
    assert_eq!(file.content_hash, hash.parse::<Hash>().unwrap());
    assert!(file.confirmed_by(HOSPITAL) && file.confirmed_by(VENDOR));
}
