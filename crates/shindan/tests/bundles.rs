//! Two installations, one of them without a network: what the first collected crosses in a file, through the real executable.
//!
//! The importing side runs in a network of its own that holds nothing (`unshare -n`) where the system permits that; in any case its
//! environment names a proxy that leads nowhere.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::{Folder, Said, data, follows, run, said, text, zip};
use serde_json::Value;
use shindan_mirror::{Fault, Mirror, Page};

fn feed(numbers: &[u32]) -> String {
    let item = |number: &u32| {
        let link = format!("https://www.example.jp/at/2026/at{number}.html");
        format!(
            "<item rdf:about=\"{link}\"><title>注意喚起 {number}</title><link>{link}</link>\
             <dc:date>2026-11-25T10:00:00+09:00</dc:date></item>"
        )
    };
    let items: String = numbers.iter().map(item).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF xmlns=\"http://purl.org/rss/1.0/\" \
         xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <channel rdf:about=\"https://www.example.jp/\"><title>例</title></channel>{items}</rdf:RDF>"
    )
}

/// Whether a command can be run in a network that holds nothing.
fn can_be_cut_off() -> bool {
    let tried = Command::new("unshare").args(["-rn", "true"]).stderr(Stdio::null()).status();
    tried.is_ok_and(|ended| ended.success())
}

struct Side {
    folder: Folder,
    cut_off: bool,
}

impl Side {
    fn new(prefix: &str, cut_off: bool) -> Side {
        let side = Side { folder: Folder::new(), cut_off };
        let token = side.token("admin");
        let places = side.data();
        let setup = ["setup", "--prefix", prefix, "--name", "管理 花子", "--data-dir", text(&places)];
        run(setup.iter().chain(&["--token-to", text(&token)])).ends(0);
        for (name, role) in [("運用 太郎", "operator"), ("企画 次郎", "manager"), ("承認 三郎", "approver")]
        {
            side.by("admin", &["user", "add", "--name", name, "--role", role]).ends(0);
            let token = side.token(role);
            side.by("admin", &["token", "issue", name, "--purpose", "test", "--token-to", text(&token)])
                .ends(0);
        }
        side
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn token(&self, role: &str) -> PathBuf {
        self.folder.join(&format!("{role}.token"))
    }

    #[track_caller]
    fn by(&self, role: &str, arguments: &[&str]) -> Said {
        let (data, token) = (self.data(), self.token(role));
        let places = ["--data-dir", text(&data), "--token-file", text(&token)];
        self.run(arguments.iter().chain(&places).copied().collect())
    }

    #[track_caller]
    fn run(&self, arguments: Vec<&str>) -> Said {
        let mut command = match self.cut_off && can_be_cut_off() {
            true => {
                let mut command = Command::new("unshare");
                command.args(["-rn", env!("CARGO_BIN_EXE_shindan")]);
                command
            }
            false => Command::new(env!("CARGO_BIN_EXE_shindan")),
        };
        command.args(arguments).stdin(Stdio::null());
        for name in ["SHINDAN_LANG", "SHINDAN_DATA_DIR", "SHINDAN_TOKEN", "SHINDAN_TOKEN_FILE", "COLUMNS"] {
            command.env_remove(name);
        }
        if self.cut_off {
            for name in ["SHINDAN_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"] {
                command.env(name, "http://127.0.0.1:9");
            }
        }
        said(command.output().expect("runs"))
    }

    #[track_caller]
    fn json(&self, role: &str, code: i32, arguments: &[&str]) -> Value {
        self.by(role, &[arguments, &["--format", "json"]].concat()).ends(code).json()
    }

    #[track_caller]
    fn refused(&self, role: &str, arguments: &[&str]) -> String {
        self.json(role, 5, arguments)["reason"]["code"].as_str().expect("a code").to_owned()
    }

    /// The state of today and the number of new items, by the title of the source.
    fn today(&self) -> Vec<(String, String, u64)> {
        let answer = self.json("operator", 0, &["sources", "calendar"]);
        let sources = answer["sources"].as_array().unwrap().iter();
        let day = |source: &Value| {
            let days = source["days"].as_array().unwrap().iter();
            let mut done = days.filter(|day| !day["checks"].as_array().unwrap().is_empty());
            let last = done.next_back().unwrap_or(&Value::Null).clone();
            let state = last["state"].as_str().unwrap_or("none").to_owned();
            (source["title"].as_str().unwrap().to_owned(), state, last["new_items"].as_u64().unwrap_or(0))
        };
        sources.map(day).collect()
    }

    fn is_whole(&self) {
        run(["ledger", "verify", "--states", "--data-dir", text(&self.data())]).ends(0);
    }

    #[track_caller]
    fn export(&self, to: &Path, more: &[&str]) -> Value {
        let made = self.json("operator", 0, &[&["bundle", "export", "-o", text(to)], more].concat());
        follows("bundle-1.json", &made);
        made
    }

    #[track_caller]
    fn import(&self, file: &Path, code: i32) -> Value {
        let taken = self.json("operator", code, &["bundle", "import", text(file)]);
        follows("bundle-import-1.json", &taken);
        taken
    }
}

/// A connected office with two sources, a closed ward, and the stick between them.
struct World {
    mirror: Mirror,
    office: Side,
    ward: Side,
    usb: Folder,
}

impl World {
    fn new() -> World {
        let osv = zip(&[("GHSA-2222-3333-4444.json", &std::fs::read(data("advisories/ghsa.json")).unwrap())]);
        let mirror = Mirror::start(vec![
            Page::new("/alerts.rdf", feed(&[1, 2])).content_type("application/rdf+xml"),
            Page::new("/osv/all.zip", osv).content_type("application/zip"),
        ]);
        let world = World {
            mirror: mirror.unwrap(),
            office: Side::new("OFF", false),
            ward: Side::new("WRD", true),
            usb: Folder::new(),
        };
        for (name, kind, path) in [("jpcert", "jpcert-rss", "/alerts.rdf"), ("osv", "osv", "/osv")] {
            let address = world.mirror.url(path);
            let add = ["sources", "add", "--name", name, "--title", name, "--kind", kind, "--interval", "24"];
            world.office.by("operator", &[&add[..], &["--address", &address]].concat()).ends(0);
        }
        world.office.by("operator", &["sync", "--all"]).ends(0);
        world
    }

