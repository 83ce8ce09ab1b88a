//! From the ids and names that people write to rows.

use nupkg::NuGetVersion;

use crate::store::{Result, Store, packages::Package};

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
        let machines = store.machines().await?;
        Ok(Self {
            environments: environments.into_iter().map(|e| (e.id, e.name)).collect(),
            machines: machines.into_iter().map(|m| (m.id, m.name)).collect(),
        })
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
        let names: Vec<&str> = all.iter().take(20).map(|(_, name)| name.as_str()).collect();
        let there = match names.as_slice() {
            [] => format!("there is no {what} yet"),
            names => format!("there are: {}", names.join(", ")),
        };
        format!("There is no {what} `{text}`; {there}.")
    })
}

/// A package by id and version; without a version the newest, and a stable one if there is one.
/// The inner error is one sentence for people.
pub async fn package(
    store: &Store,
    id: Option<&str>,
    version: Option<&str>,
) -> Result<Result<Package, String>> {
    let Some(id) = id else {
        return Ok(Err("No package is named: set PackageId.".to_owned()));
    };
    let versions = store.package_versions(id).await?;
    if versions.is_empty() {
        return Ok(Err(format!(
            "The feed has no package `{id}`; push it first: octo package upload --package FILE."
        )));
    }
    let wanted = match version.map(str::parse::<NuGetVersion>).transpose() {
        Ok(wanted) => wanted,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let mut known: Vec<(NuGetVersion, Package)> = versions
        .into_iter()
        .filter_map(|package| Some((package.version.parse().ok()?, package)))
        .collect();
    known.sort_by(|(a, _), (b, _)| (!a.is_prerelease(), a).cmp(&(!b.is_prerelease(), b)));
    let newest = known.last().map(|(version, _)| version.to_string());
    let found = match &wanted {
        None => known.pop(),
        Some(wanted) => known.into_iter().find(|(version, _)| version == wanted),
    };
    Ok(found.map(|(_, package)| package).ok_or_else(|| {
        format!(
            "The feed has no version {} of `{id}`; its newest is {}.",
            version.unwrap_or_default(),
            newest.unwrap_or_default()
        )
    }))
}
