//! Products: what they are called elsewhere. API v1 gives CPE names and purls of some; makers' names it gives of none.

use shindan_domain::advisory::ProductRef;
use shindan_domain::cpe::Cpe;
use shindan_domain::purl::Purl;
use shindan_domain::version::{Scheme, VersionClaim};

use super::cycle::Cycle;
use super::model;
use crate::advisory::claims::purl_scheme;
use crate::advisory::{cpe_name, package};
use crate::text::shorten;

/// A product of endoflife.date.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Product {
    /// `windows-server`
    pub slug: String,
    /// For people.
    pub label: String,
    pub references: Vec<String>,
    vendor: Option<String>,
    product: Option<String>,
    cpes: Vec<String>,
    purls: Vec<String>,
    /// True if a cycle is part of the product's name (`SQL Server 2019`) and no version.
    named_by_cycle: bool,
}

/// A product that hospitals have: slug, maker, name, CPE name (part, vendor, product), if there is one.
struct Known(&'static str, &'static str, &'static str, &'static str);

/// Source: slugs of endoflife.date; CPE names of NVD.
const KNOWN: &[Known] = &[
    Known("almalinux", "AlmaLinux", "AlmaLinux OS", "o:almalinux:almalinux"),
    Known("android", "Google", "Android", "o:google:android"),
    Known("apache-http-server", "Apache", "HTTP Server", "a:apache:http_server"),
    Known("centos", "CentOS", "CentOS", "o:centos:centos"),
    Known("cisco-ios-xe", "Cisco", "IOS XE", "o:cisco:ios_xe"),
    Known("debian", "Debian", "Debian GNU/Linux", "o:debian:debian_linux"),
    Known("dotnet", "Microsoft", ".NET", "a:microsoft:.net"),
    Known("dotnetfx", "Microsoft", ".NET Framework", "a:microsoft:.net_framework"),
    Known("esxi", "VMware", "ESXi", "o:vmware:esxi"),
    Known("fortios", "Fortinet", "FortiOS", "o:fortinet:fortios"),
    Known("internet-explorer", "Microsoft", "Internet Explorer", "a:microsoft:internet_explorer"),
    Known("ios", "Apple", "iOS", "o:apple:iphone_os"),
    Known("ipados", "Apple", "iPadOS", "o:apple:ipados"),
    Known("macos", "Apple", "macOS", "o:apple:macos"),
    Known("mariadb", "MariaDB", "MariaDB", "a:mariadb:mariadb"),
    Known("msexchange", "Microsoft", "Exchange Server", ""),
    Known("mssqlserver", "Microsoft", "SQL Server", ""),
    Known("mysql", "Oracle", "MySQL", "a:oracle:mysql"),
    Known("nginx", "F5", "nginx", "a:f5:nginx"),
    Known("nodejs", "Node.js", "Node.js", "a:nodejs:node.js"),
    Known("office", "Microsoft", "Office", ""),
    Known("openssl", "OpenSSL", "OpenSSL", "a:openssl:openssl"),
    Known("oracle-linux", "Oracle", "Oracle Linux", "o:oracle:linux"),
    Known("panos", "Palo Alto Networks", "PAN-OS", "o:paloaltonetworks:pan-os"),
    Known("php", "PHP", "PHP", "a:php:php"),
    Known("postgresql", "PostgreSQL", "PostgreSQL", "a:postgresql:postgresql"),
    Known("python", "Python", "Python", "a:python:python"),
    Known("redis", "Redis", "Redis", "a:redis:redis"),
    Known("rhel", "Red Hat", "Enterprise Linux", "o:redhat:enterprise_linux"),
    Known("rocky-linux", "Rocky", "Rocky Linux", ""),
    Known("sharepoint", "Microsoft", "SharePoint Server", ""),
    Known("sles", "SUSE", "Linux Enterprise Server", "o:suse:linux_enterprise_server"),
    Known("tomcat", "Apache", "Tomcat", "a:apache:tomcat"),
    Known("ubuntu", "Canonical", "Ubuntu", "o:canonical:ubuntu_linux"),
    Known("vcenter", "VMware", "vCenter Server", "a:vmware:vcenter_server"),
    Known("visual-studio", "Microsoft", "Visual Studio", ""),
    Known("windows", "Microsoft", "Windows", ""),
    Known("windows-server", "Microsoft", "Windows Server", ""),
];

