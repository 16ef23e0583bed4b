//! osslsigncode: signatures inside PE files.

use shindan_domain::verification::{Outcome, VerificationCode};
use shindan_verify::{CertificateMeans, Means};

use crate::certificates::{certificate, chain};
use crate::workshop::{Workshop, days, genuine, have, judge, not_acceptable, refused};

/// A small, valid PE32 executable: headers and one section.
pub fn executable() -> Vec<u8> {
    let mut file = vec![0u8; 0x600];
    let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, b"MZ");
    put(0x3c, &0x80u32.to_le_bytes());
    put(0x80, b"PE\0\0");
    put(0x84, &0x14cu16.to_le_bytes());
    put(0x86, &1u16.to_le_bytes());
    put(0x94, &224u16.to_le_bytes());
    put(0x96, &0x102u16.to_le_bytes());
    put(0x98, &0x10bu16.to_le_bytes());
    for (at, value) in
        [(4, 0x400), (16, 0x1000), (20, 0x1000), (28, 0x40_0000), (32, 0x1000), (36, 0x200), (56, 0x2000)]
    {
        put(0x98 + at, &u32::to_le_bytes(value));
    }
    put(0x98 + 40, &4u16.to_le_bytes());
    put(0x98 + 48, &4u16.to_le_bytes());
    put(0x98 + 60, &0x200u32.to_le_bytes());
    put(0x98 + 68, &3u16.to_le_bytes());
    put(0x98 + 92, &16u32.to_le_bytes());
    put(0x178, b".text\0\0\0");
    for (at, value) in [(8, 0x400), (12, 0x1000), (16, 0x400), (20, 0x200), (36, 0x6000_0020)] {
        put(0x178 + at, &u32::to_le_bytes(value));
    }
    for (at, byte) in file.iter_mut().enumerate().take(0x600).skip(0x200) {
        *byte = (at * 7 % 251) as u8;
    }
    file
}

pub fn sign(shop: &Workshop, signer: &str, more: &[&str]) -> Vec<u8> {
    let (pem, key) = (format!("{signer}.pem"), format!("{signer}.key"));
    let output = format!("signed-{signer}.exe");
    let mut arguments = vec!["sign", "-certs", &pem, "-key", &key, "-h", "sha256"];
    arguments.extend(more);
    arguments.extend(["-in", "setup.exe", "-out", &output]);
    let _ = std::fs::remove_file(shop.path(&output));
    shop.run("osslsigncode", &arguments);
    shop.read(&output)
}

pub fn by<'a>(anchors: &'a [&'a [u8]]) -> [Means<'a>; 1] {
    [Means::Authenticode(CertificateMeans { signature: &[], anchors })]
}

