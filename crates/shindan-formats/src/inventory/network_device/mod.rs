//! What network devices print about themselves: `show version`, `get system status`, `show system info` and the like,
//! saved as text. Several devices may stand in one file, with or without the prompts between them.
//!
//! There is no specification; each maker's reader names the command it reads. A line decides which maker's text
//! begins ([`Maker::begins`]); the lines behind it fill in what the device says, until the next one begins. A text that
//! begins and tells no version is an error, never silence.

mod cisco;
mod makers;
mod prompt;

use std::collections::VecDeque;

use shindan_domain::diagnostic::Code;
use shindan_domain::inventory::{Asset, AssetKind, Component, Inventory, InventoryKind};

use super::collector::Collector;
use crate::text::shorten;

/// Whose text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Maker {
    /// IOS and IOS XE, `show version`.
    CiscoIos,
    /// ASA, `show version`.
    CiscoAsa,
    /// NX-OS, `show version`.
    CiscoNexus,
    /// FortiGate, FortiSwitch and others, `get system status`.
    Fortinet,
    /// PAN-OS, `show system info`.
    PaloAlto,
    /// Junos, `show version`.
    Juniper,
    /// RTX, NVR, FWX, SWX, WLX: `show environment`, head of `show config`.
    Yamaha,
    /// UNIVERGE IX, `show version`.
    Nec,
    /// AlliedWare Plus, `show system`, `show version`.
    AlliedTelesis,
    /// SonicOS, `show version`, `show device`.
    SonicWall,
    /// NetScaler ADC and Gateway, `show ns version`, `show ns hardware`.
    NetScaler,
    /// BIG-IP, `tmsh show sys version`, `show sys hardware`.
    F5,
    /// Connect Secure (formerly Pulse), the line its console and its system page show.
    Ivanti,
}

/// What is read of one device.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Device {
    maker: Maker,
    /// Line on which its text begins, from 1.
    line: u64,
    host: Option<String>,
    model: Option<String>,
    /// The version as advisories write it.
    version: Option<String>,
    /// The version as the device prints it, with build and date.
    printed: Option<String>,
    serial: Option<String>,
    /// CPE name of the software that runs, where the text leaves no doubt.
    cpe: Option<&'static str>,
}

impl Device {
    fn new(maker: Maker, line: u64, host: Option<String>) -> Self {
        Device { maker, line, host, model: None, version: None, printed: None, serial: None, cpe: None }
    }

    /// Keeps the first version that is told; later lines repeat it for parts of the system.
    fn set_version(&mut self, version: &str, printed: &str) {
        let version = version.trim().trim_end_matches([',', ';']);
        if self.version.is_none() && version.contains(|c: char| c.is_ascii_digit()) {
            self.version = Some(shorten(version, 100));
            self.printed = Some(shorten(printed.trim(), 100));
        }
    }
}

/// Keeps the first value that is told.
fn keep(field: &mut Option<String>, value: &str) {
    let value = value.trim();
    if field.is_none() && !value.is_empty() && !value.eq_ignore_ascii_case("unknown") {
        *field = Some(shorten(value, 100));
    }
}

/// The value behind `label`, if the line begins with it; blanks around the label and `:` do not count.
fn labelled<'a>(line: &'a str, label: &str) -> Option<&'a str> {
    let rest = line.trim_start().strip_prefix(label)?;
    Some(rest.trim_start().strip_prefix(':')?.trim())
}

impl Maker {
    const ALL: [Maker; 13] = [
        Maker::CiscoIos,
        Maker::CiscoAsa,
        Maker::CiscoNexus,
        Maker::Fortinet,
        Maker::PaloAlto,
        Maker::Juniper,
        Maker::Yamaha,
        Maker::Nec,
        Maker::AlliedTelesis,
        Maker::SonicWall,
        Maker::NetScaler,
        Maker::F5,
        Maker::Ivanti,
    ];

    /// As the device dictionary spells it.
    fn name(self) -> &'static str {
        match self {
            Maker::CiscoIos | Maker::CiscoAsa | Maker::CiscoNexus => "Cisco",
            Maker::Fortinet => "Fortinet",
            Maker::PaloAlto => "Palo Alto Networks",
            Maker::Juniper => "Juniper Networks",
            Maker::Yamaha => "Yamaha",
            Maker::Nec => "NEC",
            Maker::AlliedTelesis => "Allied Telesis",
            Maker::SonicWall => "SonicWall",
            Maker::NetScaler => "Citrix",
            Maker::F5 => "F5",
            Maker::Ivanti => "Ivanti",
        }
    }

    /// Devices whose business is to let somebody in from outside. Which of them serves remote maintenance only the
    /// ledger knows; the more critical kind is assumed.
    fn kind(self) -> AssetKind {
        match self {
            Maker::CiscoAsa
            | Maker::Fortinet
            | Maker::PaloAlto
            | Maker::SonicWall
            | Maker::NetScaler
            | Maker::Ivanti => AssetKind::RemoteMaintenance,
            _ => AssetKind::NetworkDevice,
        }
    }

    /// True if the line is one with which this maker's text begins. `next` is the line behind it.
    fn begins(self, line: &str, next: &str) -> bool {
        match self {
            Maker::CiscoIos => cisco::begins_ios(line),
            Maker::CiscoAsa => line.starts_with(cisco::ASA),
            Maker::CiscoNexus => line.starts_with(cisco::NEXUS),
            other => makers::begins(other, line, next),
        }
    }

    /// Takes what the line says.
    fn take(self, device: &mut Device, line: &str) {
        match self {
            Maker::CiscoIos => cisco::take_ios(device, line),
            Maker::CiscoAsa => cisco::take_asa(device, line),
            Maker::CiscoNexus => cisco::take_nexus(device, line),
            other => makers::take(other, device, line),
        }
    }

    /// True if a line with which a text begins, met inside the text of `device`, begins the text of another device.
    /// Most makers print such a line once; some print two of them at the head.
    fn starts_over(self, device: &Device, line: &str) -> bool {
        match self {
            // IOS XE says "Cisco IOS XE Software" and "Cisco IOS Software" one below the other.
            Maker::CiscoIos => device.host.is_some() && device.model.is_some(),
            // Boot ROM and firmware, in either order.
            Maker::Yamaha => device.version.is_some() && (device.serial.is_some() || line.contains(" Rev.")),
            Maker::PaloAlto | Maker::SonicWall => device.version.is_some(),
            // The version of older releases stands on a line that also begins a text cut off above it.
            Maker::Juniper => device.version.is_some() || line.starts_with("Hostname:"),
            _ => true,
        }
    }
}

