//! The order of names in lists, as a Japanese reader looks for them; numbers and versions by their value.
//!
//! Width and case do not matter (NFKC, lower case). A run of digits counts as a number, so that `PC-9` comes before `PC-10` and `7.4.9`
//! before `7.4.10`. Signs come before digits, digits before Latin letters, these before kana, kana before kanji. Katakana and hiragana
//! are one, small kana are large ones, a long vowel mark is passed over. Kanji stand in the order of JIS X 0208, in which those of level
//! 1 are ordered by their usual reading and those of level 2 by radical; what is not in it comes last, by code point. A reading is not
//! guessed: nobody told us how a name is read.
//!
//! Lists of records by title (`shindan_store::Sort::Title`) are sorted by an index of the folded text instead: kana before kanji as here,
//! but digit by digit, and kanji by code point.

use encoding_rs::SHIFT_JIS;
use unicode_normalization::UnicodeNormalization;

/// A part of a name, in the order in which parts are compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A sign or a space.
    Sign(char),
    /// A number: how many digits it has without leading zeros, and those.
    Number(usize, String),
    /// A Latin or other letter.
    Letter(char),
    /// A kana, as hiragana.
    Kana(char),
    /// A character of JIS X 0208, by its two bytes.
    Kanji(u16),
    /// Anything else.
    Other(char),
}

/// The key by which a name is sorted.
pub fn key(text: &str) -> Vec<Part> {
    let folded: Vec<char> = text.trim().nfkc().flat_map(char::to_lowercase).collect();
    let mut parts = Vec::with_capacity(folded.len());
    let mut rest = folded.as_slice();
    while let [first, tail @ ..] = rest {
        let digits = rest.iter().take_while(|character| character.is_ascii_digit()).count();
        if digits > 0 {
            let (number, after) = rest.split_at(digits);
            let number: String = number.iter().skip_while(|digit| **digit == '0').collect();
            parts.push(Part::Number(number.len(), number));
            rest = after;
            continue;
        }
        // A long vowel mark.
        if *first != '\u{30fc}' {
            parts.push(part(*first));
        }
        rest = tail;
    }
    parts
}

fn part(character: char) -> Part {
    match character {
        '\u{3041}'..='\u{3096}' => Part::Kana(large(character)),
        '\u{30a1}'..='\u{30f6}' => {
            let hiragana = char::from_u32(u32::from(character) - 0x60);
            Part::Kana(large(hiragana.unwrap_or(character)))
        }
        other if !other.is_alphanumeric() => Part::Sign(other),
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => kanji(character),
        other if u32::from(other) < 0x3000 => Part::Letter(other),
        other => Part::Other(other),
    }
}

/// The large kana of a small one.
fn large(kana: char) -> char {
    match kana {
        '\u{3041}' | '\u{3043}' | '\u{3045}' | '\u{3047}' | '\u{3049}' | '\u{3063}' | '\u{3083}'
        | '\u{3085}' | '\u{3087}' | '\u{308e}' => char::from_u32(u32::from(kana) + 1).unwrap_or(kana),
        other => other,
    }
}

fn kanji(character: char) -> Part {
    let mut bytes = [0; 4];
    let text: &str = character.encode_utf8(&mut bytes);
    let (coded, _, unknown) = SHIFT_JIS.encode(text);
    match (unknown, coded.as_ref()) {
        (false, [high, low]) => Part::Kanji(u16::from_be_bytes([*high, *low])),
        _ => Part::Other(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted<const N: usize>(mut names: [&'static str; N]) -> [&'static str; N] {
        names.sort_by_cached_key(|name| key(name));
        names
    }

    #[test]
    fn numbers_and_versions_count_by_their_value() {
        assert_eq!(sorted(["PC-10", "PC-9", "pc-009a", "ＰＣ-2"]), ["ＰＣ-2", "PC-9", "pc-009a", "PC-10"]);
        assert_eq!(sorted(["7.4.10", "7.4.9", "7.10", "7.4"]), ["7.4", "7.4.9", "7.4.10", "7.10"]);
        assert!(key("18446744073709551616") > key("18446744073709551615"), "no number is too large");
    }

    #[test]
    fn names_stand_as_a_japanese_reader_looks_for_them() {
        let names = [
            "検査部",
            "放射線",
            "ﾅｰｽｺｰﾙ",
            "なかよし",
            "Fortinet",
            "1病棟",
            "（旧）",
            "事務",
            "アライド",
            "外来",
        ];
        let expected = [
            "（旧）",
            "1病棟",
            "Fortinet",
            "アライド",
            "なかよし",
            "ﾅｰｽｺｰﾙ",
            "外来",
            "検査部",
            "事務",
            "放射線",
        ];
        assert_eq!(sorted(names), expected);
        assert_eq!(key("サーバ"), key("さーば"));
        assert_eq!(key("サーバー"), key("サーバ"));
        assert!(
            key("髙橋") > key("高橋"),
            "a form of a character that JIS X 0208 does not have still has its place"
        );
        assert_eq!(key("  "), []);
    }
}
