//! Which format a text is, from its content.

mod windows;

use std::borrow::Cow;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use shindan_domain::diagnostic::Diagnostic;

use super::lenient::{Key, Text};
use super::{
    device_list, go_sum, network_device, requirements, rpm_list, windows_programs, windows_records,
    windows_systeminfo, windows_updates,
};
use crate::asset_ledger::TextShape;
use crate::json;
use crate::limits::Limits;
use crate::text::shorten;

/// How much of a text is looked at where its form is free.
const HEAD: usize = 64 * 1024;

/// What a text was recognised as.
#[derive(Debug)]
pub(super) enum Recognised {
    Cyclonedx,
    SpdxJson,
    Spdx3Json,
    SpdxTagValue,
    CargoLock,
    PackageLock,
    YarnClassic,
    YarnBerry,
    PnpmLock,
    Requirements,
    PoetryLock,
    PipfileLock,
    UvLock,
    GoMod,
    GoSum,
    GemfileLock,
    ComposerLock,
    PomXml,
    GradleLockfile,
    NugetLock,
    DotnetDeps,
    DeviceList(TextShape),
    DpkgStatus,
    RpmList,
    ApkInstalled,
    NetworkDevice,
    WindowsSystemInfo(windows_systeminfo::Shape),
    WindowsUpdates(windows_updates::Shape),
    WindowsPrograms(windows_programs::Shape),
    /// Known, and not read yet.
    Unsupported {
        format: &'static str,
        version: String,
    },
    /// Not known; what was seen.
    Unknown {
        hint: String,
    },
}

impl Recognised {
    /// True for formats of lines, whose length is limited. (JSON is often one long line.)
    pub(super) fn is_line_oriented(&self) -> bool {
        matches!(
            self,
            Recognised::SpdxTagValue
                | Recognised::CargoLock
                | Recognised::YarnClassic
                | Recognised::Requirements
                | Recognised::PoetryLock
                | Recognised::UvLock
                | Recognised::GoMod
                | Recognised::GoSum
                | Recognised::GemfileLock
                | Recognised::GradleLockfile
                | Recognised::DeviceList(_)
                | Recognised::DpkgStatus
                | Recognised::RpmList
                | Recognised::ApkInstalled
                | Recognised::NetworkDevice
                | Recognised::WindowsSystemInfo(_)
                | Recognised::WindowsUpdates(_)
                | Recognised::WindowsPrograms(_)
        )
    }

    fn unsupported(format: &'static str) -> Self {
        Recognised::Unsupported { format, version: String::new() }
    }
}

/// Formats that are no text, by their first bytes.
pub(super) fn binary(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [b'P', b'K', 3 | 5 | 7, 4 | 6 | 8, ..] => Some("zip"),
        [0x1F, 0x8B, ..] => Some("gzip"),
        [b'%', b'P', b'D', b'F', ..] => Some("PDF"),
        [b'S', b'Q', b'L', b'i', b't', b'e', ..] => Some("SQLite"),
        _ => None,
    }
}

/// True if the bytes are no text in any encoding that is read: a zero byte stands in UTF-16 only.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let utf16 = matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
    !utf16 && memchr::memchr(0, bytes.get(..HEAD).unwrap_or(bytes)).is_some()
}

/// CP932 is tried for what Windows programs write: anything but JSON, XML and lock files.
pub(super) fn may_be_cp932(bytes: &[u8]) -> bool {
    !matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[' | b'<'))
}

/// Recognises a decoded text.
///
/// # Errors
/// `json-invalid` and the like, if the text starts as JSON and stops being so before its format shows.
pub(super) fn text(text: &str, path: &str, limits: &Limits) -> Result<Recognised, Box<Diagnostic>> {
    match text.trim_start().as_bytes().first() {
        Some(b'{') => json_object(text, path, limits),
        Some(b'[') if json_like(text) => json_array(text, path, limits),
        Some(b'<') => Ok(xml(text)),
        _ => Ok(lines(text, path)),
    }
}

/// A text that starts with `[` is JSON unless it is a table header of TOML, or the prompt of an F5
/// (`[admin@lb1:Active:Standalone] ~ # tmsh …`).
fn json_like(text: &str) -> bool {
    let line = text.trim_start().lines().next().unwrap_or_default().trim_end();
    if line.split(']').next().is_some_and(|state| state.contains('@') && !state.contains('"')) {
        return false;
    }
    !(line.ends_with(']')
        && line.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'[' | b']' | b'.' | b'-' | b'_')))
}

