//! CVSS as documents in XML print it: scores as decimal text, vectors with and without their prefix.

use shindan_domain::advisory::CvssOpinion;

/// A score such as `9.3` or `10` × 10, without floating point.
pub(super) fn tenths(text: &str) -> Option<u8> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    let tenth = fraction.chars().next()?.to_digit(10)?;
    let value = whole.parse::<u32>().ok()?.checked_mul(10)?.checked_add(tenth)?;
    (value <= 100).then(|| u8::try_from(value).ok()).flatten()
}

/// A vector as its source means it. `third` is true where the source says that it is CVSS 3, which some print without
/// `CVSS:3.0/`; a vector in parentheses loses them.
pub(super) fn opinion(vector: &str, printed: Option<&str>, third: bool) -> Option<CvssOpinion> {
    let bare = vector.trim().trim_start_matches('(').trim_end_matches(')').trim();
    if bare.is_empty() {
        return None;
    }
    // Only CVSS 3 knows privileges required; only CVSS 2 authentication.
    let unnamed = !bare.starts_with("CVSS:") && !bare.contains("Au:");
    let vector = if unnamed && (third || bare.contains("/PR:")) {
        format!("CVSS:3.0/{bare}")
    } else {
        bare.to_owned()
    };
    Some(CvssOpinion { vector, printed_x10: printed.and_then(tenths) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_in_every_spelling() {
        let check = |text: &str, third: bool, expected: &str| {
            let found = opinion(text, Some("7.5"), third).expect("a vector");
            assert_eq!((found.vector.as_str(), found.printed_x10), (expected, Some(75)));
        };
        check("CVSS:3.1/AV:N/AC:L", true, "CVSS:3.1/AV:N/AC:L");
        check("AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", false, "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H");
        check("(AV:N/AC:L/Au:N/C:P/I:P/A:P)", false, "AV:N/AC:L/Au:N/C:P/I:P/A:P");
        assert_eq!(opinion(" ", None, false), None);
        assert_eq!(tenths("10.0"), Some(100));
        assert_eq!(tenths("10.1"), None);
        assert_eq!(tenths("high"), None);
    }
}
