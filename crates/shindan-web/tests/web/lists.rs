//! Lists over HTTP: columns that are chosen, files that say what the page says, days as the reader wants them, and the search.

use std::io::Cursor;

use super::served::{self, Browser, Served, field, set_up_folder};
use calamine::{Data, Reader, Xlsx};
use shindan_domain::people::Role;

const LEDGER: &str = "管理番号,機器名,種別,メーカー,型番,バージョン,設置場所,更新責任者,サポート終了日\r\n\
    M-10,受付端末,端末,Dell,OptiPlex 7010,10.0.2,外来,情報課,2027-03-31\r\n\
    M-9,=1+1,サーバ,HPE,ProLiant DL360,1.10,サーバ室,情報課,\r\n\
    M-2,電子カルテ,サーバ,Fortinet,FortiGate 60F,7.4.1,サーバ室,架空ネットワーク,2019-04-30\r\n";

fn with_assets(served: &Served) -> Browser<'_> {
    let browser = served.browser();
    browser.log_in();
    let csrf = browser.csrf("/assets/import");
    let at = browser
        .post_file("/assets/import", &[("csrf", &csrf)], ("file", "台帳.csv", LEDGER.as_bytes()))
        .location();
    let page = browser.get(&at).text();
    let (csrf, shown) = (field(&page, "csrf"), field(&page, "shown"));
    let mut fields = vec![("csrf".to_owned(), csrf), ("shown".to_owned(), shown.clone())];
    for pair in shown.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap();
        fields.push((name.to_owned(), value.to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let to = browser.post(at.split('?').next().unwrap(), &fields).location();
    assert!(to.starts_with("/assets/import/past/1"), "{to}");
    browser
}

/// Head and cells of the first list of a page, as texts.
fn on_page(page: &str) -> Vec<Vec<String>> {
    let table = page.split("<table class=\"rows\"").nth(1).unwrap().split("</table>").next().unwrap();
    let text = |cell: &str| {
        let cell = cell.replace("<br>", "\n");
        let mut plain = String::new();
        let mut inside = false;
        for character in cell.chars() {
            match character {
                '<' => inside = true,
                '>' => inside = false,
                other if !inside => plain.push(other),
                _ => {}
            }
        }
        plain.trim().replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&").replace("&#34;", "\"")
    };
    let rows = table.split("<tr>").skip(1).map(|row| {
        let cells = row.split("</tr>").next().unwrap();
        let end = if cells.contains("</th>") { "</th>" } else { "</td>" };
        let mut cells: Vec<String> =
            cells.split(end).map(|cell| text(cell.split_once('>').map_or("", |(_, inner)| inner))).collect();
        cells.pop();
        cells
    });
    rows.collect()
}

/// The rows of a CSV below what it says of itself.
fn in_csv(bytes: &[u8], columns: usize) -> (String, Vec<Vec<String>>) {
    assert!(bytes.starts_with("\u{feff}".as_bytes()), "Excel is told that it is UTF-8");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[3..]);
    let all: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let head =
        all.iter().position(|row| row.iter().filter(|cell| !cell.is_empty()).count() == columns).unwrap();
    let said = all[..head].concat().join(" ");
    // What a spreadsheet would take for a formula has an apostrophe before it.
    let plain = |cell: &String| cell.strip_prefix('\'').unwrap_or(cell).to_owned();
    (said, all[head..].iter().map(|row| row.iter().map(plain).collect()).collect())
}

fn sheet(bytes: &[u8]) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let name = book.sheet_names()[1].clone();
    let range = book.worksheet_range(&name).unwrap();
    range.rows().skip(2).map(<[Data]>::to_vec).collect()
}

