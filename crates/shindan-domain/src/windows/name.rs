//! Names of Windows, as advisories write them and as systems call themselves.

use super::{Architecture, Edition, Line, Product};

/// Reads a name as Microsoft's advisories write it: `Windows Server 2019  (Server Core installation)`,
/// `Windows 10 Version 22H2 for x64-based Systems`, `Windows 7 for 32-bit Systems Service Pack 1`. A Windows 10 or 11
/// without a version is the first one, as it was in the advisories of its time.
///
/// `None` if the text names anything else, such as a program of Windows (`Windows Admin Center`) or on Windows
/// (`Internet Explorer 11 on Windows 10 …`).
pub fn advised(name: &str) -> Option<Product> {
    let words = Words::of(name)?;
    let line = match words.release.as_deref() {
        Some(release) => Line::named(&format!("{} Version {release}", words.family)),
        None => Line::named(&words.family).or_else(|| {
            let release = words.long_term_release().or_else(|| first_release(&words.family))?;
            Line::named(&format!("{} Version {release}", words.family))
        }),
    }?;
    Some(words.product(line))
}

/// Reads how a system calls itself (`Microsoft Windows 10 Pro`, `Microsoft Windows Server 2019 Standard`) together with
/// its build (`10.0.19045`, with or without a revision), which tells the line. `None` if it is no Windows, or one that
/// is not known here.
pub fn installed(name: &str, version: &str) -> Option<Product> {
    let words = Words::of(name)?;
    if words.family.starts_with("Windows RT") {
        return Some(words.product(Line::named(&words.family)?));
    }
    let line = Line::of_build(words.family.starts_with("Windows Server"), version)?;
    Some(words.product(line))
}

/// What the words of a name say.
#[derive(Default)]
struct Words {
    /// `Windows 10`, `Windows Server 2012 R2`, `Windows Server`
    family: String,
    /// `22H2`
    release: Option<String>,
    /// Year of an edition with long-term servicing.
    year: Option<String>,
    edition: Option<Edition>,
    long_term: bool,
    iot: bool,
    architecture: Option<Architecture>,
    core: bool,
}

/// Words that tell nothing which matters here.
const EMPTY_WORDS: &[&str] = &[
    "for",
    "systems",
    "system",
    "edition",
    "editions",
    "installation",
    "with",
    "service",
    "pack",
    "standard",
    "datacenter",
    "essentials",
    "foundation",
    "azure",
    "hotpatch",
    "evaluation",
    "n",
    "kn",
    "single",
    "language",
    "workstations",
    "multi-session",
    "s",
    "mode",
    "web",
    "storage",
    "based",
    "version",
    "sp1",
    "sp2",
    "sp3",
];

impl Words {
    /// `None` if a word says that something else is meant.
    fn of(name: &str) -> Option<Words> {
        let cleaned: String = name.chars().filter(|c| !matches!(c, '®' | '™' | '\u{200e}')).collect();
        let lower = cleaned.to_lowercase();
        let mut list = lower
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | ':'))
            .filter(|word| !word.is_empty())
            .peekable();
        list.next_if_eq(&"microsoft");
        if list.next()? != "windows" {
            return None;
        }
        let mut words = Words { family: "Windows".to_owned(), ..Words::default() };
        words.take_family(&mut list)?;
        while let Some(word) = list.next() {
            words.take(word, &mut list)?;
        }
        Some(words)
    }

    fn take_family<'w>(
        &mut self,
        list: &mut std::iter::Peekable<impl Iterator<Item = &'w str>>,
    ) -> Option<()> {
        let mut word = list.next()?;
        if word == "server" {
            self.family.push_str(" Server");
            word = list.next()?;
            if word == "version" {
                self.release = Some(release(list.next()?)?);
                return Some(());
            }
            word.parse::<u16>().ok()?;
        }
        match word {
            "vista" => self.family.push_str(" Vista"),
            "xp" => self.family.push_str(" XP"),
            "rt" => self.family.push_str(" RT"),
            _ if word.bytes().all(|b| b.is_ascii_digit() || b == b'.') => {
                self.family.push(' ');
                self.family.push_str(word);
            }
            _ => return None,
        }
        if self.family == "Windows RT" && list.next_if_eq(&"8.1").is_some() {
            self.family.push_str(" 8.1");
        }
        if list.next_if_eq(&"r2").is_some() {
            self.family.push_str(" R2");
        }
        Some(())
    }

    fn take<'w>(
        &mut self,
        word: &str,
        list: &mut std::iter::Peekable<impl Iterator<Item = &'w str>>,
    ) -> Option<()> {
        match word {
            "version" => self.release = Some(release(list.next()?)?),
            "server" => {
                list.next_if_eq(&"core")?;
                self.core = true;
            }
            // "Windows Server 2022, 23H2 Edition" is a line of its own, without a year.
            _ if self.family.starts_with("Windows Server")
                && release(word).is_some_and(|r| r.contains('H')) =>
            {
                self.family = "Windows Server".to_owned();
                self.release = release(word);
            }
            "home" | "premium" | "basic" | "starter" | "ultimate" => self.edition = Some(Edition::Home),
            "pro" | "professional" | "business" => self.edition = Some(Edition::Pro),
            // "Pro Education" is served as Pro.
            "enterprise" => self.edition = self.edition.or(Some(Edition::Enterprise)),
            "education" => self.edition = self.edition.or(Some(Edition::Education)),
            "ltsc" | "ltsb" => self.long_term = true,
            "iot" => self.iot = true,
            "core" if self.iot => self.edition = Some(Edition::IotCore),
            "pack" => {
                list.next_if(|next| next.bytes().all(|b| b.is_ascii_digit()));
            }
            _ if EMPTY_WORDS.contains(&word) => {}
            _ if self.long_term && word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()) => {
                self.year = Some(word.to_owned());
            }
            _ => self.architecture = Some(Architecture::of_text(word)?),
        }
        Some(())
    }

    /// The release that an edition with long-term servicing is made of.
    fn long_term_release(&self) -> Option<&'static str> {
        match (self.family.as_str(), self.year.as_deref()?) {
            ("Windows 10", "2015") => Some("1507"),
            ("Windows 10", "2016") => Some("1607"),
            ("Windows 10", "2019") => Some("1809"),
            ("Windows 10", "2021") => Some("21H2"),
            ("Windows 11", "2024") => Some("24H2"),
            _ => None,
        }
    }

    fn product(&self, line: &'static Line) -> Product {
        let edition = match (self.long_term, self.iot) {
            (true, true) => Some(Edition::IotLongTerm),
            (true, false) => Some(Edition::LongTerm),
            _ => self.edition,
        };
        let edition = if line.server { None } else { edition };
        Product { line, edition, architecture: self.architecture, core: self.core }
    }
}

/// `22h2` → `22H2`, `1809` → `1809`. Microsoft wrote `22H3` for what it published as 23H2.
fn release(word: &str) -> Option<String> {
    let fits = word.len() == 4
        && word.bytes().enumerate().all(|(at, b)| b.is_ascii_digit() || (at == 2 && b == b'h'));
    let upper = fits.then(|| word.to_ascii_uppercase())?;
    Some(if upper == "22H3" { "23H2".to_owned() } else { upper })
}

/// The first release of a family that has releases.
fn first_release(family: &str) -> Option<&'static str> {
    match family {
        "Windows 10" => Some("1507"),
        "Windows 11" => Some("21H2"),
        _ => None,
    }
}
