//! Machines that became available: new ones, those that got a role or an environment, and those
//! that answer again. Triggers of projects look at them.
//!
//! An arrival is written down in the transaction that changes the machine, and waits there until
//! the machine answers and somebody has looked at every trigger; so none is lost.

use sqlx::AnyConnection;

use super::{
    Result, Store, causes,
    deployments::Deployment,
    events::{self, NewEvent},
    machines::Registration,
    now_ms,
};

/// The machine is new.
pub const ADDED: &str = "MachineAdded";
/// A person lets deployments reach it again.
pub const ENABLED: &str = "MachineEnabled";
/// It answers, and did not before.
pub const HEALTHY: &str = "MachineHealthy";
/// It has a role or an environment more.
pub const CHANGED: &str = "MachineDeploymentRelatedPropertyWasUpdated";

/// What happened to one machine since triggers were last looked at.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Arrival {
    /// Row id.
    pub id: i64,
    /// Row id.
    pub machine_id: i64,
    /// [`ADDED`] and the like, separated by commas.
    pub categories: String,
    /// Goes up when more happened.
    pub revision: i64,
}

impl Arrival {
    /// What happened.
    pub fn categories(&self) -> impl Iterator<Item = &str> {
        self.categories.split(',')
    }
}

impl Store {
    /// The arrivals of machines that can be deployed to now.
    pub async fn arrivals(&self) -> Result<Vec<Arrival>> {
        let query = "select arrivals.* from arrivals join machines on machines.id = machine_id \
            where machines.health = 'Healthy' and machines.disabled = 0 order by arrivals.id";
        Ok(sqlx::query_as(query).fetch_all(&self.pool).await?)
    }

    /// Every trigger was looked at. False: more happened meanwhile, or another server said so
    /// before; then nothing is written down.
    pub async fn end_arrival(&self, arrival: &Arrival, events: &[NewEvent]) -> Result<bool> {
        let mut transaction = self.write().await?;
        let done = sqlx::query("delete from arrivals where id = $1 and revision = $2")
            .bind(arrival.id)
            .bind(arrival.revision)
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        for event in events {
            events::append(&mut transaction, event).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// The newest deployment of a project to an environment that ended well.
    pub async fn current_deployment(
        &self,
        project: i64,
        environment: i64,
    ) -> Result<Option<Deployment>> {
        let mut connection = self.pool.acquire().await?;
        causes::current(&mut connection, project, environment).await
    }

    /// Whether a deployment of a project to an environment runs, or is about to.
    pub async fn is_deploying(&self, project: i64, environment: i64) -> Result<bool> {
        let mut connection = self.pool.acquire().await?;
        causes::is_busy(&mut connection, project, environment, now_ms()).await
    }

    /// Row id of the release of a project that a machine of an environment got last, when every
    /// part of that deployment ended well on it.
    pub async fn release_on(
        &self,
        machine: i64,
        project: i64,
        environment: i64,
    ) -> Result<Option<i64>> {
        let last: Option<(i64, i64)> = sqlx::query_as(
            "select release_id, task_id from deployments \
             where project_id = $1 and deployments.environment_id = $2 and task_id in \
             (select task_id from task_targets where machine_id = $3) order by id desc limit 1",
        )
        .bind(project)
        .bind(environment)
        .bind(machine)
        .fetch_optional(&self.pool)
        .await?;
        let Some((release, task)) = last else {
            return Ok(None);
        };
        let query = "select count(*) from task_targets \
            where task_id = $1 and machine_id = $2 and state <> 'Success'";
        let query = sqlx::query_scalar(query).bind(task).bind(machine);
        let other: i64 = query.fetch_one(&self.pool).await?;
        Ok((other == 0).then_some(release))
    }
}

/// Writes down that something happened to a machine, if any trigger might ask.
pub(super) async fn note(
    connection: &mut AnyConnection,
    machine: i64,
    category: &str,
) -> Result<()> {
    let query = "insert into arrivals (machine_id, categories) select $1, $2 \
        where exists (select 1 from documents where kind = 'ProjectTriggers') \
        on conflict (machine_id) do update set revision = arrivals.revision + 1, \
        categories = case when ',' || arrivals.categories || ',' \
            like '%,' || excluded.categories || ',%' then arrivals.categories \
        else arrivals.categories || ',' || excluded.categories end";
    let query = sqlx::query(query).bind(machine).bind(category);
    query.execute(connection).await?;
    Ok(())
}

/// A machine as it was before a change.
pub(super) struct Before {
    pub(super) roles: Vec<String>,
    pub(super) environments: Vec<i64>,
    pub(super) is_disabled: bool,
}

/// What a change makes of a machine, in the words of events.
pub(super) fn gained(before: Option<&Before>, now: &Registration) -> Vec<&'static str> {
    let Some(before) = before else {
        return vec![ADDED];
    };
    let has = |role: &String| {
        let known = before.roles.iter().map(|one| one.to_lowercase());
        known.into_iter().any(|one| one == role.to_lowercase())
    };
    let is_here = |environment: &i64| before.environments.contains(environment);
    let mut gained = Vec::new();
    if before.is_disabled && !now.is_disabled {
        gained.push(ENABLED);
    }
    if !now.roles.iter().all(has) || !now.environments.iter().all(is_here) {
        gained.push(CHANGED);
    }
    gained
}
