//! Kept lists through the real executable: lists are kept by comparing, `who` asks all of them, a new knowledge base moves cases by
//! itself, and the report tells what changed.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use common::{Folder, Said, follows, run, text};
use serde_json::{Value, json};

struct Office {
    folder: Folder,
}

impl Office {
    fn new() -> Office {
        let office = Office { folder: Folder::new() };
        let (data, token) = (office.folder.join("data"), office.folder.join("token"));
        let setup =
            ["setup", "--prefix", "MED", "--name", "運用 太郎", "--role", "operator", "--role", "manager"];
        let places = ["--data-dir", text(&data), "--token-to", text(&token)];
        run(setup.iter().chain(&places)).ends(0);
        office.say(&["org", "party", "add", "--name", "病院", "--kind", "institution"]).ends(0);
        for name in ["電子カルテ", "画像"] {
            let add = ["org", "system", "add", "--name", name, "--operator", "病院", "--provider", "病院"];
            office.say(&[&add[..], &["--service", "preparing"]].concat()).ends(0);
        }
        office
    }

    #[track_caller]
    fn say(&self, arguments: &[&str]) -> Said {
        let (data, token) = (self.folder.join("data"), self.folder.join("token"));
        run(arguments.iter().chain(&["--data-dir", text(&data), "--token-file", text(&token)]))
    }

    /// `who` asks for no token.
    #[track_caller]
    fn who(&self, arguments: &[&str]) -> Said {
        let data = self.folder.join("data");
        run(["who"].iter().chain(arguments).chain(&["--data-dir", text(&data)]))
    }

