//! apt-ftparchive, dpkg-deb and rpmbuild: packages and their repositories.

use shindan_domain::verification::{Outcome, VerificationCode};
use shindan_verify::{AptChain, Means};

use crate::workshop::{Workshop, altered, days, file_name, genuine, have, judge, payload, refused};

const DEB: &str = "pool/patch_1.0_all.deb";

fn repository(shop: &Workshop) {
    shop.write(
        "build/DEBIAN/control",
        "Package: patch\nVersion: 1.0\nArchitecture: all\nMaintainer: Maker <maker@example.test>\nDescription: patch\n",
    );
    shop.write("build/usr/share/patch/patch.bin", payload());
    std::fs::create_dir_all(shop.path("pool")).unwrap();
    shop.run("dpkg-deb", &["--root-owner-group", "--build", "build", DEB]);
    let packages = shop.run("apt-ftparchive", &["packages", "pool"]).stdout;
    shop.write("dists/stable/main/binary-all/Packages", &packages);
    shop.run("gzip", &["-k", "dists/stable/main/binary-all/Packages"]);
    let valid =
        ["-o", "APT::FTPArchive::Release::ValidTime=864000", "-o", "APT::FTPArchive::Release::Origin=Maker"];
    let release = shop.run("apt-ftparchive", &[&valid[..], &["release", "dists/stable"]].concat()).stdout;
    shop.write("Release", &release);
    shop.gpg_key("maker", "ed25519", "100d");
    shop.gpg_key("stranger", "ed25519", "100d");
    shop.gpg(&["-u", "maker", "--clear-sign", "--output", "InRelease", "Release"]);
    shop.gpg(&["-u", "maker", "--armor", "--detach-sign", "--output", "Release.gpg", "Release"]);
}

#[test]
fn a_package_is_proven_through_the_signed_release() {
    if !have(&["gpg", "dpkg-deb", "apt-ftparchive", "gzip"]) {
        return;
    }
    let shop = Workshop::new();
    repository(&shop);
    let content = shop.read(DEB);
    let at = shop.made("Release.gpg");
    let (key, stranger) = (shop.read("maker.asc"), shop.read("stranger.asc"));
    let keys = [key.as_slice()];
    let (inline, release, detached) =
        (shop.read("InRelease"), shop.read("Release"), shop.read("Release.gpg"));
    let plain = shop.read("dists/stable/main/binary-all/Packages");
    let gzip = shop.read("dists/stable/main/binary-all/Packages.gz");
    let chains = [
        AptChain {
            release: &inline,
            release_signature: None,
            packages: Some(("Packages", &plain)),
            keys: &keys,
        },
        AptChain {
            release: &inline,
            release_signature: None,
            packages: Some(("Packages.gz", &gzip)),
            keys: &keys,
        },
        AptChain {
            release: &release,
            release_signature: Some(&detached),
            packages: Some(("binary-all/Packages", &plain)),
            keys: &keys,
        },
    ];
    let name = "patch_1.0_all.deb";
    for chain in &chains {
        let means = [Means::Apt(chain.clone())];
        let verdict = judge(name, &content, &means, at);
        genuine(&verdict);
        assert_eq!(verdict.checks[0].params.get("origin").map(String::as_str), Some("Maker"));
        for (_, other) in altered(&content) {
            refused(&judge(name, &other, &means, at), Outcome::Tampered, VerificationCode::DigestDifferent);
        }
        let verdict = judge("patch_2.0_all.deb", &content, &means, at);
        refused(&verdict, Outcome::NoMeans, VerificationCode::PackageNotListed);
        let verdict = judge(name, &content, &means, at + days(11));
        refused(&verdict, Outcome::NoMeans, VerificationCode::ReleaseExpired);
        let wrong = AptChain { keys: &[&stranger], ..chain.clone() };
        let verdict = judge(name, &content, &[Means::Apt(wrong)], at);
        refused(&verdict, Outcome::KeyNotAcceptable, VerificationCode::KeyUnknown);
    }
    let chain = &chains[0];
    let forged = String::from_utf8(plain.clone()).unwrap().replace("Version: 1.0", "Version: 1.1");
    let means = [Means::Apt(AptChain { packages: Some(("Packages", forged.as_bytes())), ..chain.clone() })];
    refused(&judge(name, &content, &means, at), Outcome::Tampered, VerificationCode::ReleaseListDifferent);
    let means = [Means::Apt(AptChain { packages: Some(("Sources", &plain)), ..chain.clone() })];
    refused(&judge(name, &content, &means, at), Outcome::NoMeans, VerificationCode::ReleaseWithoutList);
    let means = [Means::Apt(AptChain { release: &release, ..chain.clone() })];
    refused(&judge(name, &content, &means, at), Outcome::NoMeans, VerificationCode::NotSigned);
    // Without a list the Release file itself must name the file.
    let means = [Means::Apt(AptChain { packages: None, ..chain.clone() })];
    genuine(&judge("Packages.gz", &gzip, &means, at));
    refused(&judge(name, &content, &means, at), Outcome::NoMeans, VerificationCode::PackageNotListed);
}

