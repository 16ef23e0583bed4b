//! A walk over the top-level members of a JSON object, without reading the values.

use std::borrow::Cow;

use crate::json::{string_end, value_end};

/// One top-level member of a JSON object.
pub(super) struct Member<'a> {
    pub(super) key: Cow<'a, str>,
    /// Content of the value if it is a string, undecoded.
    text: Option<&'a [u8]>,
    /// The value, from its first byte on.
    pub(super) rest: &'a [u8],
}

impl<'a> Member<'a> {
    /// Content of the value if it is a string, escapes left as they are.
    pub(super) fn text(&self) -> Option<Cow<'a, str>> {
        self.text.map(String::from_utf8_lossy)
    }
}

/// Walks over the top-level members of the object at the start of `bytes`; ends at the first thing that is not JSON.
pub(super) struct Members<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Members<'a> {
    /// `bytes` begin with `{`.
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Members { bytes, at: 1 }
    }

    fn skip_blank(&mut self) -> Option<u8> {
        while let Some(byte) = self.bytes.get(self.at) {
            if !byte.is_ascii_whitespace() {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    fn string(&mut self) -> Option<&'a [u8]> {
        let start = self.at;
        self.at = string_end(self.bytes, start)?;
        self.bytes.get(start + 1..self.at - 1)
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Member<'a>;

    fn next(&mut self) -> Option<Member<'a>> {
        if self.skip_blank()? == b',' {
            self.at += 1;
        }
        if self.skip_blank()? != b'"' {
            return None;
        }
        let key = String::from_utf8_lossy(self.string()?);
        if self.skip_blank()? != b':' {
            return None;
        }
        self.at += 1;
        let first = self.skip_blank()?;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let text = if first == b'"' {
            self.string()
        } else {
            // A value that is cut off ends the walk after this member.
            self.at = value_end(self.bytes, self.at).unwrap_or(self.bytes.len());
            None
        };
        Some(Member { key, text, rest })
    }
}
