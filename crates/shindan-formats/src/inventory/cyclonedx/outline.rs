//! Where the long lists of a JSON document begin and end, and each of their entries, without reading what stands in
//! them: so that parts of them can be read beside each other.
//!
//! Nothing is taken for valid here. The lists are cut out of the document; what is left, and each entry by itself, is
//! then read as JSON. If all of them are, the document is, too. Whatever looks unusual is not cut.

use crate::json::{string_end, value_end};

/// Deeper documents are read in one go: the parser counts levels from where it begins.
const DEEPEST: usize = 100;
/// Documents whose entries are shorter than this on average, in bytes, are read in one go.
const SHORTEST: usize = 16;

/// From which sizes on it is worth it, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// Of a document.
    pub(super) document: usize,
    /// Of a part of a list.
    pub(super) part: usize,
}

impl Sizes {
    pub(super) const DEFAULT: Sizes = Sizes { document: 1 << 20, part: 1 << 18 };
}

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Components,
    Dependencies,
}

/// Some entries of a list, one behind the other.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part<'t> {
    pub(super) list: List,
    /// Number in the document.
    pub(super) number: usize,
    /// Number of the first entry in the list.
    pub(super) first: u64,
    /// The value of `specVersion`, if it stands in front of the list.
    pub(super) version: Option<&'t str>,
    text: &'t str,
    /// Where each entry ends in the text.
    ends: Vec<u32>,
}

impl<'t> Part<'t> {
    /// The entries, with the white space around them.
    pub(super) fn entries(&self) -> impl Iterator<Item = &'t str> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let entry = self.text.get(start..end as usize).unwrap_or_default();
            start = end as usize + 1;
            entry
        })
    }
}

/// Cuts a document and hands out the parts of its lists in their order. What is left is the document with nothing in
/// these lists; `None` if it is to be read in one go, whatever was handed out.
pub(super) fn cut<'t>(text: &'t str, sizes: Sizes, hand_out: &mut dyn FnMut(Part<'t>)) -> Option<String> {
    if text.len() < sizes.document {
        return None;
    }
    let mut scan = Scan { text, at: 0, part: sizes.part.max(1), version: None, parts: 0, hand_out };
    let (mut rest, mut seen, mut kept) = (String::new(), Vec::new(), 0);
    scan.pass(b'{')?;
    loop {
        scan.skip_blank();
        match scan.peek()? {
            b'}' => break,
            b',' => scan.at += 1,
            b'"' => {
                let key = scan.key()?;
                let list = match key {
                    "components" => Some(List::Components),
                    "dependencies" => Some(List::Dependencies),
                    _ => None,
                };
                if list.is_some() {
                    // What stands twice is the parser's to judge.
                    if seen.contains(&list) {
                        return None;
                    }
                    seen.push(list);
                }
                let start = scan.at;
                match list.filter(|_| scan.peek() == Some(b'[')) {
                    Some(list) => {
                        scan.list(list)?;
                        rest.push_str(text.get(kept..=start)?);
                        kept = scan.at.checked_sub(1)?;
                    }
                    None => scan.at = value_end(text.as_bytes(), start)?,
                }
                if key == "specVersion" {
                    scan.version = text.get(start..scan.at);
                }
            }
            _ => return None,
        }
    }
    rest.push_str(text.get(kept..)?);
    (scan.parts > 0).then_some(rest)
}

struct Scan<'t, 'h> {
    text: &'t str,
    at: usize,
    /// From which size on a part ends.
    part: usize,
    version: Option<&'t str>,
    /// How many were handed out.
    parts: usize,
    hand_out: &'h mut dyn FnMut(Part<'t>),
}

impl<'t> Scan<'t, '_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blank(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Goes behind this byte, which has to come next; `None` if another one does.
    fn pass(&mut self, byte: u8) -> Option<()> {
        self.skip_blank();
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// The key that begins here, as it is written; what follows is its value.
    fn key(&mut self) -> Option<&'t str> {
        let end = string_end(self.text.as_bytes(), self.at)?;
        let key = self.text.get(self.at + 1..end - 1)?;
        self.at = end;
        self.pass(b':')?;
        self.skip_blank();
        // A key with an escape may be any.
        (!key.contains('\\')).then_some(key)
    }

    /// Hands out the parts of the list that begins here.
    fn list(&mut self, list: List) -> Option<()> {
        let bytes = self.text.as_bytes();
        self.pass(b'[')?;
        let (mut depth, mut start, mut first, mut ends) = (0_usize, self.at, 0_u64, Vec::new());
        loop {
            let byte = self.peek()?;
            let ends_entry = depth == 0 && matches!(byte, b',' | b']');
            match byte {
                b'"' => {
                    self.at = string_end(bytes, self.at)?;
                    continue;
                }
                _ if ends_entry => {
                    // Where entries end would take more memory than the entries: no list of a document is like that.
                    if ends.len() > (self.part / SHORTEST).max(64) {
                        return None;
                    }
                    ends.push(u32::try_from(self.at - start).ok()?);
                }
                b'{' | b'[' => depth = deeper(depth)?,
                b'}' | b']' => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if ends_entry && (byte == b']' || self.at - start >= self.part) {
                let text = self.text.get(start..self.at)?;
                let count = ends.len() as u64;
                // Nothing between the brackets is no entry. What is no white space of JSON is the parser's to refuse.
                if first > 0 || count > 1 || !text.trim_matches([' ', '\t', '\n', '\r']).is_empty() {
                    let (number, version) = (self.parts, self.version);
                    (self.hand_out)(Part {
                        list,
                        number,
                        first,
                        version,
                        text,
                        ends: std::mem::take(&mut ends),
                    });
                    self.parts += 1;
                }
                (start, first) = (self.at + 1, first + count);
            }
            self.at += 1;
            if ends_entry && byte == b']' {
                return Some(());
            }
        }
    }
}

