//! Version schemes, bounds and claims about versions. Order itself lives in `shindan-match`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Params};

/// A rule by which versions are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Scheme {
    /// Semantic Versioning 2.0.0, also Cargo and Go (a leading `v` is ignored).
    Semver = 0,
    /// npm: as Semver, with `v`/`=` prefixes tolerated.
    Npm = 1,
    /// Go modules: Semver with `v` prefix, pseudo-versions and `+incompatible`.
    Go = 2,
    /// Python: PEP 440.
    Pypi = 3,
    /// Maven 3.9 `ComparableVersion`.
    Maven = 4,
    /// NuGet: four numeric parts, case-insensitive Semver 2 labels.
    Nuget = 5,
    /// RubyGems `Gem::Version`.
    Gem = 6,
    /// Composer / PHP `version_compare`.
    Composer = 7,
    /// Debian policy 5.6.12 (dpkg).
    Deb = 8,
    /// RPM `rpmvercmp` with epoch, `~` and `^`.
    Rpm = 9,
    /// Alpine apk-tools.
    Apk = 10,
    /// Dart pub.
    Pub = 11,
    /// R packages (CRAN).
    Cran = 12,
    /// Haskell PVP (Hackage).
    Hackage = 13,
    /// Firmware and product versions of no declared scheme: dotted numbers with the usual suffixes.
    /// What it cannot order it says so (*order unknown*).
    Generic = 14,
}

impl Scheme {
    /// Every scheme, in the order of the discriminants.
    pub const ALL: [Scheme; 15] = [
        Scheme::Semver,
        Scheme::Npm,
        Scheme::Go,
        Scheme::Pypi,
        Scheme::Maven,
        Scheme::Nuget,
        Scheme::Gem,
        Scheme::Composer,
        Scheme::Deb,
        Scheme::Rpm,
        Scheme::Apk,
        Scheme::Pub,
        Scheme::Cran,
        Scheme::Hackage,
        Scheme::Generic,
    ];

    /// The stable short name, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Semver => "semver",
            Scheme::Npm => "npm",
            Scheme::Go => "go",
            Scheme::Pypi => "pypi",
            Scheme::Maven => "maven",
            Scheme::Nuget => "nuget",
            Scheme::Gem => "gem",
            Scheme::Composer => "composer",
            Scheme::Deb => "deb",
            Scheme::Rpm => "rpm",
            Scheme::Apk => "apk",
            Scheme::Pub => "pub",
            Scheme::Cran => "cran",
            Scheme::Hackage => "hackage",
            Scheme::Generic => "generic",
        }
    }

    /// The scheme with this discriminant, if there is one.
    pub fn from_u8(value: u8) -> Option<Scheme> {
        Scheme::ALL.get(usize::from(value)).copied()
    }

    /// The scheme of an OSV ecosystem (`Debian:12` and the like included), `None` for an unknown one.
    ///
    /// Source: OSV schema 1.7, "Defined ecosystems".
    pub fn of_ecosystem(ecosystem: &str) -> Option<Scheme> {
        let base = ecosystem.split(':').next().unwrap_or(ecosystem).trim().to_ascii_lowercase();
        Some(match base.as_str() {
            "crates.io" | "cargo" | "swifturl" | "hex" | "github actions" | "julia" | "opam" => {
                Scheme::Semver
            }
            "npm" => Scheme::Npm,
            "go" => Scheme::Go,
            "pypi" => Scheme::Pypi,
            "maven" => Scheme::Maven,
            "nuget" => Scheme::Nuget,
            "rubygems" => Scheme::Gem,
            "packagist" => Scheme::Composer,
            "debian" | "ubuntu" | "echo" => Scheme::Deb,
            "red hat" | "redhat" | "rocky linux" | "almalinux" | "suse" | "opensuse" | "photon os"
            | "mageia" | "openeuler" | "azure linux" => Scheme::Rpm,
            "alpine" | "wolfi" | "chainguard" | "minimos" | "alpaquita" | "bellsoft hardened containers" => {
                Scheme::Apk
            }
            "pub" => Scheme::Pub,
            "cran" | "bioconductor" => Scheme::Cran,
            "hackage" | "ghc" => Scheme::Hackage,
            _ => return None,
        })
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No such scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown version scheme \"{0}\"")]
pub struct UnknownScheme(pub String);

impl FromStr for Scheme {
    type Err = UnknownScheme;

    /// Accepts the short names, OSV ecosystem names in any case, and the usual synonyms; each also with `-versions`
    /// behind it, as files of known orders are named.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.trim().to_ascii_lowercase();
        let lower = lower.strip_suffix("-versions").unwrap_or(&lower);
        if let Some(scheme) = Scheme::ALL.into_iter().find(|s| s.as_str() == lower) {
            return Ok(scheme);
        }
        Ok(match lower {
            "cargo" => Scheme::Semver,
            "golang" => Scheme::Go,
            "python" | "pep440" => Scheme::Pypi,
            "rubygems" | "ruby" => Scheme::Gem,
            "php" => Scheme::Composer,
            "dpkg" => Scheme::Deb,
            "redhat" | "red-hat" => Scheme::Rpm,
            _ => return Scheme::of_ecosystem(lower).ok_or_else(|| UnknownScheme(text.to_owned())),
        })
    }
}

/// One end of a range. Versions are kept as written; order is decided by the scheme.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bound {
    /// No limit at this end.
    Unbounded,
    /// The version itself belongs to the range.
    Inclusive(String),
    /// The version itself does not belong to the range.
    Exclusive(String),
}

