//! What sealed files and bundles have in common behind their first bytes: `version ‖ length ‖ envelope`, and how they refuse.

use std::io::Read;

use shindan_domain::process::{Reason, ReasonCode};

use crate::dsse::{Signed, read_signed};
use crate::statement::Statement;
use crate::{Limits, Trouble};

/// Reads the version, which must be `known`, and the signed statement. `unrecognised`: what a version from before the first one is.
pub(crate) fn read_head<S: Statement>(
    reader: &mut Box<dyn Read + '_>,
    (known, unrecognised): (u16, ReasonCode),
    limits: &Limits,
) -> Result<Signed<S>, Trouble> {
    let version = u16::from_be_bytes(exactly(reader)?);
    if version != known {
        let code = if version > known { ReasonCode::SealedNewerFormat } else { unrecognised };
        return Err(Reason::new(code).with("found", version).with("known", known).into());
    }
    let length = u64::from(u32::from_be_bytes(exactly(reader)?));
    if length > limits.envelope {
        return Err(oversize("envelope", limits.envelope).into());
    }
    let envelope = up_to(reader, length)?;
    if envelope.len() as u64 != length {
        return Err(truncated());
    }
    // The envelope stands where it must, so that what is none was damaged.
    let read = read_signed::<S>(&envelope, limits).map_err(|reason| match reason.code {
        ReasonCode::SealedUnrecognised => tampered("envelope"),
        _ => reason,
    });
    Ok(read?)
}

/// So many bytes, or fewer if there are no more.
pub(crate) fn up_to(reader: &mut Box<dyn Read + '_>, count: u64) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    reader.by_ref().take(count).read_to_end(&mut bytes)?;
    Ok(bytes)
}

pub(crate) fn exactly<const N: usize>(reader: &mut Box<dyn Read + '_>) -> Result<[u8; N], Trouble> {
    up_to(reader, N as u64)?.try_into().map_err(|_| truncated())
}

pub(crate) fn tampered(part: &str) -> Reason {
    Reason::new(ReasonCode::SealedTampered).with("part", part)
}

pub(crate) fn oversize(part: &str, limit: u64) -> Reason {
    Reason::new(ReasonCode::SealedOversize).with("part", part).with("limit", limit)
}

pub(crate) fn truncated() -> Trouble {
    Reason::new(ReasonCode::SealedTruncated).into()
}
