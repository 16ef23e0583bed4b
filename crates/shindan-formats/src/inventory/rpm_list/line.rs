//! One line of a list of rpm packages.

/// Architectures that rpm prints.
const ARCHITECTURES: [&str; 19] = [
    "x86_64",
    "noarch",
    "i686",
    "i586",
    "i486",
    "i386",
    "aarch64",
    "ppc64le",
    "ppc64",
    "ppc",
    "s390x",
    "s390",
    "armv7hl",
    "armv6hl",
    "riscv64",
    "ia64",
    "x86_64_v2",
    "athlon",
    "src",
];

/// What a line says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parsed<'a> {
    Package(Package<'a>),
    /// Blank, a key (`gpg-pubkey`), or a heading of `dnf list`.
    Nothing,
    Unknown,
}

/// The epoch of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Epoch<'a> {
    /// The form of the list has no epoch: it may be anything.
    NotListed,
    /// `(none)`, which orders as 0.
    None,
    Number(&'a str),
}

/// An installed package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Package<'a> {
    pub name: &'a str,
    pub epoch: Epoch<'a>,
    pub version: &'a str,
    pub release: &'a str,
    pub architecture: Option<&'a str>,
    /// `bash-5.1.8-6.el9_1.src.rpm`
    pub source: Option<&'a str>,
}

impl Package<'_> {
    /// True if the line can be nothing but an rpm package.
    pub(super) fn is_certain(&self) -> bool {
        self.architecture.is_some() || super::system::mark(self.release).is_some()
    }
}

/// Reads a line without blanks around it.
pub(super) fn parse(line: &str) -> Parsed<'_> {
    if line.is_empty() || line.starts_with("gpg-pubkey") || is_heading(line) {
        return Parsed::Nothing;
    }
    let separator = ['\t', '|', ';', ','].into_iter().find(|separator| line.contains(*separator));
    let fields: Vec<&str> = match separator {
        Some(separator) => line.split(separator).map(|field| field.trim().trim_matches('"')).collect(),
        None => line.split_whitespace().collect(),
    };
    let package = match fields.as_slice() {
        [only] => nevra(only),
        fields => columns(fields),
    };
    match package {
        Some(package) if package.name == "gpg-pubkey" => Parsed::Nothing,
        Some(package) if package.is_sound() => Parsed::Package(package),
        _ => Parsed::Unknown,
    }
}

fn is_heading(line: &str) -> bool {
    ["Installed Packages", "インストール済みパッケージ", "Loaded plugins:", "Last metadata expiration check"]
        .iter()
        .any(|heading| line.starts_with(heading))
}

impl Package<'_> {
    /// Names and versions have letters, digits and few signs; anything else is prose.
    fn is_sound(&self) -> bool {
        let word = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|b| {
                    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'+' | b'-' | b'~' | b'^')
                })
        };
        word(self.name)
            && self.name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            && word(self.version)
            && word(self.release)
            && !self.version.contains('-')
            && !self.release.contains('-')
            && self.version.contains(|c: char| c.is_ascii_digit())
    }
}

fn is_architecture(text: &str) -> bool {
    ARCHITECTURES.contains(&text)
}

/// `name-[epoch:]version-release[.arch]`
fn nevra(text: &str) -> Option<Package<'_>> {
    let text = text.strip_suffix(".rpm").unwrap_or(text);
    let (text, architecture) = match text.rsplit_once('.') {
        Some((rest, last)) if is_architecture(last) => (rest, Some(last)),
        Some((rest, "(none)")) => (rest, None),
        _ => (text, None),
    };
    let (rest, release) = text.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    let (epoch, version) = split_epoch(version)?;
    Some(Package { name, epoch, version, release, architecture, source: None })
}

/// Name, `[epoch]`, version, release, architecture, source package, in this order; version and release may be joined,
/// name and architecture too.
fn columns<'a>(fields: &[&'a str]) -> Option<Package<'a>> {
    let (first, rest) = fields.split_first()?;
    let source =
        rest.iter().copied().find(|field| field.ends_with(".src.rpm") || field.ends_with(".nosrc.rpm"));
    // dnf: name.arch, version, repository.
    let (name, mut architecture) = match first.rsplit_once('.') {
        Some((name, last)) if is_architecture(last) => (name, Some(last)),
        _ => (*first, None),
    };
    let end = rest.iter().position(|field| is_architecture(field));
    let numbers = match end {
        Some(end) if architecture.is_none() => {
            architecture = rest.get(end).copied();
            rest.get(..end)?
        }
        _ if architecture.is_some() => rest.get(..1)?,
        _ => rest,
    };
    let (epoch, version, release) = match numbers {
        [joined] | [joined, ..] if joined.contains('-') => split_joined(joined)?,
        [epoch, joined, ..] if joined.contains('-') => {
            let (_, version, release) = split_joined(joined)?;
            (epoch_of(epoch)?, version, release)
        }
        [version, release] => (Epoch::NotListed, *version, *release),
        [epoch, version, release, ..] if epoch_of(epoch).is_some() => (epoch_of(epoch)?, *version, *release),
        [version, release, ..] => (Epoch::NotListed, *version, *release),
        _ => return None,
    };
    Some(Package { name, epoch, version, release, architecture, source })
}

