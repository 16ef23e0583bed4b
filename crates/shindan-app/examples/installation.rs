//! An installation of the size of a large group of hospitals, for the load test of the pages: `installation FOLDER TESTDATA CASES`.
//! For the benchmarks (`xtask web-load`). The inputs are generated and the same everywhere, but for the genuine knowledge beside them.
//!
//! Ten systems of lists with 1,000 components each; every tenth component is hit by ten vulnerabilities, and each such component is a
//! case: 100,000 cases are 1,000,000 findings and 1,000,000 components. One vulnerability hits every list. A register of 10,000 devices.
//! The first person is `load`, and may do everything that one person may.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "an example prints and reads the clock")]

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::json;
use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::knowledge::{self, BuildOptions};
use shindan_app::portfolio;
use shindan_app::progress::Silent;
use shindan_app::records::accounts::SecretText;
use shindan_app::records::kept::keep;
use shindan_app::records::people::TokenWanted;
use shindan_app::records::refresh::{RefreshOrder, refresh};
use shindan_app::records::{Call, Entered, Records, RecordsError, setup};
use shindan_app::register::{self, ImportOptions};
use shindan_domain::case::Subject;
use shindan_domain::comparison::KeptPart;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{MasterData, ServiceState, System};
use shindan_domain::people::{Action, Role, Scope};
use shindan_domain::record_id::{PartyId, SystemId};

type Failure = Box<dyn Error>;

/// The name and the password of the person who looks at it; there is nothing to protect.
const PERSON: &str = "load";
const PASSWORD: &str = "nothing to protect here";

const SYSTEMS: usize = 10;
/// Components of a list.
const LIST: usize = 1_000;
/// Of a list, so many are hit; the last one besides, by the vulnerability that hits every list.
const HIT: usize = 100;
/// Vulnerabilities of a component.
const EACH: usize = 10;
/// Components that have their vulnerabilities in common.
const BLOCK: usize = 200;
const DEVICES: usize = 10_000;
/// What components are called; people search for words of one and two characters, too.
const NAMES: [&str; 5] = ["viewer", "電子カルテ連携", "openssl", "画像配信", "log-router"];

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: installation FOLDER TESTDATA CASES";
    let (Some(folder), Some(genuine), Some(cases)) = (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err(usage.into());
    };
    let (root, genuine, cases) = (PathBuf::from(folder), PathBuf::from(genuine), cases.parse::<usize>()?);
    let lists = cases.div_ceil(HIT).next_multiple_of(SYSTEMS);
    if root.exists() {
        std::fs::remove_dir_all(&root)?;
    }
    std::fs::create_dir_all(root.join("advisories"))?;
    std::fs::create_dir_all(root.join("lists"))?;
    let began = Instant::now();
    let mut records = set_up(&root)?;
    let (records, who) = (&mut records.0, &records.1);
    advisories(&root, lists * HIT)?;
    learn(&root, &genuine, records, who)?;
    println!("knowledge after {:.0} s", began.elapsed().as_secs_f64());
    register(&root, records, who)?;
    for number in 0..SYSTEMS {
        let system = system(records, who, &format!("第{}病院 電子カルテシステム", number + 1))?;
        let paths = (number * lists / SYSTEMS..(number + 1) * lists / SYSTEMS)
            .map(|list| written(&root, list))
            .collect::<Result<Vec<_>, Failure>>()?;
        let subject = Subject::System(system);
        let order = RefreshOrder { subject, paths, register: false, complete: false, as_of: None };
        let (_, report) = refresh(records, who, &Call::at(clock::now()), &order, &Silent)?;
        let report = report.ok_or("no report")?;
        println!(
            "system {} after {:.0} s: {} findings, {} cases",
            number + 1,
            began.elapsed().as_secs_f64(),
            report.findings,
            report.opened()
        );
    }
    portfolio::renew(&DataFolder::new(root.join("data")), false, &Silent)?;
    println!("all lists stored after {:.0} s", began.elapsed().as_secs_f64());
    Ok(())
}

fn set_up(root: &Path) -> Result<(Records, Entered), Failure> {
    let now = clock::now();
    let first = setup::First {
        prefix: "LOAD".to_owned(),
        name: PERSON.to_owned(),
        roles: BTreeSet::from([Role::Manager, Role::Operator, Role::Approver]),
        token: TokenWanted { purpose: "benchmark".to_owned(), scope: Scope::Write, days: 1 },
        password: Some(SecretText::new(PASSWORD)),
    };
    let set_up = setup::set_up(&DataFolder::new(root.join("data")), &Call::at(now), first)?;
    let who = set_up.records.enter(&set_up.token, now)?;
    Ok((set_up.records, who))
}

/// The name of a component that is hit.
fn name(number: usize) -> String {
    format!("{}-{number}", NAMES.get(number % NAMES.len()).unwrap_or(&"part"))
}

