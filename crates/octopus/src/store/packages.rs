//! The packages of the built-in feed: what is known of each; the bytes are in the depot.

use super::{Result, Store, StoreError, now_ms};

/// One version of a package.
#[derive(Debug, Clone, sqlx::FromRow)]
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
    /// Such as `Acme.Web.1.2.0.nupkg`.
    pub file_name: String,
    /// Hexadecimal.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// When it was pushed.
    pub published_at: i64,
}

impl Store {
    /// All versions of all packages, by id.
    pub async fn packages(&self) -> Result<Vec<Package>> {
        let query = "select * from packages order by package_id, id";
        Ok(sqlx::query_as(query).fetch_all(&self.pool).await?)
    }

    /// All versions of one, in no order that matters.
    pub async fn package_versions(&self, package_id: &str) -> Result<Vec<Package>> {
        let query = sqlx::query_as("select * from packages where package_id = ?");
        Ok(query.bind(package_id).fetch_all(&self.pool).await?)
    }

    /// One version; `version` is normalised.
    pub async fn package(&self, package_id: &str, version: &str) -> Result<Option<Package>> {
        let query = sqlx::query_as("select * from packages where package_id = ? and version = ?");
        let query = query.bind(package_id).bind(version);
        Ok(query.fetch_optional(&self.pool).await?)
    }

    /// Adds one (`id` and `published_at` are given here), or puts new content behind the same version.
    pub async fn put_package(&self, new: &Package, overwrite: bool) -> Result<Package> {
        let on_conflict = if overwrite {
            "on conflict (package_id, version) do update set title = excluded.title, \
             description = excluded.description, file_name = excluded.file_name, \
             sha256 = excluded.sha256, size = excluded.size, published_at = excluded.published_at "
        } else {
            ""
        };
        let query = format!(
            "insert into packages (package_id, version, title, description, file_name, sha256, size, \
             published_at) values (?, ?, ?, ?, ?, ?, ?, ?) {on_conflict}returning *"
        );
        sqlx::query_as(sqlx::AssertSqlSafe(query))
            .bind(&new.package_id)
            .bind(&new.version)
            .bind(&new.title)
            .bind(&new.description)
            .bind(&new.file_name)
            .bind(&new.sha256)
            .bind(new.size)
            .bind(now_ms())
            .fetch_one(&self.pool)
            .await
            .map_err(|error| match &error {
                sqlx::Error::Database(inner) if inner.is_unique_violation() => exists_already(new),
                _ => error.into(),
            })
    }
}

/// The feed has this version with other content.
pub(crate) fn exists_already(new: &Package) -> StoreError {
    StoreError::Conflict(format!(
        "The package {} {} is in the feed already with other content; push it under a new \
         version, or ask for overwriteMode=OverwriteExisting.",
        new.package_id, new.version
    ))
}
