use super::*;

const HEAD: &str = "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:status=\"http://jvndb.jvn.jp/myjvn/Status\"><title>t</title>";

fn xml(entries: &str, status: &str) -> Result<AlertList, Diagnostic> {
    let text = format!("{HEAD}{entries}<status:Status method=\"getAlertList\" {status}/></feed>");
    alerts(text.as_bytes(), "f.xml", &Limits::DEFAULT)
}

fn json(entries: &str, status: &str) -> Result<AlertList, Diagnostic> {
    let text = format!(r#"{{"feed":{{"title":"t","entry":[{entries}]}},"status":{{{status}}}}}"#);
    alerts(text.as_bytes(), "f.json", &Limits::DEFAULT)
}

const ENTRY: &str = "<entry><id>MYJVN-ALT-2026-0011</id><title>見本の更新 CVE-2026-1234</title>\
    <published>2026-02-12T00:00:00+09:00</published><category term=\"Critical\"/></entry>";

#[test]
fn alerts_and_where_the_page_stands() {
    let list =
        xml(ENTRY, "retCd=\"0\" errCd=\"\" totalRes=\"3\" totalResRet=\"1\" firstRes=\"1\"").expect("reads");
    assert_eq!(list.items[0].id, "MYJVN-ALT-2026-0011");
    assert_eq!(list.items[0].class, super::super::ItemClass::Alert);
    assert_eq!(list.page, Page { first: 1, returned: 1, total: 3 });
    assert_eq!(list.page.next(), Some(2));
    assert!(list.diagnostics.is_empty(), "{:?}", list.diagnostics);
    let entry = r#"{"id":"MYJVN-ALT-2026-0011","title":"見本","public":"2026-02-12T00:00:00+09:00",
        "modified":"2026-02-13T00:00:00+09:00","items":[{"title":"CVE-2026-1234"}]}"#;
    let list =
        json(entry, r#""retCd":0,"errCd":"","totalRes":1,"totalResRet":"1","firstRes":1"#).expect("reads");
    assert!(list.items[0].vulnerabilities.contains("CVE-2026-1234"));
    assert_eq!(list.items[0].updated.map(|at| at.to_string()).as_deref(), Some("2026-02-12T15:00:00Z"));
    assert_eq!(list.page.next(), None);
}

#[test]
fn the_entry_that_says_none_is_no_alert() {
    let title = "該当する脆弱性対策情報はありません。";
    for (total, returned) in [("0", "0"), ("1", "1")] {
        let status = format!("retCd=\"0\" totalRes=\"{total}\" totalResRet=\"{returned}\" firstRes=\"1\"");
        let list = xml(&format!("<entry><title>{title}</title></entry>"), &status).expect("reads");
        assert!(list.items.is_empty());
        assert_eq!((list.page.total, list.page.next()), (0, None));
        let codes: Vec<Code> = list.diagnostics.iter().map(|told| told.code).collect();
        assert_eq!(codes, [Code::SourcePlaceholder]);
    }
    let list =
        json(&format!("{{\"title\":\"{title}\"}}"), r#""retCd":0,"totalRes":0,"totalResRet":0,"firstRes":0"#);
    assert!(list.expect("reads").items.is_empty());
    let status = "retCd=\"0\" totalRes=\"1\" totalResRet=\"1\" firstRes=\"1\"";
    let near = "<entry><id>1</id><title>該当する製品の利用者へ: 更新情報</title></entry>";
    assert_eq!(xml(near, status).expect("reads").items.len(), 1, "an alert that begins alike");
}

#[test]
fn errors_and_short_answers_are_never_quiet() {
    let error = xml("", "retCd=\"1\" errCd=\"ERR-101\" errMsg=\"startItem\"").expect_err("an error");
    assert_eq!((error.code, error.params["code"].as_str()), (Code::SourceReportedError, "ERR-101"));
    let text = r#"{"status":{"retCd":1,"errCd":"ERR-101","errMsg":"x"}}"#;
    let error = alerts(text.as_bytes(), "f", &Limits::DEFAULT).expect_err("an error");
    assert_eq!(error.code, Code::SourceReportedError);
    let whole = format!("{HEAD}{ENTRY}</feed>");
    let error = alerts(whole.as_bytes(), "f", &Limits::DEFAULT).expect_err("no status");
    assert_eq!((error.code, error.params["field"].as_str()), (Code::FieldMissing, "status"));
    let status = "retCd=\"0\" totalRes=\"3\" totalResRet=\"2\" firstRes=\"1\"";
    let short = xml(ENTRY, status).expect("reads");
    assert_eq!(short.diagnostics[0].code, Code::SpecViolation);
    let odd =
        xml(ENTRY, "retCd=\"0\" totalRes=\"many\" totalResRet=\"1\" firstRes=\"1\"").expect_err("no number");
    assert_eq!(odd.code, Code::FieldInvalid);
    let other = "{\"feed\":{\"entry\":[]},\"status\":{\"method\":\"getVendorList\",\"retCd\":0,\"totalRes\":0,\"totalResRet\":0}}";
    let error = alerts(other.as_bytes(), "f", &Limits::DEFAULT).expect_err("another method");
    assert_eq!(error.code, Code::FormatUnsupported);
    let page = Page { first: 3, returned: 0, total: 8 };
    assert_eq!((page.next(), page.is_short()), (None, true));
    assert!(!Page { first: 1, returned: 0, total: 0 }.is_short());
}

#[test]
fn genuine_answers() {
    for (file, count) in
        [("hnd/getAlertList_hnd.xml", 2), ("hnd/getAlertList_hnd.json", 2), ("oka/getAlertList_oka.json", 2)]
    {
        let Some(path) = shindan_testdata::path(&format!("jvn/myjvn/examples/{file}")) else { return };
        let list = alerts(&std::fs::read(path).expect("readable"), file, &Limits::DEFAULT).expect("reads");
        assert_eq!(list.items.len(), count, "{file}");
        assert_eq!(list.items[0].id, "MYJVN-ALT-2025-0000", "{file}");
        assert_eq!(list.page.first, 1, "{file}");
    }
    for file in ["hnd/getVulnOverviewList_hnd.xml", "oka/getVulnOverviewList_oka.json"] {
        let Some(path) = shindan_testdata::path(&format!("jvn/myjvn/examples/{file}")) else { return };
        let page = page(&std::fs::read(path).expect("readable"), file, &Limits::DEFAULT).expect("reads");
        assert_eq!((page.total, page.next()), (6, Some(1 + page.returned)), "{file}");
    }
}
