//! A side's own certificate and key.

use rustls::pki_types::{
    CertificateDer, PrivateKeyDer,
    pem::{self, PemObject},
};

use crate::Thumbprint;

/// A self-signed certificate and its private key.
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    thumbprint: Thumbprint,
}

/// Why there is no identity.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Making the key or the certificate failed.
    #[error("a certificate could not be made")]
    Generate(#[from] rcgen::Error),
    /// The text holds no certificate and key.
    #[error(
        "the text holds no certificate and private key in PEM form; make a new one with `tentacle new-certificate`"
    )]
    Parse(#[from] pem::Error),
}

impl Identity {
    /// Makes a new key (ECDSA P-256) and certificate, and gives them in PEM form too:
    /// one text, to be stored where only its owner can read it.
    pub fn generate(common_name: &str) -> Result<(Self, String), IdentityError> {
        let mut parameters = rcgen::CertificateParams::new(Vec::new())?;
        parameters
            .distinguished_name
            .push(rcgen::DnType::CommonName, common_name);
        // Pinned by thumbprint: the dates carry no meaning, so they are the widest.
        parameters.not_before = rcgen::date_time_ymd(2000, 1, 1);
        parameters.not_after = rcgen::date_time_ymd(2999, 12, 31);
        let key = rcgen::KeyPair::generate()?;
        let certificate = parameters.self_signed(&key)?;
        let text = certificate.pem() + &key.serialize_pem();
        Ok((Self::from_pem(&text)?, text))
    }

    /// Reads what [`Identity::generate`] gave.
    pub fn from_pem(text: &str) -> Result<Self, IdentityError> {
        let certificate = CertificateDer::from_pem_slice(text.as_bytes())?;
        let key = PrivateKeyDer::from_pem_slice(text.as_bytes())?;
        let thumbprint = Thumbprint::of(&certificate);
        Ok(Self {
            certificate,
            key,
            thumbprint,
        })
    }

    /// What the other side has to trust.
    pub fn thumbprint(&self) -> Thumbprint {
        self.thumbprint
    }

    pub(crate) fn chain(&self) -> Vec<CertificateDer<'static>> {
        vec![self.certificate.clone()]
    }

    pub(crate) fn key(&self) -> PrivateKeyDer<'static> {
        self.key.clone_key()
    }
}
