//! apt's chain: a signed Release file names the Packages list by its SHA-256, the list names each package by its SHA-256.

use std::io::Read;

use jiff::Timestamp;
use shindan_domain::verification::VerificationCode;

use crate::artefact::{Artefact, base_name};
use crate::digest::{Algorithm, hex};
use crate::means::AptChain;
use crate::openpgp::{self, Trust};
use crate::recognise::{Kind, kind};
use crate::refusal::{Refusal, Signed};

/// The largest list of packages, inflated, in bytes.
const LIMIT: u64 = 1 << 30;

/// Follows the chain from the signature to the file. Without a list of packages, the Release file itself must name the
/// file (an installer image, or the list of packages itself).
pub(crate) fn verify(
    artefact: &mut Artefact<'_>,
    chain: &AptChain<'_>,
    trust: Trust<'_>,
) -> Result<Signed, Refusal> {
    let (release, mut signed) = release(chain, trust)?;
    let release = Stanza::of(&release)?;
    still_valid(&release, trust.at)?;
    let name = artefact.name().to_owned();
    let (expected, size) = match chain.packages {
        None => {
            let listed = release.sha256().filter(|entry| base_name(entry.name) == name);
            one(listed.map(|entry| (entry.digest.to_owned(), entry.size)), &name)?
        }
        Some((list_name, list)) => {
            let list_name = base_name(list_name);
            is_listed(&release, list_name, list)?;
            entry_of(&inflate(list_name, list)?, &name)?
        }
    };
    let computed = artefact.hex_digest(Algorithm::Sha256).map_err(|e| Refusal::io(&e))?;
    let actual_size = artefact.size().map_err(|e| Refusal::io(&e))?;
    if expected != computed || size != Some(actual_size) {
        return Err(Refusal::mismatch(VerificationCode::DigestDifferent).comparing(expected, computed));
    }
    signed.expected = Some(expected);
    signed.computed = Some(computed);
    for field in ["Origin", "Suite", "Codename", "Date"] {
        if let Some(value) = release.field(field) {
            signed.params.insert(field.to_ascii_lowercase(), crate::refusal::readable(value));
        }
    }
    Ok(signed)
}

/// The text of the Release file, whose signature holds.
fn release(chain: &AptChain<'_>, trust: Trust<'_>) -> Result<(Vec<u8>, Signed), Refusal> {
    match (kind(chain.release), chain.release_signature) {
        (Some(Kind::OpenPgpCleartext), None) => openpgp::cleartext(chain.release, trust),
        (_, Some(signature)) => {
            let signed = openpgp::detached_over(chain.release, signature, trust)?;
            Ok((chain.release.to_vec(), signed))
        }
        (_, None) => Err(Refusal::not_covered(VerificationCode::NotSigned)),
    }
}

fn still_valid(release: &Stanza<'_>, at: Timestamp) -> Result<(), Refusal> {
    let Some(until) = release.field("Valid-Until") else { return Ok(()) };
    let unreadable = || {
        Refusal::unreadable(VerificationCode::FileMalformed).with("format", "Release").with("reason", until)
    };
    let numeric = until.replace(" UTC", " +0000").replace(" GMT", " +0000");
    let parsed = jiff::fmt::rfc2822::parse(&numeric).map_err(|_| unreadable())?.timestamp();
    if parsed < at {
        return Err(Refusal::not_covered(VerificationCode::ReleaseExpired).with("until", parsed));
    }
    Ok(())
}

fn is_listed(release: &Stanza<'_>, name: &str, list: &[u8]) -> Result<(), Refusal> {
    let computed = hex(&Algorithm::Sha256.of(list));
    let mut of_name = release.sha256().filter(|entry| base_name(entry.name) == name).peekable();
    if of_name.peek().is_none() {
        return Err(Refusal::not_covered(VerificationCode::ReleaseWithoutList).with("file", name));
    }
    // One Release file names the lists of every component and architecture; each is called Packages.
    let same = |entry: Listed<'_>| entry.digest == computed && entry.size == Some(list.len() as u64);
    if of_name.any(same) {
        return Ok(());
    }
    Err(Refusal::mismatch(VerificationCode::ReleaseListDifferent).with("file", name))
}

