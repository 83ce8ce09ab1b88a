//! From the names that people type to the things they mean.

use api::{
    BuildInformation, Channel, Environment, Feed, Lifecycle, Machine, Package, Project,
    ProjectGroup, Release, Space, Team, User, UserRole,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client::{Client, ClientError};
use crate::error::Error;
use crate::session::Session;

/// Something that bears an id and a name.
pub(crate) trait Named: Clone + Serialize + DeserializeOwned {
    /// What its kind is called in messages.
    const KIND: &'static str;
    /// Where the server keeps its kind.
    const COLLECTION: &'static str;
    /// Whether it belongs to a space.
    const IN_SPACE: bool = true;

    /// `Environments-1`.
    fn id(&self) -> &str;

    /// As people say it.
    fn name(&self) -> &str;

    /// As addresses say it.
    fn slug(&self) -> &str {
        ""
    }

    /// Every one of them.
    ///
    /// # Errors
    /// When the server cannot be asked.
    fn list(client: &Client) -> Result<Vec<Self>, ClientError> {
        client.all(&Self::path(client, &[]), &[])
    }

    /// The path of the collection, or of something below it.
    fn path(client: &Client, below: &[&str]) -> String {
        let segments = [&[Self::COLLECTION], below].concat();
        match Self::IN_SPACE {
            true => client.in_space(&segments),
            false => Client::of_server(&segments),
        }
    }
}

macro_rules! named {
    ($kind:ty, $what:literal, $collection:literal, $name:ident $(, $more:item)*) => {
        impl Named for $kind {
            const KIND: &'static str = $what;
            const COLLECTION: &'static str = $collection;
            fn id(&self) -> &str {
                &self.id
            }
            fn name(&self) -> &str {
                &self.$name
            }
            $($more)*
        }
    };
}

named!(
    BuildInformation,
    "build information",
    "build-information",
    id
);
named!(Channel, "channel", "channels", name);
named!(
    Environment,
    "environment",
    "environments",
    name,
    fn slug(&self) -> &str {
        &self.slug
    },
    fn list(client: &Client) -> Result<Vec<Self>, ClientError> {
        whole(client)
    }
);
named!(Feed, "feed", "feeds", name);
named!(Lifecycle, "lifecycle", "lifecycles", name);
named!(
    Machine,
    "deployment target",
    "machines",
    name,
    fn list(client: &Client) -> Result<Vec<Self>, ClientError> {
        whole(client)
    }
);
named!(
    Package,
    "package",
    "packages",
    package_id,
    fn list(client: &Client) -> Result<Vec<Self>, ClientError> {
        client.all(&Self::path(client, &[]), &[("latest", "true")])
    }
);
named!(
    Project,
    "project",
    "projects",
    name,
    fn slug(&self) -> &str {
        &self.slug
    }
);
named!(ProjectGroup, "project group", "projectgroups", name);
named!(Release, "release", "releases", version);
named!(
    Space,
    "space",
    "spaces",
    name,
    const IN_SPACE: bool = false;,
    fn slug(&self) -> &str {
        &self.slug
    }
);
named!(Team, "team", "teams", name, const IN_SPACE: bool = false;);
named!(
    UserRole,
    "role",
    "userroles",
    name,
    const IN_SPACE: bool = false;
);
named!(
    User,
    "user",
    "users",
    username,
    const IN_SPACE: bool = false;
);

/// Without pages.
fn whole<T: Named>(client: &Client) -> Result<Vec<T>, ClientError> {
    client.get(&T::path(client, &["all"]), &[])
}

/// The thing that bears this name, else this id, else this slug; none heeds case.
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
        .or_else(|| by(T::slug))
        .ok_or_else(|| Error::Unknown {
            kind: T::KIND,
            name: wanted.to_owned(),
            known: names(things),
        })
}

/// The one thing meant.
///
/// # Errors
/// When there is none, or the server cannot be asked.
pub(crate) fn one<T: Named>(client: &Client, wanted: &str) -> Result<T, Error> {
    find(&T::list(client)?, wanted).cloned()
}

/// The things meant. Asks the server only if there are names.
///
/// # Errors
/// When a name is unknown, or the server cannot be asked.
pub(crate) fn some<T: Named>(client: &Client, wanted: &[String]) -> Result<Vec<T>, Error> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let all = T::list(client)?;
    wanted
        .iter()
        .map(|name| find(&all, name).cloned())
        .collect()
}

/// The names of things.
pub(crate) fn names<T: Named>(things: &[T]) -> Vec<String> {
    things.iter().map(|thing| thing.name().to_owned()).collect()
}

/// The ids of things.
pub(crate) fn ids<T: Named>(things: &[T]) -> Vec<String> {
    things.iter().map(|thing| thing.id().to_owned()).collect()
}

/// Ids of one kind as names; an id that nothing has stays as it is.
#[derive(Debug, Default)]
pub(crate) struct NamesById(std::collections::BTreeMap<String, String>);

impl NamesById {
    /// Of every thing of a kind.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub(crate) fn of<T: Named>(client: &Client) -> Result<Self, ClientError> {
        let all = T::list(client)?.into_iter();
        let pairs = all.map(|thing| (thing.id().to_owned(), thing.name().to_owned()));
        Ok(Self(pairs.collect()))
    }

    /// The name for an id.
    pub(crate) fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.0.get(id).map_or(id, String::as_str)
    }

    /// The names for ids, separated by commas.
    pub(crate) fn names(&self, ids: &[String]) -> String {
        let names: Vec<&str> = ids.iter().map(|id| self.name(id)).collect();
        names.join(", ")
    }
}

/// A refusal because the space is unknown, as an error with the spaces that there are.
pub(crate) fn explained(error: Error, session: &Session<'_>) -> Error {
    let Error::Client(ClientError::Refused { status: 404, .. }) = &error else {
        return error;
    };
    let asked = session.client().and_then(|client| {
        let spaces = Space::list(&client)?;
        find(&spaces, client.space()).map(|_| ())
    });
    match asked {
        Err(unknown @ Error::Unknown { .. }) => unknown,
        _ => error,
    }
}

/// A refusal that may be because the project is unknown, as an error with the projects that
/// there are.
pub(crate) fn explained_project(error: ClientError, client: &Client, project: &str) -> Error {
    let refused = matches!(
        &error,
        ClientError::Refused {
            status: 400 | 404,
            ..
        }
    );
    match refused.then(|| one::<Project>(client, project)) {
        Some(Err(unknown @ Error::Unknown { .. })) => unknown,
        _ => error.into(),
    }
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
