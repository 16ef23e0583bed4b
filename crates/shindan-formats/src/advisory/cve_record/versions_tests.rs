use super::*;

/// One product as JSON to its claims as text.
fn check(product: &str, expected: &[&str]) {
    check_in(None, product, expected);
}

fn check_in(ecosystem: Option<Scheme>, product: &str, expected: &[&str]) {
    let parsed: Product<'_> = serde_json::from_str(product).expect("a product");
    let (claims, _) = claims(&parsed, ecosystem);
    let shown: Vec<String> = claims.iter().map(show).collect();
    assert_eq!(shown, expected, "{product}");
}

fn show(claim: &Claim) -> String {
    let join =
        |ranges: &[VersionRange]| ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ");
    let versions = match &claim.versions {
        VersionClaim::All => "all".to_owned(),
        VersionClaim::Ranged { ranges, except } if except.is_empty() => join(ranges),
        VersionClaim::Ranged { ranges, except } => format!("{} except {}", join(ranges), join(except)),
        VersionClaim::Undetermined { code, params } => {
            let text = params.get("text").or(params.get("repository")).map_or("", String::as_str);
            format!("{code} {text}").trim_end().to_owned()
        }
    };
    format!("{}: {versions}", claim.status.as_str())
}

#[test]
fn listed_versions_only() {
    check(
        r#"{"defaultStatus":"unaffected","versions":[
            {"version":"2.0.0","versionType":"semver","lessThan":"2.5.2","status":"affected"},
            {"version":"3.0.0","versionType":"semver","lessThanOrEqual":"3.1.4","status":"affected"},
            {"version":"4.0.0","status":"affected"}]}"#,
        &["affected: >=2.0.0 <2.5.2 | >=3.0.0 <=3.1.4 | =4.0.0"],
    );
    // Without defaultStatus the rest is unknown, which claims nothing.
    check(r#"{"versions":[{"version":"2.4","status":"affected"}]}"#, &["affected: =2.4"]);
    check(
        r#"{"defaultStatus":"unknown","versions":[
            {"version":"0","lessThanOrEqual":"4.2.0","versionType":"custom","status":"affected"}]}"#,
        &["affected: <=4.2.0"],
    );
}

