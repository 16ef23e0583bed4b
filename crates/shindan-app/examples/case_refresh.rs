//! How long it takes to turn 100,000 findings into cases, and to look again when nothing has changed:
//! `case_refresh FOLDER`. For the benchmarks (`xtask records`). The inputs are generated and the same everywhere.
//!
//! *software*: 20,000 components of one system with five findings each, which is 20,000 cases: the most that so many
//! findings can be. *devices*: 10,000 devices of one kind with ten findings each: a handful of cases with many places.
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
use shindan_app::progress::Silent;
use shindan_app::records::kept::keep;
use shindan_app::records::people::TokenWanted;
use shindan_app::records::refresh::{RefreshOrder, refresh};
use shindan_app::records::{Call, Entered, Records, setup};
use shindan_app::register::{self, ImportOptions};
use shindan_domain::case::Subject;
use shindan_domain::comparison::KeptPart;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{MasterData, ServiceState, System};
use shindan_domain::people::{Action, Role, Scope};
use shindan_domain::record_id::{PartyId, SystemId};

type Failure = Box<dyn Error>;

const COMPONENTS: usize = 20_000;
const BLOCK: usize = 200;
const DEVICES: usize = 10_000;

fn main() -> Result<(), Failure> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("usage: case_refresh FOLDER")?);
    println!(
        "| findings of | run | findings | cases | changed | entries | match | read | compare | write | without match |"
    );
    println!("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for shape in ["software", "devices"] {
        let root = folder.join(shape);
        if root.exists() {
            std::fs::remove_dir_all(&root)?;
        }
        std::fs::create_dir_all(root.join("advisories"))?;
        let (mut records, who) = set_up(&root)?;
        let order = match shape {
            "software" => software(&root, &mut records, &who)?,
            _ => devices(&root, &mut records, &who)?,
        };
        for run in ["first", "again"] {
            measure(shape, run, &mut records, &who, &order)?;
        }
    }
    Ok(())
}

fn measure(
    shape: &str,
    run: &str,
    records: &mut Records,
    who: &Entered,
    order: &RefreshOrder,
) -> Result<(), Failure> {
    let began = Instant::now();
    let (_, report) = refresh(records, who, &Call::at(clock::now()), order, &Silent)?;
    let whole = u64::try_from(began.elapsed().as_millis())?;
    let report = report.ok_or("no report")?;
    let spent = report.spent;
    let entries = report.entries.map_or(0, |(first, last)| last + 1 - first);
    println!(
        "| {shape} | {run} | {} | {} | {} | {entries} | {} ms | {} ms | {} ms | {} ms | {} ms |",
        report.findings,
        report.opened() + report.unchanged + report.changed(),
        report.changed(),
        spent.matching,
        spent.reading,
        spent.comparing,
        spent.writing,
        whole.saturating_sub(spent.matching),
    );
    Ok(())
}

fn set_up(root: &Path) -> Result<(Records, Entered), Failure> {
    let now = clock::now();
    let first = setup::First {
        prefix: "BENCH".to_owned(),
        name: "Operator".to_owned(),
        roles: BTreeSet::from([Role::Operator]),
        token: TokenWanted { purpose: "benchmark".to_owned(), scope: Scope::Write, days: 1 },
        password: None,
    };
    let set_up = setup::set_up(&DataFolder::new(root.join("data")), &Call::at(now), first)?;
    let who = set_up.records.enter(&set_up.token, now)?;
    Ok((set_up.records, who))
}

fn learn(root: &Path, records: &mut Records, who: &Entered) -> Result<(), Failure> {
    let options = BuildOptions { add: false, devices: None };
    let advisories = [root.join("advisories")];
    let data = DataFolder::new(root.join("data"));
    let call = Call::at(clock::now());
    keep(records, who, &call, KeptPart::Knowledge, |author| {
        knowledge::build(&data, &advisories, options, author, call.now, &Silent)
    })?;
    Ok(())
}

