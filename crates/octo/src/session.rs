//! What every command is handed: the global flags, the surroundings, the output.

use std::cell::OnceCell;

use crate::cli::Globals;
use crate::client::{Address, ApiKey, Client, Credential};
use crate::config::{self, Config};
use crate::error::Error;
use crate::output::Output;
use crate::surroundings::Surroundings;

mod ask;

/// A run of the program.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    globals: Globals,
    pub(crate) around: &'a Surroundings,
    pub(crate) output: Output,
    client: OnceCell<Client>,
}

impl<'a> Session<'a> {
    /// A run with these flags in these surroundings.
    pub(crate) fn new(globals: Globals, around: &'a Surroundings, output: Output) -> Self {
        Self {
            globals,
            around,
            output,
            client: OnceCell::new(),
        }
    }

    /// The server's address as given now, not as saved.
    pub(crate) fn given_server(&self) -> Option<&str> {
        let flag = self.globals.server.as_deref();
        flag.or(self.around.server.as_deref())
    }

    /// The key or token as given now, not as saved. A key counts before a token.
    pub(crate) fn given_credential(&self) -> Option<Credential> {
        let some = |key: &Option<ApiKey>| key.clone().filter(|key| !key.is_empty());
        let key = some(&self.globals.api_key).or_else(|| some(&self.around.api_key));
        let token = || some(&self.around.access_token).map(Credential::Token);
        key.map(Credential::Key).or_else(token)
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
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let client = self.new_client()?;
        Ok(self.client.get_or_init(|| client).clone())
    }

    fn new_client(&self) -> Result<Client, Error> {
        let saved = match (self.given_server(), self.given_credential()) {
            (Some(_), Some(_)) => Config::default(),
            _ => config::load(self.around.config_file.as_deref())?,
        };
        let server = self.given_server().or(saved.server.as_deref());
        let Some(server) = server else {
            return Err(Error::usage(
                "No server is named.",
                "Run octo login once, or give --server (OCTOPUS_URL) and --api-key (OCTOPUS_API_KEY).",
            ));
        };
        let address: Address = server.parse()?;
        let belongs = saved.belongs_to(&address);
        let saved_credential = || saved.credential().filter(|_| belongs);
        let Some(credential) = self.given_credential().or_else(saved_credential) else {
            return Err(Error::usage(
                format!("No API key is known for {address}."),
                "Run octo login once, or give --api-key (OCTOPUS_API_KEY).",
            ));
        };
        let saved_space = saved.space.as_deref().filter(|_| belongs);
        let space = self.given_space().or(saved_space);
        let space = space.unwrap_or(api::DEFAULT_SPACE).to_owned();
        Ok(Client::new(address, Some(credential), space))
    }
}
