//! Deployments, each with its task.

use api::{TaskArguments, TaskName, TaskState};

use super::{
    Result, Store, StoreError,
    causes::{Cause, Made},
    events::{self, NewEvent},
    now_ms, to_json, to_word,
};

/// A deployment as stored.
#[derive(Debug, Clone, Default, sqlx::FromRow)]
pub struct Deployment {
    /// Row id.
    pub id: i64,
    /// Row id.
    pub space_id: i64,
    /// Row id.
    pub project_id: i64,
    /// Row id.
    pub release_id: i64,
    /// Row id.
    pub environment_id: i64,
    /// Row id.
    pub task_id: i64,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Not before; milliseconds since 1970.
    pub starts_at: i64,
    /// JSON as clients see it, without id and links; values of prompts are sealed.
    pub body: String,
}

/// Which deployments are listed; 0 stands for all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Row id.
    pub space_id: i64,
    /// Row id.
    pub project_id: i64,
    /// Row id.
    pub environment_id: i64,
    /// Row id.
    pub release_id: i64,
}

const FILTER: &str = "space_id = $1 and ($2 = 0 or project_id = $2) \
    and ($3 = 0 or environment_id = $3) and ($4 = 0 or release_id = $4)";

impl Store {
    /// Stores a deployment and queues its task for this node, both or neither, unless there is
    /// one for this cause already.
    pub async fn create_deployment(
        &self,
        new: &Deployment,
        cause: Cause,
        description: &str,
        event: &NewEvent,
    ) -> Result<Made> {
        let mut transaction = self.write_alone(new.project_id).await?;
        if let Some(obstacle) = cause.obstacle(&mut transaction, new, now_ms()).await? {
            return Ok(obstacle);
        }
        let id: Option<i64> = sqlx::query_scalar(
            "insert into deployments \
             (space_id, project_id, release_id, environment_id, created_at, starts_at, body, cause) \
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (cause) do nothing returning id",
        )
        .bind(new.space_id)
        .bind(new.project_id)
        .bind(new.release_id)
        .bind(new.environment_id)
        .bind(now_ms())
        .bind(new.starts_at)
        .bind(&new.body)
        .bind(cause.key(new))
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(id) = id else {
            return Ok(Made::Known);
        };
        let arguments = TaskArguments {
            deployment_id: Some(format!("Deployments-{id}")),
            ..TaskArguments::default()
        };
        let task: i64 = sqlx::query_scalar(
            "insert into tasks (name, description, arguments, secrets, state, queued_at, node) \
             values ($1, $2, $3, '', $4, $5, $6) returning id",
        )
        .bind(to_word(TaskName::Deploy)?)
        .bind(description)
        .bind(to_json(&arguments)?)
        .bind(to_word(TaskState::Queued)?)
        .bind(now_ms())
        .bind(&*self.node)
        .fetch_one(&mut *transaction)
        .await?;
        sqlx::query("update deployments set task_id = $1 where id = $2")
            .bind(task)
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        let event = NewEvent {
            document: format!("Deployments-{id}"),
            ..event.clone()
        };
        events::append(&mut transaction, &event).await?;
        transaction.commit().await?;
        Ok(Made::New(id))
    }

    /// One deployment.
    pub async fn deployment(&self, id: i64) -> Result<Option<Deployment>> {
        let query = sqlx::query_as("select * from deployments where id = $1").bind(id);
        Ok(query.fetch_optional(&self.pool).await?)
    }

    /// The newest first, and how many there are in all.
    pub async fn deployments(
        &self,
        wanted: Wanted,
        skip: i64,
        take: i64,
    ) -> Result<(Vec<Deployment>, i64)> {
        let count = format!("select count(*) from deployments where {FILTER}");
        let total = sqlx::query_scalar(sqlx::AssertSqlSafe(count))
            .bind(wanted.space_id)
            .bind(wanted.project_id)
            .bind(wanted.environment_id)
            .bind(wanted.release_id)
            .fetch_one(&self.pool)
            .await?;
        let page =
            format!("select * from deployments where {FILTER} order by id desc limit $5 offset $6");
        let rows = sqlx::query_as(sqlx::AssertSqlSafe(page))
            .bind(wanted.space_id)
            .bind(wanted.project_id)
            .bind(wanted.environment_id)
            .bind(wanted.release_id)
            .bind(take)
            .bind(skip)
            .fetch_all(&self.pool)
            .await?;
        Ok((rows, total))
    }

    /// Row ids of the environments that a release has been deployed to.
    pub async fn deployed_to(&self, release: i64) -> Result<Vec<i64>> {
        let query = "select distinct environment_id from deployments \
            join tasks on tasks.id = task_id where release_id = $1 and tasks.state = $2";
        let query = sqlx::query_scalar(query).bind(release);
        let rows = query
            .bind(to_word(TaskState::Success)?)
            .fetch_all(&self.pool);
        Ok(rows.await?)
    }

    /// Whether a task has its turn: it waits for no other one.
    pub async fn has_turn(&self, deployment: &Deployment) -> Result<bool> {
        Ok(self.tasks_before(deployment).await?.is_empty())
    }

    /// The deployment of a task.
    pub async fn deployment_of_task(&self, task: i64) -> Result<Deployment> {
        let query = sqlx::query_as("select * from deployments where task_id = $1").bind(task);
        let found: Option<Deployment> = query.fetch_optional(&self.pool).await?;
        found.ok_or_else(|| StoreError::Damaged(format!("deployment of task {task}")))
    }
}