fn inflate(name: &str, list: &[u8]) -> Result<Vec<u8>, Refusal> {
    if list.starts_with(b"\x1f\x8b") {
        let mut text = Vec::new();
        let inflated = flate2::read::MultiGzDecoder::new(list).take(LIMIT + 1).read_to_end(&mut text);
        let inflated = inflated.map_err(|e| malformed("Packages", &e.to_string()))?;
        if inflated as u64 > LIMIT {
            return Err(malformed("Packages", "larger than 1 GiB"));
        }
        return Ok(text);
    }
    if list.starts_with(b"\xfd7zXZ") || list.starts_with(b"BZh") || list.starts_with(b"\x28\xb5\x2f\xfd") {
        return Err(Refusal::unsupported(format!("{name}: unpack it first (xz -dk, bzip2 -dk, zstd -d)")));
    }
    Ok(list.to_vec())
}

fn malformed(format: &str, reason: &str) -> Refusal {
    Refusal::unreadable(VerificationCode::FileMalformed).with("format", format).with("reason", reason)
}

/// SHA-256 and size of the package whose file has this name.
fn entry_of(list: &[u8], name: &str) -> Result<(String, Option<u64>), Refusal> {
    let text = std::str::from_utf8(list).map_err(|_| malformed("Packages", "not UTF-8"))?;
    let entries = text.split("\n\n").filter_map(|stanza| {
        let stanza = Stanza { text: stanza };
        let file = stanza.field("Filename")?;
        // apt stores an epoch's colon as %3a in its cache.
        let plain = base_name(file);
        if plain != name && plain != name.replace("%3a", ":") {
            return None;
        }
        let size = stanza.field("Size").and_then(|size| size.parse().ok());
        Some((stanza.field("SHA256").unwrap_or_default().to_owned(), size))
    });
    let (digest, size) = one(entries, name)?;
    if digest.len() != 64 {
        return Err(Refusal::not_covered(VerificationCode::PackageNotListed).with("file", name));
    }
    Ok((digest, size))
}

/// The one entry; several must agree.
fn one(
    mut entries: impl Iterator<Item = (String, Option<u64>)>,
    name: &str,
) -> Result<(String, Option<u64>), Refusal> {
    let first = entries.next();
    let first =
        first.ok_or_else(|| Refusal::not_covered(VerificationCode::PackageNotListed).with("file", name))?;
    if entries.any(|other| other != first) {
        return Err(Refusal::not_covered(VerificationCode::ListContradictory).with("file", name));
    }
    Ok(first)
}

/// A paragraph of fields (deb822).
struct Stanza<'a> {
    text: &'a str,
}

struct Listed<'a> {
    digest: &'a str,
    size: Option<u64>,
    name: &'a str,
}

impl<'a> Stanza<'a> {
    fn of(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let text = std::str::from_utf8(bytes).map_err(|_| malformed("Release", "not UTF-8"))?;
        Ok(Stanza { text })
    }

    /// The first line of a field.
    fn field(&self, name: &str) -> Option<&'a str> {
        self.text.lines().find_map(|line| {
            let (field, value) = line.split_once(':')?;
            field.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    /// The lines of the field `SHA256`: digest, size, name.
    fn sha256(&self) -> impl Iterator<Item = Listed<'a>> + use<'a> {
        let of_field =
            self.text.lines().skip_while(|line| !line.trim_end().eq_ignore_ascii_case("SHA256:")).skip(1);
        of_field.take_while(|line| line.starts_with([' ', '\t'])).filter_map(|line| {
            let mut words = line.split_whitespace();
            let (digest, size, name) = (words.next()?, words.next()?, words.next()?);
            (digest.len() == 64 && words.next().is_none()).then(|| Listed {
                digest,
                size: size.parse().ok(),
                name,
            })
        })
    }
}