    /// Builds the knowledge base of advisories about these packages: id, package, known to be exploited.
    fn learn(&self, advisories: &[(&str, &str, bool)]) -> Said {
        let mut paths = Vec::new();
        let mut exploited = Vec::new();
        for (id, package, kev) in advisories {
            let advisory = json!({"id": format!("GHSA-{package}"), "aliases": [id], "modified": "2026-11-01T00:00:00Z",
                "summary": "test", "affected": [{"package": {"ecosystem": "npm", "name": package},
                    "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}]}]});
            paths.push(self.folder.write(&format!("{package}.advisory.json"), advisory.to_string()));
            if *kev {
                exploited.push(json!({"cveID": id, "vendorProject": "x", "product": package,
                    "vulnerabilityName": "x", "dateAdded": "2026-11-01", "shortDescription": "x",
                    "requiredAction": "x", "dueDate": "2026-11-20", "knownRansomwareCampaignUse": "Unknown",
                    "notes": ""}));
            }
        }
        let kev = json!({"title": "t", "catalogVersion": "2026.11.01", "count": exploited.len(),
            "dateReleased": "2026-11-01T00:00:00.0000Z", "vulnerabilities": &exploited});
        // A list without any entry is one that was cut.
        if !exploited.is_empty() {
            paths.push(self.folder.write("kev.json", kev.to_string()));
        }
        let paths: Vec<&str> = paths.iter().map(|path| text(path)).collect();
        self.say(&[&["kb", "build"], &paths[..]].concat())
    }

    fn list(&self, name: &str, package: &str) -> std::path::PathBuf {
        let list = json!({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
            "components": [{"type": "library", "name": package, "version": "1.0.0",
                "purl": format!("pkg:npm/{package}@1.0.0")}]});
        self.folder.write(name, list.to_string())
    }

    fn status(&self) -> Value {
        let answer = self.say(&["portfolio", "status", "--format", "json"]).ends(0).json();
        follows("portfolio-status-1.json", &answer);
        answer
    }
}

#[test]
fn lists_are_kept_and_cases_follow_a_new_knowledge_base() {
    let office = Office::new();
    office.who(&["CVE-2026-0001"]).ends(4);
    let built =
        office.learn(&[("CVE-2026-0001", "bed-plan", false), ("CVE-2026-0002", "viewer", false)]).ends(0);
    assert!(!built.stderr.contains("followed-"), "{}", built.stderr);
    office.who(&["CVE-2026-0001"]).ends(2);
    let (one, other) = (office.list("karte.json", "bed-plan"), office.list("image.json", "viewer"));
    office.say(&["case", "refresh", text(&one), "--system", "電子カルテ"]).ends(0);
    office.say(&["portfolio", "add", text(&other), "--system", "画像"]).ends(0);
    let status = office.status();
    assert_eq!((&status["current"], status["subjects"].as_array().unwrap().len()), (&json!(true), 2));
    let kept = office.who(&["CVE-2026-0002", "--format", "json"]).ends(0).json();
    let named = office.who(&["CVE-2026-0002", "--format", "json", text(&other)]).ends(0).json();
    assert_eq!(kept["findings"].as_array().unwrap().len(), 1, "{kept:#}");
    assert_eq!(kept["findings"][0]["vulnerability"], named["findings"][0]["vulnerability"]);

    let all = office.say(&["case", "refresh", "--all", "--format", "json"]).ends(0).json();
    follows("case-refresh-all-1.json", &all);
    for one in all["refreshed"].as_array().unwrap() {
        follows("case-refresh-1.json", one);
    }
    assert_eq!((all["refreshed"].as_array().unwrap().len(), &all["unchanged"]), (2, &json!([])));
    let built =
        office.learn(&[("CVE-2026-0001", "bed-plan", true), ("CVE-2026-0002", "viewer", false)]).ends(0);
    assert!(!built.stderr.is_empty(), "what followed is told");
    let changed = office.say(&["case", "refresh", "--changed", "--format", "json"]).ends(0).json();
    follows("case-refresh-all-1.json", &changed);
    assert_eq!(changed["changed_keys"], json!(0), "the build let the cases follow already: {changed:#}");

    let told = office.say(&["report", "changes", "--since", "2026-01-01", "--format", "json"]).ends(0).json();
    follows("changes-since-1.json", &told);
    let cases = told["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 2, "{told:#}");
    assert!(cases.iter().any(|case| case["surged"] == json!(["CVE-2026-0001"])), "{told:#}");
    assert_eq!(told["generations"].as_array().unwrap().len(), 2);
    for language in ["ja", "en"] {
        let shown =
            office.say(&["report", "changes", "--since", "2026-01-01", "--lang", language]).ends(0).stdout;
        assert!(shown.contains("CVE-2026-0001") && !shown.contains("since-"), "{shown}");
        let shown = office.say(&["portfolio", "status", "--lang", language]).ends(0).stdout;
        assert!(shown.contains("karte.json") && !shown.contains("portfolio-"), "{shown}");
        let shown = office.say(&["case", "refresh", "--changed", "--lang", language]).ends(0).stdout;
        assert!(!shown.contains("followed-"), "{shown}");
    }
    office.say(&["report", "changes", "--since", "2999-01-01"]).ends(2);
}

#[test]
fn damage_is_told_and_repaired_and_lists_are_released() {
    let office = Office::new();
    office.learn(&[("CVE-2026-0001", "bed-plan", false)]).ends(0);
    let list = office.list("karte.json", "bed-plan");
    office.say(&["portfolio", "add", text(&list), "--system", "電子カルテ"]).ends(0);
    let stored = office.folder.join("data/portfolio/standing-000001.sl");
    let good = std::fs::read(&stored).unwrap();
    std::fs::write(&stored, &good[..good.len() / 2]).unwrap();
    office.who(&["CVE-2026-0001", "--lang", "en"]).ends(4).complains(&["portfolio rebuild"]);
    office.say(&["portfolio", "status"]).ends(4);
    office.say(&["portfolio", "rebuild"]).ends(0);
    let kept = office.who(&["CVE-2026-0001", "--format", "json"]).ends(0).json();
    assert_eq!(kept["findings"].as_array().unwrap().len(), 1);
    office.say(&["portfolio", "add", "absent.json", "--system", "電子カルテ"]).ends(3);
    office.say(&["portfolio", "add", text(&list)]).ends(2);
    office.say(&["portfolio", "remove", "karte.json", "--system", "電子カルテ"]).ends(0);
    assert_eq!(office.status()["subjects"], json!([]));
    run(["ledger", "verify", "--data-dir", text(&office.folder.join("data"))]).ends(0);
}
