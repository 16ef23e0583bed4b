//! `patch verify`

use shindan_app::clock;
use shindan_app::patch_verification::{self, DigestKind, VerificationRequest};
use shindan_domain::verification::Outcome;
use shindan_report::{json, table};

use super::{fail, not_written};
use crate::cli::TableOrJson;
use crate::cli::patch::{PatchCommand, VerifyArguments};
use crate::exit::Exit;
use crate::output::{Face, write_to};

/// Runs a verb of `patch`.
pub fn run(command: PatchCommand, face: &Face) -> Exit {
    match command {
        PatchCommand::Verify(arguments) => verify(*arguments, face),
    }
}

fn verify(arguments: VerifyArguments, face: &Face) -> Exit {
    let at = arguments.now.unwrap_or_else(clock::now);
    let format = arguments.format;
    let path = arguments.file.display().to_string();
    let verdict = match patch_verification::verify(&request(arguments), at) {
        Ok(verdict) => verdict,
        Err(error) => return fail(&error, face),
    };
    let written = write_to(None, |out| match format {
        TableOrJson::Json => Ok(json::write_patch_verify(&path, &verdict, at, out)?),
        TableOrJson::Table => {
            out.write_all(table::patch_verify(&path, &verdict, &face.words, &face.style(None)).as_bytes())
        }
    });
    if let Err(error) = written {
        return not_written(&error, face);
    }
    match verdict.outcome {
        Outcome::Genuine => Exit::Done,
        Outcome::Tampered => Exit::Tampered,
        Outcome::NoMeans => Exit::NoMeans,
        Outcome::KeyNotAcceptable => Exit::KeyNotAcceptable,
        Outcome::Unreadable => Exit::Unreadable,
    }
}

fn request(arguments: VerifyArguments) -> VerificationRequest {
    let digests = [
        (DigestKind::Sha256, arguments.sha256),
        (DigestKind::Sha384, arguments.sha384),
        (DigestKind::Sha512, arguments.sha512),
        (DigestKind::Sha1, arguments.sha1),
        (DigestKind::Md5, arguments.md5),
    ];
    let digests = digests.into_iter().flat_map(|(kind, values)| values.into_iter().map(move |v| (kind, v)));
    let mut signatures = arguments.signature;
    signatures.extend(arguments.minisign);
    VerificationRequest {
        file: arguments.file,
        name: arguments.name,
        digests: digests.collect(),
        checksums: arguments.checksums,
        checksums_signature: arguments.checksums_signature,
        signatures,
        keys: arguments.key,
        minisign_keys: arguments.minisign_key,
        sigstore: arguments.sigstore,
        trust_root: arguments.trust_root,
        identity: arguments.identity,
        issuer: arguments.issuer,
        cms: arguments.cms,
        certificates: arguments.ca,
        authenticode: arguments.authenticode,
        release: arguments.release,
        release_signature: arguments.release_signature,
        packages: arguments.packages,
        rpm: arguments.rpm,
        pins: arguments.pinned,
        channel: arguments.channel,
    }
}
