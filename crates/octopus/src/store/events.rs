//! Who changed what: the audit.

use super::{Result, Store, now_ms};

/// A change to be written down, in the same transaction as the change itself.
#[derive(Debug, Clone, Default)]
pub struct NewEvent {
    /// Row id of the space; 0 for none.
    pub space_id: i64,
    /// Who did it.
    pub username: String,
    /// `Created`, `Modified`, `Deleted` …
    pub category: &'static str,
    /// `Projects-7`; the store knows it when the document is made.
    pub document: String,
    /// One sentence.
    pub message: String,
}

/// A change that was made.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Event {
    /// Row id.
    pub id: i64,
    /// Row id of the space; 0 for none.
    pub space_id: i64,
    /// Milliseconds since 1970.
    pub occurred_at: i64,
    /// Who did it.
    pub username: String,
    /// `Created`, `Modified`, `Deleted` …
    pub category: String,
    /// `Projects-7`.
    pub document: String,
    /// One sentence.
    pub message: String,
}

impl Store {
    /// Writes down a change that was made elsewhere.
    pub async fn record(&self, event: &NewEvent) -> Result<()> {
        let mut transaction = self.write().await?;
        append(&mut transaction, event).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Changes in a space, or to one document of it; the newest first.
    pub async fn events(
        &self,
        space: i64,
        document: &str,
        skip: i64,
        take: i64,
    ) -> Result<(Vec<Event>, i64)> {
        let query =
            "select count(*) from events where space_id = $1 and ($2 = '' or document = $2)";
        let total = sqlx::query_scalar(query)
            .bind(space)
            .bind(document)
            .fetch_one(&self.pool)
            .await?;
        let query = "select * from events where space_id = $1 and ($2 = '' or document = $2) \
                     order by id desc limit $3 offset $4";
        let rows = sqlx::query_as(query)
            .bind(space)
            .bind(document)
            .bind(take)
            .bind(skip)
            .fetch_all(&self.pool)
            .await?;
        Ok((rows, total))
    }
}

pub(super) async fn append(connection: &mut sqlx::AnyConnection, event: &NewEvent) -> Result<()> {
    sqlx::query(
        "insert into events (space_id, occurred_at, username, category, document, message) \
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(event.space_id)
    .bind(now_ms())
    .bind(&event.username)
    .bind(event.category)
    .bind(&event.document)
    .bind(&event.message)
    .execute(connection)
    .await?;
    Ok(())
}
