//! Secrets that tools print are never taken over, neither as evidence nor inside a message: whoever reads a report must not be able to
//! log in with it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use shindan_domain::ledger::Hash;

/// Put in the place of what was left out.
const LEFT_OUT: &str = "***";

/// Headers whose value is a secret as a whole.
const HEADERS: [&str; 5] =
    ["authorization", "proxy-authorization", "x-api-key", "x-auth-token", "x-csrf-token"];

/// Headers that hold names with secret values.
const COOKIES: [&str; 2] = ["set-cookie", "cookie"];

/// Names whose value, behind `=` or `:`, is a secret, whatever stands in front of them (`access_token`, `PHPSESSID`).
const NAMES: [&str; 18] = [
    "access_key",
    "secret_key",
    "private_key",
    "client_key",
    "credential",
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
    "session-id",
    "sessid",
    "pwd",
];

/// Words in names of rules, tags and tools that look for secrets.
const OF_SECRETS: [&str; 26] = [
    "secret",
    "password",
    "passwd",
    "credential",
    "hardcoded",
    "hard-coded",
    "api-key",
    "apikey",
    "api_key",
    "api key",
    "access-token",
    "access_token",
    "access token",
    "auth-token",
    "bearer",
    "private-key",
    "private_key",
    "private key",
    "upload token",
    "webhook",
    "default-login",
    "gitleaks",
    "trufflehog",
    "exposed-token",
    "jwt",
    "token detected",
];

/// Weaknesses (CWE) whose evidence is a secret: hard-coded credentials and keys, credentials in the open.
const WEAKNESSES: [u32; 8] = [256, 259, 312, 321, 522, 540, 615, 798];

/// Whether a rule looks for secrets, by its names and tags.
pub(super) fn sought<'a>(names: impl IntoIterator<Item = &'a str>) -> bool {
    names.into_iter().any(|name| {
        let name = name.to_ascii_lowercase();
        OF_SECRETS.iter().any(|word| name.contains(word))
    })
}

/// Whether the evidence of such a weakness is a secret.
pub(super) fn is_evidence_of(cwe: &BTreeSet<u32>) -> bool {
    cwe.iter().any(|number| WEAKNESSES.contains(number))
}

