//! Signatures by public keys as they stand in certificates: RSA (PKCS #1 v1.5 and PSS), ECDSA on P-256 and P-384, Ed25519.

use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::pkcs1::RsaPssParams;
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2_10::{Sha256, Sha384, Sha512};
use shindan_domain::verification::VerificationCode;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use crate::digest::Algorithm;
use crate::refusal::Refusal;

/// Smallest RSA modulus in bits (CRYPTREC and NIST SP 800-131A: below 2048 is no longer acceptable), and the largest one
/// worth computing with.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

macro_rules! oids {
    ($($name:ident = $text:literal;)*) => { $(pub(crate) const $name: ObjectIdentifier = ObjectIdentifier::new_unwrap($text);)* };
}

oids! {
    RSA = "1.2.840.113549.1.1.1";
    MD5_RSA = "1.2.840.113549.1.1.4";
    SHA1_RSA = "1.2.840.113549.1.1.5";
    PSS = "1.2.840.113549.1.1.10";
    SHA256_RSA = "1.2.840.113549.1.1.11";
    SHA384_RSA = "1.2.840.113549.1.1.12";
    SHA512_RSA = "1.2.840.113549.1.1.13";
    EC = "1.2.840.10045.2.1";
    P256 = "1.2.840.10045.3.1.7";
    P384 = "1.3.132.0.34";
    SHA1_ECDSA = "1.2.840.10045.4.1";
    SHA256_ECDSA = "1.2.840.10045.4.3.2";
    SHA384_ECDSA = "1.2.840.10045.4.3.3";
    SHA512_ECDSA = "1.2.840.10045.4.3.4";
    ED25519 = "1.3.101.112";
    SHA1 = "1.3.14.3.2.26";
    MD5 = "1.2.840.113549.2.5";
    SHA256 = "2.16.840.1.101.3.4.2.1";
    SHA384 = "2.16.840.1.101.3.4.2.2";
    SHA512 = "2.16.840.1.101.3.4.2.3";
    MGF1 = "1.2.840.113549.1.1.8";
}

/// How a signature was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    RsaPkcs1(Algorithm),
    RsaPss(Algorithm, usize),
    Ecdsa(Algorithm),
    Ed25519,
}

/// The digest algorithm of an identifier. Broken ones are refused as weak.
pub(crate) fn digest_algorithm(oid: &ObjectIdentifier) -> Result<Algorithm, Refusal> {
    match *oid {
        SHA256 => Ok(Algorithm::Sha256),
        SHA384 => Ok(Algorithm::Sha384),
        SHA512 => Ok(Algorithm::Sha512),
        SHA1 | SHA1_RSA | SHA1_ECDSA => Err(weak("SHA-1")),
        MD5 | MD5_RSA => Err(weak("MD5")),
        other => Err(Refusal::unsupported(format!("digest algorithm {other}"))),
    }
}

fn weak(algorithm: &str) -> Refusal {
    Refusal::key(VerificationCode::SignatureWeak).with("algorithm", algorithm)
}

/// The scheme of an identifier. CMS names the digest beside it (`digest`), certificates within.
pub(crate) fn scheme(id: &AlgorithmIdentifierOwned, digest: Option<Algorithm>) -> Result<Scheme, Refusal> {
    let scheme = match id.oid {
        RSA => Scheme::RsaPkcs1(digest.ok_or_else(|| Refusal::unsupported("RSA without a digest"))?),
        SHA256_RSA => Scheme::RsaPkcs1(Algorithm::Sha256),
        SHA384_RSA => Scheme::RsaPkcs1(Algorithm::Sha384),
        SHA512_RSA => Scheme::RsaPkcs1(Algorithm::Sha512),
        PSS => pss(id)?,
        SHA256_ECDSA => Scheme::Ecdsa(Algorithm::Sha256),
        SHA384_ECDSA => Scheme::Ecdsa(Algorithm::Sha384),
        SHA512_ECDSA => Scheme::Ecdsa(Algorithm::Sha512),
        ED25519 => Scheme::Ed25519,
        SHA1_RSA | SHA1_ECDSA | MD5_RSA => {
            return Err(digest_algorithm(&id.oid).err().unwrap_or_else(|| weak("SHA-1")));
        }
        other => return Err(Refusal::unsupported(format!("signature algorithm {other}"))),
    };
    // RFC 5652 section 5.3: both must name the same digest. (Ed25519 has none of its own, RFC 8419.)
    match (scheme, digest) {
        (Scheme::RsaPkcs1(own) | Scheme::RsaPss(own, _) | Scheme::Ecdsa(own), Some(digest))
            if own != digest =>
        {
            Err(Refusal::unsupported("signature and digest algorithms differ"))
        }
        _ => Ok(scheme),
    }
}

fn pss(id: &AlgorithmIdentifierOwned) -> Result<Scheme, Refusal> {
    let unreadable = || Refusal::unsupported("parameters of RSASSA-PSS");
    let parameters = id.parameters.as_ref().and_then(|any| any.to_der().ok()).ok_or_else(unreadable)?;
    let parameters = RsaPssParams::from_der(&parameters).map_err(|_| unreadable())?;
    let algorithm = digest_algorithm(&parameters.hash.oid)?;
    let of_mask = parameters.mask_gen.parameters.map(|p| p.oid);
    if parameters.mask_gen.oid != MGF1 || of_mask != Some(parameters.hash.oid) {
        return Err(unreadable());
    }
    Ok(Scheme::RsaPss(algorithm, usize::from(parameters.salt_len)))
}

impl Scheme {
    fn algorithm(self) -> Option<Algorithm> {
        match self {
            Scheme::RsaPkcs1(algorithm) | Scheme::RsaPss(algorithm, _) | Scheme::Ecdsa(algorithm) => {
                Some(algorithm)
            }
            Scheme::Ed25519 => None,
        }
    }
}

