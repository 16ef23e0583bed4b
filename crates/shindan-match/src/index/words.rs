//! What the index is searched by when people type words: identifiers and titles of vulnerabilities, names of products, folded, in blocks
//! of lines that are scanned as a whole. Words of one character are found like any other, because nothing is cut into pieces.
//!
//! ```text
//! record: number of the first line | lines, each closed by \n
//! vulnerability: id \t aliases, each closed by a space \t title \t title in Japanese
//! product: folded name \t name as written \t maker as written \t advisories that name it
//! ```

use std::borrow::Cow;
use std::collections::BTreeMap;

use memchr::memmem::Finder;
use memchr::{memchr, memchr_iter, memrchr};
use shindan_domain::advisory::{Advisory, ProductRef};
use shindan_domain::finding::VulnerabilityFacts;
use unicode_normalization::UnicodeNormalization;

use super::layout::{Cursor, Encode, FileWriter, IndexError, SectionId, push_record, record};

/// A block is closed once it holds so many bytes.
const BLOCK: usize = 1 << 16;

/// The form in which words are compared: width and case do not matter.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        // What stands in front of an ASCII character never changes what it becomes: only the last one of a run may be
        // composed with what follows, and that ends in front of the next one.
        let run = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let plain = if run == rest.len() { run } else { run.saturating_sub(1) };
        let (before, behind) = rest.split_at_checked(plain).unwrap_or((rest, ""));
        out.extend(before.chars().map(|c| c.to_ascii_lowercase()));
        let composed =
            behind.char_indices().skip(1).find(|(_, c)| c.is_ascii()).map_or(behind.len(), |(at, _)| at);
        let (composed, behind) = behind.split_at_checked(composed).unwrap_or((behind, ""));
        out.extend(composed.nfkc().flat_map(char::to_lowercase));
        rest = behind;
    }
    out
}

/// Lines in the making.
#[derive(Debug, Default)]
pub(super) struct Lines {
    section: Vec<u8>,
    block: String,
    first: u64,
    next: u64,
}

impl Lines {
    fn add(&mut self, fields: &[&str]) {
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                self.block.push('\t');
            }
            if field.chars().any(char::is_control) {
                self.block.extend(field.chars().map(|c| if c.is_control() { ' ' } else { c }));
            } else {
                self.block.push_str(field);
            }
        }
        self.block.push('\n');
        self.next += 1;
        if self.block.len() >= BLOCK {
            self.close();
        }
    }

    /// Adds a vulnerability; they are added in the order of their numbers.
    pub(super) fn vulnerability(&mut self, facts: &VulnerabilityFacts) {
        let mut aliases = String::new();
        for alias in facts.aliases.iter().filter(|alias| **alias != facts.id) {
            aliases.push_str(&folded(alias));
            aliases.push(' ');
        }
        let japanese = facts.title_ja.as_deref().unwrap_or_default();
        self.add(&[&folded(&facts.id), &aliases, &folded(&facts.title), &folded(japanese)]);
    }

    fn close(&mut self) {
        if self.block.is_empty() {
            return;
        }
        let mut body = Vec::with_capacity(self.block.len() + 10);
        body.put_number(self.first);
        body.extend_from_slice(self.block.as_bytes());
        push_record(&mut self.section, &body);
        self.block.clear();
        self.first = self.next;
    }

    pub(super) fn write(mut self, id: SectionId, file: &mut FileWriter) {
        self.close();
        file.add(id, false, self.section);
    }
}

/// The products that advisories name, by their names.
pub(super) fn products(advisories: &[Advisory]) -> Lines {
    // Folded name and maker → as written first, and how many advisories name it.
    let mut all: BTreeMap<(String, String), (String, String, u64, usize)> = BTreeMap::new();
    for (number, advisory) in advisories.iter().enumerate() {
        for affected in &advisory.affected {
            let Some((maker, name)) = called(&affected.product) else { continue };
            let entry = all.entry((folded(name), folded(maker)));
            let known = entry.or_insert_with(|| (name.to_owned(), maker.to_owned(), 0, usize::MAX));
            if known.3 != number {
                (known.2, known.3) = (known.2 + 1, number);
            }
        }
    }
    let mut lines = Lines::default();
    for ((folded_name, folded_maker), (name, maker, count, _)) in all {
        lines.add(&[&format!("{folded_name} {folded_maker}"), &name, &maker, &count.to_string()]);
    }
    lines
}

