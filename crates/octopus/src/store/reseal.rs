//! Sealing anew, at the start, what is sealed with an older master key or not at all.

use super::{Result, Store};

/// Every column that holds sealed values, with its table, whose row id is `id`. An empty
/// text is no secret.
const SEALED: &[(&str, &str)] = &[("tasks", "secrets"), ("output_variables", "value")];

impl Store {
    pub(super) async fn reseal(&self) -> Result<()> {
        for (table, column) in SEALED {
            let query = format!("select id, {column} from {table} where {column} <> ''");
            let rows: Vec<(i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(query))
                .fetch_all(&self.pool)
                .await?;
            let place = format!("{table}.{column}");
            for (id, old) in rows {
                if self.vault.is_current(&old) {
                    continue;
                }
                let new = match self.renewed(&place, &old) {
                    Ok(new) => new,
                    Err(error) => {
                        // The rest of the server is of use without it.
                        tracing::error!("{table} {id}: {}", channel::describe(&error));
                        continue;
                    }
                };
                // Another server may have changed it meanwhile.
                let query =
                    format!("update {table} set {column} = $1 where id = $2 and {column} = $3");
                sqlx::query(sqlx::AssertSqlSafe(query))
                    .bind(new)
                    .bind(id)
                    .bind(old)
                    .execute(&self.pool)
                    .await?;
            }
        }
        Ok(())
    }

    fn renewed(&self, place: &str, old: &str) -> Result<String> {
        match old {
            // Version 1.0 kept JSON as it is.
            "{}" => Ok(String::new()),
            plain if plain.starts_with('{') => self.seal(place, plain),
            sealed => self.seal(place, &self.unseal(place, sealed)?),
        }
    }
}
