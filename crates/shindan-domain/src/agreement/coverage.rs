//! Whether what is agreed fits what is recorded: who patches an asset, whose a remote-maintenance line is.

use super::content::{Content, Coverage, Duty};
use super::{Agreement, Version};
use crate::device::DeviceCategory;
use crate::record_id::PartyId;
use crate::terms;

terms! {
    /// What a duty covers.
    pub enum CoverageKind ("duty-covers") {
        /// Patching of every asset.
        PatchingOfAll = "patching-of-all",
        /// Patching of a category.
        PatchingOfCategory = "patching-of-category",
        /// Patching of one asset.
        PatchingOfAsset = "patching-of-asset",
        /// Every remote-maintenance line.
        EveryLine = "every-line",
        /// The line of one device.
        LineOf = "line-of",
    }
}

/// The text is no coverage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is none of patching-of-all, patching-of-category:CATEGORY, patching-of-asset:ASSET, every-line, line-of:ASSET"
)]
pub struct NotACoverage(pub String);

impl std::str::FromStr for Coverage {
    type Err = NotACoverage;

    /// `patching-of-all`, `patching-of-category:iot-device`, `patching-of-asset:KEY`, `every-line`, `line-of:KEY`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || NotACoverage(text.to_owned());
        let (kind, what) = text.split_once(':').map_or((text, ""), |(kind, what)| (kind, what.trim()));
        let named = || Some(what.to_owned()).filter(|what| !what.is_empty()).ok_or_else(unknown);
        match (kind.trim().parse().map_err(|_| unknown())?, what.is_empty()) {
            (CoverageKind::PatchingOfAll, true) => Ok(Coverage::PatchingOfAll),
            (CoverageKind::EveryLine, true) => Ok(Coverage::EveryLine),
            (CoverageKind::PatchingOfCategory, false) => {
                Ok(Coverage::PatchingOfCategory { category: what.parse().map_err(|_| unknown())? })
            }
            (CoverageKind::PatchingOfAsset, _) => Ok(Coverage::PatchingOfAsset { asset: named()? }),
            (CoverageKind::LineOf, _) => Ok(Coverage::LineOf { asset: named()? }),
            _ => Err(unknown()),
        }
    }
}

impl std::fmt::Display for Coverage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind().as_str())?;
        self.what().map_or(Ok(()), |what| write!(f, ":{what}"))
    }
}

impl Coverage {
    /// What kind of thing is covered.
    pub fn kind(&self) -> CoverageKind {
        match self {
            Coverage::PatchingOfAll => CoverageKind::PatchingOfAll,
            Coverage::PatchingOfCategory { .. } => CoverageKind::PatchingOfCategory,
            Coverage::PatchingOfAsset { .. } => CoverageKind::PatchingOfAsset,
            Coverage::EveryLine => CoverageKind::EveryLine,
            Coverage::LineOf { .. } => CoverageKind::LineOf,
        }
    }

    /// The asset that is named, or the category as a term's text form.
    pub fn what(&self) -> Option<&str> {
        match self {
            Coverage::PatchingOfCategory { category } => Some(category.as_str()),
            Coverage::PatchingOfAsset { asset } | Coverage::LineOf { asset } => Some(asset),
            Coverage::PatchingOfAll | Coverage::EveryLine => None,
        }
    }
}

/// An asset as far as agreements name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thing<'a> {
    /// Its key in the register.
    pub key: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The category of the device, if a dossier is kept.
    pub category: Option<DeviceCategory>,
}

/// What an agreement says about something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Covered {
    /// The party that is accountable is the recorded one, or none is recorded.
    AsRecorded,
    /// Another party is accountable, or the duties contradict each other.
    Contradicted {
        /// Keys of the duties.
        duties: Vec<String>,
    },
    /// No duty covers it.
    No,
}

impl Thing<'_> {
    fn is(&self, named: &str) -> bool {
        named == self.key || named == self.name
    }

    /// How closely a coverage names the patching of this asset; the closest counts.
    fn patched_by(&self, coverage: &Coverage) -> Option<u8> {
        match coverage {
            Coverage::PatchingOfAsset { asset } => self.is(asset).then_some(3),
            Coverage::PatchingOfCategory { category } => (self.category == Some(*category)).then_some(2),
            Coverage::PatchingOfAll => Some(1),
            Coverage::EveryLine | Coverage::LineOf { .. } => None,
        }
    }

    fn lined_by(&self, coverage: &Coverage) -> Option<u8> {
        match coverage {
            Coverage::LineOf { asset } => self.is(asset).then_some(2),
            Coverage::EveryLine => Some(1),
            _ => None,
        }
    }
}

impl Agreement {
    /// What a version says about who patches an asset. `patcher`: who is recorded, if that is settled.
    pub fn patching(&self, version: &Version, asset: Thing<'_>, patcher: Option<PartyId>) -> Covered {
        self.covered(&version.content, |coverage| asset.patched_by(coverage), patcher)
    }

    /// What a version says about the remote-maintenance line of a device. `owner`: whose line it is, if that is recorded.
    pub fn line(&self, version: &Version, device: Thing<'_>, owner: Option<PartyId>) -> Covered {
        self.covered(&version.content, |coverage| device.lined_by(coverage), owner)
    }

    fn covered(
        &self,
        content: &Content,
        closeness: impl Fn(&Coverage) -> Option<u8>,
        recorded: Option<PartyId>,
    ) -> Covered {
        let close = |duty: &Duty| duty.covers.iter().filter_map(&closeness).max();
        let Some(closest) = content.duties.iter().filter_map(close).max() else { return Covered::No };
        let duties = content.duties.iter().filter(|duty| close(duty) == Some(closest));
        let (mut keys, mut accountable) = (Vec::new(), Vec::new());
        for duty in duties {
            keys.push(duty.key.clone());
            accountable.push(duty.accountable().and_then(|name| self.bound.get(name)).copied());
        }
        accountable.sort();
        accountable.dedup();
        match (accountable.as_slice(), recorded) {
            ([Some(_)], None) => Covered::AsRecorded,
            ([Some(agreed)], Some(recorded)) if *agreed == recorded => Covered::AsRecorded,
            _ => Covered::Contradicted { duties: keys },
        }
    }
}
