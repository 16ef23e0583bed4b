//! 診断対象: what may be scanned, and what never is (SPEC.md section 4, ③ "Targets").

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::process::{ReasonCode, Refusal};
use crate::sighting::IpRange;
use crate::terms;

/// Widest range that can be permitted: a range of 65,536 addresses is a whole site, more is a mistake.
pub const MOST_ADDRESSES: u128 = 65_536;

/// One target: an address range, a host, or an address of a web application with everything below it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// `10.20.0.0/24`, `10.20.0.5`
    Range(IpRange),
    /// `test.example.jp`
    Host(String),
    /// `https://test.example.jp:8443/portal`
    Url(WebTarget),
}

/// A web application: scheme, host, port and the path below which it may be scanned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebTarget {
    /// `https` or `http`
    pub scheme: String,
    /// Host name or address, lower case, without brackets.
    pub host: String,
    /// Port; that of the scheme if none is written.
    pub port: u16,
    /// Begins with `/`; without a slash at its end unless it is the root.
    pub path: String,
}

/// The text is no target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no target: an address, a range, a host name or an http(s) address")]
pub struct NotATarget(pub String);

impl FromStr for Target {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let refused = || NotATarget(text.chars().take(120).collect());
        if text.contains("://") {
            return web(text).map(Target::Url).ok_or_else(refused);
        }
        if let Ok(range) = text.parse::<IpRange>() {
            return plain(&range).map(Target::Range).ok_or_else(refused);
        }
        host(text).map(Target::Host).ok_or_else(refused)
    }
}

/// A host name: labels of letters, digits, `-` and `_`, none of which begins or ends with a hyphen; never only digits and dots.
fn host(text: &str) -> Option<String> {
    let name = text.trim_end_matches('.').to_ascii_lowercase();
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    let numeric = name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (name.len() <= 253 && !numeric && name.split('.').all(label)).then_some(name)
}

fn web(text: &str) -> Option<WebTarget> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let default = match scheme.as_str() {
        "https" => 443,
        "http" => 80,
        _ => return None,
    };
    let rest = rest.split(['?', '#']).next()?;
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    if authority.contains('@') {
        return None;
    }
    let (name, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (name, after) = rest.split_once(']')?;
            (name, after.strip_prefix(':'))
        }
        None => match authority.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (authority, None),
        },
    };
    let name = match name.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().to_string(),
        Err(_) => host(name)?,
    };
    let port = match port {
        Some(port) => port.parse().ok().filter(|port| *port > 0)?,
        None => default,
    };
    // A path that climbs is not what it says.
    if path.split(['/', '\\']).any(climbs) {
        return None;
    }
    let trimmed = path.trim_end_matches('/');
    let path = if trimmed.is_empty() { "/".to_owned() } else { trimmed.to_owned() };
    Some(WebTarget { scheme, host: name, port, path })
}

fn climbs(part: &str) -> bool {
    part.to_ascii_lowercase().replace("%2e", ".") == ".."
}

/// The range with addresses as they are reached: `::ffff:10.0.0.1` is 10.0.0.1. `None` if it holds addresses of both kinds.
fn plain(range: &IpRange) -> Option<IpRange> {
    let mapped: IpRange = IpRange::network("::ffff:0:0".parse().ok()?, 96)?;
    if mapped.encloses(range) {
        return IpRange::new(range.first().to_canonical(), range.last().to_canonical());
    }
    (!mapped.overlaps(range)).then_some(*range)
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Range(range) => range.fmt(f),
            Target::Host(host) => f.write_str(host),
            Target::Url(web) => web.fmt(f),
        }
    }
}

