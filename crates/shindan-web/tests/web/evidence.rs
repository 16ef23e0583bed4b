//! Evidence, sources, ledger, reports, settings and assessments over real connections, with the records of the demo.

use shindan_app::records::reports::ReportKind;
use shindan_domain::people::Role;

use super::served::{Answer, Browser, Served, encoded};

/// Somebody of the demo hospital, which all these tests share.
struct Person(Browser<'static>);

impl Person {
    fn with(role: Role) -> Person {
        Person(Served::shared().person(role))
    }

    fn get(&self, path: &str) -> Answer {
        self.0.get(path)
    }

    fn get_in(&self, lang: &str, path: &str) -> Answer {
        self.0.cookies.borrow_mut().insert("shindan_lang".to_owned(), lang.to_owned());
        let answer = self.0.get(path);
        self.0.cookies.borrow_mut().remove("shindan_lang");
        answer
    }

    fn page(&self, path: &str) -> String {
        self.0.page(path)
    }

    fn ended(&self, path: &str) -> String {
        self.0.ended(path)
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.0.csrf("/settings");
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.0.post(path, &all)
    }
}

/// Addresses in a page that begin so.
fn links(page: &str, begin: &str) -> Vec<String> {
    let parts = page.split("href=\"").skip(1).filter_map(|part| part.split('"').next());
    parts
        .filter(|address| address.starts_with(begin))
        .map(|one| one.replace("&#38;", "&").replace("&amp;", "&"))
        .collect()
}

const PAGES: [&str; 8] = [
    "/evidence",
    "/sources",
    "/ledger",
    "/ledger/refusals",
    "/reports",
    "/settings",
    "/settings/roles",
    "/assessments",
];

#[test]
fn who_reads_sees_every_page_in_both_languages() {
    for role in [Role::Operator, Role::Auditor] {
        let person = Person::with(role);
        for path in PAGES {
            for lang in ["ja", "en"] {
                let answer = person.get_in(lang, path);
                assert_eq!(answer.status, 200, "{path} {lang}: {}", answer.text());
                let text = answer.text();
                assert!(text.contains(&format!("<html lang=\"{lang}\"")), "{path}");
                assert!(
                    !text.contains("{web-") && !text.contains("[web-"),
                    "{path} {lang}: a key without words"
                );
            }
        }
    }
    for path in PAGES {
        let guest = Served::shared().browser().get(path);
        assert!(!guest.text().contains("href=\"/records/"), "{path}: a guest is shown the log-in");
    }
}

#[test]
fn the_crosswalk_leads_to_its_records_and_holds_for_a_day() {
    let person = Person::with(Role::Auditor);
    let page = person.page("/evidence");
    for row in ["id=\"c-2-2\"", "id=\"c-4-2\"", "id=\"r-kikaku-9\"", "mark inferred", "mark unreadable"] {
        assert!(page.contains(row), "{row}");
    }
    let records = links(&page, "/records/");
    assert!(records.iter().any(|address| address.starts_with("/records/case/")));
    let one = records.iter().find(|address| address.starts_with("/records/case/")).unwrap();
    person.page(one);
    // Before there was anything, nothing is shown.
    let before = person.page("/evidence?day=2020-01-01");
    assert!(before.contains("2020-01-01") && links(&before, "/records/case/").is_empty());
    assert_eq!(person.get("/evidence?day=2999-01-01").status, 400);
    assert_eq!(person.get("/evidence?day=x").status, 400);
}

#[test]
fn sources_show_a_month_and_take_proposals_only_from_who_may() {
    let operator = Person::with(Role::Operator);
    let page = operator.page("/sources?month=2026-11");
    assert!(page.contains("class=\"month\"") && page.contains("/sources?month=2026-10"));
    for wrong in ["2026-1", "2026-13", "x"] {
        assert_eq!(operator.get(&format!("/sources?month={wrong}")).status, 400, "{wrong}");
    }
    let (_, rest) = page.split_once("name=\"name\" value=\"").expect("a proposal");
    let name = rest.split('"').next().unwrap();
    assert_eq!(operator.0.post("/sources/propose", &[("name", name)]).status, 403, "no token");
    let auditor = Person::with(Role::Auditor);
    assert!(!auditor.page("/sources").contains("action=\"/sources/propose\""));
    assert_eq!(auditor.post("/sources/propose", &[("name", name)]).status, 403);
    assert_eq!(auditor.post("/sources/look", &[("reason", "x")]).status, 403);
    let added = operator.post("/sources/propose", &[("name", name)]);
    assert_eq!((added.status, added.header("location").as_str()), (303, "/sources?told=src-added"));
    assert!(!operator.page("/sources").contains(&format!("name=\"name\" value=\"{name}\"")));
}

#[test]
fn a_work_tells_only_who_began_it_how_it_ended() {
    let operator = Person::with(Role::Operator);
    let begun = operator.post("/sources/look", &[("reason", "x"), ("source", "no-such-source")]);
    assert_eq!(begun.status, 303, "{}", begun.text());
    let work = begun.header("location");
    assert!(operator.ended(&work).contains("class=\"trouble\""), "there is no such source");
    assert_eq!(Person::with(Role::Auditor).get(&work).status, 404);
    assert_eq!(operator.get(&format!("{work}/file")).status, 404);
}

#[test]
fn entries_are_found_verified_and_kept_elsewhere() {
    let auditor = Person::with(Role::Auditor);
    let cases = auditor.page("/ledger?kind=case&event=case.opened");
    let entries = links(&cases, "/ledger/");
    let entry = entries.iter().find(|one| one.chars().last().is_some_and(|c| c.is_ascii_digit())).unwrap();
    let page = auditor.page(entry);
    assert!(page.contains("case.opened") && page.contains("<pre>"));
    assert!(auditor.page("/ledger?day=2020-01-01").contains("class=\"empty\""));
    assert!(auditor.page("/ledger?from=3").contains("href=\"/ledger/3\""));
    for wrong in ["kind=x", "person=x", "before=x", "day=x"] {
        assert_eq!(auditor.get(&format!("/ledger?{wrong}")).status, 400, "{wrong}");
    }
    assert_eq!(auditor.get("/ledger/0").status, 404);
    assert_eq!(auditor.get("/ledger/99999999").status, 404);
    assert!(auditor.page("/ledger/verification").contains("tone proven"));
    assert_eq!(auditor.0.post("/ledger/checkpoints", &[]).status, 403, "no token");
    let made = auditor.post("/ledger/checkpoints", &[]);
    assert!(made.header("content-disposition").contains("checkpoint-"), "{:?}", made.headers);
    assert!(made.text().lines().count() > 3);
    assert_eq!(auditor.get(&format!("/documents/{}", "0".repeat(64))).status, 404);
    assert_eq!(auditor.get("/documents/x").status, 404);
}

#[test]
fn every_report_is_shown_and_saved_in_every_form() {
    let auditor = Person::with(Role::Auditor);
    for kind in ReportKind::ALL {
        let path = format!("/reports?report={kind}&lang=en");
        let mut page = auditor.page(&path);
        if !page.contains("class=\"preview\"")
            && let Some((_, rest)) = page.split_once("<option value=\"\">").map(|(_, rest)| ((), rest))
            && let Some((_, id)) = rest.split_once("<option value=\"")
        {
            page = auditor.page(&format!("{path}&about={}", id.split('"').next().unwrap()));
        }
        if !page.contains("class=\"preview\"") {
            // Only where the demo has no record that it could be about.
            assert!(page.contains("class=\"empty\""), "{kind}: {page}");
            continue;
        }
        for address in links(&page, "/reports/file?") {
            let file = auditor.get(&address);
            assert_eq!(file.status, 200, "{address}: {}", file.text());
            assert!(file.header("content-disposition").starts_with("attachment"), "{address}");
            let begin: &[u8] = match address.rsplit('=').next().unwrap() {
                "pdf" => b"%PDF-",
                "xlsx" => b"PK",
                "html" => b"<!DOCTYPE html>",
                "csv" => "\u{feff}".as_bytes(),
                _ => b"{",
            };
            assert!(file.body.starts_with(begin), "{address}");
        }
    }
    let told = auditor.page("/reports?report=decisions&from=2026-02-01&to=2026-01-01");
    assert!(told.contains("class=\"trouble\"") && !told.contains("class=\"preview\""));
    for wrong in ["report=x", "report=decisions&from=x", "report=collection&month=x", "report=control&lang=x"]
    {
        assert_eq!(auditor.get(&format!("/reports?{wrong}")).status, 400, "{wrong}");
    }
    assert_eq!(auditor.get("/reports/file?report=decisions&form=oscal").status, 400);
}

#[test]
fn only_an_administrator_makes_a_backup_and_saves_it() {
    let operator = Person::with(Role::Operator);
    assert_eq!(operator.get("/settings").status, 200);
    let admin = Person::with(Role::Admin);
    let auditor = Person::with(Role::Auditor);
    assert_eq!(auditor.post("/settings/backup", &[]).status, 403);
    let begun = admin.post("/settings/backup", &[]);
    assert_eq!(begun.status, 303, "{}", begun.text());
    let work = begun.header("location");
    admin.ended(&work);
    let file = admin.get(&format!("{work}/file"));
    assert_eq!(file.status, 200);
    assert!(file.body.len() > 1000 && file.header("content-disposition").contains("backup"));
    assert_eq!(auditor.get(&format!("{work}/file")).status, 404);
}

#[test]
fn the_search_finds_vulnerabilities_by_any_name_and_products_of_the_knowledge_base() {
    let auditor = Person::with(Role::Auditor);
    let search = |text: &str| auditor.page(&format!("/search?q={}", encoded(text)));
    let by_id = search("cve-2018-8853");
    assert!(by_id.contains("href=\"/vulnerabilities/CVE-2018-8853\""), "{by_id}");
    assert!(search("ICSMA-18-123").contains("/vulnerabilities/"), "a document's own number");
    let product = search("brilliance");
    assert!(product.contains("in=vulnerabilities") && product.contains("DEMO-"), "{product}");
    let nothing = search("どこにもない");
    assert!(!nothing.contains("caution"), "everything was searched: {nothing}");
    assert!(auditor.page("/search?q=e&in=products").contains("件"));
    let unknown = auditor.page("/vulnerabilities/CVE-2099-0001");
    assert!(unknown.contains("CVE-2099-0001") && unknown.contains("role=\"alert\""), "{unknown}");
}
