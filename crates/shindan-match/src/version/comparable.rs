//! Which keys of versions of no declared scheme say something about one another. The keys have an order, which must
//! not decide about a range where two versions count in different ways.

use super::generic::rank;
use super::marked;

/// False between letters and numbers (`K`, `B.06.18` against `2.3`), between a day and a number (`20230116` against
/// `1.2`), and between versions with other marks ([`super::marked`]).
pub(super) fn comparable(a: &[u8], b: &[u8]) -> bool {
    if let (Some(_), _) | (_, Some(_)) = (marked::form(a), marked::form(b)) {
        return marked::form(a) == marked::form(b);
    }
    let lettered = |key: &[u8]| key.first().is_some_and(|rank| (rank::LETTER..rank::BUILD).contains(rank));
    lettered(a) == lettered(b) && is_day(a) == is_day(b)
}

/// True if a key begins as a date does: with a day (`20230116`) or a year.
pub(crate) fn begins_with_year(key: &[u8]) -> bool {
    is_day(key) || first_number(key).is_some_and(is_year)
}

/// True if a key begins with a day written as one number.
fn is_day(key: &[u8]) -> bool {
    let Some([year @ .., m1, m2, d1, d2]) = first_number(key) else { return false };
    let two = |a: &u8, b: &u8| u32::from(a.saturating_sub(b'0')) * 10 + u32::from(b.saturating_sub(b'0'));
    is_year(year) && (1..=12).contains(&two(m1, m2)) && (1..=31).contains(&two(d1, d2))
}

fn is_year(digits: &[u8]) -> bool {
    matches!(digits, [b'1', b'9', b'9', _] | [b'2', b'0', _, _])
}

/// The digits of the number that a key begins with.
fn first_number(key: &[u8]) -> Option<&[u8]> {
    let [rank::NUMBER, length, rest @ ..] = key else { return None };
    rest.get(..usize::from(*length)).filter(|digits| digits.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use shindan_domain::version::Scheme;

    use super::*;
    use crate::version::key;

    #[test]
    fn ways_of_counting() {
        for (a, b, expected) in [
            ("1.2", "1.3", true),
            ("K", "2.3", false),
            ("K", "B.06", true),
            ("20230116", "1.2", false),
            ("20230116", "20221231", true),
            ("v20230116", "1.2", false),
            ("20231316", "1.2", true),
            ("12345678", "1.2", true),
            ("2023.1", "1.2", true),
            ("0", "1", true),
        ] {
            let [x, y] = [a, b].map(|text| key(Scheme::Generic, text).unwrap());
            assert_eq!((comparable(&x, &y), comparable(&y, &x)), (expected, expected), "{a} {b}");
        }
        for (text, expected) in
            [("20230116", true), ("2023.1", true), ("1.2", false), ("K", false), ("0", false)]
        {
            assert_eq!(begins_with_year(&key(Scheme::Generic, text).unwrap()), expected, "{text}");
        }
        assert!(!begins_with_year(&[]) && !is_day(&[rank::NUMBER, 9, b'2']));
    }
}