impl fmt::Display for WebTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let WebTarget { scheme, host, port, path } = self;
        let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
        match (scheme.as_str(), port) {
            ("https", 443) | ("http", 80) => write!(f, "{scheme}://{host}{path}"),
            _ => write!(f, "{scheme}://{host}:{port}{path}"),
        }
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl Target {
    /// The host by name or address; `None` for a range.
    pub fn host(&self) -> Option<&str> {
        match self {
            Target::Range(_) => None,
            Target::Host(host) => Some(host),
            Target::Url(web) => Some(&web.host),
        }
    }

    /// True if everything that the other means lies within this one. What names resolve to is not looked at.
    pub fn encloses(&self, other: &Target) -> bool {
        // A host that is no address lies in no range: it is not permitted by one.
        let address = |text: &str| text.parse::<IpAddr>().ok();
        match (self, other) {
            (Target::Range(range), Target::Range(inner)) => range.encloses(inner),
            (Target::Range(range), other) => {
                other.host().and_then(address).is_some_and(|address| range.contains(address))
            }
            (Target::Host(host), other) => other.host() == Some(host),
            (Target::Url(web), Target::Url(inner)) => web.encloses(inner),
            (Target::Url(_), _) => false,
        }
    }

    /// True if a scan of one could reach what the other means: one lies within the other, they share a host, or a name leads there.
    pub fn meets(&self, other: &Target, resolved: &Resolved) -> bool {
        let at = |one: &Target| -> BTreeSet<IpAddr> {
            let Some(host) = one.host() else { return BTreeSet::new() };
            match host.parse::<IpAddr>() {
                Ok(address) => BTreeSet::from([address.to_canonical()]),
                Err(_) => resolved.get(host).cloned().unwrap_or_default(),
            }
        };
        match (self, other) {
            (Target::Range(one), Target::Range(other)) => one.overlaps(other),
            (Target::Range(range), named) | (named, Target::Range(range)) => {
                at(named).iter().any(|address| range.contains(*address))
            }
            // On one host there can be two applications; a host as a whole is both of them.
            (Target::Url(one), Target::Url(web)) => {
                one.port == web.port
                    && (one.encloses(web) || web.encloses(one))
                    && (one.host == web.host || !at(self).is_disjoint(&at(other)))
            }
            (one, other) => one.host() == other.host() || !at(one).is_disjoint(&at(other)),
        }
    }

    /// Refuses a range that is wider than anybody means.
    ///
    /// # Errors
    /// [`ReasonCode::TargetTooWide`].
    pub fn check(&self) -> Result<(), Refusal> {
        match self {
            Target::Range(range) if range.addresses() > MOST_ADDRESSES => {
                Err(Refusal::new(ReasonCode::TargetTooWide).with("value", self).with("limit", MOST_ADDRESSES))
            }
            _ => Ok(()),
        }
    }
}

impl WebTarget {
    fn encloses(&self, inner: &WebTarget) -> bool {
        self.scheme == inner.scheme
            && self.host == inner.host
            && self.port == inner.port
            && (self.path == "/"
                || inner.path == self.path
                || inner.path.strip_prefix(&self.path).is_some_and(|rest| rest.starts_with('/')))
    }
}

/// Addresses of host names when they were looked up.
pub type Resolved = BTreeMap<String, BTreeSet<IpAddr>>;

terms! {
    /// Why something is never scanned, whatever the role.
    pub enum ProtectedKind ("protected-kind") {
        /// 医療機器
        MedicalDevice = "medical-device",
        /// 診療系ネットワーク
        ClinicalNetwork = "clinical-network",
    }
}

/// Something that is never scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protected {
    /// Why.
    pub kind: ProtectedKind,
    /// What people call it.
    pub name: String,
    /// Its addresses.
    pub ranges: Vec<IpRange>,
    /// Its host names, lower case.
    pub hosts: BTreeSet<String>,
}

impl Protected {
    /// True if a scan of the target could reach it.
    pub fn is_reached_by(&self, target: &Target, resolved: &Resolved) -> bool {
        // As they are reached, whichever way they were written.
        let own: Vec<IpRange> = self.ranges.iter().map(|range| plain(range).unwrap_or(*range)).collect();
        let hits = |address: IpAddr| {
            own.iter().any(|range| range.contains(address) || range.contains(address.to_canonical()))
        };
        if let Target::Range(range) = target {
            return own.iter().any(|own| own.overlaps(range));
        }
        let Some(host) = target.host() else { return false };
        // With or without its domain it is the same device, as far as anybody can tell.
        let short = |name: &str| name.split('.').next().map(str::to_owned);
        let named = |own: &String| {
            own == host || (!(own.contains('.') && host.contains('.')) && short(own) == short(host))
        };
        self.hosts.iter().any(named)
            || host.parse().is_ok_and(hits)
            || resolved.get(host).is_some_and(|addresses| addresses.iter().copied().any(hits))
    }
}

