//! Exports of the registry (`.reg`), as far as they list programs: keys below `…\CurrentVersion\Uninstall`.
//!
//! Source: Microsoft, "How to add, modify, or delete registry subkeys and values by using a .reg file". Version 5.00 is
//! UTF-16 and its `hex` values are UTF-16; `REGEDIT4` is in the code page of the system, and so are its `hex` values.

use std::borrow::Cow;
use std::iter::Peekable;

use encoding_rs::{SHIFT_JIS, UTF_16LE};
use shindan_domain::diagnostic::Code;

use super::Entry;
use crate::inventory::collector::Collector;
use crate::inventory::windows_records::quote;

/// First lines of the two versions.
const VERSIONS: [&str; 2] = ["Windows Registry Editor Version", "REGEDIT4"];
/// The key whose subkeys are programs, in lower case.
const UNINSTALL: &str = "\\currentversion\\uninstall\\";
/// Longest value that is put together from several lines, in bytes.
const VALUE: usize = 256 * 1024;

/// What a text is, if it is an export of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::inventory) enum Export {
    /// With keys of programs.
    Programs,
    /// Of other keys.
    Other,
}

pub(super) fn recognise(text: &str) -> Option<Export> {
    let first = text.trim_start();
    VERSIONS.iter().any(|version| first.starts_with(version)).then(|| {
        let key = |line: &str| line.starts_with('[') && line.to_ascii_lowercase().contains("\\uninstall");
        if text.lines().any(key) { Export::Programs } else { Export::Other }
    })
}

/// Hands over every key of a program.
pub(super) fn read(text: &str, found: &mut Collector<'_>, mut each: impl FnMut(Entry)) {
    let ansi = text.trim_start().starts_with("REGEDIT4");
    let mut entry: Option<Entry> = None;
    let mut lines = (1..).zip(text.lines()).peekable();
    while let Some((number, line)) = lines.next() {
        if let Some(key) = line.strip_prefix('[') {
            entry.take().map(&mut each);
            entry = program_key(key).map(|name| Entry::new(number, name));
        } else if let Some(entry) = &mut entry
            && let Some(rest) = line.strip_prefix('"')
        {
            let value = read_value(rest, &mut lines, ansi);
            match value {
                Ok(Some((name, value))) => entry.set(&name, value),
                Ok(None) => {}
                Err(reason) => {
                    let field = rest.split('"').next().unwrap_or_default();
                    found.push(
                        found
                            .at_line(Code::FieldInvalid, number)
                            .with("field", quote(field))
                            .with("value", quote(line))
                            .with("expected", reason),
                    );
                }
            }
        }
    }
    entry.take().map(&mut each);
    // Every key ends with a blank line.
    let tail = text.trim_end_matches('\r');
    if !tail.ends_with("\n\r\n") && !tail.ends_with("\n\n") {
        let end = found.at_line(Code::FieldInvalid, text.lines().count() as u64);
        found.push(end.with("field", "end of file").with("value", "").with("expected", "blank line"));
    }
}

/// The last part of the key, if it is that of a program and not one below it.
fn program_key(key: &str) -> Option<String> {
    let key = key.trim_end().strip_suffix(']')?;
    let lower = key.to_ascii_lowercase();
    let at = lower.find(UNINSTALL)? + UNINSTALL.len();
    let name = key.get(at..)?;
    (!name.is_empty() && !name.contains('\\')).then(|| name.to_owned())
}

type Named<'a> = Option<(Cow<'a, str>, String)>;

