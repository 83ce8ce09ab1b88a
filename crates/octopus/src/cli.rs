//! `octopus`: the server's command line.

mod config;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use nupkg::NuGetVersion;

use crate::{
    auth,
    data::Data,
    operate::{Tls, log::Format},
    serve,
};

#[derive(Parser)]
#[command(
    name = "octopus",
    about = "Pushes packages to many servers, and keeps their Tentacles up to date."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the server until it is told to end (Ctrl-C, SIGTERM).
    Serve(Serve),
    /// Settings: what `serve` would run with.
    Config {
        #[command(subcommand)]
        command: Config,
    },
    /// API keys for programs.
    ApiKey {
        #[command(subcommand)]
        command: ApiKey,
    },
}

#[derive(Subcommand)]
enum Config {
    /// Prints the settings that `serve` takes from these flags, the environment, the
    /// configuration file and its defaults, and which of them each one comes from.
    Show(Serve),
}

#[derive(Args)]
struct Serve {
    /// A TOML file with settings, named as the flags are; flags and the environment win over it.
    #[arg(long, value_name = "FILE", env = "OCTOPUS_CONFIG")]
    config: Option<PathBuf>,
    /// Folder of everything that the server keeps; made when it is not there.
    #[arg(long, value_name = "DIR", env = "OCTOPUS_DATA")]
    data: PathBuf,
    /// The PostgreSQL database to use, postgres://user:password@host/name [default: a SQLite file in --data].
    #[arg(
        long,
        value_name = "URL",
        env = "OCTOPUS_DATABASE",
        hide_env_values = true
    )]
    database: Option<String>,
    /// Where the portal and the API listen.
    #[arg(
        long,
        value_name = "ADDR:PORT",
        env = "OCTOPUS_LISTEN",
        default_value = "127.0.0.1:8080"
    )]
    listen: SocketAddr,
    /// The server's certificate as a PEM file, those that signed it after it: serve HTTPS [default: HTTP].
    #[arg(
        long,
        value_name = "FILE",
        env = "OCTOPUS_TLS_CERTIFICATE",
        requires = "tls_key"
    )]
    tls_certificate: Option<PathBuf>,
    /// The certificate's private key as a PEM file.
    #[arg(
        long,
        value_name = "FILE",
        env = "OCTOPUS_TLS_KEY",
        requires = "tls_certificate"
    )]
    tls_key: Option<PathBuf>,
    /// How lines of the log on standard error look.
    #[arg(long, value_enum, env = "OCTOPUS_LOG_FORMAT", default_value_t = Format::Text)]
    log_format: Format,
    /// Folder of the Tentacle packages that this version carries [default: `tentacles` beside the program].
    #[arg(long, value_name = "DIR", env = "OCTOPUS_TENTACLE_PACKAGES")]
    tentacle_packages: Option<PathBuf>,
    /// Seconds between two looks at each machine.
    #[arg(long, value_name = "SECONDS", env = "OCTOPUS_HEALTH_INTERVAL", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    health_interval: u64,
    /// Seconds that a machine may stay silent before its part of a task fails.
    #[arg(long, hide = true, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    patience: u64,
}

#[derive(Subcommand)]
enum ApiKey {
    /// Makes a key and prints it, whether the server runs or not. It is shown this once.
    Create {
        /// The server's data folder.
        #[arg(long, value_name = "DIR", env = "OCTOPUS_DATA")]
        data: PathBuf,
        /// The server's database, if it is not in its data folder.
        #[arg(
            long,
            value_name = "URL",
            env = "OCTOPUS_DATABASE",
            hide_env_values = true
        )]
        database: Option<String>,
        /// Whose key it is.
        #[arg(long, default_value = "admin")]
        user: String,
        /// What it is for, for lists.
        #[arg(long, default_value = "")]
        purpose: String,
    },
}

/// Runs the program; `version` is the version of this build.
pub fn run(version: &'static str) -> anyhow::Result<()> {
    let command = <Cli as clap::CommandFactory>::command().version(version);
    let arguments: Vec<_> = std::env::args_os().collect();
    let command = config::with_file(command, &arguments)?;
    let matches = command.get_matches_from(&arguments);
    if let Some(("config", config)) = matches.subcommand() {
        if let Some((_, settings)) = config.subcommand() {
            print!("{}", config::show(settings));
        }
        return Ok(());
    }
    let cli = <Cli as clap::FromArgMatches>::from_arg_matches(&matches)?;
    let version: NuGetVersion = version.parse().context("this build has no right version")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the program's threads could not be started")?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve(options) => {
                let settings = serve::Settings {
                    version,
                    data: Data::new(&options.data, options.database.as_deref())?,
                    listen: options.listen,
                    tentacle_packages: options.tentacle_packages,
                    health_interval: Duration::from_secs(options.health_interval),
                    patience: Duration::from_secs(options.patience),
                    tls: options
                        .tls_certificate
                        .zip(options.tls_key)
                        .map(|(certificate, key)| Tls { certificate, key }),
                    log_format: options.log_format,
                };
                serve::serve(settings).await
            }
            // Answered above, from the arguments as they came.
            Command::Config { .. } => Ok(()),
            Command::ApiKey {
                command:
                    ApiKey::Create {
                        data,
                        database,
                        user,
                        purpose,
                    },
            } => {
                let data = Data::new(&data, database.as_deref())?;
                create_api_key(&data, &user, &purpose).await
            }
        }
    })
}

async fn create_api_key(data: &Data, user: &str, purpose: &str) -> anyhow::Result<()> {
    let store = data.existing_store().await?;
    let Some(owner) = store.user_by_name(user).await? else {
        let names = store.user_names().await?.join(", ");
        anyhow::bail!("there is no user `{user}`; give --user one of: {names}");
    };
    let key = auth::new_api_key()?;
    let hash = auth::hash_token(&key);
    store.create_api_key(owner.id, &hash, purpose).await?;
    store.close().await;
    println!("{key}");
    Ok(())
}
