//! Sigstore bundles, offline.
use crate::artefact::Artefact;
use crate::means::SigstoreMeans;
use crate::refusal::{Refusal, Signed};
use jiff::Timestamp;

pub(crate) fn verify(_: &mut Artefact<'_>, _: &SigstoreMeans<'_>, _: Timestamp) -> Result<Signed, Refusal> {
    Err(Refusal::unsupported("sigstore"))
}
