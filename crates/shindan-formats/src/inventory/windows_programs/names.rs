//! Names of programs without what their installers add: version, architecture, language.

/// Words for a processor, which tell a build of the same program and no other program.
const PROCESSORS: &[&str] =
    &["x64", "x86", "x86_64", "amd64", "arm64", "64-bit", "32-bit", "64bit", "32bit", "64ビット", "32ビット"];
/// Further words that tell nothing inside brackets: `(x64 edition)`, `(remove only)`, `(64 ビット)`.
const IDLE_WORDS: &[&str] = &[
    "64",
    "32",
    "r",
    "bit",
    "ビット",
    "版",
    "edition",
    "remove",
    "only",
    "all",
    "users",
    "user",
    "current",
    "machine",
    "wide",
];
/// Languages that installers write out.
const LANGUAGES: &[&str] = &["japanese", "english", "multilingual", "日本語", "日本語版", "英語版"];
/// Words before a version, which are left when it is taken out.
const VERSION_WORDS: &[&str] =
    &["release", "version", "ver", "ver.", "v", "v.", "バージョン", "-", "–", "build"];

/// What a display name tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The program.
    pub(super) program: String,
    /// The version inside the name.
    pub(super) version: Option<String>,
}

/// Takes a display name apart. `version` is what the installer says beside it.
pub(super) fn take_apart(name: &str, version: Option<&str>) -> Named {
    let bare = without_groups(name);
    let mut words: Vec<&str> = bare.split_whitespace().collect();
    let mut found = None;
    words.retain(|word| {
        let is_version = version_in(word);
        if let (Some(number), None) = (is_version, &found) {
            found = Some(number.to_owned());
        }
        is_version.is_none()
    });
    while let Some(last) = words.last() {
        let lower = last.to_lowercase();
        let front = version.and_then(|version| version.strip_prefix(last));
        let repeats = last.bytes().all(|b| b.is_ascii_digit())
            && front.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        if words.len() > 1
            && (repeats
                || VERSION_WORDS.contains(&lower.as_str())
                || is_build_word(&lower)
                || is_locale(last))
        {
            words.pop();
        } else {
            break;
        }
    }
    // "Redistributable - x86 9.0" leaves its dash behind.
    words.retain(|word| *word != "-" && *word != "–");
    let program = if words.is_empty() { name.trim().to_owned() } else { words.join(" ") };
    Named { program, version: found }
}

/// The version of a program whose installer says `stated` and whose name says `named`. Python 3.11.4 states
/// 3.11.4150.0, .NET 6.0.27 states 48.108.8836: what is not the same number written longer is the installer's own.
pub(super) fn version<'v>(stated: Option<&'v str>, named: Option<&'v str>) -> Option<&'v str> {
    let (Some(stated), Some(named)) = (stated, named) else { return stated.or(named) };
    let longer = |long: &str, short: &str| {
        long.strip_prefix(short)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '+', ' ', '_']))
    };
    let first = |text: &str| text.split('.').next().map(str::to_owned);
    if longer(stated, named) {
        Some(stated)
    } else if longer(named, stated) || named.split('.').count() > 2 || first(stated) == first(named) {
        Some(named)
    } else {
        Some(stated)
    }
}

fn is_build_word(lower: &str) -> bool {
    PROCESSORS.contains(&lower) || LANGUAGES.contains(&lower)
}

/// `ja-jp`, `en-US`; a lone `ja` is one only inside brackets.
fn is_locale(word: &str) -> bool {
    match word.split_once('-') {
        Some((language, country)) => {
            let letters = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_alphabetic());
            letters(language) && letters(country)
        }
        None => false,
    }
}

/// `19.00`, `v3.11.4`, `1.1.1w`, `14.5-1`
fn version_in(word: &str) -> Option<&str> {
    let bare = word.trim_matches([',', ';']);
    let bare = bare.strip_prefix(['v', 'V']).unwrap_or(bare);
    let bare = bare.strip_prefix("er.").unwrap_or(bare);
    let (front, rest) = bare.split_once('.')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let starts = rest.bytes().next().is_some_and(|b| b.is_ascii_digit());
    let plain = rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+' | b'_'));
    let letters = rest.bytes().filter(u8::is_ascii_alphabetic).count();
    (digits(front) && starts && plain && letters <= 6).then_some(bare)
}

