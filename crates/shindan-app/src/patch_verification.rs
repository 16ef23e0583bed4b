//! `patch verify`: reads the file and what it is to be proven with, and has it verified.

use std::fs::File;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use shindan_domain::verification::{Channel, Verdict};
use shindan_verify::{
    AptChain, Artefact, CertificateMeans, Means, SignatureMeans, SigstoreMeans, SigstoreSigner,
};

use crate::error::AppError;

pub use shindan_verify::{Algorithm as DigestKind, Pin, PinError};

/// What is to be proven, by what, and as of when. Every file is read as given; none is searched for.
#[derive(Debug, Clone, Default)]
pub struct VerificationRequest {
    /// The file of the patch.
    pub file: PathBuf,
    /// Name under which its maker publishes it; that of the file if not given.
    pub name: Option<String>,
    /// Published digests, hexadecimal.
    pub digests: Vec<(DigestKind, String)>,
    /// Lists of checksums.
    pub checksums: Vec<PathBuf>,
    /// A signature over the list of checksums.
    pub checksums_signature: Option<PathBuf>,
    /// Detached signatures of any kind.
    pub signatures: Vec<PathBuf>,
    /// OpenPGP and minisign keys.
    pub keys: Vec<PathBuf>,
    /// minisign keys: files, or the keys themselves.
    pub minisign_keys: Vec<String>,
    /// Sigstore bundles.
    pub sigstore: Vec<PathBuf>,
    /// `trusted_root.json`.
    pub trust_root: Option<PathBuf>,
    /// Who must have signed the bundle.
    pub identity: Option<String>,
    /// Who must have vouched for that identity.
    pub issuer: Option<String>,
    /// Detached CMS signatures.
    pub cms: Vec<PathBuf>,
    /// Trusted certificates.
    pub certificates: Vec<PathBuf>,
    /// Verify the signature inside a PE file.
    pub authenticode: bool,
    /// apt's `InRelease` or `Release`.
    pub release: Option<PathBuf>,
    /// `Release.gpg`.
    pub release_signature: Option<PathBuf>,
    /// apt's list of packages.
    pub packages: Option<PathBuf>,
    /// Verify the signature inside an RPM package.
    pub rpm: bool,
    /// Keys that count; all of the given ones if empty.
    pub pins: Vec<Pin>,
    /// Where the expected values came from.
    pub channel: Option<Channel>,
}