/// What PowerShell makes of several objects. A text that stops being JSON behind the first of them is still one.
fn json_array(text: &str, path: &str, limits: &Limits) -> Result<Recognised, Box<Diagnostic>> {
    let (names, outcome) = windows_records::json_names(text, path, limits);
    if let Some(windows) = windows::json(&names) {
        return Ok(windows);
    }
    outcome.map_err(|diagnostic| json::too_deep_at(text, path, limits).unwrap_or(diagnostic))?;
    Ok(Recognised::Unknown { hint: "JSON [ … ]".to_owned() })
}

fn head(text: &str) -> &str {
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

// ---- JSON ------------------------------------------------------------------------------------------------

/// What the keys of the outermost object tell.
#[derive(Default)]
struct Keys {
    /// Decided: reading stops.
    decided: Option<Recognised>,
    spec_version: bool,
    components: bool,
    packages: bool,
    content_hash: bool,
    pipenv: bool,
    /// GitHub wraps it around an SPDX document.
    sbom: bool,
    runtime_target: bool,
    libraries: bool,
    groups: bool,
    version: bool,
    name: bool,
    dependencies: bool,
    /// The first keys, for the hint.
    seen: Vec<String>,
    /// More of them: objects that PowerShell writes are told by what they are made of.
    names: Vec<String>,
}

impl Keys {
    /// Takes note of a key whose value is a scalar, or of any other key without its value.
    fn note(&mut self, key: &str, value: Option<&str>) {
        self.decided = match (key, value) {
            ("bomFormat", _) => Some(Recognised::Cyclonedx),
            ("lockfileVersion", _) => Some(Recognised::PackageLock),
            ("spdxVersion", _) => Some(Recognised::SpdxJson),
            ("@context", Some(context)) if context.contains("spdx") => Some(Recognised::Spdx3Json),
            ("$schema", Some(schema)) if schema.contains("cyclonedx") => Some(Recognised::Cyclonedx),
            ("targets", _) if self.runtime_target => Some(Recognised::DotnetDeps),
            ("packages", _) if self.content_hash => Some(Recognised::ComposerLock),
            _ => None,
        };
        match key {
            "specVersion" => self.spec_version = true,
            "components" => self.components = true,
            "packages" => self.packages = true,
            "content-hash" | "packages-dev" => self.content_hash = true,
            "default" | "develop" => self.groups = true,
            "_meta" => self.pipenv = true,
            "sbom" => self.sbom = value.is_none(),
            "runtimeTarget" => self.runtime_target = true,
            "libraries" => self.libraries = true,
            "version" => self.version = true,
            "name" => self.name = true,
            "dependencies" | "devDependencies" => self.dependencies = true,
            _ => {}
        }
        if self.spec_version && self.components {
            self.decided = Some(Recognised::Cyclonedx);
        }
        // Some keys are looked at before their value and once more with it.
        let key = shorten(key, 40);
        if self.names.len() < 400 && self.names.last() != Some(&key) {
            self.names.push(key.clone());
        }
        if self.seen.len() < 8 && self.seen.last() != Some(&key) {
            self.seen.push(key);
        }
    }

    fn conclude(self, text: &str) -> Recognised {
        if let Some(decided) = self.decided {
            return decided;
        }
        if self.sbom {
            return Recognised::SpdxJson;
        }
        if self.packages && self.content_hash {
            return Recognised::ComposerLock;
        }
        if self.pipenv && self.groups {
            return Recognised::PipfileLock;
        }
        if self.runtime_target && self.libraries {
            return Recognised::DotnetDeps;
        }
        if self.version && self.dependencies && !self.name && lists_frameworks(text) {
            return Recognised::NugetLock;
        }
        if self.name && self.dependencies {
            return Recognised::unsupported("package.json");
        }
        if let Some(windows) = windows::json(&self.names) {
            return windows;
        }
        Recognised::Unknown { hint: format!("JSON {{ {} }}", self.seen.join(", ")) }
    }
}

fn json_object(text: &str, path: &str, limits: &Limits) -> Result<Recognised, Box<Diagnostic>> {
    let mut keys = Keys::default();
    let outcome = json::parse_into(KeysSeed(&mut keys), text, path, limits);
    match outcome {
        // Reading stops as soon as the format shows, which the parser takes for an error.
        Err(diagnostic) if keys.decided.is_none() => {
            Err(Box::new(json::too_deep_at(text, path, limits).unwrap_or(diagnostic)))
        }
        _ => Ok(keys.conclude(text)),
    }
}

/// True if `dependencies` is empty or holds objects, one for each target framework. In a `package.json` it holds
/// texts.
fn lists_frameworks(text: &str) -> bool {
    let behind = |text: &str| text.trim_start().strip_prefix(':').map(str::trim_start).map(str::to_owned);
    let Some(object) = text.split_once("\"dependencies\"").and_then(|(_, rest)| behind(head(rest))) else {
        return false;
    };
    let Some(entries) = object.strip_prefix('{').map(str::trim_start) else { return false };
    if entries.starts_with('}') {
        return true;
    }
    let value =
        entries.strip_prefix('"').and_then(|rest| rest.split_once('"')).and_then(|(_, rest)| behind(rest));
    value.is_some_and(|value| value.starts_with('{'))
}

struct KeysSeed<'k>(&'k mut Keys);

