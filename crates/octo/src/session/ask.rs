//! What a command needs and was not given: asked for when a person is there.

use std::io;

use super::Session;
use crate::client::Client;
use crate::error::Error;
use crate::names::{self, Named};

impl Session<'_> {
    /// The value of a flag; asked for when it is missing and a person is there.
    ///
    /// # Errors
    /// When it is missing and nobody can be asked, or the answer is empty.
    pub(crate) fn required(
        &self,
        value: Option<String>,
        flag: &str,
        question: &str,
    ) -> Result<String, Error> {
        match value {
            Some(value) => Ok(value),
            None => self.ask(flag, || self.around.ask(question)),
        }
    }

    /// The values of a flag; asked for, separated by commas, when there are none.
    ///
    /// # Errors
    /// As [`Self::required`].
    pub(crate) fn required_list(
        &self,
        values: Vec<String>,
        flag: &str,
        question: &str,
    ) -> Result<Vec<String>, Error> {
        if !values.is_empty() {
            return Ok(values);
        }
        let question = format!("{question}, separated by commas");
        let answer = self.ask(flag, || self.around.ask(&question))?;
        let parts = answer.split(',').map(str::trim);
        Ok(parts.filter(|s| !s.is_empty()).map(str::to_owned).collect())
    }

    /// As [`Self::required`], unseen.
    ///
    /// # Errors
    /// As [`Self::required`].
    pub(crate) fn required_secret(&self, flag: &str, question: &str) -> Result<String, Error> {
        self.ask(flag, || self.around.ask_secret(question))
    }

    /// The value of a flag; chosen from what the server has when it is missing.
    ///
    /// # Errors
    /// As [`Self::required`]; when there is nothing to choose from.
    pub(crate) fn pick<T: Named>(
        &self,
        value: Option<String>,
        flag: &str,
        question: &str,
    ) -> Result<String, Error> {
        self.pick_from(value, flag, question, |client| {
            Ok(names::names(&T::list(client)?))
        })
    }

    /// As [`Self::pick`], from other names.
    ///
    /// # Errors
    /// As [`Self::pick`].
    pub(crate) fn pick_from(
        &self,
        value: Option<String>,
        flag: &str,
        question: &str,
        names: impl FnOnce(&Client) -> Result<Vec<String>, Error>,
    ) -> Result<String, Error> {
        if let Some(value) = value {
            return Ok(value);
        }
        let names = self.choices(flag, names)?;
        self.ask(flag, || self.around.choose(question, names))
    }

    /// The values of a flag; some are chosen from what the server has when there are none.
    ///
    /// # Errors
    /// As [`Self::pick`].
    pub(crate) fn pick_some<T: Named>(
        &self,
        values: Vec<String>,
        flag: &str,
        question: &str,
    ) -> Result<Vec<String>, Error> {
        if !values.is_empty() {
            return Ok(values);
        }
        let names = self.choices(flag, |client| Ok(names::names(&T::list(client)?)))?;
        let chosen = self.around.choose_some(question, names)?;
        match chosen.is_empty() {
            true => Err(missing(flag, format!("Mark at least one, or give {flag}."))),
            false => Ok(chosen),
        }
    }

    /// Whether a person is there to be asked.
    pub(crate) fn can_ask(&self) -> bool {
        self.around.interactive && !self.globals.no_prompt
    }

    fn choices(
        &self,
        flag: &str,
        names: impl FnOnce(&Client) -> Result<Vec<String>, Error>,
    ) -> Result<Vec<String>, Error> {
        if !self.can_ask() {
            return Err(nobody(flag));
        }
        let names = names(&self.client()?)?;
        match names.is_empty() {
            true => Err(missing(
                flag,
                "The server has none to choose from.".to_owned(),
            )),
            false => Ok(names),
        }
    }

    fn ask(
        &self,
        flag: &str,
        answer: impl FnOnce() -> io::Result<String>,
    ) -> Result<String, Error> {
        if !self.can_ask() {
            return Err(nobody(flag));
        }
        match answer()? {
            answer if answer.is_empty() => Err(missing(
                flag,
                format!("Answer the question, or give {flag}."),
            )),
            answer => Ok(answer),
        }
    }
}

fn nobody(flag: &str) -> Error {
    missing(flag, format!("Give {flag}; --help tells more."))
}

fn missing(flag: &str, hint: String) -> Error {
    Error::usage(format!("{flag} is missing."), hint)
}
