//! Everybody but Cisco: how the text begins, and what its lines say.

use super::{Device, Maker, keep, labelled};

/// Families of Yamaha's routers, firewalls, switches and access points.
const YAMAHA: [&str; 9] = ["RTX", "NVR", "FWX", "SRT", "RTV", "RTA", "SWX", "WLX", "UTX"];

/// True if the text of `maker` begins with `line`; `next` is the line behind it.
pub(super) fn begins(maker: Maker, line: &str, next: &str) -> bool {
    let text = line.trim_start();
    match maker {
        Maker::Fortinet => labelled(line, "Version").is_some_and(|value| value.starts_with("Forti")),
        Maker::PaloAlto => {
            // Every line is `key: value`; the first ones are the same on all models.
            (line.starts_with("hostname:")
                && (next.starts_with("ip-address:") || next.starts_with("public-ip")))
                || (line.starts_with("sw-version:") && !next.starts_with("hostname:"))
        }
        Maker::Juniper => {
            (line.starts_with("Hostname:") && (next.starts_with("Model:") || next.starts_with("Junos:")))
                || text.starts_with("JUNOS Software Release [")
        }
        Maker::Yamaha => yamaha(text).is_some(),
        Maker::Nec => text.starts_with("NEC Portable Internetwork Core Operating System Software"),
        Maker::AlliedTelesis => {
            text.starts_with("System Status  ") || text.starts_with("AlliedWare Plus (TM)")
        }
        Maker::SonicWall => {
            text.starts_with("firmware-version \"SonicOS") || text.starts_with("Firmware Version: SonicOS")
        }
        Maker::NetScaler => text.starts_with("NetScaler NS") || text.starts_with("NetScaler: Build"),
        Maker::F5 => text == "Sys::Version",
        Maker::Ivanti => ivanti(text).is_some(),
        Maker::CiscoIos | Maker::CiscoAsa | Maker::CiscoNexus => false,
    }
}

/// Takes what a line of `maker`'s text says.
pub(super) fn take(maker: Maker, device: &mut Device, line: &str) {
    match maker {
        Maker::Fortinet => take_fortinet(device, line),
        Maker::PaloAlto => take_palo_alto(device, line),
        Maker::Juniper => take_juniper(device, line),
        Maker::Yamaha => take_yamaha(device, line),
        Maker::Nec => take_nec(device, line),
        Maker::AlliedTelesis => take_allied_telesis(device, line),
        Maker::SonicWall => take_sonicwall(device, line),
        Maker::NetScaler => take_netscaler(device, line),
        Maker::F5 => take_f5(device, line),
        Maker::Ivanti => take_ivanti(device, line),
        Maker::CiscoIos | Maker::CiscoAsa | Maker::CiscoNexus => {}
    }
}

/// `Version: FortiGate-60F v7.4.8,build2795,250523 (GA.M)`
fn take_fortinet(device: &mut Device, line: &str) {
    if let Some(value) = labelled(line, "Version") {
        let (model, version) = value.split_once(' ').unwrap_or((value, ""));
        keep(&mut device.model, model);
        let short = version.trim_start().trim_start_matches(['v', 'V']);
        device.set_version(short.split([',', ' ']).next().unwrap_or_default(), version);
        if model.starts_with("FortiGate") || model.starts_with("FortiWiFi") {
            device.cpe = Some("cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*");
        }
    }
    if let Some(serial) = labelled(line, "Serial-Number") {
        keep(&mut device.serial, serial);
    }
    if let Some(host) = labelled(line, "Hostname") {
        keep(&mut device.host, host);
    }
}

fn take_palo_alto(device: &mut Device, line: &str) {
    device.cpe = Some("cpe:2.3:o:paloaltonetworks:pan-os:*:*:*:*:*:*:*:*");
    if let Some(host) = labelled(line, "hostname") {
        keep(&mut device.host, host);
    }
    if let Some(model) = labelled(line, "model") {
        keep(&mut device.model, model);
    }
    if let Some(serial) = labelled(line, "serial") {
        keep(&mut device.serial, serial);
    }
    if let Some(version) = labelled(line, "sw-version") {
        device.set_version(version, version);
    }
}