impl<'de> serde::de::DeserializeSeed<'de> for KeysSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for KeysSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = entries.next_key()? {
            if matches!(
                &*key,
                "components" | "bomFormat" | "lockfileVersion" | "spdxVersion" | "packages" | "targets"
            ) {
                self.0.note(&key, None);
                if self.0.decided.is_some() {
                    return Ok(());
                }
            }
            match entries.next_value::<FirstText<'_>>()?.0 {
                Text::Str(value) => self.0.note(&key, Some(&value)),
                _ => self.0.note(&key, None),
            }
            if self.0.decided.is_some() {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// A text, or the first text of an array (`@context` may be either).
struct FirstText<'a>(Text<'a>);

impl<'de> serde::Deserialize<'de> for FirstText<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FirstTextVisitor)
    }
}

struct FirstTextVisitor;

impl<'de> Visitor<'de> for FirstTextVisitor {
    type Value = FirstText<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<FirstText<'de>, E> {
        Ok(FirstText(Text::Str(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<FirstText<'de>, E> {
        Ok(FirstText(Text::Str(Cow::Owned(text.to_owned()))))
    }

    fn visit_bool<E>(self, _: bool) -> Result<FirstText<'de>, E> {
        Ok(FirstText(Text::Null))
    }

    fn visit_i64<E>(self, _: i64) -> Result<FirstText<'de>, E> {
        Ok(FirstText(Text::Null))
    }

    fn visit_u64<E>(self, _: u64) -> Result<FirstText<'de>, E> {
        Ok(FirstText(Text::Null))
    }

    fn visit_f64<E>(self, _: f64) -> Result<FirstText<'de>, E> {
        Ok(FirstText(Text::Null))
    }

    fn visit_unit<E>(self) -> Result<FirstText<'de>, E> {
        Ok(FirstText(Text::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<FirstText<'de>, A::Error> {
        let first = items.next_element::<Text<'_>>()?.unwrap_or(Text::Null);
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(FirstText(first))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<FirstText<'de>, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(FirstText(Text::Composite))
    }
}

// ---- XML -------------------------------------------------------------------------------------------------

fn xml(text: &str) -> Recognised {
    let head = head(text);
    if root_tag(head).contains("cyclonedx.org/schema/bom") {
        return Recognised::Cyclonedx;
    }
    for (needle, format) in [
        ("spdx.org/rdf", "SPDX RDF"),
        ("<spdxVersion>", "SPDX XML"),
        ("<packages", "NuGet packages.config"),
        ("<!DOCTYPE html", "HTML"),
        ("<html", "HTML"),
    ] {
        if head.contains(needle) {
            return Recognised::unsupported(format);
        }
    }
    let root = root_tag(head).trim_start_matches('<');
    let root = root.split(['>', '/', ' ', '\t', '\r', '\n']).next().unwrap_or_default();
    if root == "project" && (head.contains("maven.apache.org/POM") || head.contains("<modelVersion>")) {
        return Recognised::PomXml;
    }
    Recognised::Unknown { hint: format!("XML <{}>", shorten(root, 60)) }
}

/// The start tag of the root element.
fn root_tag(head: &str) -> &str {
    let mut rest = head;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at..).unwrap_or_default();
        let end = if rest.starts_with("<!--") { "-->" } else { ">" };
        let length = rest.find(end).map_or(rest.len(), |at| at + end.len());
        if !rest.starts_with("<?") && !rest.starts_with("<!") {
            return rest.get(..length).unwrap_or_default();
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    ""
}

// ---- lines -----------------------------------------------------------------------------------------------

fn lines(text: &str, path: &str) -> Recognised {
    if let Some(toml) = toml(text) {
        return toml;
    }
    if head(text).lines().any(|line| line.starts_with("SPDXVersion:")) {
        return Recognised::SpdxTagValue;
    }
    if let Some(packages) = installed_packages(text) {
        return packages;
    }
    if let Some(windows) = windows::text(text, head(text)) {
        return windows;
    }
    if let Some(format) = other_lock_file(text) {
        return format;
    }
    let requirements = requirements_score(text, path);
    match device_list::recognise(text) {
        Some(shape) if shape.known >= 2 && shape.certain => Recognised::DeviceList(shape),
        _ if network_device::recognise(head(text)) => Recognised::NetworkDevice,
        Some(shape) if !requirements && shape.certain && named(path, ".csv") => Recognised::DeviceList(shape),
        _ if requirements => Recognised::Requirements,
        // Anything may stand below the line of a console.
        _ if windows_systeminfo::has_banner(text) => {
            Recognised::WindowsSystemInfo(windows_systeminfo::Shape::Banner)
        }
        _ => {
            let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            Recognised::Unknown { hint: shorten(line, 80) }
        }
    }
}

