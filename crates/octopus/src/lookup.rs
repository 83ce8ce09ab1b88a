//! From the ids and names that people write to rows.

use std::cmp::Reverse;

use nupkg::NuGetVersion;

use crate::{
    app::App,
    feed::shelf::Item,
    store::{Result, Store, environments::Environment, machines::Machine, packages::Package},
};

/// `Environments-3` from 3.
pub fn environment_id(id: i64) -> String {
    format!("Environments-{id}")
}

/// `Machines-3` from 3.
pub fn machine_id(id: i64) -> String {
    format!("Machines-{id}")
}

/// `ServerTasks-3` from 3.
pub fn task_id(id: i64) -> String {
    format!("ServerTasks-{id}")
}

/// 3 from `ServerTasks-3`, `Machines-3`, `Environments-3`, in any case.
pub fn row_id(prefix: &str, text: &str) -> Option<i64> {
    let (head, number) = text.rsplit_once('-')?;
    if !head.eq_ignore_ascii_case(prefix) {
        return None;
    }
    number.parse().ok().filter(|id| *id > 0)
}

/// Ids and names of what people name in requests.
pub struct Names {
    environments: Vec<(i64, String)>,
    machines: Vec<(i64, String)>,
}

impl Names {
    /// Reads all names.
    pub async fn load(store: &Store) -> Result<Self> {
        let environments = store.environments().await?;
        Ok(Self {
            machines: store.machine_names().await?,
            ..Self::of_environments(environments)
        })
    }

    /// Of what has been read already.
    pub fn of(environments: Vec<Environment>, machines: &[Machine]) -> Self {
        let machines = machines.iter().map(|one| (one.id, one.name.clone()));
        Self {
            machines: machines.collect(),
            ..Self::of_environments(environments)
        }
    }

    /// Knows these environments alone.
    pub fn of_environments(environments: Vec<Environment>) -> Self {
        Self {
            environments: environments.into_iter().map(|e| (e.id, e.name)).collect(),
            machines: Vec::new(),
        }
    }

    /// An environment by id or name, in any case.
    pub fn environment(&self, text: &str) -> Result<i64, String> {
        find("Environments", "environment", &self.environments, text)
    }

    /// A machine by id or name, in any case.
    pub fn machine(&self, text: &str) -> Result<i64, String> {
        find("Machines", "machine", &self.machines, text)
    }

    /// An environment's name.
    pub fn environment_name(&self, id: i64) -> &str {
        let found = self.environments.iter().find(|(other, _)| *other == id);
        found.map_or("", |(_, name)| name)
    }

    /// A machine's name.
    pub fn machine_name(&self, id: i64) -> &str {
        let found = self.machines.iter().find(|(other, _)| *other == id);
        found.map_or("", |(_, name)| name)
    }
}

fn find(prefix: &str, what: &str, all: &[(i64, String)], text: &str) -> Result<i64, String> {
    let by_id = row_id(prefix, text);
    let found = all
        .iter()
        .find(|(id, name)| by_id == Some(*id) || name.to_lowercase() == text.trim().to_lowercase());
    found.map(|(id, _)| *id).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|(_, name)| name.as_str()).collect();
        let there = match names.as_slice() {
            [] => format!("there is no {what} yet"),
            names => format!("there are: {}", few(names)),
        };
        format!("There is no {what} `{text}`; {there}.")
    })
}

/// A package by id, in any case, and version; without a version the newest, and a stable one if
/// there is one. The inner error is one sentence for people.
pub async fn package(
    app: &App,
    id: Option<&str>,
    version: Option<&str>,
) -> Result<Result<Package, String>> {
    let Some(id) = id else {
        return Ok(Err("No package is named: set PackageId.".to_owned()));
    };
    let wanted = match version.map(str::parse::<NuGetVersion>).transpose() {
        Ok(wanted) => wanted,
        Err(error) => return Ok(Err(format!("PackageVersion: {error}"))),
    };
    if let Some(wanted) = &wanted
        && let Some(found) = app.package(id, wanted).await?
    {
        return Ok(Ok(found.package.clone()));
    }
    let shelf = app.shelf().await?;
    let mut known: Vec<&Item> = shelf.of(id).iter().map(AsRef::as_ref).collect();
    if known.is_empty() {
        let all = shelf.all().iter();
        let mut ids: Vec<&str> = all.map(|item| item.package.package_id.as_str()).collect();
        ids.dedup();
        let there = match ids.as_slice() {
            [] => "it is empty".to_owned(),
            ids => format!("it has: {}", few(ids)),
        };
        return Ok(Err(format!(
            "The feed has no package `{id}`; {there}. Push it first: octo package upload --package FILE."
        )));
    }
    known.sort_by_key(|item| Reverse((!item.version.is_prerelease(), &item.version)));
    let found = match &wanted {
        None => known.first(),
        Some(wanted) => known.iter().find(|item| item.version == *wanted),
    };
    Ok(found.map(|item| item.package.clone()).ok_or_else(|| {
        let there = known.iter().map(|item| item.package.version.as_str());
        format!(
            "The feed has no version {} of `{id}`; it has: {}.",
            version.unwrap_or_default(),
            few(&there.collect::<Vec<_>>())
        )
    }))
}

/// The first names of a list, for messages.
fn few(names: &[&str]) -> String {
    const SHOWN: usize = 20;
    let first: Vec<&str> = names.iter().take(SHOWN).copied().collect();
    match names.len().saturating_sub(SHOWN) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
