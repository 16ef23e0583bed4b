//! CycloneDX documents that state vulnerabilities.

use shindan_domain::assessment::ScanPlace;

use crate::scan::{collected, place};

/// The place of a component. One without a name is known by its purl.
pub(in crate::scan) fn component(group: &str, name: &str, version: &str, purl: &str) -> ScanPlace {
    let some = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(collected::line);
    let named = match (group.is_empty(), name.is_empty()) {
        (false, false) => Some(collected::line(&format!("{group}/{name}"))),
        (_, true) => some(purl),
        (true, false) => some(name),
    };
    ScanPlace { component: named, version: some(version), purl: some(purl), ..ScanPlace::default() }
}

/// What a reference that names no component of the document names: a package, or (a BOM-Link) something as written.
pub(in crate::scan) fn elsewhere(reference: &str) -> ScanPlace {
    match place::of_purl(reference) {
        Some((name, version)) => ScanPlace {
            component: Some(collected::line(&name)),
            version,
            purl: Some(collected::line(reference)),
            ..ScanPlace::default()
        },
        None => ScanPlace { object: Some(collected::line(reference)), ..ScanPlace::default() },
    }
}

/// Why a document calls a vulnerability settled. It stays a finding: whether it is settled is for a person to decide.
pub(in crate::scan) fn suppressed(state: &str, justification: &str, detail: &str) -> Option<String> {
    let settled = ["not_affected", "false_positive", "resolved", "resolved_with_pedigree"].contains(&state);
    let why = [state, justification, detail].into_iter().filter(|part| !part.is_empty());
    settled.then(|| collected::short(&why.collect::<Vec<_>>().join(": ")))
}
