use super::super::ItemClass;
use super::*;

/// In the shape of JPCERT/CC's list: RSS 1.0, alerts and weekly reports in one, times without seconds.
const RSS1: &str = include_str!("samples/alerts.rdf");

const RSS2: &str = r#"<rss version="2.0" xmlns:media="urn:m" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>News</title><link>https://example.org/</link><lastBuildDate>Thu, 08 Oct 2026 19:59:30 +0900</lastBuildDate>
<image><title>logo</title></image>
<item><media:title>wrong</media:title><title>A &amp;amp; B</title><guid isPermaLink="false">tag:7</guid>
 <pubDate>Thu, 08 Oct 2026 10:59:30 GMT</pubDate><description>short</description>
 <content:encoded><![CDATA[<p>long GHSA-43w2-9j62-hq99</p>]]></content:encoded></item>
<item><title>C</title><guid>https://example.org/c</guid></item></channel></rss>"#;

const ATOM: &str = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><updated>2026-10-08T10:59:30Z</updated>
<entry><id>urn:1</id><title type="html">A &lt;b&gt;b&lt;/b&gt;</title><link rel="self" href="https://example.org/self"/>
<link href="https://example.org/1"/><published>2026-10-01T00:00:00Z</published><updated>2026-10-08T00:00:00Z</updated>
<category term="High"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>x</p>y</div></content></entry></feed>"#;

fn read_text(text: &str) -> Result<Feed, Diagnostic> {
    read(text.as_bytes(), "f.xml", Emptiness::NeverEmpty, &Limits::DEFAULT)
}

fn code(text: &str) -> Code {
    read_text(text).expect_err("must be refused").code
}

fn shown(time: Option<Timestamp>) -> String {
    time.map(|time| time.to_string()).unwrap_or_default()
}

#[test]
fn rss_1_with_alerts_updates_and_weekly_reports() {
    let feed = read_text(RSS1).expect("reads");
    assert_eq!((feed.kind, feed.title.as_str()), (FeedKind::Rss1, "見本 RSS Feed"));
    assert_eq!(shown(feed.updated), "2026-10-08T10:59:00Z");
    let [update, alert, weekly] = feed.items.as_slice() else { panic!("{:?}", feed.items) };
    assert_eq!((update.id.as_str(), update.class), ("at260024", ItemClass::Update));
    assert_eq!(
        (shown(update.published), shown(update.updated)),
        (String::new(), "2026-10-08T10:59:00Z".to_owned())
    );
    assert_eq!(update.text, "I. 概要 \nJVNVU#97232160 を参照");
    assert_eq!(update.vulnerabilities.iter().collect::<Vec<_>>(), ["CVE-2026-106302", "JVNVU#97232160"]);
    assert_eq!((alert.class, shown(alert.published)), (ItemClass::Alert, "2026-10-07T01:00:00Z".to_owned()));
    assert_eq!(weekly.class, ItemClass::Weekly);
    assert_eq!(weekly.id, "https://www.example.or.jp/wr/2026/wr261007.html");
    let codes: Vec<Code> = feed.diagnostics.iter().map(|told| told.code).collect();
    assert_eq!(codes, [Code::DateInvalid], "the item stays, its time is told");
}

#[test]
fn rss_2_and_atom() {
    let feed = read_text(RSS2).expect("reads");
    let [a, c] = feed.items.as_slice() else { panic!("{:?}", feed.items) };
    assert_eq!((feed.title.as_str(), shown(feed.updated)), ("News", "2026-10-08T10:59:30Z".to_owned()));
    assert_eq!((a.id.as_str(), a.title.as_str(), a.link.as_deref()), ("tag:7", "A & B", None));
    assert_eq!(
        (a.text.as_str(), shown(a.published)),
        ("long GHSA-43w2-9j62-hq99", "2026-10-08T10:59:30Z".to_owned())
    );
    assert!(a.vulnerabilities.contains("GHSA-43w2-9j62-hq99"));
    assert_eq!(
        c.link.as_deref(),
        Some("https://example.org/c"),
        "a guid is an address unless it says otherwise"
    );
    let feed = read_text(ATOM).expect("reads");
    let [entry] = feed.items.as_slice() else { panic!("{:?}", feed.items) };
    assert_eq!((entry.title.as_str(), entry.link.as_deref()), ("A b", Some("https://example.org/1")));
    assert_eq!((entry.text.as_str(), entry.class), ("xy", ItemClass::Alert));
    assert_eq!(
        (shown(entry.published), shown(entry.updated)),
        ("2026-10-01T00:00:00Z".to_owned(), "2026-10-08T00:00:00Z".to_owned())
    );
}

