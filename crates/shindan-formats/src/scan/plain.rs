//! HTML inside reports, brought to plain text. Tags are taken away, never interpreted.

/// Most characters of a tag; a longer one is text.
const LONGEST_TAG: usize = 1_000;

/// The text without tags, comments, scripts and styles; blocks are kept apart by a line end, entities become their characters.
/// A `<` that begins no tag stays, and so does a tag that never closes: nothing is lost.
pub(super) fn plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    // An end that was looked for in vain is not looked for again: the cost stays that of one pass.
    let mut ends = Ends { comment: true, script: true };
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let Some((name, length)) = tag_at(tag, &mut ends) else {
            out.push('<');
            rest = tag.get(1..).unwrap_or_default();
            continue;
        };
        rest = tag.get(length..).unwrap_or_default();
        match name.as_str() {
            "script" | "style" if ends.script => match behind_closing(rest, &name) {
                Some(behind) => rest = behind,
                None => ends.script = false,
            },
            "b" | "i" | "a" | "em" | "strong" | "code" | "span" | "tt" | "u" | "font" => {}
            _ => out.push('\n'),
        }
    }
    out.push_str(rest);
    unescaped(&out)
}

/// Whether the rest of the text may still hold the end of a comment, and of a script.
struct Ends {
    comment: bool,
    script: bool,
}

/// Name (empty for a comment; of a closing tag with `/`) and length of the tag at the start.
fn tag_at(tag: &str, ends: &mut Ends) -> Option<(String, usize)> {
    if let Some(comment) = tag.strip_prefix("<!--").filter(|_| ends.comment) {
        let end = comment.find("-->");
        ends.comment = end.is_some();
        return end.map(|end| (String::new(), end + 7));
    }
    let inner = tag.get(1..)?;
    let named = inner.strip_prefix('/').unwrap_or(inner);
    if !named.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let window = inner.as_bytes().get(..inner.len().min(LONGEST_TAG))?;
    let end = memchr::memchr2(b'>', b'<', window).filter(|end| window.get(*end) == Some(&b'>'))?;
    let name: String = named.chars().take_while(char::is_ascii_alphanumeric).collect();
    Some((name.to_ascii_lowercase(), end + 2))
}

/// What follows the closing tag, if there is one.
fn behind_closing<'a>(rest: &'a str, name: &str) -> Option<&'a str> {
    let mut at = 0;
    while let Some(found) = rest.get(at..).and_then(|rest| rest.find("</")) {
        at += found + 2;
        let tail = rest.get(at..).unwrap_or_default();
        if tail.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) {
            return Some(tail.split_once('>').map_or("", |(_, behind)| behind));
        }
    }
    None
}

/// Entities as they occur in these texts, once: what was escaped twice stays readable and is never taken for a tag.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        match entity(tail) {
            Some((character, length)) => {
                out.push(character);
                rest = tail.get(length..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = tail.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(text: &str) -> Option<(char, usize)> {
    let window = text.as_bytes().get(1..text.len().min(12))?;
    let end = memchr::memchr(b';', window)?;
    let name = text.get(1..=end)?;
    let character = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?).filter(|character| !character.is_control() || *character == '\n')?
        }
    };
    Some((character, end + 2))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn tags_go_and_words_stay() {
        let table = [
            ("<p>One</p><p>Two &amp; <b>three</b></p>", "\nOne\n\nTwo & three\n"),
            ("1 < 2 and a<b>c</b>", "1 < 2 and ac"),
            ("never <a href=\"closed", "never <a href=\"closed"),
            ("a<script>alert('<p>')</script>b", "ab"),
            ("a<style>p{}", "ap{}"),
            ("a<!-- <p> -->b", "a\nb"),
            ("&lt;script&gt; &#x3042;&#12354; &unknown; &", "<script> ああ &unknown; &"),
            ("&amp;lt;p&amp;gt;", "&lt;p&gt;"),
            ("", ""),
        ];
        for (html, expected) in table {
            assert_eq!(plain(html), expected, "{html}");
        }
    }

    #[test]
    fn hostile_texts_cost_no_more_than_their_length() {
        for piece in ["<a", "&", "<!--", "</", "<script>"] {
            let text = piece.repeat(200_000);
            assert!(plain(&text).len() <= text.len());
        }
    }
}
