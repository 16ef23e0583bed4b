//! How Microsoft names products and fixes, in CVRF and in CSAF. Not a format of its own.
//!
//! Source: MSRC Security Update Guide, documents of `api.msrc.microsoft.com/cvrf/v3.0` and
//! `msrc.microsoft.com/csaf`.
//!
//! - Windows is named by [`shindan_domain::windows`], so that it meets what inventories call it.
//! - `Internet Explorer 11 on Windows 10 …` is a program, under the condition that this Windows is present.
//! - A fixed build that counts as the product does ends a range; one that counts otherwise (`1.001`, the installer of
//!   Internet Explorer) says nothing about versions: then the updates decide alone.

mod programs;

#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use shindan_domain::advisory::ProductRef;
use shindan_domain::cpe::Cpe;
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};
use shindan_domain::windows::{self, Line};

use super::plain_order;

/// The maker's name in statements.
pub(super) const VENDOR: &str = "Microsoft";

/// A product of Microsoft's as its name tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// The product.
    pub product: ProductRef,
    /// CPE names of the Windows on which the statement holds; empty: no condition.
    pub platform: Vec<String>,
    /// True if the name says more than `product` does (*Server Core installation*, 32-bit edition): what is not affected
    /// is then only a part of it.
    pub narrower: bool,
    /// The line, if it is Windows itself.
    line: Option<&'static Line>,
    /// How its versions count, where the name tells.
    counting: programs::Counting,
}

/// Where the fix is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fix {
    /// `KB5035849`
    pub updates: Vec<String>,
    /// `FixedBuild`, as written.
    pub builds: Vec<String>,
}

/// What a statement says about versions.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Claim {
    /// Which are affected.
    pub versions: VersionClaim,
    /// Which contain the fix.
    pub fixed: Vec<String>,
}

/// Reads the name of a product.
pub(super) fn named(name: &str) -> Named {
    let name = name.trim();
    if let Some(windows) = windows::advised(name) {
        let product = ProductRef {
            vendor: Some(VENDOR.to_owned()),
            product: Some(windows.line.name.to_owned()),
            cpes: windows.cpes(),
            ..ProductRef::default()
        };
        let counting = programs::Counting::default();
        let (narrower, line) = (windows.core, Some(windows.line));
        return Named { product, platform: Vec::new(), narrower, line, counting };
    }
    let (program, platform) = on_windows(name);
    let (cpes, counting) = programs::known(program);
    let whole = programs::without_editions(program);
    let product = ProductRef {
        vendor: Some(maker(program).to_owned()),
        product: Some(whole.to_owned()),
        cpes,
        ..ProductRef::default()
    };
    Named { product, platform, narrower: whole != program, line: None, counting }
}

/// `Internet Explorer 11 on Windows 8.1 for 32-bit systems`: the program, and the CPE names of the Windows.
fn on_windows(name: &str) -> (&str, Vec<String>) {
    for (at, _) in name.match_indices(" on ") {
        let (Some(front), Some(behind)) = (name.get(..at), name.get(at + 4..)) else { continue };
        if let Some(windows) = windows::advised(behind) {
            return (front.trim(), windows.cpes());
        }
    }
    (name, Vec::new())
}

/// Microsoft ships a few programs of other makers.
fn maker(program: &str) -> &'static str {
    if program.starts_with("Adobe ") { "Adobe" } else { VENDOR }
}

/// Brings the names that a CVE record gives to a Windows into line: the record's product name tells which Windows is
/// meant. CPE names of another one are taken out and given back (Microsoft's records of versions 1909 and 2004 name 1809,
/// whose builds are lower, so that it would look affected whatever was installed); the line's own is added if it is
/// missing (`windows_10` with the version 1903).
pub(super) fn align_windows(product: &mut ProductRef) -> Vec<String> {
    let by_microsoft = product.vendor.as_deref().is_some_and(|v| v.trim().eq_ignore_ascii_case(VENDOR));
    let name = product.product.as_deref().filter(|_| by_microsoft);
    let Some(windows) = name.and_then(windows::advised) else { return Vec::new() };
    let line_of = |text: &String| {
        let cpe = Cpe::parse(text).ok()?;
        Line::of_cpe(cpe.vendor().as_literal()?, cpe.product().as_literal()?)
    };
    // Windows 8.1 and RT 8.1 are lines of one build: to name both is no slip.
    let other = |line: &'static Line| !line.builds.iter().any(|build| windows.line.builds.contains(build));
    let (dropped, kept) =
        std::mem::take(&mut product.cpes).into_iter().partition(|text| line_of(text).is_some_and(other));
    product.cpes = kept;
    if !product.cpes.iter().any(|text| line_of(text) == Some(windows.line)) {
        product.cpes.extend(windows.cpes());
    }
    dropped
}

impl Named {
    /// True if it is Windows itself.
    pub(in crate::advisory) fn is_windows(&self) -> bool {
        self.line.is_some()
    }

    /// What is affected, given where the fix is.
    ///
    /// Updates without a usable build: every version is affected that lacks them. Neither: not known.
    pub(super) fn claim(&self, name: &str, fix: &Fix) -> Claim {
        let mut fixed: Vec<String> = Vec::new();
        for build in fix.builds.iter().filter_map(|build| self.version(build)) {
            if !fixed.contains(&build) {
                fixed.push(build);
            }
        }
        // Several updates bring several builds (hotpatches); only the highest is above all that is affected.
        let last = fixed.iter().reduce(|a, b| match plain_order::compare(a, b) {
            Some(Ordering::Less) => b,
            _ => a,
        });
        let versions = match last {
            Some(last) => VersionClaim::ranged(vec![VersionRange {
                scheme: Scheme::Generic,
                lower: self.lower(last),
                upper: Bound::Exclusive(last.clone()),
            }]),
            None if !fix.updates.is_empty() => VersionClaim::All,
            None => VersionClaim::undetermined_text(name),
        };
        Claim { versions, fixed }
    }

    /// The fixed build as a version of this product, if it is one.
    fn version(&self, build: &str) -> Option<String> {
        let build = build.trim();
        if let Some(line) = self.line {
            return line.build_of(build);
        }
        let dotted = build.contains('.') && plain_order::is_plain(build);
        (dotted && self.counting.counts(build)).then(|| build.to_owned())
    }

    /// Where the affected versions begin.
    fn lower(&self, fixed: &str) -> Bound {
        let first = match self.line {
            Some(line) => Some(line.first_build()),
            None => self.counting.first(fixed),
        };
        first.map_or(Bound::Unbounded, |first| Bound::Inclusive(first.to_owned()))
    }
}