/// `Junos: 19.4R3-S1.3`; before 15.1 `JUNOS Software Release [12.1X44-D35.5]`, then in every package's line.
fn take_juniper(device: &mut Device, line: &str) {
    if let Some(host) = labelled(line, "Hostname") {
        keep(&mut device.host, host);
    }
    if let Some(model) = labelled(line, "Model") {
        keep(&mut device.model, model);
    }
    if let Some(serial) = labelled(line, "Serial Number") {
        keep(&mut device.serial, serial);
    }
    let release =
        line.trim_start().strip_prefix("JUNOS Software Release [").and_then(|rest| rest.strip_suffix(']'));
    if let Some(version) = labelled(line, "Junos").or(release) {
        let evolved = version.ends_with("-EVO");
        device.cpe = Some(if evolved {
            "cpe:2.3:o:juniper:junos_os_evolved:*:*:*:*:*:*:*:*"
        } else {
            "cpe:2.3:o:juniper:junos:*:*:*:*:*:*:*:*"
        });
        device.set_version(version, version);
    }
}

/// Model and the rest of `RTX1210 Rev.14.01.42 (Fri Apr 16 …)` or `RTX1210 BootROM Ver. 1.04`.
fn yamaha(line: &str) -> Option<(&str, &str)> {
    let (model, rest) = line.split_once(' ')?;
    let family = YAMAHA.iter().any(|family| model.starts_with(family));
    let rest = rest.trim_start();
    let known = rest.starts_with("Rev.") || rest.starts_with("BootROM");
    (family && known && model.contains(|c: char| c.is_ascii_digit())).then_some((model, rest))
}

fn take_yamaha(device: &mut Device, line: &str) {
    let text = line.trim_start();
    if let Some((model, rest)) = yamaha(text) {
        keep(&mut device.model, model);
        if let Some(revision) = rest.strip_prefix("Rev.") {
            let revision = revision.trim_start();
            let version = revision.split([' ', '(']).next().unwrap_or_default();
            device.set_version(version, &format!("Rev.{version}"));
        }
    }
    if let Some((_, serial)) = text.split_once("serial=") {
        keep(&mut device.serial, serial.split([' ', ',']).next().unwrap_or_default());
    }
}

/// `IX Series IX2215 (magellan-sec) Software, Version 10.7.18, RELEASE SOFTWARE`
fn take_nec(device: &mut Device, line: &str) {
    let text = line.trim_start();
    if let Some((_, rest)) = text.split_once("IX Series ") {
        keep(&mut device.model, rest.split([' ', ',']).next().unwrap_or_default());
        if let Some((_, version)) = rest.split_once("Version ") {
            let version = version.split([',', ' ']).next().unwrap_or_default();
            device.set_version(version, version);
        }
    }
    if let Some(host) = text.strip_prefix("hostname ") {
        keep(&mut device.host, host);
    }
}

/// The board is a row of a table: `Base  569  Base  AT-x530L-52GTX  B-1  A000000000000001`. The name of the system stands
/// on the line below its heading.
fn take_allied_telesis(device: &mut Device, line: &str) {
    let words: Vec<&str> = line.split_whitespace().collect();
    if words.first() == Some(&"Base")
        && let Some(at) = words.iter().position(|word| word.starts_with("AT-"))
    {
        keep(&mut device.model, words.get(at).copied().unwrap_or_default());
        keep(&mut device.serial, words.get(at + 2).copied().unwrap_or_default());
    }
    if let Some(version) = labelled(line, "Software version") {
        device.set_version(version, version);
    }
    // `AlliedWare Plus (TM) 5.5.3 04/06/23 07:28:39` and, below, `Build name : x530-5.5.3-0.1.rel`.
    if let Some(build) = labelled(line, "Build name").or_else(|| labelled(line, "Current software"))
        && let Some((family, version)) = build.trim_end_matches(".rel").split_once('-')
    {
        if device.model.is_none() && family.starts_with(|c: char| c.is_ascii_alphabetic()) {
            keep(&mut device.model, family);
        }
        device.set_version(version, build);
    }
    let below_heading = device.host.as_deref() == Some("");
    if line.trim() == "System Name" {
        if device.host.is_none() {
            device.host = Some(String::new());
        }
    } else if below_heading {
        let name = if line.starts_with(' ') { line.trim() } else { "" };
        device.host = Some(name).filter(|name| !name.is_empty()).map(|name| crate::text::shorten(name, 100));
    }
}

