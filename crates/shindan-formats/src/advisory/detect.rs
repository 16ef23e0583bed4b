//! What a document is, from its content: top-level keys of JSON, root element of XML, header of CSV.
//!
//! Only the top level is looked at, and no further than needed. Names of files are never looked at.

mod members;

use std::borrow::Cow;

use shindan_domain::advisory::AdvisoryFormat;

use self::members::{Member, Members};
use crate::json::value_end;
use crate::text::shorten;

/// How far into a document the XML root element and CSV header are looked for, in bytes.
const HEAD: usize = 64 * 1024;
/// How many top-level keys of a JSON object are looked at.
const MOST_KEYS: usize = 200;

/// What a document was recognised as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detected {
    /// A format that is read here.
    Known(AdvisoryFormat),
    /// A format that is known by name and not read (yet).
    Unsupported {
        /// Its name.
        format: &'static str,
        /// Its version, if the document tells; else empty.
        version: String,
    },
    /// None of these.
    Unknown {
        /// What was seen, in a few words.
        hint: String,
    },
}

impl Detected {
    fn unsupported(format: &'static str, version: Option<&str>) -> Option<Detected> {
        Some(Detected::Unsupported { format, version: shorten(version.unwrap_or_default(), 40) })
    }
}

/// Recognises a document. `bytes` must be UTF-8 or another superset of ASCII; a byte order mark is skipped.
pub fn sniff(bytes: &[u8]) -> Detected {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    match bytes.first() {
        Some(b'{') => sniff_object(bytes),
        Some(b'[') if !has_line(bytes, b"[advisory]") => sniff_array(bytes),
        Some(b'<') => sniff_xml(bytes),
        _ => sniff_lines(bytes),
    }
}

/// What was seen of a JSON object so far.
#[derive(Default)]
struct Seen<'a> {
    members: Vec<Member<'a>>,
}

impl Seen<'_> {
    fn has(&self, key: &str) -> bool {
        self.members.iter().any(|member| member.key == key)
    }

    fn text(&self, key: &str) -> Option<Cow<'_, str>> {
        self.members.iter().find(|member| member.key == key)?.text()
    }

    /// The string `inner` of the object `outer`.
    fn nested(&self, outer: &str, inner: &str) -> Option<String> {
        let rest = self.members.iter().find(|member| member.key == outer)?.rest;
        if rest.first() != Some(&b'{') {
            return None;
        }
        let found = Members::of(rest).take(MOST_KEYS).find(|member| member.key == inner)?;
        found.text().map(Cow::into_owned)
    }
}

fn sniff_object(bytes: &[u8]) -> Detected {
    let mut seen = Seen::default();
    for member in Members::of(bytes).take(MOST_KEYS) {
        seen.members.push(member);
        if let Some(detected) = decide(&seen) {
            let is_cve = detected == Detected::Known(AdvisoryFormat::Cve5);
            return if is_cve && is_palo_alto(bytes) {
                Detected::Known(AdvisoryFormat::PaloAlto)
            } else {
                detected
            };
        }
    }
    if seen.members.iter().any(is_source_package) {
        return Detected::Known(AdvisoryFormat::DebianTracker);
    }
    let keys: Vec<&str> = seen.members.iter().take(8).map(|member| &*member.key).collect();
    Detected::Unknown { hint: shorten(&format!("JSON: {}", keys.join(", ")), 120) }
}

/// True if the member is a source package of the Debian tracker: an object of CVE numbers, each with its `releases`.
fn is_source_package(member: &Member<'_>) -> bool {
    let is_object = |bytes: &[u8]| bytes.first() == Some(&b'{');
    let first = || Members::of(member.rest).next();
    let Some(vulnerability) = (is_object(member.rest)).then(first).flatten() else { return false };
    let named = vulnerability.key.starts_with("CVE-") || vulnerability.key.starts_with("TEMP-");
    named
        && is_object(vulnerability.rest)
        && Members::of(vulnerability.rest).take(MOST_KEYS).any(|field| field.key == "releases")
}

