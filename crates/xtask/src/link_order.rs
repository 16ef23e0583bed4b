//! Which functions of the product run in a short answer, for the linker to lay them next to each other
//! (`crates/shindan/build.rs`).

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::contender::Repeats;
use crate::workloads::Bench;
use crate::workspace::{self, Product};
use crate::{Failure, sbom};

/// Components of the SBOM that is checked, too: enough that what large answers need is among it.
const COMPONENTS: usize = 10_000;

/// Builds the product with its names, starts it under valgrind, and writes `crates/shindan/link-order.txt`.
///
/// # Errors
/// When cargo or valgrind cannot be started, a program fails, or the test data is missing.
pub fn run() -> Result<(), Failure> {
    let data = shindan_testdata::root();
    if !data.join("osv").is_dir() {
        return Err(format!("no test data at {} (set SHINDAN_TESTDATA)", data.display()).into());
    }
    let product = Product { shindan: named()?, lookup: None, profile: "release, with names".into() };
    let bench = Bench { data, product, repeats: Repeats { short: 1 }, peers_up_to: 0, differing: Vec::new() };
    let (mut seen, mut order) = (HashSet::new(), Vec::new());
    for command in commands(&bench)? {
        let names = called(&command, &bench.product.shindan)?;
        println!("{}: {} functions", command.join(" "), names.len());
        order.extend(names.into_iter().filter(|name| seen.insert(name.clone())));
    }
    let file = workspace::root().join("crates/shindan/link-order.txt");
    std::fs::write(&file, order.join("\n") + "\n")?;
    println!("{} functions in {}", order.len(), file.display());
    Ok(())
}

/// What people start again and again.
fn commands(bench: &Bench) -> Result<Vec<Vec<String>>, Failure> {
    let data = bench.knowledge("kb-everything", &bench.everything())?;
    let lock = bench.data.join("lock/Cargo.lock");
    let large = workspace::folder("inputs")?.join(format!("sbom-{COMPONENTS}.cdx.json"));
    let records = bench.records()?;
    sbom::write_cyclonedx(&large, sbom::Source::new(&records).packages(COMPONENTS))?;
    let mut commands = Vec::new();
    for input in [&lock, &large] {
        commands.push(bench.check_row("link-order", &data, input, false)?.command?.words);
    }
    let (program, lock) = (bench.product.shindan.display().to_string(), lock.display().to_string());
    for verb in [&["check"][..], &["who", "RUSTSEC-2020-0071"]] {
        let words = std::iter::once(program.as_str()).chain(verb.iter().copied());
        commands.push(words.chain([lock.as_str(), "--data-dir", data.as_str()]).map(str::to_owned).collect());
    }
    Ok(commands)
}

/// The product as it is delivered, but with the names of its functions. What is named is the same: only the last step of building differs.
fn named() -> Result<PathBuf, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["rustc", "--release", "-p", "shindan", "--bin", "shindan", "--", "-C", "strip=none"]);
    if !build.current_dir(workspace::root()).status()?.success() {
        return Err("cargo rustc failed".into());
    }
    let (built, kept) =
        (workspace::target().join("release/shindan"), workspace::folder("link-order")?.join("shindan"));
    // A link of the same file would be built anew in place.
    if kept.exists() {
        std::fs::remove_file(&kept)?;
    }
    std::fs::copy(built, &kept)?;
    Ok(kept)
}

/// The functions of `program` that ran, in the order in which valgrind tells of them.
fn called(command: &[String], program: &Path) -> Result<Vec<String>, Failure> {
    let counts = workspace::folder("link-order")?.join("callgrind.out");
    let status = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet", "--demangle=no"])
        .arg(format!("--callgrind-out-file={}", counts.display()))
        .args(command)
        .stdout(std::process::Stdio::null())
        .current_dir(workspace::root())
        .status()
        .map_err(|error| {
            format!("valgrind cannot be started ({error}); on Debian: apt-get install valgrind")
        })?;
    if !status.success() {
        return Err(format!("{} ended with {status}", command.join(" ")).into());
    }
    Ok(functions(&std::fs::read_to_string(&counts)?, &program.display().to_string()))
}

/// The functions of an object in callgrind's file. Names are told once with a number, afterwards by the number alone.
fn functions(file: &str, object: &str) -> Vec<String> {
    let (mut objects, mut names) = (HashMap::new(), HashMap::new());
    let (mut inside, mut ran) = (false, Vec::new());
    for line in file.lines() {
        let Some((kind, value)) = line.split_once('=') else { continue };
        let known = match kind {
            "ob" | "cob" => &mut objects,
            "fn" | "cfn" => &mut names,
            _ => continue,
        };
        let (number, name) = value.split_once(' ').unwrap_or((value, ""));
        if !name.is_empty() {
            known.insert(number.to_owned(), name.to_owned());
        }
        let name = known.get(number).map_or("", String::as_str);
        match kind {
            "ob" => inside = name == object,
            // Recursion is told with a mark behind the name.
            "fn" if inside => ran.push(name.split('\'').next().unwrap_or(name).to_owned()),
            _ => {}
        }
    }
    let mut seen = HashSet::new();
    ran.retain(|name| name.starts_with("_R") || name.starts_with("_ZN"));
    ran.retain(|name| seen.insert(name.clone()));
    ran
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_of_the_program_are_told_once_and_in_order() {
        let file = "ob=(1) /lib/libc.so\nfn=(1) malloc\n1 2\n\nob=(2) /x/shindan\nfn=(2) _ZN1a\n1 2\ncob=(1)\ncfn=(1)\ncalls=1 2\n\
                    fn=(3) _ZN1b'2\n1 1\nfn=(2)\n\nob=(1)\nfn=(4) _ZN1c\nob=(2)\nfn=(5) main\n";
        assert_eq!(functions(file, "/x/shindan"), ["_ZN1a", "_ZN1b"]);
        assert_eq!(functions(file, "/y/shindan"), [""; 0]);
    }
}
