//! Machines, and what the last check of each saw.

use api::{HealthStatus, VersionRecord};

use super::{
    Result, Store, StoreError,
    arrivals::{self, Before},
    conflict,
    events::{self, NewEvent},
    from_json, from_word, now_ms, to_json, to_word,
};

/// A deployment target.
#[derive(Debug, Clone)]
pub struct Machine {
    /// Row id.
    pub id: i64,
    /// Unique without case.
    pub name: String,
    /// `https://host:port/`.
    pub uri: String,
    /// Pinned: 64 hexadecimal digits.
    pub thumbprint: String,
    /// Target tags.
    pub roles: Vec<String>,
    /// Row ids.
    pub environments: Vec<i64>,
    /// As of the last check.
    pub health: HealthStatus,
    /// One sentence about the last check.
    pub summary: String,
    /// Running version.
    pub version: Option<String>,
    /// Runtime identifier.
    pub rid: Option<String>,
    /// For people.
    pub operating_system: Option<String>,
    /// What Suction Cup's ledger knows, newest first.
    pub versions: Vec<VersionRecord>,
    /// Last check.
    pub checked_at: Option<i64>,
    /// Last answer.
    pub seen_at: Option<i64>,
    /// Nothing is deployed to it.
    pub is_disabled: bool,
}

/// What registers a machine.
#[derive(Debug, Clone)]
pub struct Registration {
    /// Unique without case.
    pub name: String,
    /// `https://host:port/`.
    pub uri: String,
    /// To be pinned.
    pub thumbprint: String,
    /// Target tags.
    pub roles: Vec<String>,
    /// Row ids.
    pub environments: Vec<i64>,
    /// Nothing is to be deployed to it.
    pub is_disabled: bool,
}

/// What a check saw.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Running version.
    pub version: String,
    /// Runtime identifier.
    pub rid: String,
    /// For people.
    pub operating_system: String,
    /// What Suction Cup's ledger knows, newest first.
    pub versions: Vec<VersionRecord>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    uri: String,
    thumbprint: String,
    roles: String,
    health: String,
    summary: String,
    version: Option<String>,
    rid: Option<String>,
    operating_system: Option<String>,
    versions: String,
    checked_at: Option<i64>,
    seen_at: Option<i64>,
    disabled: i64,
    /// One of those that it is in; there is a row for each.
    environment_id: Option<i64>,
}

impl Row {
    fn machine(self) -> Result<Machine> {
        Ok(Machine {
            id: self.id,
            name: self.name,
            uri: self.uri,
            thumbprint: self.thumbprint,
            roles: from_json(&self.roles)?,
            environments: self.environment_id.into_iter().collect(),
            health: from_word(&self.health)?,
            summary: self.summary,
            version: self.version,
            rid: self.rid,
            operating_system: self.operating_system,
            versions: from_json(&self.versions)?,
            checked_at: self.checked_at,
            seen_at: self.seen_at,
            is_disabled: self.disabled != 0,
        })
    }
}

impl Store {
    /// All, by name.
    pub async fn machines(&self) -> Result<Vec<Machine>> {
        self.machines_among(&[], &[]).await
    }

    /// Those that are in one of these environments, and have one of these row ids, by name. An
    /// empty list stands for all.
    pub async fn machines_among(&self, environments: &[i64], ids: &[i64]) -> Result<Vec<Machine>> {
        let mut conditions = vec!["1 = 1".to_owned()];
        if !environments.is_empty() {
            conditions.push(format!(
                "machines.id in (select machine_id from machine_environments \
                 where environment_id in ({}))",
                numbers(environments)
            ));
        }
        if !ids.is_empty() {
            conditions.push(format!("machines.id in ({})", numbers(ids)));
        }
        let query = format!(
            "select machines.*, placed.environment_id from machines \
             left join machine_environments as placed on placed.machine_id = machines.id \
             where {} order by machines.name, placed.environment_id",
            conditions.join(" and ")
        );
        let query = sqlx::query_as(sqlx::AssertSqlSafe(query));
        let rows: Vec<Row> = query.fetch_all(&self.pool).await?;
        let mut machines: Vec<Machine> = Vec::new();
        for row in rows {
            match machines.last_mut() {
                Some(last) if last.id == row.id => last.environments.extend(row.environment_id),
                _ => machines.push(row.machine()?),
            }
        }
        Ok(machines)
    }

    /// Row id and name of all, by name.
    pub async fn machine_names(&self) -> Result<Vec<(i64, String)>> {
        let query = sqlx::query_as("select id, name from machines order by name");
        Ok(query.fetch_all(&self.pool).await?)
    }

    /// One.
    pub async fn machine(&self, id: i64) -> Result<Option<Machine>> {
        Ok(self.machines_among(&[], &[id]).await?.pop())
    }