fn sniff_array(bytes: &[u8]) -> Detected {
    let first = bytes.get(1..).unwrap_or_default().trim_ascii_start();
    if first.first() == Some(&b'{') {
        // Of the arrays, only those of OSV records and of cycles of endoflife.date are advisory documents.
        match sniff_object(first) {
            Detected::Known(format @ (AdvisoryFormat::Osv | AdvisoryFormat::EndOfLife)) => {
                return Detected::Known(format);
            }
            Detected::Unknown { hint } => return Detected::Unknown { hint: format!("[{hint}]") },
            _ => {}
        }
    }
    Detected::Unknown { hint: "JSON array".to_owned() }
}

/// Decides as soon as the keys seen so far allow it.
fn decide(seen: &Seen<'_>) -> Option<Detected> {
    let newest = seen.members.last()?;
    match &*newest.key {
        "dataType" | "containers" | "cveMetadata" | "dataVersion" => decide_cve(seen),
        "data_type" if newest.text().as_deref() == Some("CVE") => {
            Detected::unsupported("CVE JSON", Some(seen.text("data_version").as_deref().unwrap_or("4.0")))
        }
        "document" if newest.rest.first() == Some(&b'{') => decide_csaf(seen),
        "bomFormat" => Some(Detected::Known(AdvisoryFormat::CyclonedxVex)),
        "$schema" if newest.text().as_deref().is_some_and(|text| text.contains("cyclonedx")) => {
            Some(Detected::Known(AdvisoryFormat::CyclonedxVex))
        }
        "specVersion" | "vulnerabilities" if seen.has("specVersion") && seen.has("vulnerabilities") => {
            Some(Detected::Known(AdvisoryFormat::CyclonedxVex))
        }
        "spdxVersion" => Detected::unsupported("SPDX", seen.text("spdxVersion").as_deref()),
        "format" if newest.text().as_deref().is_some_and(|text| text.starts_with("NVD_")) => {
            nvd(newest.text().as_deref())
        }
        "@context" if mentions(newest.rest, b"openvex.dev/ns") => {
            Some(Detected::Known(AdvisoryFormat::OpenVex))
        }
        // Ubuntu writes the head apart from the statements.
        "metadata"
            if seen.nested("metadata", "@context").is_some_and(|text| text.contains("openvex.dev/ns")) =>
        {
            Some(Detected::Known(AdvisoryFormat::OpenVex))
        }
        "predicateType" => Detected::unsupported("in-toto attestation", newest.text().as_deref()),
        "payloadType" => Detected::unsupported("DSSE envelope", newest.text().as_deref()),
        "mediaType" if newest.text().as_deref().is_some_and(|text| text.contains("sigstore.bundle")) => {
            Detected::unsupported("Sigstore bundle", newest.text().as_deref())
        }
        "@context" if newest.text().as_deref().is_some_and(|text| text.contains("spdx")) => {
            Detected::unsupported("SPDX", Some("3"))
        }
        "$schema" if newest.text().as_deref().is_some_and(|text| text.contains("jvn.jp")) => {
            Some(Detected::Known(AdvisoryFormat::Oka))
        }
        // An answer that tells an error may hold nothing else.
        "status" | "status:Status" if seen.nested(&newest.key, "method").is_some() => {
            Some(Detected::Known(AdvisoryFormat::Oka))
        }
        "catalogVersion" | "vulnerabilities" if seen.has("catalogVersion") && seen.has("vulnerabilities") => {
            Some(Detected::Known(AdvisoryFormat::Kev))
        }
        "@odata.context" if newest.text().as_deref().is_some_and(|text| text.ends_with("#Updates")) => {
            Detected::unsupported("MSRC list of documents", None)
        }
        "vulns" if newest.rest.first() == Some(&b'[') => Some(Detected::Known(AdvisoryFormat::Osv)),
        "result" | "generated_at" | "schema_version" | "last_modified"
            if seen.has("result") && (seen.has("generated_at") || seen.has("last_modified")) =>
        {
            Some(Detected::Known(AdvisoryFormat::EndOfLife))
        }
        "cycle" | "eol" if seen.has("cycle") && seen.has("eol") => {
            Some(Detected::Known(AdvisoryFormat::EndOfLife))
        }
        _ => decide_osv(seen),
    }
}

