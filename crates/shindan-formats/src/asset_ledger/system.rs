//! The operating system that a ledger names, as a component that can be judged.
//!
//! Ledgers write `Win10 Pro 22H2`, `Windows Server 2019 Standard (17763.5936)`, `Windows10`. Which line of Windows it is
//! follows from the build or the release; a Windows 10 or 11 without either is left without an identifier, because its
//! lines have different updates.

use shindan_domain::inventory::Component;
use shindan_domain::windows::{self, Line, Product};

/// The component. Without an identifier if the system is no Windows, or one whose line is not told.
pub(super) fn component(text: &str, asset: Option<u32>, pointer: &str) -> Component {
    let named =
        Component { name: text.to_owned(), asset, pointer: pointer.to_owned(), ..Component::default() };
    match windows_of(text) {
        Some((product, version)) => Component { cpe: Some(product.cpe()), version: Some(version), ..named },
        None => named,
    }
}

fn windows_of(text: &str) -> Option<(Product, String)> {
    let name = spelt_out(text)?;
    let words: Vec<&str> =
        name.split([' ', '(', ')', ',', '/', '、']).filter(|word| !word.is_empty()).collect();
    let build = words.iter().find_map(|word| build(word));
    let release = words.iter().find(|word| is_release(word));
    // What is left is the name: words that mean something to nobody else are dropped from its end.
    let plain: Vec<&str> =
        words.iter().copied().filter(|word| self::build(word).is_none() && !is_release(word)).collect();
    let longest_first = (2..=plain.len()).rev().map(|count| plain.get(..count).unwrap_or_default().join(" "));
    for name in longest_first {
        if let Some(build) = &build
            && let Some(product) = windows::installed(&name, build)
        {
            return Some((product, build.clone()));
        }
        let asked = release
            .map_or_else(|| name.clone(), |release| format!("{name} Version {}", release.to_uppercase()));
        let Some(product) = windows::advised(&asked) else { continue };
        // Of a Windows 10 that tells no release nobody knows the line.
        let told = release.is_some() || !needs_release(&name);
        let agrees = build.as_ref().is_none_or(|build| {
            Line::of_build(product.line.server, build).is_some_and(|line| line == product.line)
        });
        if told && agrees {
            let version = build.unwrap_or_else(|| product.line.first_build().to_owned());
            return Some((product, version));
        }
    }
    None
}

/// `Win10` → `Windows 10`, `WindowsServer2019` → `Windows Server 2019`. `None` if it is no Windows.
fn spelt_out(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let lower =
        lower.trim().trim_start_matches("microsoft").trim_start().trim_start_matches("ms-").trim_start();
    let rest = lower.strip_prefix("windows").or_else(|| lower.strip_prefix("win"))?.trim_start();
    let rest =
        rest.replace("sp1", " sp1").replace("バージョン", " ").replace("ビルド", " ").replace("build", " ");
    let rest = rest.replace("version", " ").replace("ver.", " ").replace("os", " ");
    let (server, rest) =
        match ["server", "svr", "srv", "サーバー", "サーバ"].iter().find_map(|s| rest.strip_prefix(s))
        {
            Some(rest) => (" server", rest.to_owned()),
            None => ("", rest),
        };
    // `10pro` → `10 pro`
    let digits = rest.trim_start().chars().take_while(|c| c.is_ascii_digit() || *c == '.').count();
    let (number, edition) = rest.trim_start().split_at_checked(digits)?;
    let edition = edition.trim();
    (!number.is_empty()).then(|| format!("windows{server} {number} {edition}").trim().to_owned())
}

fn needs_release(name: &str) -> bool {
    name.starts_with("windows 10") || name.starts_with("windows 11")
}

/// `22H2`, `1809`
fn is_release(word: &str) -> bool {
    let bytes = word.as_bytes();
    match bytes {
        [a, b, b'h' | b'H', b'1' | b'2'] => a.is_ascii_digit() && b.is_ascii_digit(),
        // 1507 to 2004; the years of servers are names.
        [b'1', b'5'..=b'9', _, _] => bytes.iter().all(u8::is_ascii_digit),
        _ => word == "2004",
    }
}

/// `10.0.17763.5936`, `17763.5936`, `17763`
fn build(word: &str) -> Option<String> {
    let own = word.strip_prefix("10.0.").unwrap_or(word);
    let (build, revision) = own.split_once('.').unwrap_or((own, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let five = build.len() == 5 && digits(build);
    if !five || !digits(revision) {
        return None;
    }
    Some(if revision.is_empty() { format!("10.0.{build}") } else { format!("10.0.{build}.{revision}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_of_ledgers() {
        for (text, line, version) in [
            ("Windows 10 Pro 22H2", "Windows 10 Version 22H2", "10.0.19045"),
            ("Win10 Pro 22H2", "Windows 10 Version 22H2", "10.0.19045"),
            ("Windows10 Pro (22H2)", "Windows 10 Version 22H2", "10.0.19045"),
            ("Windows 11 Pro 23H2 22631.4037", "Windows 11 version 23H2", "10.0.22631.4037"),
            ("Windows Server 2019 Standard", "Windows Server 2019", "10.0.17763"),
            ("Windows Server 2019 (17763.5936)", "Windows Server 2019", "10.0.17763.5936"),
            ("WindowsServer2016", "Windows Server 2016", "10.0.14393"),
            ("Windows Server 2012 R2", "Windows Server 2012 R2", "6.3.9600"),
            ("Windows 10 Enterprise LTSC 2019 1809", "Windows 10 Version 1809", "10.0.17763"),
            ("Windows 10 ビルド19045.4529", "Windows 10 Version 22H2", "10.0.19045.4529"),
        ] {
            let found = windows_of(text).unwrap_or_else(|| panic!("{text}: {:?}", spelt_out(text)));
            assert!(found.0.line.name.eq_ignore_ascii_case(line), "{text}: {}", found.0.line.name);
            assert_eq!(found.1, version, "{text}");
        }
        for text in [
            "Windows 10",
            "Windows 10 Pro",
            "Win11",
            "Ubuntu 22.04 LTS",
            "macOS 14",
            "winter",
            "Windows",
            "専用OS",
            "",
        ] {
            assert!(windows_of(text).is_none(), "{text}");
        }
    }
}
