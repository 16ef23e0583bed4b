//! The command line, as a contract: names, values and defaults. What the commands do is in `run`; what the user reads about
//! them, in either language, is in `help.*.ftl` (see [`crate::help`]).

pub mod accounts;
pub mod acting;
pub mod agreement;
pub mod assess;
pub mod assess_runs;
pub mod bundle;
pub mod cases;
pub mod change;
pub mod confirm;
pub mod device;
pub mod exchange;
pub mod inquiry;
pub mod interfaces;
pub mod inventory;
pub mod ledger;
pub mod notify;
pub mod org;
pub mod patch;
pub mod people;
pub mod policy;
pub mod portfolio;
pub mod reports;
pub mod serve;
pub mod sightings;
pub mod sources;
pub mod values;
mod verbs;

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use shindan_domain::priority::Decision;
use shindan_domain::version::{Scheme, UnknownScheme};

use crate::help::WrongValue;
use verbs::verbs;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "shindan", version)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Language of tables, reports and messages. JSON does not depend on it.
    #[arg(long, global = true, value_enum, default_value_t = Language::Ja, env = "SHINDAN_LANG")]
    pub lang: Language,
    /// Colour in tables; text always stands beside it.
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}

impl Arguments {
    /// The command line with every verb built, which parsing never needs.
    pub fn whole() -> clap::Command {
        Command::all_built(Arguments::command())
    }
}

/// Languages of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// 日本語
    Ja,
    /// English
    En,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

verbs! {
    /// The knowledge base of advisories: build, status, show, export
    "kb" = Kb(verbs of KnowledgeCommand);
    /// Check inventories (SBOM, lock files, device lists): what hits, what to do first, what is unknown
    "check" = Check(arguments of CheckArguments);
    /// Who is hit by this one vulnerability
    "who" = Who(arguments of WhoArguments);
    /// The register of assets: import ledgers, undo, show, say what models are
    "inventory" = Inventory(verbs of inventory::InventoryCommand);
    /// Patches: prove that they are genuine
    "patch" = Patch(verbs of patch::PatchCommand);
    /// Set up the records of this installation
    "setup" = Setup(arguments of people::SetupArguments);
    /// People: who may do what
    "user" = User(verbs of people::UserCommand);
    /// Personal tokens
    "token" = Token(verbs of people::TokenCommand);
    /// Cases: compare, judge, analyse, decide, approve, prove, close
    "case" = Case(verbs of cases::CaseCommand);
    /// Changes: plan, impact, tests, consent, gate, apply, confirm
    "change" = Change(verbs of change::ChangeCommand);
    /// Inquiries to providers
    "inquiry" = Inquiry(verbs of inquiry::InquiryCommand);
    /// Periodic confirmation
    "confirm" = Confirm(verbs of confirm::ConfirmCommand);
    /// Reviews of operational items
    "review" = Review(verbs of confirm::ReviewCommand);
    // ---- devices
    /// Devices: dossier, use, risk, operating rule, updates, life
    "device" = Device(verbs of device::DeviceCommand);

    // ---- sightings

    // ---- agreements
    /// Agreements on roles
    "agreement" = Agreement(verbs of agreement::AgreementCommand);

    // ---- exchange
    /// Sealed files to and from another party
    "exchange" = Exchange(verbs of exchange::ExchangeCommand);

    // ---- interfaces
    /// Data exchange with other parties, and what notices altered data
    "interface" = Interface(verbs of interfaces::InterfaceCommand);
    // ---- collecting
    /// Sources of vulnerability information: plan, proof that somebody looked, calendar
    "sources" = Sources(verbs of sources::SourceCommand);
    /// Notices of sources: judge whether they concern us
    "notice" = Notice(verbs of sources::NoticeCommand);
    /// Look at sources now, and bring the knowledge base up to date
    "sync" = Sync(arguments of sources::SyncArguments);
    /// Look at sources when they are due, without `serve`
    "scheduler" = Scheduler(verbs of serve::SchedulerCommand);
    /// Bundles: what was collected, for closed networks
    "bundle" = Bundle(verbs of bundle::BundleCommand);
    /// Lists of software and devices that are kept for each subject
    "portfolio" = Portfolio(verbs of portfolio::PortfolioCommand);
    /// Who hears of what changed, by mail or webhook
    "notify" = Notify(verbs of notify::NotifyCommand);
    // ---- assessments
    /// Security assessments: plans, targets, runs, findings
    "assess" = Assess(verbs of assess::AssessCommand);
    /// Organisations, systems and what belongs to them
    "org" = Org(verbs of org::OrgCommand);
    /// Policies: due dates, decision table, intervals
    "policy" = Policy(verbs of policy::PolicyCommand);
    /// Controls of the guidelines: which do not apply
    "control" = Control(verbs of policy::ControlCommand);
    /// Reports from the records
    "report" = Report(verbs of policy::ReportCommand);
    /// The ledger: verify, checkpoints, export, rebuild, refusals
    "ledger" = Ledger(verbs of ledger::LedgerCommand);
    /// Copy ledger, documents and key to one file
    "backup" = Backup(arguments of ledger::BackupArguments);
    /// Open a backup in an empty data folder
    "restore" = Restore(arguments of ledger::RestoreArguments);
    /// Serve the records over HTTP (REST)
    "serve" = Serve(arguments of serve::ServeArguments);
    /// Check lines such as `1.0 < 1.1` on standard input against the order of a scheme
    "version-order" = VersionOrder(arguments of VersionOrderArguments);
    /// Compute CVSS scores of vectors (v2, v3.0, v3.1, v4.0), as JSON lines
    "cvss" = Cvss(arguments of CvssArguments);
    /// The guideline crosswalk: controls of the annex and the requirements they are tied to
    "crosswalk" = Crosswalk(verbs of CrosswalkCommand);
    /// A sample hospital and its vendor, through the whole pipeline, with a report
    "demo" = Demo(arguments of DemoArguments);
}

