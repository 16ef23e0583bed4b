//! `growth`: how time and memory grow with the work: components of an SBOM, advisories of a knowledge base, components of a portfolio.
//! Writes plots (SVG) and prints the tables behind them. A cost that grows faster than the work is printed as such.

use std::path::{Path, PathBuf};

use crate::bench::median;
use crate::contender::Repeats;
use crate::plot::{Line, Plot};
use crate::workloads::Bench;
use crate::{Failure, contender, machine, osv, plot, sbom, workspace};

/// Components of an SBOM.
const COMPONENTS: [usize; 7] = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000];
/// Copies of the genuine OSV records.
const COPIES: [usize; 5] = [1, 2, 5, 10, 20];
/// Components of a portfolio.
const PORTFOLIOS: [usize; 5] = [10_000, 30_000, 100_000, 300_000, 1_000_000];
/// The SBOM that is checked against knowledge bases of different sizes.
const PROBE: usize = 10_000;
/// A cost that doubles with the work has the exponent 1. Above this it is told as growing faster.
const FASTER: f64 = 1.1;

/// What to do.
#[derive(Debug)]
pub struct Options {
    up_to: usize,
    product: Option<PathBuf>,
    plots: PathBuf,
}

impl Options {
    /// Reads the arguments after `growth`.
    ///
    /// # Errors
    /// In words, for whoever typed them.
    pub fn parse(arguments: &[String]) -> Result<Options, String> {
        let plots = workspace::target().join("bench/plots");
        let mut options = Options { up_to: 1_000_000, product: None, plots };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--up-to" => {
                    options.up_to = value()?.parse().map_err(|_| format!("{argument}: not a number"))?;
                }
                "--product" => options.product = Some(PathBuf::from(value()?)),
                "--plots" => options.plots = PathBuf::from(value()?),
                other => return Err(format!("{other} is not known")),
            }
        }
        if options.up_to < COMPONENTS[1] {
            return Err(format!("--up-to: at least {}, or there is nothing to compare", COMPONENTS[1]));
        }
        Ok(options)
    }
}

/// What was measured at one size.
#[derive(Debug, Clone, Copy)]
struct Point {
    /// Components or advisories.
    size: f64,
    /// In milliseconds.
    wall: f64,
    /// Of all threads, in milliseconds.
    processor: f64,
    /// In megabytes.
    peak: f64,
}

/// Measures, draws and prints.
///
/// # Errors
/// When a program fails, or a plot cannot be written.
pub fn run(options: &Options) -> Result<(), Failure> {
    let data = shindan_testdata::root();
    if !data.join("osv").is_dir() {
        return Err(format!("no test data at {} (set SHINDAN_TESTDATA)", data.display()).into());
    }
    let product = workspace::product(options.product.as_deref(), "release")?;
    println!("Machine: {}; product built with profile `{}`.", machine::description(), product.profile);
    let bench =
        Bench { data, product, repeats: Repeats { short: 10 }, peers_up_to: 0, differing: Vec::new() };
    std::fs::create_dir_all(&options.plots)?;
    components(&bench, options)?;
    advisories(&bench, options)?;
    portfolios(options)
}

fn measured(bench: &Bench, row: contender::Contender, size: usize) -> Result<Point, Failure> {
    let rows = contender::run(vec![row], bench.repeats)?;
    let runs = rows.first().and_then(|row| row.runs.as_ref().ok()).ok_or("nothing was measured")?;
    let milliseconds =
        |of: fn(&crate::measure::Run) -> std::time::Duration| median(runs, of).as_secs_f64() * 1e3;
    Ok(Point {
        size: size as f64,
        wall: milliseconds(|run| run.wall),
        processor: milliseconds(|run| run.user + run.system),
        peak: runs.iter().map(|run| run.peak).max().unwrap_or(0) as f64 / 1e6,
    })
}

fn components(bench: &Bench, options: &Options) -> Result<(), Failure> {
    let records = bench.records()?;
    let source = sbom::Source::new(&records);
    let data = bench.knowledge("kb-everything", &bench.everything())?;
    let mut points = Vec::new();
    for size in COMPONENTS.into_iter().filter(|size| *size <= options.up_to) {
        let input = workspace::folder("inputs")?.join(format!("sbom-{size}.cdx.json"));
        sbom::write_cyclonedx(&input, source.packages(size))?;
        points.push(measured(bench, bench.check_row("shindan check", &data, &input, false)?, size)?);
    }
    tell("check, by components of the SBOM", "components", &points);
    draw(options, "components", "shindan check: one SBOM against everything", "components", &points)
}

