//! What people configure: resources with a name, kept as JSON.

use super::{
    Result, Store, StoreError, conflict,
    events::{self, NewEvent},
    promotions,
    writing::Writing,
};

/// A resource as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Document {
    /// Row id.
    pub id: i64,
    /// The prefix of its ids, such as `Projects`.
    pub kind: String,
    /// Row id of its space; 0 for none.
    pub space_id: i64,
    /// Row id of the document that it goes with; 0 for none.
    pub owner_id: i64,
    /// What people read.
    pub name: String,
    /// JSON, without id and links.
    pub body: String,
    /// Goes up with each change.
    pub revision: i64,
}

impl Document {
    /// `Projects-7`.
    pub fn public_id(&self) -> String {
        format!("{}-{}", self.kind, self.id)
    }
}

/// A resource to be stored.
#[derive(Debug, Clone)]
pub struct NewDocument {
    /// The prefix of its ids.
    pub kind: &'static str,
    /// Row id of its space; 0 for none.
    pub space_id: i64,
    /// Row id of the document that it goes with; 0 for none.
    pub owner_id: i64,
    /// Unique among documents of its kind, space and owner, without case.
    pub name: String,
    /// JSON.
    pub body: String,
}

/// Which documents are listed.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Of this kind.
    pub kind: &'a str,
    /// In this space.
    pub space_id: i64,
    /// Going with this document.
    pub owner_id: Option<i64>,
    /// With this in the name, in any case.
    pub part: &'a str,
    /// The newest first, else by name.
    pub newest_first: bool,
}

const COLUMNS: &str = "id, kind, space_id, owner_id, name, body, revision";