fn named(path: &str, part: &str) -> bool {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase().contains(part)
}

/// Lock files in TOML. Several programs write `[[package]]`; each has keys of its own.
fn toml(text: &str) -> Option<Recognised> {
    let has_line = |wanted: &str| {
        memchr::memmem::find_iter(text.as_bytes(), wanted)
            .any(|at| at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n'))
    };
    if !has_line("[[package]]") {
        let manifest = has_line("[package]") && has_line("[dependencies]");
        return if manifest {
            Some(Recognised::unsupported("Cargo.toml"))
        } else if has_line("[project]") || has_line("[build-system]") {
            Some(Recognised::unsupported("pyproject.toml"))
        } else if (has_line("[root]") && has_line("dependencies = ["))
            || head(text).contains("generated by Cargo")
        {
            Some(Recognised::CargoLock)
        } else {
            None
        };
    }
    Some(if has_line("python-versions =") || has_line("content-hash =") {
        Recognised::PoetryLock
    } else if has_line("requires-python =") || has_line("source = {") {
        Recognised::UvLock
    } else if has_line("content_hash =") {
        Recognised::unsupported("pdm.lock")
    } else {
        Recognised::CargoLock
    })
}

/// What package managers of operating systems print or keep.
fn installed_packages(text: &str) -> Option<Recognised> {
    let head = head(text);
    let starts = |start: &str| head.lines().any(|line| line.starts_with(start));
    let first = head.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    if first.starts_with("C:Q1") || (starts("P:") && starts("V:") && starts("A:")) {
        Some(Recognised::ApkInstalled)
    } else if first.starts_with("Desired=Unknown/Install") || first.starts_with("ii  ") {
        // It leaves out source packages, by which Debian's and Ubuntu's advisories are written: most of them would
        // be missed in silence.
        Some(Recognised::Unsupported { format: "dpkg -l", version: "give /var/lib/dpkg/status".to_owned() })
    } else if starts("Package: ") && (starts("Status: ") || (starts("Version: ") && starts("Architecture: ")))
    {
        Some(Recognised::DpkgStatus)
    } else if rpm_list::recognise(head) {
        Some(Recognised::RpmList)
    } else {
        None
    }
}

/// Line-oriented formats that are known by their first lines.
fn other_lock_file(text: &str) -> Option<Recognised> {
    let head = head(text);
    let starts = |start: &str| head.lines().any(|line| line.starts_with(start));
    let mut lines = head.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let statement = lines.find(|line| !line.starts_with("//")).unwrap_or_default();
    let statement = if first.starts_with("//") { statement } else { first };
    if starts("spdxVersion:") {
        Some(Recognised::unsupported("SPDX YAML"))
    } else if head.contains("# yarn lockfile v1") {
        Some(Recognised::YarnClassic)
    } else if starts("__metadata:") {
        Some(Recognised::YarnBerry)
    } else if starts("lockfileVersion:") {
        Some(Recognised::PnpmLock)
    } else if statement.starts_with("module ") && (starts("go ") || starts("require")) {
        Some(Recognised::GoMod)
    } else if go_sum::module_and_version(first).is_some() {
        Some(Recognised::GoSum)
    } else if matches!(first, "GEM" | "PATH" | "GIT" | "PLUGIN SOURCE") && starts("  specs:") {
        Some(Recognised::GemfileLock)
    } else if head.contains("# This is a Gradle generated file") {
        Some(Recognised::GradleLockfile)
    } else {
        None
    }
}

/// True if the lines are pip requirements: none is anything else, and either one of them can be nothing but a
/// requirement, or the file is named so.
fn requirements_score(text: &str, path: &str) -> bool {
    let by_name = named(path, "requirements") || named(path, "constraints");
    let mut certain = 0_u64;
    let mut possible = 0_u64;
    let mut unknown = 0_u64;
    for (_, line) in requirements::logical_lines(text) {
        match requirements::classify(&line) {
            requirements::Line::Nothing => {}
            requirements::Line::Option | requirements::Line::Location => possible += 1,
            requirements::Line::Package(package) if package.pinned.is_some() => certain += 1,
            requirements::Line::Package(package) if package.qualified => certain += 1,
            requirements::Line::Package(_) => possible += 1,
            requirements::Line::Unknown => unknown += 1,
        }
    }
    if by_name {
        // A damaged line does not make the file another one.
        return certain + possible > 0 || unknown == 0;
    }
    certain > 0 && unknown * 10 <= certain
}
