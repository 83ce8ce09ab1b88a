//! What the verbs of several nouns have alike.

use clap::Args;
use serde::Serialize;

use crate::client::Client;
use crate::error::Error;
use crate::names::{self, Named};
use crate::output::Cell;
use crate::session::Session;

/// Which ones, and how many, a list shows.
#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// Only those whose name holds this text.
    #[arg(long, short = 'q', value_name = "TEXT")]
    filter: Option<String>,
    /// How many at most.
    #[arg(long, short = 'n', value_name = "COUNT")]
    limit: Option<usize>,
}

impl Filter {
    /// Those of a collection that are wanted.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub(crate) fn apply<T: serde::de::DeserializeOwned>(
        &self,
        client: &Client,
        path: &str,
    ) -> Result<Vec<T>, Error> {
        let filter = self.filter.as_deref().unwrap_or_default();
        let query = [("partialName", filter)];
        let query = if filter.is_empty() { &[] } else { &query[..] };
        let mut all = client.all(path, query)?;
        all.truncate(self.limit.unwrap_or(usize::MAX));
        Ok(all)
    }
}

/// Whether to ask before something is deleted.
#[derive(Debug, Args)]
pub(crate) struct Confirmation {
    /// Do not ask before deleting.
    #[arg(long, short = 'y')]
    confirm: bool,
}

impl Confirmation {
    /// Passes when the person is sure. `what` such as `the project Web`.
    ///
    /// # Errors
    /// When nobody can be asked, or the answer is no.
    pub(crate) fn obtain(&self, what: &str, session: &Session<'_>) -> Result<(), Error> {
        if self.confirm {
            return Ok(());
        }
        if !session.can_ask() {
            return Err(Error::usage(
                format!("--confirm is missing, so {what} is not deleted."),
                "Give --confirm (-y) to delete without a question.",
            ));
        }
        match session
            .around
            .confirm(&format!("Delete {what} for good?"))?
        {
            true => Ok(()),
            false => Err(Error::Declined),
        }
    }
}

/// What was deleted.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Deleted<'a> {
    id: &'a str,
    name: &'a str,
}

/// Deletes the one thing of a kind that is meant; chosen by a person when none is named.
///
/// # Errors
/// When there is none, the person is not sure, or the server refuses.
pub(crate) fn delete<T: Named>(
    wanted: Option<String>,
    confirmation: &Confirmation,
    session: &Session<'_>,
) -> Result<(), Error> {
    let wanted = session.pick::<T>(wanted, "NAME", &capital(T::KIND))?;
    let thing = names::one::<T>(&session.client()?, &wanted)?;
    delete_found(&thing, confirmation, session)
}

/// Deletes a thing that was found.
///
/// # Errors
/// As [`delete`].
pub(crate) fn delete_found<T: Named>(
    thing: &T,
    confirmation: &Confirmation,
    session: &Session<'_>,
) -> Result<(), Error> {
    let client = session.client()?;
    confirmation.obtain(&format!("the {} {}", T::KIND, thing.name()), session)?;
    client.delete(&T::path(&client, &[thing.id()]))?;
    deleted(thing.id(), thing.name(), T::KIND, session)
}

/// Prints what was deleted.
///
/// # Errors
/// When standard output is closed.
pub(crate) fn deleted(
    id: &str,
    name: &str,
    kind: &str,
    session: &Session<'_>,
) -> Result<(), Error> {
    let text = match id == name {
        true => format!("{kind} {id}"),
        false => format!("{kind} {name} ({id})"),
    };
    let fields = vec![("Deleted", Cell::from(text))];
    session.output.record(&Deleted { id, name }, name, fields)?;
    Ok(())
}

/// With a capital letter at its beginning.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase());
    first.into_iter().flatten().chain(letters).collect()
}

/// `yes`, or nothing, which leaves the field out.
pub(crate) fn yes(value: bool) -> Cell {
    Cell::from(if value { "yes" } else { "" })
}