impl Store {
    /// Stores a document, and others that go with it; gives its row id.
    pub async fn create_document(
        &self,
        new: &NewDocument,
        children: &[NewDocument],
        event: &NewEvent,
    ) -> Result<i64> {
        let mut transaction = self.write().await?;
        let id = insert(&mut transaction, new, new.owner_id).await?;
        for child in children {
            let mut child = child.clone();
            if child.space_id == NEW_SPACE {
                child.space_id = id;
                insert(&mut transaction, &child, 0).await?;
            } else {
                insert(&mut transaction, &child, id).await?;
            }
        }
        if new.kind == "Releases" {
            promotions::of_release(&mut transaction, id).await?;
        }
        let event = NewEvent {
            document: format!("{}-{id}", new.kind),
            ..event.clone()
        };
        events::append(&mut transaction, &event).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// One document.
    pub async fn document(&self, kind: &str, id: i64) -> Result<Option<Document>> {
        let query = format!("select {COLUMNS} from documents where kind = $1 and id = $2");
        let query = sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(kind);
        Ok(query.bind(id).fetch_optional(&self.pool).await?)
    }

    /// Every body of a kind, in all spaces, in no order that matters.
    pub async fn bodies(&self, kind: &str) -> Result<Vec<String>> {
        let query = sqlx::query_scalar("select body from documents where kind = $1").bind(kind);
        Ok(query.fetch_all(&self.pool).await?)
    }

    /// Every document of some kinds, in the order in which they were made.
    pub async fn documents_of(&self, kinds: &[&str]) -> Result<Vec<Document>> {
        let mut found = Vec::new();
        for kind in kinds {
            let query = format!("select {COLUMNS} from documents where kind = $1 order by id");
            let query = sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(*kind);
            found.extend(query.fetch_all(&self.pool).await?);
        }
        Ok(found)
    }

    /// The document with a name, in any case.
    pub async fn document_by_name(
        &self,
        kind: &str,
        space_id: i64,
        owner_id: i64,
        name: &str,
    ) -> Result<Option<Document>> {
        let query = format!(
            "select {COLUMNS} from documents \
             where kind = $1 and space_id = $2 and owner_id = $3 and name_key = $4"
        );
        let query = sqlx::query_as(sqlx::AssertSqlSafe(query))
            .bind(kind)
            .bind(space_id)
            .bind(owner_id)
            .bind(fold(name));
        Ok(query.fetch_optional(&self.pool).await?)
    }

    /// A page of documents, and how many there are in all.
    pub async fn documents(
        &self,
        wanted: Wanted<'_>,
        skip: i64,
        take: i64,
    ) -> Result<(Vec<Document>, i64)> {
        let part = like(wanted.part);
        let filter = "kind = $1 and space_id = $2 and ($3 < 0 or owner_id = $3) \
                      and name_key like $4 escape '!'";
        let order = match wanted.newest_first {
            true => "id desc",
            false => "name_key, id",
        };
        let owner = wanted.owner_id.unwrap_or(-1);
        let count = format!("select count(*) from documents where {filter}");
        let total = sqlx::query_scalar(sqlx::AssertSqlSafe(count))
            .bind(wanted.kind)
            .bind(wanted.space_id)
            .bind(owner)
            .bind(&part)
            .fetch_one(&self.pool)
            .await?;
        let page = format!(
            "select {COLUMNS} from documents where {filter} order by {order} limit $5 offset $6"
        );
        let rows = sqlx::query_as(sqlx::AssertSqlSafe(page))
            .bind(wanted.kind)
            .bind(wanted.space_id)
            .bind(owner)
            .bind(&part)
            .bind(take)
            .bind(skip)
            .fetch_all(&self.pool)
            .await?;
        Ok((rows, total))
    }

    /// Replaces a document's name and body. `revision` is the one that the change was made
    /// from. False: it has another by now, or is gone.
    pub async fn change_document(
        &self,
        id: i64,
        revision: i64,
        name: &str,
        body: &str,
        event: &NewEvent,
    ) -> Result<bool> {
        let transaction = self.write().await?;
        change(transaction, (id, revision), name, body, event).await
    }

    /// Removes a document, and all that goes with it.
    pub async fn delete_document(&self, id: i64, event: &NewEvent) -> Result<()> {
        let mut transaction = self.write().await?;
        sqlx::query(
            "delete from documents where id = $1 or owner_id = $1 \
             or owner_id in (select id from documents where owner_id = $1)",
        )
        .bind(id)
        .execute(&mut *transaction)
        .await?;
        events::append(&mut transaction, event).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Whether anything is kept in a space.
    pub async fn space_holds(&self, space: i64, kind: &str) -> Result<bool> {
        let query = "select count(*) from documents where space_id = $1 and kind = $2";
        let query = sqlx::query_scalar(query).bind(space).bind(kind);
        let count: i64 = query.fetch_one(&self.pool).await?;
        Ok(count > 0)
    }
}

/// Replaces a document of this revision, in a transaction of which this is the end.
pub(super) async fn change(
    mut transaction: Writing,
    (id, revision): (i64, i64),
    name: &str,
    body: &str,
    event: &NewEvent,
) -> Result<bool> {
    let done = sqlx::query(
        "update documents set name = $1, name_key = $2, body = $3, revision = revision + 1 \
         where id = $4 and revision = $5",
    )
    .bind(name)
    .bind(fold(name))
    .bind(body)
    .bind(id)
    .bind(revision)
    .execute(&mut *transaction)
    .await
    .map_err(|error| taken(error, name))?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    events::append(&mut transaction, event).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Stands for the space that is being made, in documents that go with it.
pub const NEW_SPACE: i64 = -1;

async fn insert(
    connection: &mut sqlx::AnyConnection,
    new: &NewDocument,
    owner: i64,
) -> Result<i64> {
    sqlx::query_scalar(
        "insert into documents (kind, space_id, owner_id, name, name_key, body) \
         values ($1, $2, $3, $4, $5, $6) returning id",
    )
    .bind(new.kind)
    .bind(new.space_id)
    .bind(owner)
    .bind(&new.name)
    .bind(fold(&new.name))
    .bind(&new.body)
    .fetch_one(connection)
    .await
    .map_err(|error| taken(error, &new.name))
}

fn taken(error: sqlx::Error, name: &str) -> StoreError {
    conflict(error, || {
        format!("Name `{name}`: another one has this name already; choose another.")
    })
}

/// Names are compared so.
fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}

/// A pattern for names that hold this text.
fn like(part: &str) -> String {
    let mut pattern = String::from("%");
    for character in fold(part).chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
