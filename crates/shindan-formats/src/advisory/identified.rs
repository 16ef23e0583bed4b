//! Products that are named by an identifier with a version in it, as VEX documents name them.

use shindan_domain::advisory::ProductRef;
use shindan_domain::cpe::{Attribute, Cpe};
use shindan_domain::purl::Purl;
use shindan_domain::version::{Scheme, VersionClaim, VersionRange};

use super::claims::purl_scheme;
use super::package;

/// A product and the version that its identifier names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identified {
    /// Without the version.
    pub(crate) product: ProductRef,
    /// The version, with the order that the identifier tells.
    pub(crate) version: Option<(String, Scheme)>,
}

impl Identified {
    /// Exactly the version named. An identifier without a version means every version: so say OpenVEX and CycloneDX.
    pub(crate) fn claim(&self) -> VersionClaim {
        match &self.version {
            Some((version, scheme)) => VersionClaim::ranged(vec![VersionRange::exactly(*scheme, version)]),
            None => VersionClaim::All,
        }
    }
}

/// The package of a package URL.
///
/// # Errors
/// The reason, if it is none.
pub(crate) fn by_purl(text: &str) -> Result<Identified, String> {
    let purl = Purl::parse(text).map_err(|error| error.to_string())?;
    let version = purl.full_version().map(|version| (version.into_owned(), purl_scheme(purl.kind())));
    Ok(Identified { product: ProductRef { purl: Some(unversioned(text)), ..ProductRef::default() }, version })
}

/// The product of a CPE name, 2.3 or 2.2.
///
/// # Errors
/// The reason, if it is none.
pub(crate) fn by_cpe(text: &str) -> Result<Identified, String> {
    let (cpe, _) = Cpe::parse_lenient(text.trim()).map_err(|error| error.to_string())?;
    let version = cpe.version().as_literal().map(|version| {
        let update = cpe.get(Attribute::Update).as_literal();
        let whole = update.map_or_else(|| version.to_owned(), |update| format!("{version} {update}"));
        (whole, Scheme::Generic)
    });
    Ok(Identified { product: ProductRef { cpes: vec![cpe.to_string()], ..ProductRef::default() }, version })
}

/// A package URL without its version. The distribution stays, because its releases are different packages.
pub(crate) fn unversioned(text: &str) -> String {
    let mut purl = package::without_version(text);
    let distro =
        Purl::parse(text).ok().and_then(|purl| purl.qualifier("distro").map(|distro| distro.into_owned()));
    if let Some(distro) =
        distro.filter(|distro| distro.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)))
    {
        purl.push_str("?distro=");
        purl.push_str(&distro);
    }
    purl
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(found: Result<Identified, String>) -> String {
        match found {
            Ok(Identified { product, version }) => {
                let name = product.purl.or(product.cpes.into_iter().next()).unwrap_or_default();
                let version = version.map(|(version, scheme)| format!("{scheme}:{version}"));
                format!("{name} {}", version.unwrap_or_else(|| "*".to_owned()))
            }
            Err(_) => "no identifier".to_owned(),
        }
    }

    #[test]
    fn identifiers_tell_product_and_version() {
        let table = [
            ("pkg:npm/%40a/b@1.0?x=y", "pkg:npm/%40a/b npm:1.0"),
            (
                "pkg:deb/debian/curl@7.88-1?arch=amd64&distro=debian-12",
                "pkg:deb/debian/curl?distro=debian-12 deb:7.88-1",
            ),
            ("pkg:rpm/redhat/openssl@3.0.7-24.el9?epoch=1", "pkg:rpm/redhat/openssl rpm:1:3.0.7-24.el9"),
            ("pkg:maven/g/a", "pkg:maven/g/a *"),
            ("npm/a@1", "no identifier"),
        ];
        for (purl, expected) in table {
            assert_eq!(shown(by_purl(purl)), expected, "{purl}");
        }
        let table = [
            ("cpe:/a:apache:log4j:2.4:-", "cpe:2.3:a:apache:log4j:2.4:-:*:*:*:*:*:* generic:2.4"),
            ("cpe:2.3:a:v:p:4.7:sp4:*:*:*:*:*:*", "cpe:2.3:a:v:p:4.7:sp4:*:*:*:*:*:* generic:4.7 sp4"),
            ("cpe:2.3:o:v:p:*:*:*:*:*:*:*:*", "cpe:2.3:o:v:p:*:*:*:*:*:*:*:* *"),
            ("log4j", "no identifier"),
        ];
        for (cpe, expected) in table {
            assert_eq!(shown(by_cpe(cpe)), expected, "{cpe}");
        }
    }
}
