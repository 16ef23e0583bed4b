//! Records of a workbook stream, and the texts inside them.
//!
//! Source: MS-XLS 2.1.4 (records), 2.5.293 (XLUnicodeRichExtendedString). A record that is too long goes on in `Continue`
//! records; a text that is cut there says anew how its characters are stored.

use super::compound::{double, narrow, word, words};

const CONTINUE: u16 = 0x003C;

/// A record with what continues it.
pub(super) struct Record<'s> {
    pub(super) kind: u16,
    pub(super) data: &'s [u8],
    pub(super) continued: Vec<&'s [u8]>,
}

/// The records from an offset on. Ends where the stream ends or is damaged.
pub(super) struct Records<'s> {
    stream: &'s [u8],
    at: usize,
}

impl<'s> Records<'s> {
    pub(super) fn at(stream: &'s [u8], at: usize) -> Self {
        Records { stream, at }
    }

    fn one(&mut self) -> Option<(u16, &'s [u8])> {
        let kind = word(self.stream, self.at)?;
        let length = usize::from(word(self.stream, self.at.checked_add(2)?)?);
        let start = self.at.checked_add(4)?;
        let data = self.stream.get(start..start.checked_add(length)?)?;
        self.at = start + length;
        Some((kind, data))
    }
}

impl<'s> Iterator for Records<'s> {
    type Item = Record<'s>;

    fn next(&mut self) -> Option<Record<'s>> {
        let (kind, data) = self.one()?;
        let mut continued = Vec::new();
        while word(self.stream, self.at) == Some(CONTINUE) {
            let Some((_, more)) = self.one() else { break };
            continued.push(more);
        }
        Some(Record { kind, data, continued })
    }
}

/// Reads on through a record and what continues it.
pub(super) struct Cursor<'r, 's> {
    record: &'r Record<'s>,
    part: usize,
    at: usize,
}

impl<'r, 's> Cursor<'r, 's> {
    pub(super) fn new(record: &'r Record<'s>, at: usize) -> Self {
        Cursor { record, part: 0, at }
    }

    fn present(&self) -> &'s [u8] {
        match self.part.checked_sub(1) {
            None => self.record.data,
            Some(part) => self.record.continued.get(part).copied().unwrap_or_default(),
        }
    }

    /// True if it went on in another part.
    fn move_on(&mut self) -> bool {
        if self.part >= self.record.continued.len() {
            return false;
        }
        self.part += 1;
        self.at = 0;
        true
    }

    fn rest(&self) -> &'s [u8] {
        self.present().get(self.at..).unwrap_or_default()
    }

    fn byte(&mut self) -> Option<u8> {
        while self.rest().is_empty() {
            if !self.move_on() {
                return None;
            }
        }
        let byte = *self.rest().first()?;
        self.at += 1;
        Some(byte)
    }

    /// Numbers are never cut by writers, but nothing keeps a hostile one from doing so.
    pub(super) fn word(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    pub(super) fn double(&mut self) -> Option<u32> {
        let low = u32::from(self.word()?);
        Some(low | u32::from(self.word()?) << 16)
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            let here = self.rest().len().min(count);
            self.at += here;
            count -= here;
            if count > 0 && !self.move_on() {
                return None;
            }
        }
        Some(())
    }

    /// A text whose length (in characters) stands in front of it in two bytes. Formatting and readings are skipped.
    pub(super) fn text(&mut self) -> Option<String> {
        let length = usize::from(self.word()?);
        let flags = self.byte()?;
        let runs = if flags & 0x08 != 0 { usize::from(self.word()?) } else { 0 };
        let extension = if flags & 0x04 != 0 { usize::try_from(self.double()?).ok()? } else { 0 };
        let text = self.characters(length, flags & 0x01 != 0)?;
        self.skip(runs.checked_mul(4)?.checked_add(extension)?)?;
        Some(text)
    }

    fn characters(&mut self, mut length: usize, mut wide: bool) -> Option<String> {
        let mut units: Vec<u16> = Vec::new();
        while length > 0 {
            if self.rest().is_empty() {
                if !self.move_on() {
                    return None;
                }
                wide = self.byte()? & 0x01 != 0;
                continue;
            }
            if wide {
                let pairs = (self.rest().len() / 2).min(length);
                if pairs == 0 {
                    return None;
                }
                units.extend(words(self.rest().get(..pairs * 2)?));
                self.at += pairs * 2;
                length -= pairs;
            } else {
                let count = self.rest().len().min(length);
                units.extend(self.rest().get(..count)?.iter().map(|byte| u16::from(*byte)));
                self.at += count;
                length -= count;
            }
        }
        Some(char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect())
    }
}

/// A text whose length stands in front of it in one byte (`ShortXLUnicodeString`).
pub(super) fn short_text(bytes: &[u8]) -> Option<String> {
    let length = usize::from(*bytes.first()?);
    let wide = *bytes.get(1)? & 0x01 != 0;
    let rest = bytes.get(2..)?;
    if wide {
        let units = words(rest.get(..length * 2)?);
        return Some(char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect());
    }
    Some(narrow(rest.get(..length)?).into_owned())
}

/// A number in four bytes (MS-XLS 2.5.217, RkNumber).
pub(super) fn rk(bytes: &[u8], at: usize) -> Option<f64> {
    let packed = double(bytes, at)?;
    let value = if packed & 0x02 != 0 {
        f64::from(packed.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(packed & 0xFFFF_FFFC) << 32)
    };
    Some(if packed & 0x01 != 0 { value / 100.0 } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_go_on_in_the_next_record() {
        // "ab診断c": the first two narrow, then wide behind the border.
        let record = Record {
            kind: 0x00FC,
            data: &[5, 0, 0, b'a', b'b'],
            continued: vec![&[1, 0x3A, 0x8A], &[1, 0xAD, 0x65, b'c', 0]],
        };
        assert_eq!(Cursor::new(&record, 0).text().as_deref(), Some("ab診断c"));
        let cut = Record { kind: 0x00FC, data: &[5, 0, 0, b'a', b'b'], continued: vec![] };
        assert_eq!(Cursor::new(&cut, 0).text(), None);
    }

    #[test]
    fn readings_and_runs_are_skipped() {
        let data = [2, 0, 0x0C, 1, 0, 3, 0, 0, 0, b'C', b'T', 9, 9, 9, 9, 8, 8, 8, 1, 0, 0, b'x'];
        let record = Record { kind: 0, data: &data, continued: vec![] };
        let mut cursor = Cursor::new(&record, 0);
        assert_eq!(cursor.text().as_deref(), Some("CT"));
        assert_eq!(cursor.text().as_deref(), Some("x"));
    }

    #[test]
    fn packed_numbers() {
        assert_eq!(rk(&0x3FF0_0000_u32.to_le_bytes(), 0), Some(1.0));
        assert_eq!(rk(&((123 << 2) | 3_u32).to_le_bytes(), 0), Some(1.23));
        assert_eq!(rk(&((-5_i32 << 2).cast_unsigned() | 2).to_le_bytes(), 0), Some(-5.0));
    }
}
