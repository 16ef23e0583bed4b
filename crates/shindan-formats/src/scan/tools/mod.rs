//! What one tool says, the same whatever the form of its report: a person who sends XML this time and JSON the next must find the same
//! findings again. The readers of the forms take the fields out; what they mean is decided here.

pub(super) mod cyclonedx;
pub(super) mod nikto;
pub(super) mod testssl;
pub(super) mod wapiti;
pub(super) mod zap;

/// Kinds of tools under which reports of known forms are read, and what else they are called. A table of a person has none of them: its
/// findings would take the place of those of the tool, and what it does not name would count as gone.
const KNOWN: [&str; 37] = [
    "anchore-grype",
    "bandit",
    "codeql",
    "cyclonedx",
    "cyclonedx-vdr",
    "dependency-check",
    "gitleaks",
    "greenbone",
    "grype",
    "gvm",
    "lynis",
    "mobsfscan",
    "nessus",
    "nessus-was",
    "nikto",
    "njsscan",
    "nmap",
    "npm",
    "npm-audit",
    "nuclei",
    "openscap",
    "openvas",
    "oscap",
    "osv-scanner",
    "outside-check",
    "pip-audit",
    "sarif",
    "semgrep",
    "shindan-outside",
    "ssh-audit",
    "sslyze",
    "tenable",
    "testssl",
    "testssl.sh",
    "trivy",
    "wapiti",
    "zap",
];

/// Whether a kind of tool is that of a known form.
pub(super) fn is_known(key: &str) -> bool {
    let key = key.trim().to_lowercase().replace(' ', "-");
    KNOWN.contains(&key.as_str()) || key.starts_with("tenable") || key.starts_with("trivy-")
}

#[cfg(test)]
mod tests;
