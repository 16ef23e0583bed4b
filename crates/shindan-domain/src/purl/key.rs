//! One key for a package, whichever side names it: the purl of a component and the `package` of an OSV advisory.
//!
//! Source: OSV schema 1.7, "Defined ecosystems". Both sides go through the same two functions (`normalise_name`,
//! `normalise_release`), so that equal packages give byte-identical keys. Where a registry forbids names that differ
//! in case only, or purls fold case, the key folds case too.

use std::borrow::Cow;

use super::release::{distribution_of, normalise_release, parse_distro};
use super::rules::{pep_503, pub_name};
use super::{Purl, lowered};

/// What OSV calls the package of a purl.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PackageKey<'a> {
    /// OSV ecosystem without release: `crates.io`, `Debian` …
    pub ecosystem: &'static str,
    /// Release of the distribution if the purl states it: `12`, `22.04`, `3.18`, `9`.
    pub release: Option<String>,
    /// Name as the ecosystem normalises it. For distributions the *binary* package.
    pub name: Cow<'a, str>,
    /// Source package from the `upstream` qualifier (deb, rpm, apk). Debian, Ubuntu, Alpine, Rocky Linux and SUSE
    /// advisories name source packages; Red Hat and AlmaLinux name binary ones.
    pub source: Option<String>,
    /// Version of the source package if `upstream` states one; it may differ from the binary's.
    pub source_version: Option<String>,
}

impl PackageKey<'_> {
    /// The names to look up: the source package first if there is one, then the package itself.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let source = self.source.as_deref().filter(|source| *source != self.name);
        source.into_iter().chain(std::iter::once(self.name.as_ref()))
    }
}

/// The key of an advisory's package.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NormalisedPackage {
    /// OSV ecosystem without release; as written if OSV does not define it.
    pub ecosystem: Cow<'static, str>,
    /// Release of the distribution if the ecosystem states one.
    pub release: Option<String>,
    /// Name as the ecosystem normalises it.
    pub name: String,
}

/// Normalises ecosystem and package name of an advisory, the counterpart of [`Purl::osv_ecosystem`].
///
/// A repository address after the ecosystem (`Maven:https://…`) is not part of the key: the lookup then finds
/// more, never less.
pub fn normalise_package(ecosystem: &str, name: &str) -> NormalisedPackage {
    let (base, suffix) = match ecosystem.split_once(':') {
        Some((base, suffix)) => (base.trim(), suffix.trim()),
        None => (ecosystem.trim(), ""),
    };
    let Some(known) = canonical_ecosystem(base) else {
        let release = if suffix.is_empty() { None } else { Some(suffix.to_owned()) };
        let ecosystem = Cow::Owned(base.to_owned());
        return NormalisedPackage { ecosystem, release, name: name.trim().to_owned() };
    };
    NormalisedPackage {
        ecosystem: Cow::Borrowed(known),
        release: normalise_release(known, suffix),
        name: normalise_name(known, Cow::Borrowed(name.trim())).into_owned(),
    }
}

