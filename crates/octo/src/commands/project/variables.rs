//! `octo project variables …`.

use api::Project;
use api::variables::{Variable, VariableSet};
use clap::Subcommand;

use crate::client::Client;
use crate::error::Error;
use crate::names::{self, Named};
use crate::output::{Cell, Tone};
use crate::session::Session;

mod create;
mod delete;
mod list;
mod scope;
mod update;
mod view;

/// Variables of a project.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Create(create::Arguments),
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    View(view::Arguments),
    Update(update::Arguments),
    #[command(visible_aliases = ["rm", "remove"])]
    Delete(delete::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Create(arguments) => create::run(arguments, session),
            Self::List(arguments) => list::run(arguments, session),
            Self::View(arguments) => view::run(arguments, session),
            Self::Update(arguments) => update::run(arguments, session),
            Self::Delete(arguments) => delete::run(arguments, session),
        }
    }
}

/// The variables of a project.
fn of_project(client: &Client, project: &str) -> Result<VariableSet, Error> {
    let project: Project = names::one(client, project)?;
    Ok(client.get(&Project::path(client, &[&project.id, "variables"]), &[])?)
}

/// Stores changed variables; what the server made of them.
fn store(client: &Client, set: &VariableSet) -> Result<VariableSet, Error> {
    Ok(client.put(&client.in_space(&["variables", &set.id]), set)?)
}

/// The values that bear a name, without heed of case, or the one with an id.
///
/// # Errors
/// When there is none.
fn values<'a>(
    set: &'a VariableSet,
    name: Option<&str>,
    id: Option<&str>,
) -> Result<Vec<&'a Variable>, Error> {
    let is_name =
        |one: &&Variable| name.is_none_or(|name| one.name.to_lowercase() == name.to_lowercase());
    let is_id = |one: &&Variable| id.is_none_or(|id| one.id == id);
    let found: Vec<&Variable> = set.variables.iter().filter(is_name).filter(is_id).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let mut known: Vec<String> = set.variables.iter().map(|one| one.name.clone()).collect();
    known.sort();
    known.dedup();
    Err(Error::Unknown {
        kind: "variable",
        name: id.or(name).unwrap_or_default().to_owned(),
        known,
    })
}

/// The one value that is meant.
///
/// # Errors
/// When there is none, or there are several.
fn one_value(set: &VariableSet, name: Option<&str>, id: Option<&str>) -> Result<Variable, Error> {
    match values(set, name, id)?.as_slice() {
        [one] => Ok((*one).clone()),
        several => {
            let shown = several.iter().map(|one| {
                let scope = scope::words(&one.scope, &set.scope_values);
                let scope = if scope.is_empty() {
                    "everywhere"
                } else {
                    &scope
                };
                format!("{} ({scope})", one.id)
            });
            let shown: Vec<String> = shown.collect();
            let name = several.first().map_or("", |one| &one.name);
            Err(Error::usage(
                format!("The variable \"{name}\" has {} values.", shown.len()),
                format!("Say which one with --id: {}.", shown.join(", ")),
            ))
        }
    }
}

/// Prints values.
fn show(set: &VariableSet, values: &[&Variable], session: &Session<'_>) -> Result<(), Error> {
    session.output.list(
        values,
        &["Name", "Value", "Scope", "Id", "Description"],
        |one| &one.name,
        |one| {
            vec![
                (&one.name).into(),
                value(one),
                scope::words(&one.scope, &set.scope_values).into(),
                (&one.id).into(),
                (&one.description).into(),
            ]
        },
    )?;
    Ok(())
}

/// Prints one value.
fn show_one(set: &VariableSet, one: &Variable, session: &Session<'_>) -> Result<(), Error> {
    session.output.record(
        one,
        &one.id,
        vec![
            ("Id", (&one.id).into()),
            ("Name", (&one.name).into()),
            ("Value", value(one)),
            ("Scope", scope::words(&one.scope, &set.scope_values).into()),
            ("Description", (&one.description).into()),
            (
                "Prompt",
                one.prompt
                    .as_ref()
                    .map_or("", |prompt| &prompt.label)
                    .into(),
            ),
        ],
    )?;
    Ok(())
}

fn value(one: &Variable) -> Cell {
    match one.is_sensitive {
        true => Cell::from("***").tone(Tone::Faint),
        false => one.value.as_deref().unwrap_or_default().into(),
    }
}
