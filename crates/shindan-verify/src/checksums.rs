//! Lists of checksums: GNU coreutils (`sha256sum`, with escaped names), BSD tagged (`SHA256 (name) = …`, also OpenSSL's
//! spelling), and CSAF's `.sha256`/`.sha512` files, which are GNU lines of one file.

use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::verification::VerificationCode;

use crate::artefact::base_name;
use crate::digest::Algorithm;
use crate::refusal::Refusal;

/// The largest list, in bytes: Debian's largest has some megabytes.
const LIMIT: usize = 64 << 20;

/// What the list says about one file: algorithm → digest in lower-case hexadecimal. A list without a line for the file, or
/// with different values for it, is refused.
pub(crate) fn of_file(list: &[u8], name: &str) -> Result<BTreeMap<Algorithm, String>, Refusal> {
    if list.len() > LIMIT {
        return Err(Refusal::unreadable(VerificationCode::ListUnreadable).with("line", 0));
    }
    let text = std::str::from_utf8(list.strip_prefix(b"\xef\xbb\xbf").unwrap_or(list))
        .map_err(|_| Refusal::unreadable(VerificationCode::ListUnreadable).with("line", 0))?;
    let mut found: BTreeMap<Algorithm, BTreeSet<String>> = BTreeMap::new();
    let mut entries = 0usize;
    let mut unread = None;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_end_matches('\r');
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        match tagged(line).or_else(|| plain(line)) {
            Some(entry) => {
                entries += 1;
                if base_name(&entry.name) == name {
                    found.entry(entry.algorithm).or_default().insert(entry.digest);
                }
            }
            None => {
                unread.get_or_insert(index + 1);
            }
        }
    }
    if let (0, Some(line)) = (entries, unread) {
        return Err(Refusal::unreadable(VerificationCode::ListUnreadable).with("line", line));
    }
    if found.is_empty() {
        let refusal = Refusal::not_covered(VerificationCode::ListWithoutFile);
        return Err(refusal.with("file", name).with("entries", entries));
    }
    let mut values = BTreeMap::new();
    for (algorithm, digests) in found {
        let mut digests = digests.into_iter();
        match (digests.next(), digests.next()) {
            (Some(digest), None) => values.insert(algorithm, digest),
            _ => return Err(Refusal::not_covered(VerificationCode::ListContradictory).with("file", name)),
        };
    }
    Ok(values)
}

struct Entry {
    name: String,
    algorithm: Algorithm,
    digest: String,
}

fn entry(name: String, digest: &str, tag: Option<Algorithm>) -> Option<Entry> {
    let algorithm = Algorithm::of_hex_length(digest.len())?;
    if name.is_empty()
        || !digest.bytes().all(|b| b.is_ascii_hexdigit())
        || tag.is_some_and(|tag| tag != algorithm)
    {
        return None;
    }
    Some(Entry { name, algorithm, digest: digest.to_ascii_lowercase() })
}

/// `SHA256 (name) = digest`, `SHA2-256(name)= digest`, and with a leading `\` if the name is escaped.
fn tagged(line: &str) -> Option<Entry> {
    let (escaped, line) = escape_mark(line);
    let (tag, rest) = line.split_once('(')?;
    let algorithm = match tag.trim().to_ascii_uppercase().as_str() {
        "MD5" => Algorithm::Md5,
        "SHA1" | "SHA-1" => Algorithm::Sha1,
        "SHA256" | "SHA-256" | "SHA2-256" => Algorithm::Sha256,
        "SHA384" | "SHA-384" | "SHA2-384" => Algorithm::Sha384,
        "SHA512" | "SHA-512" | "SHA2-512" => Algorithm::Sha512,
        _ => return None,
    };
    let at = rest.rfind(") = ").or_else(|| rest.rfind(")= "))?;
    let (name, digest) = (rest.get(..at)?, rest.get(at + 1..)?.trim_start_matches([' ', '=']));
    entry(unescape(name, escaped)?, digest.trim_end(), Some(algorithm))
}

