//! `crosswalk import` through the real executable.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use common::{Folder, follows, run, text};

#[test]
fn crosswalk_import_attaches_the_wording_of_a_page() {
    let folder = Folder::new();
    let page = folder.write(
        "page.txt",
        "②-2\n弱点が見つかったら、リスクを分析し処置を選ぶ。\n⑨-9\n途中で切れた文の\n".as_bytes(),
    );
    let data = folder.join("data");
    let import = ["crosswalk", "import", text(&page), "--data-dir", text(&data)];
    let json = run(import.iter().chain(&["--format", "json"])).ends(0).json();
    follows("wording-1.json", &json);
    assert_eq!(json["controls"][0]["text"], "弱点が見つかったら、リスクを分析し処置を選ぶ。");
    assert_eq!(json["unknown"][0]["no"], "⑨-9");
    for lang in ["ja", "en"] {
        let table = run(import.iter().chain(&["--lang", lang])).ends(0).stdout;
        assert!(table.contains("弱点が見つかったら") && table.contains("⑨-9"), "{table}");
    }
    let shown = run(["crosswalk", "show", "--format", "json", "--data-dir", text(&data)]).ends(0).json();
    follows("crosswalk-1.json", &shown);
    assert_eq!(shown["catalogs"][0]["controls"][0]["official"]["certainty"], "read");
    // Imported twice, it is there once; without the folder nothing of it shows.
    assert_eq!(std::fs::read_dir(data.join("catalog")).unwrap().count(), 1);
    let without = run(["crosswalk", "show", "--format", "json"]).ends(0).json();
    assert!(without["catalogs"][0]["controls"][0]["official"].is_null());
    let other = folder.write("other.txt", "これは別紙ではない。".as_bytes());
    run(["crosswalk", "import", text(&other), "--data-dir", text(&data)]).ends(3).complains(&["other.txt"]);
}
