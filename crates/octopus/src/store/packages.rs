//! The packages of the built-in feed: what is known of each; the bytes are in the depot.
//!
//! Every change takes the next revision of the feed, so that those who hold lists in memory
//! know what to read again; see `crate::feed::shelf`.

use std::{collections::HashMap, sync::atomic::Ordering};

use sqlx::{FromRow, Row, any::AnyRow};

use super::{Result, Store, StoreError, flag, now_ms, writing::Writing};

/// One version of a package: what lists search and sort by. The whole nuspec is apart,
/// so that a list of ten thousand stays small; see [`Store::nuspecs`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Row id.
    pub id: i64,
    /// Such as `Acme.Web`.
    pub package_id: String,
    /// Normalised.
    pub version: String,
    /// From the nuspec.
    pub title: String,
    /// From the nuspec.
    pub description: String,
    /// From the nuspec, separated by spaces.
    pub tags: String,
    /// Such as `Acme.Web.1.2.0.nupkg`.
    pub file_name: String,
    /// Hexadecimal.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// When it was pushed.
    pub published_at: i64,
    /// Whether searches find it; it can be had by its version all the same.
    pub listed: bool,
    /// Whether its version, or one that it depends on, is read only by clients that know SemVer 2.
    pub semver2: bool,
}

impl FromRow<'_, AnyRow> for Package {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            package_id: row.try_get("package_id")?,
            version: row.try_get("version")?,
            title: row.try_get("title")?,
            description: row.try_get("description")?,
            tags: row.try_get("tags")?,
            file_name: row.try_get("file_name")?,
            sha256: row.try_get("sha256")?,
            size: row.try_get("size")?,
            published_at: row.try_get("published_at")?,
            listed: flag(row, "listed")?,
            semver2: flag(row, "semver2")?,
        })
    }
}

/// Where the feed is in the row of its changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Revision {
    /// Of the last change.
    pub revision: i64,
    /// Of the last removal.
    pub removed_at: i64,
}

/// `select` of all columns of a [`Package`], and a condition behind it.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, package_id, version, title, description, tags, file_name, sha256, size, \
             published_at, listed, semver2 from packages ",
            $rest
        )
    };
}

const NEXT_REVISION: &str = "update feed set revision = revision + 1 returning revision";

impl Store {
    /// All versions of all packages, by id.
    pub async fn packages(&self) -> Result<Vec<Package>> {
        let query = select!("order by package_id, id");
        Ok(sqlx::query_as(query).fetch_all(&self.pool).await?)
    }

    /// The feed's present revision.
    pub async fn feed_revision(&self) -> Result<Revision> {
        let query = sqlx::query_as("select revision, removed_at from feed");
        Ok(query.fetch_one(&self.pool).await?)
    }

    /// How often this process has changed the feed: who knows it as it was at the same count
    /// misses nothing but what others did.
    pub fn feed_changes(&self) -> u64 {
        self.feed_changes.load(Ordering::Acquire)
    }

