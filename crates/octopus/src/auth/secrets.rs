//! Making and checking of secrets.

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use sha2::{Digest, Sha256};

/// Why a secret could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random(#[from] getrandom::Error),
    /// The password can't be hashed.
    #[error("the password can't be hashed: {0}")]
    Hash(String),
}

/// An argon2id hash in PHC form. Takes tens of milliseconds on purpose.
pub fn hash_password(password: &str) -> Result<String, SecretError> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| SecretError::Hash(error.to_string()))
}

/// Whether a password belongs to a hash. Takes as long as making the hash.
pub fn verify_password(password: &str, hash: &str) -> bool {
    let outcome = Argon2::default().verify_password(password.as_bytes(), hash);
    outcome.is_ok()
}

/// `API-` and 32 capital letters and digits (160 bits).
pub fn new_api_key() -> Result<String, SecretError> {
    Ok(format!("API-{}", random_base32::<20>()?))
}

/// What lists show of a key: too little to guess the rest.
pub fn key_hint(key: &str) -> String {
    let shown: String = key.chars().take(8).collect();
    format!("{shown}…")
}

/// A password that people can type: 24 capital letters and digits (120 bits).
pub fn new_password() -> Result<String, SecretError> {
    random_base32::<15>()
}

/// A token for a cookie or a form: 52 capital letters and digits (256 bits).
pub fn new_token() -> Result<String, SecretError> {
    random_base32::<32>()
}

/// An id that nothing else has: a random UUID (RFC 9562, version 4).
pub fn new_id() -> Result<String, SecretError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    let number = u128::from_be_bytes(bytes) & !(0xf << 76 | 0b11 << 62) | 4 << 76 | 0b10 << 62;
    let hex = format!("{number:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    let parts = [
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32),
    ];
    Ok(parts.join("-"))
}

/// What the database keeps of a key or token, which is random enough to need no salt.
pub fn hash_token(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Random bytes in base 32 (RFC 4648) without padding.
fn random_base32<const BYTES: usize>() -> Result<String, SecretError> {
    const LETTERS: [char; 32] = [
        'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R',
        'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', '2', '3', '4', '5', '6', '7',
    ];
    let mut bytes = [0_u8; BYTES];
    getrandom::fill(&mut bytes)?;
    let bits: Vec<u8> = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
        .collect();
    let digits = bits.chunks(5).map(|group| {
        let value = group.iter().fold(0_u8, |value, bit| value << 1 | bit);
        LETTERS.get(usize::from(value)).copied().unwrap_or('A')
    });
    Ok(digits.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_known_form_and_differ() {
        let (one, other) = (new_api_key().unwrap(), new_api_key().unwrap());
        let (prefix, rest) = one.split_at(4);
        assert_eq!((prefix, rest.len()), ("API-", 32));
        assert!(
            rest.chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        );
        assert_ne!(one, other);
    }

    #[test]
    fn a_password_opens_its_own_hash_only() {
        let hash = hash_password("correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(verify_password("correct horse", &hash));
        assert!(!verify_password("wrong horse", &hash));
        assert!(!verify_password("correct horse", "damaged"));
    }
}
