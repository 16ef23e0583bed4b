//! Which passwords are good enough: NIST SP 800-63B-4 section 3.1.1. Length counts; there are no rules of composition and no dates on which
//! a password has to be changed.

use crate::process::{ReasonCode, Refusal};

/// Characters that a password has at least.
pub const LEAST: usize = 12;
/// Characters that it has at most.
pub const MOST: usize = 256;

/// What many people choose, or what is at hand here. In small letters; a password is one of them with or without digits and signs at its end.
const COMMONEST: [&str; 44] = [
    "password",
    "passw0rd",
    "passwordpassword",
    "mypassword",
    "pass",
    "passphrase",
    "correcthorsebatterystaple",
    "qwerty",
    "qwertyuiop",
    "qwertyuiopasdf",
    "qwertyuiopasdfghjkl",
    "qwertyasdfzxcv",
    "qwertyuiopasdfghjklzxcvbnm",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r5t6y",
    "1q2w3e4r5t6y7u",
    "1q2w3e4r5t6y7u8i",
    "1qaz2wsx3edc",
    "1qaz2wsx3edc4rfv",
    "1qazxsw23edc",
    "qazwsxedcrfv",
    "abcdefghijkl",
    "abcdefghijklmnopqrstuvwxyz",
    "iloveyou",
    "iloveyouforever",
    "letmein",
    "welcome",
    "changeme",
    "changemenow",
    "administrator",
    "admin",
    "adminadmin",
    "rootroot",
    "testtest",
    "superman",
    "trustno1",
    "shindan",
    "shindanshindan",
    "hospital",
    "byouin",
    "sakura",
    "doraemon",
    "nintendo",
];

/// Whether a password is good enough. Both texts are in Unicode's form NFKC.
///
/// # Errors
/// [`ReasonCode::PasswordTooShort`], [`ReasonCode::PasswordTooLong`], [`ReasonCode::PasswordIsName`], [`ReasonCode::PasswordCommon`].
pub fn fits(name: &str, password: &str) -> Result<(), Refusal> {
    let length = password.chars().count();
    if length < LEAST {
        return Err(Refusal::new(ReasonCode::PasswordTooShort).with("least", LEAST));
    }
    if length > MOST {
        return Err(Refusal::new(ReasonCode::PasswordTooLong).with("most", MOST));
    }
    let (name, plain) = (compared(name), compared(password));
    if !name.is_empty() && plain.split(name.as_str()).all(str::is_empty) {
        return Err(Refusal::new(ReasonCode::PasswordIsName));
    }
    if is_common(&plain) {
        return Err(Refusal::new(ReasonCode::PasswordCommon));
    }
    Ok(())
}

/// Small letters without spaces.
fn compared(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

fn is_common(plain: &str) -> bool {
    let stem = plain.trim_end_matches(|letter: char| !letter.is_alphabetic());
    if COMMONEST.iter().any(|common| plain == *common || stem == *common) {
        return true;
    }
    repeats(plain) || counts(plain)
}

/// True for the same one to four characters over and over: `aaaaaaaaaaaa`, `abcabcabcabc`.
fn repeats(plain: &str) -> bool {
    let letters: Vec<char> = plain.chars().collect();
    (1..=4).any(|period| letters.iter().zip(letters.iter().skip(period)).all(|(one, other)| one == other))
}

/// True for digits that count up or down: `123456789012`.
fn counts(plain: &str) -> bool {
    let digits: Option<Vec<u32>> = plain.chars().map(|letter| letter.to_digit(10)).collect();
    let Some(digits) = digits else { return false };
    let steps =
        |by: u32| digits.iter().zip(digits.iter().skip(1)).all(|(one, next)| (one + by) % 10 == *next);
    steps(1) || steps(9)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str, password: &str) -> Option<ReasonCode> {
        fits(name, password).err().map(|refusal| refusal.reason.code)
    }

    #[test]
    fn length_counts_and_nothing_else_is_asked_for() {
        assert_eq!(refused("", "short"), Some(ReasonCode::PasswordTooShort));
        assert_eq!(refused("", "elevenchars"), Some(ReasonCode::PasswordTooShort));
        assert_eq!(refused("", &"あいう".repeat(86)), Some(ReasonCode::PasswordTooLong));
        for good in
            ["green tea at four", "桜の木の下で三時にお茶を", "kmv tzq wpx r", "あさごはんはごはんとみそしる"]
        {
            assert_eq!(refused("管理 花子", good), None, "{good}");
        }
        assert_eq!(refused("", &"ab cdefgh".repeat(28)), None, "252 characters");
    }

    #[test]
    fn the_name_and_what_many_choose_are_refused() {
        assert_eq!(refused("Hanako Yamada Kanri", "hanakoyamadakanri"), Some(ReasonCode::PasswordIsName));
        assert_eq!(refused("Hanako", "hanako Hanako"), Some(ReasonCode::PasswordIsName));
        for common in [
            "password1234",
            "Password 2026!",
            "qwertyuiop12",
            "aaaaaaaaaaaaa",
            "abcabcabcabcabc",
            "123456789012",
            "098765432109",
            "shindan 12345",
            "Administrator",
            "hospital2026!!",
        ] {
            assert_eq!(refused("花子", common), Some(ReasonCode::PasswordCommon), "{common}");
        }
    }
}
