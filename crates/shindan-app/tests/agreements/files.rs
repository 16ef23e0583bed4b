//! Two installations, one content.

use std::path::PathBuf;

use shindan_app::records::agreement_files::{self, Taking};
use shindan_app::records::{RecordsError, WordGiven, agreements, form_signature, organisation};
use shindan_domain::agreement::{Agreement, AgreementState, Standing};
use shindan_domain::ledger::Hash;
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::AgreementId;
use shindan_report::{Lang, Words};

use crate::ward::{HOSPITAL, VENDOR, Ward, code, manager, operator};

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
fn the_other_sides_signed_file_is_its_word_about_this_content_and_no_other() {
    let mut here = Ward::new("signed-here");
    let mut there = Ward::new("signed-there");
    let id = here.draft();
    here.propose(id).unwrap();
    here.all_agree(id);
    let theirs = import(&mut there, &export(&here, id, "agr.json"), &Taking::default()).unwrap();
    there.all_agree(theirs);
    // The key of their installation is pinned for the vendor, by somebody else than who records the file.
    let sign = |there: &Ward, file: &std::path::Path, name: &str| {
        let bytes = std::fs::read(file).unwrap();
        let signed = form_signature::sign(&there.hospital.records, &bytes, name).unwrap();
        let signature = there.hospital.file(&format!("{name}.minisig"), &signed.text);
        (signature, there.hospital.file("vendor.pub", &signed.public_key), signed.public_key)
    };
    let unconfirmed = export(&there, theirs, "unconfirmed.json");
    let (signature, key, fingerprint) = sign(&there, &unconfirmed, "unconfirmed.json");
    let provider = here.provider;
    here.by(manager, |records, who, call| {
        let channel = "会議で読み上げた".parse().unwrap();
        organisation::pin_key(records, who, call, provider, &fingerprint, channel, "合意".to_owned())
    })
    .unwrap();
    let word = |file: &std::path::Path, signature: &std::path::Path| WordGiven::PartnerFile {
        file: file.to_owned(),
        signature: signature.to_owned(),
        key: key.clone(),
        signer: "提供部".to_owned(),
        party: VENDOR.to_owned(),
    };
    let confirm = |here: &mut Ward, word: &WordGiven| here.confirm(id, operator, (VENDOR, None), word);
    // Signed, and says that the vendor has not confirmed.
    let answer = confirm(&mut here, &word(&unconfirmed, &signature));
    assert_eq!(code(answer), ReasonCode::AgreementFileUnconfirmed);
    // The vendor confirms there on paper; now the file says so.
    let hash = there.hash(theirs);
    let scan = there.hospital.file("signed.pdf", "署名した合意書");
    let paper = WordGiven::Paper { scan, signer: "提供 五郎".to_owned(), person: None };
    there.confirm(theirs, operator, (VENDOR, Some(&hash)), &paper).unwrap();
    let confirmed = export(&there, theirs, "confirmed.json");
    let (signature, ..) = sign(&there, &confirmed, "confirmed.json");
    // It is no word about another content.
    here.by(operator, |records, who, call| {
        agreements::change_duty(records, who, call, id, "disposal", |duty| duty.text.push('。'))
    })
    .unwrap();
    here.all_agree(id);
    let answer = confirm(&mut here, &word(&confirmed, &signature));
    assert_eq!(code(answer), ReasonCode::AgreementFileOtherContent);
    here.by(operator, |records, who, call| {
        agreements::change_duty(records, who, call, id, "disposal", |duty| {
            duty.text = duty.text.trim_end_matches('。').to_owned();
        })
    })
    .unwrap();
    here.all_agree(id);
    assert_eq!(here.hash(id), hash, "the same words again are the same content");
    confirm(&mut here, &word(&confirmed, &signature)).unwrap();
    here.confirm(id, crate::ward::approver, (HOSPITAL, Some(&hash)), &WordGiven::Software).unwrap();
    assert_eq!(here.standing(id), Standing::Valid);
    here.is_whole();
    // A letter does, if a line of its own confirms the agreement with its number and hash: one that only names them may deny it.
    let mut other = Ward::new("letter");
    let second = other.draft();
    other.propose(second).unwrap();
    other.all_agree(second);
    let provider = other.provider;
    other
        .by(manager, |records, who, call| {
            let channel = "会議で読み上げた".parse().unwrap();
            organisation::pin_key(records, who, call, provider, &fingerprint, channel, "合意".to_owned())
        })
        .unwrap();
    let stream = shindan_domain::ledger::Stream::new(shindan_domain::ledger::Kind::Agreement, second);
    let number = other.hospital.records.called(stream).unwrap();
    let hash = other.hash(second);
    for (text, fits) in [
        ("合意します。".to_owned(), false),
        (format!("{number} {hash} に合意しません。"), false),
        (format!("We have not said that it confirms {number} {hash}"), false),
        (format!("confirms {hash}"), false),
        (format!("confirms {number}9 {hash}"), false),
        (format!("提供部です。\n確認 {number} {hash}\n以上"), true),
    ] {
        let letter = other.hospital.file("letter.txt", &text);
        let (signature, ..) = sign(&there, &letter, "letter.txt");
        let answer = other.confirm(second, operator, (VENDOR, None), &word(&letter, &signature));
        assert_eq!(answer.is_ok(), fits, "{text}: {answer:?}");
    }
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