    /// Adds a machine, or changes the one that has the same name and thumbprint.
    /// A name that belongs to another thumbprint is a conflict.
    pub async fn register_machine(&self, new: &Registration) -> Result<i64> {
        let mut transaction = self.write().await?;
        let query = "select id from machines where name = $1";
        let query = sqlx::query_scalar(query).bind(&new.name);
        let known: Option<i64> = query.fetch_optional(&mut *transaction).await?;
        let before = match known {
            Some(known) => before(&mut transaction, known).await?,
            None => None,
        };
        let id: Option<i64> = sqlx::query_scalar(
            "insert into machines (name, uri, thumbprint, roles, disabled) \
             values ($1, $2, $3, $4, $5) on conflict (name) do update \
             set uri = $2, roles = $4, disabled = $5 where machines.thumbprint = $3 returning id",
        )
        .bind(&new.name)
        .bind(&new.uri)
        .bind(&new.thumbprint)
        .bind(to_json(&new.roles)?)
        .bind(i64::from(new.is_disabled))
        .fetch_optional(&mut *transaction)
        .await?;
        let id = id.ok_or_else(|| {
            StoreError::Conflict(format!(
                "A machine named `{}` with another thumbprint is registered already; \
                 delete it first, or register under another name.",
                new.name
            ))
        })?;
        place(&mut transaction, id, &new.environments).await?;
        for category in arrivals::gained(before.as_ref(), new) {
            arrivals::note(&mut transaction, id, category).await?;
        }
        transaction.commit().await?;
        Ok(id)
    }

    /// Changes a machine. Another address or thumbprint makes what was seen of it void.
    pub async fn change_machine(
        &self,
        id: i64,
        new: &Registration,
        event: &NewEvent,
    ) -> Result<()> {
        let mut transaction = self.write().await?;
        let before = before(&mut transaction, id).await?;
        sqlx::query(
            "update machines set name = $1, roles = $2, disabled = $3, \
             health = case when uri = $4 and thumbprint = $5 then health else 'Unknown' end, \
             summary = case when uri = $4 and thumbprint = $5 then summary \
                 else 'Not checked yet.' end, \
             uri = $4, thumbprint = $5 where id = $6",
        )
        .bind(&new.name)
        .bind(to_json(&new.roles)?)
        .bind(i64::from(new.is_disabled))
        .bind(&new.uri)
        .bind(&new.thumbprint)
        .bind(id)
        .execute(&mut *transaction)
        .await
        .map_err(|error| {
            conflict(error, || {
                format!(
                    "Name `{}`: another machine has this name already.",
                    new.name
                )
            })
        })?;
        place(&mut transaction, id, &new.environments).await?;
        // A machine that is gone by now has nothing to gain.
        for category in before.iter().flat_map(|it| arrivals::gained(Some(it), new)) {
            arrivals::note(&mut transaction, id, category).await?;
        }
        events::append(&mut transaction, event).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Forgets a machine; its tasks stay.
    pub async fn delete_machine(&self, id: i64) -> Result<bool> {
        let query = sqlx::query("delete from machines where id = $1").bind(id);
        Ok(query.execute(&self.pool).await?.rows_affected() > 0)
    }

    /// Writes down that a machine answered. True: it was not healthy before.
    pub async fn machine_answered(&self, id: i64, seen: &Seen) -> Result<bool> {
        let now = now_ms();
        let mut transaction = self.write().await?;
        let healthy = to_word(HealthStatus::Healthy)?;
        // Of several who ask at one time, one alone finds it otherwise.
        let query = "update machines set health = $1 where id = $2 and health <> $1";
        let query = sqlx::query(query).bind(&healthy).bind(id);
        let is_new = query.execute(&mut *transaction).await?.rows_affected() > 0;
        if is_new {
            arrivals::note(&mut transaction, id, arrivals::HEALTHY).await?;
        }
        sqlx::query(
            "update machines set summary = $1, version = $2, rid = $3, \
             operating_system = $4, versions = $5, checked_at = $6, seen_at = $7 where id = $8",
        )
        .bind(format!("Tentacle {} answers.", seen.version))
        .bind(&seen.version)
        .bind(&seen.rid)
        .bind(&seen.operating_system)
        .bind(to_json(&seen.versions)?)
        .bind(now)
        .bind(now)
        .bind(id)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(is_new)
    }

    /// Writes down that a machine did not answer, and why.
    pub async fn machine_unavailable(&self, id: i64, why: &str) -> Result<()> {
        sqlx::query("update machines set health = $1, summary = $2, checked_at = $3 where id = $4")
            .bind(to_word(HealthStatus::Unavailable)?)
            .bind(why)
            .bind(now_ms())
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

/// A machine as it is before a change.
async fn before(connection: &mut sqlx::AnyConnection, id: i64) -> Result<Option<Before>> {
    let query = sqlx::query_as("select roles, disabled from machines where id = $1").bind(id);
    let found: Option<(String, i64)> = query.fetch_optional(&mut *connection).await?;
    let Some((roles, disabled)) = found else {
        return Ok(None);
    };
    let query = "select environment_id from machine_environments where machine_id = $1";
    let query = sqlx::query_scalar(query).bind(id);
    Ok(Some(Before {
        roles: from_json(&roles)?,
        environments: query.fetch_all(connection).await?,
        is_disabled: disabled != 0,
    }))
}

/// Puts a machine into these environments and no others.
async fn place(
    connection: &mut sqlx::AnyConnection,
    machine: i64,
    environments: &[i64],
) -> Result<()> {
    sqlx::query("delete from machine_environments where machine_id = $1")
        .bind(machine)
        .execute(&mut *connection)
        .await?;
    for environment in environments {
        sqlx::query("insert into machine_environments values ($1, $2) on conflict do nothing")
            .bind(machine)
            .bind(environment)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn numbers(all: &[i64]) -> String {
    let texts: Vec<String> = all.iter().map(i64::to_string).collect();
    texts.join(", ")
}