/// Maker (or ecosystem) and name.
fn called(product: &ProductRef) -> Option<(&str, &str)> {
    let name = product.product.as_deref().or(product.package.as_deref()).filter(|name| !name.is_empty())?;
    let maker = product.vendor.as_deref().or(product.ecosystem.as_deref()).unwrap_or_default();
    Some((maker, name))
}

/// What is looked for: words that all stand in a line.
#[derive(Debug, Clone)]
pub struct Wanted {
    whole: String,
    words: Vec<String>,
}

impl Wanted {
    /// What a person typed; `None` if that is nothing.
    pub fn new(text: &str) -> Option<Wanted> {
        let whole = folded(text.trim());
        let mut words: Vec<String> = whole.split_whitespace().map(str::to_owned).collect();
        // The longest one is looked for; the others are compared where it stands.
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        (!words.is_empty()).then_some(Wanted { whole, words })
    }

    /// How exactly a line of a vulnerability answers: 0 is its very identifier.
    fn rank(&self, line: &str) -> u8 {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        let (id, aliases, titles) = (next(), next(), [next(), next()]);
        let whole = self.whole.as_str();
        if id == whole {
            return 0;
        }
        match () {
            () if aliases.split(' ').any(|alias| alias == whole) => 1,
            () if id.starts_with(whole) || aliases.split(' ').any(|alias| alias.starts_with(whole)) => 2,
            () if titles.iter().any(|title| title.starts_with(whole)) => 3,
            () if titles.iter().any(|title| title.contains(whole)) => 4,
            () => 5,
        }
    }
}

/// A line that holds all words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its number among all.
    pub number: u64,
    /// As it is stored.
    pub text: &'a str,
}

/// A product as advisories write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its maker, or the ecosystem of a package; empty if nobody says.
    pub maker: &'a str,
    /// How many advisories name it.
    pub advisories: u64,
    /// How exactly it answers: 0 is its very name.
    pub rank: u8,
}

/// The blocks of a section, each verified when it is taken.
pub(super) fn blocks(section: &[u8]) -> impl Iterator<Item = Result<&[u8], IndexError>> {
    let mut offset = 0usize;
    std::iter::from_fn(move || {
        if offset >= section.len() {
            return None;
        }
        let body = record(section, offset as u64);
        offset = match &body {
            Ok(body) => offset + super::layout::RECORD_HEAD + body.len(),
            Err(_) => section.len(),
        };
        Some(body)
    })
}

/// The lines of a block that hold all words.
///
/// # Errors
/// [`IndexError::Damaged`] if the block is no text.
pub fn lines_in<'a>(block: &'a [u8], wanted: &Wanted) -> Result<Vec<Line<'a>>, IndexError> {
    let mut cursor = Cursor::new(block);
    let mut number = cursor.number()?;
    let text = cursor.rest();
    let Some((needle, others)) = wanted.words.split_first() else { return Ok(Vec::new()) };
    let (finder, others): (_, Vec<_>) = (Finder::new(needle), others.iter().map(Finder::new).collect());
    let (mut found, mut from, mut counted) = (Vec::new(), 0usize, 0usize);
    while let Some(at) = text.get(from..).and_then(|rest| finder.find(rest)).map(|at| at + from) {
        let begin = memrchr(b'\n', text.get(..at).unwrap_or_default()).map_or(0, |place| place + 1);
        let end = memchr(b'\n', text.get(at..).unwrap_or_default()).map_or(text.len(), |place| place + at);
        let line = text.get(begin..end).unwrap_or_default();
        number += memchr_iter(b'\n', text.get(counted..begin).unwrap_or_default()).count() as u64;
        counted = begin;
        if others.iter().all(|other| other.find(line).is_some()) {
            let text = std::str::from_utf8(line).map_err(|_| IndexError::Damaged("words are no text"))?;
            found.push(Line { number, text });
        }
        from = end;
    }
    Ok(found)
}

/// How exactly a line of a vulnerability answers: 0 is its very identifier; greater is less.
pub fn rank(line: &Line<'_>, wanted: &Wanted) -> u8 {
    wanted.rank(line.text)
}

/// A line of a product, taken apart.
///
/// # Errors
/// [`IndexError::Damaged`] if it is none.
pub fn named<'a>(line: &Line<'a>, wanted: &Wanted) -> Result<Named<'a>, IndexError> {
    let mut fields = line.text.split('\t');
    let mut next = || fields.next().ok_or(IndexError::Damaged("a product without a name"));
    let (both, name, maker, count) = (next()?, next()?, next()?, next()?);
    let advisories = count.parse().map_err(|_| IndexError::Damaged("a product without a count"))?;
    let own = own_name(both, name, maker);
    let rank = match () {
        () if own == wanted.whole => 0,
        () if own.starts_with(&wanted.whole) => 1,
        () if own.contains(&wanted.whole) => 2,
        () => 3,
    };
    Ok(Named { name, maker, advisories, rank })
}