/// A value behind its opening quote. `None` for kinds of values that tell nothing here.
fn read_value<'a>(
    rest: &'a str,
    lines: &mut Peekable<impl Iterator<Item = (u64, &'a str)>>,
    ansi: bool,
) -> Result<Named<'a>, &'static str> {
    let (name, rest) = quoted(rest).ok_or("\"name\"=value")?;
    let rest = rest.strip_prefix('=').ok_or("\"name\"=value")?;
    if let Some(text) = rest.strip_prefix('"') {
        if let Some((value, _)) = quoted(text) {
            return Ok(Some((name, value.into_owned())));
        }
        // A text of several lines.
        let mut value = unescape(text).into_owned();
        while let Some((_, line)) = lines.next_if(|(_, line)| !line.starts_with('[')) {
            value.push('\n');
            if let Some((end, _)) = quoted(line) {
                value.push_str(&end);
                return Ok(Some((name, value)));
            }
            value.push_str(&unescape(line));
            if value.len() > VALUE {
                break;
            }
        }
        return Err("closing quote");
    }
    if let Some(number) = rest.strip_prefix("dword:") {
        let number = u32::from_str_radix(number.trim(), 16).map_err(|_| "dword")?;
        return Ok(Some((name, number.to_string())));
    }
    if !rest.starts_with("hex") {
        return Ok(None);
    }
    let mut digits = String::new();
    let mut part = rest;
    while let Some(open) = part.trim_end().strip_suffix('\\') {
        digits.push_str(open);
        part = lines.next().map(|(_, line)| line.trim()).ok_or("further bytes")?;
        if digits.len() > VALUE {
            return Err("a shorter value");
        }
    }
    digits.push_str(part);
    let (kind, digits) = digits.split_once(':').ok_or("hex:…")?;
    // hex(1) and hex(2) are texts; the others are numbers, lists and binary data.
    if !matches!(kind, "hex(1)" | "hex(2)") {
        return Ok(None);
    }
    Ok(Some((name, decode(digits, ansi).ok_or("bytes of a text")?)))
}

/// What stands before the closing quote, unescaped, and the rest.
fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => {
                let (inner, rest) = (text.get(..at)?, text.get(at + 1..)?);
                return Some((unescape(inner), rest));
            }
            _ => {}
        }
    }
    None
}

fn unescape(inner: &str) -> Cow<'_, str> {
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        out.push(if c == '\\' { chars.next().unwrap_or('\\') } else { c });
    }
    Cow::Owned(out)
}

/// `31,00,39,00,00,00` → `19`
fn decode(digits: &str, ansi: bool) -> Option<String> {
    let bytes: Vec<u8> = digits
        .split(',')
        .map(str::trim)
        .filter(|byte| !byte.is_empty())
        .map(|byte| u8::from_str_radix(byte, 16).ok())
        .collect::<Option<_>>()?;
    let decoder = if ansi { SHIFT_JIS } else { UTF_16LE };
    let text = decoder.decode_without_bom_handling_and_without_replacement(&bytes)?;
    Some(text.trim_end_matches('\0').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_programs() {
        for (key, expected) in [
            (
                "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\7-Zip]",
                Some("7-Zip"),
            ),
            (
                "HKEY_LOCAL_MACHINE\\SOFTWARE\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\{A}]",
                Some("{A}"),
            ),
            ("HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall]", None),
            ("HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\A\\Sub]", None),
            ("HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\A", None),
        ] {
            assert_eq!(program_key(key).as_deref(), expected, "{key}");
        }
    }

    fn check(text: &str, expected: Result<&str, &str>) {
        let mut lines = (1..).zip(text.lines()).peekable();
        let (_, first) = lines.next().unwrap_or_default();
        let value = read_value(first, &mut lines, false);
        let found =
            value.map(|named| named.map_or("-".to_owned(), |(name, value)| format!("{name}={value}")));
        assert_eq!(found.as_deref().map_err(|reason| *reason), expected, "{text}");
    }

    #[test]
    fn values() {
        check("A\"=\"b\"", Ok("A=b"));
        check("A\"=\"C:\\\\x \\\"y\\\"\"", Ok("A=C:\\x \"y\""));
        check("A\"=\"two\nlines\"", Ok("A=two\nlines"));
        check("A\"=\"cut", Err("closing quote"));
        check("A\"=\"cut\n[next]", Err("closing quote"));
        check("A\"=dword:0000001f", Ok("A=31"));
        check("A\"=dword:xyz", Err("dword"));
        check("A\"=hex(2):31,00,39,\\\n  00,00,00", Ok("A=19"));
        check("A\"=hex(2):31,00,39,\\", Err("further bytes"));
        check("A\"=hex(2):31,00,39", Err("bytes of a text"));
        check("A\"=hex:01,02", Ok("-"));
        check("A\"=hex(b):00", Ok("-"));
        check("A", Err("\"name\"=value"));
        assert_eq!(decode("83,54,00", true).as_deref(), Some("サ"));
    }
}