/// True if the value, a text or a list of texts, holds the words.
fn mentions(value: &[u8], words: &[u8]) -> bool {
    let end = value_end(value, 0).unwrap_or(value.len()).min(HEAD);
    value.get(..end).is_some_and(|value| memchr::memmem::find(value, words).is_some())
}

/// NVD's answers say what they hold; only the one with vulnerabilities is an advisory document.
fn nvd(format: Option<&str>) -> Option<Detected> {
    match format {
        Some("NVD_CVE") => Some(Detected::Known(AdvisoryFormat::Nvd)),
        Some("NVD_CPE") => Detected::unsupported("NVD API (products)", None),
        Some("NVD_CVEHistory") => Detected::unsupported("NVD API (change history)", None),
        _ => Detected::unsupported("NVD API", None),
    }
}

fn decide_cve(seen: &Seen<'_>) -> Option<Detected> {
    let typed = seen.text("dataType").as_deref() == Some("CVE_RECORD");
    let shaped = seen.has("containers") && seen.has("cveMetadata");
    if !(typed || shaped) {
        return None;
    }
    match seen.text("dataVersion").as_deref() {
        Some(version) if !version.starts_with("5.") => Detected::unsupported("CVE JSON", Some(version)),
        // A version that comes later is checked by the reader.
        _ => Some(Detected::Known(AdvisoryFormat::Cve5)),
    }
}

/// True for the records that Palo Alto Networks itself publishes: with a number of its own, or without what the CVE
/// list adds to every record when it takes it over.
fn is_palo_alto(bytes: &[u8]) -> bool {
    const MAKER: &[u8] = b"\"Palo Alto Networks\"";
    if memchr::memmem::find(bytes, MAKER).is_none() {
        return false;
    }
    let Some(metadata) = Members::of(bytes).take(MOST_KEYS).find(|member| member.key == "cveMetadata") else {
        return false;
    };
    if metadata.rest.first() != Some(&b'{') {
        return false;
    }
    let mut taken_over = false;
    for member in Members::of(metadata.rest).take(MOST_KEYS) {
        match &*member.key {
            "cveId" if member.text().as_deref().is_some_and(|id| id.starts_with("PAN-SA-")) => return true,
            "assignerShortName" | "datePublished" => taken_over = true,
            _ => {}
        }
    }
    !taken_over
}

fn decide_csaf(seen: &Seen<'_>) -> Option<Detected> {
    if seen.nested("document", "category").is_some_and(|category| category.starts_with("myjvn_")) {
        return Some(Detected::Known(AdvisoryFormat::Oka));
    }
    match seen.nested("document", "csaf_version") {
        Some(version) if version == "2.0" || version == "2.1" => Some(Detected::Known(AdvisoryFormat::Csaf)),
        Some(version) => Detected::unsupported("CSAF", Some(&version)),
        None => None,
    }
}

fn decide_osv(seen: &Seen<'_>) -> Option<Detected> {
    // STIX objects have id and modified too; their ids hold a double hyphen.
    let id = seen.text("id").filter(|id| id.contains('-') && !id.contains("--"))?;
    let other = ["affected", "published", "aliases", "withdrawn", "summary", "details", "schema_version"];
    let is_osv = !id.is_empty()
        && ((seen.has("modified") && other.into_iter().any(|key| seen.has(key)))
            || (seen.has("affected") && (seen.has("schema_version") || seen.has("summary"))));
    is_osv.then_some(Detected::Known(AdvisoryFormat::Osv))
}

