//! The grammar: noun, then verb; and the way from arguments to an exit code.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::client::ApiKey;
use crate::commands::{
    api_key, artifact, build_information, channel, completion, config as config_command,
    config_file, deployment_target, environment, event, feed, interruption, lifecycle, login,
    logout, manual, package, project, project_group, release, space, task, team, tentacle, user,
    variables,
};
use crate::config;
use crate::error::{Error, Kind};
use crate::interrupt;
use crate::names;
use crate::output::{Format, Output};
use crate::session::Session;
use crate::surroundings::Surroundings;

/// Pushes packages to servers, and looks after the Tentacles on them.
#[derive(Debug, Parser)]
#[command(
    name = "octo",
    version = crate::VERSION,
    arg_required_else_help = true,
    subcommand_required = true,
    after_help = "\
Examples:
  octo login --server https://octopus.example.com
  octo package upload --package 'out/*.nupkg'
  octo package deploy Acme.Web --environment Staging
  octo release create --project Web --version 1.2.0
  octo release deploy --project Web --version 1.2.0 -e Staging -f basic | octo task wait
  octo tentacle upgrade --all

Environment:
  OCTOPUS_URL, OCTOPUS_API_KEY, OCTOPUS_SPACE  in place of --server, --api-key, --space
  OCTOPUS_ACCESS_TOKEN  a bearer token, in place of a key
  OCTO_CONFIG           path of the file that login and config set write
  NO_COLOR              no colours
  CI                    ask nothing, as --no-prompt

Exit codes:
  0 done, 1 failed, 2 the command line was wrong or incomplete, 130 ended by Ctrl-C"
)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// Flags that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Globals {
    /// Address of the server (or OCTOPUS_URL; else where login went).
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) server: Option<String>,
    /// API key (or OCTOPUS_API_KEY; else the one that login saved).
    #[arg(long, global = true, value_name = "KEY")]
    pub(crate) api_key: Option<ApiKey>,
    /// Id or name of the space (or OCTOPUS_SPACE; else Spaces-1).
    #[arg(long, short, global = true, value_name = "SPACE")]
    pub(crate) space: Option<String>,
    /// How results are printed: json, table for people (the default), or basic (bare ids or names, one a line).
    #[arg(
        long,
        short = 'f',
        global = true,
        value_name = "FORMAT",
        hide_possible_values = true
    )]
    pub(crate) output_format: Option<Format>,
    /// Ask nothing: what is missing is an error.
    #[arg(long, global = true)]
    pub(crate) no_prompt: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Login(login::Arguments),
    Logout(logout::Arguments),
    #[command(subcommand)]
    Config(config_command::Verb),
    #[command(subcommand)]
    Space(space::Verb),
    #[command(subcommand)]
    Environment(environment::Verb),
    #[command(subcommand)]
    DeploymentTarget(deployment_target::Verb),
    #[command(subcommand)]
    Package(package::Verb),
    #[command(subcommand)]
    BuildInformation(build_information::Verb),
    #[command(subcommand)]
    Feed(feed::Verb),
    #[command(subcommand)]
    Lifecycle(lifecycle::Verb),
    #[command(subcommand)]
    ProjectGroup(project_group::Verb),
    #[command(subcommand)]
    Project(project::Verb),
    #[command(subcommand)]
    Channel(channel::Verb),
    #[command(subcommand)]
    Release(release::Verb),
    #[command(subcommand)]
    Task(task::Verb),
    #[command(subcommand)]
    Interruption(interruption::Verb),
    #[command(subcommand)]
    Artifact(artifact::Verb),
    #[command(subcommand)]
    Tentacle(tentacle::Verb),
    #[command(subcommand)]
    User(user::Verb),
    #[command(subcommand)]
    Team(team::Verb),
    #[command(subcommand)]
    ApiKey(api_key::Verb),
    #[command(subcommand)]
    Event(event::Verb),
    #[command(subcommand)]
    Variables(variables::Verb),
    #[command(subcommand)]
    ConfigFile(config_file::Verb),
    Completion(completion::Arguments),
    Manual(manual::Arguments),
}

impl Command {
    fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Login(arguments) => login::run(arguments, session),
            Self::Logout(arguments) => logout::run(arguments, session),
            Self::Config(verb) => verb.run(session),
            Self::Space(verb) => verb.run(session),
            Self::Package(verb) => verb.run(session),
            Self::BuildInformation(verb) => verb.run(session),
            Self::Feed(verb) => verb.run(session),
            Self::Lifecycle(verb) => verb.run(session),
            Self::Interruption(verb) => verb.run(session),
            Self::Artifact(verb) => verb.run(session),
            Self::Team(verb) => verb.run(session),
            Self::ApiKey(verb) => verb.run(session),
            Self::Event(verb) => verb.run(session),
            Self::ProjectGroup(verb) => verb.run(session),
            Self::Channel(verb) => verb.run(session),
            Self::User(verb) => verb.run(session),
            Self::Environment(verb) => verb.run(session),
            Self::DeploymentTarget(verb) => verb.run(session),
            Self::Project(verb) => verb.run(session),
            Self::Release(verb) => verb.run(session),
            Self::Tentacle(verb) => verb.run(session),
            Self::Task(verb) => verb.run(session),
            Self::Variables(verb) => verb.run(session),
            Self::ConfigFile(verb) => verb.run(session),
            Self::Completion(arguments) => completion::run(&arguments, &mut Cli::command()),
            Self::Manual(arguments) => manual::run(&arguments, Cli::command()),
        }
    }
}

