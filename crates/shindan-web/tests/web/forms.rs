//! Forms over real connections: where they come from, that they are done once, what stays when they are refused.

use shindan_domain::people::Role;

use super::served::{Browser, Served, encoded};

const NEW: &str = "/records/party/new";

fn party<'f>(csrf: &'f str, once: &'f str, name: &'f str) -> Vec<(&'f str, &'f str)> {
    vec![("csrf", csrf), ("once", once), ("name", name), ("kind", "contractor")]
}

#[test]
fn a_form_is_done_once_and_only_for_pages_of_the_session() {
    let served = Served::demo();
    let operator = served.person(Role::Operator);
    let form = operator.get(NEW);
    assert_eq!(form.status, 200, "{}", form.text());
    let (csrf, once) = (form.field("csrf"), form.field("once"));
    // Without the session's token, with another one, and from another site, nothing is done.
    let foreign = operator.post(NEW, &party("", &once, "外来業者"));
    assert_eq!(foreign.status, 403);
    let other = served.person(Role::Manager).get(NEW).field("csrf");
    assert_eq!(operator.post(NEW, &party(&other, &once, "外来業者")).status, 403);
    let elsewhere = [("origin", "https://evil.example")];
    assert_eq!(operator.post_from(NEW, &party(&csrf, &once, "外来業者"), &elsewhere).status, 403);
    // A file before the token is not taken in.
    let early = operator.post_file("/records/patch/new", &[], ("file", "p.bin", b"x"));
    assert_eq!(early.status, 403);
    assert!(!operator.get("/records/party?show=all&text=%E5%A4%96%E6%9D%A5").text().contains("外来業者"));
    // Twice is once.
    let first = operator.post(NEW, &party(&csrf, &once, "外来業者"));
    assert_eq!(first.status, 303, "{}", first.text());
    assert!(first.location().ends_with("?told=done"), "{}", first.location());
    let second = operator.post(NEW, &party(&csrf, &once, "外来業者"));
    assert_eq!((second.status, second.location().ends_with("?told=repeated")), (303, true));
    let place = |answer: &super::served::Answer| answer.location().split('?').next().unwrap().to_owned();
    assert_eq!(place(&first), place(&second));
    assert_eq!(operator.get(&first.location()).status, 200);
}

#[test]
fn what_was_typed_stays_and_is_escaped_when_a_form_is_refused() {
    let served = Served::demo();
    let operator = served.person(Role::Operator);
    let csrf = operator.get(NEW).field("csrf");
    let evil = "\"><script>alert(1)</script>";
    // A field that is needed is missing.
    let refused =
        operator.post(NEW, &[("csrf", &csrf), ("once", "web-A1"), ("contact", evil), ("kind", "contractor")]);
    assert_eq!(refused.status, 422);
    assert!(!refused.text().contains("<script>alert"), "escaped");
    assert!(
        refused.text().contains("&lt;script&gt;alert(1)")
            || refused.text().contains("&#60;script&#62;alert(1)"),
        "kept"
    );
    assert!(
        refused.text().contains("autofocus") && refused.text().contains("href=\"#f-name\""),
        "{}",
        refused.text()
    );
    // What the address gives is escaped, too.
    let filled = operator.get("/records/party/new?name=%22%3E%3Cscript%3Ealert(1)");
    assert!(filled.status == 200 && !filled.text().contains("<script>alert"));
    // The use case refuses: the person has no role for it.
    let auditor = served.person(Role::Auditor);
    let form = auditor.get(NEW);
    assert!(form.text().contains("disabled"), "the button says so before");
    let refused = auditor.post(NEW, &party(&form.field("csrf"), &form.field("once"), "監査が入れた業者"));
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("監査が入れた業者"), "what was typed is still there");
}

#[test]
fn a_change_in_between_is_told_and_the_form_offered_again() {
    let served = Served::demo();
    let operator = served.person(Role::Operator);
    let csrf = operator.get(NEW).field("csrf");
    let place = operator
        .post(NEW, &party(&csrf, "web-A1", "保守業者"))
        .location()
        .split('?')
        .next()
        .unwrap()
        .to_owned();
    let address = format!("{place}/do/change");
    let form = operator.get(&address);
    let (once, seen) = (form.field("once"), form.field("seen"));
    let change = |once: &str, seen: &str, name: &str| {
        let fields =
            [("csrf", csrf.as_str()), ("once", once), ("seen", seen), ("name", name), ("reason", "改称")];
        operator.post(&address, &fields)
    };
    assert_eq!(change(&once, &seen, "保守業者一").status, 303);
    let late = change("web-A2", &seen, "保守業者二");
    assert_eq!(late.status, 412, "{}", late.text());
    assert!(late.text().contains("保守業者二"), "kept");
    assert_ne!(late.field("seen"), seen, "with the revision of now");
    assert_eq!(change(&late.field("once"), &late.field("seen"), "保守業者二").status, 303);
}

