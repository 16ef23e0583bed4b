//! Forms over real connections: where they come from, that they are done once, what stays when they are refused.

use shindan_domain::people::Role;

use super::served::{Browser, Served};

const NEW: &str = "/records/party/new";

fn party<'f>(csrf: &'f str, once: &'f str, name: &'f str) -> Vec<(&'f str, &'f str)> {
    vec![("csrf", csrf), ("once", once), ("name", name), ("kind", "contractor")]
}

#[test]
fn a_form_is_done_once_and_only_for_pages_of_the_session() {
    let served = Served::new("once");
    let operator = Browser::of(&served, Role::Operator);
    let form = operator.get(NEW);
    assert_eq!(form.status, 200, "{}", form.body);
    let (csrf, once) = (form.field("csrf"), form.field("once"));
    // Without the session's token, with another one, and from another site, nothing is done.
    let foreign = operator.post(NEW, &party("", &once, "外来業者"));
    assert_eq!(foreign.status, 403);
    let other = Browser::of(&served, Role::Manager).get(NEW).field("csrf");
    assert_eq!(operator.post(NEW, &party(&other, &once, "外来業者")).status, 403);
    let elsewhere = [("origin", "https://evil.example")];
    assert_eq!(operator.post_from(NEW, &party(&csrf, &once, "外来業者"), &elsewhere).status, 403);
    // A file before the token is not taken in.
    let early = operator.post_file("/records/patch/new", &[], ("file", "p.bin", b"x"));
    assert_eq!(early.status, 403);
    assert!(!operator.get("/records/party?show=all&text=%E5%A4%96%E6%9D%A5").body.contains("外来業者"));
    // Twice is once.
    let first = operator.post(NEW, &party(&csrf, &once, "外来業者"));
    assert_eq!(first.status, 303, "{}", first.body);
    assert!(first.leads().ends_with("?told=done"), "{}", first.leads());
    let second = operator.post(NEW, &party(&csrf, &once, "外来業者"));
    assert_eq!((second.status, second.leads().ends_with("?told=repeated")), (303, true));
    let place = |answer: &super::served::Answer| answer.leads().split('?').next().unwrap().to_owned();
    assert_eq!(place(&first), place(&second));
    assert_eq!(operator.get(first.leads()).status, 200);
}

#[test]
fn what_was_typed_stays_and_is_escaped_when_a_form_is_refused() {
    let served = Served::new("kept");
    let operator = Browser::of(&served, Role::Operator);
    let csrf = operator.get(NEW).field("csrf");
    let evil = "\"><script>alert(1)</script>";
    // A field that is needed is missing.
    let refused =
        operator.post(NEW, &[("csrf", &csrf), ("once", "web-1"), ("contact", evil), ("kind", "contractor")]);
    assert_eq!(refused.status, 422);
    assert!(!refused.body.contains("<script>alert"), "escaped");
    assert!(
        refused.body.contains("&lt;script&gt;alert(1)") || refused.body.contains("&#60;script&#62;alert(1)"),
        "kept"
    );
    assert!(
        refused.body.contains("autofocus") && refused.body.contains("href=\"#f-name\""),
        "{}",
        refused.body
    );
    // What the address gives is escaped, too.
    let filled = operator.get("/records/party/new?name=%22%3E%3Cscript%3Ealert(1)");
    assert!(filled.status == 200 && !filled.body.contains("<script>alert"));
    // The use case refuses: the person has no role for it.
    let auditor = Browser::of(&served, Role::Auditor);
    let form = auditor.get(NEW);
    assert!(form.body.contains("disabled"), "the button says so before");
    let refused = auditor.post(NEW, &party(&form.field("csrf"), &form.field("once"), "監査が入れた業者"));
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("監査が入れた業者"), "what was typed is still there");
}

#[test]
fn a_change_in_between_is_told_and_the_form_offered_again() {
    let served = Served::new("between");
    let operator = Browser::of(&served, Role::Operator);
    let csrf = operator.get(NEW).field("csrf");
    let place =
        operator.post(NEW, &party(&csrf, "web-1", "保守業者")).leads().split('?').next().unwrap().to_owned();
    let address = format!("{place}/do/change");
    let form = operator.get(&address);
    let (once, seen) = (form.field("once"), form.field("seen"));
    let change = |once: &str, seen: &str, name: &str| {
        let fields =
            [("csrf", csrf.as_str()), ("once", once), ("seen", seen), ("name", name), ("reason", "改称")];
        operator.post(&address, &fields)
    };
    assert_eq!(change(&once, &seen, "保守業者一").status, 303);
    let late = change("web-2", &seen, "保守業者二");
    assert_eq!(late.status, 412, "{}", late.body);
    assert!(late.body.contains("保守業者二"), "kept");
    assert_ne!(late.field("seen"), seen, "with the revision of now");
    assert_eq!(change(&late.field("once"), &late.field("seen"), "保守業者二").status, 303);
}

#[test]
fn files_arrive_with_the_form_stay_when_it_is_refused_and_have_a_limit() {
    let served = Served::new("files");
    let operator = Browser::of(&served, Role::Operator);
    let address = "/tasks/exchange-verification";
    let csrf = operator.get(address).field("csrf");
    let sent = operator.post_file(
        address,
        &[("csrf", &csrf), ("once", "web-1")],
        ("file", "封印.shindan", b"no seal"),
    );
    assert_ne!(sent.status, 403, "{}", sent.body);
    assert!(sent.status == 200 || sent.body.contains("封印.shindan"), "{} {}", sent.status, sent.body);
    let address = "/records/patch/new";
    let refused = operator.post_file(
        address,
        &[("csrf", &csrf), ("once", "web-2"), ("name", "試験パッチ")],
        ("file", "p.bin", b"bytes"),
    );
    assert_eq!(refused.status, 422);
    let kept = refused.field("file");
    assert!(kept.ends_with(" p.bin") && kept.len() > 64, "{kept}");
    let large = vec![0u8; usize::try_from(shindan_server::desk::Sent::Document.limit()).unwrap() + 1];
    let address = "/tasks/inquiry-answers";
    let refused =
        operator.post_file(address, &[("csrf", &csrf), ("once", "web-3")], ("form", "large.xlsx", &large));
    assert_eq!(refused.status, 413);
    assert!(refused.body.contains("<form class=\"form\""), "the form is shown again with the reason");
}

#[test]
fn further_rows_are_given_without_script() {
    let served = Served::new("rows");
    let manager = Browser::of(&served, Role::Manager);
    let address = "/records/agreement/new";
    let form = manager.get(address);
    let fields =
        [("csrf", form.field("csrf")), ("title", "合意".to_owned()), ("add", "without_signature".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let more = manager.post(address, &fields);
    assert_eq!(more.status, 200);
    let rows = |body: &str| body.matches("name=\"without_signature\"").count();
    assert!(
        rows(&more.body) > rows(&form.body)
            || more.body.contains("type=\"checkbox\" name=\"without_signature\"")
    );
    assert!(more.body.contains("value=\"合意\""), "nothing typed is lost");
}
