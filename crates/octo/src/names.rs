//! From the names that people type to the things they mean.

use api::{Environment, Lifecycle, Machine, ProjectGroup};

use crate::client::Client;
use crate::error::Error;

/// Something that bears an id and a name.
pub(crate) trait Named {
    /// What its kind is called in messages.
    const KIND: &'static str;
    /// `Environments-1`.
    fn id(&self) -> &str;
    /// As people say it.
    fn name(&self) -> &str;
}

impl Named for Environment {
    const KIND: &'static str = "environment";
    fn id(&self) -> &str {
        &self.id
    }
    fn name(&self) -> &str {
        &self.name
    }
}

impl Named for Machine {
    const KIND: &'static str = "deployment target";
    fn id(&self) -> &str {
        &self.id
    }
    fn name(&self) -> &str {
        &self.name
    }
}

impl Named for ProjectGroup {
    const KIND: &'static str = "project group";
    fn id(&self) -> &str {
        &self.id
    }
    fn name(&self) -> &str {
        &self.name
    }
}

impl Named for Lifecycle {
    const KIND: &'static str = "lifecycle";
    fn id(&self) -> &str {
        &self.id
    }
    fn name(&self) -> &str {
        &self.name
    }
}

/// The thing that bears this name, else this id; neither heeds case.
///
/// # Errors
/// When there is none; the error holds the names that there are.
pub(crate) fn find<'a, T: Named>(things: &'a [T], wanted: &str) -> Result<&'a T, Error> {
    let lower = wanted.to_lowercase();
    let by = |key: fn(&T) -> &str| {
        things
            .iter()
            .find(|thing| key(thing).to_lowercase() == lower)
    };
    by(T::name)
        .or_else(|| by(T::id))
        .ok_or_else(|| Error::Unknown {
            kind: T::KIND,
            name: wanted.to_owned(),
            known: things.iter().map(|thing| thing.name().to_owned()).collect(),
        })
}

/// The environments meant. Asks the server only if there are names.
///
/// # Errors
/// When a name is unknown, or the server cannot be asked.
pub(crate) fn environments(client: &Client, names: &[String]) -> Result<Vec<Environment>, Error> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let all: Vec<Environment> = client.get(&client.in_space(&["environments", "all"]), &[])?;
    names.iter().map(|name| find(&all, name).cloned()).collect()
}

/// The deployment targets meant. Asks the server only if there are names.
///
/// # Errors
/// As [`environments`].
pub(crate) fn machines(client: &Client, names: &[String]) -> Result<Vec<Machine>, Error> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let all = all_machines(client)?;
    names.iter().map(|name| find(&all, name).cloned()).collect()
}

/// Every deployment target.
///
/// # Errors
/// When the server cannot be asked.
pub(crate) fn all_machines(client: &Client) -> Result<Vec<Machine>, Error> {
    Ok(client.get(&client.in_space(&["machines", "all"]), &[])?)
}

/// The ids of things.
pub(crate) fn ids<T: Named>(things: &[T]) -> Vec<String> {
    things.iter().map(|thing| thing.id().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(id: &str, name: &str) -> Environment {
        Environment {
            id: id.to_owned(),
            name: name.to_owned(),
            ..Environment::default()
        }
    }

    #[test]
    fn a_name_counts_before_an_id_and_case_does_not() {
        let all = [
            environment("Environments-1", "Prüfung"),
            environment("Environments-2", "environments-1"),
        ];
        let id = |wanted: &str| find(&all, wanted).map(|found| found.id.clone());
        assert_eq!(id("PRÜFUNG").unwrap(), "Environments-1");
        assert_eq!(id("Environments-1").unwrap(), "Environments-2");
        assert_eq!(id("ENVIRONMENTS-2").unwrap(), "Environments-2");
        assert!(id("Environments").is_err());
    }
}
