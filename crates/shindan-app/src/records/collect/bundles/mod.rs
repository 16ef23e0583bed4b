//! Bundles for closed networks: what one installation collected, carried to another that reaches no source (SPEC.md section 4,
//! ④-2, closed networks).
//!
//! ```text
//! files in force + how the sources stand ─► pack ─► sign ─► recorded (number, manifest) ─► one file
//! one file ─► signature ─► key, order, time ─► unpack aside ─► read ─► in force ─► recorded, a check for each source (one act)
//! ```
//!
//! Keys that count are those of confirmed cards, as for sealed files. What the sender did not know to be recent is not recent
//! here, whenever it arrived.

mod making;
mod outcomes;
mod taking;
mod unpacked;

pub use making::{BundleMade, BundleOrder, export};
pub use shindan_exchange::bundle::{BundleManifest, BundleSource};
pub use taking::{BundleGiven, BundleLooked, BundleTaken, examine, head, import};

use shindan_domain::process::{Reason, ReasonCode};

use crate::data_folder::{BuildLock, DataFolder};
use crate::records::RecordsError;

/// Keeps synchronisations and other bundles away while files are put in force or packed.
fn alone(folder: &DataFolder) -> Result<BuildLock, RecordsError> {
    let under_way = || RecordsError::refused(None, Reason::new(ReasonCode::SyncUnderWay).into());
    folder.lock_collected()?.ok_or_else(under_way)
}