/// `digest  name` or `digest *name`, and with a leading `\` if the name is escaped.
fn plain(line: &str) -> Option<Entry> {
    let (escaped, line) = escape_mark(line);
    let (digest, name) = line.split_once([' ', '\t'])?;
    let name = name.strip_prefix([' ', '*', '\t']).unwrap_or(name);
    entry(unescape(name, escaped)?, digest, None)
}

fn escape_mark(line: &str) -> (bool, &str) {
    match line.strip_prefix('\\') {
        Some(rest) => (true, rest),
        None => (false, line),
    }
}

/// GNU coreutils writes `\\`, `\n` and `\r` for a backslash, a line feed and a carriage return.
fn unescape(name: &str, escaped: bool) -> Option<String> {
    if !escaped {
        return Some(name.to_owned());
    }
    let mut plain = String::with_capacity(name.len());
    let mut characters = name.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => plain.push(match characters.next()? {
                '\\' => '\\',
                'n' => '\n',
                'r' => '\r',
                _ => return None,
            }),
            other => plain.push(other),
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const B: &str = "0a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn sha256(list: &str, name: &str) -> Result<String, VerificationCode> {
        match of_file(list.as_bytes(), name) {
            Ok(values) => Ok(values.get(&Algorithm::Sha256).cloned().unwrap_or_default()),
            Err(refusal) => Err(refusal.code()),
        }
    }

    #[test]
    fn every_spelling_of_a_line_is_read() {
        for line in [
            format!("{A}  patch.bin"),
            format!("{A} *patch.bin"),
            format!("{A}  ./updates/patch.bin\r"),
            format!("{A}  C:\\updates\\patch.bin"),
            format!("{}  patch.bin", A.to_uppercase()),
            format!("SHA256 (patch.bin) = {A}"),
            format!("SHA2-256(patch.bin)= {A}"),
            format!("\u{feff}{A}  patch.bin"),
            format!("# comment\n\n{B}  other.bin\n{A}  patch.bin\nrubbish"),
            format!("{A}  patch.bin\n{A}  again/patch.bin"),
        ] {
            assert_eq!(sha256(&line, "patch.bin"), Ok(A.to_owned()), "{line}");
        }
        assert_eq!(sha256(&format!("\\{A}  a\\\\b\\nc"), "b\nc"), Ok(A.to_owned()));
        assert_eq!(sha256(&format!("SHA256 (a (1)) = b) = {A}"), "a (1)) = b"), Ok(A.to_owned()));
        let both = format!("MD5 (x) = {}\nSHA256 (x) = {A}", "0".repeat(32));
        assert_eq!(of_file(both.as_bytes(), "x").unwrap().len(), 2);
    }

    #[test]
    fn a_list_must_speak_about_the_file() {
        assert_eq!(sha256(&format!("{A}  other.bin"), "patch.bin"), Err(VerificationCode::ListWithoutFile));
        assert_eq!(
            sha256(&format!("{A}  patch.bin.old"), "patch.bin"),
            Err(VerificationCode::ListWithoutFile)
        );
        assert_eq!(sha256("", "patch.bin"), Err(VerificationCode::ListWithoutFile));
        assert_eq!(sha256(A, "patch.bin"), Err(VerificationCode::ListUnreadable));
        assert_eq!(
            sha256(&format!("SHA512 (patch.bin) = {A}"), "patch.bin"),
            Err(VerificationCode::ListUnreadable)
        );
        let contradictory = format!("{A}  a/patch.bin\n{B}  b/patch.bin");
        assert_eq!(sha256(&contradictory, "patch.bin"), Err(VerificationCode::ListContradictory));
        assert_eq!(of_file(b"\xff\xfe", "x").unwrap_err().code(), VerificationCode::ListUnreadable);
    }
}