/// Arguments of `version-order`.
#[derive(Debug, Args)]
pub struct VersionOrderArguments {
    /// OSV ecosystem name, or one of semver npm cargo go pypi maven nuget gem composer deb rpm apk pub cran
    /// hackage generic.
    #[arg(value_parser = scheme)]
    pub scheme: Scheme,
}

/// Arguments of `cvss`.
#[derive(Debug, Args)]
pub struct CvssArguments {
    /// Vectors; `-` reads one a line from standard input.
    #[arg(required = true, allow_hyphen_values = true)]
    pub vectors: Vec<String>,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Where to write; must be absent, empty or an earlier demo.
    #[arg(default_value = "shindan-demo")]
    pub dir: PathBuf,
    /// Then serve it: the hospital at this address, its vendor at the next port.
    #[arg(long)]
    pub serve: bool,
    /// Where the hospital is served.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8484", requires = "serve")]
    pub listen: std::net::SocketAddr,
    /// The day on which the story of the hospital ends; two days ago if not given.
    #[arg(long, value_name = "DATE", requires = "serve", value_parser = values::day)]
    pub last_day: Option<jiff::civil::Date>,
}

/// Verbs of `kb`.
#[derive(Debug, Subcommand)]
pub enum KnowledgeCommand {
    /// Read advisories (OSV, CSAF, CVE, JVN, KEV, EPSS; files, folders, zips) and replace the base atomically
    Build {
        /// Files, folders and archives, in any mixture.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        keeping: acting::Keeping,
        /// Extend the present knowledge base instead of replacing it.
        #[arg(long)]
        add: bool,
        /// Your own device dictionary (TOML), read after the one that ships.
        #[arg(long, value_name = "FILE")]
        devices: Option<PathBuf>,
    },
    /// What the knowledge base holds, per source, and what was rejected
    Status {
        #[command(flatten)]
        data: DataFolder,
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
        format: TableOrJson,
    },
    /// Every opinion about one vulnerability or advisory
    Show {
        /// CVE, GHSA, RUSTSEC, JVNDB, ICSMA … in any case.
        id: String,
        #[command(flatten)]
        data: DataFolder,
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
        format: TableOrJson,
    },
    /// Every advisory, one JSON object a line
    Export {
        #[command(flatten)]
        data: DataFolder,
        /// Form of the output.
        #[arg(long, value_enum)]
        format: ExportFormat,
    },
}