/// `firmware-version "SonicOS Enhanced 6.5.4.4-44n"`, formerly `Firmware Version: SonicOS Enhanced 5.9.1.7-2o`.
fn take_sonicwall(device: &mut Device, line: &str) {
    let quoted = |key: &str| line.trim_start().strip_prefix(key).map(|rest| rest.trim().trim_matches('"'));
    if let Some(text) = quoted("firmware-version ").or_else(|| labelled(line, "Firmware Version")) {
        let version = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        device.set_version(version.unwrap_or_default(), text);
        device.cpe = Some("cpe:2.3:o:sonicwall:sonicos:*:*:*:*:*:*:*:*");
    }
    let model = quoted("model ").or_else(|| labelled(line, "Model Name")).or_else(|| labelled(line, "Model"));
    if let Some(model) = model {
        keep(&mut device.model, model);
    }
    if let Some(serial) = quoted("serial-number ").or_else(|| labelled(line, "Serial Number")) {
        keep(&mut device.serial, serial);
    }
    if let Some(host) = quoted("firewall-name ").or_else(|| labelled(line, "Firewall Name")) {
        keep(&mut device.host, host);
    }
}

/// `NetScaler NS13.1: Build 49.13.nc, Date: …` is 13.1-49.13. The model is what `show ns hardware` prints; without
/// it the product stands for it.
fn take_netscaler(device: &mut Device, line: &str) {
    let text = line.trim_start();
    if let Some(rest) = text.strip_prefix("NetScaler NS") {
        device.cpe = Some("cpe:2.3:a:citrix:netscaler_application_delivery_controller:*:*:*:*:*:*:*:*");
        if let Some((major, build)) = rest.split_once(": Build ") {
            let build = build.split([',', ' ']).next().unwrap_or_default();
            let build = build.trim_end_matches(|c: char| c.is_ascii_alphabetic()).trim_end_matches('.');
            let complete = !major.is_empty() && build.contains(|c: char| c.is_ascii_digit());
            let version = if complete { format!("{major}-{build}") } else { String::new() };
            device.set_version(&version, text.split(", Date").next().unwrap_or(text));
        }
    }
    if let Some(platform) = labelled(line, "Platform") {
        let model = platform.split_whitespace().next().unwrap_or_default();
        device.model =
            Some(crate::text::shorten(model.trim_start_matches("NS"), 100)).filter(|m| !m.is_empty());
    } else if device.model.is_none() {
        device.model = Some("NetScaler ADC".to_owned());
    }
    if let Some(serial) = labelled(line, "Serial no") {
        keep(&mut device.serial, serial);
    }
    if let Some(host) = labelled(line, "Hostname") {
        keep(&mut device.host, host);
    }
}

/// `Product BIG-IP`, `Version 17.1.1`, `Build 0.0.4`, below `Sys::Version`; the model is in `show sys hardware`.
fn take_f5(device: &mut Device, line: &str) {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["Version", version] => device.set_version(version, version),
        ["Build", build] => {
            if let (Some(printed), Some(version)) = (&mut device.printed, &device.version)
                && printed == version
            {
                *printed = format!("{version} Build {build}");
            }
        }
        ["Product", product] if device.model.is_none() => keep(&mut device.model, product),
        // `Name  BIG-IP i2600` below `Platform`.
        ["Name", "BIG-IP", model] if device.model.as_deref() == Some("BIG-IP") => {
            device.model = Some(format!("BIG-IP {}", crate::text::shorten(model, 60)));
        }
        ["Chassis", "Serial", serial] => keep(&mut device.serial, serial),
        ["Hostname", host] => keep(&mut device.host, host),
        _ => {}
    }
}

/// What stands behind the product's name: `22.7R2.3 (build 3431)`.
fn ivanti(line: &str) -> Option<&str> {
    ["Ivanti Connect Secure", "Pulse Connect Secure", "Pulse Secure Connect"]
        .iter()
        .find_map(|name| line.strip_prefix(name))
        .map(|rest| rest.trim_start_matches([':', ' ']))
        .filter(|rest| rest.is_empty() || rest.contains(|c: char| c.is_ascii_digit()))
}

fn take_ivanti(device: &mut Device, line: &str) {
    let text = line.trim_start();
    device.cpe = Some("cpe:2.3:a:ivanti:connect_secure:*:*:*:*:*:*:*:*");
    let stated =
        ivanti(text).or_else(|| labelled(text, "Current version")).or_else(|| labelled(text, "Version"));
    if let Some(rest) = stated {
        let version = rest.trim_start_matches("Version ").trim_start_matches(['v', 'V']);
        device.set_version(version.split([' ', '(']).next().unwrap_or_default(), rest);
    }
    if let Some(model) = labelled(text, "Model").or_else(|| labelled(text, "Hardware Model")) {
        keep(&mut device.model, model);
    }
    if let Some(serial) = labelled(text, "Serial Number").or_else(|| labelled(text, "Hardware ID")) {
        keep(&mut device.serial, serial);
    }
    if let Some(host) = labelled(text, "Hostname").or_else(|| labelled(text, "Host name")) {
        keep(&mut device.host, host);
    }
}
