//! How a name sounds, roughly, so that `フォーティネット` and `fortinet` meet. Only for suggestions that a person confirms:
//! never a reason to match.
//!
//! What is left of a name are its consonants as Japanese writes them: no vowels, no difference between l and r or v and
//! b, no r that nobody hears.

/// The consonants of a folded name; empty if it is written in characters whose sound is not known (kanji).
pub(super) fn sounds(folded: &str) -> String {
    let mut heard = String::new();
    let characters: Vec<char> = folded.chars().collect();
    for (at, &c) in characters.iter().enumerate() {
        let next = characters.get(at + 1).copied();
        let sound = match c {
            'a'..='z' => latin(at.checked_sub(1).and_then(|n| characters.get(n)).copied(), c, next),
            'ァ'..='ヺ' => kana(c, next),
            '0'..='9' => Some(c),
            _ => return String::new(),
        };
        if let Some(sound) = sound
            && !heard.ends_with(sound)
        {
            heard.push(sound);
        }
        if c == 'x' {
            heard.push('s');
        }
    }
    heard
}

fn latin(before: Option<char>, c: char, next: Option<char>) -> Option<char> {
    let vowel = |c: Option<char>| c.is_some_and(|c| "aeiouy".contains(c));
    Some(match c {
        'p' if next == Some('h') => 'f',
        'c' if next.is_some_and(|n| "eiy".contains(n)) => 's',
        'c' if next == Some('h') => 't',
        'c' | 'k' | 'q' | 'x' => 'k',
        // ph, th, sh, ch, and an h before a consonant.
        'h' if !vowel(next) || before.is_some_and(|b| !vowel(Some(b))) => return None,
        'l' => 'r',
        'r' if !vowel(next) => return None,
        'v' => 'b',
        'z' | 'j' => 's',
        'y' if before.is_some() => return None,
        'a' | 'e' | 'i' | 'o' | 'u' | 'w' => return None,
        _ => c,
    })
}

fn kana(c: char, next: Option<char>) -> Option<char> {
    // The small tsu doubles the next sound; folded names write it large.
    let doubled = next.is_some_and(|n| "カキクケコサシスセソタチツテトパピプペポフ".contains(n));
    const ROWS: [(&str, char); 13] = [
        ("カキクケコ", 'k'),
        ("ガギグゲゴ", 'g'),
        ("サシスセソザジズゼゾヂヅ", 's'),
        ("タチツテト", 't'),
        ("ダデド", 'd'),
        ("ナニヌネノン", 'n'),
        ("ハヒヘホ", 'h'),
        ("フ", 'f'),
        ("バビブベボヴ", 'b'),
        ("パピプペポ", 'p'),
        ("マミムメモ", 'm'),
        ("ヤユヨ", 'y'),
        ("ラリルレロ", 'r'),
    ];
    if c == 'ッ' || (c == 'ツ' && doubled) {
        return None;
    }
    ROWS.iter().find(|(row, _)| row.contains(c)).map(|(_, sound)| *sound)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::fold_maker;

    #[test]
    fn japanese_and_latin_spellings_sound_alike() {
        for (japanese, latin) in [
            ("フォーティネット", "Fortinet"),
            ("パロアルト", "Palo Alto"),
            ("シスコ", "Cisco"),
            ("シトリックス", "Citrix"),
            ("ソニックウォール", "SonicWall"),
            ("イバンティ", "Ivanti"),
            ("フィリップス", "Philips"),
            ("シーメンス", "Siemens"),
            ("アライドテレシス", "Allied Telesis"),
            ("バッファロー", "Buffalo"),
            ("デル", "Dell"),
            ("ヤマハ", "Yamaha"),
            ("メドトロニック", "Medtronic"),
        ] {
            let [a, b] = [japanese, latin].map(|name| sounds(&fold_maker(name)));
            assert_eq!(a, b, "{japanese} {latin}");
            assert!(a.len() >= 2, "{a}");
        }
        assert_ne!(sounds(&fold_maker("フィリップス")), sounds(&fold_maker("Phoenix")));
        assert_eq!(sounds("日本光電"), "");
        assert_eq!(sounds(""), "");
    }
}