/// From CVE-2023-3466 and CVE-2023-6548, spaces included.
#[test]
fn the_limit_of_a_netscaler_release_is_a_build_of_it() {
    let of = |product: &str, vendor: &str, versions: &str| {
        format!(
            r#"{{"vendor":"{vendor}","product":"{product}","defaultStatus":"unaffected","versions":[{versions}]}}"#
        )
    };
    let one = |version: &str, limit: &str| {
        format!(r#"{{"version":"{version}","{limit}","status":"affected","versionType":"patch"}}"#)
            .replace("=", r#"":""#)
    };
    let listed = [
        one("14.1", "lessThan=12.35"),
        one("13.1", "lessThan=49.13"),
        one(" 13.1-FIPS", "lessThan=37.159"),
        one("12.1-NDcPP", "lessThan=55.297"),
        one("13.1 FIPS and NDcPP", "lessThanOrEqual=37.158"),
    ];
    check(
        &of("NetScaler ADC ", "Citrix", &listed.join(",")),
        &[
            "affected: >=14.1 <14.1-12.35 | >=13.1 <13.1-49.13 | >=13.1 <13.1-37.159 | >=12.1 <12.1-55.297 | >=13.1 <=13.1-37.158",
        ],
    );
    check(&of("netscaler_gateway", "citrix", &listed[1]), &["affected: >=13.1 <13.1-49.13"]);
    check(&of("Citrix ADC", "Cloud Software Group", &listed[1]), &["affected: >=13.1 <13.1-49.13"]);
    // CISA writes the limits out. One build is no span from the release to the build.
    check(
        &of("netscaler_gateway", "citrix", &one("13.1", "lessThan=13.1-51.15")),
        &["affected: >=13.1 <13.1-51.15"],
    );
    check(
        &of("NetScaler Gateway", "Citrix", r#"{"version":"13.1-49.13","status":"affected"}"#),
        &["affected: =13.1-49.13"],
    );
    check(
        &of("NetScaler Gateway", "Citrix", &one("13.1-4.43", "lessThan=13.1-49.13")),
        &["affected: >=13.1-4.43 <13.1-49.13"],
    );
    // Other makers as before.
    check(&of("Gate", "Acme", &listed[1]), &["affected: >=13.1 <49.13"]);
    let parsed = of("NetScaler ADC", "Citrix", &listed[1]);
    let parsed: Product<'_> = serde_json::from_str(&parsed).expect("a product");
    assert_eq!(claims(&parsed, None).1, ["13.1-49.13"], "the fix is told as the device will print it");
}

#[test]
fn the_product_in_front_of_its_version_does_not_count() {
    let one = |text: &str| {
        format!(r#"{{"product":"FortiOS","versions":[{{"version":"{text}","status":"affected"}}]}}"#)
    };
    check(&one("FortiOS before 7.0.3"), &["affected: <7.0.3"]);
    check(
        &one("FortiOS 6.0.0 through 6.0.14, 6.2.0 through 6.2.10, 7.0.0"),
        &["affected: >=6.0.0 <=6.0.14 | >=6.2.0 <=6.2.10 | =7.0.0"],
    );
    check(&one("FortiOS 7.0.3, 7.0.2, 6.4.8"), &["affected: =7.0.3 | =7.0.2 | =6.4.8"]);
    check(&one("FortiOS6 before 7.0.3"), &["affected: range-undetermined FortiOS6 before 7.0.3"]);
}

#[test]
fn all_except_what_is_listed() {
    // The shape of Linux records: everything, except before the bug and behind the fixes.
    check(
        r#"{"defaultStatus":"affected","versions":[
            {"version":"5.8","status":"affected"},
            {"version":"0","lessThan":"5.8","status":"unaffected","versionType":"custom"},
            {"version":"5.10.37","lessThanOrEqual":"5.10.*","status":"unaffected","versionType":"custom"},
            {"version":"5.13","lessThanOrEqual":"*","status":"unaffected","versionType":"original_commit_for_fix"}]}"#,
        &["affected: * except <5.8 | >=5.10.37 <=5.10.999999999999999999 | >=5.13"],
    );
    check(r#"{"defaultStatus":"affected"}"#, &["affected: all"]);
    check(
        r#"{"defaultStatus":"affected","versions":[{"version":"0","lessThan":"*","status":"affected","versionType":"semver"}]}"#,
        &["affected: all"],
    );
    // By the letter every version; but then a limit would say nothing. The rest is left open.
    check(
        r#"{"defaultStatus":"affected","versions":[{"version":"1.0","status":"affected"}]}"#,
        &["affected: =1.0", "affected: range-undetermined defaultStatus: affected; =1.0"],
    );
    check(
        r#"{"defaultStatus":"affected","versions":[
            {"version":"0","lessThanOrEqual":"6.5.20","status":"affected","versionType":"semver"}]}"#,
        &["affected: <=6.5.20", "affected: range-undetermined defaultStatus: affected; <=6.5.20"],
    );
    check(
        r#"{"defaultStatus":"affected","versions":[{"version":"2.3.1","status":"unaffected"}]}"#,
        &["affected: * except =2.3.1"],
    );
}

#[test]
fn the_first_matching_entry_wins() {
    // An exception in front of the range takes versions away; one behind it does not.
    check(
        r#"{"defaultStatus":"unaffected","versions":[
            {"version":"2.3.1","status":"unaffected"},
            {"version":"2.0.0","lessThan":"2.15.0","versionType":"semver","status":"affected"}]}"#,
        &["affected: >=2.0.0 <2.15.0 except =2.3.1"],
    );
    check(
        r#"{"defaultStatus":"unaffected","versions":[
            {"version":"2.0.0","lessThan":"2.15.0","versionType":"semver","status":"affected"},
            {"version":"2.3.1","status":"unaffected"}]}"#,
        &["affected: >=2.0.0 <2.15.0"],
    );
    // Everything but 1.x; yet 1.5 stands first as affected.
    check(
        r#"{"defaultStatus":"affected","versions":[
            {"version":"1.5","status":"affected"},
            {"version":"1.0","lessThan":"2.0","versionType":"custom","status":"unaffected"}]}"#,
        &["affected: * except >=1.0 <2.0", "affected: =1.5"],
    );
}