/// OSV's spelling of an ecosystem, from any case and the usual synonyms (GitHub's names among them).
fn canonical_ecosystem(base: &str) -> Option<&'static str> {
    const DEFINED: [&str; 45] = [
        "crates.io",
        "PyPI",
        "npm",
        "Go",
        "Maven",
        "RubyGems",
        "Packagist",
        "NuGet",
        "Debian",
        "Ubuntu",
        "Alpine",
        "Red Hat",
        "Rocky Linux",
        "AlmaLinux",
        "SUSE",
        "openSUSE",
        "Pub",
        "Hex",
        "Hackage",
        "CRAN",
        "SwiftURL",
        "GitHub Actions",
        "GHC",
        "Bioconductor",
        "ConanCenter",
        "Bitnami",
        "Julia",
        "opam",
        "VSCode",
        "Wolfi",
        "Chainguard",
        "MinimOS",
        "Alpaquita",
        "BellSoft Hardened Containers",
        "Echo",
        "Photon OS",
        "Mageia",
        "openEuler",
        "Azure Linux",
        "Android",
        "Linux",
        "OSS-Fuzz",
        "CleanStart",
        "Docker Hardened Images",
        "FreeBSD",
    ];
    const SYNONYMS: [(&str, &str); 12] = [
        ("cargo", "crates.io"),
        ("rust", "crates.io"),
        ("pip", "PyPI"),
        ("golang", "Go"),
        ("gem", "RubyGems"),
        ("composer", "Packagist"),
        ("redhat", "Red Hat"),
        ("rocky", "Rocky Linux"),
        ("erlang", "Hex"),
        ("swift", "SwiftURL"),
        ("actions", "GitHub Actions"),
        ("githubactions", "GitHub Actions"),
    ];
    let defined = DEFINED.into_iter().find(|name| name.eq_ignore_ascii_case(base));
    defined.or_else(|| {
        SYNONYMS.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(base)).map(|(_, canonical)| canonical)
    })
}

/// The name as `ecosystem` compares it.
fn normalise_name<'a>(ecosystem: &str, name: Cow<'a, str>) -> Cow<'a, str> {
    match ecosystem {
        "PyPI" => pep_503(name),
        "Pub" => pub_name(name),
        "SwiftURL" => swift_name(name),
        "npm" | "Go" | "Packagist" | "NuGet" | "Hex" | "GitHub Actions" | "Bitnami" | "VSCode" | "Debian"
        | "Ubuntu" | "Echo" | "Alpine" | "Wolfi" | "Chainguard" | "MinimOS" => lowered(name),
        _ => name,
    }
}

/// SwiftURL names are addresses of repositories; purls have neither their scheme nor their `.git`.
fn swift_name(name: Cow<'_, str>) -> Cow<'_, str> {
    let name = lowered(name);
    let stripped = name.trim_start_matches("https://").trim_start_matches("http://");
    let stripped = stripped.trim_end_matches('/').trim_end_matches(".git");
    if stripped.len() == name.len() { name } else { Cow::Owned(stripped.to_owned()) }
}

/// How the name of an ecosystem is made of namespace and name.
#[derive(Clone, Copy)]
enum Shape {
    /// No namespace.
    Plain,
    /// `namespace` + separator + `name`, both needed.
    Joined(char),
    /// As `Joined('/')`, but a package may be without namespace.
    Optional,
}

impl Purl<'_> {
    /// What OSV calls this package; `None` if OSV has no ecosystem for it, or the purl lacks a part that the
    /// ecosystem needs (a Maven group, a distribution).
    pub fn osv_ecosystem(&self) -> Option<PackageKey<'_>> {
        if matches!(self.kind(), "deb" | "rpm" | "apk") {
            return self.distribution_key();
        }
        let (ecosystem, shape) = match self.kind() {
            "cargo" => ("crates.io", Shape::Plain),
            "pypi" => ("PyPI", Shape::Plain),
            "npm" => ("npm", Shape::Optional),
            "golang" => ("Go", Shape::Optional),
            "maven" => ("Maven", Shape::Joined(':')),
            "gem" => ("RubyGems", Shape::Plain),
            "composer" => ("Packagist", Shape::Joined('/')),
            "nuget" => ("NuGet", Shape::Plain),
            "pub" => ("Pub", Shape::Plain),
            "hex" => ("Hex", Shape::Optional),
            "hackage" => ("Hackage", Shape::Plain),
            "cran" => ("CRAN", Shape::Plain),
            "bioconductor" => ("Bioconductor", Shape::Plain),
            "swift" => ("SwiftURL", Shape::Joined('/')),
            "github" | "githubactions" => ("GitHub Actions", Shape::Joined('/')),
            "conan" => ("ConanCenter", Shape::Plain),
            "bitnami" => ("Bitnami", Shape::Plain),
            "julia" => ("Julia", Shape::Plain),
            "opam" => ("opam", Shape::Plain),
            "vscode-extension" => ("VSCode", Shape::Joined('.')),
            _ => return None,
        };
        let name = normalise_name(ecosystem, self.joined_name(shape)?);
        Some(PackageKey { ecosystem, release: None, name, source: None, source_version: None })
    }

    fn joined_name(&self, shape: Shape) -> Option<Cow<'_, str>> {
        match (shape, self.namespace()) {
            (Shape::Plain | Shape::Optional, None) => Some(Cow::Borrowed(self.name())),
            (Shape::Plain, Some(_)) | (Shape::Joined(_), None) => None,
            (Shape::Joined(separator), Some(namespace)) => Some(join(namespace, separator, self.name())),
            (Shape::Optional, Some(namespace)) => Some(join(namespace, '/', self.name())),
        }
    }

    fn distribution_key(&self) -> Option<PackageKey<'_>> {
        let distro = self.qualifier("distro");
        let stated = distro.as_deref().map(parse_distro);
        let ecosystem = match self.namespace() {
            Some(namespace) => distribution_of(namespace)?,
            None => stated.as_ref()?.ecosystem?,
        };
        // A release of another distribution than the namespace's says nothing: it stays unknown.
        let release = stated
            .filter(|stated| stated.ecosystem.is_none_or(|named| named == ecosystem))
            .and_then(|stated| normalise_release(ecosystem, stated.release));
        let name = normalise_name(ecosystem, Cow::Borrowed(self.name()));
        let upstream = self.qualifier("upstream");
        let (source, source_version) = match upstream.as_deref().and_then(parse_upstream) {
            Some((source, version)) => {
                (Some(normalise_name(ecosystem, Cow::Borrowed(source)).into_owned()), version)
            }
            None => (None, None),
        };
        let source_version = source_version.map(|version| self.with_epoch(version));
        Some(PackageKey { ecosystem, release, name, source, source_version })
    }
}

