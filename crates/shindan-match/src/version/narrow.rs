//! Versions of no declared scheme as Japanese makers write them, in the letters that [`super::generic`] reads.

use super::generic::{RANGE, UNKNOWN_WORD};

/// Full-width forms to ASCII, and Japanese words to English ones.
pub(super) fn fold(text: &str) -> Result<String, &'static str> {
    const WORDS: [(&str, &str); 10] = [
        ("バージョン", " version "),
        ("ヴァージョン", " version "),
        ("ファームウェア", " firmware "),
        ("ファームウエア", " firmware "),
        ("リリース", " release "),
        ("リビジョン", " revision "),
        ("ビルド", " build "),
        ("パッチ", " patch "),
        ("アップデート", " update "),
        ("サービスパック", " sp "),
    ];
    let narrow = fold_width(text)?;
    let mut folded = String::with_capacity(narrow.len());
    let mut rest = narrow.as_str();
    while let Some(character) = rest.chars().next() {
        if character.is_ascii() {
            folded.push(character);
            rest = rest.get(1..).unwrap_or_default();
        } else if let Some((word, after)) =
            WORDS.iter().find_map(|(japanese, word)| Some((word, rest.strip_prefix(japanese)?)))
        {
            folded.push_str(word);
            rest = after;
        } else {
            return Err(UNKNOWN_WORD);
        }
    }
    Ok(folded)
}

/// Full-width ASCII and half-width katakana to their usual forms, and nothing else: `1²` must not become 12.
fn fold_width(text: &str) -> Result<String, &'static str> {
    use unicode_normalization::UnicodeNormalization;

    let mut has_width_forms = false;
    for character in text.chars() {
        match character {
            // Dashes and wave dashes between versions.
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{301c}' | '\u{ff5e}' => return Err(RANGE),
            '\u{ff01}'..='\u{ff9f}' | '\u{3000}' | '\u{a0}' => has_width_forms = true,
            _ if character.is_ascii() || is_kana(character) => {}
            _ => return Err(UNKNOWN_WORD),
        }
    }
    Ok(if has_width_forms { text.nfkc().collect() } else { text.to_owned() })
}

fn is_kana(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}')
}