    /// The ward takes the card of the office in.
    fn get_acquainted(&self) -> String {
        let card = self.usb.join("office.card");
        let shown =
            self.office.json("manager", 0, &["exchange", "card", "-o", text(&card), "--name", "情報部"]);
        let ward = &self.ward;
        ward.by("manager", &["org", "party", "add", "--name", "情報部", "--kind", "provider"]).ends(0);
        let add = ["exchange", "partner", "add", text(&card), "--party", "情報部"];
        let partner = ward.json("operator", 0, &add)["number"].as_str().unwrap().to_owned();
        let digits = shown["read_aloud"].as_str().unwrap();
        let confirm = ["exchange", "partner", "confirm", &partner, "--by", "voice", "--fingerprint", digits];
        ward.by("manager", &confirm).ends(0);
        partner
    }

    fn file(&self, number: u32) -> PathBuf {
        self.usb.join(&format!("{number}.shindan-bundle"))
    }

    /// The source tells this now, and the office looks.
    fn news(&self, numbers: &[u32]) {
        self.mirror.put(Page::new("/alerts.rdf", feed(numbers)).content_type("application/rdf+xml"));
        self.office.by("operator", &["sync", "jpcert"]).ends(0);
    }
}

fn outcome(taken: &Value, name: &str) -> Value {
    let sources = taken["sources"].as_array().unwrap();
    let found = sources.iter().find(|source| source["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {taken:#}"))["outcome"].clone()
}

#[test]
fn what_the_office_collected_is_known_in_the_ward_without_a_network() {
    let world = World::new();
    let (office, ward) = (&world.office, &world.ward);
    let first = world.file(1);
    let made = office.export(&first, &[]);
    assert_eq!((&made["sequence"], &made["since"], &made["files"]), (&1.into(), &Value::Null, &2.into()));
    office.by("operator", &["bundle", "export", "-o", text(&first)]).ends(2);

    // Nobody knows whose it is.
    assert_eq!(ward.refused("operator", &["bundle", "import", text(&first)]), "sealed-unknown-key");
    let partner = world.get_acquainted();
    let looked = ward.json("operator", 0, &["bundle", "verify", text(&first)]);
    follows("bundle-1.json", &looked);
    assert_eq!(looked["verdict"]["answer"], "accepted");
    let shown = ward.by("operator", &["bundle", "show", text(&first), "--lang", "en"]).ends(0).stdout;
    assert!(shown.contains("jpcert") && shown.contains("recent"), "{shown}");
    assert!(ward.today().is_empty(), "nothing was taken in");

    let taken = ward.import(&first, 0);
    assert_eq!(taken["added"], serde_json::json!(["jpcert", "osv"]));
    assert_eq!(taken["knowledge_rebuilt"], true);
    assert_eq!(outcome(&taken, "jpcert"), serde_json::json!({"result": "new-items", "count": 2}));
    let done = |title: &str, count| (title.to_owned(), "done-new".to_owned(), count);
    assert_eq!(ward.today(), [done("jpcert", 2), done("osv", 1)]);
    let notices = ward.json("operator", 0, &["notice", "list"]);
    assert_eq!(notices["records"].as_array().unwrap().len(), 2);
    let bom = data("inventories/bom.json");
    let found = ward.run(vec![
        "check",
        text(&bom),
        "--data-dir",
        text(&ward.data()),
        "--format",
        "json",
        "--now",
        common::NOW,
    ]);
    assert!(found.stdout.contains("CVE-2024-11111"), "{found}");
    let status = ward.json("operator", 0, &["sources", "status"]);
    follows("source-status-1.json", &status);
    let of_office = office.json("operator", 0, &["sources", "status"]);
    assert_eq!(status["sources"][0]["last_good"], of_office["sources"][0]["last_good"], "as of then");

    // The same again, and one that was changed.
    assert_eq!(ward.refused("operator", &["bundle", "import", text(&first)]), "bundle-replay");
    let second = world.file(2);
    world.news(&[1, 2, 3]);
    let made = office.export(&second, &["--since", "1"]);
    assert_eq!((&made["since"], &made["files"], &made["unchanged"]), (&1.into(), &1.into(), &1.into()));
    let bytes = std::fs::read(&second).unwrap();
    for place in [3, 9, 40, bytes.len() / 2, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        let file = world.usb.write("changed.shindan-bundle", &changed);
        ward.by("operator", &["bundle", "import", text(&file)]).ends(5);
        ward.by("operator", &["bundle", "verify", text(&file)]).ends(5);
    }
    let half = world.usb.write("half.shindan-bundle", &bytes[..bytes.len() / 2]);
    assert_eq!(ward.refused("operator", &["bundle", "import", text(&half)]), "sealed-truncated");

    // The third builds upon the second, which is not there yet.
    let third = world.file(3);
    world.news(&[1, 2, 3, 4]);
    office.export(&third, &["--since", "2"]);
    assert_eq!(ward.refused("operator", &["bundle", "import", text(&third)]), "bundle-gap");
    let taken = ward.import(&second, 0);
    assert_eq!(outcome(&taken, "jpcert"), serde_json::json!({"result": "new-items", "count": 1}));
    assert_eq!(outcome(&taken, "osv"), serde_json::json!({"result": "nothing-new"}));
    assert_eq!(taken["knowledge_rebuilt"], false);
    ward.import(&third, 0);
    assert_eq!(ward.refused("operator", &["bundle", "import", text(&second)]), "bundle-replay");

    let record = ward.json("operator", 0, &["exchange", "show", &partner]);
    assert_eq!(record["lists"]["bundles-taken"].as_array().unwrap().len(), 3, "{record:#}");
    assert!(!record["lists"]["bundles-refused"].as_array().unwrap().is_empty(), "{record:#}");
    office.is_whole();
    ward.is_whole();
    if !can_be_cut_off() {
        eprintln!("unshare -n is not permitted here: only the environment cut the ward off");
    }
}

#[test]
fn what_failed_or_is_left_out_at_the_senders_is_no_check_here() {
    let world = World::new();
    let (office, ward) = (&world.office, &world.ward);
    world.get_acquainted();
    let first = world.file(1);
    office.export(&first, &[]);
    ward.import(&first, 0);

    // It failed there, and something came before it failed.
    world.news(&[1, 2, 3]);
    world.mirror.always("/alerts.rdf", Fault::Status(500));
    office.by("operator", &["sync", "jpcert"]).ends(3);
    let second = world.file(2);
    office.export(&second, &[]);
    let taken = ward.import(&second, 3);
    let of = outcome(&taken, "jpcert");
    assert_eq!((&of["result"], &of["failure"]), (&"failed".into(), &"status".into()));
    assert_eq!(outcome(&taken, "osv"), serde_json::json!({"result": "nothing-new"}));
    let notices = ward.json("operator", 0, &["notice", "list"]);
    assert_eq!(notices["records"].as_array().unwrap().len(), 3, "what came is known all the same");
    ward.by("operator", &["sources", "status", "--fail-on", "failed"]).ends(1);

    // Only what is noted as unclear can be left out, and then it is named.
    let third = world.file(3);
    let leave_out = ["--leave-out", "osv"];
    let export = [&["bundle", "export", "-o", text(&third)], &leave_out[..]].concat();
    assert_eq!(office.refused("operator", &export), "bundle-cannot-leave-out");
    let change = ["sources", "change", "osv", "--may-leave-out", "true", "--reason", "利用条件が不明"];
    office.by("operator", &change).ends(0);
    let made = office.export(&third, &leave_out);
    assert_eq!(made["sources"][1]["left_out"], true);
    let taken = ward.import(&third, 3);
    assert_eq!(outcome(&taken, "osv")["failure"], "not-in-bundle");

    // What the ward alone knows is not looked at by anybody.
    let address = "https://www.example.jp/other.rdf";
    let add = ["sources", "add", "--name", "other", "--title", "other", "--kind", "feed", "--interval", "24"];
    ward.by("operator", &[&add[..], &["--address", address]].concat()).ends(0);
    let fourth = world.file(4);
    office.export(&fourth, &[]);
    let taken = ward.import(&fourth, 3);
    assert_eq!(outcome(&taken, "other")["failure"], "not-in-bundle");
    assert_eq!(outcome(&taken, "osv"), serde_json::json!({"result": "nothing-new"}));
    assert_eq!(
        office.refused("operator", &["bundle", "export", "-o", "x", "--since", "9"]),
        "bundle-since-unknown"
    );

    // An office without sources has nothing to carry; nobody without the role takes a bundle in.
    assert_eq!(
        Side::new("NEW", false).refused("operator", &["bundle", "export", "-o", "x"]),
        "bundle-without-sources"
    );
    ward.by("approver", &["bundle", "import", text(&fourth)]).ends(5);
    office.is_whole();
    ward.is_whole();
}
