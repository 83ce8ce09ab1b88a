//! Variables from a JSON file, for one target.

use clap::Args;
use variables::VariableSet;
use variables::scope::{self, Target};

use crate::error::Error;
use crate::session::Session;
use crate::text::{Input, Text};

mod json;

/// Flags that say what the variables are wanted for.
#[derive(Debug, Args)]
pub(crate) struct For {
    /// Environment whose values hold, as the file names it.
    #[arg(long, short, value_name = "NAME")]
    environment: Option<String>,
    /// Machine whose values hold, as the file names it.
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    /// Role whose values hold, as the file names it; may be given several times.
    #[arg(long, value_name = "ROLE")]
    role: Vec<String>,
}

impl For {
    /// The environment, if one is given.
    pub(crate) fn environment(&self) -> Option<&str> {
        self.environment.as_deref()
    }

    /// The machine, if one is given.
    pub(crate) fn machine(&self) -> Option<&str> {
        self.machine.as_deref()
    }
}

/// The variables of a file that hold for a target; none when no file is given.
///
/// # Errors
/// When the file cannot be read or does not hold variables.
pub(crate) fn read(
    file: Option<&Input>,
    wanted: For,
    session: &Session<'_>,
) -> Result<VariableSet, Error> {
    let target = Target {
        environment: wanted.environment,
        machine: wanted.machine,
        roles: wanted.role,
        ..Target::default()
    };
    let mut set = match file {
        Some(file) => {
            let text = Text::read(file, session)?;
            let all = json::parse(text.as_str()).map_err(|error| Error::Variables {
                name: file.to_string(),
                line: error.line,
                column: error.column,
                message: error.message,
            })?;
            scope::resolve(&all, &target)
        }
        None => VariableSet::new(),
    };
    set.set_now(session.around.now.clone());
    Ok(set)
}