/// True if the text looks like what a network device prints.
pub(super) fn recognise(text: &str) -> bool {
    let mut lines =
        text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()).take(400).peekable();
    while let Some(line) = lines.next() {
        let next = lines.peek().copied().unwrap_or_default();
        if Maker::ALL.iter().any(|maker| maker.begins(line, next))
            || prompt::of(line).is_some_and(|prompt| prompt.asks_version)
        {
            return true;
        }
    }
    false
}

/// Reads every device of the text.
pub(super) fn read(text: &str, mut found: Collector<'_>) -> Inventory {
    let mut reader = Reader::default();
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).peekable();
    while let Some((number, line)) = lines.next() {
        let next = lines.peek().map_or("", |(_, next)| *next);
        reader.line(number, line.trim_end(), next, &mut found);
    }
    reader.finish_device(&mut found);
    reader.finish_question(&mut found);
    Inventory {
        path: found.path().to_owned(),
        kind: InventoryKind::NetworkDevice,
        subject: None,
        about: None,
        components: reader.components.into(),
        assets: reader.assets,
        opinions: Vec::new(),
        diagnostics: found.finish(),
    }
}

#[derive(Default)]
struct Reader {
    current: Option<Device>,
    host: Option<String>,
    /// Line of a prompt that asked for the version and has had no answer yet.
    question: Option<u64>,
    /// The last lines that belong to no device.
    before: VecDeque<String>,
    components: Vec<Component>,
    assets: Vec<Asset>,
}

impl Reader {
    fn line(&mut self, number: u64, line: &str, next: &str, found: &mut Collector<'_>) {
        if let Some(prompt) = prompt::of(line) {
            let other = self.host.as_deref().is_some_and(|host| host != prompt.host);
            if prompt.asks_version || other {
                // Further commands on the same device (`show ns hardware`) complete what is known of it.
                let answered = self.current.as_ref().is_some_and(|device| device.version.is_some());
                if other || (answered && prompt.asks_version) || self.current.is_none() {
                    self.finish_device(found);
                }
            }
            self.host = Some(prompt.host.to_owned());
            self.before.clear();
            if prompt.asks_version {
                self.finish_question(found);
                self.question = Some(number);
            }
            return;
        }
        // `show config` of some makers puts its head into comments.
        let line = line.strip_prefix("# ").or_else(|| line.strip_prefix("! ")).unwrap_or(line);
        let begun = Maker::ALL.into_iter().find(|maker| maker.begins(line, next));
        if let Some(maker) = begun {
            let continues = self
                .current
                .as_ref()
                .is_some_and(|device| device.maker == maker && !maker.starts_over(device, line));
            if !continues {
                self.finish_device(found);
                let mut device = Device::new(maker, number, self.host.clone());
                // SonicOS 7 prints the model above the firmware, on lines that others print as well.
                for line in self.before.drain(..).filter(|_| maker == Maker::SonicWall) {
                    maker.take(&mut device, &line);
                }
                self.current = Some(device);
                self.question = None;
            }
        }
        match &mut self.current {
            Some(device) => device.maker.take(device, line),
            None => {
                self.before.truncate(5);
                self.before.push_front(shorten(line, 200));
            }
        }
    }

    fn finish_question(&mut self, found: &mut Collector<'_>) {
        if let Some(line) = self.question.take() {
            found.push(found.at_line(Code::FieldMissing, line).with("field", "version"));
        }
    }

    fn finish_device(&mut self, found: &mut Collector<'_>) {
        let Some(device) = self.current.take() else { return };
        if device.version.is_none() {
            found.push(found.at_line(Code::FieldMissing, device.line).with("field", "version"));
        }
        if device.model.is_none() {
            let missing = found.at_line(Code::DeviceFieldMissing, device.line);
            found.push(missing.with("row", device.line).with("field", "model"));
        }
        let maker = device.maker.name();
        let name = match &device.model {
            Some(model) => format!("{maker} {model}"),
            None => maker.to_owned(),
        };
        let index = u32::try_from(self.assets.len()).ok();
        self.components.push(Component {
            name,
            version: device.version.clone(),
            cpe: device.cpe.map(str::to_owned),
            maker: Some(maker.to_owned()),
            model: device.model.clone(),
            firmware: device.version,
            asset: index,
            pointer: format!("line {}", device.line),
            ..Component::default()
        });
        self.assets.push(Asset {
            kind: Some(device.maker.kind()),
            maker: Some(maker.to_owned()),
            model: device.model,
            serial: device.serial,
            firmware: device.printed,
            name: device.host,
            ..Asset::default()
        });
    }
}
