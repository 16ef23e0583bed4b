//! From a product of the tree to a claim about its versions.

use shindan_domain::cpe::Cpe;
use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::purl::Purl;
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};

use super::tree::{Platform, Product};
use crate::advisory::claims::{from_vers, purl_scheme};
use crate::range_text::{self, ParsedText};

/// The claim with the text that it was read from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Claim {
    pub versions: VersionClaim,
    pub scope: Vec<String>,
    pub hint: Option<String>,
    pub text: String,
}

impl Claim {
    fn of(versions: VersionClaim, text: &str) -> Claim {
        Claim { versions, scope: Vec::new(), hint: None, text: text.to_owned() }
    }

    fn parsed(parsed: ParsedText, text: &str) -> Claim {
        Claim {
            versions: parsed.claim,
            scope: parsed.scope,
            hint: parsed.product_hint,
            text: text.to_owned(),
        }
    }

    /// The one version that the claim consists of.
    pub(super) fn single(&self) -> Option<(&str, Scheme)> {
        let VersionClaim::Ranged { ranges, except } = &self.versions else { return None };
        match (ranges.as_slice(), except.is_empty()) {
            ([VersionRange { scheme, lower: Bound::Inclusive(a), upper: Bound::Inclusive(b) }], true)
                if a == b =>
            {
                Some((a, *scheme))
            }
            _ => None,
        }
    }
}

/// What the tree says about the versions of `product`.
///
/// A condition that cannot be expressed (a relationship to something without CPE) makes the claim undetermined: to
/// drop the condition would claim more than the source does. `whole` is the one that is no condition, because the
/// statement itself says that it holds inside that only.
pub(super) fn claim(product: &Product, whole: Option<&Platform>) -> Claim {
    let claim = unconditional(product);
    let mut conditions = product.platforms.iter().filter(|platform| whole != Some(*platform));
    match conditions.find(|platform| platform.cpes.is_empty()) {
        Some(Platform { name, .. }) => {
            let params = Params::from([
                ("platform".to_owned(), name.clone()),
                ("text".to_owned(), claim.text.clone()),
            ]);
            Claim { versions: VersionClaim::Undetermined { code: Code::PlatformUnknown, params }, ..claim }
        }
        None => claim,
    }
}

fn unconditional(product: &Product) -> Claim {
    if let Some(claim) = product.purl().and_then(from_purl) {
        return claim;
    }
    if let Some(version) = &product.version {
        return from_branch(&version.text, version.is_range, product);
    }
    if let Some(claim) = product.cpes.iter().find_map(|cpe| from_cpe(cpe)) {
        return claim;
    }
    from_name(&product.full_name)
}

/// A purl with a version names exactly one.
fn from_purl(text: &str) -> Option<Claim> {
    let purl = Purl::parse(text).ok()?;
    let version = purl.full_version()?;
    let range = VersionRange::exactly(purl_scheme(purl.kind()), version.as_ref());
    Some(Claim::of(VersionClaim::ranged(vec![range]), text))
}

fn from_branch(text: &str, is_range: bool, product: &Product) -> Claim {
    let body = without_product(text.trim(), product);
    let lower = body.to_ascii_lowercase();
    if lower.starts_with("vers:") && !lower.starts_with("vers:all/") {
        return Claim::of(from_vers(body).unwrap_or_else(|| VersionClaim::undetermined_text(text)), text);
    }
    let parsed = range_text::parse(body, Scheme::Generic);
    if let VersionClaim::Undetermined { .. } = parsed.claim {
        // `product_version` is one version by definition; one or two digits can be nothing else.
        let number =
            !is_range && !body.is_empty() && body.len() <= 2 && body.bytes().all(|b| b.is_ascii_digit());
        let versions = if number {
            VersionClaim::ranged(vec![VersionRange::exactly(Scheme::Generic, body)])
        } else {
            VersionClaim::undetermined_text(text)
        };
        return Claim::of(versions, text);
    }
    Claim::parsed(parsed, text)
}

/// Some makers repeat the product in front of the version (`FortiOS 6.4.0` below `FortiOS`).
fn without_product<'a>(text: &'a str, product: &Product) -> &'a str {
    let name = product.product.as_deref().unwrap_or(&product.full_name);
    let Some(name) = Some(name.trim()).filter(|name| !name.is_empty()) else {
        return text;
    };
    match text.get(..name.len()) {
        Some(front) if front.eq_ignore_ascii_case(name) => {
            let rest = text.get(name.len()..).unwrap_or_default();
            let separate = rest.starts_with(|c: char| c.is_whitespace() || matches!(c, ':' | '/'));
            if separate { rest.trim_start_matches([':', '/', ' ', '\t']) } else { text }
        }
        _ => text,
    }
}

/// A CPE that names a version, where no branch does.
fn from_cpe(cpe: &str) -> Option<Claim> {
    let name: Cpe = cpe.parse().ok()?;
    let version = name.version().as_literal()?.to_owned();
    Some(Claim::of(VersionClaim::ranged(vec![VersionRange::exactly(Scheme::Generic, version)]), cpe))
}

/// Words that begin a version text within a product name.
const OPENERS: [&str; 9] = [
    "version",
    "versions",
    "ver.",
    "before",
    "prior",
    "vers:all/*",
    "バージョン",
    "全バージョン",
    "すべてのバージョン",
];

/// A product name that ends in an obvious range ("Example Suite < 2.0", "Example: Version 5.09.02"). Anything less
/// obvious is undetermined.
fn from_name(name: &str) -> Claim {
    for (at, word) in words(name) {
        let lower = word.to_lowercase();
        let sign = word.starts_with(['<', '>', '=', '≤', '≥']);
        let all = lower == "all"
            && name.get(at..).is_some_and(|rest| rest.to_lowercase().starts_with("all versions"));
        if !(sign || all || OPENERS.contains(&lower.trim_end_matches(':'))) {
            continue;
        }
        let parsed = range_text::parse(name.get(at..).unwrap_or_default(), Scheme::Generic);
        if !matches!(parsed.claim, VersionClaim::Undetermined { .. }) {
            return Claim::parsed(parsed, name);
        }
    }
    Claim::of(VersionClaim::undetermined_text(name), name)
}

/// Words with their offsets.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_whitespace().map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}