/// Where the data is.
#[derive(Debug, Args)]
pub struct DataFolder {
    /// Folder that holds the knowledge base.
    #[arg(long = "data-dir", value_name = "DIR", env = "SHINDAN_DATA_DIR")]
    pub data_dir: PathBuf,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Inventories: CycloneDX JSON, Cargo.lock, package-lock.json, requirements.txt, device list CSV; or folders.
    pub paths: Vec<PathBuf>,
    /// Check the register of the data folder, too; done if no inventories are named.
    #[arg(long)]
    pub register: bool,
    #[command(flatten)]
    pub data: DataFolder,
    /// Form of the output.
    #[arg(long, value_enum, default_value_t = CheckFormat::Table)]
    pub format: CheckFormat,
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Explain every component or device of this name, purl, model or asset number.
    #[arg(long, value_name = "NAME")]
    pub explain: Option<String>,
    #[command(flatten)]
    pub conditions: Conditions,
}

/// Arguments of `who`.
#[derive(Debug, Args)]
pub struct WhoArguments {
    /// CVE, GHSA, RUSTSEC, JVNDB, ICSMA … in any case.
    pub id: String,
    /// Inventories, as for `check`.
    pub paths: Vec<PathBuf>,
    /// Check the register of the data folder, too; done if no inventories are named.
    #[arg(long)]
    pub register: bool,
    #[command(flatten)]
    pub data: DataFolder,
    /// Form of the output.
    #[arg(long, value_enum, default_value_t = WhoFormat::Table)]
    pub format: WhoFormat,
    #[command(flatten)]
    pub conditions: Conditions,
}

/// When an answer holds, and when it is a failure.
#[derive(Debug, Args)]
pub struct Conditions {
    /// End with 1 if there is a finding of this priority or a more urgent one, or anything undetermined; repeatable.
    #[arg(long, value_name = "PRIORITY", value_parser = fail_on)]
    pub fail_on: Vec<FailOn>,
    /// The time the answer holds for (RFC 3339, or a date); the present if not given.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub now: Option<Timestamp>,
    /// End with 4 if the newest document of the knowledge base is older than this.
    #[arg(long, value_name = "DAYS", value_parser = days)]
    pub max_age: Option<u32>,
    /// Use knowledge older than --max-age all the same, and say so.
    #[arg(long)]
    pub allow_stale: bool,
}

/// Verbs of `crosswalk`.
#[derive(Debug, Subcommand)]
pub enum CrosswalkCommand {
    /// Show the controls of the annex, the requirements and how they are tied, with certainty marks
    Show {
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = CrosswalkFormat::Table)]
        format: CrosswalkFormat,
        /// Packs of your own (TOML), merged with those that ship; repeatable.
        #[arg(long, value_name = "FILE")]
        pack: Vec<PathBuf>,
        /// Show the official wording that was imported into this folder beside our own words.
        #[arg(long = "data-dir", value_name = "DIR", env = "SHINDAN_DATA_DIR")]
        data_dir: Option<PathBuf>,
    },
    /// Read the extracted text of a page of the annex and attach the official wording to rows and requirements
    Import {
        /// The text of one page.
        file: PathBuf,
        #[command(flatten)]
        keeping: acting::Keeping,
        /// Packs of your own (TOML), merged with those that ship; repeatable.
        #[arg(long, value_name = "FILE")]
        pack: Vec<PathBuf>,
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
        format: TableOrJson,
    },
}

