//! Starting scanners through the program: stopped, repeated, on a range, and by a person of another language. The scanners are
//! scripts of this test; nothing is connected to but the loopback device.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::panic)]

mod common;

use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{Folder, Said, said};

const RUN: &str = "Portal 1.0";

/// Reports a host for each address; waits for ever while a file `slow` lies beside it.
const NMAP: &str = r#"#!/bin/sh
[ "$1" = --version ] && { echo "Nmap version 7.94 (none)"; exit 0; }
here=$(dirname "$0")
if [ -e "$here/slow" ]; then touch "$here/begun"; while :; do sleep 1; done; fi
now=$(date +%s)
while [ "$1" != -oX ]; do shift; done
report=$2
shift 3
echo "$@" >>"$here/asked"
{
    echo "<?xml version=\"1.0\"?><nmaprun scanner=\"nmap\" start=\"$now\" version=\"7.94\">"
    for address in "$@"; do
        echo "<host><status state=\"up\"/><address addr=\"$address\" addrtype=\"ipv4\"/></host>"
    done
    echo "<runstats><finished time=\"$now\" exit=\"success\"/></runstats></nmaprun>"
} >"$report"
"#;

/// Reports one address; fails for that in the file `broken`.
const SSH_AUDIT: &str = r#"#!/bin/sh
[ "$1" = --help ] && { echo "ssh-audit v3.1.0"; exit 0; }
for address in "$@"; do :; done
here=$(dirname "$0")
echo "$address" >>"$here/audited"
if [ "$(cat "$here/broken" 2>/dev/null)" = "$address" ]; then echo "no answer" >&2; exit 1; fi
cat <<JSON
{"banner":{"raw":"SSH-2.0-OpenSSH_9.9"},"target":"$address:22","compression":["none"],"cves":[],"enc":[],"kex":[],"key":[],"mac":[]}
JSON
"#;

struct World {
    folder: Folder,
    path: OsString,
}

