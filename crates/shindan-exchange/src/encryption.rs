//! Encryption for one receiver: the age format, version 1, with an X25519 recipient (<https://age-encryption.org/v1>).
//!
//! The one place with randomness: the age library draws the file key, its ephemeral key, its nonce and, in [`new_identity`],
//! the secret itself from the operating system; it has no other interface. Nothing here touches a file or a network.

use std::io::{self, Read, Write};

use age::secrecy::ExposeSecret;
use age::x25519::{Identity, Recipient};
use age::{Decryptor, Encryptor};
use shindan_domain::process::{Reason, ReasonCode};

use crate::{NotSealed, Trouble};

/// How an age file begins.
pub(crate) const BEGINNING: &[u8] = b"age-encryption.org/v1\n";
/// The header of an age file ends within so many bytes; a longer one is refused unread.
const LARGEST_HEADER: u64 = 64 << 10;

/// A new secret (`AGE-SECRET-KEY-1…`), to be kept as the installation's signing key is kept.
pub fn new_identity() -> String {
    Identity::generate().to_string().expose_secret().to_owned()
}

/// The recipient (`age1…`) of a secret; `None` if the text is none.
pub fn recipient_of(identity: &str) -> Option<String> {
    identity.trim().parse::<Identity>().ok().map(|identity| identity.to_public().to_string())
}

/// Whether a text is a recipient that can be encrypted for.
pub fn is_recipient(text: &str) -> bool {
    text.parse::<Recipient>().is_ok()
}

/// Writes what `write` writes, encrypted for a recipient.
///
/// # Errors
/// [`Trouble::Io`]; a recipient that is none ([`is_recipient`]) is an error of the caller, told as invalid input.
pub fn encrypt(
    recipient: &str,
    out: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let invalid = |error: String| io::Error::new(io::ErrorKind::InvalidInput, NotSealed(error));
    let recipient: Recipient = recipient.parse().map_err(|error: &str| invalid(error.to_owned()))?;
    let encryptor = Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
        .map_err(|error| invalid(error.to_string()))?;
    let mut writer = encryptor.wrap_output(out)?;
    write(&mut writer)?;
    writer.finish()?.flush()?;
    Ok(())
}

/// A reader of what is encrypted for `identity`.
pub(crate) fn decrypt<'r>(
    mut reader: Box<dyn Read + 'r>,
    identity: Option<&str>,
) -> Result<Box<dyn Read + 'r>, Trouble> {
    let cannot = || Trouble::from(Reason::new(ReasonCode::SealedCannotDecrypt));
    let identity: Identity = identity.and_then(|identity| identity.trim().parse().ok()).ok_or_else(cannot)?;
    let mut beginning = Vec::new();
    reader.by_ref().take(LARGEST_HEADER).read_to_end(&mut beginning)?;
    if !beginning.windows(5).any(|part| part == b"\n--- ") {
        return Err(cannot());
    }
    let whole: Box<dyn Read + 'r> = Box::new(io::Cursor::new(beginning).chain(reader));
    let decryptor = Decryptor::new(whole).map_err(|_| cannot())?;
    let stream = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).map_err(|_| cannot())?;
    Ok(Box::new(Decrypted(stream)))
}

/// Tells damage (of which the age library speaks in several kinds of error) from trouble with reading.
struct Decrypted<R: Read>(R);

impl<R: Read> Read for Decrypted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::Other => {
                io::Error::new(io::ErrorKind::InvalidData, error)
            }
            _ => error,
        })
    }
}