fn advisory(root: &Path, id: &str, names: impl Iterator<Item = String>) -> Result<(), Failure> {
    let affected: Vec<_> = names
        .map(|name| {
            json!({"package": {"ecosystem": "npm", "name": name},
                "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}]})
        })
        .collect();
    let text = json!({"id": format!("GHSA-{}", id.to_ascii_lowercase()), "aliases": [id],
        "modified": "2026-11-01T00:00:00Z", "published": "2026-10-31T00:00:00Z", "summary": "can be taken over",
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
        "affected": affected});
    std::fs::write(root.join(format!("advisories/{id}.json")), text.to_string())?;
    Ok(())
}

/// The generated advisories, all of which are exploited, so that nothing can wait.
fn advisories(root: &Path, hit: usize) -> Result<(), Failure> {
    let everywhere = "CVE-2026-900000".to_owned();
    advisory(root, &everywhere, std::iter::once("everywhere".to_owned()))?;
    let mut ids = vec![everywhere];
    for block in 0..hit.div_ceil(BLOCK) {
        for number in 0..EACH {
            let id = format!("CVE-2026-{}", 100_000 + block * EACH + number);
            advisory(root, &id, (0..BLOCK).map(|one| name(block * BLOCK + one)))?;
            ids.push(id);
        }
    }
    let rows: Vec<_> = ids
        .iter()
        .map(|id| {
            json!({"cveID": id, "vendorProject": "x", "product": "x", "vulnerabilityName": "x",
                "dateAdded": "2026-11-01", "shortDescription": "x", "requiredAction": "x", "dueDate": "2026-11-20",
                "knownRansomwareCampaignUse": "Unknown", "notes": ""})
        })
        .collect();
    let kev = json!({"title": "t", "catalogVersion": "2026.11.01", "count": rows.len(),
        "dateReleased": "2026-11-01T00:00:00.0000Z", "vulnerabilities": rows});
    std::fs::write(root.join("advisories/kev.json"), kev.to_string())?;
    Ok(())
}

/// Everything that there is of genuine knowledge, and the generated advisories.
fn learn(root: &Path, genuine: &Path, records: &mut Records, who: &Entered) -> Result<(), Failure> {
    let mut inputs = vec![root.join("advisories")];
    inputs.extend(["osv", "cve5", "csaf", "kev", "epss", "jvn"].map(|name| genuine.join(name)));
    inputs.retain(|input| input.exists());
    let data = DataFolder::new(root.join("data"));
    let (call, options) = (Call::at(clock::now()), BuildOptions { add: false, devices: None });
    keep(records, who, &call, KeptPart::Knowledge, |author| {
        knowledge::build(&data, &inputs, options, author, call.now, &Silent)
    })?;
    Ok(())
}

/// A list of software.
fn written(root: &Path, list: usize) -> Result<PathBuf, Failure> {
    let component = |place: usize| {
        let name = match place {
            place if place < HIT => name(list * HIT + place),
            place if place + 1 == LIST => "everywhere".to_owned(),
            place => format!("quiet-{list}-{place}"),
        };
        let coded: String = name.bytes().fold(String::new(), |mut coded, byte| {
            // Writing to a text does not fail.
            let _ = match byte {
                b'a'..=b'z' | b'0'..=b'9' | b'-' => write!(coded, "{}", char::from(byte)),
                other => write!(coded, "%{other:02X}"),
            };
            coded
        });
        json!({"type": "library", "name": name, "version": "1.0.0", "purl": format!("pkg:npm/{coded}@1.0.0")})
    };
    let components: Vec<_> = (0..LIST).map(component).collect();
    let path = root.join(format!("lists/{list}.json"));
    let text =
        json!({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components});
    std::fs::write(&path, text.to_string())?;
    Ok(path)
}

fn system(records: &mut Records, who: &Entered, name: &str) -> Result<SystemId, Failure> {
    let party = PartyId(who.person().0);
    let done = records.act(who, &Call::at(clock::now()), Action::KeepOrganisation, None, |act| {
        let id = act.new_id()?;
        let system = System {
            name: name.to_owned(),
            operator: party,
            provider: party,
            sites: Vec::new(),
            service: ServiceState::InService,
        };
        let event = MasterData::register(system)
            .map_err(|refusal| RecordsError::Refused { about: None, refusal })?;
        act.begin::<MasterData<System>>(id, &[event], false)?;
        Ok(Stream::new(Kind::System, id))
    })?;
    Ok(SystemId(done.stream.id))
}

fn register(root: &Path, records: &mut Records, who: &Entered) -> Result<(), Failure> {
    let mut ledger = String::from("asset_id,kind,maker,model,serial,version,place,patched_by\n");
    for number in 0..DEVICES {
        writeln!(
            ledger,
            "FW-{number:05},firewall,Fortinet,FortiGate-60F,SN{number:06},7.0.5,第{}病棟,IT",
            number % 300
        )?;
    }
    let path = root.join("devices.csv");
    std::fs::write(&path, ledger)?;
    let data = DataFolder::new(root.join("data"));
    let call = Call::at(clock::now());
    keep(records, who, &call, KeptPart::Register, |author| {
        register::import(&data, &path, &ImportOptions::default(), Some(author), call.now)
    })?;
    Ok(())
}
