//! What every command is handed: the global flags, the surroundings, the output.

use crate::cli::Globals;
use crate::client::{Address, ApiKey, Client};
use crate::config::{self, Config};
use crate::error::Error;
use crate::output::Output;
use crate::surroundings::Surroundings;

/// A run of the program.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    globals: Globals,
    pub(crate) around: &'a Surroundings,
    pub(crate) output: Output,
}

impl<'a> Session<'a> {
    /// A run with these flags in these surroundings.
    pub(crate) fn new(globals: Globals, around: &'a Surroundings, output: Output) -> Self {
        Self {
            globals,
            around,
            output,
        }
    }

    /// The server's address as given now, not as saved.
    pub(crate) fn given_server(&self) -> Option<&str> {
        let flag = self.globals.server.as_deref();
        flag.or(self.around.server.as_deref())
    }

    /// The key as given now, not as saved.
    pub(crate) fn given_key(&self) -> Option<&ApiKey> {
        let flag = self.globals.api_key.as_ref();
        flag.or(self.around.api_key.as_ref())
            .filter(|key| !key.is_empty())
    }

    /// The space as given now, not as saved.
    pub(crate) fn given_space(&self) -> Option<&str> {
        let flag = self.globals.space.as_deref();
        flag.or(self.around.space.as_deref())
    }

    /// A client for the server that is meant: flags before environment before what `login`
    /// saved. A saved key goes to the server that it was saved for and to no other.
    ///
    /// # Errors
    /// When no server or no key is known for it.
    pub(crate) fn client(&self) -> Result<Client, Error> {
        let saved = match (self.given_server(), self.given_key()) {
            (Some(_), Some(_)) => None,
            _ => config::load(self.around.config_file.as_deref())?,
        };
        let address: Address = match (self.given_server(), &saved) {
            (Some(server), _) => server.parse()?,
            (None, Some(saved)) => saved.server.parse()?,
            (None, None) => {
                return Err(Error::usage(
                    "No server is named.",
                    "Run octo login once, or give --server (OCTOPUS_URL) and --api-key (OCTOPUS_API_KEY).",
                ));
            }
        };
        let saved = saved.filter(|saved| belongs_to(saved, &address));
        let saved_key = saved.as_ref().map(|saved| &saved.api_key);
        let Some(key) = self.given_key().or(saved_key) else {
            return Err(Error::usage(
                format!("No API key is known for {address}."),
                "Run octo login once, or give --api-key (OCTOPUS_API_KEY).",
            ));
        };
        let saved_space = saved.as_ref().and_then(|saved| saved.space.as_deref());
        let space = self.given_space().or(saved_space);
        let space = space.unwrap_or(api::DEFAULT_SPACE).to_owned();
        Ok(Client::new(address, Some(key.clone()), space))
    }

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
        let answer = self.ask(flag, || self.around.ask(question))?;
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

    fn ask(
        &self,
        flag: &str,
        answer: impl FnOnce() -> std::io::Result<String>,
    ) -> Result<String, Error> {
        let missing = |hint: String| Err(Error::usage(format!("{flag} is missing."), hint));
        if !self.around.interactive || self.globals.no_prompt {
            return missing(format!("Give {flag}; --help tells more."));
        }
        match answer()? {
            answer if answer.is_empty() => missing(format!("Answer the question, or give {flag}.")),
            answer => Ok(answer),
        }
    }
}

fn belongs_to(saved: &Config, address: &Address) -> bool {
    saved
        .server
        .parse::<Address>()
        .is_ok_and(|saved| saved == *address)
}
