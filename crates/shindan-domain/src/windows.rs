//! Windows, named alike by everybody who speaks of it: advisories, inventories and tables of support.
//!
//! The convention:
//!
//! - A **line** is what is patched as one: `Windows Server 2019`, `Windows 10 Version 22H2`. Its builds
//!   (`10.0.17763`) tell it, its CPE names (`cpe:2.3:o:microsoft:windows_server_2019`) are what statements and
//!   components meet by: [`Product::cpe`] is a component's `cpe`, [`Product::cpes`] are a statement's. A component of
//!   Windows has no maker and no model, which would look for devices of similar names.
//! - The **architecture** is the CPE's `target_hw` (`x86`, `x64`, `arm64`, `itanium`), the **edition** of a client its
//!   `sw_edition` (`pro`, `enterprise`, `ltsc` …), which only the ends of support depend on. Servers have none. What
//!   is unknown stays ANY. *Server Core* does not show: Microsoft's records name both installations by one CPE.
//! - A **version** is the full build with its revision (`10.0.17763.5576`). Where the revision is not known
//!   (`systeminfo`), it is the three parts (`10.0.17763`), see [`revision_known`]: in a range that would count as
//!   revision 0, "nothing was ever installed", which only the list of installed updates can tell.
//! - An **update** is `KB` and the number: [`update`], [`updates`].
//!
//! Whoever calls a system by its own name (`Microsoft Windows 10 Pro`) needs the build to know the line:
//! [`installed`]. Advisories name the line: [`advised`].

mod name;
mod table;

use std::fmt;

pub use name::{advised, installed};

/// What is patched as one. All lines are in one table.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line {
    /// `Windows Server 2019`, `Windows 10 Version 22H2`
    pub name: &'static str,
    /// True for servers.
    pub server: bool,
    /// `10.0.17763`; several where service packs have builds of their own, the oldest first.
    pub builds: &'static [&'static str],
    /// CPE product names; the first one is that of Microsoft's own CVE records.
    pub products: &'static [&'static str],
}

/// What CPE's `target_hw` tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Architecture {
    /// 32 bits.
    X86,
    /// 64 bits, of Intel and AMD.
    X64,
    /// 64 bits, of Arm.
    Arm64,
    /// Intel's Itanium.
    Itanium,
}

/// Edition of a client, as far as the ends of support differ. CPE's `sw_edition`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// Home.
    Home,
    /// Pro, Pro Education, Pro for Workstations.
    Pro,
    /// Enterprise.
    Enterprise,
    /// Education.
    Education,
    /// Enterprise LTSC, formerly LTSB.
    LongTerm,
    /// IoT Enterprise LTSC.
    IotLongTerm,
    /// IoT Core.
    IotCore,
}

/// A Windows as far as its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Product {
    /// Which one.
    pub line: &'static Line,
    /// Of a client.
    pub edition: Option<Edition>,
    /// For which processor.
    pub architecture: Option<Architecture>,
    /// True if the name says *Server Core installation*.
    pub core: bool,
}

impl Architecture {
    /// The text in CPE names.
    pub fn as_str(self) -> &'static str {
        match self {
            Architecture::X86 => "x86",
            Architecture::X64 => "x64",
            Architecture::Arm64 => "arm64",
            Architecture::Itanium => "itanium",
        }
    }

    /// Reads `x64-based PC`, `x64-based Systems`, `64 ビット`, `32-bit`, `AMD64`, `ARM64` and the like.
    pub fn of_text(text: &str) -> Option<Architecture> {
        let lower = text.to_lowercase();
        let has = |word: &str| lower.contains(word);
        Some(if has("arm") {
            Architecture::Arm64
        } else if has("itanium") || has("ia64") {
            Architecture::Itanium
        } else if has("x64") || has("amd64") || has("x86_64") || has("64-bit") || has("64 ビット") {
            Architecture::X64
        } else if has("x86") || has("32-bit") || has("32 ビット") || has("i386") {
            Architecture::X86
        } else {
            return None;
        })
    }
}

