//! PEM (RFC 7468) as it is found: lines of any length.

use base64ct::{Base64, Encoding};

/// Label and content of the first block, and what follows it. `None` if there is no complete block.
pub(crate) fn first(text: &[u8]) -> Option<(&str, Vec<u8>, &[u8])> {
    let all = std::str::from_utf8(text).ok()?;
    let begin = all.find("-----BEGIN ")? + "-----BEGIN ".len();
    let after = all.get(begin..)?;
    let (label, after) = after.split_once("-----")?;
    let end = format!("-----END {label}-----");
    let (body, rest) = after.split_once(end.as_str())?;
    let compact: String = body.split_ascii_whitespace().collect();
    Some((label, Base64::decode_vec(&compact).ok()?, rest.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read_one_after_another_whatever_their_lines() {
        let text = "note\n-----BEGIN A-----\nQU\r\nJD\n-----END A-----\n-----BEGIN B B-----\nREVG\n-----END B B-----";
        let (label, content, rest) = first(text.as_bytes()).unwrap();
        assert_eq!((label, content.as_slice()), ("A", &b"ABC"[..]));
        let (label, content, rest) = first(rest).unwrap();
        assert_eq!((label, content.as_slice()), ("B B", &b"DEF"[..]));
        assert_eq!(first(rest), None);
        for broken in
            ["", "-----BEGIN A-----\nQUJD\n-----END B-----", "-----BEGIN A-----\nQ*JD\n-----END A-----"]
        {
            assert_eq!(first(broken.as_bytes()), None, "{broken}");
        }
    }
}
