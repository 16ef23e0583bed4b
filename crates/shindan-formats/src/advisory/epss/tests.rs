use super::*;

fn entries(reading: &Reading) -> Vec<String> {
    let show = |entry: &Enrichment| match entry {
        Enrichment::Epss(epss) => {
            format!("{} {} {} {}", epss.cve, epss.score, epss.percentile, epss.date)
        }
        Enrichment::Kev(_) => "kev".to_owned(),
    };
    reading.enrichments.iter().map(show).collect()
}

fn check(text: &str, expected: &[&str]) {
    let reading = read(text, "e.csv", &Limits::DEFAULT);
    assert_eq!(entries(&reading), expected);
    assert_eq!((reading.rejected, reading.diagnostics.len()), (0, 0), "{:?}", reading.diagnostics);
}

#[test]
fn header_generations() {
    check("cve,epss\nCVE-2020-5902,0.65117\n", &["CVE-2020-5902 0.65117  "]);
    check("cve,epss,percentile\r\nCVE-2020-5902,0.65117,0.998\r\n", &["CVE-2020-5902 0.65117 0.998 "]);
    check(
        "#model_version:v2023.03.01,score_date:2023-03-07T00:00:00+0000\ncve,epss,percentile\nCVE-2020-5902,5e-05,1.0\n\n",
        &["CVE-2020-5902 0.00005 1.0 2023-03-07"],
    );
    let reading = read("cve,epss\n", "e.csv", &Limits::DEFAULT);
    assert_eq!(reading.diagnostics[0].code, Code::FileEmpty, "a header without rows is no feed");
}

#[test]
fn numbers_become_plain_decimals() {
    let check = |text: &str, expected: &str| {
        assert_eq!(plain_decimal(text).as_deref().unwrap_or("-"), expected, "{text}");
    };
    check("5e-05", "0.00005");
    check("1.25E-3", "0.00125");
    check("9.7e-1", "0.97");
    check("1e0", "1");
    check("0.10e1", "1");
    check("0.00094", "0.00094");
    check("0", "0");
    check("1", "1");
    for wrong in ["", "1.5", "-0.1", "nan", "inf", "0,5", ".5", "1e-999", "0x1", "e", "1e"] {
        check(wrong, "-");
    }
}

#[test]
fn malformed_rows_are_counted_and_named() {
    let mut text =
        "cve,epss,percentile\nCVE-2020-1111,0.1,0.2\nCVE-2020-1111,0.1\nCVE-2020,0.1,0.2\n".to_owned();
    text.push_str("CVE-2020-1112,1.1,0.2\nCVE-2020-1113,0.1,x\n");
    let reading = read(&text, "e.csv", &Limits::DEFAULT);
    assert_eq!((reading.enrichments.len(), reading.rejected), (1, 4));
    let lines: Vec<_> = reading.diagnostics.iter().map(|d| d.place.line.expect("line")).collect();
    assert_eq!(lines, [3, 4, 5, 6]);
    text.push_str(&"x\n".repeat(1_000));
    let reading = read(&text, "e.csv", &Limits::DEFAULT);
    assert_eq!((reading.rejected, reading.diagnostics.len()), (1_004, 101));
    assert!(reading.diagnostics[100].params["reason"].starts_with("904 more"));
}

#[test]
fn long_lines_and_bad_dates_are_reported() {
    let limits = Limits { line: 10, ..Limits::DEFAULT };
    let reading = read("cve,epss\nCVE-2020-5902,0.65117\n", "e.csv", &limits);
    assert_eq!(
        (reading.diagnostics[0].code, reading.diagnostics[0].place.line),
        (Code::LineTooLong, Some(2))
    );
    let reading = read("#score_date:never\ncve,epss\nCVE-2020-5902,0.65117\n", "e.csv", &Limits::DEFAULT);
    assert_eq!(reading.diagnostics[0].code, Code::DateInvalid);
    assert_eq!(reading.enrichments.len(), 1);
}

#[test]
fn genuine_files_of_every_generation() {
    for (file, first, second) in [
        ("2021-04-14", "CVE-2020-5902 0.65117  ", "CVE-2018-19571 0.04773  "),
        (
            "2021-09-01",
            "CVE-2020-5902 0.65117 0.9981063485700858 ",
            "CVE-2018-19571 0.04773 0.8715910818693242 ",
        ),
        (
            "2022-02-04",
            "CVE-2020-5902 0.96817 0.99999 2022-02-04",
            "CVE-2018-19571 0.17187 0.93112 2022-02-04",
        ),
        (
            "2023-03-07",
            "CVE-2020-5902 0.97567 0.99995 2023-03-07",
            "CVE-2018-19571 0.00113 0.43131 2023-03-07",
        ),
    ] {
        let Some(path) = shindan_testdata::path(&format!("epss/epss_scores-{file}.csv.gz")) else { return };
        let bytes = std::fs::read(&path).expect("readable");
        let reading = crate::advisory::read(&bytes, "e.csv.gz", &Limits::DEFAULT);
        assert_eq!(entries(&reading), [first, second], "{file}");
        assert!(reading.diagnostics.is_empty());
    }
}