/// Forms of `check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For the terminal.
    Table,
    /// Schema shindan.check/1.
    Json,
    /// Schema shindan.check-lines/1: JSON Lines, written while it is still being found.
    Jsonl,
    /// One self-contained page.
    Html,
    /// One row for each finding and each open question.
    Csv,
    /// A workbook; only into a file.
    Xlsx,
    /// SARIF 2.1.0.
    Sarif,
    /// CycloneDX 1.6 with vulnerabilities.
    CyclonedxVex,
}

/// Forms of `who`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WhoFormat {
    /// For the terminal.
    Table,
    /// Schema shindan.check/1.
    Json,
    /// One row for each finding and each open question.
    Csv,
}

/// Forms of most commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableOrJson {
    /// For the terminal.
    Table,
    /// For programs.
    Json,
}

/// Forms of `kb export`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// One JSON object a line.
    Jsonl,
}

/// Forms of `crosswalk show`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CrosswalkFormat {
    /// For the terminal.
    Table,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
}

/// A condition of `--fail-on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// A finding of this priority or a more urgent one.
    Priority(Decision),
    /// Anything undetermined.
    Undetermined,
}

fn fail_on(text: &str) -> Result<FailOn, WrongValue> {
    if text == "undetermined" {
        return Ok(FailOn::Undetermined);
    }
    text.parse()
        .map(FailOn::Priority)
        .map_err(|_| WrongValue { expected: "usage-expected-fail-on", known: String::new() })
}

fn scheme(text: &str) -> Result<Scheme, WrongValue> {
    text.parse().map_err(|_: UnknownScheme| {
        let known: Vec<&str> = Scheme::ALL.iter().map(|s| s.as_str()).collect();
        WrongValue { expected: "usage-expected-scheme", known: known.join(" ") }
    })
}

fn days(text: &str) -> Result<u32, WrongValue> {
    text.parse().map_err(|_| WrongValue { expected: "usage-expected-days", known: String::new() })
}

/// A time with zone, or a date, which means its beginning in UTC.
fn time(text: &str) -> Result<Timestamp, WrongValue> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    text.parse::<jiff::civil::Date>()
        .ok()
        .and_then(|date| date.at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok())
        .map(|zoned| zoned.timestamp())
        .ok_or(WrongValue { expected: "usage-expected-time", known: String::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::whole().debug_assert();
    }

    #[test]
    fn what_is_built_when_it_is_called_knows_every_verb_and_argument() {
        fn visit(command: &clap::Command, path: &[String], seen: &mut usize) {
            let mut lazily = Arguments::command();
            lazily.build();
            let mut built = &lazily;
            for name in path {
                built = built.find_subcommand(name).unwrap();
            }
            let ids = |command: &clap::Command| {
                let mut ids: Vec<_> = command.get_arguments().map(|a| a.get_id().to_string()).collect();
                ids.retain(|id| !["help", "version", "lang", "color"].contains(&id.as_str()));
                ids
            };
            assert_eq!(ids(built), ids(command), "{path:?}");
            *seen += ids(command).len();
            for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
                let path = [path, &[verb.get_name().to_owned()]].concat();
                visit(verb, &path, seen);
            }
        }
        let mut seen = 0;
        // One verb of each form; building the lazy tree for each of two hundred would take minutes.
        let all = Arguments::whole();
        for name in ["check", "review", "demo", "control"] {
            visit(all.find_subcommand(name).unwrap(), &[name.to_owned()], &mut seen);
        }
        assert!(seen > 30, "{seen}");
    }

    #[test]
    fn times_and_dates() {
        assert_eq!(time("2026-11-22").unwrap().to_string(), "2026-11-22T00:00:00Z");
        assert_eq!(time("2026-11-22T09:00:00+09:00").unwrap().to_string(), "2026-11-22T00:00:00Z");
        assert!(time("yesterday").is_err());
    }
}
