//! Data packs inside the binary: policy, decision table, device dictionary, guideline catalogues.

use shindan_domain::crosswalk::Catalog;
use shindan_domain::devices::DeviceDictionary;
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::priority::{DecisionTable, Policy};
use shindan_formats::{catalog, devices, policy};

use crate::error::AppError;

/// The policy by which priorities are decided: decision table, defaults and thresholds.
#[derive(Debug)]
pub struct Prioritisation {
    /// SSVC deployer table.
    pub table: DecisionTable,
    /// Where inputs come from and what is taken when they are missing.
    pub policy: Policy,
}

fn pack(diagnostic: Diagnostic) -> AppError {
    AppError::Pack(Box::new(diagnostic))
}

/// The policy that ships with the program.
///
/// # Errors
/// [`AppError::Pack`] if the pack is unreadable, which a test excludes.
pub fn prioritisation() -> Result<Prioritisation, AppError> {
    let table = include_str!("../../../catalog/policy/ssvc-deployer.toml");
    let defaults = include_str!("../../../catalog/policy/default.toml");
    Ok(Prioritisation {
        table: policy::read_table(table, "catalog/policy/ssvc-deployer.toml").map_err(pack)?,
        policy: policy::read_policy(defaults, "catalog/policy/default.toml").map_err(pack)?,
    })
}

/// The device dictionary that ships with the program.
///
/// # Errors
/// [`AppError::Pack`] if the pack is unreadable, which a test excludes.
pub fn device_dictionary() -> Result<DeviceDictionary, AppError> {
    let text = include_str!("../../../catalog/devices/devices.toml");
    devices::read(text, "catalog/devices/devices.toml").map_err(pack)
}

/// The guideline catalogues that ship with the program, merged.
///
/// # Errors
/// [`AppError::Pack`] if a pack is unreadable, which a test excludes.
pub fn catalogs() -> Result<Catalog, AppError> {
    let packs = [
        (
            include_str!("../../../catalog/mic-meti-provider-1.1-annex2-p30.toml"),
            "catalog/mic-meti-provider-1.1-annex2-p30.toml",
        ),
        (include_str!("../../../catalog/mhlw-6.0.toml"), "catalog/mhlw-6.0.toml"),
    ];
    catalog::read_all(&packs).map_err(pack)
}
