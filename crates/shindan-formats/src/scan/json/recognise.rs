//! Which tool wrote a report, by the names of its fields.

use serde_json::value::RawValue;
use shindan_domain::assessment::ScanFormat;

use super::value::{Object, Value};

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// A report of a scan.
    Scan(ScanFormat),
    /// Another kind of document.
    Elsewhere {
        /// What it is, for people.
        format: &'static str,
        /// The command that reads it.
        verb: &'static str,
    },
}

/// What the document is; `None` if nothing known.
pub(super) fn known(value: &Value<'_>) -> Option<Known> {
    match value {
        Value::Object(object) => elsewhere(object).or_else(|| report(object).map(Known::Scan)),
        Value::List(entries) => list(entries).map(Known::Scan),
        // `null`, as older versions of Trivy write it where they found nothing.
        Value::Other => Some(Known::Scan(ScanFormat::Trivy)),
    }
}

fn elsewhere(object: &Object<'_>) -> Option<Known> {
    let known = |format, verb| Some(Known::Elsewhere { format, verb });
    if object.object("document").is_some_and(|document| document.has("csaf_version")) {
        return known("CSAF", "kb build");
    }
    let context = object.word("@context").unwrap_or_default();
    if context.contains("openvex") {
        return known("OpenVEX", "kb build");
    }
    if object.has("spdxVersion") || context.contains("spdx.org") {
        return known("SPDX", "check");
    }
    if object.word("bomFormat").as_deref() == Some("CycloneDX") && !object.has("vulnerabilities") {
        return known("CycloneDX", "check");
    }
    if object.word("dataType").as_deref() == Some("CVE_RECORD") {
        return known("CVE", "kb build");
    }
    None
}

fn report(object: &Object<'_>) -> Option<ScanFormat> {
    let has = |names: &[&str]| names.iter().all(|name| object.has(name));
    let any = |names: &[&str]| names.iter().any(|name| object.has(name));
    if has(&["runs"]) && any(&["version", "$schema"]) {
        return Some(ScanFormat::Sarif);
    }
    if has(&["bomFormat", "vulnerabilities"]) {
        return Some(ScanFormat::CyclonedxVdr);
    }
    if has(&["site"]) && any(&["@version", "@programName", "@generated"]) {
        return Some(ScanFormat::ZapJson);
    }
    if any(&["template-id", "templateID"]) {
        return Some(ScanFormat::Nuclei);
    }
    if has(&["vulnerabilities"]) && any(&["anomalies", "classifications"]) {
        return Some(ScanFormat::WapitiJson);
    }
    if has(&["vulnerabilities", "host"]) && any(&["banner", "ip", "port"]) {
        return Some(ScanFormat::NiktoJson);
    }
    if has(&["scanResult"]) && any(&["Invocation", "openssl", "startTime"]) {
        return Some(ScanFormat::TestsslJson);
    }
    if has(&["server_scan_results"]) {
        return Some(ScanFormat::SslyzeJson);
    }
    if has(&["banner"]) && any(&["kex", "recommendations", "target"]) {
        return Some(ScanFormat::SshAudit);
    }
    components(object).or_else(|| source(object))
}

fn components(object: &Object<'_>) -> Option<ScanFormat> {
    let has = |names: &[&str]| names.iter().all(|name| object.has(name));
    if has(&["ClusterName"]) || has(&["ArtifactName"]) && (has(&["Results"]) || has(&["SchemaVersion"])) {
        return Some(ScanFormat::Trivy);
    }
    if has(&["matches", "descriptor"]) {
        return Some(ScanFormat::Grype);
    }
    if has(&["auditReportVersion"]) || has(&["advisories", "metadata"]) {
        return Some(ScanFormat::NpmAudit);
    }
    if first(object, "dependencies").is_some_and(|first| first.has("vulns") || first.has("skip_reason"))
        || has(&["dependencies", "fixes"])
    {
        return Some(ScanFormat::PipAudit);
    }
    let packages = first(object, "results").is_some_and(|first| first.has("packages"));
    if packages || has(&["results", "experimental_config"]) {
        return Some(ScanFormat::OsvScanner);
    }
    None
}

fn source(object: &Object<'_>) -> Option<ScanFormat> {
    let has = |names: &[&str]| names.iter().all(|name| object.has(name));
    if has(&["njsscan_version"]) || has(&["mobsfscan_version"]) {
        return Some(ScanFormat::Njsscan);
    }
    if has(&["results", "metrics"]) || has(&["results", "generated_at"]) {
        return Some(ScanFormat::Bandit);
    }
    if has(&["results", "errors"]) || has(&["vulns", "hasMore"]) || has(&["results", "paths"]) {
        return Some(ScanFormat::Semgrep);
    }
    None
}

/// The first entry of a list in a field.
fn first<'a>(object: &Object<'a>, name: &str) -> Option<Object<'a>> {
    object.list(name)?.into_iter().find_map(as_object)
}

fn as_object(raw: &RawValue) -> Option<Object<'_>> {
    match serde_json::from_str(raw.get()) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

/// A list is known by the first of its entries that is.
fn list(entries: &[&RawValue]) -> Option<ScanFormat> {
    entries.iter().take(100).copied().filter_map(as_object).find_map(|entry| {
        let has = |names: &[&str]| names.iter().all(|name| entry.has(name));
        if has(&["Target"])
            && (entry.has("Vulnerabilities") || entry.has("Type") || entry.has("Misconfigurations"))
        {
            return Some(ScanFormat::Trivy);
        }
        if has(&["name"]) && (entry.has("vulns") || entry.has("skip_reason")) {
            return Some(ScanFormat::PipAudit);
        }
        if has(&["id", "severity", "finding"]) {
            return Some(ScanFormat::TestsslJson);
        }
        let lists = [ScanFormat::Nuclei, ScanFormat::NiktoJson, ScanFormat::SshAudit];
        report(&entry).filter(|format| lists.contains(format))
    })
}