/// Everything is known to be exploited, so that nothing can wait.
fn exploited(root: &Path, ids: impl Iterator<Item = String>) -> Result<(), Failure> {
    let rows: Vec<_> = ids
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

fn software(root: &Path, records: &mut Records, who: &Entered) -> Result<RefreshOrder, Failure> {
    let mut ids = Vec::new();
    for block in 0..COMPONENTS / BLOCK {
        for number in 0..5 {
            let id = format!("CVE-2026-{}", 10_000 + block * 5 + number);
            let affected: Vec<_> = (0..BLOCK)
                .map(|package| {
                    json!({"package": {"ecosystem": "npm", "name": format!("part-{}", block * BLOCK + package)},
                        "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}]})
                })
                .collect();
            let text = json!({"id": format!("GHSA-{block:04}-{number:04}-test"), "aliases": [&id],
                "modified": "2026-11-01T00:00:00Z", "published": "2026-10-31T00:00:00Z", "summary": "can be taken over",
                "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
                "affected": affected});
            std::fs::write(root.join(format!("advisories/{id}.json")), text.to_string())?;
            ids.push(id);
        }
    }
    exploited(root, ids.into_iter())?;
    learn(root, records, who)?;
    let components: Vec<_> = (0..COMPONENTS)
        .map(|number| {
            json!({"type": "library", "name": format!("part-{number}"), "version": "1.0.0",
                "purl": format!("pkg:npm/part-{number}@1.0.0")})
        })
        .collect();
    let list = root.join("list.json");
    let text =
        json!({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components});
    std::fs::write(&list, text.to_string())?;
    let subject = Subject::System(system(records, who)?);
    Ok(RefreshOrder { subject, paths: vec![list], register: false, complete: false, as_of: None })
}

fn system(records: &mut Records, who: &Entered) -> Result<SystemId, Failure> {
    let party = PartyId(who.person().0);
    let done = records.act(who, &Call::at(clock::now()), Action::KeepOrganisation, None, |act| {
        let id = act.new_id()?;
        let system = System {
            name: "Benchmark".to_owned(),
            operator: party,
            provider: party,
            sites: Vec::new(),
            service: ServiceState::InService,
        };
        let event = MasterData::register(system)
            .map_err(|refusal| shindan_app::records::RecordsError::Refused { about: None, refusal })?;
        act.begin::<MasterData<System>>(id, &[event], false)?;
        Ok(Stream::new(Kind::System, id))
    })?;
    Ok(SystemId(done.stream.id))
}

fn devices(root: &Path, records: &mut Records, who: &Entered) -> Result<RefreshOrder, Failure> {
    let ids: Vec<String> = (0..10).map(|number| format!("CVE-2026-{}", 20_000 + number)).collect();
    for (number, id) in ids.iter().enumerate() {
        // Two updates mend five each.
        let last = if number < 5 { "7.0.11" } else { "7.0.12" };
        let text = json!({"dataType": "CVE_RECORD", "dataVersion": "5.1",
            "cveMetadata": {"cveId": id, "assignerOrgId": "00000000-0000-4000-8000-000000000000", "state": "PUBLISHED",
                "datePublished": "2026-10-31T00:00:00Z"},
            "containers": {"cna": {
                "providerMetadata": {"orgId": "00000000-0000-4000-8000-000000000000"},
                "descriptions": [{"lang": "en", "value": "FortiOS can be taken over"}],
                "affected": [{"vendor": "Fortinet", "product": "FortiOS", "defaultStatus": "unaffected",
                    "versions": [{"version": "7.0.0", "lessThanOrEqual": last, "status": "affected", "versionType": "semver"}]}],
                "references": [{"url": "https://example.invalid/"}],
                "metrics": [{"cvssV3_1": {"version": "3.1", "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
                    "baseScore": 9.8, "baseSeverity": "CRITICAL"}}]}}});
        std::fs::write(root.join(format!("advisories/{id}.json")), text.to_string())?;
    }
    exploited(root, ids.into_iter())?;
    learn(root, records, who)?;
    let mut ledger = String::from("asset_id,kind,maker,model,serial,version,place,patched_by\n");
    for number in 0..DEVICES {
        writeln!(
            ledger,
            "FW-{number:05},firewall,Fortinet,FortiGate-60F,SN{number:06},7.0.5,Room {},IT",
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
    Ok(RefreshOrder {
        subject: Subject::Register,
        paths: Vec::new(),
        register: true,
        complete: false,
        as_of: None,
    })
}