/// The name without brackets that hold nothing but words of a build or a language.
fn without_groups(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(open) = rest.find(['(', '（']) {
        let (before, group) = rest.split_at(open);
        out.push_str(before);
        let Some(close) = group.find([')', '）']) else {
            rest = group;
            break;
        };
        let end = close + group.get(close..).and_then(|text| text.chars().next()).map_or(1, char::len_utf8);
        let (group, after) = group.split_at(end);
        let inner = group.trim_matches(['(', ')', '（', '）']);
        let idle = inner.split([' ', '-', ',', '_']).filter(|word| !word.is_empty()).all(|word| {
            let lower = word.to_lowercase();
            is_build_word(&lower)
                || IDLE_WORDS.contains(&lower.as_str())
                || version_in(word).is_some()
                || (word.len() == 2 && word.bytes().all(|b| b.is_ascii_alphabetic()))
        });
        out.push_str(if idle { " " } else { group });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, stated: &str, program: &str, expected: &str) {
        let stated = Some(stated).filter(|text| !text.is_empty());
        let named = take_apart(name, stated);
        assert_eq!(named.program, program, "{name}");
        assert_eq!(version(stated, named.version.as_deref()).unwrap_or_default(), expected, "{name}");
    }

    #[test]
    fn names_as_installers_write_them() {
        check("Mozilla Firefox (x64 ja)", "124.0.1", "Mozilla Firefox", "124.0.1");
        check("Mozilla Firefox 115.8.0 ESR (x64 ja)", "115.8.0", "Mozilla Firefox ESR", "115.8.0");
        check("7-Zip 19.00 (x64)", "19.00", "7-Zip", "19.00");
        check("7-Zip 23.01 (x64 edition)", "23.01.00.0", "7-Zip", "23.01.00.0");
        check(
            "Adobe Acrobat Reader DC - Japanese",
            "23.008.20470",
            "Adobe Acrobat Reader DC",
            "23.008.20470",
        );
        check("Adobe Acrobat (64-bit)", "23.008.20470", "Adobe Acrobat", "23.008.20470");
        check(
            "Microsoft Visual C++ 2015-2022 Redistributable (x64) - 14.38.33135",
            "14.38.33135.0",
            "Microsoft Visual C++ 2015-2022 Redistributable",
            "14.38.33135.0",
        );
        check(
            "Microsoft Visual C++ 2008 Redistributable - x86 9.0.30729.6161",
            "9.0.30729.6161",
            "Microsoft Visual C++ 2008 Redistributable",
            "9.0.30729.6161",
        );
        check("Java 8 Update 401 (64-bit)", "8.0.4010.10", "Java 8 Update 401", "8.0.4010.10");
        check(
            "Java(TM) SE Development Kit 17.0.10 (64-bit)",
            "17.0.10.0",
            "Java SE Development Kit",
            "17.0.10.0",
        );
        check("OpenSSL 1.1.1w Light (64-bit)", "", "OpenSSL Light", "1.1.1w");
        check("Apache Tomcat 9.0 Tomcat9 (remove only)", "9.0.82", "Apache Tomcat Tomcat9", "9.0.82");
        check("PostgreSQL 14 ", "14.5-1", "PostgreSQL", "14.5-1");
        check("PuTTY release 0.78 (64-bit)", "0.78.0.0", "PuTTY", "0.78.0.0");
        check("Tera Term 4.106", "", "Tera Term", "4.106");
        check("サクラエディタ バージョン 2.4.1.2849", "", "サクラエディタ", "2.4.1.2849");
        check("Python 3.11.4 (64-bit)", "3.11.4150.0", "Python", "3.11.4");
        check("Microsoft .NET Runtime - 6.0.27 (x64)", "48.108.8836", "Microsoft .NET Runtime", "6.0.27");
        check("Bluetooth 4.0 Driver", "9.1.2", "Bluetooth Driver", "9.1.2");
        check(
            "Microsoft Office Professional Plus 2019 - ja-jp",
            "16.0.10409.20028",
            "Microsoft Office Professional Plus 2019",
            "16.0.10409.20028",
        );
        check("Microsoft SQL Server 2019 (64 ビット)", "", "Microsoft SQL Server 2019", "");
        check("Notepad++ (64-bit x64)", "8.6.2", "Notepad++", "8.6.2");
        check("Wireshark 4.2.2 x64", "4.2.2", "Wireshark", "4.2.2");
        check("Git version 2.39.1", "2.39.1", "Git", "2.39.1");
        check("電子カルテ端末（日本語版） Ver.3.2.1", "", "電子カルテ端末", "3.2.1");
    }

    #[test]
    fn names_of_nothing_else_stay() {
        check("1.2.3", "", "1.2.3", "1.2.3");
        check("(x64)", "", "(x64)", "");
        check("A (b", "", "A (b", "");
        check("64-bit", "", "64-bit", "");
        check("X.Org Server", "1.0", "X.Org Server", "1.0");
    }
}