fn advisories(bench: &Bench, options: &Options) -> Result<(), Failure> {
    let records = bench.records()?;
    let input = workspace::folder("inputs")?.join(format!("sbom-{PROBE}.cdx.json"));
    sbom::write_cyclonedx(&input, sbom::Source::new(&records).packages(PROBE))?;
    let (mut built, mut checked) = (Vec::new(), Vec::new());
    for copies in COPIES {
        let (mut archives, mut count) = (Vec::new(), 0);
        for archive in bench.archives() {
            let all = osv::multiplied(&osv::read(&archive)?, copies);
            let name = archive.parent().and_then(Path::file_name).unwrap_or_default();
            let path =
                workspace::folder("growth")?.join(format!("x{copies}")).join(name).with_extension("zip");
            std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
            osv::write(&path, &all)?;
            archives.push(path);
            count += all.len();
        }
        let data = workspace::folder(&format!("growth/kb-x{copies}"))?;
        built.push(measured(bench, bench.build_row("kb build", &data, &archives)?, count)?);
        let row = bench.check_row("shindan check", &data.display().to_string(), &input, false)?;
        checked.push(measured(bench, row, count)?);
    }
    tell("kb build, by advisories", "advisories", &built);
    tell(&format!("check of {PROBE} components, by advisories known"), "advisories", &checked);
    draw(options, "advisories", "shindan kb build: OSV records, written and synced", "advisories", &built)?;
    let title = format!("shindan check: {PROBE} components against more and more advisories");
    draw(options, "knowledge", &title, "advisories", &checked)
}

fn portfolios(options: &Options) -> Result<(), Failure> {
    let example = workspace::example("portfolio")?;
    let folder = workspace::folder("growth")?;
    let mut rows: Vec<(usize, [f64; 3])> = Vec::new();
    for size in PORTFOLIOS.into_iter().filter(|size| *size <= options.up_to) {
        eprintln!("portfolio of {size}");
        let told = folder.join(format!("portfolio-{size}.json"));
        let output = std::process::Command::new(&example)
            .arg(folder.join("portfolio"))
            .arg(size.to_string())
            .arg(&told)
            .output()?;
        if !output.status.success() {
            return Err(format!("portfolio: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        let told: serde_json::Value = serde_json::from_slice(&std::fs::read(&told)?)?;
        let number = |name: &str| told[name].as_f64().ok_or_else(|| format!("the portfolio tells no {name}"));
        rows.push((size, [number("stored")?, number("changed")?, number("who")?]));
    }
    println!("\n### A portfolio, by its components\n");
    println!(
        "| components | stored for the first time | 1,000 advisories change | who is hit |\n|---:|---:|---:|---:|"
    );
    for (size, [stored, changed, who]) in &rows {
        println!("| {size} | {stored:.0} ms | {changed:.1} ms | {who:.1} ms |");
    }
    let line = |name: &str, which: usize| Line {
        name: name.to_owned(),
        points: rows.iter().map(|(size, row)| (*size as f64, row[which])).collect(),
    };
    let lines =
        vec![line("stored for the first time", 0), line("1,000 advisories change", 1), line("who is hit", 2)];
    lines.iter().for_each(|line| println!("{}", exponent_told(&line.name, &line.points)));
    Plot { title: "a portfolio of lists".into(), x: "components", y: "milliseconds", lines }
        .write(&options.plots.join("portfolio.svg"))
}

fn tell(title: &str, of: &str, points: &[Point]) {
    println!("\n### {title}\n\n| {of} | wall, median | processors | peak memory |\n|---:|---:|---:|---:|");
    for Point { size, wall, processor, peak } in points {
        println!("| {size} | {wall:.1} ms | {processor:.1} ms | {peak:.1} MB |");
    }
    println!();
    let of =
        |value: fn(&Point) -> f64| points.iter().map(|point| (point.size, value(point))).collect::<Vec<_>>();
    println!("{}", exponent_told("processors", &of(|point| point.processor)));
    println!("{}", exponent_told("peak memory", &of(|point| point.peak)));
}

/// By which power of the work a cost grows, over the larger half of the sizes: there, what every start costs no longer hides it.
fn exponent_told(name: &str, points: &[(f64, f64)]) -> String {
    match plot::exponent(points.get(points.len() / 2..).unwrap_or_default()) {
        Some(exponent) if exponent > FASTER => {
            format!("{name}: grows FASTER than the work, exponent {exponent:.2}")
        }
        Some(exponent) => format!("{name}: exponent {exponent:.2} of the work"),
        None => format!("{name}: too few sizes"),
    }
}

fn draw(
    options: &Options,
    file: &str,
    title: &str,
    of: &'static str,
    points: &[Point],
) -> Result<(), Failure> {
    let line = |name: &str, value: fn(&Point) -> f64| Line {
        name: name.to_owned(),
        points: points.iter().map(|point| (point.size, value(point))).collect(),
    };
    let lines = vec![
        line("wall, ms", |point| point.wall),
        line("all processors, ms", |point| point.processor),
        line("peak memory, MB", |point| point.peak),
    ];
    Plot { title: title.to_owned(), x: of, y: "milliseconds; megabytes", lines }
        .write(&options.plots.join(format!("{file}.svg")))
}
