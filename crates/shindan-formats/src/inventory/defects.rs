//! What is plainly wrong with an identifier of a component. The matcher judges the rest.

use shindan_domain::diagnostic::{Code, Diagnostic};

use super::collector::Collector;
use crate::text::shorten;

/// Reports a package URL or a CPE name that cannot be one. `place` makes the diagnostic at the component.
pub(super) fn report(
    found: &mut Collector<'_>,
    purl: Option<&str>,
    cpe: Option<&str>,
    place: impl Fn(&Collector<'_>, Code) -> Diagnostic,
) {
    if let Some((purl, reason)) = purl.and_then(|purl| Some((purl, purl_defect(purl)?))) {
        let diagnostic = place(found, Code::PurlInvalid);
        found.push(diagnostic.with("purl", shorten(purl, 200)).with("reason", reason));
    }
    if let Some((cpe, reason)) = cpe.and_then(|cpe| Some((cpe, cpe_defect(cpe)?))) {
        let diagnostic = place(found, Code::CpeInvalid);
        found.push(diagnostic.with("cpe", shorten(cpe, 200)).with("reason", reason));
    }
}

/// What is plainly wrong with a purl.
pub(super) fn purl_defect(purl: &str) -> Option<&'static str> {
    let Some(rest) = purl.strip_prefix("pkg:") else {
        return Some("does not start with pkg:");
    };
    match rest.trim_start_matches('/').split_once('/') {
        None => Some("no name"),
        Some(("", _)) => Some("no type"),
        Some((_, name)) if name.trim_matches('/').is_empty() || name.starts_with(['@', '?', '#']) => {
            Some("no name")
        }
        Some(_) => None,
    }
}

/// What is plainly wrong with a CPE name.
pub(super) fn cpe_defect(cpe: &str) -> Option<&'static str> {
    if let Some(rest) = cpe.strip_prefix("cpe:2.3:") {
        let bytes = rest.as_bytes();
        let separators = (0..bytes.len())
            .filter(|at| bytes.get(*at) == Some(&b':') && (*at == 0 || bytes.get(at - 1) != Some(&b'\\')));
        return (separators.count() != 10).then_some("not 11 parts");
    }
    (!cpe.starts_with("cpe:/")).then_some("starts with neither cpe:2.3: nor cpe:/")
}