/// What stands for code that holds a secret: the same code is recognised again, and nothing of it is told.
pub(super) fn code(code: &str) -> String {
    let squeezed: Vec<&str> = code.split_whitespace().collect();
    let Hash(bytes) = Hash::of(squeezed.join(" ").as_bytes());
    let mut text = String::from("sha256:");
    for byte in bytes.iter().take(8) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A message of a rule that looks for secrets: what stands in quotes may be the secret itself.
pub(super) fn message(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<char> = None;
    let mut before = ' ';
    for c in text.chars() {
        match open {
            Some(quote) if c == quote => {
                open = None;
                out.push_str("***");
                out.push(c);
            }
            Some(_) => {}
            // The apostrophe of "isn't" opens nothing.
            None if matches!(c, '\'' | '"' | '`') && !before.is_alphanumeric() => {
                open = Some(c);
                out.push(c);
            }
            None => out.push(c),
        }
        before = c;
    }
    if open.is_some() {
        out.push_str("***");
    }
    out
}

/// The text without values of cookies, of headers that authorise, and of fields that are called like secrets.
pub(super) fn removed(text: &str) -> String {
    let lines = text.lines().map(|line| without_header(line).unwrap_or_else(|| without_values(line)));
    lines.collect::<Vec<_>>().join("\n")
}

/// What a tool prints of cookies: their names and attributes, not their values.
pub(super) fn cookies(text: &str) -> String {
    let words = text.split_whitespace().map(|word| match word.split_once('=') {
        Some((name, value)) if !is_attribute(name) => {
            let end = if value.ends_with(';') { ";" } else { "" };
            format!("{name}={LEFT_OUT}{end}")
        }
        _ => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A line that begins with such a header, also as tools quote it (`> Cookie: a=1`); `None` for any other.
fn without_header(line: &str) -> Option<String> {
    let trimmed = line.trim_start_matches(['\'', '"', '<', '>', '-', ' ', '\t']);
    let is = |header: &&&str| {
        let name = trimmed.get(..header.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(header));
        name && trimmed.as_bytes().get(header.len()) == Some(&b':')
    };
    let before = line.get(..line.len() - trimmed.len()).unwrap_or_default();
    if let Some(header) = HEADERS.iter().find(is) {
        let name = trimmed.get(..header.len()).unwrap_or_default();
        return Some(format!("{before}{name}: {LEFT_OUT}"));
    }
    let header = COOKIES.iter().find(is)?;
    let (name, cookies) = trimmed.split_at(header.len() + 1);
    let cookies = cookies.split(';').map(|cookie| match cookie.split_once('=') {
        Some((name, _)) if !is_attribute(name) => format!("{name}={LEFT_OUT}"),
        _ => cookie.to_owned(),
    });
    Some(format!("{before}{name}{}", cookies.collect::<Vec<_>>().join(";")))
}

/// Attributes of a cookie tell how it is protected, and are what the finding is about.
fn is_attribute(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    ["path", "domain", "max-age", "expires", "samesite"].contains(&name.as_str())
}

/// `password=abc`, `"token": "abc"` and `-H 'Cookie: a=1'` without what stands behind.
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
        let is = |name: &&str| before.ends_with(name);
        let header = HEADERS.iter().chain(&COOKIES).any(&is);
        if !header && !NAMES.iter().any(is) {
            continue;
        }
        let after = lower.get(at..)?;
        let value = after.trim_start_matches([' ', '"', '\'', '\\', '=', ':']);
        let begin = at + after.len() - value.len();
        let quote = lower.get(at..begin)?.chars().rev().find(|sign| matches!(sign, '"' | '\''));
        let length = match quote {
            // What stands in quotes may hold blanks.
            Some(quote) => value.find([quote, '\\']),
            None if header => value.find(['"', '\'']),
            None => value.find([' ', '&', ';', ',', '"', '\'', '<', '\t']),
        };
        let length = length.unwrap_or(value.len());
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
            ("Set-Cookie: sid=abc; Path=/; Secure", "Set-Cookie: sid=***; Path=/; Secure"),
            ("  cookie: a=1;b=2", "  cookie: a=***;b=***"),
            ("> Cookie: a=1", "> Cookie: a=***"),
            ("Authorization: Bearer abc.def", "Authorization: ***"),
            ("curl -H 'Authorization: Basic abc=' 'http://a'", "curl -H 'Authorization: ***' 'http://a'"),
            ("curl -H 'Cookie: a=1; b=2' 'http://a'", "curl -H 'Cookie: ***' 'http://a'"),
            ("user=a&password=b&next=c", "user=a&password=***&next=c"),
            ("{\"token\": \"abc\", \"n\": 1}", "{\"token\": \"***\", \"n\": 1}"),
            ("{\"password\": \"two words\", \"n\": 1}", "{\"password\": \"***\", \"n\": 1}"),
            ("{\\\"token\\\":\\\"abc\\\",1}", "{\\\"token\\\":\\\"***\\\",1}"),
            ("Password : admin", "Password : ***"),
            ("PHPSESSID=90af; path=/", "PHPSESSID=***; path=/"),
            ("password=", "password="),
            ("the password policy: none", "the password policy: none"),
            ("the token is missing", "the token is missing"),
            ("診断 token=あいう えお", "診断 token=*** えお"),
            ("Autorisation: ÄÖ", "Autorisation: ÄÖ"),
        ];
        for (text, expected) in table {
            assert_eq!(removed(text), expected, "{text}");
        }
        assert_eq!(removed("a\nCookie: x=1\nb"), "a\nCookie: x=***\nb");
    }

    #[test]
    fn cookies_have_names_and_attributes() {
        assert_eq!(cookies("a=low; path=/ PHPSESSID=90af; Secure"), "a=***; path=/ PHPSESSID=***; Secure");
    }

    #[test]
    fn quoted_secrets_are_masked() {
        assert_eq!(message("Possible hardcoded password: 'hunter2'"), "Possible hardcoded password: '***'");
        assert_eq!(message("It isn't safe: \"abc"), "It isn't safe: \"***");
    }

    #[test]
    fn code_is_recognised_and_not_told() {
        assert_eq!(code("password = \"a\""), code("  password  =  \"a\""));
        assert_ne!(code("password = \"a\""), code("password = \"b\""));
        assert!(!code("password = \"a\"").contains('='));
    }
}
