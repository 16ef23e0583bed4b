//! Packages of a distribution in a CSAF document: an rpm that is a component of a release of Red Hat's products.
//!
//! Source: Red Hat, "CSAF advisories" and "CSAF VEX files" (guides to their use): `fixed` names the first build that
//! contains the fix, per product stream; every older build of that stream is affected. `known_affected` names packages
//! without a version: no build contains a fix. The platform's CPE name tells the stream, by which OSV names its
//! ecosystems of Red Hat too (`Red Hat:enterprise_linux:9::appstream`).

use shindan_domain::advisory::{Affected, ProductRef, Status};
use shindan_domain::cpe::{Attribute, Cpe};
use shindan_domain::purl::Purl;
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};

use super::tree::{Platform, Product};

/// A package of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Package {
    name: String,
    /// `[epoch:]version-release`; `None` if every build is meant.
    build: Option<String>,
    /// The release as OSV names it, from the platform's CPE name.
    stream: Stream,
    /// Name and stream of the module that the package belongs to.
    module: Option<Module>,
}

/// A product of Red Hat with its version.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stream {
    /// `enterprise_linux`, `rhel_eus`, `openshift`
    product: String,
    /// `9`, `9.2`
    version: String,
}

/// A module: `nodejs`, stream `18`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Module {
    name: String,
    stream: Option<String>,
}

/// The package that `product` is, if it is an rpm (or a module of rpms) of Red Hat inside one of Red Hat's products.
pub(super) fn of(product: &Product) -> Option<Package> {
    let purl = Purl::parse(product.purl()?).ok()?;
    let namespace = purl.namespace()?;
    let is_module = purl.kind() == "rpmmod";
    let ours = (purl.kind() == "rpm" && namespace == "redhat")
        || (is_module && (namespace == "redhat" || namespace.starts_with("redhat/")));
    let stream = product.platforms.iter().flat_map(|platform| &platform.cpes).find_map(|cpe| stream(cpe))?;
    if !ours {
        return None;
    }
    let version = purl.full_version().filter(|_| !is_module);
    let build = version.as_deref().filter(|build| build.contains('-')).map(str::to_owned);
    let within = product.platforms.iter().find_map(of_platform);
    let module = if is_module {
        // `pkg:rpmmod/redhat/ruby:2.6/ruby` names a package of a module, `pkg:rpmmod/redhat/ruby@2.6:…` the module.
        let own = namespace.strip_prefix("redhat/").and_then(named);
        own.or_else(|| {
            Some(Module { name: purl.name().to_owned(), stream: purl.version().and_then(first_part) })
        })
    } else {
        let own = purl.qualifier("rpmmod").as_deref().and_then(named);
        let unnamed = build.as_deref().is_some_and(|build| build.contains(".module+"));
        own.or(within).or_else(|| unnamed.then(|| Module { name: purl.name().to_owned(), stream: None }))
    };
    Some(Package { name: purl.name().to_owned(), build, stream, module })
}

/// The module among the platforms of a package.
fn of_platform(platform: &Platform) -> Option<Module> {
    let purl = Purl::parse(platform.purl.as_deref()?).ok()?;
    let module = || Module { name: purl.name().to_owned(), stream: purl.version().and_then(first_part) };
    (purl.kind() == "rpmmod").then(module)
}

/// `nodejs:18:8070020230314:bd1311ed`
fn named(text: &str) -> Option<Module> {
    let (name, rest) = text.split_once(':')?;
    Some(Module { name: name.to_owned(), stream: first_part(rest) })
}

fn first_part(text: &str) -> Option<String> {
    text.split(':').next().filter(|part| !part.is_empty()).map(str::to_owned)
}

fn stream(cpe: &str) -> Option<Stream> {
    let cpe: Cpe = cpe.parse().ok()?;
    if cpe.vendor().as_literal() != Some("redhat") || cpe.get(Attribute::Part).as_literal() == Some("h") {
        return None;
    }
    let version = cpe.version().as_literal().unwrap_or_default().to_owned();
    Some(Stream { product: cpe.product().as_literal()?.to_owned(), version })
}

impl Stream {
    /// The OSV ecosystem.
    fn ecosystem(&self) -> String {
        format!("Red Hat:{}:{}", self.product, self.version)
    }

    /// The ecosystem of the operating system below an extended stream (`rhel_eus:9.2` is `Red Hat:9`): whoever has the
    /// very build that the stream calls fixed has the fix, wherever it was installed from.
    fn of_the_system(&self) -> Option<String> {
        let extended = self.product.starts_with("rhel_")
            && matches!(
                self.product.split('_').nth(1),
                Some("eus" | "aus" | "tus" | "e4s" | "els" | "mission")
            );
        let major = self.version.split('.').next().filter(|major| !major.is_empty())?;
        extended.then(|| format!("Red Hat:enterprise_linux:{major}"))
    }
}

