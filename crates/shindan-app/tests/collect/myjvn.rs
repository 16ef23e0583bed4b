//! MyJVN: overviews and details, and the list of alerts.

use shindan_app::knowledge;
use shindan_domain::collect::{CheckOutcome, Failure, SourceKind};
use shindan_domain::record_id::SourceId;
use shindan_mirror::{Fault, Page};

use crate::World;

const SPACES: &str = "xmlns=\"http://purl.org/rss/1.0/\" xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
    xmlns:sec=\"http://jvn.jp/rss/mod_sec/3.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
    xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:status=\"http://jvndb.jvn.jp/myjvn/Status\"";

fn status(method: &str, first: usize, returned: usize, total: usize) -> String {
    format!(
        "<status:Status version=\"3.3\" method=\"{method}\" feed=\"hnd\" retCd=\"0\" errCd=\"\" errMsg=\"\" \
         totalRes=\"{total}\" totalResRet=\"{returned}\" firstRes=\"{first}\"/>"
    )
}

fn overview(first: usize, total: usize, ids: &[&str]) -> String {
    let item = |id: &&str| {
        format!(
            "<item rdf:about=\"https://jvndb.example/{id}.html\"><title>{id} の脆弱性</title>\
             <link>https://jvndb.example/{id}.html</link><description>例</description><sec:identifier>{id}</sec:identifier>\
             <dc:date>2026-11-20T10:00:00+09:00</dc:date><dcterms:issued>2026-11-20T10:00:00+09:00</dcterms:issued>\
             <dcterms:modified>2026-11-20T10:00:00+09:00</dcterms:modified></item>"
        )
    };
    let items: String = ids.iter().map(item).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rdf:RDF {SPACES} xml:lang=\"ja\">\
         <channel rdf:about=\"https://jvndb.example/\"><title>JVNDB</title><link>https://jvndb.example/</link></channel>\
         {items}{}</rdf:RDF>",
        status("getVulnOverviewList", first, ids.len(), total)
    )
}

fn details(ids: &[&str], text: &str) -> String {
    let one = |id: &&str| {
        format!(
            "<Vulinfo><VulinfoID>{id}</VulinfoID><VulinfoData><Title>{id} の脆弱性</Title>\
             <VulinfoDescription><Overview>{text}</Overview></VulinfoDescription>\
             <DateFirstPublished>2026-11-20T10:00:00+09:00</DateFirstPublished>\
             <DateLastUpdated>2026-11-20T10:00:00+09:00</DateLastUpdated>\
             <DatePublic>2026-11-20T00:00:00+09:00</DatePublic></VulinfoData></Vulinfo>"
        )
    };
    let all: String = ids.iter().map(one).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><VULDEF-Document version=\"3.2\" xmlns=\"http://jvn.jp/vuldef/\" \
         xmlns:status=\"http://jvndb.jvn.jp/myjvn/Status\" xml:lang=\"ja\">{all}{}</VULDEF-Document>",
        status("getVulnDetailInfo", 1, ids.len(), ids.len())
    )
}

const FIRST: &str = "/myjvn?method=getVulnOverviewList&feed=hnd&startItem=1";
const SECOND: &str = "/myjvn?method=getVulnOverviewList&feed=hnd&startItem=3";
const DETAIL: &str = "/myjvn?method=getVulnDetailInfo&feed=hnd";
const A: &str = "JVNDB-2026-000001";
const B: &str = "JVNDB-2026-000002";
const C: &str = "JVNDB-2026-000003";

fn hnd(name: &str) -> (World, SourceId) {
    let pages = vec![
        Page::new(FIRST, overview(1, 3, &[B, A])),
        Page::new(SECOND, overview(3, 3, &[C])),
        Page::new(DETAIL, details(&[A, B, C], "例の機器")),
    ];
    let mut world = World::new(name, pages);
    let source = world.add("myjvn-hnd", SourceKind::MyjvnHnd, "/myjvn");
    (world, source)
}

#[test]
fn overviews_lead_to_details_and_the_next_look_asks_for_what_changed() {
    let (mut world, source) = hnd("hnd");
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 3 });
    assert!(knowledge::show(&world.folder(), B).is_ok());
    let asked: Vec<String> = world.mirror.all_seen().into_iter().map(|seen| seen.target).collect();
    assert_eq!(asked.len(), 3, "two pages, one answer of details: {asked:?}");
    assert!(asked[2].contains(&format!("vulnId={A}+{B}+{C}")), "{asked:?}");
    assert_eq!(world.sync(source), CheckOutcome::NothingNew, "the same came again");
    world.mirror.put(Page::new(FIRST, overview(1, 1, &[C])));
    world.mirror.put(Page::new(DETAIL, details(&[C], "例の機器（更新）")));
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 1 });
    // Without hits there is only a status: nothing new, and no error.
    let none = format!(
        "<?xml version=\"1.0\"?><Result xmlns:status=\"http://jvndb.jvn.jp/myjvn/Status\">{}</Result>",
        status("getVulnOverviewList", 1, 0, 0)
    );
    world.mirror.put(Page::new(FIRST, none));
    assert_eq!(world.sync(source), CheckOutcome::NothingNew);
    assert!(knowledge::show(&world.folder(), A).is_ok(), "what was there stays");
}