/// Products whose cycles are years that belong to the name.
const NAMED_BY_CYCLE: [&str; 5] = ["msexchange", "mssqlserver", "office", "sharepoint", "visual-studio"];

impl Product {
    /// From API v1.
    pub(super) fn of_answer(answer: &model::Product<'_>) -> Product {
        let slug = answer.name.trim();
        let mut product = Product::known(slug).unwrap_or_default();
        slug.clone_into(&mut product.slug);
        product.label = shorten(answer.label.as_deref().unwrap_or(slug), 200);
        for identifier in &answer.identifiers {
            match identifier.kind.as_str() {
                "cpe" => product.add_cpe(&identifier.id),
                "purl" => product.add_purl(&identifier.id),
                // Repology's names are those of distributions' packages.
                _ => {}
            }
        }
        if product.product.is_none() {
            product.vendor = product.cpes.first().and_then(|cpe| {
                let cpe = Cpe::parse(cpe).ok()?;
                Some(cpe.vendor().as_literal()?.replace('_', " "))
            });
            product.product = product.vendor.as_ref().map(|_| product.label.clone());
        }
        let links = [&answer.links.html, &answer.links.release_policy];
        let web = |link: &&str| link.starts_with("https://") || link.starts_with("http://");
        product.references =
            links.into_iter().filter_map(Option::as_deref).filter(web).map(str::to_owned).collect();
        product
    }

    /// The older form leaves the product to the name of the file (`ubuntu.json`); only names of [`KNOWN`] tell enough.
    pub(super) fn of_file(path: &str) -> Option<Product> {
        let name = path.rsplit(['/', '\\', '!']).next()?;
        let slug = name.split_once('.').map_or(name, |(slug, _)| slug);
        let known = Product::known(slug)?;
        Some(Product { references: vec![format!("https://endoflife.date/{slug}")], ..known })
    }

    fn known(slug: &str) -> Option<Product> {
        let Known(_, vendor, name, cpe) = KNOWN.iter().find(|known| known.0 == slug)?;
        let cpes = if cpe.is_empty() { Vec::new() } else { vec![format!("cpe:2.3:{cpe}:*:*:*:*:*:*:*:*")] };
        Some(Product {
            slug: slug.to_owned(),
            label: format!("{vendor} {name}"),
            vendor: Some((*vendor).to_owned()),
            product: Some((*name).to_owned()),
            cpes,
            named_by_cycle: NAMED_BY_CYCLE.contains(&slug),
            ..Product::default()
        })
    }

    /// Both forms of one name are one name.
    fn add_cpe(&mut self, text: &str) {
        if let Ok(name) = cpe_name::to_cpe23(text)
            && !self.cpes.contains(&name)
        {
            self.cpes.push(name);
        }
    }

    fn add_purl(&mut self, text: &str) {
        let purl = package::without_version(text.trim());
        if Purl::parse(&purl).is_ok() && !self.purls.contains(&purl) {
            self.purls.push(purl);
        }
    }

    /// What a cycle of this product is called elsewhere, with its versions. Empty if there is nothing to match by.
    pub(super) fn named(&self, cycle: &Cycle) -> Vec<(ProductRef, VersionClaim)> {
        let claim = |scheme: Scheme| match cycle.range(scheme) {
            Some(range) => VersionClaim::ranged(vec![range]),
            None => VersionClaim::undetermined_text(&cycle.label),
        };
        let mut out = Vec::new();
        if self.named_by_cycle {
            let name = format!("{} {}", self.product.as_deref().unwrap_or_default(), words_of(&cycle.name));
            let product =
                ProductRef { vendor: self.vendor.clone(), product: Some(name), ..ProductRef::default() };
            out.push((product, VersionClaim::All));
        } else if self.vendor.is_some() || !self.cpes.is_empty() {
            let product = ProductRef {
                vendor: self.vendor.clone(),
                product: self.product.clone(),
                cpes: self.cpes.clone(),
                ..ProductRef::default()
            };
            out.push((product, claim(Scheme::Generic)));
        }
        for purl in &self.purls {
            let scheme = Purl::parse(purl).map_or(Scheme::Generic, |parsed| purl_scheme(parsed.kind()));
            let product = ProductRef { purl: Some(purl.clone()), ..ProductRef::default() };
            out.push((product, claim(scheme)));
        }
        out
    }
}

/// `2016-sp3` → `2016 SP3`
fn words_of(cycle: &str) -> String {
    cycle.split(['-', ' ']).map(str::to_uppercase).collect::<Vec<_>>().join(" ")
}
