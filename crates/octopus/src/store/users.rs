//! Users and their API keys.

use super::{Result, Store, now_ms};

/// Who is signed in.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct User {
    /// Row id.
    pub id: i64,
    /// Unique without case.
    pub username: String,
    /// PHC string.
    pub password_hash: String,
}

impl Store {
    /// How many there are.
    pub async fn count_users(&self) -> Result<i64> {
        let query = "select count(*) from users";
        Ok(sqlx::query_scalar(query).fetch_one(&self.pool).await?)
    }

    /// Their names.
    pub async fn user_names(&self) -> Result<Vec<String>> {
        let query = "select username from users order by id";
        Ok(sqlx::query_scalar(query).fetch_all(&self.pool).await?)
    }

    /// Adds a user.
    pub async fn create_user(&self, username: &str, password_hash: &str) -> Result<()> {
        sqlx::query("insert into users (username, password_hash) values ($1, $2)")
            .bind(username)
            .bind(password_hash)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The user with this name, in any case.
    pub async fn user_by_name(&self, username: &str) -> Result<Option<User>> {
        let query = "select * from users where username = $1";
        let query = sqlx::query_as(query).bind(username);
        Ok(query.fetch_optional(&self.pool).await?)
    }

    /// Remembers an API key by its SHA-256.
    pub async fn create_api_key(&self, user: i64, hash: &[u8], purpose: &str) -> Result<()> {
        let query =
            "insert into api_keys (user_id, key_hash, purpose, created_at) values ($1, $2, $3, $4)";
        sqlx::query(query)
            .bind(user)
            .bind(hash)
            .bind(purpose)
            .bind(now_ms())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Whose API key this is.
    pub async fn user_by_api_key(&self, hash: &[u8]) -> Result<Option<User>> {
        let query =
            "select users.* from users join api_keys on user_id = users.id where key_hash = $1";
        let query = sqlx::query_as(query).bind(hash);
        Ok(query.fetch_optional(&self.pool).await?)
    }
}
