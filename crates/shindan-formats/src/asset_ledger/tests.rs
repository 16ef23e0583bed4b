use shindan_domain::asset_ledger::LeftOutReason;
use shindan_domain::finding::Confidence;

use super::*;

fn read_with(text: &str, mapping: Option<&LedgerMapping>) -> LedgerReading {
    let file = LedgerFile::open(text.as_bytes(), "ledger.csv", &Limits::DEFAULT).expect("a ledger");
    let chosen = file.choose(None, mapping).expect("a table");
    file.read(&chosen, mapping.map(|mapping| (mapping, MappedBy::MappingFile)))
}

fn read(text: &str) -> LedgerReading {
    read_with(text, None)
}

fn mapping(text: &str) -> LedgerMapping {
    let text = format!("schema = \"{MAPPING_SCHEMA}\"\n{text}");
    read_mapping("m.toml", text.as_bytes()).value.expect("a mapping")
}

/// `A asset_id high, B maker medium`
fn columns(reading: &LedgerReading) -> String {
    let mapped = reading.columns.iter().map(|c| {
        let meaning = c.column.map_or("-", LedgerColumn::as_str);
        format!("{} {meaning} {}", c.letters, c.confidence.map_or("-", Confidence::as_str))
    });
    mapped.collect::<Vec<_>>().join(", ")
}

fn codes(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
    diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect()
}

fn left_out(reading: &LedgerReading) -> Vec<(u32, LeftOutReason)> {
    reading.left_out.iter().map(|left| (left.row, left.reason)).collect()
}

const MIXED: &str = "\
医療機器管理台帳,,,,,,,
2026年11月 臨床工学室,,,,,,,
,,,,,,,
No.,管理番号,機器情報,,,設置場所,保守,
,,メーカー,型番,バージョン,,業者,期限
1,ME-001,フクダ電子,DS-8900,V02-11,ICU,フクダ電子東京販売,2027/3/31
2,ME-002,〃,〃,〃,〃,同上,令和9年3月31日
【4階病棟】,,,,,,,
3,ME-003,テルモ,TE-171,1.10,,,2025/13/45
4,ME-004,テルモ,TE-171,,,不明,未定
No.,管理番号,機器情報,,,設置場所,保守,
,,メーカー,型番,バージョン,,業者,期限
5,ME-005,GE,CARESCAPE B650,2.0.5,手術室,GEヘルスケア,2027年3月
6,,,,,,,
合計,5台,,,,,,
※ バージョンは2026年10月時点,,,,,,,
";

#[test]
fn a_ledger_with_titles_merged_headings_sections_and_sums() {
    let reading = read(MIXED);
    assert_eq!(
        columns(&reading),
        "A - -, B asset_id high, C maker high, D model high, E firmware high, F place high, G patched_by medium, \
         H support_end medium"
    );
    assert_eq!((reading.table.first_row, reading.table.last_row, reading.rows.len()), (4, 5, 5));
    use LeftOutReason as L;
    assert_eq!(
        left_out(&reading),
        [
            (1, L::AboveHeadings),
            (2, L::AboveHeadings),
            (8, L::Section),
            (11, L::HeadingsAgain),
            (12, L::HeadingsAgain),
            (14, L::Unused),
            (15, L::Total),
            (16, L::Note)
        ]
    );
    let second = &reading.rows[1].asset;
    assert_eq!((second.maker.as_deref(), second.model.as_deref()), (Some("フクダ電子"), Some("DS-8900")));
    assert_eq!((second.place.as_deref(), second.support_end.as_deref()), (Some("ICU"), Some("2027-03-31")));
    let third = &reading.rows[2].asset;
    assert_eq!((third.firmware.as_deref(), third.place.as_deref()), (Some("1.10"), Some("4階病棟")));
    assert_eq!(third.support_end.as_deref(), Some("2025/13/45"), "what cannot be read is kept as written");
    assert_eq!(reading.rows[3].asset.patched_by, None);
    let cells: Vec<_> = reading.cells.iter().map(|d| (d.code, d.params["cell"].as_str())).collect();
    assert_eq!(cells, [(Code::DateInvalid, "H9"), (Code::FieldTolerated, "H13")]);
    assert!(codes(&reading.diagnostics).contains(&"column-counts-rows"));
    assert!(codes(&reading.diagnostics).contains(&"section-applied"));
}

