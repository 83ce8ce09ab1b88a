//! Sessions of people in a browser.

use sqlx::{FromRow as _, Row as _};

use super::{Result, Store, now_ms, users::User};

/// How long a session lasts after sign-in, in milliseconds.
pub const SESSION_MS: i64 = 12 * 3600 * 1000;

impl Store {
    /// Opens a session, and removes those that ran out.
    pub async fn create_session(&self, user: i64, token_hash: &[u8], csrf: &str) -> Result<()> {
        let now = now_ms();
        sqlx::query("delete from sessions where expires_at < $1")
            .bind(now)
            .execute(&self.pool)
            .await?;
        sqlx::query(
            "insert into sessions (token_hash, user_id, csrf, expires_at) values ($1, $2, $3, $4)",
        )
        .bind(token_hash)
        .bind(user)
        .bind(csrf)
        .bind(now + SESSION_MS)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Whose session this is, and its token against forged forms.
    pub async fn session(&self, token_hash: &[u8]) -> Result<Option<(User, String)>> {
        let row = sqlx::query(
            "select users.*, csrf from sessions join users on users.id = user_id \
             where token_hash = $1 and expires_at > $2 and active = 1",
        )
        .bind(token_hash)
        .bind(now_ms())
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((User::from_row(&row)?, row.try_get("csrf")?)))
    }

    /// Signs out.
    pub async fn delete_session(&self, token_hash: &[u8]) -> Result<()> {
        sqlx::query("delete from sessions where token_hash = $1")
            .bind(token_hash)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