fn sniff_xml(bytes: &[u8]) -> Detected {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let Some(tag) = root_tag(head) else {
        return Detected::Unknown { hint: "XML without root element".to_owned() };
    };
    let tag = String::from_utf8_lossy(tag);
    let name = tag.split(|c: char| c.is_ascii_whitespace() || c == '/').next().unwrap_or_default();
    let local = name.rsplit(':').next().unwrap_or_default();
    let later = |format, version: &str| Detected::Unsupported { format, version: version.to_owned() };
    match local {
        "VULDEF-Document" => Detected::Known(AdvisoryFormat::Vuldef),
        "RDF" if tag.contains("jvn.jp/rss/mod_sec") => Detected::Known(AdvisoryFormat::Jvnrss),
        "RDF" => later("RSS", "1.0"),
        "rss" => later("RSS", "2.0"),
        "feed" if tag.contains("jvn.jp/myjvn") => later("MyJVN HND Result", ""),
        "feed" => later("Atom", ""),
        // MITRE's list of CVE in the shape of CVRF: it names no product.
        "cvrfdoc" if memchr::memmem::find(head, b"<DocumentType>CVE List<").is_some() => {
            later("CVE XML (CVRF)", "")
        }
        "cvrfdoc" if tag.contains("CVRF/schema/") || tag.contains("csaf-cvrf/v1.2/") => {
            Detected::Known(AdvisoryFormat::Cvrf)
        }
        "cvrfdoc" => later("CVRF", ""),
        "html" => later("HTML", ""),
        "cve" if tag.contains("cve.mitre.org/cve/downloads") => later("CVE XML", "1.0"),
        "Result" if tag.contains("jvn") => later("MyJVN HND Result", ""),
        "bom" if tag.contains("cyclonedx") => Detected::Known(AdvisoryFormat::CyclonedxVex),
        _ => Detected::Unknown { hint: shorten(&format!("XML: <{name}>"), 120) },
    }
}

/// The inside of the first start tag behind declaration, comments and DOCTYPE.
fn root_tag(mut bytes: &[u8]) -> Option<&[u8]> {
    loop {
        bytes = bytes.trim_ascii_start();
        let end = if bytes.starts_with(b"<!--") {
            memchr::memmem::find(bytes, b"-->")? + 3
        } else if bytes.starts_with(b"<?") {
            memchr::memmem::find(bytes, b"?>")? + 2
        } else if bytes.starts_with(b"<!") {
            doctype_end(bytes)?
        } else {
            let inside = bytes.strip_prefix(b"<")?;
            return inside.get(..memchr::memchr(b'>', inside)?);
        };
        bytes = bytes.get(end..)?;
    }
}

/// Index behind a DOCTYPE, whose internal subset holds `>` of its own.
fn doctype_end(bytes: &[u8]) -> Option<usize> {
    let close = memchr::memchr(b'>', bytes)?;
    match memchr::memchr(b'[', bytes.get(..close)?) {
        None => Some(close + 1),
        Some(_) => {
            let subset = memchr::memchr(b']', bytes)?;
            Some(subset + memchr::memchr(b'>', bytes.get(subset..)?)? + 1)
        }
    }
}

fn sniff_lines(bytes: &[u8]) -> Detected {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.next().unwrap_or_default();
    let header = if first.starts_with(b"#") { lines.next().unwrap_or_default() } else { first };
    let header = String::from_utf8_lossy(header).to_ascii_lowercase().replace('"', "");
    let columns: Vec<&str> = header.split(',').map(str::trim).collect();
    if columns.first() == Some(&"cve") && columns.get(1) == Some(&"epss") {
        return Detected::Known(AdvisoryFormat::Epss);
    }
    if columns.contains(&"cveid") && columns.contains(&"dateadded") {
        return Detected::Known(AdvisoryFormat::Kev);
    }
    if first.starts_with(b"SPDXVersion:") {
        return Detected::Unsupported { format: "SPDX", version: "2".to_owned() };
    }
    if let Some(language) = sniff_language_database(head) {
        return language;
    }
    let beginning = first.get(..80).unwrap_or(first).escape_ascii().to_string();
    Detected::Unknown { hint: format!("text: {beginning}") }
}

