//! Where output goes and how it looks. A reader that goes away (`| head`) ends the program quietly.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use shindan_domain::diagnostic::{Diagnostic, Severity};
use shindan_report::table::Style;
use shindan_report::{Lang, Words};

use crate::cli::{Arguments, Colour, Language};

/// Prints a line on standard error. Nobody listening there (closed, full) must not end the program: the exit code
/// still says what happened, and `eprintln!` would panic.
macro_rules! say {
    ($($arguments:tt)*) => {{
        use std::io::Write as _;
        drop(writeln!(std::io::stderr().lock(), $($arguments)*));
    }};
}
pub(crate) use say;

/// How many diagnostics are printed one by one; the rest are counted.
const SHOWN: usize = 40;
/// How many of one kind are printed one by one: a folder of a thousand files of a wrong kind is one piece of news.
const SHOWN_OF_A_KIND: usize = 5;

/// Language and looks, decided once from the command line and the terminal.
pub struct Face {
    /// Words of the chosen language.
    pub words: Words,
    colour: Colour,
}

impl Face {
    /// From the command line.
    pub fn new(arguments: &Arguments) -> Self {
        let lang = match arguments.lang {
            Language::Ja => Lang::Ja,
            Language::En => Lang::En,
        };
        Face { words: Words::new(lang).for_command_line(), colour: arguments.color }
    }

    /// The look of tables on standard output.
    pub fn style(&self, max_age_days: Option<u32>) -> Style {
        let terminal = io::stdout().is_terminal();
        let color = match self.colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        };
        let width = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
        Style { color, width: width.or_else(terminal_width), max_age_days: max_age_days.map(u64::from) }
    }

    /// Tells diagnostics on standard error, the worst first and those of a kind together; notes are only counted.
    pub fn tell<'d>(&self, diagnostics: impl IntoIterator<Item = &'d Diagnostic>) {
        let mut kinds: BTreeMap<_, Vec<&Diagnostic>> = BTreeMap::new();
        for diagnostic in diagnostics.into_iter().filter(|d| d.severity() > Severity::Note) {
            kinds
                .entry((std::cmp::Reverse(diagnostic.severity()), diagnostic.code))
                .or_default()
                .push(diagnostic);
        }
        let (mut room, mut untold) = (SHOWN, 0);
        for of_a_kind in kinds.values() {
            let shown = of_a_kind.len().min(SHOWN_OF_A_KIND).min(room);
            for diagnostic in of_a_kind.iter().take(shown) {
                say!("{}", self.line(diagnostic));
            }
            room -= shown;
            let more = (of_a_kind.len() - shown) as u64;
            if shown > 0 && more > 0 {
                say!("{}", self.words.get("cli-more-of-a-kind", &[("count", more.into())]));
            } else {
                untold += more;
            }
        }
        if untold > 0 {
            say!("{}", self.words.get("cli-more-diagnostics", &[("count", untold.into())]));
        }
    }

    /// One diagnostic as a line: severity, place, words.
    pub fn line(&self, diagnostic: &Diagnostic) -> String {
        let severity = match diagnostic.severity() {
            Severity::Error => self.words.t("cli-error"),
            Severity::Warning => self.words.t("cli-warning"),
            Severity::Note => self.words.t("cli-note"),
        };
        let text = self.words.code(diagnostic.code, &diagnostic.params);
        let place = diagnostic.place.to_string();
        if place.is_empty() { format!("{severity}: {text}") } else { format!("{severity}: {place}: {text}") }
    }
}

fn terminal_width() -> Option<u16> {
    // Only asked when standard output is a terminal: a file gets the default width.
    if !io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| width.0)
}

/// Standard output without Rust's line buffering, which looks for line ends in everything that passes.
#[cfg(unix)]
fn unbuffered_stdout() -> io::Result<File> {
    use std::os::fd::AsFd;
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

/// On Windows the console needs the conversion to UTF-16 that Rust's standard output does.
#[cfg(not(unix))]
fn unbuffered_stdout() -> io::Result<io::StdoutLock<'static>> {
    Ok(io::stdout().lock())
}

/// Runs `write` on standard output or on a file that is only put in place when it is complete.
///
/// # Errors
/// What writing reports, with the name of the file; a closed pipe is no error.
pub fn write_to(
    output: Option<&Path>,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<()> {
    let Some(path) = output else { return to_stream(unbuffered_stdout()?, write) };
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    match std::fs::metadata(path) {
        // A device or a pipe is written to: a file must not be put in its place.
        Ok(meta) if !meta.is_file() => {
            OpenOptions::new().write(true).open(path).and_then(|file| to_stream(file, write)).map_err(named)
        }
        // What a symbolic link points to is replaced, not the link.
        Ok(_) => path.canonicalize().and_then(|path| replace(&path, write)).map_err(named),
        Err(_) => replace(path, write).map_err(named),
    }
}

fn to_stream(
    stream: impl Write + Send,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 18, stream);
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            // What is left in the buffer has no reader; dropping the buffer must not try again.
            drop(out.into_parts());
            Ok(())
        }
        other => other,
    }
}

fn replace(path: &Path, write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".tmp-{}", std::process::id()));
    let temporary = path.with_file_name(name);
    let written = File::create(&temporary)
        .and_then(|file| {
            let mut out = BufWriter::with_capacity(1 << 16, file);
            write(&mut out)?;
            out.flush()
        })
        .and_then(|()| std::fs::rename(&temporary, path));
    if written.is_err() {
        // Nothing of a failed output stays behind; the error that matters is the first one.
        drop(std::fs::remove_file(&temporary));
    }
    written
}
