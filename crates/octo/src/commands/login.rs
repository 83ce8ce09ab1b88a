//! `octo login`.

use api::{Root, User};
use clap::Args;
use serde::Serialize;

use crate::client::{Address, ApiKey, Client, Credential};
use crate::config::{self, Config};
use crate::error::Error;
use crate::session::Session;

/// Saves the server and the API key, so that no other command needs them.
///
/// Asks for what is missing. The key is tried before anything is saved.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo login
  octo login --server https://octopus.example.com --api-key API-ABCDEFGH1234")]
pub(crate) struct Arguments {}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Outcome<'a> {
    server: String,
    server_version: &'a str,
    username: &'a str,
    display_name: &'a str,
    config_file: String,
}

/// Tries the key and saves it.
pub(crate) fn run(_: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let file = session.around.config_file.as_deref();
    let server = session.given_server().map(str::to_owned);
    let address: Address = session
        .required(
            server,
            "--server",
            "Address of the server, such as https://octopus.example.com",
        )?
        .parse()?;
    let credential = match session.given_credential() {
        Some(credential) => credential,
        None => Credential::Key(ApiKey::new(
            &session.required_secret("--api-key", "API key")?,
        )),
    };
    let space = session.given_space().map(str::to_owned);
    let client = Client::new(
        address.clone(),
        Some(credential.clone()),
        space.clone().unwrap_or_default(),
    );
    let root: Root = client.get("/api", &[])?;
    let user: User = client.get("/api/users/me", &[])?;
    let (api_key, access_token) = match credential {
        Credential::Key(key) => (Some(key), None),
        Credential::Token(token) => (None, Some(token)),
    };
    let config = Config {
        server: Some(address.to_string()),
        api_key,
        access_token,
        space,
        // How octo behaves is nothing of the server's.
        ..config::load(file).unwrap_or_default()
    };
    let path = config::save(file, &config)?.display().to_string();
    session.output.record(
        &Outcome {
            server: address.to_string(),
            server_version: &root.server_version,
            username: &user.username,
            display_name: &user.display_name,
            config_file: path.clone(),
        },
        &user.username,
        vec![
            ("Signed in as", (&user.username).into()),
            (
                "Server",
                format!("{address} (version {})", root.server_version).into(),
            ),
            ("Saved in", path.into()),
        ],
    )?;
    Ok(())
}
