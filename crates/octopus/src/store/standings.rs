//! The newest deployment of each release in each environment, with its task.

use api::TaskState;

use super::{Result, Store, from_word};

/// How a release stands in an environment.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Row id of the deployment.
    pub id: i64,
    /// Row id.
    pub release_id: i64,
    /// Row id.
    pub environment_id: i64,
    /// Row id.
    pub task_id: i64,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// How the task stands.
    pub state: TaskState,
    /// Why it failed.
    pub error: String,
    /// Milliseconds since 1970.
    pub queued_at: i64,
    /// Milliseconds since 1970.
    pub completed_at: Option<i64>,
    /// Its log warns or tells of errors.
    pub has_warnings: bool,
    /// It waits for people.
    pub is_interrupted: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    release_id: i64,
    environment_id: i64,
    task_id: i64,
    created_at: i64,
    state: String,
    error: String,
    queued_at: i64,
    completed_at: Option<i64>,
    has_warnings: i64,
    questions: i64,
}

impl Store {
    /// Of a project or of a release; 0 stands for any.
    pub async fn standings(&self, project: i64, release: i64) -> Result<Vec<Standing>> {
        let rows: Vec<Row> = sqlx::query_as(
            "select deployments.id, release_id, environment_id, task_id, created_at, state, error, \
             queued_at, completed_at, has_warnings, \
             (select count(*) from interruptions as question \
             where question.task_id = tasks.id and question.submitted_at is null) as questions \
             from deployments join tasks on tasks.id = task_id where deployments.id in \
             (select max(id) from deployments where ($1 = 0 or project_id = $1) \
             and ($2 = 0 or release_id = $2) group by release_id, environment_id) \
             order by deployments.id desc",
        )
        .bind(project)
        .bind(release)
        .fetch_all(&self.pool)
        .await?;
        let standings = rows.into_iter().map(|row| {
            Ok(Standing {
                id: row.id,
                release_id: row.release_id,
                environment_id: row.environment_id,
                task_id: row.task_id,
                created_at: row.created_at,
                state: from_word(&row.state)?,
                error: row.error,
                queued_at: row.queued_at,
                completed_at: row.completed_at,
                has_warnings: row.has_warnings != 0,
                is_interrupted: row.questions > 0,
            })
        });
        standings.collect()
    }
}
