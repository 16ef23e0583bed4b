//! Splits version text into tokens. Japanese needs no blanks between words, so known phrases are found by longest
//! match; whatever is not known becomes a [`Token::Word`], which no rule of the grammar accepts by accident.

use super::{en, ja};

/// The meaning of a known sign or phrase, in either language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// `<`, "before", in front of the version.
    Lt,
    /// `<=`, "through".
    Le,
    /// `>`, "later than".
    Gt,
    /// `>=`, "since".
    Ge,
    /// `=`
    Eq,
    /// より前, 未満: behind the version.
    PostLt,
    /// 以前, およびそれ以前, "and earlier".
    PostLe,
    /// より後
    PostGt,
    /// 以降, "and later".
    PostGe,
    /// "from", in front of the version.
    FromBefore,
    /// から, behind the version.
    FromAfter,
    /// "to" between two versions.
    To,
    /// "between"
    Between,
    /// "including"
    Including,
    /// "excluding", "except", を除く
    Excluding,
    /// 全バージョン, "all versions"
    All,
    /// バージョン, "version", "firmware", の: says nothing beyond what is said by the version itself.
    Noun,
    /// A mark glued to the front of a number as "V" is; kept apart because `V 4.01` is one version.
    Mark,
    /// BIOS: a noun that also names what the version belongs to.
    Bios,
    /// 系, "series"
    Series,
    /// 版, エディション: the words before it name an edition.
    Edition,
    /// のみ, "only affected by": accepted inside a CVE list only.
    Only,
    /// および, "and"
    And,
    /// `,` 、
    Comma,
    /// `|`
    Pipe,
    /// New line or `;`
    Break,
    /// `/`
    Slash,
    /// A dash with blanks around it, or – —
    Dash,
    /// 〜 ～ ~
    Tilde,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `*`
    Star,
}

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Latin letters, digits and signs in one piece, with at least one digit.
    Atom(String),
    /// A CVE number, in capitals.
    Cve(String),
    /// Anything that is not known.
    Word(String),
    /// A known sign or phrase.
    Key(Key),
}

/// Splits `text`, which must be NFKC-normalised already.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut rest = text;
    let mut blank_before = true;
    while let Some(first) = rest.chars().next() {
        if first == '\n' {
            out.push(Token::Key(Key::Break));
            rest = &rest[1..];
            blank_before = true;
            continue;
        }
        if first.is_whitespace() || first == '\u{200b}' || first == '\u{feff}' {
            rest = &rest[first.len_utf8()..];
            blank_before = true;
            continue;
        }
        let (token, length) = next_token(rest, blank_before);
        push(&mut out, token);
        // `length` is at least the first character, so that the loop ends.
        rest = rest.get(length.max(first.len_utf8())..).unwrap_or("");
        blank_before = false;
    }
    en::join_phrases(out)
}

fn push(out: &mut Vec<Token>, token: Token) {
    let Token::Atom(atom) = token else {
        out.push(token);
        return;
    };
    if let Some(cve) = cve(&atom) {
        out.push(Token::Cve(cve));
        return;
    }
    // `Ver.1.4.2`, `Version2`: the mark is a noun, the rest is the version.
    let lower = atom.to_ascii_lowercase();
    for mark in ["version.", "version", "ver.", "ver"] {
        if let Some(number) = lower.strip_prefix(mark)
            && number.starts_with(|c: char| c.is_ascii_digit())
        {
            out.push(Token::Key(Key::Noun));
            out.push(Token::Atom(atom[mark.len()..].to_owned()));
            return;
        }
    }
    out.push(Token::Atom(atom));
}

fn cve(atom: &str) -> Option<String> {
    shindan_domain::identifier::is_cve(atom).then(|| atom.to_ascii_uppercase())
}

