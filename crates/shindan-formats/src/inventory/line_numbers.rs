//! Line numbers of positions in a text.

/// Line numbers of rising offsets, without counting from the start each time.
pub(super) struct Lines<'a> {
    text: &'a str,
    offset: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Lines { text, offset: 0, line: 1 }
    }

    /// The line of a byte offset, from 1.
    pub(super) fn at(&mut self, offset: usize) -> u64 {
        if offset < self.offset {
            return line_of(self.text, offset);
        }
        let between = self.text.as_bytes().get(self.offset..offset).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', between).count() as u64;
        self.offset = offset;
        self.line
    }
}

/// The line of a byte offset, from 1.
pub(super) fn line_of(text: &str, offset: usize) -> u64 {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    memchr::memchr_iter(b'\n', before).count() as u64 + 1
}