#[test]
fn files_arrive_with_the_form_stay_when_it_is_refused_and_have_a_limit() {
    let served = Served::demo();
    let operator = served.person(Role::Operator);
    let address = "/tasks/exchange-verification";
    let csrf = operator.get(address).field("csrf");
    let sent = operator.post_file(
        address,
        &[("csrf", &csrf), ("once", "web-A1")],
        ("file", "封印.shindan", b"no seal"),
    );
    assert_ne!(sent.status, 403, "{}", sent.text());
    assert!(sent.status == 200 || sent.text().contains("封印.shindan"), "{} {}", sent.status, sent.text());
    let address = "/records/patch/new";
    let refused = operator.post_file(
        address,
        &[("csrf", &csrf), ("once", "web-A2"), ("name", "試験パッチ")],
        ("file", "p.bin", b"bytes"),
    );
    assert_eq!(refused.status, 422);
    let kept = refused.field("file");
    assert!(kept.ends_with(" p.bin") && kept.len() > 64, "{kept}");
    let large = vec![0u8; usize::try_from(shindan_server::desk::Sent::Document.limit()).unwrap() + 1];
    let address = "/tasks/inquiry-answers";
    let refused =
        operator.post_file(address, &[("csrf", &csrf), ("once", "web-A3")], ("form", "large.xlsx", &large));
    assert_eq!(refused.status, 413);
    assert!(refused.text().contains("<form class=\"form\""), "the form is shown again with the reason");
}

