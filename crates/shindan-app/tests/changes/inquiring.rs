//! An inquiry through a real workbook and back.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::path::PathBuf;

use shindan_app::records::inquiries::{self, AnswerGiven, InquiryOrder, SentBy, SignedBy};
use shindan_app::records::{Done, RecordsError, form_signature};
use shindan_domain::case::settle::AlternativeSource;
use shindan_domain::case::{CaseState, Treatment};
use shindan_domain::inquiry::{Affected, Answer, Inquiry, InquiryState, MayPatch, Way};
use shindan_domain::ledger::Kind;
use shindan_domain::process::{Reason, ReasonCode};
use shindan_domain::record_id::InquiryId;
use shindan_report::{Lang, Words};

use crate::hospital::{code, refusal};
use crate::works::{Key, Works, manager, operator};

impl Works {
    fn ask(&mut self, sent_by: SentBy) -> Result<InquiryId, RecordsError> {
        let order = InquiryOrder {
            cases: vec![self.case],
            system: None,
            provider: self.provider,
            due: "2026-11-30".parse().unwrap(),
            further: vec!["夜間の連絡先は".to_owned()],
            note: String::new(),
        };
        let done =
            self.by(operator, |records, who, call| inquiries::send(records, who, call, &order, sent_by))?;
        Ok(InquiryId(done.stream.id))
    }

    fn inquiry(&self, id: InquiryId) -> Inquiry {
        self.state(Kind::Inquiry, id.0)
    }

    fn form(&self, id: InquiryId) -> Vec<u8> {
        inquiries::form_of(&self.hospital.records, &self.hospital.operator, id).unwrap().1
    }

    fn import(&mut self, bytes: &[u8]) -> Result<Done, RecordsError> {
        let path = self.hospital.root.join("answer.xlsx");
        std::fs::write(&path, bytes).unwrap();
        self.by(operator, |records, who, call| inquiries::import(records, who, call, &path, None))
    }
}

/// What is written into a cell.
enum Entry<'a> {
    Text(&'a str),
    /// A day as spreadsheets store it: days since 1899-12-30.
    Day(u32),
}

/// The form with cells filled in, as a spreadsheet program would save it.
fn filled(form: &[u8], entries: &BTreeMap<&str, Entry<'_>>) -> Vec<u8> {
    edited(form, |sheet| {
        let mut sheet = sheet.to_owned();
        for (cell, entry) in entries {
            let start = sheet.find(&format!("<c r=\"{cell}\"")).unwrap_or_else(|| panic!("no cell {cell}"));
            let end = start + sheet[start..].find("/>").unwrap();
            let head = sheet[start..end].trim_end().to_owned();
            assert!(!head.contains('>'), "{cell} is filled already: {head}");
            let new = match entry {
                Entry::Text(text) => format!("{head} t=\"inlineStr\"><is><t>{text}</t></is></c>"),
                Entry::Day(day) => format!("{head}><v>{day}</v></c>"),
            };
            sheet.replace_range(start..end + 2, &new);
        }
        sheet
    })
}

