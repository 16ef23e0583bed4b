//! An encrypted connection (TLS 1.2 and 1.3) for looking at a server. It trusts nobody and accepts every certificate: what is
//! wrong with it is a finding, and nothing secret is ever sent.

use std::io::{self, Read, Write};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme};

use crate::connection::{Guarded, Trouble};
use crate::target::Target;

#[derive(Debug)]
struct AcceptForInspection(Vec<SignatureScheme>);

impl ServerCertVerifier for AcceptForInspection {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.clone()
    }
}

/// An encrypted connection to a target.
pub(crate) struct Encrypted<'a> {
    connection: ClientConnection,
    stream: Guarded<'a>,
}

impl<'a> Encrypted<'a> {
    /// Shakes hands.
    pub(crate) fn open(mut stream: Guarded<'a>, target: &Target) -> Result<Self, Trouble> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let schemes = provider.signature_verification_algorithms.supported_schemes();
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| Trouble::NoCommonTls)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AcceptForInspection(schemes)))
            .with_no_client_auth();
        // A name that TLS does not permit (with `_`, for instance) cannot be indicated.
        let name = ServerName::try_from(target.host.clone()).map_err(|_| Trouble::NotResolved)?;
        let mut connection =
            ClientConnection::new(Arc::new(config), name).map_err(|_| Trouble::NoCommonTls)?;
        while connection.is_handshaking() {
            connection.complete_io(&mut stream).map_err(|error| meaning(&error, &stream))?;
        }
        Ok(Encrypted { connection, stream })
    }

    /// The certificates that the server showed, its own first.
    pub(crate) fn certificates(&self) -> Vec<Vec<u8>> {
        let shown = self.connection.peer_certificates().unwrap_or_default();
        shown.iter().map(|certificate| certificate.as_ref().to_vec()).collect()
    }

    /// The connection below.
    pub(crate) fn into_inner(self) -> Guarded<'a> {
        self.stream
    }
}

fn meaning(error: &io::Error, stream: &Guarded<'_>) -> Trouble {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::AlertReceived(_) | rustls::Error::PeerIncompatible(_)) => Trouble::NoCommonTls,
        Some(_) => Trouble::NotTls,
        None => stream.trouble(error),
    }
}

impl Read for Encrypted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        rustls::Stream::new(&mut self.connection, &mut self.stream).read(buffer)
    }
}

impl Write for Encrypted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        rustls::Stream::new(&mut self.connection, &mut self.stream).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        rustls::Stream::new(&mut self.connection, &mut self.stream).flush()
    }
}