#[test]
fn further_rows_are_given_without_script() {
    let served = Served::demo();
    let manager = served.person(Role::Manager);
    let address = "/records/agreement/new";
    let form = manager.get(address);
    let fields =
        [("csrf", form.field("csrf")), ("title", "合意".to_owned()), ("add", "without_signature".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let more = manager.post(address, &fields);
    assert_eq!(more.status, 200);
    let rows = |body: &str| body.matches("name=\"without_signature\"").count();
    assert!(
        rows(&more.text()) > rows(&form.text())
            || more.text().contains("type=\"checkbox\" name=\"without_signature\"")
    );
    assert!(more.text().contains("value=\"合意\""), "nothing typed is lost");
}

/// The value that stands in a field.
fn value_of(page: &str, name: &str) -> String {
    let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_default();
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// The address of a record of the demo that is called so.
fn called(browser: &Browser<'_>, kind: &str, title: &str) -> String {
    let list = browser.page(&format!("/records/{kind}?show=all&text={}", encoded(title)));
    let begin = format!("href=\"/records/{kind}/");
    let ids = list.split(&begin).skip(1).map(|rest| rest.split('"').next().unwrap());
    let id = ids.into_iter().find(|id| id.len() == 36).unwrap_or_else(|| panic!("no {kind} {title}: {list}"));
    format!("/records/{kind}/{id}")
}

#[test]
fn a_form_that_changes_a_record_opens_with_what_is_stored() {
    let served = Served::demo();
    let operator = served.person(Role::Operator);
    let csrf = operator.csrf(NEW);
    let fields = [
        ("csrf", csrf.as_str()),
        ("once", "web-B1"),
        ("name", "保守業者"),
        ("kind", "contractor"),
        ("contact", "保守課"),
    ];
    let place = operator.post(NEW, &fields).location().split('?').next().unwrap().to_owned();
    let address = format!("{place}/do/change");
    let form = operator.get(&address).text();
    assert!(form.contains("value=\"保守業者\"") && form.contains("value=\"保守課\""), "{form}");
    let checked = form.split("value=\"contractor\"").nth(1).unwrap();
    assert!(checked.starts_with(" checked") || checked.starts_with(" selected"), "{form}");
    assert!(form.contains("空欄にすると「なし」になります"), "the contact can be taken away");
    let change = |once: &str, name: &str, contact: &str| {
        let seen = operator.get(&address).field("seen");
        let fields = [
            ("csrf", csrf.as_str()),
            ("once", once),
            ("seen", &seen),
            ("name", name),
            ("kind", "contractor"),
            ("contact", contact),
            ("reason", "改称"),
        ];
        operator.post(&address, &fields)
    };
    // A name cannot be empty, and the field says so.
    let empty = change("web-B2", "", "保守課");
    assert_eq!(empty.status, 422);
    assert!(empty.text().contains("空欄にはできません") && empty.text().contains("href=\"#f-name\""));
    // Nothing was changed.
    assert_eq!(change("web-B3", "保守業者", "保守課").status, 422);
    // What is emptied is taken away, and only that is changed.
    assert_eq!(change("web-B4", "保守業者", "").status, 303);
    let form = operator.get(&address).text();
    assert!(form.contains("value=\"保守業者\"") && !form.contains("保守課\""), "{form}");
}

#[test]
fn lists_are_emptied_and_a_change_of_somebody_else_is_shown_at_its_field() {
    let served = Served::demo();
    let operator = served.person(Role::Operator);
    let csrf = operator.csrf(NEW);
    let address = format!("{}/do/change", called(&operator, "system", "電子カルテ"));
    let form = operator.get(&address);
    let first = [("csrf", csrf.as_str()), ("once", "web-C0"), ("name", "本館")];
    let party = value_of(&form.text(), "operator");
    let site = operator.post("/records/site/new", &[first[0], first[1], first[2], ("party", &party)]);
    assert_eq!(site.status, 303, "{}", site.text());
    let seen = form.field("seen");
    let fields = [first[0], ("once", "web-CS"), ("seen", &seen), ("sites", "本館"), ("reason", "確認")];
    assert_eq!(operator.post(&address, &fields).status, 303);
    let form = operator.get(&address);
    let seen = form.field("seen");
    let (name, operated, provider) =
        ["name", "operator", "provider"].map(|name| value_of(&form.text(), name)).into();
    assert!(!name.is_empty() && !operated.is_empty() && !provider.is_empty(), "{}", form.text());
    let service = form.text().split("name=\"service\"").skip(1).find_map(|rest| {
        let rest = rest.split('>').next().unwrap().to_owned();
        rest.contains("checked")
            .then(|| rest.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned())
    });
    let service = service.expect("the state of service is chosen");
    let ticked = |page: &str| {
        let mut boxes = page.split("name=\"sites\"").skip(1);
        boxes.any(|rest| rest.split('>').next().unwrap().contains("checked"))
    };
    let change = |once: &str, seen: &str, name: &str, operated: &str| {
        let fields = [
            ("csrf", csrf.as_str()),
            ("once", once),
            ("seen", seen),
            ("name", name),
            ("operator", operated),
            ("provider", &provider),
            ("service", &service),
            ("sites", ""),
            ("reason", "確認"),
        ];
        operator.post(&address, &fields)
    };
    // None of the sites is ticked: the list is emptied.
    let first = change("web-C1", &seen, "電子カルテ新", &operated);
    assert_eq!(first.status, 303, "{}", first.text());
    assert!(ticked(&form.text()) && !ticked(&operator.page(&address)), "the list of sites is empty");
    // Somebody who opened the form before left the name as it was, and changes nothing else but the provider.
    let late = change("web-C2", &seen, &name, &provider);
    assert_eq!(late.status, 412, "{}", late.text());
    let page = late.text();
    assert!(page.contains("value=\"電子カルテ新\""), "what was left alone is as it is now: {page}");
    assert!(page.contains("この間に") && page.contains("この画面にも反映しました"), "{page}");
    // Both changed the name: both values are shown.
    let late = change("web-C3", &seen, "電子カルテ旧", &operated);
    assert_eq!(late.status, 412);
    let page = late.text();
    assert!(
        page.contains("value=\"電子カルテ旧\"") && page.contains("へ変更されました。このまま送ると"),
        "{page}"
    );
    assert_eq!(change("web-C4", &late.field("seen"), "電子カルテ旧", &operated).status, 303);
}

#[test]
fn looking_at_sources_by_its_form_is_a_work_of_its_own() {
    let served = Served::demo();
    let operator = served.person(Role::Operator);
    let csrf = operator.csrf("/tasks/sync");
    let unknown = operator.post("/tasks/sync", &[("csrf", &csrf), ("sources", "no-such-source")]);
    assert_eq!(unknown.status, 404, "{}", unknown.text());
    assert!(unknown.text().contains("no-such-source"), "what was typed is still there");
    let auditor = served.person(Role::Auditor);
    let refused = auditor.post("/tasks/sync", &[("csrf", &auditor.csrf("/tasks/sync"))]);
    assert_eq!(refused.status, 403);
    // The first source of the demo cannot be reached from a test; that it was tried stands in the work.
    let source = called(&operator, "source", "");
    let source = source.rsplit('/').next().unwrap().to_owned();
    let begun = operator.post("/tasks/sync", &[("csrf", &csrf), ("sources", &source), ("reason", "臨時")]);
    assert_eq!(begun.status, 303, "{}", begun.text());
    assert!(begun.location().starts_with("/work/"), "{}", begun.location());
}

#[test]
fn a_further_version_of_a_policy_begins_with_the_last_one() {
    let served = Served::demo();
    let manager = served.person(Role::Manager);
    let list = manager.page("/records/policy?show=all");
    let ids = list.split("href=\"/records/policy/").skip(1).filter_map(|rest| rest.get(..36));
    let id = ids.into_iter().find(|id| id.bytes().all(|c| c == b'-' || c.is_ascii_hexdigit()));
    let id = id.unwrap().to_owned();
    let page = manager.page(&format!("/records/policy/{id}"));
    let further = format!("/records/policy/new?from={id}");
    assert!(page.contains(&format!("href=\"{further}\"")), "{page}");
    let form = manager.page(&further);
    let filled = form.split("type=\"number\"").skip(1).filter(|rest| {
        let value = rest.split("value=\"").nth(1).unwrap_or_default();
        value.starts_with(|first: char| first.is_ascii_digit())
    });
    assert!(filled.count() >= 3, "{form}");
}
