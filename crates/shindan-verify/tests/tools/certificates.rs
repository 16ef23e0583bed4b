//! openssl: CMS signatures by certificates of every kind, and certificates that do not count.

use shindan_domain::verification::{Outcome, VerificationCode};
use shindan_verify::{CertificateMeans, Means};

use crate::workshop::{
    Workshop, altered, days, genuine, have, judge, judge_pinned, not_acceptable, payload, refused,
};

const EXTENSIONS: &str = "
[ca]
basicConstraints = critical, CA:TRUE, pathlen:1
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[middle]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[signing]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = codeSigning
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
[odd]
extendedKeyUsage = codeSigning
1.2.3.4 = critical, DER:0500
[stamping]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
serial = ./tsa.serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
[req]
distinguished_name = dn
[dn]
";

/// A key of a kind: `rsa:2048`, `P-256`, `P-384`.
pub fn new_key(shop: &Workshop, name: &str, kind: &str) {
    let file = format!("{name}.key");
    match kind.strip_prefix("rsa:") {
        Some(bits) => {
            let bits = format!("rsa_keygen_bits:{bits}");
            shop.run("openssl", &["genpkey", "-algorithm", "RSA", "-pkeyopt", &bits, "-out", &file])
        }
        None => {
            let curve = format!("ec_paramgen_curve:{kind}");
            shop.run("openssl", &["genpkey", "-algorithm", "EC", "-pkeyopt", &curve, "-out", &file])
        }
    };
}

/// `NAME.pem`, issued by `ISSUER` (itself if the names are equal).
pub fn certificate(shop: &Workshop, name: &str, issuer: &str, extensions: &str, kind: &str, days: &str) {
    shop.write("openssl.cnf", EXTENSIONS);
    new_key(shop, name, kind);
    let (key, request, pem) = (format!("{name}.key"), format!("{name}.csr"), format!("{name}.pem"));
    let subject = format!("/O=Example/CN={name}");
    shop.run(
        "openssl",
        &["req", "-new", "-config", "openssl.cnf", "-key", &key, "-subj", &subject, "-out", &request],
    );
    let mut arguments = vec!["x509", "-req", "-in", &request, "-days", days, "-out", &pem];
    arguments.extend(["-extfile", "openssl.cnf", "-extensions", extensions]);
    let (issuer_pem, issuer_key) = (format!("{issuer}.pem"), format!("{issuer}.key"));
    if name == issuer {
        arguments.extend(["-signkey", &key]);
    } else {
        arguments.extend(["-CA", &issuer_pem, "-CAkey", &issuer_key, "-CAcreateserial"]);
    }
    shop.run("openssl", &arguments);
}

/// root → middle → signer
pub fn chain(shop: &Workshop, kind: &str) {
    certificate(shop, "root", "root", "ca", "P-256", "3650");
    certificate(shop, "middle", "root", "middle", "P-384", "1000");
    certificate(shop, "signer", "middle", "signing", kind, "100");
}

fn sign(shop: &Workshop, signer: &str, output: &str, more: &[&str]) -> Vec<u8> {
    let (pem, key) = (format!("{signer}.pem"), format!("{signer}.key"));
    let mut arguments = vec!["cms", "-sign", "-binary", "-in", "patch.bin", "-signer", &pem, "-inkey", &key];
    arguments.extend(["-certfile", "middle.pem", "-out", output]);
    arguments.extend(if output.ends_with(".pem") { ["-outform", "PEM"] } else { ["-outform", "DER"] });
    arguments.extend(more);
    shop.run("openssl", &arguments);
    shop.read(output)
}

fn by<'a>(signature: &'a [u8], anchors: &'a [&'a [u8]]) -> [Means<'a>; 1] {
    [Means::Cms(CertificateMeans { signature, anchors })]
}

#[test]
fn cms_signatures_of_every_kind_prove_the_file() {
    if !have(&["openssl"]) {
        return;
    }
    let content = payload();
    let pss = ["-keyopt", "rsa_padding_mode:pss"];
    let ways: [(&str, &[&str]); 6] = [
        ("rsa:2048", &[]),
        ("rsa:3072", &["-md", "sha384"]),
        ("rsa:2048", &pss),
        ("P-256", &["-md", "sha256"]),
        ("P-384", &["-md", "sha384"]),
        ("P-256", &["-md", "sha512", "-keyid"]),
    ];
    for (kind, more) in ways {
        let shop = Workshop::new();
        chain(&shop, kind);
        shop.write("patch.bin", &content);
        let root = shop.read("root.pem");
        let anchors = [root.as_slice()];
        let at = shop.made("patch.bin") + days(1);
        for output in ["patch.p7s", "patch.pem"] {
            let signature = sign(&shop, "signer", output, more);
            let verdict = judge("patch.bin", &content, &by(&signature, &anchors), at);
            genuine(&verdict);
            assert_eq!(verdict.checks[0].signer.as_deref(), Some("CN=signer,O=Example"), "{kind}");
            for (_, other) in altered(&content) {
                let verdict = judge("patch.bin", &other, &by(&signature, &anchors), at);
                refused(&verdict, Outcome::Tampered, VerificationCode::DigestDifferent);
            }
        }
    }
}

