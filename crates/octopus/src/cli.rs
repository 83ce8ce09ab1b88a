//! `octopus`: the server's command line.

mod config;
mod users;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use conductor::retention::Retention;
use nupkg::NuGetVersion;

use crate::{
    auth, backup,
    data::Data,
    depot as packages,
    operate::{Proxies, Tls, log::Format, traces::Collector},
    serve,
    store::{events::NewEvent, users::NewKey},
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
    /// Writes a copy of everything, as of this moment, to a new folder; the server may run.
    Backup {
        #[command(flatten)]
        place: Place,
        /// The folder to make. It holds the server's keys: keep it as safe as the server.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// Makes an empty data folder what it was at a backup.
    Restore {
        #[command(flatten)]
        place: Place,
        /// The backup.
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
    },
    /// Compares every package with what was pushed; exit code 1 when one is damaged.
    Check {
        #[command(flatten)]
        place: Place,
    },
    /// Settings: what `serve` would run with.
    Config {
        #[command(subcommand)]
        command: Config,
    },
    /// Users: people, whether the server runs or not.
    User {
        #[command(subcommand)]
        command: users::Users,
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
    /// Where packages are kept: a folder, or s3://bucket/prefix with AWS's own variables
    /// (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, …); servers on one database share it [default: `packages` in --data].
    #[arg(long, value_name = "PLACE", env = "OCTOPUS_PACKAGES")]
    packages: Option<packages::Place>,
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
    /// Addresses and networks of reverse proxies, with commas: their X-Forwarded-For, -Host and -Proto
    /// are believed [default: nobody's].
    #[arg(long, value_name = "ADDRESSES", env = "OCTOPUS_TRUSTED_PROXIES")]
    trusted_proxies: Option<Proxies>,
    /// How lines of the log on standard error look.
    #[arg(long, value_enum, env = "OCTOPUS_LOG_FORMAT", default_value_t = Format::Text)]
    log_format: Format,
    /// Where OpenTelemetry traces are sent, by OTLP over HTTP, such as http://127.0.0.1:4318 [default: nowhere].
    #[arg(long, value_name = "URL", env = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    otlp_endpoint: Option<Collector>,
    /// Folder of the Tentacle packages that this version carries [default: `tentacles` beside the program].
    #[arg(long, value_name = "DIR", env = "OCTOPUS_TENTACLE_PACKAGES")]
    tentacle_packages: Option<PathBuf>,
    /// Seconds between two looks at each machine.
    #[arg(long, value_name = "SECONDS", env = "OCTOPUS_HEALTH_INTERVAL", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    health_interval: u64,
    /// Versions that are kept of each package, the newest ones, besides all that a deployment
    /// or a machine uses [default: all].
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    keep_package_versions: Option<u32>,
    /// Days for which each version is kept at the least, with --keep-package-versions.
    #[arg(long, value_name = "DAYS", default_value_t = 0, requires = "keep_package_versions", value_parser = clap::value_parser!(u32).range(..=36_500))]
    keep_package_days: u32,
    /// Deployments and scripts that this server works on at one time; what waits for a person
    /// does not count, health checks and upgrades never wait [default: all].
    #[arg(long, value_name = "NUMBER", env = "OCTOPUS_TASK_CAP", value_parser = clap::value_parser!(u32).range(1..))]
    task_cap: Option<u32>,
    /// Seconds for which a file that no package has is kept.
    #[arg(long, hide = true, value_name = "SECONDS", default_value_t = 3600, value_parser = clap::value_parser!(u64).range(..=86_400))]
    grace: u64,
    /// Seconds that a machine may stay silent before its part of a task fails.
    #[arg(long, hide = true, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    patience: u64,
}

/// Where a server keeps everything.
#[derive(Args)]
struct Place {
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
    /// The server's packages, if they are not in its data folder: a folder, or s3://bucket/prefix.
    #[arg(long, value_name = "PLACE", env = "OCTOPUS_PACKAGES")]
    packages: Option<packages::Place>,
}

impl Place {
    fn data(&self) -> anyhow::Result<(Data, packages::Place)> {
        let packages = self.packages.clone();
        let packages =
            packages.unwrap_or_else(|| packages::Place::Folder(self.data.join("packages")));
        Ok((Data::new(&self.data, self.database.as_deref())?, packages))
    }
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
                    packages: options.packages,
                    listen: options.listen,
                    tentacle_packages: options.tentacle_packages,
                    health_interval: Duration::from_secs(options.health_interval),
                    retention: options.keep_package_versions.map(|versions| Retention {
                        versions: usize::try_from(versions).unwrap_or(usize::MAX),
                        age: Duration::from_secs(86_400) * options.keep_package_days,
                    }),
                    grace: Duration::from_secs(options.grace),
                    patience: Duration::from_secs(options.patience),
                    task_cap: options
                        .task_cap
                        .map(|cap| usize::try_from(cap).unwrap_or(usize::MAX)),
                    tls: options
                        .tls_certificate
                        .zip(options.tls_key)
                        .map(|(certificate, key)| Tls { certificate, key }),
                    proxies: options.trusted_proxies.unwrap_or_default(),
                    traces: options.otlp_endpoint,
                    log_format: options.log_format,
                };
                serve::serve(settings).await
            }
            Command::Backup { place, to } => {
                let (data, packages) = place.data()?;
                let count = backup::backup(&data, &packages, &to).await?;
                println!("{} with {} written.", to.display(), counted(count));
                Ok(())
            }
            Command::Restore { place, from } => {
                let (data, packages) = place.data()?;
                let count = backup::restore(&from, &data, &packages).await?;
                println!(
                    "{} with {} restored.",
                    data.folder.display(),
                    counted(count)
                );
                Ok(())
            }
            Command::Check { place } => {
                let (data, packages) = place.data()?;
                report(&backup::check(&data, &packages).await?)
            }
            // Answered above, from the arguments as they came.
            Command::Config { .. } => Ok(()),
            Command::User { command } => command.run().await,
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

fn counted(packages: usize) -> String {
    match packages {
        1 => "1 package".to_owned(),
        many => format!("{many} packages"),
    }
}

fn report(findings: &backup::Findings) -> anyhow::Result<()> {
    for file in &findings.orphans {
        println!("{file} belongs to no package; it may be removed.");
    }
    for text in &findings.damaged {
        println!("{text}");
    }
    let bad = findings.damaged.len();
    let verb = if findings.checked == 1 { "is" } else { "are" };
    match bad {
        0 => println!("{} {verb} as pushed.", counted(findings.checked)),
        bad => anyhow::bail!("{bad} of {} can't be used", counted(findings.checked)),
    }
    Ok(())
}

async fn create_api_key(data: &Data, user: &str, purpose: &str) -> anyhow::Result<()> {
    let store = data.existing_store().await?;
    let owner = users::find(&store, user).await?;
    let key = auth::new_api_key()?;
    let new = NewKey {
        user_id: owner.id,
        hash: auth::hash_token(&key),
        purpose: purpose.to_owned(),
        hint: auth::key_hint(&key),
        expires_at: None,
    };
    let event = NewEvent {
        username: owner.username.clone(),
        category: "Created",
        message: format!(
            "An API key of {} was created on the command line.",
            owner.username
        ),
        ..NewEvent::default()
    };
    store.create_api_key(&new, &event).await?;
    store.close().await;
    println!("{key}");
    Ok(())
}
