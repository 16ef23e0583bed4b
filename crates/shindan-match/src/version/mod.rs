//! Version order per scheme, as order-preserving byte keys: comparing two keys with `memcmp` compares the versions.
//!
//! One file per scheme. A version that a scheme cannot order is an error ([`OrderUnknown`]), never a guess.

mod apk;
mod comparable;
mod composer;
mod deb;
pub(crate) mod firmware;
mod gem;
mod generic;
mod key;
mod marked;
mod maven;
mod narrow;
mod nuget;
mod numeric;
pub mod oracle;
mod pub_;
mod pypi;
pub(crate) mod rpm;
mod semver;
#[cfg(test)]
mod test_support;

use std::cmp::Ordering;

pub(crate) use comparable::begins_with_year;

use shindan_domain::version::{Bound, Scheme, VersionRange};

/// The version has no order under the scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{version}\" has no order under {scheme}: {reason}")]
pub struct OrderUnknown {
    /// The version as given.
    pub version: String,
    /// The scheme.
    pub scheme: Scheme,
    /// Why, in a few English words.
    pub reason: &'static str,
}

/// Appends the key of `text` to `out`. Equal versions give equal bytes; `memcmp` of two keys of one scheme is the
/// order of the versions. On an error `out` is left as it was.
///
/// # Errors
/// [`OrderUnknown`] if the scheme cannot order `text`.
pub fn write_key(scheme: Scheme, text: &str, out: &mut Vec<u8>) -> Result<(), OrderUnknown> {
    let start = out.len();
    let written = match scheme {
        Scheme::Semver => semver::write_key(text, semver::Flavour::Plain, out),
        Scheme::Npm => semver::write_key(text, semver::Flavour::Npm, out),
        Scheme::Go => semver::write_key(text, semver::Flavour::Go, out),
        Scheme::Pypi => pypi::write_key(text, out),
        Scheme::Maven => maven::write_key(text, out),
        Scheme::Nuget => nuget::write_key(text, out),
        Scheme::Gem => gem::write_key(text, out),
        Scheme::Composer => composer::write_key(text, out),
        Scheme::Deb => deb::write_key(text, out),
        Scheme::Rpm => rpm::write_key(text, out),
        Scheme::Apk => apk::write_key(text, out),
        Scheme::Pub => pub_::write_key(text, out),
        Scheme::Cran => numeric::write_key(text, numeric::CRAN, out),
        Scheme::Hackage => numeric::write_key(text, numeric::HACKAGE, out),
        Scheme::Generic => generic::write_key(text, out),
    };
    written.map_err(|reason| {
        out.truncate(start);
        OrderUnknown { version: text.to_owned(), scheme, reason }
    })
}

/// The key of `text`.
///
/// # Errors
/// As [`write_key`].
pub fn key(scheme: Scheme, text: &str) -> Result<Vec<u8>, OrderUnknown> {
    let mut out = Vec::with_capacity(text.len() + 8);
    write_key(scheme, text, &mut out)?;
    Ok(out)
}

/// Compares two versions.
///
/// Some versions that a scheme refuses nevertheless have a conventional place (Python before PEP 440, Composer's
/// branches): below every regular version. That orders a list, but it must not decide whether a version lies in a
/// range, where it would mean "not affected". So this function knows the convention, and [`write_key`] does not.
///
/// # Errors
/// As [`write_key`], if there is not even a convention.
pub fn compare(scheme: Scheme, a: &str, b: &str) -> Result<Ordering, OrderUnknown> {
    if let (Ok(x), Ok(y)) = (key(scheme, a), key(scheme, b)) {
        if scheme == Scheme::Generic && marked::form(&x) != marked::form(&y) {
            let reason = "the other version has other marks of its maker";
            return Err(OrderUnknown { version: a.to_owned(), scheme, reason });
        }
        return Ok(x.cmp(&y));
    }
    Ok(conventional_key(scheme, a)?.cmp(&conventional_key(scheme, b)?))
}

/// The key of `text`, or its conventional one; where there is a key, the two are the same.
fn conventional_key(scheme: Scheme, text: &str) -> Result<Vec<u8>, OrderUnknown> {
    let mut out = Vec::with_capacity(text.len() + 8);
    let written = match scheme {
        Scheme::Pypi => pypi::write_conventional_key(text, &mut out),
        Scheme::Composer => composer::write_conventional_key(text, &mut out),
        _ => return key(scheme, text),
    };
    match written {
        Ok(()) => Ok(out),
        Err(reason) => Err(OrderUnknown { version: text.to_owned(), scheme, reason }),
    }
}

/// True if `version` lies in `range`. The slow way: the index compares stored keys.
///
/// # Errors
/// As [`write_key`], for the version or a bound.
pub fn contains(range: &VersionRange, version: &str) -> Result<bool, OrderUnknown> {
    if range.is_all() {
        return Ok(true);
    }
    let own = key(range.scheme, version)?;
    let bound = |bound: &str| {
        let key = key(range.scheme, bound)?;
        if comparable(range.scheme, &own, &key) {
            return Ok(key);
        }
        let reason = "it counts in another way than the bound";
        Err(OrderUnknown { version: version.to_owned(), scheme: range.scheme, reason })
    };
    let above = match &range.lower {
        Bound::Unbounded => true,
        Bound::Inclusive(lower) => own >= bound(lower)?,
        Bound::Exclusive(lower) => own > bound(lower)?,
    };
    let below = match &range.upper {
        Bound::Unbounded => true,
        Bound::Inclusive(upper) => own <= bound(upper)?,
        Bound::Exclusive(upper) => own < bound(upper)?,
    };
    Ok(above && below)
}

/// False if the order of these keys must not decide whether a version lies in a range, because the versions count in
/// different ways (letters and numbers, or other marks, where no scheme is declared).
pub fn comparable(scheme: Scheme, a: &[u8], b: &[u8]) -> bool {
    scheme != Scheme::Generic || comparable::comparable(a, b)
}