impl Purl<'_> {
    /// The version of a source package with the epoch of its binary package: names of source rpms
    /// (`openssl-3.0.7-24.el9.src.rpm`) leave it out, advisories do not.
    fn with_epoch(&self, version: &str) -> String {
        if self.kind() == "rpm" && !version.contains(':') {
            let own = self.full_version();
            let epoch = own.as_deref().and_then(|own| own.split_once(':')).map(|(epoch, _)| epoch);
            if let Some(epoch) = epoch {
                return format!("{epoch}:{version}");
            }
        }
        version.to_owned()
    }
}

fn join<'a>(namespace: &str, separator: char, name: &str) -> Cow<'a, str> {
    let mut joined = String::with_capacity(namespace.len() + 1 + name.len());
    joined.push_str(namespace);
    joined.push(separator);
    joined.push_str(name);
    Cow::Owned(joined)
}

/// Name and version of a source package: `gcc-12@12.2.0-14`, `openssl`, `curl-7.76.1-26.el9.src.rpm`.
fn parse_upstream(text: &str) -> Option<(&str, Option<&str>)> {
    let text = text.trim();
    if let Some(file) = text.strip_suffix(".rpm") {
        // name-version-release.src: neither version nor release may hold a dash.
        let file = file.rsplit_once('.').map_or(file, |(before, _architecture)| before);
        let (rest, _release) = file.rsplit_once('-')?;
        let (name, _version) = rest.rsplit_once('-')?;
        let version = file.get(name.len() + 1..)?;
        return if name.is_empty() { None } else { Some((name, Some(version))) };
    }
    let (name, version) = match text.split_once('@') {
        Some((name, version)) => (name, Some(version).filter(|version| !version.is_empty())),
        None => (text, None),
    };
    if name.is_empty() { None } else { Some((name, version)) }
}