impl Package {
    /// The statements that follow from `plain`, which says of this package what `status` says.
    pub(super) fn statements(&self, status: Status, plain: &Affected) -> Vec<Affected> {
        let say = |ecosystem: String, status: Status, versions: VersionClaim| Affected {
            product: ProductRef {
                ecosystem: Some(ecosystem),
                package: Some(self.name.clone()),
                purl: Some(format!("pkg:rpm/redhat/{}", encoded(&self.name))),
                ..ProductRef::default()
            },
            status,
            versions,
            fixed_versions: Vec::new(),
            platforms: Vec::new(),
            ..plain.clone()
        };
        let own = self.stream.ecosystem();
        let Some(build) = &self.build else {
            let mut statement = say(own, status, VersionClaim::All);
            if status == Status::Affected {
                statement.platforms = self.unknown_module(false);
            }
            return vec![statement];
        };
        let exactly = || VersionClaim::ranged(vec![VersionRange::exactly(Scheme::Rpm, build)]);
        match status {
            Status::Fixed => {}
            // A part of the fixed source package that never had the vulnerable code: no older build has it either.
            Status::NotAffected => {
                let up_to = VersionRange {
                    lower: self.lower_bound(build),
                    ..VersionRange::up_to(Scheme::Rpm, build)
                };
                return vec![say(own, status, VersionClaim::ranged(vec![up_to]))];
            }
            Status::Affected | Status::UnderInvestigation => return vec![say(own, status, exactly())],
        }
        let lower = self.lower_bound(build);
        let settled = lower != Bound::Unbounded;
        let older = VersionRange { lower, ..VersionRange::before(Scheme::Rpm, build) };
        let mut affected = say(own.clone(), Status::Affected, VersionClaim::ranged(vec![older]));
        affected.fixed_versions = vec![build.clone()];
        affected.platforms = self.unknown_module(settled);
        let mut statements = vec![affected, say(own, Status::Fixed, exactly())];
        statements.extend(self.stream.of_the_system().map(|system| say(system, Status::Fixed, exactly())));
        statements
    }

    fn lower_bound(&self, build: &str) -> Bound {
        self.first_of_stream(build).map_or(Bound::Unbounded, Bound::Inclusive)
    }

    /// Where the versions of the module's stream begin: stream 18 of nodejs has 18.x. `None` if the package counts in
    /// another way than the stream.
    fn first_of_stream(&self, build: &str) -> Option<String> {
        let stream = self.module.as_ref()?.stream.as_deref()?;
        let (epoch, version) = build.split_once(':').map_or(("", build), |(epoch, version)| (epoch, version));
        let rest = version.strip_prefix(stream)?;
        let counts = stream.bytes().all(|b| b.is_ascii_digit() || b == b'.') && rest.starts_with(['.', '-']);
        counts.then(|| if epoch.is_empty() { stream.to_owned() } else { format!("{epoch}:{stream}") })
    }

    /// The module as a condition that no list of packages can show: builds of its other streams are others. The
    /// matcher then asks instead of telling.
    fn unknown_module(&self, settled: bool) -> Vec<Vec<String>> {
        match &self.module {
            Some(module) if !settled => {
                let stream = module.stream.as_deref().unwrap_or("?");
                vec![vec![format!("module {}:{stream}", module.name)]]
            }
            _ => Vec::new(),
        }
    }
}

