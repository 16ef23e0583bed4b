//! Which versions of TLS a server offers: one greeting (`ClientHello`) for one version, and what the server answers. Only what
//! is sent in the clear is read (RFC 6101, 2246, 4346, 5246, 8446, each section 7.4 or 4.1); no library speaks the old versions.

use std::io::{Read, Write};

use crate::connection::{Session, Trouble};
use crate::target::Target;

/// A version of SSL or TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    Ssl3,
    Tls10,
    Tls11,
    Tls12,
    Tls13,
}

impl Version {
    pub(crate) const ALL: [Version; 5] =
        [Version::Ssl3, Version::Tls10, Version::Tls11, Version::Tls12, Version::Tls13];

    fn number(self) -> u16 {
        match self {
            Version::Ssl3 => 0x0300,
            Version::Tls10 => 0x0301,
            Version::Tls11 => 0x0302,
            Version::Tls12 => 0x0303,
            Version::Tls13 => 0x0304,
        }
    }

    fn ciphers(self) -> &'static [u16] {
        match self {
            Version::Tls13 => &[0x1301, 0x1302, 0x1303],
            Version::Tls12 => &[
                0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca8, 0xcca9, 0x009e, 0x009f, 0x009c, 0x009d, 0xc023,
                0xc024, 0xc027, 0xc028, 0x0067, 0x006b, 0x003c, 0x003d, 0xc009, 0xc00a, 0xc013, 0xc014,
                0x0033, 0x0039, 0x002f, 0x0035, 0x000a, 0x0005, 0x00ff,
            ],
            _ => &[
                0xc009, 0xc00a, 0xc013, 0xc014, 0x0033, 0x0039, 0x002f, 0x0035, 0xc012, 0x0016, 0x000a,
                0x0005, 0x0004, 0x0009, 0x00ff,
            ],
        }
    }
}

/// What a server answers to the greeting for one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Offer {
    /// It takes this version, and shows these certificates (none in TLS 1.3, where they are encrypted).
    Offered(Vec<Vec<u8>>),
    /// It says that it does not, or takes another version.
    Declined,
    /// It hangs up without a word. From a server that speaks TLS that means no.
    HungUp,
    /// It could not be found out.
    Unknown(Trouble),
}

/// Asks whether the target offers a version.
pub(crate) fn offer(session: &mut Session<'_>, target: &Target, version: Version) -> Offer {
    let mut stream = match session.connect(target) {
        Ok(stream) => stream,
        Err(trouble) => return Offer::Unknown(trouble),
    };
    if let Err(error) = stream.write_all(&greeting(version, super::server_name(target))) {
        return Offer::Unknown(stream.trouble(&error));
    }
    match answer(&mut stream, version) {
        Ok(offer) => offer,
        Err(Unread::Io(error)) => match (stream.trouble(&error), error.kind()) {
            (Trouble::BrokenOff, _) => Offer::HungUp,
            (trouble, _) => Offer::Unknown(trouble),
        },
        Err(Unread::NotTls) => Offer::Unknown(Trouble::NotTls),
    }
}

fn block16(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    [&length.to_be_bytes()[..], bytes].concat()
}

fn extension(kind: u16, content: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &block16(content)].concat()
}

