//! Environments.

use super::{Result, Store, conflict};

/// An environment.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Environment {
    /// Row id.
    pub id: i64,
    /// Unique without case.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Position in lists.
    pub sort_order: i64,
}

impl Store {
    /// All, in the order of lists.
    pub async fn environments(&self) -> Result<Vec<Environment>> {
        let query = "select * from environments order by sort_order, id";
        Ok(sqlx::query_as(query).fetch_all(&self.pool).await?)
    }

    /// Adds one at the end.
    pub async fn create_environment(&self, name: &str, description: &str) -> Result<Environment> {
        sqlx::query_as(
            "insert into environments (name, description, sort_order) \
             values ($1, $2, (select count(*) from environments)) returning *",
        )
        .bind(name)
        .bind(description)
        .fetch_one(&self.pool)
        .await
        .map_err(|error| {
            conflict(error, || {
                format!(
                    "An environment with the name `{name}` exists already; choose another name."
                )
            })
        })
    }
}