fn edited(form: &[u8], edit: impl Fn(&str) -> String) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(form)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if name == "xl/worksheets/sheet1.xml" {
            bytes = edit(std::str::from_utf8(&bytes).unwrap()).into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// Nothing of the form is a key that lacks words, and the hidden sheet is hidden.
fn is_in_words(form: &[u8]) {
    let book =
        shindan_formats::sheet::read_workbook(form, shindan_formats::sheet::WorkbookKind::Xlsx, "form.xlsx")
            .unwrap();
    assert!(book.diagnostics.is_empty(), "{:?}", book.diagnostics);
    let [shown, hidden] = book.sheets.as_slice() else { panic!("two sheets") };
    assert!(!shown.hidden && hidden.hidden);
    let mut cells = 0;
    for (_, cell) in shown.rows.iter().flat_map(|row| &row.cells) {
        cells += 1;
        for key in ["form-", "term-", "{$", "{ $"] {
            assert!(!cell.text.contains(key), "{}", cell.text);
        }
    }
    assert!(cells > 30, "{cells} cells");
}

fn word(lang: Lang, term: shindan_domain::term::Term) -> String {
    Words::new(lang).term(term)
}

fn cells(reasons: &[Reason]) -> BTreeMap<String, ReasonCode> {
    reasons.iter().map(|reason| (reason.params["cell"].clone(), reason.code)).collect()
}

#[test]
fn a_form_goes_to_the_provider_and_its_answer_leads_to_the_decision() {
    for lang in Lang::ALL {
        let mut works = Works::new(&format!("form-{lang}"), Treatment::Patch);
        let inquiry = works.ask(SentBy::Form(Words::new(lang))).unwrap();
        assert_eq!(works.inquiry(inquiry).state(), InquiryState::Sent);
        let form = works.form(inquiry);
        if let Some(folder) = std::env::var_os("SHINDAN_REPORT_PREVIEW") {
            std::fs::write(PathBuf::from(folder).join(format!("inquiry-{lang}.xlsx")), &form).unwrap();
        }
        is_in_words(&form);
        let affected = word(lang, Affected::Affected.term());
        let no = word(lang, MayPatch::No.term());
        let not_needed = word(lang, MayPatch::NotNeeded.term());
        let fixed = word(lang, Affected::Fixed.term());
        // Two questions: rows 12 and 13. 46477 is 2027-03-31.
        let answers = BTreeMap::from([
            ("D9", Entry::Text("品質保証部")),
            ("G12", Entry::Text(&affected)),
            ("H12", Entry::Text(&no)),
            ("I12", Entry::Text("病棟の網を分ける")),
            ("J12", Entry::Day(46_477)),
            ("G13", Entry::Text(&fixed)),
            ("H13", Entry::Text(&not_needed)),
            ("L13", Entry::Text("代表電話")),
        ]);
        works.import(&filled(&form, &answers)).unwrap();
        let answered = works.inquiry(inquiry);
        assert_eq!(answered.state(), InquiryState::Answered);
        let (_, first) = answered.answers().next().unwrap();
        let alternative = first.alternative.as_ref().unwrap();
        assert_eq!(alternative.until.to_string(), "2027-03-31");
        assert_eq!(alternative.text, "病棟の網を分ける");
        assert!(alternative.document.is_some(), "the form is kept");
        let reply = &answered.correspondence().unwrap().replies[0];
        assert_eq!((reply.answered_by.as_str(), reply.way), ("品質保証部", Way::Spreadsheet));

        works
            .by(manager, |records, who, call| {
                inquiries::judge(records, who, call, inquiry, "網を分けて待つ".to_owned())
            })
            .unwrap();
        let case = works.hospital.case(works.case);
        assert_eq!(case.state(), CaseState::Analysed, "the case is back at its decision");
        let agreed = case.alternative.unwrap();
        assert_eq!(agreed.source, AlternativeSource::Inquiry(inquiry));
        assert_eq!(agreed.until.to_string(), "2027-03-31");
        works.is_whole();
    }
}

#[test]
fn every_wrong_cell_is_named_and_nothing_is_written() {
    let mut works = Works::new("form-wrong", Treatment::Patch);
    let inquiry = works.ask(SentBy::Form(Words::new(Lang::Ja))).unwrap();
    let form = works.form(inquiry);
    let affected = word(Lang::Ja, Affected::Affected.term());
    let no = word(Lang::Ja, MayPatch::No.term());
    let wrong = BTreeMap::from([
        ("G12", Entry::Text(&affected)),
        ("H12", Entry::Text(&no)),
        ("I12", Entry::Text("網を分ける")),
        ("J12", Entry::Text("来年度末")),
        ("G13", Entry::Text("たぶん影響なし")),
    ]);
    let before = works.hospital.records.store().head().unwrap();
    let refused = refusal(works.import(&filled(&form, &wrong)));
    assert_eq!(refused.reason.code, ReasonCode::AnswersDefective);
    let expected = [
        ("D9", ReasonCode::FormCellMissing),
        ("J12", ReasonCode::FormDayInvalid),
        ("G13", ReasonCode::FormWordUnknown),
        ("H13", ReasonCode::FormCellMissing),
    ];
    let expected: BTreeMap<String, ReasonCode> =
        expected.into_iter().map(|(cell, code)| (cell.to_owned(), code)).collect();
    assert_eq!(cells(&refused.missing), expected);
    assert_eq!(works.hospital.records.store().head().unwrap(), before);

    // What a row lacks by its own answer is told at the cell where it is to be mended.
    let lacking = BTreeMap::from([
        ("D9", Entry::Text("品質保証部")),
        ("G12", Entry::Text(&affected)),
        ("H12", Entry::Text(&no)),
    ]);
    let refused = refusal(works.import(&filled(&form, &lacking)));
    let expected = BTreeMap::from([("I12".to_owned(), ReasonCode::AlternativeMissing)]);
    assert_eq!(cells(&refused.missing), expected, "{refused:?}");
    assert_eq!(code(works.import(&form)), ReasonCode::AnswersDefective);
    assert_eq!(works.inquiry(inquiry).state(), InquiryState::Sent);
}

#[test]
fn a_form_that_asks_something_else_is_not_ours() {
    let mut works = Works::new("form-other", Treatment::Patch);
    let inquiry = works.ask(SentBy::Form(Words::new(Lang::Ja))).unwrap();
    let form = works.form(inquiry);
    let subject = works.inquiry(inquiry).draft.questions[0].subject.clone();
    // Texts stand in a table of their own; the row is pointed at another one of them.
    let edited = edited(&form, |sheet| {
        let cell = |name: &str| {
            let start = sheet.find(&format!("<c r=\"{name}\"")).unwrap();
            let start = start + sheet[start..].find("<v>").unwrap();
            let end = start + sheet[start..].find("</v>").unwrap();
            (start, end)
        };
        let (from, to) = (cell("C12"), cell("D12"));
        let mut sheet_text = sheet.to_owned();
        sheet_text.replace_range(to.0..to.1, &sheet[from.0..from.1]);
        let head = sheet_text.find("<c r=\"G12\"").unwrap();
        let end = head + sheet_text[head..].find("/>").unwrap();
        let start = sheet_text[head..end].to_owned();
        sheet_text
            .replace_range(head..end + 2, &format!("{start} t=\"inlineStr\"><is><t>fixed</t></is></c>"));
        sheet_text
    });
    assert!(!subject.is_empty());
    let refused = refusal(works.import(&edited));
    assert!(refused.missing.iter().any(|reason| reason.code == ReasonCode::FormRowChanged), "{refused:?}");
    let list = works.hospital.list("no-form.json", &[]);
    let list = std::fs::read(list).unwrap();
    assert_eq!(code(works.import(&list)), ReasonCode::FormNotOurs);
    // A form of another installation.
    let mut other = Works::new("form-foreign", Treatment::Patch);
    let foreign = other.ask(SentBy::Form(Words::new(Lang::Ja))).unwrap();
    let foreign = other.form(foreign);
    assert!(matches!(works.import(&foreign), Err(RecordsError::Unknown(_))));
}

#[test]
fn an_answer_that_is_overdue_is_chased_before_it_is_given_up() {
    let mut works = Works::new("chase", Treatment::Patch);
    let inquiry = works.ask(SentBy::Otherwise(Way::Telephone, None)).unwrap();
    let give_up = |works: &mut Works| {
        works.by(manager, |records, who, call| {
            inquiries::give_up_waiting(records, who, call, inquiry, "回答がない".to_owned())
        })
    };
    assert_eq!(code(give_up(&mut works)), ReasonCode::NotReminded);
    let due = "2026-12-10".parse().unwrap();
    works
        .by(operator, |records, who, call| {
            let note = "担当者に再度依頼".to_owned();
            inquiries::chase(records, who, call, inquiry, (Way::Mail, due), note)
        })
        .unwrap();
    assert_eq!(code(give_up(&mut works)), ReasonCode::NotOverdue);
    works.hospital.later(40);
    give_up(&mut works).unwrap();
    assert_eq!(works.inquiry(inquiry).state(), InquiryState::NoAnswer);
}

#[test]
fn answers_by_telephone_are_recorded_and_judged_insufficient() {
    let mut works = Works::new("telephone", Treatment::Patch);
    let inquiry = works.ask(SentBy::Otherwise(Way::Mail, None)).unwrap();
    let answer = |question: &str| Answer {
        question: question.to_owned(),
        affected: Affected::NotAffected,
        may_patch: MayPatch::NotNeeded,
        alternative: None,
        until: None,
        text: "当該機能を使っていない".to_owned(),
    };
    let given = AnswerGiven {
        answered_by: "保守窓口".to_owned(),
        way: Way::Telephone,
        file: None,
        answers: vec![answer("1"), answer("2")],
    };
    works.by(operator, |records, who, call| inquiries::answer(records, who, call, inquiry, given)).unwrap();
    let due = "2026-12-10".parse().unwrap();
    let early = works.by(operator, |records, who, call| {
        let text = "根拠がない".to_owned();
        inquiries::find_insufficient(records, who, call, inquiry, text, (Way::Mail, due))
    });
    assert_eq!(code(early), ReasonCode::RoleMissing, "who asks does not judge");
    works
        .by(manager, |records, who, call| {
            let text = "根拠がない".to_owned();
            inquiries::find_insufficient(records, who, call, inquiry, text, (Way::Mail, due))
        })
        .unwrap();
    assert_eq!(works.inquiry(inquiry).state(), InquiryState::Sent);
}

#[test]
fn a_signed_form_counts_as_the_providers_only_with_its_pinned_key() {
    let mut works = Works::new("form-signed", Treatment::Patch);
    let provider = works.provider;
    let Some(key) = Key::of(&mut works, provider, "provider") else { return };
    let inquiry = works.ask(SentBy::Form(Words::new(Lang::En))).unwrap();
    let form = works.form(inquiry);
    let answers = BTreeMap::from([
        ("D9", Entry::Text("Quality")),
        ("G12", Entry::Text("fixed")),
        ("H12", Entry::Text("not-needed")),
    ]);
    let path = works.hospital.root.join("signed.xlsx");
    std::fs::write(&path, filled(&form, &answers)).unwrap();
    let signature = key.sign(&path);
    let signed = SignedBy { signature, key: key.public.clone() };
    // One byte more, and the signature does not hold.
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.push(b' ');
    let altered = works.hospital.root.join("altered.xlsx");
    std::fs::write(&altered, bytes).unwrap();
    let refused = works
        .by(operator, |records, who, call| inquiries::import(records, who, call, &altered, Some(&signed)));
    assert_eq!(code(refused), ReasonCode::PartnerFileNotProven);
    works
        .by(operator, |records, who, call| inquiries::import(records, who, call, &path, Some(&signed)))
        .unwrap();
    let state = works.inquiry(inquiry);
    assert_eq!(state.correspondence().unwrap().replies[0].way, Way::SignedFile);
    assert_eq!(state.state(), InquiryState::Sent, "the second question is open");
}

#[test]
fn the_other_party_can_verify_our_signature_with_a_tool_of_its_own() {
    let mut works = Works::new("form-ours", Treatment::Patch);
    let inquiry = works.ask(SentBy::SignedForm(Words::new(Lang::Ja))).unwrap();
    let sent = works.inquiry(inquiry);
    assert_eq!(sent.correspondence().unwrap().sendings[0].way, Way::SignedFile);
    let form = works.form(inquiry);
    let signature = form_signature::sign(&works.hospital.records, &form, "inquiry.xlsx").unwrap();
    let folder = works.hospital.root.clone();
    let (file, beside) = (folder.join("inquiry.xlsx"), folder.join("inquiry.xlsx.minisig"));
    std::fs::write(&file, &form).unwrap();
    std::fs::write(&beside, &signature.text).unwrap();
    let verify = || {
        let mut command = std::process::Command::new("minisign");
        command.args(["-V", "-P", &signature.public_key, "-m"]).arg(&file).arg("-x").arg(&beside);
        command.output()
    };
    match verify() {
        Ok(output) => assert!(output.status.success(), "{output:?}"),
        Err(error) => {
            assert!(std::env::var_os("SHINDAN_REQUIRE_TOOLS").is_none(), "minisign is needed: {error}");
            eprintln!("SKIPPED: minisign cannot be started: {error}");
            return;
        }
    }
    std::fs::write(&file, b"another form").unwrap();
    assert!(!verify().unwrap().status.success());
}
