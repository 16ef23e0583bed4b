//! Texts of JVN and of makers' CVRF hold HTML that is escaped as XML text: lists and line breaks. It is brought to plain
//! text.

/// The text without tags: list items and breaks become line ends, entities their characters.
///
/// A `<` that does not begin a tag stays; a tag that is never closed stays as text, so that nothing is lost.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        match tag_length(tag) {
            Some(length) => {
                let name = tag.get(1..length).unwrap_or_default();
                if is_break(name) && !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
                rest = tag.get(length..).unwrap_or_default();
            }
            None => {
                out.push('<');
                rest = tag.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    unescape(&out)
}

/// Length of the tag at the start of `tag`, which begins with `<`. `</li<` (seen in genuine data) is a tag, too.
fn tag_length(tag: &str) -> Option<usize> {
    let inner = tag.get(1..)?;
    let named = inner.trim_start_matches('/');
    if !named.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = inner.find(['>', '<'])?;
    let length = 1 + end;
    let closes = tag.get(length..)?.starts_with('>');
    let plausible = end <= 200;
    plausible.then_some(length + usize::from(closes))
}

fn is_break(tag: &str) -> bool {
    let name: String =
        tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
    matches!(
        name.to_ascii_lowercase().as_str(),
        "li" | "ul" | "ol" | "br" | "p" | "div" | "tr" | "table" | "dd" | "h1" | "h2" | "h3" | "h4"
    )
}

/// The five predefined entities and the blank; doubly escaped text is common in these feeds.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&apos;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn lists_become_lines() {
        let text = "次の脆弱性があります。<ul><li>格納型 XSS（CWE-79）- CVE-2025-0354</li><li>二つ目</li<br/></ul> 以上";
        assert_eq!(plain(text), "次の脆弱性があります。\n格納型 XSS（CWE-79）- CVE-2025-0354\n二つ目\n 以上");
    }

    #[test]
    fn signs_that_are_no_tags_stay() {
        assert_eq!(plain("1 < 2 と a<b"), "1 < 2 と a<b");
        assert_eq!(plain("A &amp; B &lt;x&gt;"), "A & B <x>");
        assert_eq!(plain("終わらない <a href="), "終わらない <a href=");
    }
}
