//! Windows of which the revision is not known.
//!
//! `systeminfo` tells the build (`10.0.17763`) and not the revision, which is what updates change. Taken for a version,
//! it would lie below every fix: "nothing was ever installed". It is judged as what it is, any revision of the build;
//! statements that name updates are settled by the list of installed ones, and the updates in that list tell at least
//! which revision they bring.

use rustc_hash::FxHashMap;
use shindan_domain::cpe::Cpe;
use shindan_domain::windows::{self, Line};

use crate::index::layout::IndexError;
use crate::index::read::Index;
use crate::index::updates;

/// The lowest and the highest version that a component may be; `None` if its version is exact, or none of Windows.
pub(super) fn bounds(
    index: &Index<'_>,
    cpe: &Cpe,
    version: &str,
    installed: Option<&FxHashMap<u32, u32>>,
) -> Result<Option<(String, String)>, IndexError> {
    let (Some(vendor), Some(product)) = (cpe.vendor().as_literal(), cpe.product().as_literal()) else {
        return Ok(None);
    };
    let Some(line) = Line::of_cpe(vendor, product) else { return Ok(None) };
    let version = version.trim();
    if windows::revision_known(version) || !line.builds.contains(&version) {
        return Ok(None);
    }
    let builds = match installed {
        Some(installed) => updates::builds(index, installed)?,
        None => Vec::new(),
    };
    let revision = |build: &str| {
        let own = line.build_of(build)?;
        own.strip_prefix(version)?.strip_prefix('.')?.parse::<u32>().ok()
    };
    let lowest = match builds.into_iter().filter_map(revision).max() {
        Some(revision) => format!("{version}.{revision}"),
        None => version.to_owned(),
    };
    Ok(Some((lowest, format!("{version}.{}", u32::MAX))))
}
