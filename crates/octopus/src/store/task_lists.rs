//! Lists of tasks: by state, kind, project and environment, and who waits behind whom.

use api::{TaskName, TaskState};
use sqlx::{Any, query::QueryAs, query::QueryScalar};

use super::{
    Result, Store,
    deployments::Deployment,
    now_ms,
    tasks::{SELECT, Task, TaskRow},
    to_word,
};

/// Which tasks are listed. What is empty, or 0, stands for all.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// In one of these states.
    pub states: Vec<TaskState>,
    /// Of this kind.
    pub name: Option<TaskName>,
    /// Deployments of this project, a row id.
    pub project: i64,
    /// About this environment, a row id.
    pub environment: i64,
    /// Only those that wait for people, or only the others.
    pub interrupted: Option<bool>,
    /// Only those whose log warns or tells of errors, or only the others.
    pub warned: Option<bool>,
}

impl Wanted {
    /// Whether the number of tasks in each state tells how many there are.
    fn is_by_state(&self) -> bool {
        let Self {
            name,
            project,
            environment,
            interrupted,
            warned,
            ..
        } = self;
        name.is_none()
            && (*project, *environment) == (0, 0)
            && interrupted.is_none()
            && warned.is_none()
    }

    /// The condition; values are numbered from `$3` up, as [`Self::values`] gives them.
    fn condition(&self) -> String {
        let mut places = 3..;
        let mut place = || format!("${}", places.next().unwrap_or(0));
        let mut conditions = vec!["1 = 1".to_owned()];
        if !self.states.is_empty() {
            let all: Vec<String> = self.states.iter().map(|_| place()).collect();
            conditions.push(format!("state in ({})", all.join(", ")));
        }
        if self.name.is_some() {
            conditions.push(format!("name = {}", place()));
        }
        if self.project != 0 {
            let place = place();
            conditions.push(format!(
                "id in (select task_id from deployments where project_id = {place})"
            ));
        }
        if self.environment != 0 {
            let place = place();
            conditions.push(format!(
                "(id in (select task_id from deployments where environment_id = {place}) \
                 or id in (select task_id from task_targets where environment_id = {place}))"
            ));
        }
        if let Some(interrupted) = self.interrupted {
            let not = if interrupted { "" } else { "not " };
            conditions.push(format!(
                "id {not}in (select task_id from interruptions where submitted_at is null)"
            ));
        }
        if let Some(warned) = self.warned {
            conditions.push(format!("has_warnings = {}", i64::from(warned)));
        }
        conditions.join(" and ")
    }

    fn values(&self) -> Result<Vec<Value>> {
        let mut values = Vec::new();
        for state in &self.states {
            values.push(Value::Text(to_word(state)?));
        }
        if let Some(name) = self.name {
            values.push(Value::Text(to_word(name)?));
        }
        let rows = [self.project, self.environment];
        values.extend(rows.into_iter().filter(|row| *row != 0).map(Value::Row));
        Ok(values)
    }
}

enum Value {
    Text(String),
    Row(i64),
}

type Rows<'q> = QueryAs<'q, Any, TaskRow, sqlx::any::AnyArguments>;
type Count<'q> = QueryScalar<'q, Any, i64, sqlx::any::AnyArguments>;

impl Store {
    /// The newest first, and how many there are in all.
    pub async fn tasks(&self, wanted: &Wanted, skip: i64, take: i64) -> Result<(Vec<Task>, i64)> {
        let condition = wanted.condition();
        let page = format!("{SELECT} where {condition} order by id desc limit $1 offset $2");
        let mut query: Rows<'_> = sqlx::query_as(sqlx::AssertSqlSafe(page))
            .bind(take)
            .bind(skip);
        for value in wanted.values()? {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Row(row) => query.bind(row),
            };
        }
        let rows: Vec<TaskRow> = query.fetch_all(&self.pool).await?;
        let rows = rows.into_iter().map(TaskRow::task).collect::<Result<_>>()?;
        let total = match wanted.is_by_state() {
            true => self.count_in(&wanted.states).await?,
            false => self.count(wanted, &condition).await?,
        };
        Ok((rows, total))
    }

    async fn count_in(&self, states: &[TaskState]) -> Result<i64> {
        let counts = self.count_tasks().await?.into_iter();
        let counted = counts.filter(|(state, _)| states.is_empty() || states.contains(state));
        Ok(counted.map(|(_, count)| count).sum())
    }

    async fn count(&self, wanted: &Wanted, condition: &str) -> Result<i64> {
        // The first two places are the page's.
        let query = format!("select count(*) from tasks where {condition} and $1 = $1 and $2 = $2");
        let mut query: Count<'_> = sqlx::query_scalar(sqlx::AssertSqlSafe(query))
            .bind(0_i64)
            .bind(0_i64);
        for value in wanted.values()? {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Row(row) => query.bind(row),
            };
        }
        Ok(query.fetch_one(&self.pool).await?)
    }

    /// The tasks that a deployment waits for before it has its turn: of the same project and
    /// environment, running, or made before it and not waiting for their own time.
    pub async fn tasks_before(&self, deployment: &Deployment) -> Result<Vec<Task>> {
        let query = format!(
            "{SELECT} where id in (select task_id from deployments join tasks as other \
             on other.id = task_id where project_id = $1 and environment_id = $2 \
             and deployments.id <> $3 and (other.state in ('Executing', 'Cancelling') \
             or (other.state = 'Queued' and deployments.id < $3 and starts_at <= $4))) \
             order by id"
        );
        let rows: Vec<TaskRow> = sqlx::query_as(sqlx::AssertSqlSafe(query))
            .bind(deployment.project_id)
            .bind(deployment.environment_id)
            .bind(deployment.id)
            .bind(now_ms())
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(TaskRow::task).collect()
    }
}
