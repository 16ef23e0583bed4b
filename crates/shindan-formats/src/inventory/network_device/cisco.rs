//! Cisco's `show version`: IOS, IOS XE, ASA, NX-OS.

use super::{Device, keep, labelled};

pub(super) const ASA: &str = "Cisco Adaptive Security Appliance Software Version";
pub(super) const NEXUS: &str = "Cisco Nexus Operating System (NX-OS) Software";

const CPE_IOS: &str = "cpe:2.3:o:cisco:ios:*:*:*:*:*:*:*:*";
const CPE_IOS_XE: &str = "cpe:2.3:o:cisco:ios_xe:*:*:*:*:*:*:*:*";
const CPE_ASA: &str = "cpe:2.3:o:cisco:adaptive_security_appliance_software:*:*:*:*:*:*:*:*";
const CPE_NEXUS: &str = "cpe:2.3:o:cisco:nx-os:*:*:*:*:*:*:*:*";

pub(super) fn begins_ios(line: &str) -> bool {
    let line = line.trim_start();
    [
        "Cisco IOS XE Software",
        "Cisco IOS-XE Software",
        "Cisco IOS Software",
        "IOS (tm) ",
        "Cisco Internetwork Operating System Software",
    ]
    .iter()
    .any(|start| line.starts_with(start))
}

/// `… Version 15.2(4)E10, RELEASE SOFTWARE (fc2)`
fn after_version(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("Version ")?;
    rest.split([',', ' ']).next().filter(|version| version.starts_with(|c: char| c.is_ascii_digit()))
}

pub(super) fn take_ios(device: &mut Device, line: &str) {
    let text = line.trim();
    if begins_ios(text) || text.starts_with("IOS (tm)") {
        take_ios_version(device, text);
    }
    if let Some((host, _)) = text.split_once(" uptime is ")
        && !host.contains(' ')
    {
        keep(&mut device.host, host);
    }
    // "Model Number : C9300-48P" of stacks and "cisco C9300-48P (X86) processor …" name the same piece.
    if let Some(model) = labelled(text, "Model Number").or_else(|| labelled(text, "Model number")) {
        keep(&mut device.model, model);
    }
    let front = text.get(..6).unwrap_or_default();
    if front.eq_ignore_ascii_case("cisco ")
        && (text.contains(") processor") || (text.contains("(revision ") && text.contains("bytes of memory")))
    {
        keep(&mut device.model, text.split_whitespace().nth(1).unwrap_or_default());
    }
    if let Some(serial) =
        labelled(text, "System Serial Number").or_else(|| labelled(text, "System serial number"))
    {
        keep(&mut device.serial, serial);
    }
    if let Some(serial) = text.strip_prefix("Processor board ID ") {
        keep(&mut device.serial, serial.split([',', ' ']).next().unwrap_or_default());
    }
}

/// IOS XE prints `17.09.04a` on a line of its own and `17.9.4a`, as advisories write it, on the next one. Before
/// release 16 the second line told the version of the IOS inside, which is another thing.
fn take_ios_version(device: &mut Device, line: &str) {
    let Some(version) = after_version(line) else { return };
    if line.starts_with("Cisco IOS XE Software") || line.contains("IOS-XE Software") {
        device.cpe = Some(CPE_IOS_XE);
        device.set_version(&without_zeros(version), version);
        return;
    }
    device.cpe = device.cpe.or(Some(CPE_IOS));
    device.set_version(version, version);
}

/// `17.09.04a` and `03.06.05.E` as advisories write them: `17.9.4a`, `3.6.5E`.
fn without_zeros(version: &str) -> String {
    let mut out = String::with_capacity(version.len());
    for part in version.split('.') {
        let short = part.trim_start_matches('0');
        let train = !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphabetic());
        if !out.is_empty() && !train {
            out.push('.');
        }
        if short.len() < part.len() && !short.starts_with(|c: char| c.is_ascii_digit()) {
            out.push('0');
        }
        out.push_str(short);
    }
    out
}

pub(super) fn take_asa(device: &mut Device, line: &str) {
    let text = line.trim();
    if let Some(version) = text.strip_prefix(ASA) {
        device.cpe = Some(CPE_ASA);
        let version = version.split_whitespace().next().unwrap_or_default();
        device.set_version(version, version);
    }
    if let Some(hardware) = labelled(text, "Hardware") {
        keep(&mut device.model, hardware.split(',').next().unwrap_or_default());
    }
    if let Some(serial) = labelled(text, "Serial Number") {
        keep(&mut device.serial, serial);
    }
    // "asa1 up 1 year 97 days"
    if let Some((host, time)) = text.split_once(" up ")
        && !host.contains(' ')
        && time.starts_with(|c: char| c.is_ascii_digit())
    {
        keep(&mut device.host, host);
    }
}

pub(super) fn take_nexus(device: &mut Device, line: &str) {
    let text = line.trim();
    device.cpe = Some(CPE_NEXUS);
    // "system:" on older ones, where BIOS, loader and kickstart have versions of their own.
    let stated = labelled(text, "NXOS").or_else(|| labelled(text, "system"));
    if let Some(version) = stated.and_then(|value| value.strip_prefix("version ")) {
        let version = version.split_whitespace().next().unwrap_or_default();
        device.set_version(version, version);
    }
    if let Some((_, rest)) = text.split_once("isco ")
        && let Some((model, _)) = rest.split_once(" Chassis")
    {
        keep(&mut device.model, model.trim_matches('"'));
    }
    if let Some(host) = labelled(text, "Device name") {
        keep(&mut device.host, host);
    }
    if let Some(serial) = text.strip_prefix("Processor Board ID ") {
        keep(&mut device.serial, serial);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_of_ios_xe() {
        for (printed, expected) in [
            ("17.09.04a", "17.9.4a"),
            ("16.12.04", "16.12.4"),
            ("03.06.05.E", "3.6.5E"),
            ("17.00.01", "17.0.1"),
            ("3.16.5S", "3.16.5S"),
            ("17", "17"),
        ] {
            assert_eq!(without_zeros(printed), expected);
        }
    }
}