fn deeper(depth: usize) -> Option<usize> {
    (depth < DEEPEST).then_some(depth + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TINY: Sizes = Sizes { document: 0, part: 1 };

    type Told<'t> = (List, u64, Option<&'t str>, Vec<&'t str>);

    fn told(text: &str, sizes: Sizes) -> Option<(String, Vec<Told<'_>>)> {
        let mut parts = Vec::new();
        let rest = cut(text, sizes, &mut |part| {
            assert_eq!(part.number, parts.len());
            parts.push((part.list, part.first, part.version, part.entries().collect()));
        })?;
        Some((rest, parts))
    }

    #[test]
    fn lists_are_cut_at_their_entries() {
        let text = "{\"specVersion\":\"1.5\",\"components\":[{\"a\":[1,2]}, \"x,]\\\"}\" ,3],\"dependencies\":[{}], \"n\":-1}";
        let (rest, parts) = told(text, TINY).expect("cut");
        assert_eq!(rest, "{\"specVersion\":\"1.5\",\"components\":[],\"dependencies\":[], \"n\":-1}");
        let version = Some("\"1.5\"");
        assert_eq!(
            parts,
            [
                (List::Components, 0, version, vec!["{\"a\":[1,2]}"]),
                (List::Components, 1, version, vec![" \"x,]\\\"}\" "]),
                (List::Components, 2, version, vec!["3"]),
                (List::Dependencies, 0, version, vec!["{}"]),
            ]
        );
        let (_, whole) = told(text, Sizes { document: 0, part: 1000 }).expect("cut");
        assert_eq!(whole.iter().map(|(.., entries)| entries.len()).collect::<Vec<_>>(), [3, 1]);
    }

    #[test]
    fn what_is_unusual_is_not_cut() {
        let long = "0,".repeat(100) + "0";
        let list = format!("\"components\":[{long}]");
        assert!(told(&format!("{{{list}}}"), TINY).is_some());
        for text in [
            String::new(),
            "[]".to_owned(),
            format!("[{list}]"),
            format!("{{{list}"),
            format!("{{{list},{list}}}"),
            format!("{{{list},\"comp\\u006fnents\":[]}}"),
            format!("{{{list},\"a\":\"open}}"),
            format!("{{\"components\":[{}{long}]}}", "[".repeat(101)),
            format!("{{\"components\":[{long}}}"),
            format!("{{\"components\":{{\"a\":[{long}]}}}}"),
            format!("{{{list},\"components\":null}}"),
        ] {
            assert_eq!(told(&text, TINY), None, "{text}");
        }
        assert_eq!(told(&format!("{{{list}}}"), Sizes::DEFAULT), None);
    }

    #[test]
    fn lists_of_next_to_nothing_are_not_cut() {
        let list = |entry: &str| format!("{{\"components\":[{}0]}}", format!("{entry},").repeat(10_000));
        let sizes = Sizes { document: 0, part: 1 << 14 };
        assert_eq!(told(&list("0"), sizes), None);
        assert!(told(&list("{\"name\":\"component\"}"), sizes).is_some());
    }

    #[test]
    fn a_version_behind_the_components_does_not_count_for_them() {
        let list = format!("\"components\":[{}0]", "0,".repeat(100));
        let text = format!("{{{list},\"specVersion\":\"1.4\"}}");
        let (_, parts) = told(&text, TINY).expect("cut");
        assert_eq!(parts.len(), 101);
        assert!(parts.iter().all(|(_, _, version, _)| version.is_none()));
    }

    #[test]
    fn empty_lists_have_no_entries() {
        let list = format!("\"components\":[{}0]", "0,".repeat(100));
        let text = format!("{{{list},\"dependencies\":[ ]}}");
        let (rest, parts) = told(&text, TINY).expect("cut");
        assert_eq!(rest, "{\"components\":[],\"dependencies\":[]}");
        assert!(parts.len() == 101 && parts.iter().all(|(list, ..)| *list == List::Components));
    }
}
