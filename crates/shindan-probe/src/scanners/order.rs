//! What a scanner is ordered to do, and the arguments that follow from it.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::find::Found;
use super::pack::{ADDRESSES, Scanner, TargetKind};
use super::run::RunError;
use crate::clock::Clock;
use crate::connection::resolve;
use crate::permit::Permit;
use crate::target::{Target, host_of};

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScanTarget {
    /// A name or an address.
    Host(String),
    /// Several addresses at once, for scanners that take them ([`Scanner::takes_several`]).
    Addresses(BTreeSet<IpAddr>),
    /// A web address.
    Url(Target),
    /// A folder with source code.
    Folder(PathBuf),
    /// The computer that this program runs on.
    ThisComputer,
}

/// One run of a scanner.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// Which scanner.
    pub scanner: &'a Scanner,
    /// Where it is installed.
    pub program: &'a Found,
    /// What it looks at.
    pub target: ScanTarget,
    /// Ports, if not those that it takes by itself.
    pub ports: Vec<u16>,
    /// A folder or file of rules, for scanners that need one.
    pub rules: Option<PathBuf>,
    /// How long it may take; at least a second.
    pub time: Duration,
    /// Largest report, and most that it may print, in bytes.
    pub most_bytes: u64,
}

/// What stands in for the places of an argument.
struct Places {
    target: OsString,
    host: String,
    port: String,
    address: String,
    /// Every address that it is handed: that one, or all of several.
    addresses: Vec<IpAddr>,
}

impl Places {
    /// Those of what is on no network.
    fn local(target: OsString) -> Self {
        let nothing = String::new;
        Places { target, host: nothing(), port: nothing(), address: nothing(), addresses: Vec::new() }
    }
}

/// The target as arguments, after it was checked: every address that it leads to must be permitted, since the scanner may take
/// any of them.
fn places(order: &Order<'_>, permit: &Permit, clock: Clock, cancel: &AtomicBool) -> Result<Places, RunError> {
    let checked = |host: &str| -> Result<IpAddr, RunError> {
        let addresses = resolve(host, clock, cancel)
            .map_err(|trouble| RunError::NotResolved { host: host.to_owned(), reason: trouble.reason() })?;
        if let Some(address) = addresses.iter().find(|address| !permit.permits_address(**address)) {
            return Err(RunError::NotPermitted { target: host.to_owned(), address: Some(*address) });
        }
        addresses
            .first()
            .copied()
            .ok_or(RunError::NotResolved { host: host.to_owned(), reason: "no address" })
    };
    let first_port = || order.ports.first().map(u16::to_string).unwrap_or_default();
    match (&order.target, order.scanner.target) {
        (ScanTarget::Host(given), TargetKind::Host) => {
            let bare: Option<String> = given.parse::<IpAddr>().ok().map(|address| address.to_string());
            let host = bare.or_else(|| host_of(given)).ok_or_else(|| RunError::NotAHost(given.clone()))?;
            let address = checked(&host)?;
            let target = host.clone().into();
            let (port, addresses) = (first_port(), vec![address]);
            Ok(Places { target, host, port, address: address.to_string(), addresses })
        }
        (ScanTarget::Addresses(addresses), TargetKind::Host) if order.scanner.takes_several() => {
            let host = addresses.first().ok_or_else(|| RunError::NotAHost(String::new()))?.to_string();
            if let Some(address) = addresses.iter().find(|address| !permit.permits_address(**address)) {
                return Err(RunError::NotPermitted { target: host, address: Some(*address) });
            }
            let target = host.clone().into();
            let addresses = addresses.iter().copied().collect();
            Ok(Places { target, address: host.clone(), host, port: first_port(), addresses })
        }
        (ScanTarget::Url(target), TargetKind::Url | TargetKind::HttpsUrl) => {
            if order.scanner.target == TargetKind::HttpsUrl && target.scheme != crate::target::Scheme::Https {
                return Err(RunError::OtherTarget(order.scanner.name.clone()));
            }
            if !permit.permits_url(target, target) {
                return Err(RunError::NotPermitted { target: target.to_string(), address: None });
            }
            let address = checked(&target.host)?;
            let (port, addresses) = (target.port.to_string(), vec![address]);
            let host = target.host.clone();
            Ok(Places {
                target: target.to_string().into(),
                host,
                port,
                address: address.to_string(),
                addresses,
            })
        }
        (ScanTarget::Folder(folder), TargetKind::Folder) => {
            Ok(Places::local(whole_path(folder)?.into_os_string()))
        }
        (ScanTarget::ThisComputer, TargetKind::ThisComputer) => Ok(Places::local(OsString::new())),
        _ => Err(RunError::OtherTarget(order.scanner.name.clone())),
    }
}

