//! `inventory` through the real executable: preview, import, undo, what is to be settled, what models are.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::path::Path;

use common::{Folder, NOW, Said, data, follows, knowledge, run, text};
use serde_json::Value;

const LEDGER: &str = "\
医療機器管理台帳（2026年11月）,,,,,,,
No.,管理番号,機器情報,,,設置場所,保守,
,,メーカー,型番,バージョン,,業者,期限
1,ME-001,Example Medical,Monitor X1,3.1,ICU,Example Service,2027/3/31
2,ME-002,〃,Monitor X2,2.3,〃,同上,令和9年3月31日
【4階病棟】,,,,,,,
3,ME-003,Example Medical,Monitor X9,1.10,,,2025/13/45
合計,3台,,,,,,
";

/// `inventory VERB … --data-dir DIR`
#[track_caller]
fn inventory(data_dir: &Path, arguments: &[&str]) -> Said {
    let mut all = vec!["inventory"];
    all.extend(arguments);
    all.extend(["--data-dir", text(data_dir)]);
    run(all)
}

#[track_caller]
fn json(data_dir: &Path, arguments: &[&str], code: i32) -> Value {
    let mut all = arguments.to_vec();
    all.extend(["--format", "json"]);
    inventory(data_dir, &all).ends(code).json()
}

fn numbers(assets: &Value) -> Vec<&str> {
    assets["assets"].as_array().unwrap().iter().map(|asset| asset["asset_id"].as_str().unwrap()).collect()
}

#[test]
fn a_preview_tells_everything_and_changes_nothing() {
    let folder = Folder::new();
    let (dir, ledger) = (folder.join("data"), folder.write("台帳.csv", LEDGER));
    let preview = json(&dir, &["import", text(&ledger), "--preview"], 3);
    follows("inventory-import-1.json", &preview);
    assert!(preview["record"].is_null());
    assert_eq!((&preview["table"]["first_row"], &preview["table"]["last_row"]), (&2.into(), &3.into()));
    let cells = preview["cells"].as_array().unwrap();
    assert_eq!(cells.len(), 1);
    assert_eq!((&cells[0]["params"]["cell"], &cells[0]["code"]), (&"H7".into(), &"date-invalid".into()));
    assert_eq!(preview["changes"]["added"].as_array().unwrap().len(), 3);
    assert!(!dir.exists(), "a preview makes nothing");
    for (lang, words) in [
        (
            "ja",
            [
                "H7",
                "2025/13/45",
                "更新責任者が決まっていない機器 1 件",
                "登録は変わっていません",
                "合計：1 行",
            ],
        ),
        ("en", ["H7", "2025/13/45", "Who patches it: 1 devices", "the register is as it was", "Total: 1"]),
    ] {
        let table = inventory(&dir, &["import", text(&ledger), "--preview", "--lang", lang]).ends(3).stdout;
        for word in words {
            assert!(table.contains(word), "{word}: {table}");
        }
    }
}