#[test]
fn headings_in_english() {
    let reading = read(
        "Asset Tag;Host Name;Type;Manufacturer;Model;S/N;Firmware Version;IP Address;Location;End of Support;Notes\n\
         A-1;fw01;Firewall;Fortinet;FortiGate-60F;FGT1;7.2.1;10.0.0.1;Server room;2027-03-31;x\n",
    );
    assert_eq!(
        columns(&reading),
        "A asset_id high, B host high, C kind high, D maker high, E model high, F serial high, G firmware high, \
         H address high, I place high, J support_end high, K remarks high"
    );
    assert_eq!(codes(&reading.diagnostics), [] as [&str; 0]);
    assert_eq!(reading.rows[0].asset.host.as_deref(), Some("fw01"));
}

#[test]
fn columns_by_what_they_hold() {
    let reading = read(
        "機器名,メーカー,製品名,バージョン,項目1,項目2,接続\n\
         監視端末,デル,OptiPlex 3080,1.2,00:11:22:AA:BB:01,10.0.0.1,院内\n\
         受付端末,デル,OptiPlex 3080,1.2,00:11:22:AA:BB:02,10.0.0.2,閉域\n\
         会計端末,デル,OptiPlex 3080,1.2,00:11:22:AA:BB:03,10.0.0.3,院内\n",
    );
    assert_eq!(
        columns(&reading),
        "A name high, B maker high, C model medium, D firmware high, E mac low, F address low, G exposure low"
    );
}

#[test]
fn a_computer_has_an_operating_system() {
    let reading = read(
        "ホスト名,OS,,状態\n,名称,バージョン,\npc01,Windows 10 Pro,22H2,使用中\npc02,Windows 11 Pro,23H2,廃棄済み\n\
         pc03,,,廃棄予定\n",
    );
    assert_eq!(columns(&reading), "A host high, B os high, C os_version high, D state high");
    let os: Vec<_> = reading.rows.iter().map(|row| (row.asset.os.as_deref(), row.asset.retired)).collect();
    assert_eq!(
        os,
        [(Some("Windows 10 Pro 22H2"), false), (Some("Windows 11 Pro 23H2"), true), (None, false)]
    );
    assert_eq!(components(&reading.rows[0].asset, Some(0), "x").len(), 1);
    assert_eq!(components(&reading.rows[1].asset, Some(1), "x").len(), 0);
}

#[test]
fn a_place_written_once_for_a_block() {
    let reading = read(
        "設置場所,メーカー,型番,バージョン\nICU,GE,B450,2.0\n,GE,B650,2.0\n,GE,B850,2.0\n手術室,GE,B450,2.1\n,GE,B650,2.1\n",
    );
    let places: Vec<_> = reading.rows.iter().filter_map(|row| row.asset.place.as_deref()).collect();
    assert_eq!(places, ["ICU", "ICU", "ICU", "手術室", "手術室"]);
    let told = reading.diagnostics.iter().find(|d| d.code == Code::ColumnFilledDown).expect("told");
    assert_eq!(told.params["count"], "3");
    // A place that stands in several rows is not written for blocks: what is blank stays blank.
    let reading = read(
        "設置場所,メーカー,型番,バージョン\nICU,GE,B450,2\n,GE,B650,2\nICU,GE,B850,2\n,GE,B1,2\n,GE,B2,2\n",
    );
    assert_eq!(reading.rows.iter().filter(|row| row.asset.place.is_some()).count(), 2);
}

#[test]
fn a_section_ends_what_was_written_for_the_block_above() {
    let reading = read(
        "設置場所,メーカー,型番,バージョン\nICU,GE,B450,2\n〃,GE,B650,2\n【4階病棟】,,,\n,GE,B850,2\n,GE,B1,2\n,GE,B2,2\n",
    );
    let places: Vec<_> = reading.rows.iter().map(|row| row.asset.place.as_deref().unwrap_or("-")).collect();
    assert_eq!(places, ["ICU", "ICU", "4階病棟", "4階病棟", "4階病棟"]);
}