/// Verifies a signature over a message in memory.
pub(crate) fn verify(
    key: &SubjectPublicKeyInfoOwned,
    scheme: Scheme,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Refusal> {
    match scheme.algorithm() {
        Some(algorithm) => verify_digest(key, scheme, &algorithm.of(message), signature),
        None => ed25519(key, message, signature),
    }
}

/// Verifies a signature over a message whose digest, by the scheme's algorithm, is known.
pub(crate) fn verify_digest(
    key: &SubjectPublicKeyInfoOwned,
    scheme: Scheme,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), Refusal> {
    match scheme {
        Scheme::RsaPkcs1(algorithm) => {
            let padding = match algorithm {
                Algorithm::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
                Algorithm::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
                Algorithm::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
                Algorithm::Sha1 | Algorithm::Md5 => return Err(weak(algorithm.name())),
            };
            rsa_key(key)?.verify(padding, digest, signature).map_err(|_| bad())
        }
        Scheme::RsaPss(algorithm, salt) => {
            let padding = match algorithm {
                Algorithm::Sha256 => Pss::new_with_salt::<Sha256>(salt),
                Algorithm::Sha384 => Pss::new_with_salt::<Sha384>(salt),
                Algorithm::Sha512 => Pss::new_with_salt::<Sha512>(salt),
                Algorithm::Sha1 | Algorithm::Md5 => return Err(weak(algorithm.name())),
            };
            rsa_key(key)?.verify(padding, digest, signature).map_err(|_| bad())
        }
        Scheme::Ecdsa(_) => ecdsa(key, digest, signature),
        Scheme::Ed25519 => Err(Refusal::unsupported("Ed25519 over a digest")),
    }
}

fn bad() -> Refusal {
    Refusal::mismatch(VerificationCode::SignatureBad)
}

fn unreadable(reason: &str) -> Refusal {
    Refusal::unreadable(VerificationCode::KeyUnreadable).with("reason", reason)
}

fn rsa_key(key: &SubjectPublicKeyInfoOwned) -> Result<RsaPublicKey, Refusal> {
    if key.algorithm.oid != RSA && key.algorithm.oid != PSS {
        return Err(bad());
    }
    let bytes = key.subject_public_key.as_bytes().ok_or_else(|| unreadable("RSA"))?;
    let parts = rsa::pkcs1::RsaPublicKey::from_der(bytes).map_err(|_| unreadable("RSA"))?;
    let modulus = BigUint::from_bytes_be(parts.modulus.as_bytes());
    let bits = modulus.bits();
    if !RSA_BITS.contains(&bits) {
        return Err(Refusal::key(VerificationCode::KeyWeak).with("reason", format!("RSA, {bits} bits")));
    }
    let exponent = BigUint::from_bytes_be(parts.public_exponent.as_bytes());
    let key =
        RsaPublicKey::new_with_max_size(modulus, exponent, *RSA_BITS.end()).map_err(|_| unreadable("RSA"))?;
    debug_assert!(key.size() <= RSA_BITS.end() / 8);
    Ok(key)
}

fn ecdsa(key: &SubjectPublicKeyInfoOwned, digest: &[u8], signature: &[u8]) -> Result<(), Refusal> {
    if key.algorithm.oid != EC {
        return Err(bad());
    }
    let curve = key.algorithm.parameters.as_ref().and_then(|p| p.decode_as::<ObjectIdentifier>().ok());
    let point = key.subject_public_key.as_bytes().ok_or_else(|| unreadable("EC"))?;
    match curve {
        Some(P256) => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| unreadable("P-256"))?;
            let signature = p256::ecdsa::Signature::from_der(signature).map_err(|_| bad())?;
            key.verify_prehash(digest, &signature).map_err(|_| bad())
        }
        Some(P384) => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| unreadable("P-384"))?;
            let signature = p384::ecdsa::Signature::from_der(signature).map_err(|_| bad())?;
            key.verify_prehash(digest, &signature).map_err(|_| bad())
        }
        _ => Err(Refusal::unsupported("elliptic curve other than P-256 and P-384")),
    }
}

fn ed25519(key: &SubjectPublicKeyInfoOwned, message: &[u8], signature: &[u8]) -> Result<(), Refusal> {
    if key.algorithm.oid != ED25519 {
        return Err(bad());
    }
    let bytes = key.subject_public_key.as_bytes().and_then(|b| <&[u8; 32]>::try_from(b).ok());
    let key = ed25519_dalek::VerifyingKey::from_bytes(bytes.ok_or_else(|| unreadable("Ed25519"))?)
        .map_err(|_| unreadable("Ed25519"))?;
    let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| bad())?;
    key.verify_strict(message, &signature).map_err(|_| bad())
}

/// The scheme in which a key signs digests: what its type and size suggest (Sigstore's default key details).
pub(crate) fn default_scheme(key: &SubjectPublicKeyInfoOwned) -> Result<Scheme, Refusal> {
    let curve = key.algorithm.parameters.as_ref().and_then(|p| p.decode_as::<ObjectIdentifier>().ok());
    match (key.algorithm.oid, curve) {
        (EC, Some(P256)) => Ok(Scheme::Ecdsa(Algorithm::Sha256)),
        (EC, Some(P384)) => Ok(Scheme::Ecdsa(Algorithm::Sha384)),
        (RSA, _) => Ok(Scheme::RsaPkcs1(Algorithm::Sha256)),
        (ED25519, _) => Ok(Scheme::Ed25519),
        (other, _) => Err(Refusal::unsupported(format!("key type {other}"))),
    }
}
