//! Sealing anew, at the start, what is sealed with an older master key or not at all.

use serde_json::Value;

use super::{Result, Store, from_json, to_json, vault::PREFIX};

/// Every column that holds sealed values, with its table, whose row id is `id`. An empty
/// text is no secret.
const SEALED: &[(&str, &str)] = &[("tasks", "secrets"), ("output_variables", "value")];

/// So many rows are sealed anew in one transaction.
const AT_ONCE: usize = 1000;

/// Every table whose `body`, JSON, has sealed values in it, and what these may belong to.
const BODIES: &[(&str, &[&str])] = &[
    (
        "documents",
        &[
            "variableset.value",
            "deploymentprocess.property",
            "feeds.password",
        ],
    ),
    ("deployments", &["deployments.prompt"]),
];

impl Store {
    pub(super) async fn reseal(&self) -> Result<()> {
        self.reseal_columns().await?;
        for (table, places) in BODIES {
            let query = format!("select id, body from {table} where body like '%{PREFIX}%'");
            let rows: Vec<(i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(query))
                .fetch_all(&self.pool)
                .await?;
            for (id, old) in rows {
                let mut body: Value = from_json(&old)?;
                if !self.renew_all(&mut body, places, (table, id)) {
                    continue;
                }
                let query = format!("update {table} set body = $1 where id = $2 and body = $3");
                sqlx::query(sqlx::AssertSqlSafe(query))
                    .bind(to_json(&body)?)
                    .bind(id)
                    .bind(old)
                    .execute(&self.pool)
                    .await?;
            }
        }
        Ok(())
    }

    /// Whether anything in it has changed.
    fn renew_all(&self, value: &mut Value, places: &[&str], row: (&str, i64)) -> bool {
        let children: Vec<&mut Value> = match value {
            Value::Array(values) => values.iter_mut().collect(),
            Value::Object(fields) => fields.values_mut().collect(),
            Value::String(text) => return self.renew_one(text, places, row),
            _ => Vec::new(),
        };
        let mut changed = false;
        for child in children {
            changed |= self.renew_all(child, places, row);
        }
        changed
    }

    fn renew_one(&self, text: &mut String, places: &[&str], (table, id): (&str, i64)) -> bool {
        if !text.starts_with(PREFIX) || self.vault.is_current(text) {
            return false;
        }
        let mut renewed = places.iter().map(|place| self.renewed(place, text));
        let Some(new) = renewed.find_map(Result::ok) else {
            // The rest of the server is of use without it.
            tracing::error!("{table} {id}: a secret can't be read with these master keys");
            return false;
        };
        *text = new;
        true
    }

    async fn reseal_columns(&self) -> Result<()> {
        for (table, column) in SEALED {
            let mut after = 0;
            while let Some(last) = self.reseal_some(table, column, after).await? {
                after = last;
            }
        }
        Ok(())
    }

    /// The next rows behind `after` in one transaction, for there may be a hundred thousand.
    /// Gives the last of them.
    async fn reseal_some(&self, table: &str, column: &str, after: i64) -> Result<Option<i64>> {
        let query = format!(
            "select id, {column} from {table} where id > $1 and {column} <> '' order by id limit {AT_ONCE}"
        );
        let rows: Vec<(i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(query))
            .bind(after)
            .fetch_all(&self.pool)
            .await?;
        let last = rows.last().map(|(id, _)| *id);
        let place = format!("{table}.{column}");
        let mut changed = Vec::new();
        for (id, old) in rows {
            if self.vault.is_current(&old) {
                continue;
            }
            match self.renewed(&place, &old) {
                Ok(new) => changed.push((id, old, new)),
                // The rest of the server is of use without it.
                Err(error) => tracing::error!("{table} {id}: {}", channel::describe(&error)),
            }
        }
        if !changed.is_empty() {
            let mut transaction = self.write().await?;
            for (id, old, new) in changed {
                // Another server may have changed it meanwhile.
                let query =
                    format!("update {table} set {column} = $1 where id = $2 and {column} = $3");
                sqlx::query(sqlx::AssertSqlSafe(query))
                    .bind(new)
                    .bind(id)
                    .bind(old)
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await?;
        }
        Ok(last)
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
