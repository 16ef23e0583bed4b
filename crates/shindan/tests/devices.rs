//! `device` and `report devices` through the real executable, as the how-to shows them.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::path::{Path, PathBuf};

use common::{Folder, Said, follows, run, text};

const LEDGER: &str = "管理番号,種別,メーカー,型番,製造番号,バージョン,IPアドレス,サポート終了日\n\
    CT-01,医療機器,Example,Tomo 64,S-1,1.0,192.0.2.10,2030-03-31\n\
    PUMP-07,IoT機器,Example,Pump 8,S-2,8.0,192.0.2.11,2031-03-31\n";

/// A hospital with two assets, an operator and an approver.
struct Ward {
    folder: Folder,
    operator: PathBuf,
    approver: PathBuf,
}

impl Ward {
    fn new() -> Ward {
        let folder = Folder::new();
        let token = |name: &str| folder.join(&format!("{name}.token"));
        let data = folder.join("data");
        let admin = token("admin");
        let setup = ["setup", "--data-dir", text(&data), "--prefix", "MED", "--name", "管理 花子"];
        let more = ["--role", "manager", "--token-to", text(&admin)];
        run(setup.iter().chain(&more)).ends(0);
        let (operator, approver) = (token("operator"), token("approver"));
        let ward = Ward { folder, operator, approver };
        for (name, role, token) in
            [("運用 一郎", "operator", &ward.operator), ("承認 三郎", "approver", &ward.approver)]
        {
            ward.by(&admin, &["user", "add", "--name", name, "--role", role]).ends(0);
            ward.by(&admin, &["token", "issue", name, "--purpose", "test", "--token-to", text(token)])
                .ends(0);
        }
        let ledger = ward.folder.write("ledger.csv", LEDGER);
        ward.by(&admin, &["inventory", "import", text(&ledger)]).ends(0);
        ward.by(&admin, &["org", "party", "add", "--name", "中央病院", "--kind", "institution"]).ends(0);
        ward.by(&admin, &["org", "party", "add", "--name", "メーカー", "--kind", "manufacturer"]).ends(0);
        for asset in ["CT-01", "PUMP-07"] {
            let add =
                ["org", "asset", "add", "--asset", asset, "--owner", "中央病院", "--patcher", "メーカー"];
            ward.by(&admin, &add).ends(0);
            ward.operate(&["device", "new", asset]).ends(0);
        }
        ward
    }

    #[track_caller]
    fn by(&self, token: &Path, arguments: &[&str]) -> Said {
        let data = self.folder.join("data");
        let base = ["--data-dir", text(&data), "--token-file", text(token)];
        run(arguments.iter().chain(&base))
    }

    #[track_caller]
    fn operate(&self, arguments: &[&str]) -> Said {
        self.by(&self.operator, arguments)
    }

    /// Everything that the how-to does before the rule is written; `differs`: the use is another one.
    fn record(&self, differs: bool) {
        let mds = self.folder.write("mds.pdf", "MDS");
        let file = text(&mds);
        self.operate(&["device", "inform", "CT-01", "--kind", "mds", "--file", file, "--content", "c"])
            .ends(0);
        let how = if differs { "--differs" } else { "--same" };
        let used =
            ["device", "use", "CT-01", "--intended", "X線CT撮影", "--actual", "a", how, "--reason", "r"];
        self.operate(&used).ends(0);
        let analyse = ["device", "analyse", "CT-01", "--risk", "r", "--measures", "m", "--likelihood", "low"];
        let levels = ["--patient-safety", "high", "--availability", "high", "--confidentiality", "low"];
        self.operate(&[&analyse[..], &levels[..]].concat()).ends(0);
        self.operate(&["device", "updates", "CT-01", "--how", "h", "--every", "90"]).ends(0);
    }

    fn write_rule(&self) -> Said {
        let write = ["device", "rule", "write", "CT-01", "--department", "放射線科", "--provision", "p"];
        self.operate(&[&write[..], &["--format", "json"]].concat())
    }
}

fn codes(said: &Said, list: &str) -> Vec<String> {
    let answer = said.json();
    let all = answer[list].as_array().cloned().unwrap_or_default();
    all.iter().map(|reason| reason["code"].as_str().expect("a code").to_owned()).collect()
}

