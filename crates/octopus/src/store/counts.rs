//! Counts, for monitoring.

use super::{Result, Store};

impl Store {
    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("select 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Machines of each health, as it is stored.
    pub async fn count_machines(&self) -> Result<Vec<(String, i64)>> {
        let query = "select health, count(*) from machines group by health order by health";
        Ok(sqlx::query_as(query).fetch_all(&self.pool).await?)
    }

    /// Packages, and the sum of their sizes in bytes.
    pub async fn count_packages(&self) -> Result<(i64, i64)> {
        let query = "select count(*), cast(coalesce(sum(size), 0) as bigint) from packages";
        Ok(sqlx::query_as(query).fetch_one(&self.pool).await?)
    }
}