impl Edition {
    /// The text in CPE names.
    pub fn as_str(self) -> &'static str {
        match self {
            Edition::Home => "home",
            Edition::Pro => "pro",
            Edition::Enterprise => "enterprise",
            Edition::Education => "education",
            Edition::LongTerm => "ltsc",
            Edition::IotLongTerm => "iot_ltsc",
            Edition::IotCore => "iot_core",
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Product {
    /// A line of which nothing more is known.
    pub fn of_line(line: &'static Line) -> Product {
        Product { line, edition: None, architecture: None, core: false }
    }

    /// The CPE name by which an inventory calls it, version ANY:
    /// `cpe:2.3:o:microsoft:windows_10_22h2:*:*:*:*:pro:*:x64:*`.
    pub fn cpe(&self) -> String {
        self.cpe_of(self.line.products.first().copied().unwrap_or_default())
    }

    /// Every CPE name by which it is called; the first one is [`Product::cpe`].
    pub fn cpes(&self) -> Vec<String> {
        self.line.products.iter().map(|product| self.cpe_of(product)).collect()
    }

    fn cpe_of(&self, product: &str) -> String {
        let edition = self.edition.map_or("*", Edition::as_str);
        let architecture = self.architecture.map_or("*", Architecture::as_str);
        format!("cpe:2.3:o:microsoft:{product}:*:*:*:*:{edition}:*:{architecture}:*")
    }
}

impl Line {
    /// Every line.
    pub fn all() -> &'static [Line] {
        table::LINES
    }

    /// The line of this name, in any case.
    pub fn named(name: &str) -> Option<&'static Line> {
        table::LINES.iter().find(|line| line.name.eq_ignore_ascii_case(name))
    }

    /// The line with this build (`10.0.17763`, or with a revision behind it).
    pub fn of_build(server: bool, version: &str) -> Option<&'static Line> {
        let (build, _) = split_build(version)?;
        table::LINES.iter().find(|line| line.server == server && line.builds.contains(&build))
    }

    /// The line of a CPE vendor and product, both in lower case.
    pub fn of_cpe(vendor: &str, product: &str) -> Option<&'static Line> {
        let named = |line: &&Line| line.products.contains(&product);
        if vendor == "microsoft" { table::LINES.iter().find(named) } else { None }
    }

    /// The oldest build.
    pub fn first_build(&self) -> &'static str {
        self.builds.first().copied().unwrap_or_default()
    }

    /// A build with a revision (`10.0.17763.5576`) as a build of this line, `None` if it is of another one: the
    /// installer of Internet Explorer counts `1.001`. Where lines share their updates, the revision is taken over:
    /// `10.0.19043.1237` is `10.0.19044.1237` for version 21H2.
    pub fn build_of(&self, text: &str) -> Option<String> {
        let (build, revision) = split_build(text)?;
        let revision = revision?;
        if self.builds.contains(&build) {
            return Some(format!("{build}.{revision}"));
        }
        let shared = table::SHARED.iter().find(|group| group.contains(&build))?;
        let own = self.builds.iter().find(|own| shared.contains(own))?;
        Some(format!("{own}.{revision}"))
    }
}

/// `10.0.17763.5576` → `10.0.17763` and `5576`; `None` if the text has another form.
fn split_build(text: &str) -> Option<(&str, Option<&str>)> {
    let text = text.trim();
    let numbers = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let mut parts = text.splitn(4, '.');
    let three = [parts.next()?, parts.next()?, parts.next()?];
    let revision = parts.next();
    if !three.iter().chain(revision.iter()).all(|part| numbers(part)) {
        return None;
    }
    let length = three.iter().map(|part| part.len()).sum::<usize>() + 2;
    Some((text.get(..length)?, revision))
}

/// True if a text names a Windows, whether or not it tells which line: `Windows10 Pro`, `Win11`, `Microsoft Windows`.
pub fn is_meant(name: &str) -> bool {
    let lower = name.trim().to_lowercase();
    let own = lower.strip_prefix("microsoft").map_or(lower.as_str(), str::trim_start);
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit() || c == ' ');
    match own.strip_prefix("windows") {
        Some(rest) => ends(rest) || rest.starts_with("server"),
        None => own.strip_prefix("win").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())),
    }
}

/// True if a version of Windows tells the revision, the fourth part, which is what updates change.
pub fn revision_known(version: &str) -> bool {
    split_build(version).is_some_and(|(_, revision)| revision.is_some())
}

/// Fewest and most digits of the number of an update. `KB12345` is the oldest form, `KB5035849` today's.
const DIGITS: std::ops::RangeInclusive<usize> = 5..=8;

/// The name of one update: `5035849`, `kb5035849`, `KB 5035849` → `KB5035849`. `None` if the text is anything else.
pub fn update(text: &str) -> Option<String> {
    let text = text.trim();
    let number = match text.get(..2) {
        Some(front) if front.eq_ignore_ascii_case("kb") => text.get(2..)?.trim_start(),
        _ => text,
    };
    let fits = DIGITS.contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| format!("KB{number}"))
}

/// The names of all updates in a text that lists them in any way: `KB4524570; 4519998 and KB 4525106`. Each once, in
/// the order of the text.
pub fn updates(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        if let Some(name) = update(word)
            && !found.contains(&name)
        {
            found.push(name);
        }
    }
    found
}

#[cfg(test)]
mod tests;
