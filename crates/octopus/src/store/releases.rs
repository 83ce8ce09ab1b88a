//! Releases that are kept no longer.

use super::{
    Result, Store,
    documents::{self, Document},
    events::{self, NewEvent},
};

/// A release of a project in an environment.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Visit {
    /// Row id.
    pub release_id: i64,
    /// Row id.
    pub environment_id: i64,
    /// Row id of the newest deployment.
    pub last: i64,
    /// When that was made, in milliseconds since 1970.
    pub last_at: i64,
    /// Row id of the newest one that ended well; 0 for none.
    pub succeeded: i64,
    /// How many have not ended.
    pub open: i64,
}

impl Store {
    /// Replaces the name and body of a release (see [`Store::change_document`]) as long as there
    /// is no deployment of it. False also: there is one.
    pub async fn change_undeployed(
        &self,
        release: &Document,
        name: &str,
        body: &str,
        event: &NewEvent,
    ) -> Result<bool> {
        let mut transaction = self.write_alone(release.owner_id).await?;
        let query = "select count(*) from deployments where release_id = $1";
        let query = sqlx::query_scalar(query).bind(release.id);
        let deployed: i64 = query.fetch_one(&mut *transaction).await?;
        if deployed > 0 {
            return Ok(false);
        }
        documents::change(
            transaction,
            (release.id, release.revision),
            name,
            body,
            event,
        )
        .await
    }

    /// Where the releases of a project have been deployed to, or are to be.
    pub async fn visits(&self, project: i64) -> Result<Vec<Visit>> {
        let query = "select release_id, environment_id, max(deployments.id) as last, \
            max(created_at) as last_at, \
            max(case when tasks.state = 'Success' then deployments.id else 0 end) as succeeded, \
            cast(sum(case when tasks.completed_at is null then 1 else 0 end) as bigint) as open \
            from deployments join tasks on tasks.id = task_id where project_id = $1 \
            group by release_id, environment_id";
        Ok(sqlx::query_as(query)
            .bind(project)
            .fetch_all(&self.pool)
            .await?)
    }

    /// Forgets a release, unless it was deployed once more since its newest deployment was
    /// `last` (0: none). Its deployments stay in the history of their tasks. False: it stays, or
    /// is gone already.
    pub async fn forget_release(
        &self,
        project: i64,
        id: i64,
        last: i64,
        event: &NewEvent,
    ) -> Result<bool> {
        let mut transaction = self.write_alone(project).await?;
        let done = sqlx::query(
            "delete from documents where kind = 'Releases' and id = $1 and $2 = \
             (select coalesce(max(id), 0) from deployments where release_id = $1)",
        )
        .bind(id)
        .bind(last)
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        for query in [
            "delete from documents where owner_id = $1",
            "delete from promotions where release_id = $1",
        ] {
            let query = sqlx::query(query).bind(id);
            query.execute(&mut *transaction).await?;
        }
        events::append(&mut transaction, event).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