fn epoch_of(text: &str) -> Option<Epoch<'_>> {
    match text {
        "(none)" | "" => Some(Epoch::None),
        number if number.len() <= 10 && number.bytes().all(|b| b.is_ascii_digit()) => {
            Some(Epoch::Number(number))
        }
        _ => None,
    }
}

/// `[epoch:]version-release`
fn split_joined(text: &str) -> Option<(Epoch<'_>, &str, &str)> {
    let (version, release) = text.rsplit_once('-')?;
    let (epoch, version) = split_epoch(version)?;
    Some((epoch, version, release))
}

fn split_epoch(text: &str) -> Option<(Epoch<'_>, &str)> {
    match text.split_once(':') {
        None => Some((Epoch::NotListed, text)),
        Some((epoch, version)) => Some((epoch_of(epoch)?, version)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &str) {
        let found = match parse(line) {
            Parsed::Nothing => "nothing".to_owned(),
            Parsed::Unknown => "unknown".to_owned(),
            Parsed::Package(p) => {
                let epoch = match p.epoch {
                    Epoch::NotListed => "?",
                    Epoch::None => "-",
                    Epoch::Number(number) => number,
                };
                let (architecture, source) = (p.architecture.unwrap_or("-"), p.source.unwrap_or("-"));
                format!("{} {epoch} {} {} {architecture} {source}", p.name, p.version, p.release)
            }
        };
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn plain_names() {
        check("bash-5.1.8-6.el9_1.x86_64", "bash ? 5.1.8 6.el9_1 x86_64 -");
        check("openssl-libs-1:3.0.7-24.el9.x86_64", "openssl-libs 1 3.0.7 24.el9 x86_64 -");
        check("tzdata-2023c-1.el9.noarch", "tzdata ? 2023c 1.el9 noarch -");
        check("bash-(none):5.1.8-6.el9_1.x86_64", "bash - 5.1.8 6.el9_1 x86_64 -");
        check("bash-3.2-33.el5.1", "bash ? 3.2 33.el5.1 - -");
        check("gpg-pubkey-fd431d51-4ae0493b", "nothing");
        check("gpg-pubkey-fd431d51-4ae0493b.(none)", "nothing");
        check("python3.11-3.11.5-1.el9.x86_64", "python3.11 ? 3.11.5 1.el9 x86_64 -");
    }

    #[test]
    fn columns_of_query_formats() {
        check("bash\t(none)\t5.1.8\t6.el9_1\tx86_64", "bash - 5.1.8 6.el9_1 x86_64 -");
        check("less|0|590|2.el9|x86_64", "less 0 590 2.el9 x86_64 -");
        check("less 590 2.el9 x86_64", "less ? 590 2.el9 x86_64 -");
        check(
            "less 0 590 2.el9 x86_64 less-590-2.el9.src.rpm",
            "less 0 590 2.el9 x86_64 less-590-2.el9.src.rpm",
        );
        check("openssl\t1:3.0.7-24.el9\tx86_64", "openssl 1 3.0.7 24.el9 x86_64 -");
        check("openssl (none) 3.0.7-24.el9 x86_64", "openssl - 3.0.7 24.el9 x86_64 -");
        check("bash,5.1.8,6.el9_1,x86_64", "bash ? 5.1.8 6.el9_1 x86_64 -");
        check("bash.x86_64    5.1.8-6.el9_1    @baseos", "bash ? 5.1.8 6.el9_1 x86_64 -");
        check("gpg-pubkey\t(none)\tfd431d51\t4ae0493b\t(none)", "nothing");
        check("Installed Packages", "nothing");
    }

    #[test]
    fn anything_else_is_unknown() {
        for line in ["hello", "hello world", "a-b-c", "http://a-1-2", "-1-2", "a-1:-2", "x\ty", "名前-1-2"]
        {
            check(line, "unknown");
        }
    }
}
