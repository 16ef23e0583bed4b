//! The installation's signature over a file that leaves the house, in the form of minisign, so that the other party can verify
//! it with a tool of its own (`minisign -V`), or with shindan.
//!
//! The form: <https://jedisct1.github.io/minisign/>, "Signature format", algorithm `Ed` (Ed25519 over the file itself).

use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

use super::{Records, RecordsError};

/// A signature and the key that verifies it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormSignature {
    /// The content of the signature file.
    pub text: String,
    /// The public key, to be given to the other party by another way than the file.
    pub public_key: String,
}

/// Signs bytes. `comment` is signed with them; it must be one line.
///
/// # Errors
/// Those of the installation's key.
pub fn sign(records: &Records, bytes: &[u8], comment: &str) -> Result<FormSignature, RecordsError> {
    let public = records.store().public_key()?.0;
    let number = Sha256::digest(public);
    let number = number.get(..8).unwrap_or_default();
    let comment: String = comment.chars().filter(|letter| !letter.is_control()).collect();
    let signature = records.store().sign(bytes)?.0;
    let mut both = signature.to_vec();
    both.extend(comment.as_bytes());
    let over_both = records.store().sign(&both)?.0;
    let coded = |part: &[u8]| Base64::encode_string(&[b"Ed".as_slice(), number, part].concat());
    let text = format!(
        "untrusted comment: signature of a shindan installation\n{}\ntrusted comment: {comment}\n{}\n",
        coded(&signature),
        Base64::encode_string(&over_both)
    );
    Ok(FormSignature { text, public_key: coded(&public) })
}