#[test]
fn changes_split_a_range() {
    check(
        r#"{"defaultStatus":"unaffected","versions":[
            {"version":"2.0.0","lessThan":"2.*","versionType":"semver","status":"affected","changes":[
                {"at":"2.6.3","status":"unaffected"},
                {"at":"2.5.2","status":"unaffected"},
                {"at":"2.6.0","status":"affected"}]}]}"#,
        &["affected: >=2.0.0 <2.5.2 | >=2.6.0 <2.6.3"],
    );
    check(
        r#"{"defaultStatus":"unaffected","versions":[
            {"version":"0","lessThan":"8.8.5-02","versionType":"custom","status":"affected","changes":[
                {"at":"8.8.5-02","status":"unaffected"}]}]}"#,
        &["affected: <8.8.5-02"],
    );
    check(
        r#"{"defaultStatus":"unaffected","versions":[
            {"version":"1.0","lessThanOrEqual":"2023.2","versionType":"custom","status":"affected","changes":[
                {"at":"2023.4","status":"unaffected"},{"at":"see bulletin","status":"unaffected"}]}]}"#,
        &["affected: >=1.0 <=2023.2"],
    );
    // Between the end and the fix behind it the record says both.
    check(
        r#"{"defaultStatus":"unaffected","versions":[
            {"version":"0","lessThan":"133.16","versionType":"custom","status":"affected","changes":[
                {"at":"134.7","status":"unaffected"}]}]}"#,
        &["affected: <133.16", "under_investigation: >=133.16 <134.7"],
    );
    check(
        r#"{"defaultStatus":"unaffected","versions":[
            {"version":"1.0","lessThan":"3.0","versionType":"custom","status":"unaffected","changes":[
                {"at":"some builds","status":"affected"}]}]}"#,
        &["not_affected: range-undetermined 1.0 < 3.0, affected at some builds"],
    );
    check(
        r#"{"versions":[
            {"version":"1.5.13","lessThan":"*","versionType":"semver","status":"affected","changes":[
                {"at":"1.26.2","status":"unaffected"},{"at":"1.27.1","status":"unaffected"}]}]}"#,
        &["affected: >=1.5.13 <1.26.2"],
    );
}

#[test]
fn wildcards_are_ends_of_series() {
    check(
        r#"{"versions":[{"version":"7.0","lessThan":"7.1.*","versionType":"custom","status":"affected"}]}"#,
        &["affected: >=7.0 <7.2"],
    );
    check(
        r#"{"versions":[{"version":"1.0.0","lessThan":"2.*","versionType":"semver","status":"affected"}]}"#,
        &["affected: >=1.0.0 <3.0.0"],
    );
    check(
        r#"{"versions":[{"version":"6.0","lessThan":"*","versionType":"custom","status":"affected"}]}"#,
        &["affected: >=6.0"],
    );
    check(r#"{"versions":[{"version":"7.1.x","status":"affected"}]}"#, &["affected: >=7.1 <7.2"]);
    check(r#"{"versions":[{"version":"*","status":"affected"}]}"#, &["affected: all"]);
    check(r#"{"versions":[{"version":"All versions","status":"affected"}]}"#, &["affected: all"]);
    check(
        r#"{"versions":[{"version":"0","lessThan":"*","versionType":"custom","status":"affected"}]}"#,
        &["affected: all"],
    );
}

#[test]
fn no_version_is_not_every_version() {
    for word in ["n/a", "-", "unspecified", "0", "various", "see references", "", "publication"] {
        let product = format!(r#"{{"versions":[{{"version":"{word}","status":"affected"}}]}}"#);
        let expected = format!("affected: range-undetermined {word}");
        check(&product, &[expected.trim_end()]);
        let product = product.replace("{\"versions\"", "{\"defaultStatus\":\"affected\",\"versions\"");
        check(&product, &[expected.trim_end()]);
    }
    // As the start of a range they mean "from the beginning".
    for word in ["n/a", "unspecified", "*", "0", "0.0", "-"] {
        let product = format!(
            r#"{{"versions":[{{"version":"{word}","lessThan":"2.0","versionType":"custom","status":"affected"}}]}}"#
        );
        check(&product, &["affected: <2.0"]);
    }
    check(
        r#"{"versions":[{"version":"1.0.0","lessThan":"publication","versionType":"custom","status":"affected"}]}"#,
        &["affected: range-undetermined 1.0.0 < publication"],
    );
}

#[test]
fn contradictions_are_not_silence() {
    // An interval that holds nothing would be a finding lost.
    for (low, high) in [("6.0.0", "6.0.0"), ("2.10.1", "2.10.0"), ("V1", "V1")] {
        let product = format!(
            r#"{{"versions":[{{"version":"{low}","lessThan":"{high}","versionType":"custom","status":"affected"}}]}}"#
        );
        check(&product, &[&format!("affected: range-undetermined {low} < {high}")]);
    }
    check(
        r#"{"versions":[{"version":"6.0","lessThanOrEqual":"6.0","versionType":"custom","status":"affected"}]}"#,
        &["affected: =6.0"],
    );
}

#[test]
fn commits_count_only_where_nothing_else_is_said() {
    check(
        r#"{"defaultStatus":"unaffected","repo":"https://git.example/linux","versions":[
            {"version":"1da177e4c3f4","lessThan":"9ff3d6d4a9b1","versionType":"git","status":"affected"}]}"#,
        &["affected: range-git-only https://git.example/linux"],
    );
    check(
        r#"{"defaultStatus":"unaffected","versions":[
            {"version":"0","lessThan":"9ff3d6d4a9b1","versionType":"git","status":"affected"},
            {"version":"2.0","lessThan":"2.5","versionType":"custom","status":"affected"}]}"#,
        &["affected: >=2.0 <2.5"],
    );
    check(
        r#"{"defaultStatus":"affected","versions":[
            {"version":"9ff3d6d4a9b1","versionType":"git","status":"unaffected"}]}"#,
        &["affected: range-git-only"],
    );
    // The type says git, the versions are ordinary ones.
    check(
        r#"{"defaultStatus":"unknown","versions":[
            {"version":"0","lessThanOrEqual":"3.0.2","versionType":"git","status":"affected"}]}"#,
        &["affected: <=3.0.2"],
    );
}

