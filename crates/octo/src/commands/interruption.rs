//! `octo interruption …`.

use api::Interruption;
use clap::Subcommand;

use crate::error::Error;
use crate::output::Cell;
use crate::session::Session;

mod list;
mod submit;
mod view;

/// Interruptions: what tasks ask people, and what they answer.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    View(view::Arguments),
    Submit(submit::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::List(arguments) => list::run(&arguments, session),
            Self::View(arguments) => view::run(&arguments, session),
            Self::Submit(arguments) => submit::run(arguments, session),
        }
    }
}

/// What the form's buttons send, as `(field, values)`; empty when there are none.
fn choices(interruption: &Interruption) -> (&str, Vec<&str>) {
    let elements = interruption.form.elements.iter();
    let asked = elements.rev().find(|one| !one.control.buttons.is_empty());
    asked.map_or(("", Vec::new()), |one| {
        let values = one
            .control
            .buttons
            .iter()
            .map(|button| button.value.as_str());
        (&one.name, values.collect())
    })
}

/// Prints one.
fn show(interruption: &Interruption, session: &Session<'_>) -> Result<(), Error> {
    let (field, choices) = choices(interruption);
    let texts = interruption.form.elements.iter();
    let texts = texts
        .map(|one| one.control.text.as_str())
        .filter(|text| !text.is_empty());
    let said = |name: &str| {
        let value = interruption.form.values.get(name).cloned();
        Cell::from(value.flatten().unwrap_or_default())
    };
    let mut fields = vec![
        ("Id", Cell::from(&interruption.id)),
        ("Task", (&interruption.task_id).into()),
        ("Title", (&interruption.title).into()),
        ("Asked", session.output.time(&interruption.created).into()),
    ];
    fields.extend(texts.map(|text| ("Instructions", text.into())));
    match interruption.is_pending {
        true => fields.push(("Answers", choices.join(", ").into())),
        false => fields.extend([("Answer", said(field)), ("Notes", said("Notes"))]),
    }
    session
        .output
        .record(interruption, &interruption.id, fields)?;
    Ok(())
}