/// An RPM package, signed by `maker`.
pub fn rpm(shop: &Workshop, kind: &str) -> Vec<u8> {
    shop.gpg_key("maker", kind, "100d");
    shop.write(
        "patch.spec",
        "Name: patch\nVersion: 1.0\nRelease: 1\nSummary: patch\nLicense: MIT\nBuildArch: noarch\n%description\npatch\n\
         %install\nmkdir -p %{buildroot}/usr/share/patch\ncp %{_sourcedir}/patch.bin %{buildroot}/usr/share/patch/\n\
         %files\n/usr/share/patch/patch.bin\n",
    );
    shop.write("rpmbuild/SOURCES/patch.bin", payload());
    let top = format!("_topdir {}", shop.path("rpmbuild").display());
    shop.run("rpmbuild", &["-bb", "--quiet", "--define", &top, "patch.spec"]);
    let built = shop.path("rpmbuild/RPMS/noarch");
    let built = std::fs::read_dir(built).unwrap().next().unwrap().unwrap().path();
    std::fs::copy(&built, shop.path("patch.rpm")).unwrap();
    assert!(file_name(&built).ends_with(".rpm"));
    let unsigned = shop.read("patch.rpm");
    shop.write("unsigned.rpm", unsigned);
    let extra = "_gpg_sign_cmd_extra_args --batch --pinentry-mode loopback";
    let define = ["--define", "_gpg_name maker", "--define", extra, "--define", "__gpg /usr/bin/gpg"];
    shop.run("rpmsign", &[&define[..], &["--addsign", "patch.rpm"]].concat());
    shop.read("patch.rpm")
}

#[test]
fn an_rpm_package_is_proven_by_its_own_signature() {
    if !have(&["gpg", "rpmbuild", "rpmsign"]) {
        return;
    }
    for kind in ["rsa2048", "ed25519"] {
        let shop = Workshop::new();
        let content = rpm(&shop, kind);
        shop.gpg_key("stranger", "ed25519", "100d");
        let (key, stranger) = (shop.read("maker.asc"), shop.read("stranger.asc"));
        let at = shop.made("patch.rpm");
        let by_key = [key.as_slice()];
        let means = [Means::Rpm { keys: &by_key }];
        let verdict = judge("patch.rpm", &content, &means, at);
        genuine(&verdict);
        assert_eq!(verdict.checks[0].params.get("version").map(String::as_str), Some("1.0"), "{kind}");
        for (what, other) in altered(&content) {
            let verdict = judge("patch.rpm", &other, &means, at);
            let expected = if what == "empty" { Outcome::Unreadable } else { Outcome::Tampered };
            assert_eq!(verdict.outcome, expected, "{what} {verdict:?}");
        }
        let verdict = judge("patch.rpm", &content, &[Means::Rpm { keys: &[&stranger] }], at);
        refused(&verdict, Outcome::KeyNotAcceptable, VerificationCode::KeyUnknown);
        let verdict = judge("patch.rpm", &content, &means, at + days(101));
        refused(&verdict, Outcome::KeyNotAcceptable, VerificationCode::KeyExpired);
        let unsigned = shop.read("unsigned.rpm");
        let verdict = judge("patch.rpm", &unsigned, &means, at);
        refused(&verdict, Outcome::NoMeans, VerificationCode::NotSigned);
    }
}