#[test]
fn a_rule_is_refused_with_what_is_missing_then_written_approved_and_printed() {
    let ward = Ward::new();
    let refused = ward.write_rule().ends(5);
    follows("refusal-1.json", &refused.json());
    assert_eq!(codes(&refused, "missing").len(), 4);
    ward.record(false);
    ward.write_rule().ends(0);
    ward.operate(&["device", "rule", "approve", "CT-01"]).ends(5);
    ward.by(&ward.approver, &["device", "rule", "approve", "CT-01"]).ends(0);
    let output = ward.folder.join("rule.html");
    let print = ["device", "rule", "print", "CT-01", "--output", text(&output), "--lang", "en"];
    ward.by(&ward.approver, &print).ends(0);
    let page = std::fs::read_to_string(&output).unwrap();
    assert!(
        page.contains("Operating rule for a device")
            && page.contains("放射線科")
            && page.contains("192.0.2.10")
    );
    let other = ward.operate(&["device", "rule", "print", "CT-01", "--version-number", "9"]);
    other.ends(5);
}

#[test]
fn a_difference_shows_in_alarms_and_as_a_case() {
    let ward = Ward::new();
    ward.record(true);
    let alarms = ward.operate(&["device", "alarms", "--format", "json"]).ends(0);
    let answer = alarms.json();
    follows("devices-1.json", &answer);
    assert_eq!((&answer["dossiers"], answer["devices"].as_array().unwrap().len()), (&2.into(), 2));
    assert!(answer.to_string().contains("device-use-differs"), "{answer}");
    for (lang, wanted) in [("ja", "製造業者の意図と異なる"), ("en", "otherwise than its maker intends")]
    {
        let said = ward.operate(&["device", "alarms", "--lang", lang]).ends(0);
        let flat: String = said.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        let wanted_somewhere = flat.contains(wanted) || flat.replace(' ', "").contains(wanted);
        assert!(wanted_somewhere, "{lang}: {said}");
    }
    let cases = ward.operate(&["case", "list", "--format", "json"]).ends(0).json();
    assert_eq!(cases["records"].as_array().unwrap().len(), 1, "{cases}");
}

#[test]
fn a_stopped_device_is_printed_until_somebody_looked() {
    let ward = Ward::new();
    ward.operate(&["device", "stop", "PUMP-07", "--reason", "更改", "--since", "2026-01-05"]).ends(0);
    let html = ward.folder.join("stopped.html");
    ward.operate(&["report", "devices", "--format", "html", "--output", text(&html)]).ends(0);
    let page = std::fs::read_to_string(&html).unwrap();
    assert!(page.contains("停止機器一覧") && page.contains("PUMP-07") && page.contains("2026-01-05"));
    for (form, begins) in [("pdf", &b"%PDF-1.7"[..]), ("xlsx", b"PK")] {
        let file = ward.folder.join(&format!("stopped.{form}"));
        ward.operate(&["report", "devices", "--format", form, "--output", text(&file)]).ends(0);
        assert!(std::fs::read(&file).unwrap().starts_with(begins), "{form}");
    }
    let confirm = ["device", "confirm-disconnected", "PUMP-07", "--means", "port-shut", "--how", "接続表"];
    let refused = ward.operate(&[&confirm[..], &["--format", "json"]].concat()).ends(5);
    assert_eq!(refused.json()["reason"]["code"], "device-needs-document");
    ward.operate(&["device", "dispose", "PUMP-07", "--how", "返却"]).ends(5);
    ward.by(&ward.approver, &confirm).ends(0);
    let report = ward.operate(&["report", "devices", "--format", "json"]).ends(0).json();
    follows("devices-1.json", &report);
    assert_eq!(report["devices"].as_array().unwrap().len(), 0);
    // The same key twice: done once.
    let dispose = ["device", "dispose", "PUMP-07", "--how", "返却", "--once", "k1", "--format", "json"];
    let first = ward.operate(&dispose).ends(0).json();
    assert_eq!(ward.operate(&dispose).ends(0).json()["revision"], first["revision"]);
    let verified = run(["ledger", "verify", "--states", "--data-dir", text(&ward.folder.join("data"))]);
    assert_eq!(verified.code, 0, "{verified}");
}

#[test]
fn wrong_words_and_wrong_addresses_are_said_to_be() {
    let ward = Ward::new();
    ward.operate(&["device", "change", "CT-01", "--category", "toaster", "--reason", "r"])
        .ends(2)
        .complains(&["medical-device"]);
    ward.operate(&["device", "change", "CT-01", "--support-end", "2030-03-31", "--reason", "r"]).ends(2);
    ward.operate(&["device", "use", "CT-01", "--actual", "a", "--reason", "r"]).ends(2);
    let wrong = ["device", "change", "CT-01", "--mac", "00:1b:78", "--reason", "r", "--format", "json"];
    let refused = ward.operate(&wrong).ends(5);
    assert_eq!(refused.json()["reason"]["code"], "device-network-invalid");
    ward.operate(&["device", "new", "CT-01"]).ends(5);
    ward.operate(&["device", "new", "nothing"]).ends(2);
}