#[test]
fn imports_are_recorded_and_taken_back() {
    let folder = Folder::new();
    let (dir, ledger) = (folder.join("data"), folder.write("台帳.csv", LEDGER));
    let first = json(&dir, &["import", text(&ledger), "--by", "山田"], 3);
    assert_eq!(first["record"], 1);
    let again = json(&dir, &["import", text(&ledger), "--by", "山田"], 3);
    assert_eq!((&again["changes"]["unchanged"], &again["follows"]), (&3.into(), &1.into()));
    // Next year's file: one device is gone, one was updated, one is new.
    let next = LEDGER
        .replace("ME-003,Example Medical,Monitor X9,1.10,,,2025/13/45", "ME-004,GE,B450,2.0,,,")
        .replace("Monitor X1,3.1", "Monitor X1,3.2");
    let next = folder.write("台帳_2027.csv", next);
    let third = json(&dir, &["import", text(&next)], 0);
    assert_eq!(third["ledger"], "台帳");
    assert_eq!(third["changes"]["missing"], serde_json::json!(["id:me-003"]));
    let changed = &third["changes"]["changed"][0];
    assert_eq!(
        changed["fields"],
        serde_json::json!([{"field": "firmware", "before": "3.1", "after": "3.2"}])
    );

    let shown = json(&dir, &["show"], 0);
    follows("inventory-1.json", &shown);
    assert_eq!(numbers(&shown), ["ME-001", "ME-002", "ME-003", "ME-004"]);
    assert_eq!(shown["assets"][2]["missing_since"], 3, "what vanishes is kept");
    inventory(&dir, &["remove", "ME-001", "--reason", "x"]).ends(2).complains(&["ME-001", "me-001"][1..]);
    inventory(&dir, &["undo", "--by", "佐藤"]).ends(0);
    let back = json(&dir, &["show"], 0);
    assert_eq!(numbers(&back), ["ME-001", "ME-002", "ME-003"]);
    assert_eq!(back["assets"][0]["firmware"], "3.1");

    let imports = json(&dir, &["imports"], 0);
    follows("inventory-imports-1.json", &imports);
    let undone: Vec<&Value> =
        imports["imports"].as_array().unwrap().iter().map(|i| &i["undone_by"]).collect();
    assert_eq!(undone, [&Value::Null, &Value::Null, &4.into()]);
    assert_eq!(imports["imports"][0]["by"], "山田");
    // Undo of undo is to import again; then the device that is gone can be taken off.
    json(&dir, &["import", text(&next)], 0);
    inventory(&dir, &["remove", "ME-003", "--reason", "廃棄"]).ends(0);
    assert_eq!(numbers(&json(&dir, &["show"], 0)), ["ME-001", "ME-002", "ME-004"]);
    for lang in ["ja", "en"] {
        assert!(inventory(&dir, &["imports", "--lang", lang]).ends(0).stdout.contains("台帳_2027.csv"));
        assert!(inventory(&dir, &["show", "--lang", lang]).ends(0).stdout.contains("ME-004"));
    }
}

#[test]
fn undo_without_an_import_and_strict_imports_change_nothing() {
    let folder = Folder::new();
    let (dir, ledger) = (folder.join("data"), folder.write("台帳.csv", LEDGER));
    inventory(&dir, &["undo"]).ends(2);
    assert!(!dir.exists());
    let refused = json(&dir, &["import", text(&ledger), "--strict"], 3);
    assert!(refused["record"].is_null());
    assert_eq!(json(&dir, &["imports"], 0)["imports"], serde_json::json!([]));
    inventory(&dir, &["import", text(&folder.write("x.csv", "a,b\n1,2\n"))]).ends(3);
    inventory(&dir, &["import", text(&ledger), "--sheet", "x"]).ends(3);
    inventory(&dir, &["import", text(&folder.join("absent.xlsx"))]).ends(3).complains(&["absent.xlsx"]);
}

#[test]
fn what_is_to_be_settled_is_listed_and_can_be_filled_in_as_csv() {
    let folder = Folder::new();
    let (dir, ledger) = (folder.join("data"), folder.write("台帳.csv", LEDGER));
    json(&dir, &["import", text(&ledger)], 3);
    let mapping = folder.write(
        "m.toml",
        "schema = \"shindan.ledger-mapping/1\"\n[defaults]\nkind = \"medical-device\"\nexposure = \"small\"\n",
    );
    json(&dir, &["import", text(&ledger), "--mapping", text(&mapping)], 3);
    let unsettled = json(&dir, &["show", "--unsettled"], 0);
    assert_eq!(numbers(&unsettled), ["ME-003"]);
    assert_eq!(unsettled["assets"][0]["unsettled"], serde_json::json!(["patched-by"]));
    // The mapping is remembered for the same headings.
    let again = json(&dir, &["import", text(&ledger), "--preview"], 3);
    assert_eq!(again["columns"][1]["by"], "remembered");
    assert_eq!(again["changes"]["unchanged"], 3);
    // Exported, filled in, imported again under the same name.
    for lang in ["ja", "en"] {
        let csv = inventory(&dir, &["show", "--format", "csv", "--lang", lang]).ends(0).stdout;
        let filled =
            csv.replace("Monitor X9,,1.10,,,,4階病棟,,small,,", "Monitor X9,,1.10,,,,4階病棟,,small,情報課,");
        assert_ne!(csv, filled);
        let filled = folder.write(&format!("{lang}.csv"), filled);
        let changes = json(&dir, &["import", text(&filled), "--ledger", "台帳", "--preview"], 3);
        assert_eq!(changes["changes"]["unchanged"], 2, "{lang}: {changes:#}");
        let fields = &changes["changes"]["changed"][0]["fields"];
        assert_eq!(
            fields,
            &serde_json::json!([{"field": "patched_by", "before": null, "after": "情報課"}]),
            "{lang}"
        );
    }
}

