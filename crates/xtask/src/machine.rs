//! The machine a figure was measured on. A figure without it is worth nothing.

use std::fs;

/// Load average of the last minute, or "unknown" where the system does not say.
pub fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().filter(|t| !t.is_empty()).unwrap_or("unknown").to_owned()
}

/// Cores, processor, memory and system, in one line.
pub fn description() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let processor =
        field("/proc/cpuinfo", "model name", ':').unwrap_or_else(|| std::env::consts::ARCH.into());
    let memory = field("/proc/meminfo", "MemTotal", ':')
        .and_then(|t| t.trim_end_matches(" kB").parse::<u64>().ok())
        .map_or_else(|| "unknown".to_owned(), |kib| format!("{} MiB", kib / 1024));
    let system =
        field("/etc/os-release", "PRETTY_NAME", '=').unwrap_or_else(|| std::env::consts::OS.to_owned());
    format!("{cores} cores ({processor}), {memory} memory, {}", system.trim_matches('"'))
}

fn field(path: &str, name: &str, separator: char) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(separator)?.1.trim().to_owned())
}
