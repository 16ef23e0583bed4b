//! Version lines of one product: those that can share a statement are put together.

use shindan_domain::advisory::{AdvisedVulnerability, Affected, ProductRef, Status};
use shindan_domain::version::{Scheme, VersionClaim, VersionRange};

use crate::range_text::{self, ParsedText};

/// A line with what it was understood as.
pub(super) struct Line {
    pub(super) text: String,
    pub(super) parsed: ParsedText,
}

impl Line {
    pub(super) fn of(text: String, parsed: ParsedText) -> Line {
        Line { text, parsed }
    }
}

/// Version lines of one product that can share a statement.
pub(super) struct Group {
    pub(super) scope: Vec<String>,
    hint: Option<String>,
    claim: VersionClaim,
    texts: Vec<String>,
}

impl Group {
    /// The statement about the product, for all vulnerabilities and without a place.
    pub(super) fn statement(self, product: &ProductRef, status: Status) -> Affected {
        let mut product = product.clone();
        if let (Some(hint), Some(name)) = (&self.hint, &mut product.product) {
            // "for Windows" narrows the product; the text keeps the rest for whoever looks.
            name.push(' ');
            name.push_str(hint);
        }
        let mut statement = Affected::new(product, status, self.claim);
        statement.text = self.texts.join("\n");
        statement
    }
}

/// One statement per (CVE scope, hint); lines that are not understood or say "all" stand alone.
pub(super) fn groups(lines: impl IntoIterator<Item = Line>) -> Vec<Group> {
    let mut out: Vec<Group> = Vec::new();
    for Line { text, parsed: ParsedText { claim, scope, product_hint } } in lines {
        if let VersionClaim::Ranged { ranges, except } = &claim
            && except.is_empty()
            && let Some(group) = out.iter_mut().find(|g| g.scope == scope && g.hint == product_hint)
            && let VersionClaim::Ranged { ranges: known, except: none } = &mut group.claim
            && none.is_empty()
        {
            known.extend(ranges.iter().cloned());
            group.texts.push(text);
            continue;
        }
        out.push(Group { scope, hint: product_hint, claim, texts: vec![text] });
    }
    out
}

/// A `VersionNumber` is a version by definition, so that `8` alone is one, too.
pub(super) fn version_text(text: &str) -> ParsedText {
    let digits = !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit());
    if digits {
        let claim = VersionClaim::ranged(vec![VersionRange::exactly(Scheme::Generic, text)]);
        return ParsedText { claim, scope: Vec::new(), product_hint: None };
    }
    range_text::parse(text, Scheme::Generic)
}

/// Indices of the vulnerabilities that a line is limited to. A CVE that only the line names is added.
pub(super) fn indices(scope: &[String], vulnerabilities: &mut Vec<AdvisedVulnerability>) -> Vec<u32> {
    let mut out = Vec::new();
    for cve in scope {
        let known = vulnerabilities.iter().position(|v| v.id == *cve);
        let index = known.unwrap_or_else(|| {
            vulnerabilities.push(AdvisedVulnerability { id: cve.clone(), ..Default::default() });
            vulnerabilities.len() - 1
        });
        if let Ok(index) = u32::try_from(index)
            && !out.contains(&index)
        {
            out.push(index);
        }
    }
    // Limited to all of them is not limited.
    if out.len() == vulnerabilities.len() { Vec::new() } else { out }
}