#[test]
fn errors_in_a_mapping_name_line_and_field() {
    let folder = Folder::new();
    let ledger = folder.write("台帳.csv", LEDGER);
    let mapping =
        folder.write("m.toml", "schema = \"shindan.ledger-mapping/1\"\n[columns]\nmakers = \"メーカー\"\n");
    let said =
        inventory(&folder.join("data"), &["import", text(&ledger), "--mapping", text(&mapping)]).ends(3);
    said.complains(&["m.toml:3", "columns.makers"]);
    let saved = folder.join("saved.toml");
    inventory(&folder.join("data"), &["import", text(&ledger), "--preview", "--save-mapping", text(&saved)])
        .ends(3);
    let written = std::fs::read_to_string(&saved).unwrap();
    assert!(written.contains("maker = \"機器情報 / メーカー\""), "{written}");
}

#[test]
fn the_register_is_checked_where_nothing_is_named() {
    let folder = Folder::new();
    let dir = knowledge(&folder);
    let nothing = run(["check", "--data-dir", text(&dir)]).ends(2);
    nothing.complains(&["inventory import"]);
    json(&dir, &["import", text(&folder.write("台帳.csv", LEDGER))], 3);
    let check = |more: &[&str]| {
        let base = ["check", "--data-dir", text(&dir), "--format", "json", "--now", NOW];
        run(base.iter().chain(more)).ends(0).json()
    };
    let answer = check(&[]);
    follows("check-1.json", &answer);
    assert_eq!(answer["inputs"][0]["kind"], "register");
    let hit: Vec<&Value> = answer["findings"].as_array().unwrap().iter().map(|f| &f["asset"]).collect();
    assert_eq!(hit, ["ME-001", "ME-002"]);
    let both = check(&[text(&data("inventories")), "--register"]);
    let kinds: Vec<&str> =
        both["inputs"].as_array().unwrap().iter().filter_map(|i| i["kind"].as_str()).collect();
    assert!(kinds.contains(&"register") && kinds.contains(&"device-list"), "{kinds:?}");
    let alone = check(&[text(&data("inventories"))]);
    assert!(!alone["inputs"].as_array().unwrap().iter().any(|i| i["kind"] == "register"));
    let who = run(["who", "CVE-2024-33333", "--data-dir", text(&dir), "--format", "json", "--now", NOW]);
    assert_eq!(who.ends(0).json()["findings"][0]["asset"], "ME-001");
}

