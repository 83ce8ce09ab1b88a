//! `tentacle`: the agent's command line, in the vocabulary of Octopus's Tentacle.

mod commands;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use layout::{EXIT_UNHEALTHY, Home};

use crate::agent;

#[derive(Parser)]
#[command(
    name = "tentacle",
    about = "Receives packages, installs and configures them by convention."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the agent in the console until it is told to end. Suction Cup starts it so.
    Agent(Instance),
    /// Trusts this server, and makes it know this machine.
    RegisterWith(commands::RegisterWith),
    /// Changes settings; the running agent takes them at its next start.
    Configure(commands::Configure),
    /// Prints the settings as JSON.
    ShowConfiguration(Instance),
    /// Makes a new certificate; servers have to trust it anew.
    NewCertificate(Instance),
    /// Prints the SHA-256 thumbprint of the certificate.
    ShowThumbprint(Instance),
}

/// Which Tentacle.
#[derive(Args)]
struct Instance {
    /// Folder of this Tentacle instance.
    #[arg(long, value_name = "DIR", env = "TENTACLE_HOME")]
    home: PathBuf,
}

impl Instance {
    fn home(&self) -> Home {
        // Scripts run elsewhere. What can't be made absolute fails as it is, with its name.
        Home::new(std::path::absolute(&self.home).unwrap_or_else(|_| self.home.clone()))
    }
}

/// Runs the program; `version` is the version of this build.
pub fn run(version: &'static str) -> ExitCode {
    let matches = Cli::command().version(version).get_matches();
    let outcome = match Cli::from_arg_matches(&matches) {
        Ok(cli) => dispatch(cli.command, version),
        Err(error) => error.exit(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tentacle: {}", channel::describe(error.as_ref()));
            let agent = error.downcast_ref::<agent::AgentError>();
            match agent.is_some_and(agent::AgentError::is_own_fault) {
                true => ExitCode::from(u8::try_from(EXIT_UNHEALTHY).unwrap_or(1)),
                false => ExitCode::FAILURE,
            }
        }
    }
}

fn dispatch(command: Command, version: &str) -> anyhow::Result<()> {
    match command {
        Command::Agent(instance) => {
            let filter = tracing_subscriber::EnvFilter::try_from_default_env();
            tracing_subscriber::fmt()
                .with_env_filter(filter.unwrap_or_else(|_| "info".into()))
                .with_writer(std::io::stderr)
                .with_target(false)
                .init();
            let version = version.parse()?;
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()?;
            runtime.block_on(agent::run(instance.home(), version))?;
            // Threads that still wait for something do not hold up the next version.
            runtime.shutdown_background();
            Ok(())
        }
        Command::RegisterWith(options) => options.run(),
        Command::Configure(options) => options.run(),
        Command::ShowConfiguration(instance) => commands::show_configuration(&instance.home()),
        Command::NewCertificate(instance) => commands::new_certificate(&instance.home()),
        Command::ShowThumbprint(instance) => commands::show_thumbprint(&instance.home()),
    }
}
