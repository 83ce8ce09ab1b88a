//! `octo feed create`.

use api::Feed;
use clap::Args;
use serde_json::json;

use crate::error::Error;
use crate::names::Named;
use crate::session::Session;

/// Creates a feed of NuGet packages.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo feed create --name nuget.org --url https://api.nuget.org/v3/index.json
  octo feed create --name Acme --url https://nuget.example.com/v3/index.json --username build")]
pub(crate) struct Arguments {
    /// Its name: 1 to 100 characters, unlike that of any other feed.
    #[arg(long, short)]
    name: Option<String>,
    /// Its address: that of its index (v3), or of its service (v2).
    #[arg(long)]
    url: Option<String>,
    /// Whom the feed knows; the password is asked for, or comes from OCTO_FEED_PASSWORD.
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    /// The password. Others on this machine can see it here.
    #[arg(
        long,
        requires = "username",
        env = "OCTO_FEED_PASSWORD",
        hide_env_values = true
    )]
    password: Option<String>,
}

/// Creates it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let name = session.required(arguments.name, "--name", "Name of the feed")?;
    let url = session.required(arguments.url, "--url", "Address of the feed")?;
    let password = match (&arguments.username, arguments.password) {
        (Some(_), None) => Some(session.required_secret("--password", "Password")?),
        (_, password) => password,
    };
    let mut new = json!({ "Name": name, "FeedType": "NuGet", "FeedUri": url });
    if let (Some(username), Some(password)) = (arguments.username, password) {
        new["Username"] = username.into();
        new["Password"] = json!({ "NewValue": password });
    }
    let client = session.client()?;
    let made: Feed = client.post(&Feed::path(&client, &[]), &new)?;
    super::show(&made, session)
}
