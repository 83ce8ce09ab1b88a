//! API keys: of each, only the hash and the first characters are kept.

use crate::store::{
    Result, Store,
    events::{self, NewEvent},
    now_ms,
    users::User,
};

/// A key as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ApiKey {
    /// Row id.
    pub id: i64,
    /// Row id.
    pub user_id: i64,
    /// What it is for.
    pub purpose: String,
    /// Its first characters; empty for keys made before these were kept.
    pub hint: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970; `None`: never.
    pub expires_at: Option<i64>,
}

/// A key to be stored.
#[derive(Debug, Clone, Default)]
pub struct NewKey {
    /// Row id.
    pub user_id: i64,
    /// SHA-256.
    pub hash: Vec<u8>,
    /// What it is for.
    pub purpose: String,
    /// Its first characters.
    pub hint: String,
    /// Milliseconds since 1970; `None`: never.
    pub expires_at: Option<i64>,
}

const COLUMNS: &str = "id, user_id, purpose, hint, created_at, expires_at";

impl Store {
    /// Remembers an API key by its SHA-256; gives the row id.
    pub async fn create_api_key(&self, new: &NewKey, event: &NewEvent) -> Result<i64> {
        let mut transaction = self.write().await?;
        let id: i64 = sqlx::query_scalar(
            "insert into api_keys (user_id, key_hash, purpose, hint, created_at, expires_at) \
             values ($1, $2, $3, $4, $5, $6) returning id",
        )
        .bind(new.user_id)
        .bind(&new.hash)
        .bind(&new.purpose)
        .bind(&new.hint)
        .bind(now_ms())
        .bind(new.expires_at)
        .fetch_one(&mut *transaction)
        .await?;
        let event = NewEvent {
            document: format!("APIKeys-{id}"),
            ..event.clone()
        };
        events::append(&mut transaction, &event).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// The keys of a user, the newest first.
    pub async fn api_keys(&self, user: i64) -> Result<Vec<ApiKey>> {
        let query = format!("select {COLUMNS} from api_keys where user_id = $1 order by id desc");
        let query = sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(user);
        Ok(query.fetch_all(&self.pool).await?)
    }

    /// Takes a key back.
    pub async fn delete_api_key(&self, id: i64, event: &NewEvent) -> Result<()> {
        let mut transaction = self.write().await?;
        sqlx::query("delete from api_keys where id = $1")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        events::append(&mut transaction, event).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Whose API key this is: somebody active, and a key that has not expired.
    pub async fn user_by_api_key(&self, hash: &[u8]) -> Result<Option<User>> {
        let query = "select users.* from users join api_keys on user_id = users.id \
                     where key_hash = $1 and active = 1 \
                     and (expires_at is null or expires_at > $2)";
        let query = sqlx::query_as(query).bind(hash).bind(now_ms());
        Ok(query.fetch_optional(&self.pool).await?)
    }
}
