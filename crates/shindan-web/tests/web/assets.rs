//! Imports with preview over HTTP: what is shown before, what is registered after, taking back, the list and its files.

use super::served::{Browser, Served, field, set_up_folder};

/// A ledger as hospitals keep it: a title, headings over two rows of which the first is merged, full-width digits, dates of the
/// Japanese era, a date that is none, and a sum.
const LEDGER: &str = "架空総合病院　情報機器台帳,,,,,,,,\r\n\
    ,機器情報,,,,管理,,,\r\n\
    管理番号,種別,メーカー,型番,バージョン,設置場所,更新責任者,サポート終了日,公開範囲\r\n\
    Ｍ－００１,ネットワーク機器,Fortinet,FortiGate 60F,7.4.1,サーバ室,架空ネットワーク株式会社,令和9年3月31日,インターネット\r\n\
    M-002,サーバ,Dell,PowerEdge R740,2.1.8,サーバ室,,令和13年99月1日,院内\r\n\
    M-003,医療機器,架空メディカル,CT-9000,1.2,放射線科,架空メディカル,R5.12.31,院内\r\n\
    合計,3台,,,,,,,\r\n";

fn sent(browser: &Browser<'_>, name: &str, bytes: &[u8]) -> String {
    let csrf = browser.csrf("/assets/import");
    let answer = browser.post_file("/assets/import", &[("csrf", &csrf)], ("file", name, bytes));
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert!(answer.location().starts_with("/assets/import/file/"), "{}", answer.location());
    answer.location()
}

fn confirm(browser: &Browser<'_>, at: &str) -> String {
    let page = browser.get(at).text();
    let (csrf, shown) = (field(&page, "csrf"), field(&page, "shown"));
    let path = at.split('?').next().unwrap();
    let mut fields = vec![("csrf".to_owned(), csrf), ("shown".to_owned(), shown.clone())];
    for pair in shown.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap();
        fields.push((name.to_owned(), value.to_owned()));
    }
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &fields).location()
}

#[test]
fn a_ledger_is_looked_at_registered_and_taken_back() {
    let served = Served::new(set_up_folder(), None);
    let browser = served.browser();
    browser.log_in();
    assert!(browser.get("/assets").text().contains("機器はまだ登録されていません"));
    let at = sent(&browser, "台帳.csv", LEDGER.as_bytes());
    let page = browser.get(&at).text();
    for expected in [
        "列の意味",
        "2027-03-31",
        "2023-12-31",
        "令和13年99月1日",
        "新規 3 件",
        "合計",
        "FortiGate 60F",
        "更新責任者",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    assert!(
        browser.get("/assets").text().contains("機器はまだ登録されていません"),
        "a preview registers nothing"
    );
    let to = confirm(&browser, &at);
    assert_eq!(to, "/assets/import/past/1?told=assets-imported");
    let past = browser.get(&to).text();
    assert!(past.contains("登録しました") && past.contains("令和13年99月1日") && past.contains("山田 花子"));
    let list = browser.get("/assets").text();
    assert!(list.contains("3 件（登録 3 件中）") && list.contains("未定"), "{list}");
    let past_support = browser.get("/assets?support=past").text();
    assert!(past_support.contains("CT-9000") && !past_support.contains("PowerEdge"));
    assert!(browser.get("/assets?text=fortigate").text().contains("1 件（登録 3 件中）"));
    let nobody = browser.get("/assets?show=patched").text();
    assert!(nobody.contains("PowerEdge") && !nobody.contains("CT-9000"));
    assert_eq!(browser.get("/assets?show=nonsense").status, 400);
    // Exactly what is shown.
    let csv = browser.get("/assets?text=fortigate&as=csv");
    assert!(csv.text().contains("FortiGate") && !csv.text().contains("PowerEdge"));
    assert!(browser.get("/assets?text=fortigate&as=xlsx").body.starts_with(b"PK"));
    // One asset.
    let from = list.find("href=\"/assets/id%3A").unwrap() + 6;
    let one = list[from..].split('"').next().unwrap().to_owned();
    assert_eq!(browser.get(&one).status, 200);
    // Back.
    let csrf = browser.csrf("/assets/import");
    assert_eq!(browser.post("/assets/import/undo", &[("csrf", &csrf), ("number", "7")]).status, 409);
    let undone = browser.post("/assets/import/undo", &[("csrf", &csrf), ("number", "1")]);
    assert_eq!(undone.location(), "/assets/import/past?told=assets-undone");
    assert!(browser.get("/assets").text().contains("機器はまだ登録されていません"));
    assert!(browser.get("/assets/import/past").text().contains("取り消し済み"));
}

#[test]
fn columns_that_are_chosen_are_shown_before_they_are_registered_and_remembered() {
    let served = Served::new(set_up_folder(), None);
    let browser = served.browser();
    browser.log_in();
    let ledger = "管理番号,メーカー,型番,バージョン,列X\r\nA-1,架空,K-1,1.0,放射線科\r\n";
    let at = sent(&browser, "chosen.csv", ledger.as_bytes());
    let page = browser.get(&at).text();
    let csrf = field(&page, "csrf");
    let chosen = [
        ("csrf", csrf.as_str()),
        ("shown", ""),
        ("at", "||"),
        ("c-A", "asset_id"),
        ("c-B", "maker"),
        ("c-C", "model"),
        ("c-D", "firmware"),
        ("c-E", "place"),
    ];
    let again = browser.post(&at, &chosen).location();
    assert!(again.contains("c-E=place") && again.ends_with("told=assets-look-again"), "{again}");
    assert!(browser.get(&again).text().contains("放射線科"));
    let to = confirm(&browser, again.split("&told").next().unwrap());
    assert_eq!(to, "/assets/import/past/1?told=assets-imported");
    let next_year = ledger.replace("放射線科", "検査科");
    let at = sent(&browser, "chosen.csv", next_year.as_bytes());
    let page = browser.get(&at).text();
    assert!(
        page.contains("前回の対応付け") && page.contains("変更 1 件") && page.contains("検査科"),
        "{page}"
    );
}

#[test]
fn what_cannot_be_read_is_told_and_forms_of_others_are_refused() {
    let served = Served::new(set_up_folder(), None);
    let browser = served.browser();
    browser.log_in();
    let at = sent(&browser, "<img>.bin", b"\x00\x01\x02\x03\x00\xff");
    let page = browser.get(&at);
    assert!(
        page.text().contains("読み取れませんでした") && !page.text().contains("<img>"),
        "{}",
        page.text()
    );
    assert_eq!(
        browser
            .post_file("/assets/import", &[("csrf", "wrong")], ("file", "a.csv", LEDGER.as_bytes()))
            .status,
        403
    );
    let gone = browser.get(&format!("/assets/import/file/{}", "0".repeat(64)));
    assert_eq!(gone.status, 404);
    assert!(gone.text().contains("もう一度ファイルを選んでください"));
    let stranger = served.browser();
    assert!(stranger.get("/assets").location().starts_with("/login"));
    assert!(stranger.get(&at).location().starts_with("/login"));
}

#[test]
fn a_list_of_software_is_recognised_and_asks_whose_it_is() {
    let served = Served::new(set_up_folder(), None);
    let browser = served.browser();
    browser.log_in();
    let sbom = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[{"type":"library","name":"log4j-core","version":"2.14.1","purl":"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"}]}"#;
    let at = sent(&browser, "sbom.json", sbom.as_bytes());
    let page = browser.get(&at).text();
    assert!(
        page.contains("CycloneDX") && page.contains("log4j-core") && page.contains("システムを登録する"),
        "{page}"
    );
}
