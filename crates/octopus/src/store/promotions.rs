//! Releases whose automatic deployments are to be looked at.

use sqlx::AnyConnection;

use super::{Result, Store};

impl Store {
    /// Takes those that no living node looks at: release and revision.
    pub async fn claim_promotions(&self) -> Result<Vec<(i64, i64)>> {
        let mut transaction = self.write().await?;
        sqlx::query(
            "update promotions set node = $1 where node not in (select id from nodes where id <> $1)",
        )
        .bind(&*self.node)
        .execute(&mut *transaction)
        .await?;
        let query =
            "select release_id, revision from promotions where node = $1 order by release_id";
        let query = sqlx::query_as(query).bind(&*self.node);
        let claimed = query.fetch_all(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(claimed)
    }

    /// One was looked at. False: there is more to look at since.
    pub async fn end_promotion(&self, release: i64, revision: i64) -> Result<bool> {
        let done = sqlx::query("delete from promotions where release_id = $1 and revision = $2")
            .bind(release)
            .bind(revision)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// A release's automatic deployments are to be looked at once more.
    pub async fn promote_again(&self, release: i64) -> Result<()> {
        let mut transaction = self.write().await?;
        of_release(&mut transaction, release).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Row ids of the environments for which a release has any deployment.
    pub async fn ordered_to(&self, release: i64) -> Result<Vec<i64>> {
        let query = "select distinct environment_id from deployments where release_id = $1";
        let query = sqlx::query_scalar(query).bind(release);
        Ok(query.fetch_all(&self.pool).await?)
    }
}

/// A release was made, or what held it up is gone.
pub(super) async fn of_release(connection: &mut AnyConnection, release: i64) -> Result<()> {
    let query = "insert into promotions (release_id) values ($1) on conflict (release_id) \
        do update set revision = promotions.revision + 1";
    sqlx::query(query).bind(release).execute(connection).await?;
    Ok(())
}

/// A task has ended well. False: it was no deployment.
pub(super) async fn of_task(connection: &mut AnyConnection, task: i64) -> Result<bool> {
    // The condition keeps SQLite from reading `on conflict` as a join's.
    let query = "insert into promotions (release_id) \
        select release_id from deployments where task_id = $1 and 1 = 1 \
        on conflict (release_id) do update set revision = promotions.revision + 1";
    let done = sqlx::query(query).bind(task).execute(connection).await?;
    Ok(done.rows_affected() > 0)
}
