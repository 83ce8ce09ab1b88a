//! Users: people and programs.

mod keys;

use sqlx::{FromRow, Row as _, any::AnyRow};

pub use keys::{ApiKey, NewKey};

use super::{
    Result, Store, StoreError, conflict,
    events::{self, NewEvent},
    flag, from_json,
};

/// Somebody who may be known to the server.
#[derive(Debug, Clone)]
pub struct User {
    /// Row id.
    pub id: i64,
    /// Unique without case.
    pub username: String,
    /// PHC string; empty for programs.
    pub password_hash: String,
    /// What people read.
    pub display_name: String,
    /// Free text.
    pub email: String,
    /// May sign in and use keys.
    pub is_active: bool,
    /// A program.
    pub is_service: bool,
}

/// What makes a user, or takes the place of one's fields.
#[derive(Debug, Clone, Default)]
pub struct NewUser {
    /// Unique without case.
    pub username: String,
    /// PHC string; empty for none, and to keep the one that is there.
    pub password_hash: String,
    /// What people read.
    pub display_name: String,
    /// Free text.
    pub email: String,
    /// May sign in and use keys.
    pub is_active: bool,
    /// A program.
    pub is_service: bool,
}

impl FromRow<'_, AnyRow> for User {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            username: row.try_get("username")?,
            password_hash: row.try_get("password_hash")?,
            display_name: row.try_get("display_name")?,
            email: row.try_get("email")?,
            is_active: flag(row, "active")?,
            is_service: flag(row, "service")?,
        })
    }
}

impl Store {
    /// How many there are.
    pub async fn count_users(&self) -> Result<i64> {
        let query = "select count(*) from users";
        Ok(sqlx::query_scalar(query).fetch_one(&self.pool).await?)
    }

    /// Their names.
    pub async fn user_names(&self) -> Result<Vec<String>> {
        let query = "select username from users order by id";
        Ok(sqlx::query_scalar(query).fetch_all(&self.pool).await?)
    }

    /// All, by name.
    pub async fn users(&self) -> Result<Vec<User>> {
        let query = sqlx::query_as("select * from users order by username, id");
        Ok(query.fetch_all(&self.pool).await?)
    }

    /// One.
    pub async fn user(&self, id: i64) -> Result<Option<User>> {
        let query = sqlx::query_as("select * from users where id = $1").bind(id);
        Ok(query.fetch_optional(&self.pool).await?)
    }

    /// The user with this name, in any case.
    pub async fn user_by_name(&self, username: &str) -> Result<Option<User>> {
        let query = "select * from users where username = $1";
        let query = sqlx::query_as(query).bind(username);
        Ok(query.fetch_optional(&self.pool).await?)
    }

    /// Adds a user; gives the row id.
    pub async fn create_user(&self, new: &NewUser, event: &NewEvent) -> Result<i64> {
        let mut transaction = self.write().await?;
        let id: i64 = sqlx::query_scalar(
            "insert into users (username, password_hash, display_name, email, active, service) \
             values ($1, $2, $3, $4, $5, $6) returning id",
        )
        .bind(&new.username)
        .bind(&new.password_hash)
        .bind(&new.display_name)
        .bind(&new.email)
        .bind(i64::from(new.is_active))
        .bind(i64::from(new.is_service))
        .fetch_one(&mut *transaction)
        .await
        .map_err(|error| taken(error, &new.username))?;
        let event = NewEvent {
            document: format!("Users-{id}"),
            ..event.clone()
        };
        events::append(&mut transaction, &event).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Changes a user. A new password, or being deactivated, ends all sessions.
    pub async fn change_user(&self, id: i64, new: &NewUser, event: &NewEvent) -> Result<()> {
        let mut transaction = self.write().await?;
        sqlx::query(
            "update users set username = $1, display_name = $2, email = $3, active = $4, \
             service = $5, password_hash = case when $6 = '' then password_hash else $6 end \
             where id = $7",
        )
        .bind(&new.username)
        .bind(&new.display_name)
        .bind(&new.email)
        .bind(i64::from(new.is_active))
        .bind(i64::from(new.is_service))
        .bind(&new.password_hash)
        .bind(id)
        .execute(&mut *transaction)
        .await
        .map_err(|error| taken(error, &new.username))?;
        if !new.password_hash.is_empty() || !new.is_active {
            sqlx::query("delete from sessions where user_id = $1")
                .bind(id)
                .execute(&mut *transaction)
                .await?;
        }
        events::append(&mut transaction, event).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Removes a user with its keys and sessions.
    pub async fn delete_user(&self, id: i64, event: &NewEvent) -> Result<()> {
        let mut transaction = self.write().await?;
        sqlx::query("delete from users where id = $1")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        events::append(&mut transaction, event).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Makes a user a member of the team with this name, if it is there.
    pub async fn join_team(&self, team: &str, user: i64) -> Result<()> {
        let Some(document) = self.document_by_name("Teams", 0, 0, team).await? else {
            return Ok(());
        };
        let mut body: api::Team = from_json(&document.body)?;
        body.member_user_ids.push(format!("Users-{user}"));
        let event = NewEvent {
            category: "Modified",
            document: document.public_id(),
            message: format!("Users-{user} joined the team {}.", document.name),
            ..NewEvent::default()
        };
        let body = super::to_json(&body)?;
        self.change_document(
            document.id,
            document.revision,
            &document.name,
            &body,
            &event,
        )
        .await?;
        Ok(())
    }
}

fn taken(error: sqlx::Error, name: &str) -> StoreError {
    conflict(error, || {
        format!("Username `{name}`: another user has this name already; choose another.")
    })
}