/// An interval of versions under one scheme.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct VersionRange {
    /// The order that applies.
    pub scheme: Scheme,
    /// From where.
    pub lower: Bound,
    /// To where.
    pub upper: Bound,
}

impl VersionRange {
    /// Everything.
    pub fn all(scheme: Scheme) -> Self {
        VersionRange { scheme, lower: Bound::Unbounded, upper: Bound::Unbounded }
    }

    /// Exactly one version.
    pub fn exactly(scheme: Scheme, version: impl Into<String>) -> Self {
        let version = version.into();
        VersionRange { scheme, lower: Bound::Inclusive(version.clone()), upper: Bound::Inclusive(version) }
    }

    /// Everything below `version`.
    pub fn before(scheme: Scheme, version: impl Into<String>) -> Self {
        VersionRange { scheme, lower: Bound::Unbounded, upper: Bound::Exclusive(version.into()) }
    }

    /// Everything up to `version`, which belongs to it.
    pub fn up_to(scheme: Scheme, version: impl Into<String>) -> Self {
        VersionRange { scheme, lower: Bound::Unbounded, upper: Bound::Inclusive(version.into()) }
    }

    /// True if neither end is limited.
    pub fn is_all(&self) -> bool {
        self.lower == Bound::Unbounded && self.upper == Bound::Unbounded
    }
}

impl fmt::Display for VersionRange {
    /// `>=1.0 <2.0`, `=1.5`, `*`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.lower, &self.upper) {
            (Bound::Unbounded, Bound::Unbounded) => return f.write_str("*"),
            (Bound::Inclusive(a), Bound::Inclusive(b)) if a == b => return write!(f, "={a}"),
            _ => {}
        }
        let mut separator = "";
        match &self.lower {
            Bound::Unbounded => {}
            Bound::Inclusive(v) => {
                write!(f, ">={v}")?;
                separator = " ";
            }
            Bound::Exclusive(v) => {
                write!(f, ">{v}")?;
                separator = " ";
            }
        }
        match &self.upper {
            Bound::Unbounded => Ok(()),
            Bound::Inclusive(v) => write!(f, "{separator}<={v}"),
            Bound::Exclusive(v) => write!(f, "{separator}<{v}"),
        }
    }
}

/// What a source says about the versions of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VersionClaim {
    /// The source says explicitly that every version is meant.
    All,
    /// These ranges, minus the excepted ones. A version is claimed if it lies in any of `ranges` and in none of
    /// `except`. Single versions are ranges of one (`=1.5`).
    Ranged {
        /// Claimed.
        ranges: Vec<VersionRange>,
        /// Excepted (CVE 5 `unaffected` entries, `changes`, "except 2.3.1").
        except: Vec<VersionRange>,
    },
    /// The source says something that could not be understood. Never read as "all versions".
    Undetermined {
        /// Why: one of the codes for *undetermined*. Written by its name: codes are added in between.
        #[serde(with = "by_name")]
        code: Code,
        /// Particulars.
        params: Params,
    },
}

impl VersionClaim {
    /// Ranges without exceptions.
    pub fn ranged(ranges: Vec<VersionRange>) -> Self {
        VersionClaim::Ranged { ranges, except: Vec::new() }
    }

    /// A text that could not be understood, kept with the claim.
    pub fn undetermined_text(text: &str) -> Self {
        let mut params = Params::new();
        params.insert("text".to_owned(), text.to_owned());
        VersionClaim::Undetermined { code: Code::RangeUndetermined, params }
    }
}

/// A code by its text form, in whatever format.
mod by_name {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::diagnostic::Code;

    pub(super) fn serialize<S: Serializer>(code: &Code, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(code.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Code, D::Error> {
        let name = String::deserialize(deserializer)?;
        let code = Code::ALL.iter().find(|code| code.as_str() == name);
        code.copied().ok_or_else(|| D::Error::custom(format_args!("there is no code {name}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheme_names() {
        for scheme in Scheme::ALL {
            assert_eq!(scheme.as_str().parse(), Ok(scheme));
            assert_eq!(format!("{scheme}-versions").to_uppercase().parse(), Ok(scheme));
            assert_eq!(Scheme::from_u8(scheme as u8), Some(scheme));
        }
        let stems = [
            ("alpine", Scheme::Apk),
            ("cran", Scheme::Cran),
            ("debian", Scheme::Deb),
            ("hackage", Scheme::Hackage),
            ("maven", Scheme::Maven),
            ("nuget", Scheme::Nuget),
            ("packagist", Scheme::Composer),
            ("pub", Scheme::Pub),
            ("pypi", Scheme::Pypi),
            ("redhat", Scheme::Rpm),
            ("rubygems", Scheme::Gem),
            ("semver", Scheme::Semver),
            ("cargo", Scheme::Semver),
            ("crates.io", Scheme::Semver),
            ("Debian:12", Scheme::Deb),
        ];
        for (stem, scheme) in stems {
            assert_eq!(stem.parse(), Ok(scheme), "{stem}");
            assert_eq!(format!("{stem}-versions").parse(), Ok(scheme), "{stem}");
        }
        for unknown in ["", "-versions", "versions", "semver2"] {
            assert_eq!(unknown.parse::<Scheme>(), Err(UnknownScheme(unknown.to_owned())));
        }
    }
}