/// Does what the arguments say (the first is the program's name) and answers with the exit
/// code: 0 done, 1 failed, 2 the command line was wrong or incomplete, 130 ended by Ctrl-C.
pub fn run(arguments: impl IntoIterator<Item = OsString>, around: &Surroundings) -> ExitCode {
    let Cli { globals, command } = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help goes to standard output, errors to standard error; neither may be open.
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()) * 2);
        }
    };
    let mut globals = globals;
    // A damaged file is told of by the commands that need what is in it.
    let saved = config::load(around.config_file.as_deref()).unwrap_or_default();
    globals.no_prompt |= saved.no_prompt.unwrap_or_default();
    let format = globals.output_format.or(saved.output_format);
    let output = Output::new(format.unwrap_or_default(), around);
    let session = Session::new(globals, around, output);
    let Err(error) = command.run(&session) else {
        return ExitCode::SUCCESS;
    };
    let report = names::explained(error, &session).report();
    session.output.report(&report);
    match report.kind {
        Kind::Quiet => ExitCode::SUCCESS,
        Kind::Failed => ExitCode::from(1),
        Kind::Usage => ExitCode::from(2),
        Kind::Interrupted => ExitCode::from(interrupt::EXIT_CODE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_is_described_and_shows_examples() {
        fn walk(command: &clap::Command, path: &str) {
            let path = format!("{path} {}", command.get_name());
            assert!(
                command.get_about().is_some(),
                "{path} says not what it does"
            );
            if command.has_subcommands() {
                return command.get_subcommands().for_each(|sub| walk(sub, &path));
            }
            let after = command.get_after_help().map(ToString::to_string);
            let after = after.unwrap_or_default();
            assert!(after.starts_with("Examples:\n"), "{path} has no examples");
            assert!(
                after.contains(path.trim()),
                "{path} is not in its own examples"
            );
            for flag in command.get_arguments() {
                assert!(
                    flag.get_help().is_some(),
                    "{path}: {} is not described",
                    flag.get_id()
                );
            }
        }
        walk(&Cli::command(), "");
    }

    const PAGE: &str = include_str!("../../../docs/octo.md");

    #[test]
    fn the_page_about_octo_has_every_command() {
        fn walk(command: &clap::Command, path: &str, missing: &mut Vec<String>) {
            let path = format!("{path} {}", command.get_name());
            if command.has_subcommands() {
                let verbs = command.get_subcommands();
                return verbs.for_each(|verb| walk(verb, &path, missing));
            }
            let path = path.trim();
            let is_shown = |line: &str| {
                let rest = line.trim().strip_prefix(path);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            };
            if !command.is_hide_set() && !PAGE.lines().any(is_shown) {
                missing.push(path.to_owned());
            }
        }
        let mut missing = Vec::new();
        walk(&Cli::command(), "", &mut missing);
        assert_eq!(missing, Vec::<String>::new());
        let other = clap::Command::new("octo").subcommand(clap::Command::new("frobnicate"));
        walk(&other, "", &mut missing);
        assert_eq!(missing, ["octo frobnicate"], "what is missing is seen");
    }

    #[test]
    fn every_example_can_be_typed() {
        fn examples(command: &clap::Command, found: &mut Vec<String>) {
            let after = command.get_after_help().map(ToString::to_string);
            found.extend(
                after
                    .iter()
                    .flat_map(|text| text.lines())
                    .filter_map(|line| line.trim().strip_prefix("octo "))
                    .map(str::to_owned),
            );
            command
                .get_subcommands()
                .for_each(|sub| examples(sub, found));
        }
        let mut found = Vec::new();
        examples(&Cli::command(), &mut found);
        assert!(found.len() > 20, "{found:?}");
        let page = PAGE
            .lines()
            .filter_map(|line| line.strip_prefix("    octo "));
        found.extend(page.map(str::to_owned));
        for example in found {
            // Up to the first pipe or redirection. What stands in quotes is one word.
            let typed = example.split(['|', '>']).next().unwrap_or_default();
            let words = typed
                .split('\'')
                .enumerate()
                .flat_map(|(n, part)| match n % 2 {
                    0 => part.split_whitespace().collect(),
                    _ => vec![part],
                });
            let parsed = Cli::try_parse_from(std::iter::once("octo").chain(words));
            assert!(parsed.is_ok(), "octo {example}: {}", parsed.err().unwrap());
        }
    }
}