#[test]
fn two_columns_that_mean_the_same_are_told() {
    let reading = read("メーカー,製造元,型番,バージョン,備考1,診療科\nGE,GE,B450,2.0,x,内科\n");
    let told = reading.diagnostics.iter().find(|d| d.code == Code::ColumnAmbiguous).expect("told");
    assert_eq!((told.params["field"].as_str(), told.params["other"].as_str()), ("maker", "B 製造元"));
    assert!(codes(&reading.diagnostics).contains(&"column-unknown"));
    // Who maintains it is who patches it, unless somebody is named for that.
    let reading = read("メーカー,型番,バージョン,保守業者,更新責任者\nGE,B450,2.0,X社,情報課\n");
    assert_eq!(reading.rows[0].asset.patched_by.as_deref(), Some("情報課"));
}

#[test]
fn another_table_below_is_told_and_not_mixed_in() {
    let text = "管理番号,メーカー,型番,バージョン\nA1,GE,B450,2.0\nA2,GE,B650,2.0\n\
                ホスト名,OS,IPアドレス,MACアドレス\npc1,Windows 10,10.0.0.1,001122334455\n";
    let reading = read(text);
    assert_eq!(reading.rows.len(), 2);
    let told = reading.diagnostics.iter().find(|d| d.code == Code::TableNotRead).expect("told");
    assert_eq!((told.params["row"].as_str(), told.params["count"].as_str()), ("4", "1"));
    let below = read_with(text, Some(&mapping("header_row = 4")));
    assert_eq!((below.table.first_row, below.rows.len()), (4, 1));
    assert_eq!(below.rows[0].asset.host.as_deref(), Some("pc1"));
}

#[test]
fn a_mapping_takes_precedence_over_guesses() {
    let text = "番号,区分,会社,品,版,場所1,場所2\n7,甲,GE,B450,2.0,東館,3階\n8,乙,GE,B650,2.0,,4階\n9,丙,GE,B850,2.0,西館,\n";
    let mapping = mapping(
        "ignore = [\"=A\"]\n[columns]\nmaker = \"会社\"\nmodel = \"=D\"\nplace = [\"場所1\", \"場所2\"]\n\
         [kinds]\n\"甲\" = \"server\"\n\"乙\" = \"terminal\"\n[defaults]\npatched_by = \"情報課\"\nplace = \"本館\"\n",
    );
    let reading = read_with(text, Some(&mapping));
    assert_eq!(
        columns(&reading),
        "A - -, B kind high, C maker high, D model high, E firmware high, F place high, G place high"
    );
    let kinds: Vec<_> = reading.rows.iter().map(|row| row.asset.kind.map(|kind| kind.as_str())).collect();
    assert_eq!(kinds, [Some("server"), Some("terminal"), None]);
    assert_eq!(reading.rows[0].asset.place.as_deref(), Some("東館 3階"));
    assert!(reading.rows.iter().all(|row| row.asset.patched_by.as_deref() == Some("情報課")));
    let told = reading.diagnostics.iter().find(|d| d.code == Code::DefaultApplied).expect("told");
    assert_eq!(told.params["count"], "3");
}

#[test]
fn what_a_mapping_names_and_the_ledger_lacks() {
    let reading =
        read_with("メーカー,型番,バージョン\nGE,B450,2\n", Some(&mapping("[columns]\nkind = \"機種区分\"")));
    let told = reading.diagnostics.iter().find(|d| d.code == Code::MappingColumnMissing).expect("told");
    assert_eq!((told.params["field"].as_str(), told.params["value"].as_str()), ("kind", "機種区分"));
}

