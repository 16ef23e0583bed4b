//! minisign signatures (also signify's successor format): Ed25519 over the file's BLAKE2b digest, or, in the legacy form,
//! over the file itself; and over the trusted comment.

use std::io::Read;

use minisign_verify::{Error, PublicKey, Signature};
use shindan_domain::verification::VerificationCode;

use crate::artefact::{Artefact, LIMIT_IN_MEMORY};
use crate::digest::pump;
use crate::openpgp::Pin;
use crate::recognise::{KeyKind, key_kind};
use crate::refusal::{Refusal, Signed, readable};

/// Verifies a signature with the first of the keys that made it. The keys are the texts of `minisign.pub` files or bare
/// keys of 56 characters.
pub(crate) fn verify(
    artefact: &mut Artefact<'_>,
    signature: &[u8],
    keys: &[&[u8]],
    pins: &[Pin],
) -> Result<Signed, Refusal> {
    let unreadable =
        |reason: &str| Refusal::unreadable(VerificationCode::SignatureUnreadable).with("reason", reason);
    let text = std::str::from_utf8(signature).map_err(|_| unreadable("not UTF-8"))?;
    // Four lines, each ended, and nothing else: what stands behind them is covered by nothing.
    if text.lines().count() != 4 {
        return Err(unreadable("a minisign signature has four lines"));
    }
    let signature = Signature::decode(text).map_err(|e| unreadable(&e.to_string()))?;
    let issuer = issuer(text).unwrap_or_default();
    let keys: Vec<&[u8]> = keys.iter().copied().filter(|key| key_kind(key) == KeyKind::Minisign).collect();
    if keys.is_empty() {
        return Err(Refusal::key(VerificationCode::KeyMissing).with("issuer", issuer));
    }
    let mut unknown = true;
    for key in keys {
        let (key, written) = public_key(key)?;
        match key.verify_stream(&signature) {
            Err(Error::UnexpectedKeyId) => continue,
            Err(Error::UnsupportedLegacyMode) | Ok(_) => {}
            Err(error) => return Err(unreadable(&error.to_string())),
        }
        unknown = false;
        if !pins.is_empty() && !pins.iter().any(|pin| pin.is_text(&written)) {
            let refusal = Refusal::key(VerificationCode::KeyNotPinned).by(issuer.as_str());
            return Err(refusal.with("fingerprint", &written).with("pinned", pins.len()));
        }
        if holds(artefact, &key, &signature)? {
            let mut signed = Signed { signer: Some(issuer), ..Signed::default() };
            signed.params.insert("comment".to_owned(), readable(signature.trusted_comment()));
            return Ok(signed);
        }
    }
    if unknown {
        return Err(Refusal::key(VerificationCode::KeyUnknown).with("issuer", issuer));
    }
    Err(Refusal::mismatch(VerificationCode::SignatureBad).by(issuer))
}

fn holds(artefact: &mut Artefact<'_>, key: &PublicKey, signature: &Signature) -> Result<bool, Refusal> {
    let size = artefact.size().map_err(|e| Refusal::io(&e))?;
    let content = artefact.rewound().map_err(|e| Refusal::io(&e))?;
    let result = match key.verify_stream(signature) {
        Ok(mut verifier) => {
            pump(content, |piece| verifier.update(piece)).map_err(|e| Refusal::io(&e))?;
            verifier.finalize()
        }
        Err(Error::UnsupportedLegacyMode) => {
            if size > LIMIT_IN_MEMORY {
                return Err(Refusal::unsupported("minisign legacy signature of a file larger than 512 MiB"));
            }
            let mut bytes = Vec::new();
            content.take(LIMIT_IN_MEMORY).read_to_end(&mut bytes).map_err(|e| Refusal::io(&e))?;
            key.verify(&bytes, signature, true)
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(()) => Ok(true),
        Err(Error::InvalidSignature) => Ok(false),
        Err(error) => Err(Refusal::unreadable(VerificationCode::SignatureUnreadable).with("reason", error)),
    }
}

/// A key, and its 56 characters.
fn public_key(bytes: &[u8]) -> Result<(PublicKey, String), Refusal> {
    let unreadable =
        |reason: String| Refusal::unreadable(VerificationCode::KeyUnreadable).with("reason", reason);
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable("not UTF-8".to_owned()))?;
    let line =
        text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("untrusted comment:"));
    let line = line.ok_or_else(|| unreadable("no key".to_owned()))?;
    let key = PublicKey::from_base64(line).map_err(|e| unreadable(e.to_string()))?;
    Ok((key, line.to_owned()))
}

/// The key id as minisign prints it: hexadecimal, most significant byte first, without leading zeros.
fn issuer(signature: &str) -> Option<String> {
    use base64ct::{Base64, Encoding};
    let decoded = Base64::decode_vec(signature.lines().nth(1)?.trim()).ok()?;
    let id: [u8; 8] = decoded.get(2..10)?.try_into().ok()?;
    Some(format!("{:X}", u64::from_le_bytes(id)))
}