#[test]
fn no_fault_of_the_interface_looks_like_nothing_new() {
    let error = overview(1, 3, &[B, A]).replace("retCd=\"0\" errCd=\"\"", "retCd=\"1\" errCd=\"ERR_5\"");
    let cases = [
        (FIRST, error, Failure::SourceError),
        (SECOND, overview(3, 2, &[]), Failure::Incomplete),
        (SECOND, overview(3, 3, &[]), Failure::Incomplete),
        (SECOND, overview(3, 3, &[C]).replace("totalResRet=\"1\"", "totalResRet=\"2\""), Failure::Incomplete),
        (SECOND, "<html><title>混雑</title></html>".to_owned(), Failure::Html),
        (SECOND, overview(3, 3, &[C]).replace("</rdf:RDF>", ""), Failure::Unreadable),
        (DETAIL, details(&[A, B], "例"), Failure::Incomplete),
        (DETAIL, details(&[A, B, C], "例").replace("totalRes=\"3\"", "totalRes=\"x\""), Failure::Unreadable),
    ];
    for (path, text, expected) in cases {
        let (mut world, source) = hnd("hnd-faults");
        world.mirror.put(Page::new(path, text.clone()));
        assert_eq!(world.failure(source), expected, "{path} {text}");
        assert!(knowledge::show(&world.folder(), A).is_err(), "{text}");
    }
    for (fault, expected) in [
        (Fault::Status(500), Failure::Status),
        (Fault::CutAfter(9), Failure::Cut),
        (Fault::TooMany(None), Failure::RateLimited),
    ] {
        let (mut world, source) = hnd("hnd-faults");
        world.mirror.always(DETAIL, fault);
        assert_eq!(world.failure(source), expected);
    }
}

fn alerts(first: usize, total: usize, ids: &[&str]) -> String {
    let entry = |id: &&str| {
        format!(
            "{{\"title\":\"{id} に関する注意喚起 CVE-2026-1234\",\"id\":\"{id}\",\"summary\":\"例\",\"link\":\"https://www.ipa.example/{id}\",\
             \"category\":{{\"term\":\"High\"}},\"modified\":\"2026-11-20T10:00:00+09:00\",\"public\":\"2026-11-20T10:00:00+09:00\"}}"
        )
    };
    let entries: Vec<String> = ids.iter().map(entry).collect();
    format!(
        "{{\"feed\":{{\"title\":\"x\",\"entry\":[{}]}},\"status\":{{\"method\":\"getAlertList\",\"retCd\":0,\"errCd\":\"\",\
         \"totalRes\":{total},\"totalResRet\":{},\"firstRes\":{first}}}}}",
        entries.join(","),
        ids.len()
    )
}

const NONE: &str = "{\"feed\":{\"entry\":[{\"title\":\"該当する注意警戒情報はありません。\",\"id\":\"x\"}]},\"status\":{\"method\":\"getAlertList\",\
    \"retCd\":0,\"errCd\":\"\",\"totalRes\":1,\"totalResRet\":1,\"firstRes\":1}}";

#[test]
fn alerts_are_notices_and_none_is_suspicious() {
    let pages = vec![
        Page::new("/myjvn?method=getAlertList&startItem=1", alerts(1, 3, &["a1", "a2"])),
        Page::new("/myjvn?method=getAlertList&startItem=3", alerts(3, 3, &["a3"])),
    ];
    let mut world = World::new("oka", pages);
    let source = world.add("myjvn-oka", SourceKind::MyjvnOka, "/myjvn");
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 3 });
    assert_eq!(world.notices().len(), 3);
    assert!(world.notices().iter().all(|(_, one)| one.content.vulnerabilities.contains("CVE-2026-1234")));
    assert_eq!(world.sync(source), CheckOutcome::NothingNew);
    world.mirror.put(Page::new("/myjvn?method=getAlertList&startItem=3", alerts(3, 4, &["a3", "a4"])));
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 1 }, "the list grew while it was read");
    // The list is asked for as a whole: that there is none is suspicious.
    world.mirror.put(Page::new("/myjvn?method=getAlertList&startItem=1", NONE));
    assert_eq!(world.failure(source), Failure::Empty);
    assert_eq!(world.notices().len(), 4);
    let error = "{\"status\":{\"method\":\"getAlertList\",\"retCd\":1,\"errCd\":\"E\",\"errMsg\":\"x\",\"totalRes\":0,\"totalResRet\":0,\"firstRes\":1}}";
    for (text, expected) in [
        (error, Failure::SourceError),
        (alerts(1, 2, &["a1"]).replace("totalResRet\":1", "totalResRet\":2").as_str(), Failure::Incomplete),
        ("{", Failure::Unreadable),
    ] {
        world.mirror.put(Page::new("/myjvn?method=getAlertList&startItem=1", text));
        assert_eq!(world.failure(source), expected, "{text}");
    }
}

#[test]
fn genuine_answers() {
    let read = |name: &str| {
        let path = shindan_testdata::path(&format!("jvn/myjvn/examples/{name}"))?;
        Some(std::fs::read_to_string(path).unwrap())
    };
    let detail = read("hnd/getVulnDetailInfo_hnd_JVNDB-2022-000097.xml");
    let (Some(detail), Some(alerts)) = (detail, read("oka/getAlertList_oka.json")) else {
        eprintln!("without genuine data this test shows nothing");
        return;
    };
    let pages = vec![
        Page::new("/myjvn?method=getVulnOverviewList", overview(1, 1, &["JVNDB-2022-000097"])),
        Page::new("/myjvn?method=getVulnDetailInfo", detail),
        Page::new("/myjvn?method=getAlertList", alerts),
    ];
    let mut world = World::new("myjvn-genuine", pages);
    let hnd = world.add("myjvn-hnd", SourceKind::MyjvnHnd, "/myjvn");
    let oka = world.add("myjvn-oka", SourceKind::MyjvnOka, "/myjvn");
    assert_eq!(world.sync(hnd), CheckOutcome::NewItems { count: 1 });
    assert!(knowledge::show(&world.folder(), "CVE-2022-41993").is_ok());
    // It announces one entry and holds two.
    assert_eq!(world.sync(oka), CheckOutcome::NewItems { count: 2 });
}
