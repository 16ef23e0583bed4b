//! What a tool prints of a session is not taken over: whoever reads a report must not be able to log in with it.

/// Put in the place of what was left out.
const LEFT_OUT: &str = "[left out]";

/// Headers whose value is a secret as a whole.
const HEADERS: [&str; 5] =
    ["authorization:", "proxy-authorization:", "x-api-key:", "x-auth-token:", "x-csrf-token:"];

/// Headers that hold names with secret values.
const COOKIES: [&str; 2] = ["set-cookie:", "cookie:"];

/// Names whose value, behind `=` or `:`, is a secret.
const NAMES: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "sessionid",
    "session_id",
    "phpsessid",
    "pwd",
];

/// The text without values of cookies, of headers that authorise, and of fields that are called like secrets.
pub(super) fn removed(text: &str) -> String {
    let lines = text.lines().map(|line| without_header(line).unwrap_or_else(|| without_values(line)));
    lines.collect::<Vec<_>>().join("\n")
}

/// A line that begins with such a header; `None` for any other.
fn without_header(line: &str) -> Option<String> {
    let trimmed = line.trim_start();
    let begins =
        |header: &str| trimmed.get(..header.len()).is_some_and(|start| start.eq_ignore_ascii_case(header));
    if let Some(header) = HEADERS.iter().find(|header| begins(header)) {
        let name = trimmed.get(..header.len()).unwrap_or_default();
        return Some(format!("{name} {LEFT_OUT}"));
    }
    let header = COOKIES.iter().find(|header| begins(header))?;
    let (name, cookies) = trimmed.split_at(header.len());
    let cookies = cookies.split(';').map(|cookie| match cookie.split_once('=') {
        Some((name, _)) if !is_attribute(name) => format!("{name}={LEFT_OUT}"),
        _ => cookie.to_owned(),
    });
    Some(format!("{name}{}", cookies.collect::<Vec<_>>().join(";")))
}

/// Attributes of a cookie tell how it is protected, and are what the finding is about.
fn is_attribute(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    ["path", "domain", "max-age", "expires", "samesite"].contains(&name.as_str())
}

/// `password=abc` and `"token": "abc"` without what stands behind.
fn without_values(line: &str) -> String {
    let lower = line.to_ascii_lowercase();
    let mut out = String::with_capacity(line.len());
    let mut from = 0;
    while let Some((name_end, value)) = next_secret(&lower, from) {
        out.push_str(line.get(from..name_end).unwrap_or_default());
        out.push_str(LEFT_OUT);
        from = value;
    }
    out.push_str(line.get(from..).unwrap_or_default());
    out
}

/// Where the next secret value begins and ends, from the offset `from` on. `lower` is in lower case.
fn next_secret(lower: &str, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    loop {
        let rest = lower.get(at..)?;
        let sign = at + rest.find(['=', ':'])?;
        at = sign + 1;
        let before = lower.get(from..sign)?.trim_end_matches([' ', '"', '\'', '\\']);
        if !NAMES.iter().any(|name| before.ends_with(name)) {
            continue;
        }
        let after = lower.get(at..)?;
        let skipped = after.len() - after.trim_start_matches([' ', '"', '\'']).len();
        let begin = at + skipped;
        let value = lower.get(begin..)?;
        let length = value.find([' ', '&', ';', ',', '"', '\'', '<', '\t']).unwrap_or(value.len());
        if length > 0 {
            return Some((begin, begin + length));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_not_taken_over() {
        let table = [
            ("Set-Cookie: opvc", "Set-Cookie: opvc"),
            ("Set-Cookie: sid=abc; Path=/; Secure", "Set-Cookie: sid=[left out]; Path=/; Secure"),
            ("  cookie: a=1;b=2", "cookie: a=[left out];b=[left out]"),
            ("Authorization: Bearer abc.def", "Authorization: [left out]"),
            ("user=a&password=b&next=c", "user=a&password=[left out]&next=c"),
            ("{\"token\": \"abc\", \"n\": 1}", "{\"token\": \"[left out]\", \"n\": 1}"),
            ("Password : admin", "Password : [left out]"),
            ("password=", "password="),
            ("the password policy: none", "the password policy: none"),
            ("診断 token=あいう えお", "診断 token=[left out] えお"),
        ];
        for (text, expected) in table {
            assert_eq!(removed(text), expected, "{text}");
        }
        assert_eq!(removed("a\nCookie: x=1\nb"), "a\nCookie: x=[left out]\nb");
    }
}