/// A path from the root: it cannot be taken for an option.
fn whole_path(path: &Path) -> Result<PathBuf, RunError> {
    let unreadable = |reason: String| RunError::NotAFolder { path: path.to_owned(), reason };
    let whole = path.canonicalize().map_err(|error| unreadable(error.to_string()))?;
    if whole.to_string_lossy().chars().any(char::is_control) {
        return Err(unreadable("its name holds control characters".to_owned()));
    }
    Ok(whole)
}

/// The arguments of a run whose report goes to `folder`.
pub(super) fn arguments(
    order: &Order<'_>,
    permit: &Permit,
    folder: &Path,
    clock: Clock,
    cancel: &AtomicBool,
) -> Result<Vec<OsString>, RunError> {
    let scanner = order.scanner;
    let places = places(order, permit, clock, cancel)?;
    let mut templates: Vec<&String> = Vec::new();
    if !order.ports.is_empty() {
        if scanner.ports.is_empty() {
            return Err(RunError::PortsNotTaken(scanner.name.clone()));
        }
        templates.extend(&scanner.ports);
    }
    if places.addresses.iter().any(IpAddr::is_ipv6) {
        templates.extend(&scanner.ipv6);
    }
    for since in &scanner.since {
        if order.program.version.as_deref().is_some_and(|version| reaches(version, &since.version)) {
            templates.extend(&since.arguments);
        }
    }
    // Further options stand before those that end with the target; a subcommand stays the first word.
    let at = scanner.safe.iter().take_while(|argument| !argument.starts_with('-')).count();
    let (head, tail) = scanner.safe.split_at(at.min(scanner.safe.len()));
    let all = head.iter().chain(templates).chain(tail);
    let rules = match &order.rules {
        Some(rules) => Some(whole_path(rules)?),
        None => None,
    };
    if rules.is_none() && scanner.safe.iter().any(|argument| argument.contains("{rules}")) {
        return Err(RunError::RulesMissing(scanner.name.clone()));
    }
    let ports: Vec<String> = order.ports.iter().map(u16::to_string).collect();
    let output = folder.join(scanner.output.as_deref().unwrap_or("report"));
    let mut below = places.target.clone();
    if !below.to_string_lossy().ends_with('/') {
        below.push("/");
    }
    let values: [(&str, OsString); 10] = [
        // For scanners to which everything that begins with the target belongs to it.
        ("{target/}", below),
        ("{target}", places.target),
        ("{host}", places.host.into()),
        ("{port}", places.port.into()),
        ("{address}", places.address.into()),
        ("{output}", output.into()),
        ("{folder}", folder.as_os_str().to_owned()),
        ("{seconds}", order.time.as_secs().max(1).to_string().into()),
        ("{ports}", ports.join(",").into()),
        ("{rules}", rules.unwrap_or_default().into_os_string()),
    ];
    let addresses: Vec<OsString> = places.addresses.iter().map(|one| one.to_string().into()).collect();
    let argument = |template: &String| match template.as_str() {
        ADDRESSES => addresses.clone(),
        template => vec![filled(template, &values)],
    };
    Ok(all.flat_map(argument).collect())
}

/// A template with its places filled. What was filled in is not looked at again.
fn filled(template: &str, values: &[(&str, OsString)]) -> OsString {
    let mut argument = OsString::new();
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        argument.push(before);
        match values.iter().find(|(name, _)| from.starts_with(name)) {
            Some((name, value)) => {
                argument.push(value);
                rest = from.get(name.len()..).unwrap_or_default();
            }
            None => {
                argument.push("{");
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    argument.push(rest);
    argument
}

/// True if a version is this one or a later one, by its numbers. A version that is not understood is taken as an old one.
fn reaches(version: &str, least: &str) -> bool {
    let numbers = |text: &str| -> Vec<u64> {
        text.split('.')
            .map_while(|part| {
                let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
                digits.parse().ok()
            })
            .collect()
    };
    let found = numbers(version);
    !found.is_empty() && found >= numbers(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        for (version, least, reached) in [
            ("3.2", "3.2", true),
            ("3.10.1", "3.2", true),
            ("3.0.4", "3.1", false),
            ("2.9", "3.1", false),
            ("x", "1", false),
        ] {
            assert_eq!(reaches(version, least), reached, "{version} {least}");
        }
    }

    #[test]
    fn what_was_filled_in_is_not_filled_again() {
        let values = [("{target}", OsString::from("{output}")), ("{output}", OsString::from("o"))];
        assert_eq!(filled("dir:{target} {x} {output}{", &values), OsString::from("dir:{output} {x} o{"));
    }
}
