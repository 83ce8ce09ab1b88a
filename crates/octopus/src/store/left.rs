//! What the work of a task leaves: artifacts, and variables for later steps.

use wire::v1::Variable;

use super::{Result, Store, now_ms};

/// To what sealed values belong.
const VALUE: &str = "output_variables.value";

/// A file that a script wanted to be kept.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Artifact {
    /// Row id.
    pub id: i64,
    /// Row id.
    pub task_id: i64,
    /// The place of its action in the process; 0: the whole task.
    pub action: i64,
    /// Row id.
    pub machine_id: i64,
    /// From 1, in the order in which they came.
    pub number: i64,
    /// What people call it; any text.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Hexadecimal.
    pub sha256: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// A variable that a step has set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// What people call the action.
    pub action_name: String,
    /// Row id.
    pub machine_id: i64,
    /// As it was called when the task began.
    pub machine_name: String,
    /// The variable.
    pub variable: Variable,
}

impl Store {
    /// Which artifacts of one part of a task are known already: their numbers.
    pub async fn artifact_numbers(
        &self,
        task: i64,
        (action, machine): (i64, i64),
    ) -> Result<Vec<i64>> {
        let query = sqlx::query_scalar(
            "select number from artifacts where task_id = $1 and action = $2 and machine_id = $3",
        );
        let query = query.bind(task).bind(action).bind(machine);
        Ok(query.fetch_all(&self.pool).await?)
    }

    /// Adds one (`id` and `created_at` are given here). One that is known already stays as it is.
    pub async fn add_artifact(&self, new: &Artifact) -> Result<()> {
        sqlx::query(
            "insert into artifacts (task_id, action, machine_id, number, name, size, sha256, created_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
        )
        .bind(new.task_id)
        .bind(new.action)
        .bind(new.machine_id)
        .bind(new.number)
        .bind(&new.name)
        .bind(new.size)
        .bind(&new.sha256)
        .bind(now_ms())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// One of them.
    pub async fn artifact(&self, id: i64) -> Result<Option<Artifact>> {
        let query = sqlx::query_as("select * from artifacts where id = $1").bind(id);
        Ok(query.fetch_optional(&self.pool).await?)
    }

    /// Those of a task, or of all with 0, the newest first, and how many there are.
    pub async fn artifacts(&self, task: i64, skip: i64, take: i64) -> Result<(Vec<Artifact>, i64)> {
        let total = "select count(*) from artifacts where $1 = 0 or task_id = $1";
        let total = sqlx::query_scalar(total).bind(task);
        let total = total.fetch_one(&self.pool).await?;
        let rows = "select * from artifacts where $1 = 0 or task_id = $1 \
            order by id desc limit $2 offset $3";
        let rows = sqlx::query_as(rows).bind(task).bind(take).bind(skip);
        Ok((rows.fetch_all(&self.pool).await?, total))
    }

    /// Name and content (SHA-256, hexadecimal) of every artifact.
    pub async fn artifact_contents(&self) -> Result<Vec<(String, String)>> {
        let query = sqlx::query_as("select name, sha256 from artifacts order by id");
        Ok(query.fetch_all(&self.pool).await?)
    }

    /// Writes down what one part of a task has set; each counts as it was set last.
    pub async fn set_outputs(
        &self,
        task: i64,
        part: (i64, i64),
        variables: &[Variable],
    ) -> Result<()> {
        let mut transaction = self.write().await?;
        self.add_outputs(&mut transaction, task, part, variables)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    pub(super) async fn add_outputs(
        &self,
        connection: &mut sqlx::AnyConnection,
        task: i64,
        (action, machine): (i64, i64),
        variables: &[Variable],
    ) -> Result<()> {
        for variable in variables {
            sqlx::query(
                "insert into output_variables (task_id, action, machine_id, name, value, sensitive) \
                 values ($1, $2, $3, $4, $5, $6) on conflict (task_id, action, machine_id, name) \
                 do update set value = excluded.value, sensitive = excluded.sensitive",
            )
            .bind(task)
            .bind(action)
            .bind(machine)
            .bind(&variable.name)
            .bind(self.seal(VALUE, &variable.value)?)
            .bind(i64::from(variable.sensitive))
            .execute(&mut *connection)
            .await?;
        }
        Ok(())
    }

    /// What the parts of a task have set, in the order of the process.
    pub async fn outputs(&self, task: i64) -> Result<Vec<Output>> {
        let rows: Vec<(String, i64, String, String, String, i64)> = sqlx::query_as(
            "select action_name, part.machine_id, machine_name, name, value, sensitive \
             from output_variables as output join task_targets as part \
             on part.task_id = output.task_id and part.action = output.action \
             and part.machine_id = output.machine_id where output.task_id = $1 \
             order by output.action, output.id",
        )
        .bind(task)
        .fetch_all(&self.pool)
        .await?;
        let outputs = rows.into_iter().map(|row| {
            let (action_name, machine_id, machine_name, name, value, sensitive) = row;
            let value = self.unseal(VALUE, &value)?;
            let variable = Variable {
                name,
                value,
                sensitive: sensitive != 0,
            };
            Ok(Output {
                action_name,
                machine_id,
                machine_name,
                variable,
            })
        });
        outputs.collect()
    }
}
