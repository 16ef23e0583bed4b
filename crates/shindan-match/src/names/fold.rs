//! Folding of names, so that different spellings of one name meet. Nothing is guessed: what cannot be decided by rule
//! (other names, misspellings, Japanese names of foreign makers) stands in the device dictionary.
//!
//! Folded are: width and compatibility forms (NFKC), case, Latin accents, UTF-8 that was read as Latin-1 (`GeutebrÃ¼ck`),
//! the long vowel mark, small kana, ヴ, hiragana, punctuation, trademark signs, and legal forms.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_canonical;

/// Legal forms that are no part of a maker's name, as separate words.
const CORPORATE_WORDS: &[&str] = &[
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "ltd",
    "limited",
    "llc",
    "llp",
    "lp",
    "plc",
    "gmbh",
    "mbh",
    "ag",
    "kg",
    "kgaa",
    "ohg",
    "se",
    "sa",
    "sas",
    "sarl",
    "spa",
    "srl",
    "bv",
    "nv",
    "ab",
    "as",
    "asa",
    "oy",
    "oyj",
    "aps",
    "pty",
    "pte",
    "sdn",
    "bhd",
    "ltda",
    "kk",
    "gk",
    "the",
    "株",
    "有",
    "同",
    "名",
    "資",
];

/// Legal forms that Japanese writes without a blank in front of or behind the name.
const ATTACHED_FORMS: &[&str] = &[
    "株式会社",
    "有限会社",
    "合同会社",
    "合名会社",
    "合資会社",
    "相互会社",
    "一般社団法人",
    "公益社団法人",
    "一般財団法人",
    "公益財団法人",
    "独立行政法人",
    "国立研究開発法人",
    "特定非営利活動法人",
];

/// Words that say "this is the firmware of", which one source writes and another does not; folded.
const FIRMWARE_WORDS: &[&str] = &["firmware", "フアムウエア"];

/// Marks between the words of a name that change its meaning.
pub(crate) mod mark {
    /// From … to: `MX400～MX850`, `to`, `through`, から.
    pub const RANGE: &str = "~";
    /// A hyphen: a range, or a part of a model number.
    pub const HYPHEN: &str = "-";
    /// One more of the same kind: `60F/61F`, `B450, B650`, `and`, および.
    pub const LIST: &str = "/";

    /// True for one of them.
    pub fn is(token: &str) -> bool {
        matches!(token, RANGE | HYPHEN | LIST)
    }
}

/// Words that stand for a mark between two models; folded.
const CONNECTIVES: &[(&str, &str)] = &[
    ("to", mark::RANGE),
    ("through", mark::RANGE),
    ("thru", mark::RANGE),
    ("カラ", mark::RANGE),
    ("and", mark::LIST),
    ("or", mark::LIST),
    ("及ビ", mark::LIST),
    ("オヨビ", mark::LIST),
    ("又ハ", mark::LIST),
    ("マタハ", mark::LIST),
];

/// The mark that a token is or stands for.
pub(crate) fn meaning(token: &str) -> Option<&'static str> {
    match token {
        mark::RANGE => Some(mark::RANGE),
        mark::HYPHEN => Some(mark::HYPHEN),
        mark::LIST => Some(mark::LIST),
        _ => CONNECTIVES.iter().find(|(word, _)| *word == token).map(|(_, mark)| *mark),
    }
}

/// Lower-cased, folded words of `text`; everything that is neither letter nor digit separates.
pub fn words(text: &str) -> Vec<String> {
    let mut words = marked_words(text);
    words.retain(|token| !mark::is(token));
    words
}

/// As [`words`], with the marks between them as tokens of their own ([`mark`]).
pub(crate) fn marked_words(text: &str) -> Vec<String> {
    let repaired = repaired(text);
    let text = repaired.as_deref().unwrap_or(text);
    let mut tokens: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut between: Option<&'static str> = None;
    let mut last = ' ';
    // The trademark signs would become the letters "tm" under NFKC.
    let cleaned = text.chars().filter(|c| !matches!(c, '®' | '™' | '℠' | '©'));
    for c in cleaned.nfkc().flat_map(char::to_lowercase) {
        let long = c == 'ー' && is_kana(last);
        let letter = c.is_alphanumeric() && c != 'ー';
        // `MX800シリーズ` are two words, as `MX800 シリーズ`.
        let border = letter && last.is_alphanumeric() && c.is_ascii() != last.is_ascii() && is_wide(c, last);
        if ((!letter && !long) || border) && !word.is_empty() {
            tokens.push(std::mem::take(&mut word));
            between = None;
        }
        if letter {
            if word.is_empty()
                && let Some(mark) = between.take()
                && !tokens.is_empty()
            {
                tokens.push(mark.to_owned());
            }
            push_folded(c, &mut word);
        } else if !long {
            between = stronger(between, mark_of(c));
        }
        if !long {
            last = c;
        }
    }
    if !word.is_empty() {
        tokens.push(word);
    }
    tokens
}