/// The folded name out of what the line begins with: name and maker, both folded. Folding either anew takes longer than finding the
/// line; ASCII keeps its length when it is folded.
fn own_name<'a>(both: &'a str, name: &str, maker: &str) -> Cow<'a, str> {
    let end = match (name.is_ascii(), maker.is_ascii()) {
        (true, _) => Some(name.len()),
        (false, true) => both.len().checked_sub(maker.len() + 1),
        (false, false) => None,
    };
    match end.and_then(|end| both.get(..end)) {
        Some(own) => Cow::Borrowed(own),
        None => Cow::Owned(folded(name)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn folding_in_pieces_is_folding_the_whole(
            text in "([ -~]|[Éé\u{301}\u{327}\u{338}\u{30a}…ｱﾞＡ診断ハ\u{3099}각\u{1100}\u{1161}ﬁ①Σ\u{345}]){0,24}",
        ) {
            let whole: String = text.nfkc().flat_map(char::to_lowercase).collect();
            prop_assert_eq!(folded(&text), whole);
        }
    }

    #[test]
    fn the_name_stands_before_the_maker() {
        for (name, maker) in [
            ("OpenSSL", "OpenSSL Project"),
            ("電子カルテ Ｘ", "Acme Inc."),
            ("電子カルテ", "株式会社サンプル"),
            ("ViewR", "日本電気"),
            ("診断", ""),
            ("x", ""),
        ] {
            let both = format!("{} {}", folded(name), folded(maker));
            assert_eq!(own_name(&both, name, maker), folded(name), "{name} {maker}");
        }
    }

    fn facts(id: &str, alias: &str, title: &str, japanese: &str) -> VulnerabilityFacts {
        VulnerabilityFacts {
            id: id.to_owned(),
            aliases: vec![id.to_owned(), alias.to_owned()],
            title: title.to_owned(),
            title_ja: Some(japanese.to_owned()),
            ..VulnerabilityFacts::default()
        }
    }

    fn section() -> Vec<u8> {
        let mut lines = Lines::default();
        lines.vulnerability(&facts(
            "CVE-2026-0001",
            "JVNDB-2026-000001",
            "Overflow\tin a pump",
            "ポンプの欠陥",
        ));
        // So many that there are several blocks.
        for number in 2..3_000 {
            lines.vulnerability(&facts(
                &format!("CVE-2026-{number:04}"),
                "GHSA-x",
                "Other thing",
                "別の欠陥",
            ));
        }
        lines.vulnerability(&facts("CVE-2025-9", "JVNDB-2025-9", "Pump", "ﾎﾟﾝﾌﾟ 電源"));
        lines.close();
        lines.section
    }

    fn search(section: &[u8], text: &str) -> Vec<(u64, u8)> {
        let wanted = Wanted::new(text).unwrap();
        let of = |block: Result<&[u8], IndexError>| {
            let block = block.unwrap();
            lines_in(block, &wanted).unwrap().iter().map(|l| (l.number, rank(l, &wanted))).collect::<Vec<_>>()
        };
        blocks(section).flat_map(of).collect()
    }

    #[test]
    fn words_of_any_length_are_found_with_their_numbers() {
        let section = section();
        assert!(blocks(&section).count() > 2);
        assert_eq!(search(&section, "ポンプ"), [(0, 3), (2_999, 3)]);
        assert_eq!(search(&section, "電"), [(2_999, 4)]);
        assert_eq!(search(&section, "欠陥").len(), 2_999);
        assert_eq!(search(&section, "ｃｖｅ-2026-0001"), [(0, 0)]);
        assert_eq!(search(&section, "jvndb-2025-9"), [(2_999, 1)]);
        assert_eq!(search(&section, "pump overflow"), [(0, 5)], "words in any order");
        assert_eq!(search(&section, "overflow in"), [(0, 3)], "a tab inside a title is a space");
        assert_eq!(search(&section, "nobody"), []);
        assert!(Wanted::new("  ").is_none());
    }

    #[test]
    fn a_damaged_block_is_told() {
        let mut section = section();
        section[200] ^= 1;
        assert!(blocks(&section).any(|block| block.is_err()));
        section.truncate(100);
        assert!(blocks(&section).all(|block| block.is_err()));
    }
}
