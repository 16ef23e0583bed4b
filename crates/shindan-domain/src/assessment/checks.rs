//! What is looked at in an assessment, by the kind of application (SPEC.md section 4, ③-1: "checks specific to that kind").
//! The checks are a data pack that people can read, copy and change: `catalog/assessment/checks.toml`.

use std::collections::BTreeSet;

use crate::localised::Localised;
use crate::terms;

terms! {
    /// 種類: what is assessed. It decides which checks are due.
    pub enum ApplicationKind ("application-kind") {
        /// An application that is used with a browser.
        Web = "web",
        /// An interface that other programs call.
        Api = "api",
        /// A program that is installed on terminals.
        Desktop = "desktop",
        /// An app of telephones and tablets.
        Mobile = "mobile",
        /// A server with its operating system and services.
        Server = "server",
        /// A router, switch, firewall, VPN or remote-maintenance device.
        NetworkDevice = "network-device",
        /// A device of the Internet of Things.
        IotDevice = "iot-device",
        /// A medical device. It is never actively scanned: source, settings and documents are looked at.
        MedicalDevice = "medical-device",
        /// A container image and what runs it.
        Container = "container",
    }
}

terms! {
    /// How a check is carried out (SPEC.md section 4, ③-3).
    pub enum Way ("assessment-way") {
        /// In the source code or the list of components.
        Source = "source",
        /// From outside, on the running application.
        Outside = "outside",
        /// By looking at settings and documents.
        Configuration = "configuration",
    }
}

impl ApplicationKind {
    /// True if a check may be carried out like this: medical devices are never actively scanned, whatever the role of who
    /// asks.
    pub fn permits(self, way: Way) -> bool {
        !(self == ApplicationKind::MedicalDevice && way == Way::Outside)
    }
}

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Unique in its pack, for good: `web-session-end`.
    pub key: String,
    /// For which kinds of application; at least one.
    pub kinds: BTreeSet<ApplicationKind>,
    /// What it is called.
    pub title: Localised,
    /// What is looked at, in our own words.
    pub text: Localised,
    /// How it can be carried out; at least one, each permitted for every kind of the check.
    pub ways: BTreeSet<Way>,
    /// Where published guides speak of it: `WSTG-SESS-06`, `ASVS 5.0 V7`. Names only, none of their text.
    pub references: Vec<String>,
}

/// A pack of checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckPack {
    /// Its name; a copy that was changed has another one.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What it is called.
    pub title: Localised,
    /// In the order of the file; keys are unique.
    pub checks: Vec<Check>,
}

impl CheckPack {
    /// The checks that are specific to a kind of application, in the order of the pack.
    pub fn of(&self, kind: ApplicationKind) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(move |check| check.kinds.contains(&kind))
    }

    /// A check by its key.
    pub fn check(&self, key: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.key == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_medical_device_is_never_looked_at_from_outside() {
        let permitted =
            |kind: ApplicationKind| Way::ALL.iter().copied().filter(|way| kind.permits(*way)).collect();
        let ways: Vec<Way> = permitted(ApplicationKind::MedicalDevice);
        assert_eq!(ways, [Way::Source, Way::Configuration]);
        for kind in ApplicationKind::ALL.iter().filter(|kind| **kind != ApplicationKind::MedicalDevice) {
            let ways: Vec<Way> = permitted(*kind);
            assert_eq!(ways, Way::ALL, "{kind}");
        }
    }
}
