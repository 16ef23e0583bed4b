//! CPE names as sources write them, brought to the one form that is stored.

use shindan_domain::cpe::Cpe;

/// The CPE 2.3 formatted string of a CPE 2.2 URI or of a 2.3 name. Common deviations are accepted.
///
/// # Errors
/// The reason, if the text cannot be read in one way only.
pub(super) fn to_cpe23(text: &str) -> Result<String, String> {
    match Cpe::parse_lenient(text.trim()) {
        Ok((cpe, _)) => Ok(cpe.to_string()),
        Err(error) => Err(error.to_string()),
    }
}