/// Databases of language communities: one file of TOML or YAML for each advisory.
fn sniff_language_database(head: &[u8]) -> Option<Detected> {
    let has_key = |key: &str| {
        head.split(|byte| *byte == b'\n').any(|line| {
            line.strip_prefix(key.as_bytes()).is_some_and(|rest| rest.trim_ascii_start().starts_with(b":"))
        })
    };
    if has_line(head, b"[advisory]") {
        return Some(Detected::Known(AdvisoryFormat::Rustsec));
    }
    if memchr::memmem::find(head, b"composer://").is_some() && has_key("branches") && has_key("reference") {
        return Some(Detected::Known(AdvisoryFormat::PhpAdvisory));
    }
    let described =
        has_key("title") && (has_key("url") || has_key("date") || has_key("cve") || has_key("ghsa"));
    if has_key("gem") && described {
        return Some(Detected::Known(AdvisoryFormat::RubyAdvisory));
    }
    // Of Ruby itself: an interpreter, which no lock file lists.
    if has_key("engine") && described && has_key("patched_versions") {
        return Detected::unsupported("Ruby advisory database (engine)", None);
    }
    None
}

/// True if one of the first lines is this one, blanks around it excepted.
fn has_line(bytes: &[u8], wanted: &[u8]) -> bool {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    head.split(|byte| *byte == b'\n').any(|line| line.trim_ascii() == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(document: &str, expected: &str) {
        let found = match sniff(document.as_bytes()) {
            Detected::Known(format) => format.as_str().to_owned(),
            Detected::Unsupported { format, version } => format!("{format} {version}"),
            Detected::Unknown { hint } => format!("? {hint}"),
        };
        assert_eq!(found, expected, "{document}");
    }

    #[test]
    fn formats_that_are_read() {
        check(r#"{"dataType":"CVE_RECORD","dataVersion":"5.1"}"#, "cve5");
        check(r#"{"containers":{"cna":{}},"cveMetadata":{}}"#, "cve5");
        let palo_alto = |metadata: &str| {
            format!(
                r#"{{"dataType":"CVE_RECORD","cveMetadata":{{{metadata}}},"containers":{{"cna":{{"affected":[{{"vendor":"Palo Alto Networks"}}]}}}}}}"#
            )
        };
        check(&palo_alto(r#""cveId":"PAN-SA-2025-0007""#), "palo-alto");
        check(&palo_alto(r#""cveId":"CVE-2025-0114","serial":1"#), "palo-alto");
        check(&palo_alto(r#""cveId":"CVE-2025-0114","assignerShortName":"palo_alto""#), "cve5");
        check(r#"{"id":"GHSA-xxxx","modified":"2024","affected":[]}"#, "osv");
        check("\u{feff} {\"modified\":\"2024\",\"id\":\"MAL-2024-1\",\"summary\":\"\"}", "osv");
        check(r#"[ {"id":"GO-2024-1","modified":"x","published":"y"}]"#, "osv");
        check(r#"{"vulns":[]}"#, "osv");
        check(r#"{"a":{},"b":{"CVE-2024-1":{"description":"x","releases":{}}}}"#, "debian-tracker");
        check(r#"{"title":"t","catalogVersion":"1","vulnerabilities":[]}"#, "kev");
        check("cveID,vendorProject,product,vulnerabilityName,dateAdded\r\n", "kev");
        check("\"cveID\",\"vendorProject\",\"dateAdded\"", "kev");
        check(r#"{"resultsPerPage":1,"startIndex":0,"format":"NVD_CVE","version":"2.0"}"#, "nvd");
        check(r#"{"schema_version":"1.2.0","generated_at":"x","result":[]}"#, "end-of-life");
        check(r#"{"schema_version":"1.2.0","last_modified":"x","result":{}}"#, "end-of-life");
        check(r#"[{"cycle":"22.04","releaseDate":"x","eol":false}]"#, "end-of-life");
        check(r#"{"@id":"x","@context":"https://openvex.dev/ns/v0.2.0"}"#, "openvex");
        check(r#"{"@context":["https://openvex.dev/ns"]}"#, "openvex");
        check(r#"{"metadata":{"@context":"https://openvex.dev/ns/v0.2.0"}}"#, "openvex");
        check(r#"{"bomFormat":"CycloneDX","specVersion":"1.5"}"#, "cyclonedx-vex");
        check(r#"{"specVersion":"1.5","vulnerabilities":[]}"#, "cyclonedx-vex");
        check("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\" version=\"1\">", "cyclonedx-vex");
        check(r#"{"$schema":"https://jvndb.jvn.jp/schema/oka/x.json","document":{}}"#, "oka");
        check(r#"{"document":{"category":"myjvn_security_advisory","csaf_version":"2.1"}}"#, "oka");
        check(r#"{"status":{"method":"getVendorList","retCd":1}}"#, "oka");
        check("cve,epss\nCVE-2020-1,0.1", "epss");
        check("#model_version:v2023.03.01,score_date:2023\ncve,epss,percentile\n", "epss");
        check(r#"{"document":{"category":"csaf_vex","csaf_version":"2.0"}}"#, "csaf");
        check(r#"{"document":{"lang":"en","csaf_version":"2.1"}}"#, "csaf");
        check("<?xml version=\"1.0\"?>\n<!-- c --><VULDEF-Document version=\"3.2\">", "vuldef");
        check("```toml\n[advisory]\nid = \"RUSTSEC-2021-0003\"\n", "rustsec");
        check("[advisory]\nid = \"RUSTSEC-2021-0003\"\n", "rustsec");
        check("---\ngem: a\ncve: 2020-1000\ntitle: t\n", "ruby-advisory");
        check("title: t\nbranches:\n  1: {}\nreference: composer://a/b\n", "php-advisory");
        check("<cvrfdoc xmlns=\"http://www.icasi.org/CVRF/schema/cvrf/1.1\">", "cvrf");
        check("<cvrf:cvrfdoc xmlns:cvrf=\"http://docs.oasis-open.org/csaf/ns/csaf-cvrf/v1.2/cvrf\">", "cvrf");
        check("<rdf:RDF xmlns:sec=\"http://jvn.jp/rss/mod_sec/3.0/\">", "jvnrss");
    }

    #[test]
    fn formats_that_are_named_and_not_read() {
        check(r#"{"dataType":"CVE_RECORD"}"#, "cve5");
        check(r#"{"dataVersion":"6.0","dataType":"CVE_RECORD"}"#, "CVE JSON 6.0");
        check(r#"{"data_type":"CVE","data_version":"4.0"}"#, "CVE JSON 4.0");
        check(r#"{"document":{"lang":"en","csaf_version":"3.0"}}"#, "CSAF 3.0");
        check(r#"{"resultsPerPage":1,"format":"NVD_CPE"}"#, "NVD API (products) ");
        check(
            r#"{"_type":"x","predicateType":"https://openvex.dev/ns"}"#,
            "in-toto attestation https://openvex.dev/ns",
        );
        check(
            r#"{"payload":"e30=","payloadType":"application/vnd.in-toto+json"}"#,
            "DSSE envelope application/vnd.in-toto+json",
        );
        check(r#"{"spdxVersion":"SPDX-2.3"}"#, "SPDX SPDX-2.3");
        check("<cvrfdoc xmlns=\"http://example.com/\">", "CVRF ");
        check(
            "<cvrfdoc xmlns=\"http://www.icasi.org/CVRF/schema/cvrf/1.1\"><DocumentType>CVE List</DocumentType>",
            "CVE XML (CVRF) ",
        );
        check("<!DOCTYPE html>\n<html lang=\"en\">", "HTML ");
        check(r#"{"@odata.context":"https://x/$metadata#Updates","value":[]}"#, "MSRC list of documents ");
        check("engine: ruby\ntitle: t\ncve: 1\npatched_versions:\n", "Ruby advisory database (engine) ");
        check("<!DOCTYPE a [<!ENTITY x \"y>\">]><rss version=\"2.0\">", "RSS 2.0");
    }

    #[test]
    fn anything_else_says_what_was_seen() {
        check("", "? text: ");
        check("hello", "? text: hello");
        check("gem: a\n", "? text: gem: a");
        check("[package]\nname = \"a\"\n", "? JSON array");
        check("{}", "? JSON:");
        check(r#"{"a":1,"b":{"id":"x"}}"#, "? JSON: a, b");
        check(r#"{"a":{"CVE-2024-1":{"score":1}}}"#, "? JSON: a");
        check("[1]", "? JSON array");
        check("<other><body>", "? XML: <other>");
        check("<", "? XML without root element");
        check(
            r#"{"id":"vulnerability--1","modified":"x","published":"y"}"#,
            "? JSON: id, modified, published",
        );
    }
}
