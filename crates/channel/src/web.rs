//! TLS of the portal and the API: the server shows a certificate of its owner's, callers none.

use std::{io, sync::Arc};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// Why a certificate and its key can't be used.
#[derive(Debug, thiserror::Error)]
pub enum WebTlsError {
    /// The text of the certificates is no PEM (RFC 7468).
    #[error(
        "the certificate can't be read; give a PEM file with the server's certificate first, then those that signed it"
    )]
    Certificate(#[source] rustls::pki_types::pem::Error),
    /// There is no certificate in it.
    #[error("the file holds no certificate; give a PEM file with `BEGIN CERTIFICATE`")]
    NoCertificate,
    /// The text of the key is no PEM, or holds none.
    #[error(
        "the private key can't be read; give a PEM file with an unencrypted `BEGIN PRIVATE KEY`"
    )]
    Key(#[source] rustls::pki_types::pem::Error),
    /// They don't fit together.
    #[error(
        "the private key does not belong to the certificate, or is of a kind that is not supported"
    )]
    Pair(#[source] rustls::Error),
}

/// Accepts TLS 1.2 and 1.3, for HTTP/2 and HTTP/1.1.
#[derive(Clone)]
pub struct WebTls(TlsAcceptor);

impl WebTls {
    /// From PEM texts: the chain, the server's own certificate first, and the private key.
    ///
    /// # Errors
    /// When one of them can't be read, or they don't belong together.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, WebTlsError> {
        let chain = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<Vec<_>, _>>()
            .map_err(WebTlsError::Certificate)?;
        if chain.is_empty() {
            return Err(WebTlsError::NoCertificate);
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(WebTlsError::Key)?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(WebTlsError::Pair)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(WebTlsError::Pair)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }

    /// The handshake with one caller.
    ///
    /// # Errors
    /// When the caller speaks no TLS, or goes away.
    pub async fn accept<S>(&self, stream: S) -> io::Result<TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        self.0.accept(stream).await
    }
}

impl std::fmt::Debug for WebTls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebTls")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Identity;

    #[test]
    fn a_pair_is_taken_and_anything_else_is_named() {
        let (_, mine) = Identity::generate("octopus.example").unwrap();
        let (_, other) = Identity::generate("other.example").unwrap();
        assert!(WebTls::from_pem(mine.as_bytes(), mine.as_bytes()).is_ok());
        let why = |chain: &str, key: &str| {
            let refused = WebTls::from_pem(chain.as_bytes(), key.as_bytes());
            refused.unwrap_err().to_string()
        };
        assert!(why(&mine, &other).contains("does not belong"));
        assert!(why("", &mine).contains("no certificate"));
        assert!(why(&mine, "").contains("private key can't be read"));
        assert!(why("-----BEGIN CERTIFICATE-----\n!", &mine).contains("can't be read"));
    }
}