/// Refuses targets by which something protected would be reached.
///
/// # Errors
/// [`ReasonCode::TargetProtected`] with the target and what it would reach.
pub fn none_protected<'t>(
    targets: impl IntoIterator<Item = &'t Target>,
    protected: &[Protected],
    resolved: &Resolved,
) -> Result<(), Refusal> {
    for target in targets {
        let reached = protected.iter().find(|one| one.is_reached_by(target, resolved));
        if let Some(reached) = reached {
            return Err(Refusal::new(ReasonCode::TargetProtected)
                .with("value", target)
                .with("kind", reached.kind)
                .with("name", &reached.name));
        }
    }
    Ok(())
}

/// What a report touched, as its text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// A target: an address, a host, a web address.
    Network(Target),
    /// A folder, file or image: nothing on a network.
    Local,
    /// A web address that cannot be read: where it leads, nobody can tell.
    Unclear,
}

/// Reads what a report says was looked at. `network`: a bare word is a host, not a folder.
pub fn touched(text: &str, network: bool) -> Touched {
    let text = text.trim();
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let with_port = || {
        let (host, port) = text.rsplit_once(':')?;
        port.parse::<u16>().ok()?;
        host.trim_start_matches('[').trim_end_matches(']').parse::<Target>().ok()
    };
    let is_web = |scheme: &str| ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
    match bare.parse::<Target>().ok().or_else(|| settled(text)).or_else(with_port) {
        Some(target @ (Target::Range(_) | Target::Url(_))) => Touched::Network(target),
        Some(target) if network => Touched::Network(target),
        None if text.split_once("://").is_some_and(|(scheme, _)| is_web(scheme)) => Touched::Unclear,
        _ => Touched::Local,
    }
}

/// A web address whose path climbs, as a client asks for it: scanners try such paths.
fn settled(text: &str) -> Option<Target> {
    let (scheme, rest) = text.split_once("://")?;
    let rest = rest.split(['?', '#']).next()?;
    let (authority, path) = rest.split_once('/')?;
    let mut way: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        if climbs(part) {
            way.pop();
        } else {
            way.push(part);
        }
    }
    format!("{scheme}://{authority}/{}", way.join("/")).parse().ok()
}

/// What was touched and lies outside of the targets. A host that is named without port or path counts as inside if a web target on it is
/// permitted: many tools name the host of a web application so.
pub fn strayed(
    all: &BTreeSet<String>,
    permitted: &BTreeSet<Target>,
    resolved: &Resolved,
    network: bool,
) -> BTreeSet<String> {
    let is_outside = |text: &&String| match touched(text, network) {
        Touched::Local => false,
        Touched::Unclear => true,
        Touched::Network(target) => !is_permitted(&target, permitted, resolved),
    };
    all.iter().filter(is_outside).cloned().collect()
}

/// The targets that a report reached, by what it says was looked at. A range is reached if at least one address in it is named, or the
/// range itself: scanners name the hosts that answer. A web application is reached by its address, by one below or above it, and by its
/// host and port; by the host alone only if `host_is_enough`, for tools that look at ports say nothing about what answers there.
pub fn covered(
    all: &BTreeSet<String>,
    targets: &BTreeSet<Target>,
    resolved: &Resolved,
    host_is_enough: bool,
) -> BTreeSet<Target> {
    let read = |text: &String| match touched(text, true) {
        Touched::Network(target) => Some((target, port(text))),
        Touched::Local | Touched::Unclear => None,
    };
    let named: Vec<(Target, Option<u16>)> = all.iter().filter_map(read).collect();
    let reached = |target: &&Target| {
        named.iter().any(|(one, port)| match (target, one, port) {
            (Target::Url(web), Target::Host(_) | Target::Range(_), Some(port)) if *port != web.port => false,
            (Target::Url(_), Target::Host(_) | Target::Range(_), None) if !host_is_enough => false,
            _ => one.meets(target, resolved),
        })
    };
    targets.iter().filter(reached).cloned().collect()
}

