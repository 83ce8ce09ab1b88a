//! Sealing of values that a copy of the database must not give away.
//!
//! A sealed value is `sealed:1:<key>:<base64 of nonce and ciphertext>`: XChaCha20-Poly1305
//! under a key that is kept outside the database. What the value belongs to (`tasks.secrets`)
//! is authenticated with it, so that it can't be moved to a place where people may read it.

use std::{fmt, sync::Arc};

use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use sha2::{Digest, Sha256};

/// How every sealed value begins.
pub(super) const PREFIX: &str = "sealed:1:";
const NONCE: usize = 24;

/// Why a value can't be sealed, or not be read.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The text of a key is none.
    #[error(
        "a master key is 32 bytes in base64, 44 characters; make one with: openssl rand -base64 32"
    )]
    Key,
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random(#[from] getrandom::Error),
    /// Sealed with a key that is not here.
    #[error(
        "a stored secret was sealed with the master key {0}, which this server does not have; \
         give it by OCTOPUS_MASTER_KEY, or put back `master.key` from a backup"
    )]
    OtherKey(String),
    /// Not what was sealed, or not where it was.
    #[error("the stored secret of {0} is damaged or was changed; set it anew")]
    Damaged(String),
}

/// The master keys. The first one seals, all of them unseal.
#[derive(Clone)]
pub struct Vault {
    keys: Arc<[Key]>,
}

struct Key {
    id: String,
    cipher: XChaCha20Poly1305,
}

impl Vault {
    /// Takes keys as text: base64, separated by white space or commas.
    ///
    /// # Errors
    /// When there is none, or one is not 32 bytes in base64.
    pub fn from_text(text: &str) -> Result<Self, VaultError> {
        let words = text.split(|c: char| c == ',' || c.is_whitespace());
        let keys = words.filter(|word| !word.is_empty()).map(Key::from_text);
        let keys: Arc<[Key]> = keys.collect::<Result<_, _>>()?;
        match keys.is_empty() {
            true => Err(VaultError::Key),
            false => Ok(Self { keys }),
        }
    }

    /// The text of a new key.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn new_key() -> Result<String, VaultError> {
        let mut key = [0_u8; 32];
        getrandom::fill(&mut key)?;
        Ok(BASE64.encode(key))
    }

    /// Seals a value that belongs to `place`, such as `tasks.secrets`.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn seal(&self, place: &str, plain: &str) -> Result<String, VaultError> {
        let damaged = || VaultError::Damaged(place.to_owned());
        let key = self.keys.first().ok_or(VaultError::Key)?;
        let mut bytes = [0_u8; NONCE];
        getrandom::fill(&mut bytes)?;
        let (msg, aad) = (plain.as_bytes(), place.as_bytes());
        let sealed = key.cipher.encrypt(&bytes.into(), Payload { msg, aad });
        let sealed = [bytes.as_slice(), &sealed.map_err(|_| damaged())?].concat();
        Ok(format!("{PREFIX}{}:{}", key.id, BASE64.encode(sealed)))
    }

    /// The value that was sealed for `place`.
    ///
    /// # Errors
    /// When its key is not here, or it is damaged, or was sealed for another place.
    pub fn unseal(&self, place: &str, sealed: &str) -> Result<String, VaultError> {
        let damaged = || VaultError::Damaged(place.to_owned());
        let rest = sealed.strip_prefix(PREFIX).ok_or_else(damaged)?;
        let (id, text) = rest.split_once(':').ok_or_else(damaged)?;
        let key = self.keys.iter().find(|key| key.id == id);
        let key = key.ok_or_else(|| VaultError::OtherKey(id.to_owned()))?;
        let bytes = BASE64.decode(text).map_err(|_| damaged())?;
        let (nonce, msg) = bytes.split_first_chunk::<NONCE>().ok_or_else(damaged)?;
        let aad = place.as_bytes();
        let plain = key.cipher.decrypt(&(*nonce).into(), Payload { msg, aad });
        String::from_utf8(plain.map_err(|_| damaged())?).map_err(|_| damaged())
    }

    /// Whether a value is sealed, and with the key that seals now.
    pub fn is_current(&self, text: &str) -> bool {
        let id = text
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.split(':').next());
        self.keys.first().is_some_and(|key| id == Some(&key.id))
    }
}

/// A name that nothing else has: 32 hexadecimal digits.
///
/// # Errors
/// When the operating system gives no random bytes.
pub fn new_name() -> Result<String, VaultError> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

impl Key {
    fn from_text(text: &str) -> Result<Self, VaultError> {
        let bytes = BASE64.decode(text).map_err(|_| VaultError::Key)?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| VaultError::Key)?;
        let hash = Sha256::new()
            .chain_update(b"octopus master key")
            .chain_update(bytes)
            .finalize();
        Ok(Self {
            id: hash
                .iter()
                .take(4)
                .map(|byte| format!("{byte:02x}"))
                .collect(),
            cipher: XChaCha20Poly1305::new(&bytes.into()),
        })
    }
}

/// Names keys, never shows them.
impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = self.keys.iter().map(|key| &key.id);
        f.debug_list().entries(ids).finish()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::{BASE64, Engine, Vault};

    fn vault(keys: &[u8]) -> Vault {
        let keys = keys.iter().map(|byte| BASE64.encode([*byte; 32]));
        Vault::from_text(&keys.collect::<Vec<_>>().join("\n")).unwrap()
    }

    #[test]
    fn what_was_sealed_comes_back_and_nothing_else() {
        let one = vault(&[1]);
        let sealed = one.seal("a.b", "påssword").unwrap();
        assert_eq!(one.unseal("a.b", &sealed).unwrap(), "påssword");
        assert!(!sealed.contains("ssword"));
        assert_ne!(one.seal("a.b", "påssword").unwrap(), sealed);
        let (head, tail) = sealed.split_at(sealed.len() - 6);
        let changed = format!("{head}{}", tail.chars().rev().collect::<String>());
        for (vault, place, text, words) in [
            (
                &one,
                "a.c",
                sealed.as_str(),
                "secret of a.c is damaged or was changed",
            ),
            (
                &one,
                "a.b",
                &changed,
                "secret of a.b is damaged or was changed",
            ),
            (&one, "a.b", "", "damaged"),
            (&one, "a.b", "{}", "damaged"),
            (&one, "a.b", "sealed:1:", "damaged"),
            (&one, "a.b", sealed.rsplit_once(':').unwrap().0, "damaged"),
            (
                &vault(&[2]),
                "a.b",
                &sealed,
                "give it by OCTOPUS_MASTER_KEY",
            ),
        ] {
            let error = vault.unseal(place, text).unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn a_new_key_seals_and_the_old_one_still_unseals() {
        let old = vault(&[1]).seal("a.b", "x").unwrap();
        let both = vault(&[2, 1]);
        assert_eq!(both.unseal("a.b", &old).unwrap(), "x");
        assert!(!both.is_current(&old) && !both.is_current("{}"));
        let new = both.seal("a.b", "x").unwrap();
        assert!(both.is_current(&new));
        assert_eq!(vault(&[2]).unseal("a.b", &new).unwrap(), "x");
    }

    #[test]
    fn keys_are_checked_and_not_shown() {
        for text in ["", " ", "abc", "AAAA", "?"] {
            assert!(Vault::from_text(text).is_err(), "{text}");
        }
        let text = Vault::new_key().unwrap();
        let shown = format!("{:?}", Vault::from_text(&text).unwrap());
        assert_eq!(shown.len(), 12, "{shown}");
        assert!(!text.contains(shown.trim_matches(['[', ']', '"'])));
    }
}