/// Verifies a patch. **Without any means the verdict is no-means**; what is wrong with lists, signatures and keys is part
/// of the verdict.
///
/// # Errors
/// [`AppError::Io`] if one of the files cannot be read.
pub fn verify(request: &VerificationRequest, at: Timestamp) -> Result<Verdict, AppError> {
    let given = Given::read(request)?;
    let keys: Vec<&[u8]> = given.keys.iter().map(Vec::as_slice).collect();
    let certificates: Vec<&[u8]> = given.certificates.iter().map(Vec::as_slice).collect();
    let means = given.means(request, &keys, &certificates);
    let name = request.name.clone().unwrap_or_else(|| file_name(&request.file));
    let mut file = File::open(&request.file).map_err(AppError::io(&request.file))?;
    let mut artefact = Artefact::new(&name, &mut file);
    shindan_verify::verify(&mut artefact, &means, &request.pins, at, request.channel.as_ref())
        .map_err(AppError::io(&request.file))
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The content of the files of a request.
struct Given {
    keys: Vec<Vec<u8>>,
    certificates: Vec<Vec<u8>>,
    checksums: Vec<Vec<u8>>,
    checksums_signature: Option<Vec<u8>>,
    signatures: Vec<Vec<u8>>,
    sigstore: Vec<Vec<u8>>,
    trust_root: Option<Vec<u8>>,
    cms: Vec<Vec<u8>>,
    release: Option<Vec<u8>>,
    release_signature: Option<Vec<u8>>,
    packages: Option<(String, Vec<u8>)>,
}

fn read(path: &PathBuf) -> Result<Vec<u8>, AppError> {
    std::fs::read(path).map_err(AppError::io(path))
}

fn read_all(paths: &[PathBuf]) -> Result<Vec<Vec<u8>>, AppError> {
    paths.iter().map(read).collect()
}

/// A minisign key is short enough to be given itself; a file of that name is taken first.
fn minisign_key(text: &String) -> Result<Vec<u8>, AppError> {
    let path = PathBuf::from(text);
    if text.len() == 56 && text.starts_with("RW") && !path.exists() {
        return Ok(text.clone().into_bytes());
    }
    read(&path)
}

impl Given {
    fn read(request: &VerificationRequest) -> Result<Given, AppError> {
        let mut keys = read_all(&request.keys)?;
        for key in &request.minisign_keys {
            keys.push(minisign_key(key)?);
        }
        let packages = match &request.packages {
            Some(path) => Some((file_name(path), read(path)?)),
            None => None,
        };
        Ok(Given {
            keys,
            certificates: read_all(&request.certificates)?,
            checksums: read_all(&request.checksums)?,
            checksums_signature: request.checksums_signature.as_ref().map(read).transpose()?,
            signatures: read_all(&request.signatures)?,
            sigstore: read_all(&request.sigstore)?,
            trust_root: request.trust_root.as_ref().map(read).transpose()?,
            cms: read_all(&request.cms)?,
            release: request.release.as_ref().map(read).transpose()?,
            release_signature: request.release_signature.as_ref().map(read).transpose()?,
            packages,
        })
    }

    fn means<'a>(
        &'a self,
        request: &'a VerificationRequest,
        keys: &'a [&'a [u8]],
        certificates: &'a [&'a [u8]],
    ) -> Vec<Means<'a>> {
        let mut means = Vec::new();
        for (algorithm, expected) in &request.digests {
            means.push(Means::Digest { algorithm: *algorithm, expected });
        }
        let signature = self.checksums_signature.as_deref();
        // Keys or pins that nothing else uses are meant for the list.
        let others = !self.signatures.is_empty() || self.release.is_some() || request.rpm;
        let must_be_signed = !others && (!keys.is_empty() || !request.pins.is_empty());
        let lists = self.checksums.iter();
        means.extend(lists.map(|list| Means::Checksums { list, signature, keys, must_be_signed }));
        for signature in &self.signatures {
            let sigstore = self.trust_root.as_ref().map(|_| self.bundle(request, signature));
            means.push(Means::Signature(SignatureMeans { signature, keys, anchors: certificates, sigstore }));
        }
        means.extend(self.sigstore.iter().map(|bundle| Means::Sigstore(self.bundle(request, bundle))));
        for signature in &self.cms {
            means.push(Means::Cms(CertificateMeans { signature, anchors: certificates }));
        }
        if request.authenticode {
            means.push(Means::Authenticode(CertificateMeans { signature: &[], anchors: certificates }));
        }
        if let Some(release) = &self.release {
            let packages = self.packages.as_ref().map(|(name, list)| (name.as_str(), list.as_slice()));
            let release_signature = self.release_signature.as_deref();
            means.push(Means::Apt(AptChain { release, release_signature, packages, keys }));
        }
        if request.rpm {
            means.push(Means::Rpm { keys });
        }
        means
    }

    fn bundle<'a>(&'a self, request: &'a VerificationRequest, bundle: &'a [u8]) -> SigstoreMeans<'a> {
        let key = self.keys.iter().find(|key| key.starts_with(b"-----BEGIN PUBLIC KEY-----"));
        let signer = match (&request.identity, &request.issuer, key) {
            (Some(identity), Some(issuer), _) => SigstoreSigner::Identity { identity, issuer },
            (None, None, Some(key)) => SigstoreSigner::Key(key),
            _ => SigstoreSigner::Anybody,
        };
        SigstoreMeans { bundle, trust_root: self.trust_root.as_deref().unwrap_or_default(), signer }
    }
}