/// The token at the start of `rest`, which is neither empty nor blank, and its length in bytes.
fn next_token(rest: &str, blank_before: bool) -> (Token, usize) {
    if let Some((key, length)) = sign(rest, blank_before) {
        return (Token::Key(key), length);
    }
    if let Some((token, length)) = ja::longest(rest) {
        return (token, length);
    }
    let length = chunk_length(rest);
    if length > 0 {
        let chunk = &rest[..length];
        let token = if chunk.bytes().any(|b| b.is_ascii_digit()) {
            Token::Atom(chunk.to_owned())
        } else {
            Token::Word(chunk.to_owned())
        };
        return (token, length);
    }
    let length = foreign_length(rest);
    (Token::Word(rest[..length].to_owned()), length)
}

fn sign(rest: &str, blank_before: bool) -> Option<(Key, usize)> {
    const SIGNS: [(&str, Key); 27] = [
        ("<=", Key::Le),
        ("=<", Key::Le),
        ("≦", Key::Le),
        ("≤", Key::Le),
        ("<", Key::Lt),
        (">=", Key::Ge),
        ("=>", Key::Ge),
        ("≧", Key::Ge),
        ("≥", Key::Ge),
        (">", Key::Gt),
        ("=", Key::Eq),
        ("|", Key::Pipe),
        (",", Key::Comma),
        ("、", Key::Comma),
        ("・", Key::Comma),
        (";", Key::Break),
        ("\u{2028}", Key::Break),
        ("/", Key::Slash),
        ("~", Key::Tilde),
        ("〜", Key::Tilde),
        ("∼", Key::Tilde),
        ("–", Key::Dash),
        ("—", Key::Dash),
        ("(", Key::Open),
        (")", Key::Close),
        ("*", Key::Star),
        ("&", Key::And),
    ];
    if let Some((text, key)) = SIGNS.into_iter().find(|(text, _)| rest.starts_with(text)) {
        return Some((key, text.len()));
    }
    // A hyphen separates only with blanks on both sides; elsewhere it belongs to a version or a model.
    let lone = rest.strip_prefix('-').is_some_and(|after| after.starts_with(char::is_whitespace));
    (blank_before && lone).then_some((Key::Dash, 1))
}

/// Length of the Latin chunk at the start of `rest`: letters, digits and the signs that occur within versions.
fn chunk_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let inside = match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'+' => true,
            b'.' | b'-' | b'\'' => at > 0 || byte == b'-',
            // 1.2~rc1 is one version, 1.2~1.4 are two.
            b'~' => at > 0 && bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic),
            // 11.* is one version, "1.0 *" is not.
            b'*' => at > 0 && bytes.get(at - 1) == Some(&b'.'),
            b'(' => match glued_parenthesis(bytes, at) {
                Some(end) => {
                    at = end;
                    continue;
                }
                None => false,
            },
            _ => false,
        };
        if !inside {
            break;
        }
        at += 1;
    }
    // A full stop at the end closes the sentence, unless it abbreviates ("Ver.").
    while at > 1 && bytes.get(at - 1) == Some(&b'.') {
        let word = rest[..at - 1].to_ascii_lowercase();
        if word == "ver" {
            break;
        }
        at -= 1;
    }
    at
}

/// `15.2(4a)E` and `02.07.07(10)`: a bracket glued to a digit with a short number inside belongs to the version.
fn glued_parenthesis(bytes: &[u8], open: usize) -> Option<usize> {
    let glued = open.checked_sub(1).and_then(|i| bytes.get(i)).is_some_and(u8::is_ascii_digit);
    let first = bytes.get(open + 1).is_some_and(u8::is_ascii_digit);
    if !glued || !first {
        return None;
    }
    let mut at = open + 2;
    while bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) && at < open + 6 {
        at += 1;
    }
    (bytes.get(at) == Some(&b')')).then_some(at + 1)
}

/// Length of a run of other characters, up to the next blank, sign, Latin letter, digit or known phrase.
fn foreign_length(rest: &str) -> usize {
    let mut length = 0;
    for (at, character) in rest.char_indices() {
        if at > 0 {
            let here = &rest[at..];
            let known = character.is_whitespace()
                || character.is_ascii_alphanumeric()
                || sign(here, false).is_some()
                || ja::longest(here).is_some();
            if known {
                break;
            }
        }
        length = at + character.len_utf8();
    }
    length
}
