//! Prompts of network devices with a command behind them: `sw01# show version`, `admin@fw1> show system info`.

/// Commands that make a device print its version.
const VERSION_COMMANDS: [&str; 11] = [
    "show version",
    "sh ver",
    "show ver",
    "sh version",
    "get system status",
    "get sys status",
    "show system info",
    "show environment",
    "show ns version",
    "show sys version",
    "tmsh show sys version",
];

/// A prompt and what was typed behind it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Prompt<'a> {
    /// `sw01`; without user, mode and state.
    pub host: &'a str,
    /// True if the command makes the device print its version.
    pub asks_version: bool,
}

/// The prompt that `line` begins with, if it is one with a command that asks for something.
pub(super) fn of(line: &str) -> Option<Prompt<'_>> {
    let (before, command) = line.split_once(['#', '>'])?;
    let command = command.trim();
    let asks = ["show ", "sh ", "get ", "tmsh ", "display "];
    if !asks.iter().any(|word| command.starts_with(word)) {
        return None;
    }
    let mut host = before.trim();
    // F5 prints `admin@(lb01)(cfg-sync Standalone)(Active)(/Common)(tmos)`, or `[admin@lb01:Active:Standalone] ~`.
    host = host.trim_start_matches('[').trim_end_matches('~').trim().trim_end_matches(']');
    if let Some((_, after)) = host.split_once('@') {
        host = after;
    }
    host = host.trim_start_matches('(');
    host = host.split([')', '(', ':']).next().unwrap_or(host).trim();
    let plain = host.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
    if host.is_empty() || host.len() > 64 || !plain {
        return None;
    }
    let folded = command.to_ascii_lowercase();
    let asks_version = VERSION_COMMANDS.iter().any(|known| folded.starts_with(known))
        || (folded.starts_with("show system") && !folded.starts_with("show system-"));
    Some(Prompt { host, asks_version })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &str) {
        let found = match of(line) {
            None => "-".to_owned(),
            Some(prompt) => format!("{} {}", prompt.host, prompt.asks_version),
        };
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn prompts() {
        check("sw01#show version", "sw01 true");
        check("sw01# sh ver | include Version", "sw01 true");
        check("fw1 # get system status", "fw1 true");
        check("fw1 (global) # get system status", "fw1 true");
        check("admin@pa1> show system info", "pa1 true");
        check("root@srx1> show version | no-more", "srx1 true");
        check("admin@(lb01)(cfg-sync Standalone)(Active)(/Common)(tmos)# show sys version", "lb01 true");
        check("[admin@lb01:Active:Standalone] ~ # tmsh show sys version", "lb01 true");
        check("Router(config)# show version", "Router true");
        check("adc1> show ns hardware", "adc1 false");
        check("sw01# show inventory", "sw01 false");
    }

    #[test]
    fn other_lines() {
        for line in
            ["# RTX1210 Rev.14.01.42", "a > b", "> show version", "see <a href=x>show version", "", "#"]
        {
            check(line, "-");
        }
    }
}