/// True where one of two neighbours is a Japanese letter: `ü` beside `b` is no border.
fn is_wide(a: char, b: char) -> bool {
    [a, b].into_iter().any(|c| c as u32 >= 0x2E80)
}

fn is_kana(c: char) -> bool {
    ('ぁ'..='ヿ').contains(&c)
}

fn mark_of(c: char) -> Option<&'static str> {
    match c {
        '~' | '〜' | '–' | '—' | '―' => Some(mark::RANGE),
        '-' | '‐' | '‑' | '−' | 'ー' => Some(mark::HYPHEN),
        '/' | ',' | '、' | '・' | ';' | '|' | '&' | '+' => Some(mark::LIST),
        _ => None,
    }
}

/// Of two marks in one gap, the one that says more: ` - ` is a hyphen, `, ～` a range.
fn stronger(a: Option<&'static str>, b: Option<&'static str>) -> Option<&'static str> {
    let rank = |mark: Option<&str>| match mark {
        Some(mark::RANGE) => 3,
        Some(mark::LIST) => 2,
        Some(_) => 1,
        None => 0,
    };
    if rank(b) > rank(a) { b } else { a }
}

/// Appends a letter or digit in the form in which names are compared.
fn push_folded(c: char, word: &mut String) {
    match c {
        'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | 'ヮ' => {
            // ヴァ and バ, ヴィ and ビ are one sound.
            let voiced = word.pop_if_ends_with('ブ', c);
            word.push(voiced.unwrap_or_else(|| char::from_u32(c as u32 + 1).unwrap_or(c)));
        }
        'ぁ'..='ゖ' => push_folded(char::from_u32(c as u32 + 0x60).unwrap_or('ア'), word),
        'ヵ' => word.push('カ'),
        'ヶ' => word.push('ケ'),
        'ヴ' => word.push('ブ'),
        'ß' => word.push_str("ss"),
        'ø' => word.push('o'),
        'ł' => word.push('l'),
        'đ' => word.push('d'),
        'æ' => word.push_str("ae"),
        'œ' => word.push_str("oe"),
        _ if c.is_ascii() || is_wide(c, c) => word.push(c),
        _ => decompose_canonical(c, |part| {
            // Accents go, letters stay.
            if part.is_alphanumeric() {
                word.push(part);
            }
        }),
    }
}

/// The syllable that ブ and a small vowel make together, as ヴァ does.
trait EndsWithSyllable {
    fn pop_if_ends_with(&mut self, end: char, vowel: char) -> Option<char>;
}

impl EndsWithSyllable for String {
    fn pop_if_ends_with(&mut self, end: char, vowel: char) -> Option<char> {
        if !self.ends_with(end) {
            return None;
        }
        let syllable = match vowel {
            'ァ' => 'バ',
            'ィ' => 'ビ',
            'ェ' => 'ベ',
            'ォ' => 'ボ',
            _ => return None,
        };
        self.pop();
        Some(syllable)
    }
}

/// UTF-8 that was read as Latin-1 on its way into an advisory: `GeutebrÃ¼ck` is `Geutebrück`.
fn repaired(text: &str) -> Option<String> {
    if !text.contains(['Ã', 'Â']) {
        return None;
    }
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    String::from_utf8(bytes?).ok()
}

/// The words of a maker's name without its legal form and without what stands in brackets, joined:
/// `株式会社フィリップス・ジャパン` → `フイリツプスジヤパン`.
pub fn fold_maker(text: &str) -> String {
    let (outside, _) = without_brackets(text);
    let folded = fold_name(&outside);
    // A name is never folded to nothing.
    if folded.is_empty() { fold_name(text) } else { folded }
}

/// The words of a maker's name without its legal form.
pub fn maker_words(text: &str) -> Vec<String> {
    let all = words(text);
    let kept: Vec<String> = all.iter().filter(|word| !is_only_form(word)).cloned().collect();
    if kept.is_empty() { all } else { kept }
}

