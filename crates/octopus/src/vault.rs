//! Secrets at rest: sealed with a key that is kept outside the database.

use std::path::Path;

use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce, aead::Aead};

/// Length of a nonce of XChaCha20-Poly1305, in bytes: long enough to be random.
const NONCE: usize = 24;

/// Why a secret can't be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key's file.
    #[error("the key of secrets in {0} is damaged; restore it from a backup")]
    Key(String),
    /// The key's file.
    #[error("the key of secrets in {path} can't be read or written; check its owner")]
    Io {
        /// Where.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// It was sealed with another key, or changed.
    #[error("a stored secret does not open with this server's key; set it anew")]
    Sealed,
    /// No random bytes.
    #[error("the operating system gave no random bytes; try again")]
    Random,
}

/// Seals and opens secrets.
pub struct Vault(XChaCha20Poly1305);

impl Vault {
    /// Reads the key, or makes one.
    pub fn open(
        file: &Path,
        write: impl FnOnce(&Path, &str) -> std::io::Result<()>,
    ) -> Result<Self, VaultError> {
        let shown = || file.display().to_string();
        let failed = |source| VaultError::Io {
            path: shown(),
            source,
        };
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut key = [0; 32];
                getrandom::fill(&mut key).map_err(|_| VaultError::Random)?;
                let text = STANDARD.encode(key);
                write(file, &text).map_err(failed)?;
                text
            }
            Err(error) => return Err(failed(error)),
        };
        let key = STANDARD.decode(text.trim()).unwrap_or_default();
        let cipher = XChaCha20Poly1305::new_from_slice(&key);
        Ok(Self(cipher.map_err(|_| VaultError::Key(shown()))?))
    }

    /// A text that only this key opens; another one each time.
    pub fn seal(&self, secret: &str) -> Result<String, VaultError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| VaultError::Random)?;
        let sealed = self.0.encrypt(&XNonce::from(nonce), secret.as_bytes());
        let sealed = sealed.map_err(|_| VaultError::Sealed)?;
        Ok(STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    /// The secret in a sealed text.
    pub fn unseal(&self, sealed: &str) -> Result<String, VaultError> {
        let bytes = STANDARD.decode(sealed).map_err(|_| VaultError::Sealed)?;
        let (nonce, sealed) = bytes
            .split_first_chunk::<NONCE>()
            .ok_or(VaultError::Sealed)?;
        let opened = self.0.decrypt(&XNonce::from(*nonce), sealed);
        String::from_utf8(opened.map_err(|_| VaultError::Sealed)?).map_err(|_| VaultError::Sealed)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_opens_what_it_sealed() {
        let folder = tempfile::tempdir().unwrap();
        let open = |name: &str| {
            Vault::open(&folder.path().join(name), |path, text| {
                std::fs::write(path, text)
            })
            .unwrap()
        };
        let sealed = open("a").seal("hunter2").unwrap();
        assert!(!sealed.contains("hunter2"));
        assert_ne!(sealed, open("a").seal("hunter2").unwrap());
        assert_eq!(open("a").unseal(&sealed).unwrap(), "hunter2");
        assert!(open("b").unseal(&sealed).is_err());
        for broken in [
            "",
            "AAAA",
            &sealed[..sealed.len() - 4],
            &format!("AAAA{}", &sealed[4..]),
        ] {
            assert!(open("a").unseal(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_damaged_key_is_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        std::fs::write(&file, "short").unwrap();
        assert!(Vault::open(&file, |_, _| Ok(())).is_err());
    }
}
