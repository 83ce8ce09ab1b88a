//! `octo api-key …`.

use clap::{Args, Subcommand};

use crate::client::Client;
use crate::error::Error;
use crate::session::Session;

mod create;
mod delete;
mod list;

/// API keys: by which programs call the server, in place of a password.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    Create(create::Arguments),
    #[command(visible_aliases = ["rm", "remove"])]
    Delete(delete::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::List(arguments) => list::run(&arguments, session),
            Self::Create(arguments) => create::run(arguments, session),
            Self::Delete(arguments) => delete::run(&arguments, session),
        }
    }
}

/// Whose keys are meant.
#[derive(Debug, Args)]
struct Owner {
    /// The user, by name or id [default: who calls].
    #[arg(
        long,
        short,
        value_name = "NAME",
        default_value = "me",
        hide_default_value = true
    )]
    user: String,
}

impl Owner {
    /// The path of the keys, or of something below them.
    fn path(&self, below: &[&str]) -> String {
        Client::of_server(&[&["users", &self.user, "apikeys"], below].concat())
    }
}