/// Names of rpms have letters, digits and `+ - . _`; only `+` is encoded in a purl.
fn encoded(name: &str) -> String {
    name.replace('+', "%2B")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(purl: &str, platforms: &[(&str, &str)]) -> Product {
        let platforms = platforms.iter().map(|(purl, cpe)| Platform {
            name: String::new(),
            vendor: None,
            product: String::new(),
            is_whole: true,
            cpes: if cpe.is_empty() {
                Vec::new()
            } else {
                vec![crate::advisory::cpe_name::to_cpe23(cpe).unwrap()]
            },
            purl: Some((*purl).to_owned()).filter(|purl| !purl.is_empty()),
        });
        Product { purls: vec![purl.to_owned()], platforms: platforms.collect(), ..Product::default() }
    }

    fn check(purl: &str, platforms: &[(&str, &str)], status: Status, expected: &[&str]) {
        let plain = Affected::new(ProductRef::default(), status, VersionClaim::All);
        let found: Vec<String> = match of(&product(purl, platforms)) {
            None => vec!["none".to_owned()],
            Some(package) => package
                .statements(status, &plain)
                .iter()
                .map(|s| {
                    let (ecosystem, name) = (s.product.ecosystem.as_deref(), s.product.package.as_deref());
                    let versions = match &s.versions {
                        VersionClaim::All => "*".to_owned(),
                        VersionClaim::Ranged { ranges, .. } => ranges[0].to_string(),
                        VersionClaim::Undetermined { .. } => "?".to_owned(),
                    };
                    let condition = s.platforms.concat().join(",");
                    format!(
                        "{} / {} {versions} {} {condition}",
                        ecosystem.unwrap(),
                        name.unwrap(),
                        s.status.as_str()
                    )
                    .trim_end()
                    .to_owned()
                })
                .collect(),
        };
        assert_eq!(found, expected);
    }

    const RHEL9: (&str, &str) = ("", "cpe:/a:redhat:enterprise_linux:9::appstream");
    const RHEL8: (&str, &str) = ("", "cpe:/o:redhat:enterprise_linux:8");

    #[test]
    fn a_fix_splits_the_builds_of_its_stream() {
        check(
            "pkg:rpm/redhat/openssl-libs@3.0.7-24.el9?arch=x86_64&epoch=1",
            &[RHEL9],
            Status::Fixed,
            &[
                "Red Hat:enterprise_linux:9 / openssl-libs <1:3.0.7-24.el9 affected",
                "Red Hat:enterprise_linux:9 / openssl-libs =1:3.0.7-24.el9 fixed",
            ],
        );
        check(
            "pkg:rpm/redhat/firefox@115.5.0-1.el9_2?arch=x86_64",
            &[("", "cpe:/a:redhat:rhel_eus:9.2::appstream")],
            Status::Fixed,
            &[
                "Red Hat:rhel_eus:9.2 / firefox <115.5.0-1.el9_2 affected",
                "Red Hat:rhel_eus:9.2 / firefox =115.5.0-1.el9_2 fixed",
                "Red Hat:enterprise_linux:9 / firefox =115.5.0-1.el9_2 fixed",
            ],
        );
    }

    #[test]
    fn without_a_build_every_one_is_meant() {
        check(
            "pkg:rpm/redhat/firefox?arch=src",
            &[("", "cpe:/o:redhat:enterprise_linux:6")],
            Status::Affected,
            &["Red Hat:enterprise_linux:6 / firefox * affected"],
        );
        check(
            "pkg:rpm/redhat/firefox?arch=src",
            &[RHEL9],
            Status::NotAffected,
            &["Red Hat:enterprise_linux:9 / firefox * not_affected"],
        );
    }

    #[test]
    fn parts_without_the_code_are_not_affected_in_older_builds_either() {
        check(
            "pkg:rpm/redhat/kernel-headers@5.14.0-427.16.1.el9_4?arch=x86_64",
            &[RHEL9],
            Status::NotAffected,
            &["Red Hat:enterprise_linux:9 / kernel-headers <=5.14.0-427.16.1.el9_4 not_affected"],
        );
    }

    #[test]
    fn streams_of_modules_do_not_judge_each_other() {
        let module = ("pkg:rpmmod/redhat/nodejs@18:8070020230314132445:bd1311ed", "");
        let stream = "Red Hat:enterprise_linux:8";
        check(
            "pkg:rpm/redhat/nodejs@18.14.2-2.module%2Bel8.7.0%2B18445?arch=x86_64&epoch=1",
            &[module, RHEL8],
            Status::Fixed,
            &[
                &format!("{stream} / nodejs >=1:18 <1:18.14.2-2.module+el8.7.0+18445 affected"),
                &format!("{stream} / nodejs =1:18.14.2-2.module+el8.7.0+18445 fixed"),
            ],
        );
        check(
            "pkg:rpm/redhat/podman@4.4.1-14.module%2Bel8.8.0%2B19108?rpmmod=container-tools:rhel8:88000202",
            &[RHEL8],
            Status::Fixed,
            &[
                &format!(
                    "{stream} / podman <4.4.1-14.module+el8.8.0+19108 affected module container-tools:rhel8"
                ),
                &format!("{stream} / podman =4.4.1-14.module+el8.8.0+19108 fixed"),
            ],
        );
        check(
            "pkg:rpmmod/redhat/ruby:2.6/ruby",
            &[RHEL8],
            Status::Affected,
            &[&format!("{stream} / ruby * affected module ruby:2.6")],
        );
        check(
            "pkg:rpm/redhat/x@1-1.module%2Bel8",
            &[RHEL8],
            Status::Fixed,
            &[
                &format!("{stream} / x <1-1.module+el8 affected module x:?"),
                &format!("{stream} / x =1-1.module+el8 fixed"),
            ],
        );
    }

    #[test]
    fn anything_else_is_no_package_of_red_hat() {
        check("pkg:oci/redhat/ubi9", &[RHEL9], Status::Fixed, &["none"]);
        check("pkg:rpm/suse/bash@5-1", &[("", "cpe:/o:suse:sles:15:sp5")], Status::Fixed, &["none"]);
        check("pkg:rpm/redhat/bash@5-1", &[], Status::Fixed, &["none"]);
        check("pkg:rpm/redhat/bash@5-1", &[("", "cpe:/o:other:linux:9")], Status::Fixed, &["none"]);
    }
}
