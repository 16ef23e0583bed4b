//! Secrets that tools print are never taken over: neither as evidence nor inside a message.

use std::fmt::Write as _;

use shindan_domain::ledger::Hash;

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

/// Names of headers and fields whose values are secrets, in lower case.
const NAMES: [&str; 17] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-api-key",
    "x-auth-token",
    "password",
    "passwd",
    "pwd",
    "token",
    "secret",
    "access_token",
    "api_key",
    "apikey",
    "sessid",
    "sessionid",
    "session_id",
];

/// Whether a rule looks for secrets, by its names and tags.
pub(super) fn sought<'a>(names: impl IntoIterator<Item = &'a str>) -> bool {
    names.into_iter().any(|name| {
        let name = name.to_ascii_lowercase();
        OF_SECRETS.iter().any(|word| name.contains(word))
    })
}

/// Whether the evidence of such a weakness is a secret.
pub(super) fn is_evidence_of(cwe: &std::collections::BTreeSet<u32>) -> bool {
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

/// A text that a tool prints of a request or an answer, without the values of headers and fields that are secrets.
pub(super) fn masked(text: &str) -> String {
    text.lines().map(masked_line).collect::<Vec<_>>().join("\n")
}

/// What a tool prints of cookies: their names and attributes, not their values.
pub(super) fn cookies(text: &str) -> String {
    let attributes = ["path", "expires", "max-age", "samesite", "domain"];
    let words = text.split_whitespace().map(|word| match word.split_once('=') {
        Some((name, value)) if !attributes.contains(&name.to_ascii_lowercase().as_str()) => {
            let end = if value.ends_with(';') { ";" } else { "" };
            format!("{name}=***{end}")
        }
        _ => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn masked_line(line: &str) -> String {
    let lower = line.to_ascii_lowercase();
    let header = lower.trim_start().trim_start_matches(['\'', '"', '<', '>', ' ', '-']);
    if let Some(name) = NAMES.iter().find(|name| header.starts_with(&format!("{name}:"))) {
        let end = lower.find(name).map_or(0, |at| at + name.len());
        return format!("{}: ***", line.get(..end).unwrap_or_default());
    }
    let mut out = line.to_owned();
    for name in NAMES {
        out = masked_values(&out, name);
    }
    out
}

/// `name=value`, `name: value`, `"name":"value"`: the value becomes `***`.
fn masked_values(line: &str, name: &str) -> String {
    let lower = line.to_ascii_lowercase();
    let mut out = String::with_capacity(line.len());
    let mut from = 0;
    while let Some(at) = lower.get(from..).and_then(|rest| rest.find(name)).map(|at| at + from + name.len()) {
        let rest = lower.get(at..).unwrap_or_default();
        let sign = rest.trim_start_matches(['"', '\'', ' ']);
        out.push_str(line.get(from..at).unwrap_or_default());
        from = at;
        if !sign.starts_with(['=', ':']) {
            continue;
        }
        let value = sign.trim_start_matches(['=', ':', ' ', '"', '\'']);
        let begin = at + rest.len() - value.len();
        // A value with blanks in it, such as `Bearer …`, goes to the end of its quotes or of the line.
        let end = value.find(['"', '\'', '&', ';', ',']).unwrap_or(value.len());
        if end > 0 {
            out.push_str(line.get(at..begin).unwrap_or_default());
            out.push_str("***");
            from = begin + end;
        }
    }
    out.push_str(line.get(from..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_headers_and_fields_are_masked() {
        assert_eq!(
            masked("GET / HTTP/1.1\nAuthorization: Bearer abc.def\nHost: a"),
            "GET / HTTP/1.1\nAuthorization: ***\nHost: a"
        );
        assert_eq!(masked("set-cookie: id=1; Secure"), "set-cookie: ***");
        assert_eq!(masked("user=a&password=hunter2&next=/"), "user=a&password=***&next=/");
        assert_eq!(masked("{\"token\": \"abc\", \"id\": 1}"), "{\"token\": \"***\", \"id\": 1}");
        assert_eq!(
            masked("curl -H 'Authorization: Basic abc=' 'http://a'"),
            "curl -H 'Authorization: ***' 'http://a'"
        );
        assert_eq!(masked("the token is missing"), "the token is missing");
        assert_eq!(masked("Autorisation: ÄÖ"), "Autorisation: ÄÖ");
    }

    #[test]
    fn cookies_have_names_and_attributes() {
        assert_eq!(cookies("a=low; path=/ PHPSESSID=90af; Secure"), "a=***; path=/ PHPSESSID=***; Secure");
        assert_eq!(masked("PHPSESSID=90af; path=/"), "PHPSESSID=***; path=/");
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
