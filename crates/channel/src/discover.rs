//! Who answers at an address, before anybody is trusted.

use std::{io, sync::Arc, time::Duration};

use rustls::{CertificateError, pki_types::ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::{Identity, Thumbprint, Trust, tls};

/// Longest time for TCP and TLS together.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The thumbprint of the certificate that is presented at `host:port`. Nothing is sent to
/// whoever answers there: the handshake ends when the certificate is seen.
///
/// # Errors
/// When nobody answers, or not with TLS 1.3.
pub async fn discover(host: &str, port: u16, identity: &Identity) -> io::Result<Thumbprint> {
    let config = tls::client(identity, Trust::new([])).map_err(io::Error::other)?;
    let connector = TlsConnector::from(Arc::new(config));
    let looking = async {
        let socket = TcpStream::connect((host, port)).await?;
        let name = ServerName::try_from("tentacle.invalid").map_err(io::Error::other)?;
        match connector.connect(name, socket).await {
            Ok(_) => Err(io::Error::other("it presents no certificate")),
            Err(error) => presented(&error).ok_or(error),
        }
    };
    tokio::time::timeout(TIMEOUT, looking)
        .await
        .unwrap_or_else(|_| {
            let text = "no answer within 10 s; is a firewall in between?";
            Err(io::Error::new(io::ErrorKind::TimedOut, text))
        })
}

/// The certificate for which a handshake ended.
fn presented(error: &io::Error) -> Option<Thumbprint> {
    let error = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    match error {
        rustls::Error::InvalidCertificate(CertificateError::Other(why)) => {
            let why = why.0.downcast_ref::<tls::NotPinned>()?;
            Some(why.presented)
        }
        _ => None,
    }
}