/// Everything a maker may be called in a text that names it in more than one way, the whole first: what stands in
/// brackets (`Becton, Dickinson and Company (BD)`), and each of several makers (`ICONICS, Mitsubishi Electric`).
pub(crate) fn names_in(text: &str) -> Vec<String> {
    /// A longer list is no list of makers.
    const MOST: usize = 8;
    let (outside, inside) = without_brackets(text);
    let mut names = vec![fold_maker(text)];
    let mut add = |part: &str| {
        let name = fold_name(part);
        if !is_only_form(part) && !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    };
    for part in &inside {
        let part = part.trim();
        let part =
            ["formerly ", "former ", "旧", "現"].iter().find_map(|f| part.strip_prefix(f)).unwrap_or(part);
        add(part);
    }
    let parts: Vec<&str> =
        outside.split([',', '、']).flat_map(|part| part.split(" and ")).map(str::trim).collect();
    let several = parts.iter().filter(|part| !is_only_form(part)).count();
    if (2..=MOST).contains(&several) {
        for part in parts {
            add(part.strip_prefix("and ").unwrap_or(part));
        }
    }
    names
}

/// The text outside brackets, and each text inside.
fn without_brackets(text: &str) -> (String, Vec<String>) {
    let (mut outside, mut inside, mut depth) = (String::new(), Vec::new(), 0usize);
    for c in text.chars() {
        match c {
            '(' | '（' | '[' | '［' => {
                depth += 1;
                inside.push(String::new());
                outside.push(' ');
            }
            ')' | '）' | ']' | '］' if depth > 0 => depth -= 1,
            _ if depth > 0 => {
                if let Some(last) = inside.last_mut() {
                    last.push(c);
                }
            }
            _ => outside.push(c),
        }
    }
    (outside, inside)
}

/// `Inc.`, `Ltd`: no name of its own.
fn is_only_form(text: &str) -> bool {
    let words = words(text);
    let joined = words.concat();
    words.iter().all(|word| is_corporate(word)) || is_corporate(&joined)
}

fn is_corporate(word: &str) -> bool {
    CORPORATE_WORDS.contains(&word) || ATTACHED_FORMS.contains(&word)
}

fn fold_name(text: &str) -> String {
    let mut words = words(text);
    for word in &mut words {
        for form in ATTACHED_FORMS {
            if let Some(rest) = word.strip_prefix(form).or_else(|| word.strip_suffix(form))
                && !rest.is_empty()
            {
                *word = rest.to_owned();
            }
        }
    }
    let all = words.concat();
    let kept = without_lettered_forms(words);
    // `Johnson and Johnson` is `Johnson & Johnson`.
    let says = |word: &&str| !is_corporate(word) && *word != "and";
    let kept: Vec<&str> = kept.iter().map(String::as_str).filter(says).collect();
    if kept.is_empty() { all } else { kept.concat() }
}

/// `N.V.`, `S.p.A.`, `K.K.`, wherever they stand: single letters side by side that make up a legal form.
fn without_lettered_forms(words: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(words.len());
    let mut letters: Vec<String> = Vec::new();
    let is_letter = |word: &String| word.len() == 1 && word.bytes().all(|b| b.is_ascii_alphabetic());
    let end = |letters: &mut Vec<String>, kept: &mut Vec<String>| {
        let form = letters.len() > 1 && is_corporate(&letters.concat());
        if form { letters.clear() } else { kept.append(letters) }
    };
    let count = words.len();
    for word in words {
        if is_letter(&word) {
            letters.push(word);
        } else {
            end(&mut letters, &mut kept);
            kept.push(word);
        }
    }
    if letters.len() < count {
        end(&mut letters, &mut kept);
    }
    // Nothing but letters: `N.V.` alone is a name, if a strange one.
    kept.append(&mut letters);
    kept
}

/// The words of a product's name, without the word "firmware".
pub fn product_words(text: &str) -> Vec<String> {
    let all = words(text);
    let kept: Vec<String> = all.iter().filter(|w| !is_firmware(w)).cloned().collect();
    if kept.is_empty() { all } else { kept }
}

/// As [`product_words`], with marks.
pub(crate) fn marked_product_words(text: &str) -> Vec<String> {
    let all = marked_words(text);
    let kept: Vec<String> = all.iter().filter(|w| !is_firmware(w)).cloned().collect();
    if kept.iter().all(|token| mark::is(token)) { all } else { kept }
}

fn is_firmware(word: &str) -> bool {
    FIRMWARE_WORDS.contains(&word)
}

/// The words of a product's name, joined.
pub fn fold_product(text: &str) -> String {
    product_words(text).concat()
}
