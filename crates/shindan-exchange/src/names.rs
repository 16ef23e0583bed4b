//! Names of files in a sealed file: relative, on every system the same, and nowhere outside.

use std::collections::BTreeSet;

use shindan_domain::process::{Reason, ReasonCode};

/// The longest name, in bytes.
const LONGEST: usize = 240;
/// Names that mean devices on Windows, with any extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// Checks a name: folders and a file, separated by `/`.
///
/// # Errors
/// [`ReasonCode::SealedUnsafeName`] for an empty or too long name, one that is absolute or climbs, holds `\`, `:` or another
/// letter that Windows does not permit, control or direction letters, begins or ends with a space, ends with a dot, or
/// means a device.
pub fn check_name(name: &str) -> Result<(), Reason> {
    let safe = !name.is_empty() && name.len() <= LONGEST && name.split('/').all(is_safe);
    if safe { Ok(()) } else { Err(unsafe_name(name)) }
}

/// Checks that no two names are the same for a system that does not look at the case of letters.
pub(crate) fn check_names<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), Reason> {
    let mut seen = BTreeSet::new();
    for name in names {
        check_name(name)?;
        if !seen.insert(name.to_lowercase()) {
            return Err(unsafe_name(name));
        }
    }
    Ok(())
}

fn unsafe_name(name: &str) -> Reason {
    let shown: String = name.chars().filter(|letter| !is_hidden(*letter)).take(80).collect();
    Reason::new(ReasonCode::SealedUnsafeName).with("name", shown)
}

fn is_safe(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let digits = stem.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let numbered = matches!(digits, "com" | "lpt") && stem.len() == digits.len() + 1;
    let device = numbered || (DEVICES.contains(&stem.as_str()) && !matches!(stem.as_str(), "com" | "lpt"));
    !part.is_empty()
        && part != "."
        && part != ".."
        && !part.ends_with(['.', ' '])
        && !part.starts_with(' ')
        && !device
        && !part.chars().any(|letter| is_hidden(letter) || "\\:*?\"<>|".contains(letter))
}

/// Control letters, and those that show a name other than it is.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_where_it_belongs() {
        for (name, safe) in [
            ("sbom.json", true),
            ("一覧/部品表 2026.json", true),
            (".hidden", true),
            ("com/lpt.txt", true),
            ("", false),
            ("/etc/passwd", false),
            ("../up", false),
            ("a/../b", false),
            ("a//b", false),
            ("a/", false),
            ("./a", false),
            ("a\\b", false),
            ("C:a", false),
            ("nul", false),
            ("a/COM1.txt", false),
            ("trailing. ", false),
            ("trailing.", false),
            ("gpj.\u{202e}exe", false),
            ("line\nbreak", false),
        ] {
            assert_eq!(check_name(name).is_ok(), safe, "{name:?}");
        }
        assert!(check_name(&"あ".repeat(81)).is_err(), "too long");
        assert!(check_names(["a/B", "A/b"].into_iter()).is_err(), "the same on Windows");
        assert!(check_names(["a/b", "a/c"].into_iter()).is_ok());
    }
}
