//! Addresses of cells as spreadsheet programs write them: `B12`, `$B$12`.

use std::fmt;

/// A cell: column from 0, row from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// Row, from 1.
    pub row: u32,
    /// Column, from 0.
    pub column: u32,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letters(self.column), self.row)
    }
}

impl Address {
    /// Reads `B12`. `None` if it is no address of a cell that Excel could have.
    pub(super) fn parse(text: &str) -> Option<Address> {
        let text = text.trim_start_matches('$');
        let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (letters, digits) = text.split_at_checked(letters)?;
        let row: u32 = digits.trim_start_matches('$').parse().ok()?;
        let column = column_number(letters)?;
        (1..=1_048_576).contains(&row).then_some(Address { row, column })
    }
}

/// `A` for 0, `Z` for 25, `AA` for 26.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    loop {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        match (rest / 26).checked_sub(1) {
            Some(next) => rest = next,
            None => break,
        }
    }
    letters.iter().rev().collect()
}

/// 0 for `A`, 26 for `AA`, in either case. `None` beyond Excel's last column, `XFD`.
pub fn column_number(letters: &str) -> Option<u32> {
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let mut number = 0_u32;
    for letter in letters.bytes() {
        if !letter.is_ascii_alphabetic() {
            return None;
        }
        number = number * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1;
    }
    (number <= 16_384).then(|| number - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_numbers_are_inverse() {
        for (column, letters) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (52, "BA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(column_letters(column), letters);
            assert_eq!(column_number(letters), Some(column));
        }
        for column in 0..16_384 {
            assert_eq!(column_number(&column_letters(column)), Some(column));
        }
    }

    #[test]
    fn addresses() {
        assert_eq!(Address::parse("B12"), Some(Address { row: 12, column: 1 }));
        assert_eq!(Address::parse("$AA$7"), Some(Address { row: 7, column: 26 }));
        assert_eq!(Address { row: 12, column: 1 }.to_string(), "B12");
        for text in ["", "B", "12", "B0", "XFE1", "A1048577", "B-1", "Б1", "A99999999999"] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }
}
