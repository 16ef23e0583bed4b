//! Text as it is compared in lists: NFKC, lower case, so that `ＦＯＲＴＩ`, `Forti` and half-width kana find each other.

use unicode_normalization::UnicodeNormalization;

/// The form in which texts are compared: width and case do not matter.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// A full-text query for entries that hold every run of three characters of `word`; `None` below three characters.
pub(crate) fn three_letter_runs(word: &str) -> Option<String> {
    let characters: Vec<char> = word.chars().collect();
    if characters.len() < 3 {
        return None;
    }
    let quoted = characters.windows(3).map(|run| {
        let run: String = run.iter().collect();
        format!("\"{}\"", run.replace('"', "\"\""))
    });
    Some(quoted.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_and_cases_are_one() {
        assert_eq!(folded("ＦｏｒｔｉＯＳ ﾌﾟﾛｸｼ"), folded("fortios プロクシ"));
        assert_eq!(three_letter_runs("ab"), None);
        assert_eq!(three_letter_runs("a\"bc").as_deref(), Some("\"a\"\"b\" \"\"\"bc\""));
    }
}