fn numbers(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

/// The greeting as a record. Its "random" is fixed: nothing is ever encrypted with what follows from it.
fn greeting(version: Version, name: Option<&str>) -> Vec<u8> {
    let legacy = version.number().min(Version::Tls12.number());
    let mut body = legacy.to_be_bytes().to_vec();
    body.extend((0u8..32).map(|at| at.wrapping_mul(37).wrapping_add(11)));
    body.push(0);
    body.extend(block16(&numbers(version.ciphers())));
    body.extend([1, 0]);
    if version != Version::Ssl3 {
        body.extend(block16(&extensions(version, name)));
    }
    let length = u32::try_from(body.len()).unwrap_or(0).to_be_bytes();
    let message = [&[1, length[1], length[2], length[3]][..], &body].concat();
    let record = if version == Version::Ssl3 { Version::Ssl3 } else { Version::Tls10 };
    [&[22][..], &record.number().to_be_bytes(), &block16(&message)].concat()
}

fn extensions(version: Version, name: Option<&str>) -> Vec<u8> {
    let mut all = Vec::new();
    if let Some(name) = name {
        let entry = [&[0][..], &block16(name.as_bytes())].concat();
        all.extend(extension(0, &block16(&entry)));
    }
    all.extend(extension(10, &block16(&numbers(&[0x001d, 0x0017, 0x0018, 0x0019]))));
    all.extend(extension(11, &[1, 0]));
    if version >= Version::Tls12 {
        let schemes =
            [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0807];
        all.extend(extension(13, &block16(&numbers(&schemes))));
    }
    if version == Version::Tls13 {
        all.extend(extension(43, &[2, 3, 4]));
        all.extend(extension(45, &[1, 1]));
        // The base point of Curve25519: a valid public key, whose private key nobody needs.
        let mut point = [0; 32];
        point[0] = 9;
        let share = [&numbers(&[0x001d])[..], &block16(&point)].concat();
        all.extend(extension(51, &block16(&share)));
    }
    all
}

enum Unread {
    Io(std::io::Error),
    NotTls,
}

impl From<std::io::Error> for Unread {
    fn from(error: std::io::Error) -> Self {
        Unread::Io(error)
    }
}

/// Most bytes of messages that are read.
const MOST: usize = 256 << 10;

fn answer(stream: &mut impl Read, version: Version) -> Result<Offer, Unread> {
    let mut messages = Vec::new();
    let mut accepted = false;
    loop {
        let (kind, content) = match record(stream) {
            Ok(record) => record,
            // It took the version, and then did not show its certificate: the version is offered all the same.
            Err(Unread::Io(error)) if accepted && error.kind() == std::io::ErrorKind::UnexpectedEof => {
                return Ok(Offer::Offered(Vec::new()));
            }
            Err(other) => return Err(other),
        };
        match kind {
            21 if accepted => return Ok(Offer::Offered(Vec::new())),
            // A warning (unrecognised name) is followed by the answer proper.
            21 if content.first() == Some(&1) && content.get(1) != Some(&0) => continue,
            21 => return Ok(Offer::Declined),
            22 => messages.extend(content),
            _ => return if accepted { Ok(Offer::Offered(Vec::new())) } else { Err(Unread::NotTls) },
        }
        while let Some((kind, body, length)) = message(&messages) {
            match kind {
                2 if selected(body).ok_or(Unread::NotTls)? != version.number() => return Ok(Offer::Declined),
                2 if version == Version::Tls13 => return Ok(Offer::Offered(Vec::new())),
                2 => accepted = true,
                11 if accepted => return Ok(Offer::Offered(certificates(body))),
                14 if accepted => return Ok(Offer::Offered(Vec::new())),
                _ if accepted => {}
                _ => return Err(Unread::NotTls),
            }
            messages.drain(..length);
        }
        if messages.len() > MOST {
            return Err(Unread::NotTls);
        }
    }
}

/// Kind and content of the next record.
fn record(stream: &mut impl Read) -> Result<(u8, Vec<u8>), Unread> {
    let mut head = [0; 5];
    stream.read_exact(&mut head)?;
    let [kind, major, _, high, low] = head;
    let length = usize::from(u16::from_be_bytes([high, low]));
    if !(20..=23).contains(&kind) || major != 3 || length == 0 || length > (1 << 14) + 2048 {
        return Err(Unread::NotTls);
    }
    let mut content = vec![0; length];
    stream.read_exact(&mut content)?;
    Ok((kind, content))
}

/// Kind, body and whole length of the first message, once it is whole.
fn message(bytes: &[u8]) -> Option<(u8, &[u8], usize)> {
    let [kind, a, b, c] = *bytes.first_chunk::<4>()?;
    let length = 4 + usize::try_from(u32::from_be_bytes([0, a, b, c])).ok()?;
    Some((kind, bytes.get(4..length)?, length))
}

/// The version that a `ServerHello` selects.
fn selected(body: &[u8]) -> Option<u16> {
    let legacy = u16::from_be_bytes(*body.first_chunk::<2>()?);
    let session = usize::from(*body.get(34)?);
    let Some(mut rest) = body.get(35 + session + 3 + 2..) else { return Some(legacy) };
    while let Some([a, b, high, low]) = rest.first_chunk::<4>().copied() {
        let length = usize::from(u16::from_be_bytes([high, low]));
        let content = rest.get(4..4 + length)?;
        if u16::from_be_bytes([a, b]) == 43 {
            return content.first_chunk::<2>().map(|version| u16::from_be_bytes(*version));
        }
        rest = rest.get(4 + length..).unwrap_or_default();
    }
    Some(legacy)
}

/// The certificates of a `Certificate` message; what is cut off is left out.
fn certificates(body: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut rest = body.get(3..).unwrap_or_default();
    while let Some([a, b, c]) = rest.first_chunk::<3>().copied() {
        let end = 3 + usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap_or(usize::MAX - 3);
        let Some(one) = rest.get(3..end) else { break };
        all.push(one.to_vec());
        rest = rest.get(end..).unwrap_or_default();
    }
    all
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn server_hello(version: u16, extensions: &[u8]) -> Vec<u8> {
        let mut body = version.to_be_bytes().to_vec();
        body.extend([7; 32]);
        body.extend([0, 0x00, 0x2f, 0]);
        if !extensions.is_empty() {
            body.extend(block16(extensions));
        }
        let length = u8::try_from(body.len()).unwrap();
        [&[2, 0, 0, length][..], &body].concat()
    }

    fn in_records(messages: &[u8], size: usize) -> Vec<u8> {
        messages.chunks(size).flat_map(|part| [&[22, 3, 1][..], &block16(part)].concat()).collect()
    }

    fn read(bytes: Vec<u8>, version: Version) -> Result<Offer, Unread> {
        answer(&mut Cursor::new(bytes), version)
    }

    #[test]
    fn an_answer_is_read_however_it_is_cut_into_records() {
        let certificate = [&[11, 0, 0, 9, 0, 0, 6, 0, 0, 3][..], b"abc"].concat();
        let messages = [server_hello(0x0301, &[]), certificate].concat();
        for size in [1, 3, 40, 500] {
            let offer = read(in_records(&messages, size), Version::Tls10).ok().unwrap();
            assert_eq!(offer, Offer::Offered(vec![b"abc".to_vec()]));
        }
        let lower = read(in_records(&messages, 500), Version::Tls11).ok().unwrap();
        assert_eq!(lower, Offer::Declined, "another version than the one asked for");
    }

    #[test]
    fn tls_1_3_hides_behind_an_extension() {
        let hello = server_hello(0x0303, &extension(43, &[3, 4]));
        assert_eq!(read(in_records(&hello, 500), Version::Tls13).ok().unwrap(), Offer::Offered(Vec::new()));
        let old = server_hello(0x0303, &[]);
        assert_eq!(read(in_records(&old, 500), Version::Tls13).ok().unwrap(), Offer::Declined);
    }

    #[test]
    fn alerts_decline_and_rubbish_is_not_tls() {
        let alert = vec![21, 3, 1, 0, 2, 2, 70];
        assert_eq!(read(alert, Version::Tls10).ok().unwrap(), Offer::Declined);
        for rubbish in [&b"HTTP/1.1 400 Bad"[..], &[22, 3, 1, 0, 0, 0], &[22, 3, 1, 0, 4, 9, 0, 0, 0]] {
            assert!(matches!(read(rubbish.to_vec(), Version::Tls10), Err(Unread::NotTls)), "{rubbish:?}");
        }
        assert!(matches!(read(vec![22, 3], Version::Tls10), Err(Unread::Io(_))));
        for seed in 0..2000_u32 {
            let bytes = (0..60).map(|at| (seed.wrapping_mul(2_654_435_761).rotate_left(at) & 0xff) as u8);
            let record = [&[22, 3, 1, 0, 60][..], &bytes.collect::<Vec<_>>()].concat();
            drop(read(record, Version::Tls12));
        }
    }
}
