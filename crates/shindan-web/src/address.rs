//! Addresses: of the page of a record, and how texts stand in them.

use shindan_domain::ledger::Stream;

/// The address of a record's page.
pub(crate) fn address(stream: Stream) -> String {
    format!("/records/{}/{}", stream.kind, stream.id)
}

/// Names and values of `a=b&c=d`, decoded.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text.as_bytes();
        while let [first, tail @ ..] = rest {
            rest = tail;
            let hex = |at: usize| tail.get(at).and_then(|digit| (*digit as char).to_digit(16));
            match (first, hex(0), hex(1)) {
                (b'%', Some(high), Some(low)) => {
                    bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                    rest = tail.get(2..).unwrap_or_default();
                }
                (b'+', ..) => bytes.push(b' '),
                (other, ..) => bytes.push(*other),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let parts = text.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(n, v)| (decode(n), decode(v)))
        .collect()
}

/// A text as a part of an address.
pub(crate) fn encoded(text: &str) -> String {
    let mut coded = String::new();
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'-' | b'_' | b'~' => {
                coded.push(char::from(byte))
            }
            other => coded.push_str(&format!("%{other:02X}")),
        }
    }
    coded
}

/// The address of the page without some of its values, and with others.
pub(crate) fn address_with(asked: &str, without: &[&str], with: &[(&str, &str)]) -> String {
    let (path, query) = asked.split_once('?').unwrap_or((asked, ""));
    let kept = pairs(query).into_iter().filter(|(name, value)| {
        !value.is_empty() && !without.contains(&name.as_str()) && !with.iter().any(|(known, _)| known == name)
    });
    let with = with.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let all = kept.chain(with).map(|(name, value)| format!("{}={}", encoded(&name), coded(&value)));
    let query = all.collect::<Vec<_>>().join("&");
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// As [`encoded`], but commas stay readable.
fn coded(value: &str) -> String {
    value.split(',').map(encoded).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded_whatever_they_hold() {
        let of = |text: &str| pairs(text).into_iter().next().unwrap_or_default();
        assert_eq!(of("a=%E9%9B%BB%E5%AD%90+%26"), ("a".to_owned(), "電子 &".to_owned()));
        assert_eq!(of("a"), ("a".to_owned(), String::new()));
        assert_eq!(of("a=%"), ("a".to_owned(), "%".to_owned()));
        assert_eq!(of("a=%4"), ("a".to_owned(), "%4".to_owned()));
        assert_eq!(of("a=%FF").1, "\u{fffd}");
        assert_eq!(pairs("&&"), []);
        assert_eq!(pairs(&format!("x={}", encoded("電子 &=+%")))[0].1, "電子 &=+%");
    }

    #[test]
    fn an_address_keeps_what_it_says_and_takes_what_is_new() {
        let here = "/cases?sort=due&text=%E9%9B%BB&after=u1-2&columns=number,title";
        let with = [("columns", "title,due"), ("as", "csv")];
        let address = address_with(here, &["after"], &with);
        assert_eq!(address, "/cases?sort=due&text=%E9%9B%BB&columns=title,due&as=csv");
        assert_eq!(address_with("/cases", &[], &[]), "/cases");
        assert_eq!(address_with("/cases?a=", &[], &[]), "/cases");
    }
}