/// The port that is written after a bare host or address.
fn port(text: &str) -> Option<u16> {
    let (host, port) = text.trim().rsplit_once(':')?;
    // More colons without brackets are an address of version 6.
    let is_host = !host.contains(':') || (host.starts_with('[') && host.ends_with(']'));
    is_host.then(|| port.parse().ok()).flatten()
}

fn is_permitted(target: &Target, permitted: &BTreeSet<Target>, resolved: &Resolved) -> bool {
    let named = |host: &str| {
        permitted.iter().any(|one| match one {
            Target::Url(web) => web.host == host,
            Target::Host(own) => own == host,
            Target::Range(range) => host.parse().is_ok_and(|address| range.contains(address)),
        })
    };
    // A permitted name, seen by the address that it had.
    let by_address = |address: IpAddr| {
        resolved.iter().any(|(host, addresses)| addresses.contains(&address) && named(host))
    };
    if permitted.iter().any(|one| one.encloses(target)) {
        return true;
    }
    match target {
        Target::Url(web) => {
            let same_place = |one: &Target| match one {
                // The same application by its address.
                Target::Url(own) => {
                    resolved.get(&own.host).is_some_and(|addresses| {
                        web.host.parse().is_ok_and(|address| addresses.contains(&address))
                    }) && own.encloses(&WebTarget { host: own.host.clone(), ..web.clone() })
                }
                Target::Host(own) => resolved.get(own).is_some_and(|addresses| {
                    web.host.parse().is_ok_and(|address| addresses.contains(&address))
                }),
                Target::Range(_) => false,
            };
            permitted.iter().any(same_place)
        }
        Target::Host(host) => named(host),
        Target::Range(range) => {
            let only: Option<IpAddr> = (range.addresses() == 1).then(|| range.first());
            only.is_some_and(|address| named(&address.to_string()) || by_address(address))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(text: &str) -> Target {
        text.parse().unwrap()
    }

    fn targets(texts: &[&str]) -> BTreeSet<Target> {
        texts.iter().map(|text| target(text)).collect()
    }

    #[test]
    fn targets_have_one_written_form() {
        for (given, written) in [
            ("HTTPS://Test.Example:443/a/", "https://test.example/a"),
            ("http://10.0.0.1", "http://10.0.0.1/"),
            ("https://[2001:DB8::1]:8443/", "https://[2001:db8::1]:8443/"),
            ("10.0.0.5", "10.0.0.5/32"),
            ("10.0.0.0/24", "10.0.0.0/24"),
            ("Test.Example.", "test.example"),
        ] {
            assert_eq!(target(given).to_string(), written);
            assert_eq!(target(written), target(given), "{written}");
        }
        for bad in [
            "",
            " ",
            "-host",
            "ftp://a/",
            "https://",
            "https://user@a/",
            "https://a:0/",
            "https://a/../b",
            "10.0.0.300",
            "a b",
            "https://a/%2E%2e/b",
            "https://a/.%2e/b",
            "https://a/b\\..\\c",
            "*",
        ] {
            assert!(bad.parse::<Target>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_web_target_ends_at_a_border_of_its_path() {
        let permitted = target("https://test.example/portal");
        assert!(permitted.encloses(&target("https://test.example/portal/login")));
        assert!(!permitted.encloses(&target("https://test.example/portal2")));
        assert!(!permitted.encloses(&target("http://test.example/portal")));
        assert!(!permitted.encloses(&target("https://test.example:8443/portal")));
        assert!(!permitted.encloses(&target("test.example")));
        assert!(target("test.example").encloses(&permitted));
        assert!(target("10.0.0.0/24").encloses(&target("http://10.0.0.7/")));
        assert!(!target("10.0.0.0/24").encloses(&target("10.0.0.0/16")));
    }

    #[test]
    fn what_a_report_touched_is_held_against_the_targets() {
        let permitted = targets(&["https://test.example/app", "10.0.0.0/30"]);
        let resolved =
            Resolved::from([("test.example".into(), BTreeSet::from(["192.0.2.7".parse().unwrap()]))]);
        let all = [
            "https://test.example/app/x",
            "test.example",
            "192.0.2.7",
            "192.0.2.7:443",
            "https://192.0.2.7/app",
            "10.0.0.2",
            "10.0.0.9",
            "https://test.example/other",
            "other.example",
            "192.0.2.8",
            "https://test.example/app/x/../y",
            "https://test.example/app/../etc",
            "https://日本.example/app",
        ];
        let all: BTreeSet<String> = all.map(str::to_owned).into();
        let outside = strayed(&all, &permitted, &resolved, true);
        let expected = [
            "10.0.0.9",
            "192.0.2.8",
            "https://test.example/app/../etc",
            "https://test.example/other",
            "https://日本.example/app",
            "other.example",
        ];
        assert_eq!(outside.into_iter().collect::<Vec<_>>(), expected);
        let folder = BTreeSet::from(["src/main".to_owned(), "app".to_owned()]);
        assert!(strayed(&folder, &BTreeSet::new(), &resolved, false).is_empty());
        let hidden = BTreeSet::from(["https://live.example/".to_owned()]);
        assert_eq!(
            strayed(&hidden, &BTreeSet::new(), &resolved, false).len(),
            1,
            "a source run reached a host"
        );
    }

    #[test]
    fn a_target_is_covered_by_what_a_report_names_of_it() {
        let all = targets(&["https://test.example:8443/app", "10.0.0.0/24", "other.example"]);
        let resolved =
            Resolved::from([("other.example".into(), BTreeSet::from(["192.0.2.7".parse().unwrap()]))]);
        for (named, host_is_enough, expected) in [
            ("https://test.example:8443/app/login", false, &["https://test.example:8443/app"][..]),
            ("https://test.example:8443", false, &["https://test.example:8443/app"]),
            ("https://test.example/app", true, &[]),
            ("test.example:8443", false, &["https://test.example:8443/app"]),
            ("test.example:443", true, &[]),
            ("test.example", true, &["https://test.example:8443/app"]),
            ("test.example", false, &[]),
            ("10.0.0.9", false, &["10.0.0.0/24"]),
            ("10.0.0.0/16", false, &["10.0.0.0/24"]),
            ("10.0.1.9", false, &[]),
            ("192.0.2.7", false, &["other.example"]),
            ("src/main", true, &[]),
        ] {
            let named = BTreeSet::from([named.to_owned()]);
            assert_eq!(covered(&named, &all, &resolved, host_is_enough), targets(expected), "{named:?}");
        }
    }

    #[test]
    fn what_is_protected_is_found_by_address_name_and_overlap() {
        let monitor = Protected {
            kind: ProtectedKind::MedicalDevice,
            name: "monitor".into(),
            ranges: vec!["10.9.0.4".parse().unwrap()],
            hosts: BTreeSet::from(["monitor-3".into()]),
        };
        let resolved =
            Resolved::from([("alias.example".into(), BTreeSet::from(["10.9.0.4".parse().unwrap()]))]);
        for reached in [
            "10.9.0.0/16",
            "10.9.0.4",
            "http://10.9.0.4/",
            "monitor-3",
            "monitor-3.ward.local",
            "alias.example",
        ] {
            assert!(monitor.is_reached_by(&target(reached), &resolved), "{reached}");
        }
        let by_domain =
            Protected { hosts: BTreeSet::from(["monitor-3.ward.local".into()]), ..monitor.clone() };
        assert!(by_domain.is_reached_by(&target("monitor-3"), &resolved));
        assert!(!by_domain.is_reached_by(&target("monitor-3.office.local"), &Resolved::new()));
        for written in ["::ffff:10.9.0.4", "http://[::ffff:10.9.0.4]/", "::ffff:10.9.0.0/112"] {
            assert!(monitor.is_reached_by(&target(written), &resolved), "{written} is the same address");
        }
        assert!("::/0".parse::<Target>().is_err(), "it holds addresses of both kinds");
        for free in ["10.9.0.5", "10.8.0.0/16", "monitor-4", "http://10.9.0.40/"] {
            assert!(!monitor.is_reached_by(&target(free), &resolved), "{free}");
        }
    }
}