#[test]
fn files_say_exactly_what_the_page_says() {
    let served = Served::new(set_up_folder(), None);
    let browser = with_assets(&served);
    for query in
        ["?sort=name", "?sort=version&text=M", "?columns=number,support,name", "?support=past&sort=cases"]
    {
        let page = on_page(&browser.get(&format!("/assets{query}")).text());
        let csv = browser.get(&format!("/assets{query}&as=csv"));
        assert_eq!(csv.headers["content-type"][0], "text/csv; charset=utf-8");
        let (said, rows) = in_csv(&csv.body, page[0].len());
        assert_eq!(rows, page, "{query}");
        assert!(said.contains("日本時間") && said.contains("行。"), "{said}");
        let excel = browser.get(&format!("/assets{query}&as=xlsx"));
        let cells = sheet(&excel.body);
        assert_eq!(cells.len(), page.len(), "{query}");
        for (row, shown) in cells.iter().zip(&page) {
            for (cell, shown) in row.iter().zip(shown) {
                match cell {
                    // A day is a day, and shown as the page shows it.
                    Data::DateTime(day) => {
                        let days = shown.replace(['年', '月'], "-").replace('日', "");
                        let mut parts = days.split('-').map(|part| part.parse::<i16>().unwrap());
                        let (year, month, day_of) =
                            (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
                        let date = jiff::civil::date(year, month as i8, day_of as i8);
                        let since = (date - jiff::civil::date(1899, 12, 30)).get_days();
                        assert_eq!(day.as_f64(), f64::from(since), "{shown}");
                    }
                    Data::Float(number) => assert_eq!(&number.to_string(), shown),
                    other => assert_eq!(&other.to_string(), shown),
                }
            }
        }
    }
    assert!(browser.get("/assets?text=fortigate&as=csv").text().contains("fortigate"), "the filter is told");
    let csv = browser.get("/assets?as=csv").text();
    assert!(csv.contains("\"'=1+1\""), "no cell is a formula: {csv}");
    assert_eq!(browser.get("/assets?as=pdf").status, 400);
    assert_eq!(browser.get("/assets?columns=number,nonsense").status, 400);
}

#[test]
fn numbers_names_and_versions_stand_in_their_order() {
    let served = Served::new(set_up_folder(), None);
    let browser = with_assets(&served);
    let first = |query: &str| -> Vec<String> {
        on_page(&browser.get(query).text()).into_iter().skip(1).map(|row| row[0].clone()).collect()
    };
    assert_eq!(first("/assets"), ["M-2", "M-9", "M-10"]);
    assert_eq!(first("/assets?sort=version"), ["M-9", "M-2", "M-10"], "1.10, 7.4.1, 10.0.2");
}

#[test]
fn columns_are_chosen_kept_and_given_back() {
    let served = Served::new(set_up_folder(), None);
    let browser = with_assets(&served);
    let csrf = browser.csrf("/assets");
    let fields = [
        ("csrf", csrf.as_str()),
        ("list", "assets"),
        ("back", "/assets?sort=name"),
        ("column", "number"),
        ("column", "place"),
    ];
    let to = browser.post("/columns", &fields).location();
    assert_eq!(to, "/assets?sort=name&list=assets&columns=number,place");
    assert_eq!(on_page(&browser.get(&to).text())[0], ["管理番号", "設置場所"]);
    assert_eq!(on_page(&browser.get("/assets").text())[0], ["管理番号", "設置場所"], "the person's choice");
    let elsewhere = served.browser();
    elsewhere.log_in();
    assert_eq!(on_page(&elsewhere.get("/assets").text())[0].len(), 2, "in every browser");
    let fields = [("csrf", csrf.as_str()), ("list", "assets"), ("back", "/assets"), ("reset", "yes")];
    assert_eq!(browser.post("/columns", &fields).location(), "/assets");
    assert!(on_page(&browser.get("/assets").text())[0].len() > 5);
    let foreign = [("csrf", "x"), ("list", "assets"), ("back", "/assets"), ("column", "number")];
    assert_eq!(browser.post("/columns", &foreign).status, 403);
    let outside =
        [("csrf", csrf.as_str()), ("list", "assets"), ("back", "//elsewhere"), ("column", "number")];
    assert!(browser.post("/columns", &outside).location().starts_with("/?"), "only addresses of this server");
}

#[test]
fn days_are_written_as_the_person_wants_and_language_goes_with_them() {
    let served = Served::new(set_up_folder(), None);
    let browser = with_assets(&served);
    assert!(browser.get("/assets").text().contains("2027年3月31日"));
    let csrf = browser.csrf("/account");
    let to = browser.post("/calendar", &[("csrf", &csrf), ("calendar", "era")]).location();
    assert_eq!(to, "/account?told=calendar");
    let page = browser.get("/assets?sort=support").text();
    assert!(page.contains("令和9年3月31日") && page.contains("平成31年4月30日") && !page.contains("2027年"));
    let rows = on_page(&page);
    assert_eq!(rows[1][0], "M-2", "sorted by the real date");
    assert!(browser.get("/assets?as=csv").text().contains("令和9年3月31日"));
    assert_eq!(browser.post("/calendar", &[("csrf", &csrf), ("calendar", "x")]).status, 400);
    browser.post("/language", &[("lang", "en"), ("back", "/assets")]);
    assert!(browser.get("/assets").text().contains("2027-03-31"));
    let elsewhere = served.browser();
    elsewhere.log_in();
    assert!(elsewhere.get("/assets").text().contains("<html lang=\"en\""), "the language is the person's");
}

#[test]
fn every_list_has_a_file() {
    let served = Served::new(set_up_folder(), None);
    let browser = with_assets(&served);
    let mut lists: Vec<String> = [
        "/cases",
        "/vulnerabilities",
        "/assessments",
        "/ledger",
        "/ledger/refusals",
        "/evidence",
        "/account",
        "/assets/import/past",
    ]
    .map(str::to_owned)
    .into();
    lists.extend(shindan_domain::ledger::Kind::ALL.iter().map(|kind| format!("/records/{kind}?show=all")));
    for at in lists {
        let page = browser.get(&at);
        assert_eq!(page.status, 200, "{at}");
        let page = page.text();
        for ending in ["csv", "xlsx"] {
            let mark = format!("as={ending}\"");
            let end = page.find(&mark).unwrap_or_else(|| panic!("{at} has no {ending}")) + mark.len() - 1;
            let from = page[..end].rfind("href=\"").unwrap() + 6;
            let file = browser.get(&page[from..end].replace("&#38;", "&"));
            assert_eq!(file.status, 200, "{at} {ending}");
            let magic: &[u8] = if ending == "csv" { "\u{feff}".as_bytes() } else { b"PK" };
            assert!(file.body.starts_with(magic), "{at} {ending}");
        }
    }
}

#[test]
fn the_search_finds_people_and_assets_and_says_what_it_left_out() {
    let served = Served::new(set_up_folder(), None);
    let browser = with_assets(&served);
    let search = |text: &str| browser.get(&format!("/search?q={}", served::encoded(text))).text();
    assert!(search("花").contains("山田 花子"));
    assert!(search("山田花子").contains("山田 花子"), "with or without a space");
    let found = search("カ");
    assert!(found.contains("電子カルテ") && found.contains("1 件"), "{found}");
    assert!(search("ｆｏｒｔｉ").contains("FortiGate"));
    let nothing = search("どこにもない");
    assert!(
        nothing.contains("見つかりません") && nothing.contains("脆弱性と製品は探していません"),
        "{nothing}"
    );
    assert!(nothing.contains("添付ファイルの中は探していません"));
    assert!(!search("<script>").contains("<script>"));
}

#[test]
fn a_list_shows_the_records_of_one_system_alone_and_says_so_in_its_file() {
    let operator = Served::shared().person(Role::Operator);
    let page = operator.page("/records/agreement?show=all");
    let choices: Vec<(&str, &str)> = page
        .split("<select id=\"of-system\"")
        .nth(1)
        .unwrap()
        .split("</select>")
        .next()
        .unwrap()
        .split("<option value=\"")
        .skip(2)
        .map(|option| option.split("</option>").next().unwrap().split_once("\">").unwrap())
        .collect();
    let monitors = choices.iter().find(|(_, name)| name.contains("生体情報モニタ")).unwrap().0;
    let other = choices.iter().find(|(id, _)| *id != monitors).unwrap().0;
    let of = |system: &str| operator.page(&format!("/records/agreement?show=all&system={system}"));
    assert!(of(monitors).contains("DEMO-2024-0030") && !of(other).contains("DEMO-2024-0030"));
    assert!(of(monitors).contains(&format!("value=\"{monitors}\" selected")));
    assert_eq!(of(monitors).matches("name=\"system\"").count(), 2, "the switch, and what a search keeps");
    let file = operator.page(&format!("/records/agreement?show=all&system={other}&as=csv"));
    assert!(!file.contains("DEMO-2024-0030"), "{file}");
    let unknown = operator.get("/records/agreement?system=unknown");
    assert_eq!(unknown.status, 404);
    assert!(unknown.text().contains("「unknown」というシステムはありません"), "{}", unknown.text());
}
