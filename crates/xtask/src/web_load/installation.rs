//! An installation of the size of a large group of hospitals, made with the commands that anyone has; the inputs are generated and the
//! same everywhere, but for the genuine knowledge beside them.
//!
//! Ten systems of lists with 1,000 components each; every tenth component is hit by ten vulnerabilities, and each such component is a
//! case: 100,000 cases are 1,000,000 findings and 1,000,000 components. One vulnerability hits every list. A register of 10,000 devices.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::json;

use super::client::encoded;
use crate::Failure;

/// The person who looks, and the password; there is nothing to protect.
pub const PERSON: (&str, &str) = ("load", "nothing to protect here");

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
/// Folders of the genuine knowledge.
const GENUINE: [&str; 6] = ["osv", "cve5", "csaf", "kev", "epss", "jvn"];

/// Makes it in an empty folder: the data folder is `data` there.
///
/// # Errors
/// When a command fails.
pub fn make(shindan: &Path, folder: &Path, genuine: &Path, cases: usize) -> Result<(), Failure> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder.join("advisories"))?;
    std::fs::create_dir_all(folder.join("lists"))?;
    let lists = cases.div_ceil(HIT).next_multiple_of(SYSTEMS);
    let of = Maker { shindan, folder };
    of.set_up()?;
    advisories(folder, lists * HIT)?;
    let genuine = GENUINE.map(|name| genuine.join(name)).into_iter().filter(|path| path.exists());
    let mut sources = vec![folder.join("advisories")];
    sources.extend(genuine);
    // 3: some files of the JVN feeds are no advisories (check lists and pages lie beside them).
    of.run(&["kb", "build"], &sources, &[0, 3])?;
    let ledger = folder.join("devices.csv");
    std::fs::write(&ledger, devices()?)?;
    of.run(&["inventory", "import"], &[ledger], &[0])?;
    of.run(&["org", "party", "add", "--name", "医療法人", "--kind", "institution"], &[], &[0])?;
    for number in 0..SYSTEMS {
        let name = format!("第{}病院 電子カルテシステム", number + 1);
        let system = [
            "org",
            "system",
            "add",
            "--name",
            &name,
            "--operator",
            "医療法人",
            "--provider",
            "医療法人",
            "--service",
            "in-service",
        ];
        of.run(&system, &[], &[0])?;
        let mut paths = Vec::new();
        for list in number * lists / SYSTEMS..(number + 1) * lists / SYSTEMS {
            paths.push(written(folder, list)?);
        }
        of.run(&["case", "refresh", "--system", &name], &paths, &[0])?;
    }
    Ok(())
}

/// Runs commands in the data folder.
struct Maker<'a> {
    shindan: &'a Path,
    folder: &'a Path,
}

impl Maker<'_> {
    fn command(&self) -> Command {
        let mut command = Command::new(self.shindan);
        command
            .args(["--lang", "en"])
            .env("SHINDAN_DATA_DIR", self.folder.join("data"))
            .env("SHINDAN_TOKEN_FILE", self.folder.join("token"))
            .stdout(Stdio::null());
        command
    }

    /// Where the commands write what they have to say: much, about oddities of the genuine data.
    fn complaints(&self) -> Result<Stdio, Failure> {
        let path = self.folder.join("told.txt");
        Ok(std::fs::File::options().append(true).create(true).open(path)?.into())
    }

    fn set_up(&self) -> Result<(), Failure> {
        let mut command = self.command();
        command.args(["setup", "--prefix", "LOAD", "--name", PERSON.0, "--password-stdin"]);
        command.args(["--role", "manager", "--role", "operator", "--role", "approver"]);
        command.arg("--token-to").arg(self.folder.join("token"));
        let mut child = command.stdin(Stdio::piped()).stderr(self.complaints()?).spawn()?;
        let mut input = child.stdin.take().ok_or("no standard input")?;
        writeln!(input, "{}", PERSON.1)?;
        drop(input);
        let status = child.wait()?;
        if status.success() { Ok(()) } else { Err(format!("setup ended with {status}").into()) }
    }

    fn run(&self, words: &[&str], paths: &[PathBuf], done: &[i32]) -> Result<(), Failure> {
        eprintln!("  {}", words.join(" "));
        let status = self
            .command()
            .args(words)
            .args(paths)
            .stdin(Stdio::null())
            .stderr(self.complaints()?)
            .status()?;
        if status.code().is_some_and(|code| done.contains(&code)) {
            return Ok(());
        }
        Err(format!("{} ended with {status} (see {}/told.txt)", words.join(" "), self.folder.display())
            .into())
    }
}

/// The name of a component that is hit.
fn name(number: usize) -> String {
    format!("{}-{number}", NAMES.get(number % NAMES.len()).unwrap_or(&"part"))
}

fn advisory(folder: &Path, id: &str, names: impl Iterator<Item = String>) -> Result<(), Failure> {
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
    Ok(std::fs::write(folder.join(format!("advisories/{id}.json")), text.to_string())?)
}

/// The generated advisories, all of which are exploited, so that nothing can wait.
fn advisories(folder: &Path, hit: usize) -> Result<(), Failure> {
    let everywhere = "CVE-2026-900000".to_owned();
    advisory(folder, &everywhere, std::iter::once("everywhere".to_owned()))?;
    let mut ids = vec![everywhere];
    for block in 0..hit.div_ceil(BLOCK) {
        for number in 0..EACH {
            let id = format!("CVE-2026-{}", 100_000 + block * EACH + number);
            advisory(folder, &id, (0..BLOCK).map(|one| name(block * BLOCK + one)))?;
            ids.push(id);
        }
    }
    let row = |id: &String| {
        json!({"cveID": id, "vendorProject": "x", "product": "x", "vulnerabilityName": "x",
            "dateAdded": "2026-11-01", "shortDescription": "x", "requiredAction": "x", "dueDate": "2026-11-20",
            "knownRansomwareCampaignUse": "Unknown", "notes": ""})
    };
    let rows: Vec<_> = ids.iter().map(row).collect();
    let kev = json!({"title": "t", "catalogVersion": "2026.11.01", "count": rows.len(),
        "dateReleased": "2026-11-01T00:00:00.0000Z", "vulnerabilities": rows});
    Ok(std::fs::write(folder.join("advisories/kev.json"), kev.to_string())?)
}

/// A list of software.
fn written(folder: &Path, list: usize) -> Result<PathBuf, Failure> {
    let component = |place: usize| {
        let name = match place {
            place if place < HIT => name(list * HIT + place),
            place if place + 1 == LIST => "everywhere".to_owned(),
            place => format!("quiet-{list}-{place}"),
        };
        let purl = format!("pkg:npm/{}@1.0.0", encoded(&name));
        json!({"type": "library", "name": name, "version": "1.0.0", "purl": purl})
    };
    let components: Vec<_> = (0..LIST).map(component).collect();
    let path = folder.join(format!("lists/{list}.json"));
    let text =
        json!({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components});
    std::fs::write(&path, text.to_string())?;
    Ok(path)
}

fn devices() -> Result<String, Failure> {
    let mut ledger = String::from("asset_id,kind,maker,model,serial,version,place,patched_by\n");
    for number in 0..DEVICES {
        let ward = number % 300;
        writeln!(
            ledger,
            "FW-{number:05},firewall,Fortinet,FortiGate-60F,SN{number:06},7.0.5,第{ward}病棟,IT"
        )?;
    }
    Ok(ledger)
}