#[test]
fn certificates_that_do_not_count_are_refused_each_for_its_reason() {
    if !have(&["openssl"]) {
        return;
    }
    let shop = Workshop::new();
    chain(&shop, "P-256");
    certificate(&shop, "server", "middle", "server", "P-256", "100");
    certificate(&shop, "odd", "middle", "odd", "P-256", "100");
    certificate(&shop, "below", "signer", "signing", "P-256", "100");
    certificate(&shop, "stranger", "stranger", "ca", "P-256", "3650");
    certificate(&shop, "small", "middle", "signing", "rsa:1024", "100");
    let content = payload();
    shop.write("patch.bin", &content);
    let (root, stranger, own) = (shop.read("root.pem"), shop.read("stranger.pem"), shop.read("signer.pem"));
    let at = shop.made("patch.bin") + days(1);
    let signature = sign(&shop, "signer", "patch.p7s", &[]);
    let judged =
        |signature: &[u8], anchors: &[&[u8]], at| judge("patch.bin", &content, &by(signature, anchors), at);

    genuine(&judged(&signature, &[&root], at));
    genuine(&judged(&signature, &[&own], at));
    not_acceptable(&judged(&signature, &[&stranger], at), VerificationCode::ChainUntrusted);
    not_acceptable(&judged(&signature, &[], at), VerificationCode::KeyMissing);
    not_acceptable(
        &judged(&signature, &[&root], at + days(101)),
        VerificationCode::CertificateOutsideValidity,
    );
    not_acceptable(&judged(&signature, &[&root], at - days(3)), VerificationCode::CertificateOutsideValidity);
    let server = sign(&shop, "server", "server.p7s", &[]);
    not_acceptable(&judged(&server, &[&root], at), VerificationCode::CertificateUsage);
    // A signer that issues certificates without being allowed to.
    let below = sign(&shop, "below", "below.p7s", &["-certfile", "signer.pem"]);
    let verdict = judged(&below, &[&root], at);
    assert_eq!(verdict.outcome, Outcome::KeyNotAcceptable, "{verdict:?}");
    let odd = sign(&shop, "odd", "odd.p7s", &[]);
    refused(&judged(&odd, &[&root], at), Outcome::Unreadable, VerificationCode::NotSupported);
    let small = sign(&shop, "small", "small.p7s", &[]);
    not_acceptable(&judged(&small, &[&root], at), VerificationCode::KeyWeak);
    let weak = sign(&shop, "signer", "weak.p7s", &["-md", "sha1"]);
    not_acceptable(&judged(&weak, &[&root], at), VerificationCode::SignatureWeak);
    let bare = sign(&shop, "signer", "bare.p7s", &["-noattr"]);
    refused(&judged(&bare, &[&root], at), Outcome::Unreadable, VerificationCode::NotSupported);
    let attached = sign(&shop, "signer", "attached.p7s", &["-nodetach"]);
    refused(&judged(&attached, &[&root], at), Outcome::Unreadable, VerificationCode::NotSupported);
    let without = sign(&shop, "signer", "without.p7s", &["-nocerts"]);
    not_acceptable(&judged(&without, &[&root], at), VerificationCode::KeyUnknown);

    let printed =
        shop.run("openssl", &["x509", "-in", "signer.pem", "-noout", "-fingerprint", "-sha256"]).stdout;
    let printed = String::from_utf8(printed).unwrap();
    let pins = [printed.trim().split_once('=').unwrap().1.parse().unwrap()];
    genuine(&judge_pinned("patch.bin", &content, &by(&signature, &[&root]), &pins, at));
    let pins = ["00".repeat(32).parse().unwrap()];
    not_acceptable(
        &judge_pinned("patch.bin", &content, &by(&signature, &[&root]), &pins, at),
        VerificationCode::KeyNotPinned,
    );
}
