//! Why a deployment is made: by whom, or by what that may make only one.
//!
//! The reason is stored with the deployment under a unique rule, in the transaction that makes it.
//! So it does not matter how many servers look at the same reason, nor when one of them died.

use sqlx::AnyConnection;

use super::{Result, deployments::Deployment};

/// Why a deployment is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Somebody asked for it.
    Person,
    /// The lifecycle says that the release goes there by itself: once, and only where it was not
    /// ordered to before.
    Lifecycle,
    /// A machine arrived: it gets what its environment has.
    Arrival {
        /// Row id of the arrival.
        id: i64,
        /// Its revision.
        revision: i64,
    },
}

/// What became of the wish for a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// Made, with this row id.
    New(i64),
    /// There is one for this reason already.
    Known,
    /// Something else goes on in the environment; look again when that has ended.
    Later,
}

impl Cause {
    /// What no second deployment may have.
    pub(super) fn key(self, new: &Deployment) -> Option<String> {
        match self {
            Self::Person => None,
            Self::Lifecycle => Some(format!(
                "lifecycle {} {}",
                new.release_id, new.environment_id
            )),
            Self::Arrival { id, revision } => Some(format!(
                "arrival {id} {revision} {} {}",
                new.project_id, new.environment_id
            )),
        }
    }

    /// Why none is made now, seen from inside the transaction that would make it.
    pub(super) async fn obstacle(
        self,
        connection: &mut AnyConnection,
        new: &Deployment,
        now: i64,
    ) -> Result<Option<Made>> {
        match self {
            Self::Person => Ok(None),
            Self::Lifecycle => {
                let query = "select count(*) from deployments \
                    where release_id = $1 and environment_id = $2";
                let query = sqlx::query_scalar(query)
                    .bind(new.release_id)
                    .bind(new.environment_id);
                let ordered: i64 = query.fetch_one(connection).await?;
                Ok((ordered > 0).then_some(Made::Known))
            }
            Self::Arrival { .. } => {
                if is_busy(&mut *connection, new.project_id, new.environment_id, now).await? {
                    return Ok(Some(Made::Later));
                }
                let current = current(connection, new.project_id, new.environment_id).await?;
                let same = current.is_some_and(|current| current.release_id == new.release_id);
                Ok((!same).then_some(Made::Later))
            }
        }
    }
}

/// Whether a deployment of a project to an environment runs, or is about to.
pub(super) async fn is_busy(
    connection: &mut AnyConnection,
    project: i64,
    environment: i64,
    now: i64,
) -> Result<bool> {
    let query = "select count(*) from deployments join tasks on tasks.id = task_id \
        where project_id = $1 and environment_id = $2 and tasks.completed_at is null \
        and (tasks.started_at is not null or starts_at <= $3)";
    let query = sqlx::query_scalar(query).bind(project).bind(environment);
    let open: i64 = query.bind(now).fetch_one(connection).await?;
    Ok(open > 0)
}

/// The newest deployment of a project to an environment that ended well.
pub(super) async fn current(
    connection: &mut AnyConnection,
    project: i64,
    environment: i64,
) -> Result<Option<Deployment>> {
    let query = "select deployments.* from deployments join tasks on tasks.id = task_id \
        where project_id = $1 and environment_id = $2 and tasks.state = 'Success' \
        order by deployments.id desc limit 1";
    let query = sqlx::query_as(query).bind(project).bind(environment);
    Ok(query.fetch_optional(connection).await?)
}
