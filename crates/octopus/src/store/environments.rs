//! Environments.

use super::{
    Result, Store, StoreError, conflict,
    events::{self, NewEvent},
};

/// An environment.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// Row id.
    pub id: i64,
    /// Row id.
    pub space_id: i64,
    /// Unique in its space without case.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Position in lists.
    pub sort_order: i64,
    /// A failure waits for a person.
    pub guided_failure: bool,
    /// Scripts may add and remove machines.
    pub dynamic: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    space_id: i64,
    label: String,
    description: String,
    sort_order: i64,
    guided_failure: i64,
    dynamic: i64,
}

impl From<Row> for Environment {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            space_id: row.space_id,
            name: row.label,
            description: row.description,
            sort_order: row.sort_order,
            guided_failure: row.guided_failure != 0,
            dynamic: row.dynamic != 0,
        }
    }
}

const COLUMNS: &str = "id, space_id, label, description, sort_order, guided_failure, dynamic";

impl Store {
    /// All, in the order of lists.
    pub async fn environments(&self) -> Result<Vec<Environment>> {
        let query = format!("select {COLUMNS} from environments order by space_id, sort_order, id");
        let query = sqlx::query_as(sqlx::AssertSqlSafe(query));
        let rows: Vec<Row> = query.fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(Environment::from).collect())
    }

    /// All of one space, in the order of lists.
    pub async fn environments_of(&self, space: i64) -> Result<Vec<Environment>> {
        let query = format!(
            "select {COLUMNS} from environments where space_id = $1 order by sort_order, id"
        );
        let query = sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(space);
        let rows: Vec<Row> = query.fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(Environment::from).collect())
    }

    /// What one is called; empty if there is none.
    pub async fn environment_name(&self, id: i64) -> Result<String> {
        let query = sqlx::query_scalar("select label from environments where id = $1").bind(id);
        let found: Option<String> = query.fetch_optional(&self.pool).await?;
        Ok(found.unwrap_or_default())
    }

    /// Adds one at the end.
    pub async fn create_environment(
        &self,
        new: &Environment,
        event: &NewEvent,
    ) -> Result<Environment> {
        let mut transaction = self.write().await?;
        let id: i64 = sqlx::query_scalar(
            "insert into environments \
             (name, label, description, sort_order, space_id, guided_failure, dynamic) \
             values ($1, $2, $3, (select count(*) from environments where space_id = $4), \
             $4, $5, $6) returning id",
        )
        .bind(key(new))
        .bind(&new.name)
        .bind(&new.description)
        .bind(new.space_id)
        .bind(i64::from(new.guided_failure))
        .bind(i64::from(new.dynamic))
        .fetch_one(&mut *transaction)
        .await
        .map_err(|error| taken(error, &new.name))?;
        let event = NewEvent {
            document: format!("Environments-{id}"),
            ..event.clone()
        };
        events::append(&mut transaction, &event).await?;
        transaction.commit().await?;
        let all = self.environments_of(new.space_id).await?;
        let made = all.into_iter().find(|one| one.id == id);
        made.ok_or_else(|| {
            StoreError::Conflict("The environment was deleted meanwhile.".to_owned())
        })
    }

    /// Replaces one.
    pub async fn change_environment(&self, new: &Environment, event: &NewEvent) -> Result<()> {
        let mut transaction = self.write().await?;
        sqlx::query(
            "update environments set name = $1, label = $2, description = $3, sort_order = $4, \
             guided_failure = $5, dynamic = $6 where id = $7",
        )
        .bind(key(new))
        .bind(&new.name)
        .bind(&new.description)
        .bind(new.sort_order)
        .bind(i64::from(new.guided_failure))
        .bind(i64::from(new.dynamic))
        .bind(new.id)
        .execute(&mut *transaction)
        .await
        .map_err(|error| taken(error, &new.name))?;
        events::append(&mut transaction, event).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Removes one that no machine belongs to.
    pub async fn delete_environment(&self, id: i64, event: &NewEvent) -> Result<()> {
        let mut transaction = self.write().await?;
        sqlx::query("delete from environments where id = $1")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        events::append(&mut transaction, event).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// The first databases had one space, and a rule that no name comes twice: in other spaces
/// that column holds the space as well.
fn key(environment: &Environment) -> String {
    match environment.space_id {
        1 => environment.name.clone(),
        space => format!("{}\n{space}", environment.name),
    }
}

fn taken(error: sqlx::Error, name: &str) -> StoreError {
    conflict(error, || {
        format!("An environment with the name `{name}` exists already; choose another name.")
    })
}