#[test]
fn what_is_not_affected_and_what_is_not_known_is_kept() {
    check(r#"{"defaultStatus":"unaffected"}"#, &["not_affected: all"]);
    check(
        r#"{"defaultStatus":"unaffected","versions":[{"version":"1.0","status":"unaffected"}]}"#,
        &["not_affected: =1.0"],
    );
    check(r#"{"defaultStatus":"unknown"}"#, &["under_investigation: range-undetermined"]);
    check("{}", &["under_investigation: range-undetermined"]);
    check(
        r#"{"defaultStatus":"unaffected","versions":[
            {"version":"1.0","status":"affected"},{"version":"2.0","status":"unknown"}]}"#,
        &["affected: =1.0", "under_investigation: =2.0"],
    );
}

#[test]
fn words_and_ranges_of_one_product_are_both_kept() {
    check(
        r#"{"defaultStatus":"unaffected","versions":[
            {"version":"1.0","lessThan":"1.5","versionType":"custom","status":"affected"},
            {"version":"certain builds","status":"affected"},{"version":"n/a","status":"affected"}]}"#,
        &["affected: >=1.0 <1.5", "affected: range-undetermined certain builds; n/a"],
    );
    check(
        r#"{"defaultStatus":"affected","versions":[
            {"version":"1.0","status":"unaffected"},{"version":"see note","status":"unaffected"}]}"#,
        &["affected: range-undetermined see note"],
    );
}

#[test]
fn fixed_versions_are_collected() {
    let product = r#"{"defaultStatus":"affected","versions":[
        {"version":"5.10.37","lessThanOrEqual":"5.10.*","status":"unaffected","versionType":"custom"},
        {"version":"0","lessThan":"5.8","status":"unaffected","versionType":"custom"},
        {"version":"6.0","lessThan":"6.2","status":"affected","versionType":"custom","changes":[
            {"at":"6.1.9","status":"unaffected"}]}]}"#;
    let parsed: Product<'_> = serde_json::from_str(product).expect("a product");
    assert_eq!(claims(&parsed, None).1, ["5.10.37", "6.2", "6.1.9"]);
}

#[test]
fn schemes() {
    let scheme = |product: &str, ecosystem| {
        let parsed: Product<'_> = serde_json::from_str(product).expect("a product");
        match claims(&parsed, ecosystem).0.remove(0).versions {
            VersionClaim::Ranged { ranges, .. } => ranges[0].scheme,
            other => panic!("{other:?}"),
        }
    };
    let product = |kind: &str, low: &str| {
        format!(
            r#"{{"versions":[{{"version":"{low}","lessThan":"9.9.9","versionType":"{kind}","status":"affected"}}]}}"#
        )
    };
    assert_eq!(scheme(&product("semver", "1.0.0"), None), Scheme::Semver);
    assert_eq!(scheme(&product("semver", "1.0"), None), Scheme::Generic);
    assert_eq!(scheme(&product("rpm", "0:1.0-1.el8"), None), Scheme::Rpm);
    assert_eq!(scheme(&product("custom", "1.0"), Some(Scheme::Npm)), Scheme::Npm);
}
