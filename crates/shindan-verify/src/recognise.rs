//! What kind of signature a file holds, told from its content and never from its name.

/// Kinds of signatures that stand beside a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// OpenPGP, armored or binary, detached.
    OpenPgp,
    /// An OpenPGP clear-signed text.
    OpenPgpCleartext,
    /// minisign.
    Minisign,
    /// A Sigstore bundle.
    Sigstore,
    /// CMS (PKCS#7), PEM or DER.
    Cms,
}

/// The DER of the object identifier of signed data, 1.2.840.113549.1.7.2.
const SIGNED_DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

/// Whether a list is clear-signed. The mark counts wherever it stands: behind a long comment, too, a list must not become
/// an unsigned one.
pub(crate) fn is_clear_signed(list: &[u8]) -> bool {
    const MARK: &[u8] = b"-----BEGIN PGP SIGNED MESSAGE-----";
    list.windows(MARK.len()).any(|window| window == MARK)
}

pub(crate) fn kind(signature: &[u8]) -> Option<Kind> {
    let start = signature.get(..signature.len().min(4096)).unwrap_or_default();
    let has = |text: &str| start.windows(text.len()).any(|window| window == text.as_bytes());
    if has("-----BEGIN PGP SIGNED MESSAGE-----") {
        return Some(Kind::OpenPgpCleartext);
    }
    if has("-----BEGIN PGP SIGNATURE-----") || has("-----BEGIN PGP MESSAGE-----") {
        return Some(Kind::OpenPgp);
    }
    if start.starts_with(b"untrusted comment:") {
        return Some(Kind::Minisign);
    }
    if has("-----BEGIN PKCS7-----") || has("-----BEGIN CMS-----") {
        return Some(Kind::Cms);
    }
    match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => Some(Kind::Sigstore),
        Some(0x30) if start.windows(SIGNED_DATA.len()).take(16).any(|window| window == SIGNED_DATA) => {
            Some(Kind::Cms)
        }
        // The first byte of an OpenPGP packet has its highest bit set; a signature is packet 2 in either format.
        Some(0x88..=0x8b | 0xc2) => Some(Kind::OpenPgp),
        _ => None,
    }
}

/// Kinds of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// An OpenPGP certificate, or what is taken for one.
    OpenPgp,
    /// A `minisign.pub` file, or the key itself.
    Minisign,
    /// A bare public key, PEM.
    Pem,
}

pub(crate) fn key_kind(key: &[u8]) -> KeyKind {
    let text = key.trim_ascii();
    if text.starts_with(b"untrusted comment:") || text.len() == 56 && text.starts_with(b"RW") {
        return KeyKind::Minisign;
    }
    if text.starts_with(b"-----BEGIN PUBLIC KEY-----") {
        return KeyKind::Pem;
    }
    KeyKind::OpenPgp
}
