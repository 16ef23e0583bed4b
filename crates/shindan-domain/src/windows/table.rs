//! The lines of Windows: names, builds and CPE product names.
//!
//! Source of the builds: Microsoft, "Windows 10/11 release information" and "Windows Server release information";
//! the CPE product names are those of Microsoft's own CVE records, behind them those of NVD where they differ.

use super::Line;

const fn client(
    name: &'static str,
    builds: &'static [&'static str],
    products: &'static [&'static str],
) -> Line {
    Line { name, server: false, builds, products }
}

const fn server(
    name: &'static str,
    builds: &'static [&'static str],
    products: &'static [&'static str],
) -> Line {
    Line { name, server: true, builds, products }
}

/// Every line, clients first, each in the order of its release.
pub(super) const LINES: &[Line] = &[
    client("Windows 2000", &["5.0.2195"], &["windows_2000"]),
    client("Windows XP", &["5.1.2600", "5.2.3790"], &["windows_xp"]),
    client("Windows Vista", &["6.0.6000", "6.0.6001", "6.0.6002"], &["windows_vista"]),
    client("Windows 7", &["6.1.7600", "6.1.7601"], &["windows_7"]),
    client("Windows 8", &["6.2.9200"], &["windows_8"]),
    client("Windows RT", &["6.2.9200"], &["windows_rt"]),
    client("Windows 8.1", &["6.3.9600"], &["windows_8.1"]),
    client("Windows RT 8.1", &["6.3.9600"], &["windows_rt_8.1"]),
    client("Windows 10 Version 1507", &["10.0.10240"], &["windows_10_1507"]),
    client("Windows 10 Version 1511", &["10.0.10586"], &["windows_10_1511"]),
    client("Windows 10 Version 1607", &["10.0.14393"], &["windows_10_1607"]),
    client("Windows 10 Version 1703", &["10.0.15063"], &["windows_10_1703"]),
    client("Windows 10 Version 1709", &["10.0.16299"], &["windows_10_1709"]),
    client("Windows 10 Version 1803", &["10.0.17134"], &["windows_10_1803"]),
    client("Windows 10 Version 1809", &["10.0.17763"], &["windows_10_1809"]),
    client("Windows 10 Version 1903", &["10.0.18362"], &["windows_10_1903"]),
    client("Windows 10 Version 1909", &["10.0.18363"], &["windows_10_1909"]),
    client("Windows 10 Version 2004", &["10.0.19041"], &["windows_10_2004"]),
    client("Windows 10 Version 20H2", &["10.0.19042"], &["windows_10_20h2"]),
    client("Windows 10 Version 21H1", &["10.0.19043"], &["windows_10_21h1"]),
    client("Windows 10 Version 21H2", &["10.0.19044"], &["windows_10_21h2"]),
    client("Windows 10 Version 22H2", &["10.0.19045"], &["windows_10_22h2"]),
    client("Windows 11 Version 21H2", &["10.0.22000"], &["windows_11_21h2"]),
    client("Windows 11 Version 22H2", &["10.0.22621"], &["windows_11_22h2"]),
    client("Windows 11 Version 23H2", &["10.0.22631"], &["windows_11_23h2"]),
    client("Windows 11 Version 24H2", &["10.0.26100"], &["windows_11_24h2"]),
    client("Windows 11 Version 25H2", &["10.0.26200"], &["windows_11_25h2"]),
    server("Windows Server 2003", &["5.2.3790"], &["windows_server_2003", "windows_2003_server"]),
    // Microsoft's records name the service pack in the product; nothing older is supported.
    server("Windows Server 2008", &["6.0.6001", "6.0.6002", "6.0.6003"], &["windows_server_2008_sp2"]),
    server("Windows Server 2008 R2", &["6.1.7600", "6.1.7601"], &["windows_server_2008_r2"]),
    server("Windows Server 2012", &["6.2.9200"], &["windows_server_2012"]),
    server("Windows Server 2012 R2", &["6.3.9600"], &["windows_server_2012_r2"]),
    server("Windows Server 2016", &["10.0.14393"], &["windows_server_2016"]),
    server("Windows Server version 1709", &["10.0.16299"], &["windows_server_1709"]),
    server("Windows Server version 1803", &["10.0.17134"], &["windows_server_1803"]),
    server("Windows Server 2019", &["10.0.17763"], &["windows_server_2019"]),
    server("Windows Server version 1903", &["10.0.18362"], &["windows_server_1903"]),
    server("Windows Server version 1909", &["10.0.18363"], &["windows_server_1909"]),
    server("Windows Server version 2004", &["10.0.19041"], &["windows_server_2004"]),
    server("Windows Server version 20H2", &["10.0.19042"], &["windows_server_20h2"]),
    server("Windows Server 2022", &["10.0.20348"], &["windows_server_2022"]),
    server(
        "Windows Server version 23H2",
        &["10.0.25398"],
        &["windows_server_23h2", "windows_server_2022_23h2"],
    ),
    server("Windows Server 2025", &["10.0.26100"], &["windows_server_2025"]),
];

/// Builds that one update serves, with the same revision: `10.0.19043.1237` and `10.0.19044.1237` are one state.
/// Source: Microsoft, "Windows 10, versions 2004 to 22H2, share a common core operating system"; the same for 1903
/// and 1909, 11 22H2 and 23H2, 11 24H2 and 25H2.
pub(super) const SHARED: &[&[&str]] = &[
    &["10.0.18362", "10.0.18363"],
    &["10.0.19041", "10.0.19042", "10.0.19043", "10.0.19044", "10.0.19045"],
    &["10.0.22621", "10.0.22631"],
    &["10.0.26100", "10.0.26200"],
];
