//! Servers that share the database, and which of them works on a task.
//!
//! No clock is compared with another one: a node is dead for the others when its beat
//! stands still while they watch. What it writes for a task that another one has claimed
//! is refused ([`StoreError::Taken`](super::StoreError::Taken)).

use super::{Result, Store, now_ms, open::Kind};

impl Store {
    /// Whether other servers may work on the same database.
    pub fn is_shared(&self) -> bool {
        self.kind == Kind::Postgres
    }

    /// Enters this process as a node. `home` names its data folder, which is locked: an
    /// earlier process on it is dead, and so is any other one on an unshared database.
    pub async fn join(&self, home: &str) -> Result<()> {
        let mut transaction = self.write().await?;
        sqlx::query("delete from nodes where home = $1 or $2 = 0")
            .bind(home)
            .bind(i64::from(self.is_shared()))
            .execute(&mut *transaction)
            .await?;
        sqlx::query("insert into nodes (id, home, started_at) values ($1, $2, $3)")
            .bind(&*self.node)
            .bind(home)
            .bind(now_ms())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Leaves: others may go on with what is open.
    pub async fn leave(&self) -> Result<()> {
        sqlx::query("delete from nodes where id = $1")
            .bind(&*self.node)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Says that this node lives. False when others took it for dead.
    pub async fn beat(&self) -> Result<bool> {
        let done = sqlx::query("update nodes set beat = beat + 1 where id = $1")
            .bind(&*self.node)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// The other nodes and their beats.
    pub async fn beats(&self) -> Result<Vec<(String, i64)>> {
        let query = sqlx::query_as("select id, beat from nodes where id <> $1");
        Ok(query.bind(&*self.node).fetch_all(&self.pool).await?)
    }

    /// Takes a node for dead, unless its beat has gone on.
    pub async fn expel(&self, node: &str, beat: i64) -> Result<bool> {
        let done = sqlx::query("delete from nodes where id = $1 and beat = $2")
            .bind(node)
            .bind(beat)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Takes over every open task that no living node works on; the oldest first.
    pub async fn claim_tasks(&self) -> Result<Vec<i64>> {
        let condition = "completed_at is null and node not in (select id from nodes)";
        let look = format!("select count(*) from tasks where {condition}");
        let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(look))
            .fetch_one(&self.pool)
            .await?;
        if count == 0 {
            return Ok(Vec::new());
        }
        let take = format!("update tasks set node = $1 where {condition} returning id");
        let mut ids: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(take))
            .bind(&*self.node)
            .fetch_all(&self.pool)
            .await?;
        ids.sort_unstable();
        Ok(ids)
    }

    /// Open tasks of this node whose end a person asked for, at whatever node.
    pub async fn cancelled_tasks(&self) -> Result<Vec<i64>> {
        let query = "select id from tasks where completed_at is null and node = $1 \
                     and cancel_requested = 1";
        let query = sqlx::query_scalar(query).bind(&*self.node);
        Ok(query.fetch_all(&self.pool).await?)
    }

    /// Open tasks that other nodes work on.
    pub async fn tasks_elsewhere(&self) -> Result<Vec<i64>> {
        let query = "select id from tasks where completed_at is null and node <> $1";
        let query = sqlx::query_scalar(query).bind(&*self.node);
        Ok(query.fetch_all(&self.pool).await?)
    }
}