impl World {
    /// A run that was started, on these targets.
    fn new(targets: &[&str]) -> World {
        let folder = Folder::new();
        for (name, script) in [("tools/nmap", NMAP), ("tools/ssh-audit", SSH_AUDIT)] {
            let path = folder.write(name, script);
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        folder.write("asked.txt", "please");
        folder.write("answer.txt", "no");
        let system = std::env::var_os("PATH").unwrap();
        let all = [folder.join("tools")].into_iter().chain(std::env::split_paths(&system));
        let world = World { path: std::env::join_paths(all).unwrap(), folder };
        for line in [
            "setup --prefix MED --name Admin --role manager --role operator --token-to admin.token",
            "org party add --name Hospital --kind institution",
            "org party add --name Maker --kind provider",
            "org system add --name Archive --operator Hospital --provider Maker --service in-service",
            "org environment add --name Test --system Archive --purpose test --differences none",
            "assess plan new --name Portal --system Archive --kind web --interval 365 --notice 60 --first-due 2037-03-31 --exposure controlled",
            "assess deliverable state Portal app.war --not-obtainable contract --asked asked.txt --answer answer.txt",
        ] {
            world.line(line).ends(0);
        }
        let mut plan =
            "assess run plan Portal --way outside --environment Test --version 1.0 --on 2037-03-01"
                .to_owned();
        for target in targets {
            world.line(&format!("assess target permit Test {target} --note test")).ends(0);
            plan.push_str(&format!(" --target {target}"));
        }
        world.line(&plan).ends(0);
        world.say(&["assess", "run", "start", RUN]).ends(0);
        world
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = common::command(arguments);
        command
            .env("COLUMNS", "400")
            .current_dir(self.folder.path())
            .env("PATH", &self.path)
            .stdin(Stdio::null());
        command
            .env("SHINDAN_LANG", "en")
            .env("SHINDAN_DATA_DIR", "data")
            .env("SHINDAN_TOKEN_FILE", "admin.token");
        command
    }

    fn say(&self, arguments: &[&str]) -> Said {
        said(self.command(arguments).output().unwrap())
    }

    fn line(&self, line: &str) -> Said {
        self.say(&line.split(' ').collect::<Vec<_>>())
    }

    fn scan(&self, tool: &str, target: &str) -> Vec<String> {
        let words = ["assess", "run", "scan", RUN, "--tool", tool, "--target", target, "--once", "night"];
        words.map(str::to_owned).to_vec()
    }

    fn scans(&self, tool: &str, target: &str) -> Said {
        let all = self.scan(tool, target);
        self.say(&all.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// How often the record of the run says so of a scan.
    fn ended(&self, how: &str) -> usize {
        let shown = self.say(&["assess", "run", "show", RUN]).ends(0).stdout;
        shown.matches(how).count()
    }

    fn lines(&self, name: &str) -> Vec<String> {
        let text = std::fs::read_to_string(self.folder.join("tools").join(name)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

#[test]
fn a_scan_that_is_stopped_is_recorded_so_and_the_same_request_makes_it_again() {
    let world = World::new(&["198.51.100.20"]);
    for signal in ["-INT", "-TERM"] {
        world.folder.write("tools/slow", "");
        let all = world.scan("nmap", "198.51.100.20");
        let mut command = world.command(&all.iter().map(String::as_str).collect::<Vec<_>>());
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let begun = Instant::now();
        while !world.folder.join("tools/begun").exists() {
            assert!(begun.elapsed() < Duration::from_secs(60), "the scanner was not started");
            std::thread::sleep(Duration::from_millis(50));
        }
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        said(child.wait_with_output().unwrap()).ends(5);
        for name in ["tools/slow", "tools/begun"] {
            std::fs::remove_file(world.folder.join(name)).unwrap();
        }
    }
    assert_eq!(world.ended("stopped by a person"), 2);
    world.scans("nmap", "198.51.100.20").ends(0);
    world.scans("nmap", "198.51.100.20").ends(0);
    assert_eq!(world.ended("finished, report read"), 1, "a success is made once");
    assert_eq!(world.lines("asked"), ["198.51.100.20"]);
}

#[test]
fn a_range_is_one_run_of_a_scanner_that_takes_several_addresses() {
    let world = World::new(&["198.51.96.0/21"]);
    world.scans("nmap", "198.51.100.20-198.51.100.22").ends(0);
    assert_eq!(world.lines("asked"), ["198.51.100.20 198.51.100.21 198.51.100.22"]);
    assert_eq!(world.ended("finished, report read"), 1);
    for tool in ["nmap", "ssh-audit"] {
        let large = ["assess", "run", "scan", RUN, "--tool", tool, "--target", "198.51.96.0/21"];
        world.say(&large).ends(5).complains(&["198.51.96.0/21", "the 1024 addresses"]);
    }
    assert_eq!(world.lines("audited"), Vec::<String>::new());
}

#[test]
fn a_range_is_scanned_address_by_address_and_one_failure_hides_no_other() {
    let world = World::new(&["198.51.100.0/28"]);
    world.folder.write("tools/broken", "198.51.100.5");
    let failed = world.scans("ssh-audit", "198.51.100.4-198.51.100.6");
    failed.ends(5).complains(&["2 of 3: 198.51.100.5/32", "2 of 3 scans were made", "no answer"]);
    assert_eq!(world.lines("audited"), ["198.51.100.4", "198.51.100.5", "198.51.100.6"]);
    assert_eq!((world.ended("finished, report read"), world.ended("failed")), (2, 1));
    std::fs::remove_file(world.folder.join("tools/broken")).unwrap();
    world.scans("ssh-audit", "198.51.100.4-198.51.100.6").ends(0);
    assert_eq!(world.lines("audited").len(), 4, "only what failed is made again");
    assert_eq!(world.ended("finished, report read"), 3);
}

#[test]
fn what_one_person_scanned_in_their_language_another_reads_in_theirs() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut bytes = [0; 4096];
            // The other side may have gone.
            if stream.read(&mut bytes).is_ok() {
                drop(
                    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"),
                );
            }
        }
    });
    let world = World::new(&[&target]);
    let list = |lang: &str, text: &str| {
        world
            .say(&["assess", "finding", "list", "Portal", "--all", "--lang", lang, "--text", text])
            .ends(0)
            .stdout
    };
    for scanned in ["en", "ja"] {
        let scan =
            ["assess", "run", "scan", RUN, "--tool", "outside", "--target", &target, "--lang", scanned];
        let made = world.say(&scan);
        assert!(matches!(made.code, 0 | 3), "{made}");
        for (lang, title) in [
            ("ja", "暗号化されない HTTP で応答する"),
            ("en", "Plain HTTP is answered without a redirect to HTTPS"),
        ] {
            // Tables break long lines.
            let flat =
                |text: &str| text.split(|c: char| c.is_whitespace() || "│┆|".contains(c)).collect::<String>();
            let shown = list(lang, title);
            assert!(flat(&shown).contains(&flat(title)), "{scanned} {lang}: {shown}");
            assert!(
                !flat(&list(lang, "no such title")).contains(&flat(title)),
                "{lang}: everything is shown"
            );
        }
    }
    let report = |lang: &str| {
        let all = ["report", "assessments", "--format", "html", "--lang", lang];
        world.say(&all).ends(0).stdout
    };
    assert!(report("ja").contains("ここから始めた診断") && !report("ja").contains("Plain HTTP is"));
    assert!(report("en").contains("Scans begun here"));
}
