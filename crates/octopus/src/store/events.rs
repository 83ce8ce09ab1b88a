//! Who changed what: the audit.

use super::{Result, Store, now_ms};

/// A change to be written down, in the same transaction as the change itself.
#[derive(Debug, Clone, Default)]
pub struct NewEvent {
    /// Row id of the space; 0 for none.
    pub space_id: i64,
    /// Who did it.
    pub username: String,
    /// `Created`, `Modified`, `Deleted` …
    pub category: &'static str,
    /// `Projects-7`; the store knows it when the document is made.
    pub document: String,
    /// One sentence.
    pub message: String,
}

/// A change that was made.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Event {
    /// Row id.
    pub id: i64,
    /// Row id of the space; 0 for none.
    pub space_id: i64,
    /// Milliseconds since 1970.
    pub occurred_at: i64,
    /// Who did it.
    pub username: String,
    /// `Created`, `Modified`, `Deleted` …
    pub category: String,
    /// `Projects-7`.
    pub document: String,
    /// One sentence.
    pub message: String,
}

impl Store {
    /// Writes down a change that was made elsewhere.
    pub async fn record(&self, event: &NewEvent) -> Result<()> {
        let mut transaction = self.write().await?;
        append(&mut transaction, event).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// One change.
    pub async fn event(&self, id: i64) -> Result<Option<Event>> {
        let query = sqlx::query_as("select * from events where id = $1").bind(id);
        Ok(query.fetch_optional(&self.pool).await?)
    }

    /// Changes, the newest first, and how many there are in all.
    pub async fn events(&self, wanted: &Wanted, skip: i64, take: i64) -> Result<(Vec<Event>, i64)> {
        let (filter, texts) = wanted.filter();
        let count = format!("select count(*) from events where {filter}");
        let mut query = sqlx::query_scalar(sqlx::AssertSqlSafe(count))
            .bind(wanted.from.unwrap_or(i64::MIN))
            .bind(wanted.to.unwrap_or(i64::MAX));
        for text in &texts {
            query = query.bind(text);
        }
        let total = query.fetch_one(&self.pool).await?;
        let (limit, offset) = (texts.len() + 3, texts.len() + 4);
        let page = format!(
            "select * from events where {filter} order by id desc limit ${limit} offset ${offset}"
        );
        let mut query = sqlx::query_as(sqlx::AssertSqlSafe(page))
            .bind(wanted.from.unwrap_or(i64::MIN))
            .bind(wanted.to.unwrap_or(i64::MAX));
        for text in &texts {
            query = query.bind(text);
        }
        let rows = query.bind(take).bind(skip).fetch_all(&self.pool).await?;
        Ok((rows, total))
    }
}

/// Which changes are listed. An empty list stands for all.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Row ids of spaces; 0 for what belongs to none.
    pub spaces: Vec<i64>,
    /// To one of these documents, such as `Projects-7`.
    pub documents: Vec<String>,
    /// By one of these, by name.
    pub users: Vec<String>,
    /// `Created` …
    pub categories: Vec<String>,
    /// To documents of these kinds, such as `Projects`.
    pub kinds: Vec<String>,
    /// Not before; milliseconds since 1970.
    pub from: Option<i64>,
    /// Not after; milliseconds since 1970.
    pub to: Option<i64>,
}

impl Wanted {
    /// The condition, and what its placeholders from `$3` on stand for; `$1` and `$2` are times.
    fn filter(&self) -> (String, Vec<String>) {
        let mut filter = String::from("occurred_at >= $1 and occurred_at <= $2");
        let mut texts: Vec<String> = Vec::new();
        if !self.spaces.is_empty() {
            let spaces: Vec<String> = self.spaces.iter().map(i64::to_string).collect();
            filter.push_str(&format!(" and space_id in ({})", spaces.join(", ")));
        }
        for (column, wanted) in [
            ("lower(document)", &self.documents),
            ("lower(username)", &self.users),
            ("lower(category)", &self.categories),
        ] {
            if wanted.is_empty() {
                continue;
            }
            let mut places = Vec::new();
            for text in wanted {
                texts.push(text.to_lowercase());
                places.push(format!("${}", texts.len() + 2));
            }
            filter.push_str(&format!(" and {column} in ({})", places.join(", ")));
        }
        if !self.kinds.is_empty() {
            let mut places = Vec::new();
            for kind in &self.kinds {
                let plain = kind
                    .replace('!', "!!")
                    .replace('%', "!%")
                    .replace('_', "!_");
                texts.push(format!("{}-%", plain.to_lowercase()));
                places.push(format!(
                    "lower(document) like ${} escape '!'",
                    texts.len() + 2
                ));
            }
            filter.push_str(&format!(" and ({})", places.join(" or ")));
        }
        (filter, texts)
    }
}

pub(super) async fn append(connection: &mut sqlx::AnyConnection, event: &NewEvent) -> Result<()> {
    sqlx::query(
        "insert into events (space_id, occurred_at, username, category, document, message) \
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(event.space_id)
    .bind(now_ms())
    .bind(&event.username)
    .bind(event.category)
    .bind(&event.document)
    .bind(&event.message)
    .execute(connection)
    .await?;
    Ok(())
}
