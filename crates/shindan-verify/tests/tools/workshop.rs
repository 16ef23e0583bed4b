//! A folder to make artefacts in, the tools, and the verification under test.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::{SignedDuration, Timestamp};
use shindan_domain::verification::{CheckOutcome, Outcome, Verdict, VerificationCode};
use shindan_verify::{Artefact, Means, Pin, verify};

/// Whether all tools are there.
pub fn have(tools: &[&str]) -> bool {
    let absent: Vec<&str> = tools.iter().copied().filter(|tool| !is_there(tool)).collect();
    if absent.is_empty() {
        return true;
    }
    assert!(std::env::var("SHINDAN_REQUIRE_TOOLS").as_deref() != Ok("1"), "tools are absent: {absent:?}");
    eprintln!("SKIPPED: {absent:?} not installed");
    false
}

fn is_there(tool: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(tool).is_file())
}

/// A temporary folder with a GnuPG home of its own.
pub struct Workshop {
    folder: PathBuf,
}

impl Workshop {
    pub fn new() -> Workshop {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        // Short: GnuPG's sockets have paths of 108 bytes at most.
        let folder = std::env::temp_dir().join(format!("sv{}-{count}", std::process::id()));
        std::fs::create_dir_all(folder.join("gnupg")).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(folder.join("gnupg"), std::fs::Permissions::from_mode(0o700)).unwrap();
        }
        Workshop { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Runs a tool in the folder; it must succeed.
    pub fn run(&self, tool: &str, arguments: &[&str]) -> Output {
        let output = self.command(tool, arguments);
        assert!(
            output.status.success(),
            "{tool} {arguments:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        output
    }

    fn command(&self, tool: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(tool);
        command.args(arguments).current_dir(&self.folder);
        command.env("GNUPGHOME", self.path("gnupg")).env("HOME", &self.folder).env("LC_ALL", "C");
        command.stdin(std::process::Stdio::null());
        command.output().unwrap_or_else(|e| panic!("{tool}: {e}"))
    }

    pub fn gpg(&self, arguments: &[&str]) -> Output {
        let common = ["--batch", "--yes", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""];
        self.run("gpg", &[&common[..], arguments].concat())
    }

    /// Makes a key and returns its fingerprint; the certificate is `NAME.asc`.
    pub fn gpg_key(&self, name: &str, kind: &str, expires: &str) -> String {
        let user = format!("{name} <{name}@example.test>");
        self.gpg(&["--quick-generate-key", &user, kind, "sign", expires]);
        let listed = self.gpg(&["--with-colons", "--list-keys", &user]).stdout;
        let listed = String::from_utf8(listed).unwrap();
        let line = listed.lines().find(|line| line.starts_with("fpr:")).unwrap();
        let fingerprint = line.split(':').nth(9).unwrap().to_owned();
        self.gpg(&["--armor", "--output", &format!("{name}.asc"), "--export", &fingerprint]);
        fingerprint
    }

    /// The time at which a file was written: tools stamp their work with the computer's time.
    pub fn made(&self, name: &str) -> Timestamp {
        let modified = std::fs::metadata(self.path(name)).unwrap().modified().unwrap();
        Timestamp::try_from(modified).unwrap() + SignedDuration::from_secs(1)
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        if is_there("gpgconf") {
            self.command("gpgconf", &["--kill", "all"]);
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

/// Bytes that look like a patch: not all alike, and the same every time.
pub fn payload() -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let random = std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    random.take(700).flatten().collect()
}

/// What is done to an artefact on its way.
pub fn altered(content: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut tampered = content.to_vec();
    let middle = tampered.len() / 2;
    tampered[middle] ^= 1;
    let truncated = content[..content.len() - 1].to_vec();
    let appended = [content, b"\0"].concat();
    vec![("tampered", tampered), ("truncated", truncated), ("appended", appended), ("empty", Vec::new())]
}

pub fn judge(name: &str, content: &[u8], means: &[Means<'_>], at: Timestamp) -> Verdict {
    judge_pinned(name, content, means, &[], at)
}

pub fn judge_pinned(name: &str, content: &[u8], means: &[Means<'_>], pins: &[Pin], at: Timestamp) -> Verdict {
    let mut cursor = Cursor::new(content);
    let verdict = verify(&mut Artefact::new(name, &mut cursor), means, pins, at, None).unwrap();
    assert!(verdict.holds_together(), "{verdict:?}");
    verdict
}

#[track_caller]
pub fn genuine(verdict: &Verdict) {
    assert_eq!(verdict.outcome, Outcome::Genuine, "{verdict:#?}");
}

#[track_caller]
pub fn refused(verdict: &Verdict, outcome: Outcome, code: VerificationCode) {
    let first = verdict.checks.iter().find(|check| check.outcome != CheckOutcome::Passed);
    assert_eq!((verdict.outcome, first.map(|check| check.code)), (outcome, Some(code)), "{verdict:#?}");
}

pub fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

#[track_caller]
pub fn not_acceptable(verdict: &Verdict, code: VerificationCode) {
    refused(verdict, Outcome::KeyNotAcceptable, code);
}
