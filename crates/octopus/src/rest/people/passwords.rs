//! Passwords of people.

use crate::{auth, error::ApiError, rest::mistakes::Mistakes};

/// Shortest and longest, in characters. Hashing takes as long for any length.
const LENGTHS: std::ops::RangeInclusive<usize> = 8..=1000;

/// Refuses what is no password; never repeats it.
pub(super) fn check(password: &str, mistakes: &mut Mistakes) {
    if !LENGTHS.contains(&password.chars().count()) {
        mistakes.add("Password: it takes 8 to 1000 characters.");
    }
}

/// Takes tens of milliseconds on purpose, on a thread for such work.
pub(super) async fn hash(password: String) -> Result<String, ApiError> {
    let hash = tokio::task::spawn_blocking(move || auth::hash_password(&password));
    let hash = hash.await.map_err(|error| ApiError::internal(&error))?;
    Ok(hash?)
}
