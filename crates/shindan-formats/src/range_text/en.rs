//! English phrases of CSAF, CVE and JVN version text.
//!
//! "before X" and "prior to X" exclude X; "X and prior", "through X" and "up to X" include it.

use super::token::{Key, Token};

/// Phrases in lower case, words separated by one blank. Found by longest match over whole words.
const PHRASES: [(&str, Key); 83] = [
    ("before", Key::Lt),
    ("prior to", Key::Lt),
    ("earlier than", Key::Lt),
    ("lower than", Key::Lt),
    ("older than", Key::Lt),
    ("less than", Key::Lt),
    ("below", Key::Lt),
    ("less than or equal to", Key::Le),
    ("through", Key::Le),
    ("up to and including", Key::Le),
    ("up to", Key::Le),
    ("after", Key::Gt),
    ("later than", Key::Gt),
    ("newer than", Key::Gt),
    ("higher than", Key::Gt),
    ("greater than", Key::Gt),
    ("greater than or equal to", Key::Ge),
    ("since", Key::Ge),
    ("starting from", Key::Ge),
    ("starting with", Key::Ge),
    ("and prior", Key::PostLe),
    ("and all prior", Key::PostLe),
    ("and earlier", Key::PostLe),
    ("and all earlier", Key::PostLe),
    ("and below", Key::PostLe),
    ("and lower", Key::PostLe),
    ("and older", Key::PostLe),
    ("and previous", Key::PostLe),
    ("and all previous", Key::PostLe),
    ("or prior", Key::PostLe),
    ("or earlier", Key::PostLe),
    ("or below", Key::PostLe),
    ("or lower", Key::PostLe),
    ("or older", Key::PostLe),
    ("or previous", Key::PostLe),
    ("and later", Key::PostGe),
    ("and all later", Key::PostGe),
    ("and newer", Key::PostGe),
    ("and above", Key::PostGe),
    ("and higher", Key::PostGe),
    ("or later", Key::PostGe),
    ("or newer", Key::PostGe),
    ("or above", Key::PostGe),
    ("or higher", Key::PostGe),
    ("onward", Key::PostGe),
    ("onwards", Key::PostGe),
    ("from", Key::FromBefore),
    ("to", Key::To),
    ("between", Key::Between),
    ("including", Key::Including),
    ("inclusive", Key::Including),
    ("excluding", Key::Excluding),
    ("except", Key::Excluding),
    ("except for", Key::Excluding),
    ("all", Key::All),
    ("all versions", Key::All),
    ("all releases", Key::All),
    ("all firmware", Key::All),
    ("all firmware versions", Key::All),
    ("all software versions", Key::All),
    ("all versions of firmware", Key::All),
    ("any version", Key::All),
    ("every version", Key::All),
    ("version", Key::Noun),
    ("versions", Key::Noun),
    ("ver", Key::Noun),
    ("ver.", Key::Noun),
    ("firmware", Key::Noun),
    ("firmware version", Key::Noun),
    ("firmware versions", Key::Noun),
    ("software version", Key::Noun),
    ("software versions", Key::Noun),
    ("release", Key::Noun),
    ("releases", Key::Noun),
    ("fw", Key::Noun),
    ("v", Key::Mark),
    ("bios", Key::Bios),
    ("series", Key::Series),
    ("edition", Key::Edition),
    ("only affected by", Key::Only),
    ("only", Key::Only),
    ("and", Key::And),
    ("or", Key::And),
];

/// The longest phrase is of this many words.
const LONGEST: usize = 5;

/// Replaces runs of words that form a known phrase by its key.
pub(super) fn join_phrases(tokens: Vec<Token>) -> Vec<Token> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match longest(&tokens[at..]) {
            Some((key, count)) => {
                out.push(Token::Key(key));
                at += count;
            }
            None => {
                out.push(token.clone());
                at += 1;
            }
        }
    }
    out
}

fn longest(tokens: &[Token]) -> Option<(Key, usize)> {
    let mut phrase = String::new();
    let mut found = None;
    for (index, token) in tokens.iter().take(LONGEST).enumerate() {
        let word = match token {
            Token::Word(word) => word.to_ascii_lowercase(),
            // "& earlier" is read as "and earlier".
            Token::Key(Key::And) => "and".to_owned(),
            _ => break,
        };
        if index > 0 {
            phrase.push(' ');
        }
        phrase.push_str(&word);
        if let Some((_, key)) = PHRASES.iter().find(|(text, _)| *text == phrase) {
            found = Some((*key, index + 1));
        }
    }
    found
}