#[test]
fn what_models_are_is_recorded() {
    let folder = Folder::new();
    let dir = knowledge(&folder);
    json(&dir, &["import", text(&folder.write("台帳.csv", LEDGER))], 3);
    let list = json(&dir, &["map", "list"], 0);
    follows("inventory-map-1.json", &list);
    let model = &list["unresolved"][0];
    assert_eq!((&model["model"], &model["assets"]), (&"Monitor X9".into(), &1.into()));
    let suggested: Vec<&str> =
        model["suggestions"].as_array().unwrap().iter().map(|s| s["product"].as_str().unwrap()).collect();
    assert!(suggested.contains(&"Monitor X1"), "{model:#}");
    let of_third = || {
        let base = ["check", "--data-dir", text(&dir), "--format", "json", "--now", NOW];
        let answer = run(base).ends(0).json();
        let about = |list: &str, field: &str| {
            let entries = answer[list].as_array().unwrap().iter().filter(|e| e["asset"] == "ME-003");
            // Its end of support, which nobody can read, is another matter.
            let asked = entries.filter(|e| e["code"] != "support-end-unreadable");
            asked.map(|e| e[field].clone()).collect::<Vec<Value>>()
        };
        (about("findings", "vulnerability"), about("undetermined", "code"))
    };
    assert_eq!(of_third(), (vec![], vec![Value::from("model-unknown")]));
    let named = ["--maker", "Example Medical", "--model", "Monitor X9"];
    let map = |verb: &str, more: &[&str]| inventory(&dir, &[&["map", verb], &named[..], more].concat());
    map("set", &[]).ends(2);
    map("set", &["--product", "nonsense"]).ends(2);
    map("set", &["--none"]).ends(2);
    map("set", &["--product", "a/b", "--none", "--reason", "x"]).ends(2);
    map("remove", &[]).ends(2);
    map("set", &["--product", "Example Medical/Monitor X1", "--by", "山田"]).ends(0);
    let list = json(&dir, &["map", "list"], 0);
    follows("inventory-map-1.json", &list);
    assert_eq!(list["confirmed"][0]["products"], serde_json::json!(["Example Medical / Monitor X1"]));
    assert_eq!(list["confirmed"][0]["by"], "山田");
    assert_eq!(list["unresolved"], serde_json::json!([]));
    let (found, open) = of_third();
    assert_eq!((found.len(), open), (1, vec![]), "what was said once is used: {found:?}");
    map("set", &["--none", "--reason", "院内で作ったもの"]).ends(0);
    let list = json(&dir, &["map", "list"], 0);
    assert_eq!(list["confirmed"].as_array().unwrap().len(), 1, "the later one counts");
    assert_eq!(list["confirmed"][0]["reason"], "院内で作ったもの");
    assert_eq!(of_third(), (vec![], vec![Value::from("identity-judged-by-hand")]));
    // A new knowledge base changes nothing about it.
    let again = knowledge(&folder);
    assert_eq!((again == dir, of_third().1), (true, vec![Value::from("identity-judged-by-hand")]));
    // It survives imports and their undoing.
    inventory(&dir, &["undo"]).ends(0);
    map("remove", &[]).ends(0);
    assert_eq!(json(&dir, &["map", "list"], 0)["confirmed"], serde_json::json!([]));
}

/// What a killed process leaves behind counts for nothing; what was changed afterwards is told.
#[test]
fn records_are_whole_or_not_there() {
    let folder = Folder::new();
    let (dir, ledger) = (folder.join("data"), folder.write("台帳.csv", LEDGER));
    json(&dir, &["import", text(&ledger)], 3);
    let record = |number: u32| dir.join(format!("register/record-{number:06}.json"));
    // Killed between the record and the pointer, and while writing.
    std::fs::write(record(2), "{\"number\":2,\"type\":\"inventory.imp").unwrap();
    std::fs::write(dir.join("register/CURRENT.tmp-1"), "record 2").unwrap();
    assert_eq!(json(&dir, &["imports"], 0)["imports"].as_array().unwrap().len(), 1);
    assert_eq!(json(&dir, &["import", text(&ledger)], 3)["record"], 2);
    assert_eq!(json(&dir, &["imports"], 0)["imports"].as_array().unwrap().len(), 2);
    let first = std::fs::read_to_string(record(1)).unwrap();
    std::fs::write(record(1), first.replace("Monitor X1", "Monitor X7")).unwrap();
    inventory(&dir, &["show"]).ends(3).complains(&["record-00000"]);
    std::fs::remove_file(record(1)).unwrap();
    inventory(&dir, &["import", text(&ledger)]).ends(3).complains(&["record-000001"]);
}