#[test]
fn what_is_no_list_of_news_is_an_error_and_never_empty() {
    let table = [
        ("", Code::FileEmpty),
        ("<!DOCTYPE html><title>保守中</title>", Code::PageInsteadOfData),
        ("{\"items\":[]}", Code::FormatUnknown),
        ("<kev/>", Code::FormatUnknown),
        ("<rss><channel><title>t</title></channel></rss>", Code::FeedEmpty),
        ("<rss/>", Code::FeedEmpty),
        ("<feed xmlns='http://www.w3.org/2005/Atom'/>", Code::FeedEmpty),
        ("<rss><channel><item><title>t</title></item></channel></rss>", Code::FieldMissing),
        ("<!DOCTYPE r [<!ENTITY a 'a'>]><rss><channel/></rss>", Code::XmlEntityRefused),
        ("<rss><channel><item><title>&x;</title></item></channel></rss>", Code::XmlEntityRefused),
        ("rss", Code::XmlInvalid),
    ];
    for (text, expected) in table {
        assert_eq!(code(text), expected, "{text}");
    }
    let empty = "<rss><channel><title>t</title></channel></rss>".as_bytes();
    let feed = read(empty, "f", Emptiness::MayBeEmpty, &Limits::DEFAULT).expect("may be empty");
    assert!(feed.items.is_empty());
    let few = Limits { entries: 1, ..Limits::DEFAULT };
    let many = read(RSS2.as_bytes(), "f", Emptiness::NeverEmpty, &few).expect_err("too many");
    assert_eq!(many.code, Code::ListTooLong);
}

#[test]
fn every_truncation_is_an_error() {
    // The end of the file may lack its line end.
    for text in [RSS1.trim_end(), RSS2, ATOM] {
        for (at, _) in text.char_indices() {
            let cut = text.get(..at).unwrap_or_default();
            assert!(read_text(cut).is_err(), "{cut}");
        }
    }
}

#[test]
fn one_item_of_each_id_the_newest() {
    let item = |id: &str, time: &str, title: &str| {
        format!("<item><guid>{id}</guid><title>{title}</title><pubDate>{time}</pubDate></item>")
    };
    let items =
        [item("1", "2026-10-08", "old"), item("1", "2026-10-09", "new"), item("1", "2026-10-07", "older")];
    let feed = read_text(&format!("<rss><channel>{}</channel></rss>", items.concat())).expect("reads");
    assert_eq!(feed.items.iter().map(|item| item.title.as_str()).collect::<Vec<_>>(), ["new"]);
    let codes: Vec<Code> = feed.diagnostics.iter().map(|told| told.code).collect();
    assert_eq!(codes, [Code::DuplicateIdentifier; 2]);
}

#[test]
fn items_that_the_head_announces_and_that_do_not_come_are_told() {
    let short = RSS1
        .replace("<rdf:li rdf:resource=\"c\"/>", "<rdf:li rdf:resource=\"c\"/><rdf:li rdf:resource=\"d\"/>");
    let feed = read_text(&short).expect("reads");
    assert!(
        feed.diagnostics.iter().any(|told| told.code == Code::SpecViolation && told.params["found"] == "3")
    );
}

#[test]
fn an_error_of_myjvn_is_not_an_empty_list() {
    let answer = "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:s='http://jvndb.jvn.jp/myjvn/Status'>\
                  <s:Status retCd='1' errCd='ERR-001' errMsg='method'/></feed>";
    for emptiness in [Emptiness::NeverEmpty, Emptiness::MayBeEmpty] {
        let error = read(answer.as_bytes(), "f", emptiness, &Limits::DEFAULT).expect_err("an error");
        assert_eq!((error.code, error.params["code"].as_str()), (Code::SourceReportedError, "ERR-001"));
    }
}

#[test]
fn genuine_lists_of_jvn() {
    for file in ["jvndb_new.rdf", "jvndb.rdf", "jvndb_2022.rdf", "jvndb_2007.rdf"] {
        let Some(path) = shindan_testdata::path(&format!("jvn/feeds/rss/{file}")) else { return };
        let bytes = std::fs::read(path).expect("readable");
        let feed = read(&bytes, file, Emptiness::NeverEmpty, &Limits::DEFAULT).expect("reads");
        for item in &feed.items {
            assert!(item.id.starts_with("JVNDB-"), "{}", item.id);
            assert!(item.published.is_some() && item.updated.is_some(), "{file}: {}", item.id);
            assert!(item.vulnerabilities.contains(&item.id), "{file}: {}", item.id);
            assert!(item.link.as_deref().is_some_and(|link| link.contains(&item.id)), "{file}: {}", item.id);
        }
        assert!(feed.diagnostics.is_empty(), "{file}: {:?}", feed.diagnostics);
    }
    let Some(path) = shindan_testdata::path("jvn/feeds/rss/jvndb_new.rdf") else { return };
    let bytes = std::fs::read(path).expect("readable");
    let feed = read(&bytes, "new", Emptiness::NeverEmpty, &Limits::DEFAULT).expect("reads");
    let item = feed.items.iter().find(|item| item.id == "JVNDB-2023-004814").expect("an item");
    assert_eq!(shown(item.updated), "2023-11-02T02:57:00Z", "a time without seconds");
    assert!(item.vulnerabilities.contains("CVE-2023-0078"));
    let Some(path) = shindan_testdata::path("jvn/feeds/alert-pages/no_title.html") else { return };
    let bytes = std::fs::read(path).expect("readable");
    let error = read(&bytes, "p", Emptiness::NeverEmpty, &Limits::DEFAULT).expect_err("a page");
    assert_eq!(error.code, Code::PageInsteadOfData);
}
