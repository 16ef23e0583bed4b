//! `device sightings` through the real executable.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::path::PathBuf;

use common::{Folder, Said, run, text};
use serde_json::Value;

const LEDGER: &str = "管理番号,種別,メーカー,型番,ネットワーク,IPアドレス,MACアドレス,状態\n\
    CT-01,医療機器,Example,Tomo 64,ward,192.168.10.1,00:1b:17:00:01:10,使用中\n\
    PC-09,端末,Example,Desk 3,ward,192.168.10.35,00:0c:29:5e:10:35,廃棄\n";

/// `arp -a` of a Japanese Windows, in CP932.
const ARP: &[u8] = include_bytes!("../../shindan-formats/src/sighting/samples/arp-windows-cp932.txt");

/// An unknown device, and a line that is damaged.
const NEIGH: &str = "192.168.10.70 dev eth0 lladdr 00:0c:29:11:50:70 STALE\n\
    192.168.10.71 dev eth0 lladdr 00:0c:29 REACHABLE\n";

struct Ward {
    folder: Folder,
}

impl Ward {
    fn new() -> Ward {
        let ward = Ward { folder: Folder::new() };
        let (data, token) = (ward.folder.join("data"), ward.folder.join("token"));
        let name = [
            "setup",
            "--data-dir",
            text(&data),
            "--prefix",
            "MED",
            "--name",
            "管理 花子",
            "--role",
            "operator",
        ];
        run(name.into_iter().chain(["--token-to", text(&token)])).ends(0);
        let ledger = ward.write("ledger.csv", LEDGER.as_bytes());
        run(["inventory", "import", text(&ledger), "--data-dir", text(&data)]);
        ward
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        self.folder.write(name, bytes)
    }

    #[track_caller]
    fn sightings(&self, arguments: &[&str]) -> Said {
        let (data, token) = (self.folder.join("data"), self.folder.join("token"));
        let base = ["--data-dir", text(&data), "--token-file", text(&token)];
        run(["device", "sightings"].iter().chain(arguments).chain(&base))
    }
}

#[test]
fn a_table_in_japanese_is_read_and_what_was_lost_is_told() {
    let ward = Ward::new();
    let (file, other) = (ward.write("arp.txt", ARP), ward.write("neigh.txt", NEIGH.as_bytes()));
    ward.sightings(&["import", text(&file), "--network", "ward"]).ends(5);
    ward.sightings(&["import", text(&file), "--taken", "2026-13-01"]).ends(2);
    let import =
        ["import", text(&file), text(&other), "--network", "ward", "--taken", "2026-11-01", "--lang", "en"];
    let said = ward.sightings(&import).ends(3);
    assert!(said.stdout.contains("MED-2026-0001"), "{}", said.stdout);
    assert!(said.stderr.contains("192.168.10.71"), "{}", said.stderr);
    let again = ward.sightings(&import).ends(3);
    assert!(again.stderr.contains("Nothing had to be changed"), "{}", again.stderr);

    let list: Value = ward.sightings(&["list", "--format", "json"]).ends(0).json();
    let states: Vec<&str> =
        list["records"].as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["retired-seen", "unknown-device"]);
    ward.sightings(&["explain", "MED-2026-0002", "--reason", "spare", "--until", "2099-01-01"]).ends(5);
    ward.sightings(&["close", "MED-2026-0002"]).ends(5);
    ward.sightings(&["register", "MED-2026-0003", "--asset", "CT-01"]).ends(0);
    let list = ward.sightings(&["list", "--lang", "en"]).ends(0);
    assert!(
        list.stdout.contains("retired, but seen") && !list.stdout.contains("unknown device"),
        "{}",
        list.stdout
    );
    assert!(ward.sightings(&["imports"]).ends(0).stdout.contains("MED-2026-0001"));
}

#[test]
fn a_file_of_nothing_is_an_error() {
    let ward = Ward::new();
    for (name, content) in [("empty.txt", ""), ("other.txt", "hello\n"), ("none.csv", "MAC,IP\n")] {
        let file = ward.write(name, content.as_bytes());
        let said = ward.sightings(&["import", text(&file), "--taken", "2026-11-01"]).ends(3);
        assert!(said.stderr.contains(name), "{}", said.stderr);
    }
    assert!(!ward.sightings(&["imports"]).ends(0).stdout.contains("MED-"));
}
