//! Whether a log's entry speaks about this signature, this signer and this content.

use base64ct::{Base64, Encoding};
use serde_json::Value;
use shindan_domain::verification::VerificationCode;

use super::Signer;
use super::bundle::Entry;
use super::content::SignedContent;
use crate::digest::{Algorithm, from_hex};
use crate::pem;
use crate::refusal::Refusal;

/// Compares the entry's body with the bundle. Kinds that are not known are refused.
pub(super) fn speaks_of(entry: &Entry, signer: &Signer, content: &SignedContent) -> Result<(), Refusal> {
    let body: Value =
        serde_json::from_slice(&entry.canonicalized_body.0).map_err(|_| different("body unreadable"))?;
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
    let stated = (entry.kind_version.kind.as_str(), entry.kind_version.version.as_str());
    if text("/kind") != Some(stated.0) || text("/apiVersion") != Some(stated.1) {
        return Err(different("kind"));
    }
    let body = Body { value: &body, signer, content };
    match stated {
        ("hashedrekord", "0.0.1") => body.hashed_1(),
        ("hashedrekord", "0.0.2") => body.hashed_2(),
        ("dsse", "0.0.1") => body.statement_1(),
        ("dsse", "0.0.2") => body.statement_2(),
        ("intoto", "0.0.2") => body.in_toto(),
        (kind, version) => Err(Refusal::unsupported(format!("log entry {kind} {version}"))),
    }
}

fn different(reason: &str) -> Refusal {
    Refusal::mismatch(VerificationCode::LogEntryDifferent).with("reason", reason)
}

struct Body<'a> {
    value: &'a Value,
    signer: &'a Signer,
    content: &'a SignedContent,
}

impl Body<'_> {
    fn text(&self, pointer: &str) -> Result<&str, Refusal> {
        self.value.pointer(pointer).and_then(Value::as_str).ok_or_else(|| different(pointer))
    }

    fn bytes(&self, pointer: &str) -> Result<Vec<u8>, Refusal> {
        Base64::decode_vec(self.text(pointer)?).map_err(|_| different(pointer))
    }

    /// The list must have one element.
    fn one(&self, pointer: &str) -> Result<(), Refusal> {
        match self.value.pointer(pointer).and_then(Value::as_array).map(Vec::len) {
            Some(1) => Ok(()),
            _ => Err(different(pointer)),
        }
    }

    fn same_signature(&self, signature: &[u8]) -> Result<(), Refusal> {
        if signature == self.content.signature { Ok(()) } else { Err(different("signature")) }
    }

    /// The signer's certificate or key, in PEM.
    fn same_pem(&self, text: &[u8]) -> Result<(), Refusal> {
        let label = if self.signer.certificate.is_some() { "CERTIFICATE" } else { "PUBLIC KEY" };
        match pem::first(text) {
            Some((found, der, _)) if found == label && der == self.signer.encoded => Ok(()),
            _ => Err(different("certificate or key")),
        }
    }

    /// The signer's certificate or key, in DER, as the second generation of logs writes it.
    fn same_verifier(&self, at: &str) -> Result<(), Refusal> {
        let field = if self.signer.certificate.is_some() { "x509Certificate" } else { "publicKey" };
        if self.bytes(&format!("{at}/{field}/rawBytes"))? == self.signer.encoded {
            return Ok(());
        }
        Err(different("certificate or key"))
    }

    fn same_content(&self, algorithm: &str, digest: &[u8]) -> Result<(), Refusal> {
        let algorithm = match algorithm {
            "sha256" | "SHA2_256" => Algorithm::Sha256,
            "sha384" | "SHA2_384" => Algorithm::Sha384,
            "sha512" | "SHA2_512" => Algorithm::Sha512,
            other => return Err(Refusal::unsupported(other)),
        };
        match self.content.digests.get(&algorithm) {
            Some(own) if own == digest => Ok(()),
            _ => Err(different("digest")),
        }
    }

    fn same_payload(&self, algorithm: &str, digest: &[u8]) -> Result<(), Refusal> {
        let payload = self.content.payload.as_ref().ok_or_else(|| different("statement"))?;
        if !matches!(algorithm, "sha256" | "SHA2_256") {
            return Err(Refusal::unsupported(algorithm));
        }
        if Algorithm::Sha256.of(payload) == digest { Ok(()) } else { Err(different("payload")) }
    }

    fn hexadecimal(&self, pointer: &str) -> Result<Vec<u8>, Refusal> {
        from_hex(self.text(pointer)?).ok_or_else(|| different(pointer))
    }

    fn hashed_1(&self) -> Result<(), Refusal> {
        self.same_content(
            self.text("/spec/data/hash/algorithm")?,
            &self.hexadecimal("/spec/data/hash/value")?,
        )?;
        self.same_signature(&self.bytes("/spec/signature/content")?)?;
        self.same_pem(&self.bytes("/spec/signature/publicKey/content")?)
    }

    fn hashed_2(&self) -> Result<(), Refusal> {
        let spec = "/spec/hashedRekordV002";
        let digest = self.bytes(&format!("{spec}/data/digest"))?;
        self.same_content(self.text(&format!("{spec}/data/algorithm"))?, &digest)?;
        self.same_signature(&self.bytes(&format!("{spec}/signature/content"))?)?;
        self.same_verifier(&format!("{spec}/signature/verifier"))
    }

    fn statement_1(&self) -> Result<(), Refusal> {
        let digest = self.hexadecimal("/spec/payloadHash/value")?;
        self.same_payload(self.text("/spec/payloadHash/algorithm")?, &digest)?;
        self.one("/spec/signatures")?;
        self.same_signature(&self.bytes("/spec/signatures/0/signature")?)?;
        self.same_pem(&self.bytes("/spec/signatures/0/verifier")?)
    }

    fn statement_2(&self) -> Result<(), Refusal> {
        let spec = "/spec/dsseV002";
        let digest = self.bytes(&format!("{spec}/payloadHash/digest"))?;
        self.same_payload(self.text(&format!("{spec}/payloadHash/algorithm"))?, &digest)?;
        self.one(&format!("{spec}/signatures"))?;
        self.same_signature(&self.bytes(&format!("{spec}/signatures/0/content"))?)?;
        self.same_verifier(&format!("{spec}/signatures/0/verifier"))
    }

    /// Here the signature is base64 of base64, and so is the payload, where it is kept.
    fn in_toto(&self) -> Result<(), Refusal> {
        let digest = self.hexadecimal("/spec/content/payloadHash/value")?;
        self.same_payload(self.text("/spec/content/payloadHash/algorithm")?, &digest)?;
        let envelope = "/spec/content/envelope";
        self.one(&format!("{envelope}/signatures"))?;
        let twice = |pointer: &str| -> Result<Vec<u8>, Refusal> {
            let inner = String::from_utf8(self.bytes(pointer)?).map_err(|_| different(pointer))?;
            Base64::decode_vec(&inner).map_err(|_| different(pointer))
        };
        self.same_signature(&twice(&format!("{envelope}/signatures/0/sig"))?)?;
        let payload = format!("{envelope}/payload");
        if self.value.pointer(&payload).is_some() && Some(twice(&payload)?) != self.content.payload {
            return Err(different("payload"));
        }
        self.same_pem(&self.bytes(&format!("{envelope}/signatures/0/publicKey"))?)
    }
}