    async fn commit_to_feed(&self, change: Writing) -> Result<()> {
        change.commit().await?;
        self.feed_changes.fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// What was written after a revision, in no order that matters.
    pub async fn packages_since(&self, revision: i64) -> Result<Vec<Package>> {
        let query = sqlx::query_as(select!("where revision > $1"));
        Ok(query.bind(revision).fetch_all(&self.pool).await?)
    }

    /// One version; `version` is normalised.
    pub async fn package(&self, package_id: &str, version: &str) -> Result<Option<Package>> {
        let query = sqlx::query_as(select!("where package_id = $1 and version = $2"));
        let query = query.bind(package_id).bind(version);
        Ok(query.fetch_optional(&self.pool).await?)
    }

    /// Adds one (`id` and `published_at` are given here), or puts new content behind the same
    /// version. The nuspec is XML.
    pub async fn put_package(
        &self,
        new: &Package,
        nuspec: &str,
        overwrite: bool,
    ) -> Result<Package> {
        let on_conflict = if overwrite {
            "on conflict (package_id, version) do update set title = excluded.title, \
             description = excluded.description, tags = excluded.tags, \
             file_name = excluded.file_name, sha256 = excluded.sha256, size = excluded.size, \
             published_at = excluded.published_at, listed = excluded.listed, \
             semver2 = excluded.semver2, nuspec = excluded.nuspec, revision = excluded.revision "
        } else {
            ""
        };
        let query = format!(
            "insert into packages (package_id, version, title, description, tags, file_name, \
             sha256, size, published_at, listed, semver2, nuspec, revision) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
             {on_conflict}returning *"
        );
        let mut change = self.write().await?;
        let revision = sqlx::query_scalar::<_, i64>(NEXT_REVISION);
        let revision = revision.fetch_one(&mut *change).await?;
        let put = sqlx::query_as(sqlx::AssertSqlSafe(query))
            .bind(&new.package_id)
            .bind(&new.version)
            .bind(&new.title)
            .bind(&new.description)
            .bind(&new.tags)
            .bind(&new.file_name)
            .bind(&new.sha256)
            .bind(new.size)
            .bind(now_ms())
            .bind(i64::from(new.listed))
            .bind(i64::from(new.semver2))
            .bind(nuspec)
            .bind(revision)
            .fetch_one(&mut *change)
            .await
            .map_err(|error| match &error {
                sqlx::Error::Database(inner) if inner.is_unique_violation() => exists_already(new),
                _ => error.into(),
            })?;
        self.commit_to_feed(change).await?;
        Ok(put)
    }

    /// Shows or hides a version in searches.
    pub async fn list_package(&self, id: i64, listed: bool) -> Result<()> {
        let mut change = self.write().await?;
        let revision = sqlx::query_scalar::<_, i64>(NEXT_REVISION);
        let revision = revision.fetch_one(&mut *change).await?;
        sqlx::query("update packages set listed = $1, revision = $2 where id = $3")
            .bind(i64::from(listed))
            .bind(revision)
            .bind(id)
            .execute(&mut *change)
            .await?;
        self.commit_to_feed(change).await
    }

    /// Forgets a version.
    pub async fn remove_package(&self, id: i64) -> Result<()> {
        let mut change = self.write().await?;
        sqlx::query("update feed set revision = revision + 1, removed_at = revision + 1")
            .execute(&mut *change)
            .await?;
        sqlx::query("delete from packages where id = $1")
            .bind(id)
            .execute(&mut *change)
            .await?;
        self.commit_to_feed(change).await
    }

    /// Whether any version has this content.
    pub async fn is_content_known(&self, sha256: &str) -> Result<bool> {
        for table in ["packages", "artifacts"] {
            let query = format!("select 1 from {table} where sha256 = $1 limit 1");
            let query = sqlx::query(sqlx::AssertSqlSafe(query)).bind(sha256);
            if query.fetch_optional(&self.pool).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The nuspecs of these rows as XML, by row id.
    pub async fn nuspecs(&self, rows: &[i64]) -> Result<HashMap<i64, String>> {
        if rows.is_empty() {
            return Ok(HashMap::new());
        }
        let ids: Vec<String> = rows.iter().map(i64::to_string).collect();
        let query = format!(
            "select id, nuspec from packages where nuspec is not null and id in ({})",
            ids.join(", ")
        );
        let query = sqlx::query_as(sqlx::AssertSqlSafe(query));
        let pairs: Vec<(i64, String)> = query.fetch_all(&self.pool).await?;
        Ok(pairs.into_iter().collect())
    }

    /// The packages that were pushed to a server which kept no nuspecs.
    pub async fn packages_without_nuspec(&self) -> Result<Vec<Package>> {
        let query = select!("where nuspec is null");
        Ok(sqlx::query_as(query).fetch_all(&self.pool).await?)
    }

    /// Adds what a nuspec says to the row that lacks it; before the feed is served.
    pub async fn add_nuspec(&self, package: &Package, nuspec: &str) -> Result<()> {
        sqlx::query("update packages set nuspec = $1, tags = $2, semver2 = $3 where id = $4")
            .bind(nuspec)
            .bind(&package.tags)
            .bind(i64::from(package.semver2))
            .bind(package.id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

/// The feed has this version with other content.
pub(crate) fn exists_already(new: &Package) -> StoreError {
    StoreError::Conflict(format!(
        "The package {} {} is in the feed already with other content, and a package that already \
         exists can't be modified; push it under a new version, or ask for \
         overwriteMode=OverwriteExisting.",
        new.package_id, new.version
    ))
}