#[test]
fn a_written_mapping_says_the_same() {
    let reading = read(MIXED);
    let text = write_mapping(&reading, None);
    let mapping = read_mapping("m.toml", text.as_bytes());
    assert_eq!(mapping.diagnostics, [], "{text}");
    let again = read_with(MIXED, mapping.value.as_ref());
    assert_eq!(again.rows, reading.rows);
    let meant = |reading: &LedgerReading| reading.columns.iter().map(|c| c.column).collect::<Vec<_>>();
    assert_eq!(meant(&again), meant(&reading), "{text}");
    assert_eq!(write_mapping(&again, mapping.value.as_ref()), text);
}

#[test]
fn the_fingerprint_depends_on_headings_only() {
    let one = read("管理番号,メーカー,型番\n1,GE,B450\n");
    let two = read("管理番号， メーカー,ﾒｰｶ\nx,y,z\n");
    let three = read("表題,,\n管理 番号,メーカー,型番\n2,GE,B650\n3,GE,B850\n");
    assert_eq!(one.fingerprint, three.fingerprint);
    assert_ne!(one.fingerprint, two.fingerprint);
}

#[test]
fn ways_in_from_outside() {
    for (heading, value, expected) in [
        ("公開範囲", "インターネット公開", Some("open")),
        ("インターネット公開", "有", Some("open")),
        ("外部接続", "有", None),
        ("外部接続", "無", Some("controlled")),
        ("外部接続", "なし", Some("controlled")),
        ("外部接続", "閉域", Some("small")),
        ("外部接続", "-", None),
    ] {
        let reading = read(&format!("メーカー,型番,バージョン,{heading}\nGE,B450,2,{value}\n"));
        assert_eq!(reading.rows[0].asset.exposure.map(|e| e.as_str()), expected, "{heading}: {value}");
    }
}

#[test]
fn cells_that_do_not_hold_what_their_heading_says() {
    let reading = read(
        "管理番号,メーカー,型番,バージョン,IPアドレス,MACアドレス,導入日\n\
         A1,GE,B450,2,192.168.1.300,00:11:22:AA:BB,2020/4/1\nA1,GE,B450,2,DHCP,00-11-22-AA-BB-CC,R2.4\n〃,GE,B450,2,,,\n",
    );
    let cells: Vec<_> = reading.cells.iter().map(|d| (d.code, d.params["cell"].as_str())).collect();
    assert_eq!(cells, [(Code::CellInvalid, "E2"), (Code::CellInvalid, "F2"), (Code::CellInvalid, "A4")]);
    assert_eq!(reading.rows[0].asset.address.as_deref(), Some("192.168.1.300"));
    assert_eq!(reading.rows[1].asset.introduced.as_deref(), Some("2020-04-30"));
    assert!(codes(&reading.diagnostics).contains(&"duplicate-identifier"));
}

#[test]
fn reports_of_scanners_are_no_ledgers() {
    for text in [
        "Plugin ID,CVE,CVSS,Risk,Host,Protocol,Port,Name,Synopsis\n1,CVE-2020-1,5,Low,h,tcp,1,n,s\n",
        "IP,Hostname,Port,Severity,NVT Name,Summary\n1.1.1.1,h,1,High,n,s\n",
        "cveID,vendorProject,product,vulnerabilityName,dateAdded\nCVE-2020-1,a,b,c,2020-01-01\n",
        "id,fqdn/ip,port,severity,finding\nx,y,1,INFO,z\n",
    ] {
        assert!(recognise(text).is_none_or(|shape| !shape.certain), "{text}");
    }
    assert!(
        recognise("model,maker,firmware\nx,y,1\n").is_some_and(|shape| shape.certain && shape.known == 3)
    );
}

#[test]
fn encodings_and_delimiters() {
    let text = "管理番号\tメーカー\t型番\tバージョン\nA1\tフクダ電子\tDS-8900\t１．０\n";
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode(text);
    for bytes in [text.as_bytes().to_vec(), utf16, cp932.into_owned()] {
        let file = LedgerFile::open(&bytes, "x.csv", &Limits::DEFAULT).expect("a ledger");
        let reading = file.read(&file.choose(None, None).expect("a table"), None);
        assert_eq!(reading.rows[0].asset.firmware.as_deref(), Some("1.0"));
        assert_eq!(reading.rows[0].asset.maker.as_deref(), Some("フクダ電子"));
    }
}