#[test]
fn a_signed_executable_is_proven_and_nothing_can_be_hidden_in_it() {
    if !have(&["openssl", "osslsigncode"]) {
        return;
    }
    let shop = Workshop::new();
    chain(&shop, "rsa:2048");
    certificate(&shop, "server", "middle", "server", "P-256", "100");
    shop.write("setup.exe", executable());
    let signed = sign(&shop, "signer", &["-ac", "middle.pem"]);
    let root = shop.read("root.pem");
    let anchors = [root.as_slice()];
    let at = shop.made("setup.exe") + days(1);
    let verdict = judge("setup.exe", &signed, &by(&anchors), at);
    genuine(&verdict);
    assert!(verdict.checks[0].signer.as_deref().is_some_and(|by| by.contains("CN=signer")), "{verdict:?}");

    for at_byte in [0x40, 0x84, 0x98 + 4, 0x200, 0x5ff] {
        let mut tampered = signed.clone();
        tampered[at_byte] ^= 0x80;
        let verdict = judge("setup.exe", &tampered, &by(&anchors), at);
        refused(&verdict, Outcome::Tampered, VerificationCode::DigestDifferent);
    }
    let mut checksum = signed.clone();
    checksum[0x98 + 64] ^= 1;
    let verdict = judge("setup.exe", &checksum, &by(&anchors), at);
    refused(&verdict, Outcome::Tampered, VerificationCode::PartNotCovered);
    // Appended data, data in the padding behind the signature, and a table that claims to be longer.
    let appended = [&signed[..], b"payload!"].concat();
    refused(
        &judge("setup.exe", &appended, &by(&anchors), at),
        Outcome::Unreadable,
        VerificationCode::FileMalformed,
    );
    let mut longer = appended.clone();
    let size = u32::from_le_bytes(signed[0x98 + 132..0x98 + 136].try_into().unwrap()) + 8;
    longer[0x98 + 132..0x98 + 136].copy_from_slice(&size.to_le_bytes());
    assert_ne!(judge("setup.exe", &longer, &by(&anchors), at).outcome, Outcome::Genuine);
    let table = u32::from_le_bytes(signed[0x98 + 128..0x98 + 132].try_into().unwrap()) as usize;
    longer[table..table + 4].copy_from_slice(&size.to_le_bytes());
    refused(
        &judge("setup.exe", &longer, &by(&anchors), at),
        Outcome::Unreadable,
        VerificationCode::FileMalformed,
    );
    let truncated = &signed[..signed.len() - 8];
    assert_eq!(judge("setup.exe", truncated, &by(&anchors), at).outcome, Outcome::Unreadable);

    refused(
        &judge("setup.exe", &executable(), &by(&anchors), at),
        Outcome::NoMeans,
        VerificationCode::NotSigned,
    );
    refused(&judge("x", b"no PE", &by(&anchors), at), Outcome::Unreadable, VerificationCode::FileMalformed);
    not_acceptable(
        &judge("setup.exe", &signed, &by(&anchors), at + days(101)),
        VerificationCode::CertificateOutsideValidity,
    );
    let middle = shop.read("middle.pem");
    genuine(&judge("setup.exe", &signed, &by(&[&middle]), at));
    let other = shop.read("server.pem");
    not_acceptable(&judge("setup.exe", &signed, &by(&[&other]), at), VerificationCode::ChainUntrusted);
    let server = sign(&shop, "server", &["-ac", "middle.pem"]);
    not_acceptable(&judge("setup.exe", &server, &by(&anchors), at), VerificationCode::CertificateUsage);
}

/// A time stamp keeps a signature good after its certificate has expired; one that does not count is refused.
#[test]
fn a_time_stamp_outlives_the_certificate() {
    if !have(&["openssl", "osslsigncode"]) {
        return;
    }
    let shop = Workshop::new();
    chain(&shop, "P-256");
    certificate(&shop, "stamps", "root", "stamping", "P-256", "3000");
    certificate(&shop, "stranger", "stranger", "ca", "P-256", "3000");
    certificate(&shop, "foreign", "stranger", "stamping", "P-256", "3000");
    shop.write("setup.exe", executable());
    let root = shop.read("root.pem");
    let anchors = [root.as_slice()];
    let at = shop.made("setup.exe") + days(1);
    let stamped = |authority: &str| {
        let (pem, key) = (format!("{authority}.pem"), format!("{authority}.key"));
        sign(&shop, "signer", &["-ac", "middle.pem", "-TSA-certs", &pem, "-TSA-key", &key])
    };
    let signed = stamped("stamps");
    let verdict = judge("setup.exe", &signed, &by(&anchors), at + days(101));
    genuine(&verdict);
    assert!(verdict.checks[0].signed_at.is_some_and(|time| time < at), "{verdict:?}");
    genuine(&judge("setup.exe", &signed, &by(&anchors), at));
    not_acceptable(
        &judge("setup.exe", &signed, &by(&anchors), at - days(3)),
        VerificationCode::SignatureFuture,
    );
    let foreign = stamped("foreign");
    not_acceptable(&judge("setup.exe", &foreign, &by(&anchors), at), VerificationCode::ChainUntrusted);
    let both = [root.as_slice(), &shop.read("stranger.pem")].concat();
    genuine(&judge("setup.exe", &foreign, &by(&[&both]), at + days(101)));
}
