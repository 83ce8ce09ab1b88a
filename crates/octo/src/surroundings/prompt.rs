//! Questions to a person on a terminal. They go to standard error, so that a redirected result
//! stays clean.

use std::io;

use inquire::ui::RenderConfig;
use inquire::{Confirm, InquireError, MultiSelect, Password, PasswordDisplayMode, Select, Text};

use super::Surroundings;

/// Names that a list shows at a time.
const PAGE: usize = 12;

impl Surroundings {
    /// Asks a person for one line; the answer comes without white space around it.
    pub(crate) fn ask(&self, question: &str) -> io::Result<String> {
        let question = format!("{question}:");
        let prompt = Text::new(&question).with_render_config(self.look());
        let answer = prompt.prompt().map_err(ended)?;
        Ok(answer.trim().to_owned())
    }

    /// Asks a person for something that must not be seen on the screen; stars show that typing
    /// and pasting work.
    pub(crate) fn ask_secret(&self, question: &str) -> io::Result<String> {
        Password::new(&format!("{question}:"))
            .without_confirmation()
            .with_display_mode(PasswordDisplayMode::Masked)
            .with_render_config(self.look())
            .prompt()
            .map_err(ended)
    }

    /// Lets a person choose one of several; typing narrows the list.
    pub(crate) fn choose(&self, question: &str, names: Vec<String>) -> io::Result<String> {
        Select::new(&format!("{question}:"), names)
            .with_page_size(PAGE)
            .with_help_message("arrows move, typing narrows the list, Enter takes")
            .with_render_config(self.look())
            .prompt()
            .map_err(ended)
    }

    /// Lets a person choose some of several.
    pub(crate) fn choose_some(
        &self,
        question: &str,
        names: Vec<String>,
    ) -> io::Result<Vec<String>> {
        MultiSelect::new(&format!("{question}:"), names)
            .with_page_size(PAGE)
            .with_help_message("arrows move, Space marks, typing narrows the list, Enter takes")
            .with_render_config(self.look())
            .prompt()
            .map_err(ended)
    }

    /// Asks whether to go on; no when nothing is typed.
    pub(crate) fn confirm(&self, question: &str) -> io::Result<bool> {
        Confirm::new(question)
            .with_default(false)
            .with_render_config(self.look())
            .prompt()
            .map_err(ended)
    }

    fn look(&self) -> RenderConfig<'static> {
        match self.color_err {
            true => RenderConfig::default_colored(),
            false => RenderConfig::empty(),
        }
    }
}

/// Ctrl-C and Esc both end the run.
fn ended(error: InquireError) -> io::Error {
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => {
            io::ErrorKind::Interrupted.into()
        }
        InquireError::IO(error) => error,
        error => io::Error::other(error),
    }
}
