//! Host names of targets, looked up as the system of this server does it.
//!
//! A permitted host name counts with the addresses that it has when a step is asked for: behind a harmless name may stand a
//! medical device. The domain has no network, so the names are looked up here and handed to the use case. It looks them up only
//! after it has permitted the step, so that nobody without the role makes this server ask for names; and before anything is
//! written, so that a slow name server keeps nobody else waiting.

use shindan_app::clock;
use shindan_app::records::assessments::scans;
use shindan_app::records::{Records, RecordsError};
use shindan_domain::assessment::Target;
use shindan_probe::{Clock, LookUps};

/// Looks host names up: those of a step about these targets, side by side, as soon as the first of them is asked for.
///
/// # Errors
/// Those of reading the lists of targets.
pub(crate) fn names<'t>(
    records: &Records,
    targets: impl IntoIterator<Item = &'t Target>,
) -> Result<LookUps, RecordsError> {
    let clock = Clock { timestamp: clock::now, instant: clock::instant };
    Ok(LookUps::new(scans::names(records, targets)?, clock))
}
