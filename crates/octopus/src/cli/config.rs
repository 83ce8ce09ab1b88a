//! Settings of `octopus serve`: a flag, else the environment, else the configuration file,
//! else the default.
//!
//! The file is TOML, and its keys are the names of the flags: `listen = "0.0.0.0:8080"`.

use std::{fmt::Write, fs, path::PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::{Arg, ArgMatches, Args, Command, parser::ValueSource};

use super::Serve;

/// The subcommand whose flags the file may set.
const SERVE: &str = "serve";

/// The flags that say where the file is, and so can't be in it.
const ELSEWHERE: [&str; 3] = ["config", "help", "version"];

/// The command line, with the values of the file that the arguments name as defaults.
///
/// # Errors
/// When the file can't be read, is no TOML, or has a key or a value that `serve` would not take.
pub(super) fn with_file(
    command: Command,
    arguments: &[std::ffi::OsString],
) -> anyhow::Result<Command> {
    let Some(file) = file(&command, arguments) else {
        return Ok(command);
    };
    let name = file.display();
    let text = fs::read_to_string(&file)
        .with_context(|| format!("the configuration file {name} can't be read"))?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = text.get(..start).map_or(1, |text| text.split('\n').count());
        let why = error.message().replace('\n', "; ");
        anyhow!("the configuration file {name} is no TOML: line {line}: {why}")
    })?;
    let mut command = command;
    for (key, value) in table {
        let value = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(switch) => switch.to_string(),
            other => bail!(
                "{name}: `{key}` is a TOML {}; give a string or a number",
                other.type_str()
            ),
        };
        check(&command, &key, &value).map_err(|why| anyhow!("{name}: {why}"))?;
        let id = key.replace('-', "_");
        let set = |serve: Command| {
            let value = value.clone();
            serve.mut_arg(&id, |arg| arg.default_value(value).required(false))
        };
        command = command
            .mut_subcommand(SERVE, set)
            .mut_subcommand("config", |config| config.mut_subcommand("show", set));
    }
    Ok(command)
}

/// `--config`, or `OCTOPUS_CONFIG`; other mistakes of the arguments are told later.
fn file(command: &Command, arguments: &[std::ffi::OsString]) -> Option<PathBuf> {
    let matches = command
        .clone()
        .ignore_errors(true)
        .try_get_matches_from(arguments)
        .ok()?;
    let (mut name, mut matches) = matches.subcommand()?;
    if name == "config" {
        (name, matches) = matches.subcommand()?;
    }
    let is_known = [SERVE, "show"].contains(&name);
    is_known
        .then(|| matches.get_one("config").cloned())
        .flatten()
}

/// What `serve` says of a value, by its own rule.
fn check(command: &Command, key: &str, value: &str) -> Result<(), String> {
    let serve = command.find_subcommand(SERVE).cloned().unwrap_or_default();
    let known = settings(&serve).find(|arg| arg.get_long() == Some(key));
    let Some(arg) = known.cloned() else {
        let names: Vec<&str> = settings(&serve).filter_map(Arg::get_long).collect();
        return Err(format!(
            "there is no setting `{key}`; there are {}",
            names.join(", ")
        ));
    };
    // Only this one's own rule: what it needs beside it may come from elsewhere.
    let alone = Command::new(SERVE).arg(
        Arg::new("value")
            .long("value")
            .value_parser(arg.get_value_parser().clone()),
    );
    let outcome = alone.try_get_matches_from([SERVE, &format!("--value={value}")]);
    outcome.map(drop).map_err(|error| {
        let text = error.to_string();
        let text = text.lines().next().unwrap_or_default();
        text.replace("error: ", "").replace("--value <value>", key)
    })
}

fn settings(serve: &Command) -> impl Iterator<Item = &Arg> {
    serve.get_arguments().filter(|arg| {
        let is_setting = |name: &str| !ELSEWHERE.contains(&name);
        arg.get_long().is_some_and(is_setting) && !arg.is_hide_set()
    })
}

/// The settings as `serve` would take them, as a configuration file, with the source of each.
/// A password in an address is hidden.
pub(super) fn show(matches: &ArgMatches) -> String {
    let mut text = String::new();
    let serve = Serve::augment_args(Command::new(SERVE));
    for arg in settings(&serve) {
        let (Some(long), id) = (arg.get_long(), arg.get_id().as_str()) else {
            continue;
        };
        let values = matches.try_get_raw(id).ok().flatten();
        let value = values.and_then(|mut values| values.next());
        let own_default = arg.get_default_values().first();
        let source = match matches.value_source(id) {
            Some(ValueSource::CommandLine) => "flag",
            Some(ValueSource::EnvVariable) => "environment",
            Some(_) if value != own_default.map(|value| value.as_os_str()) => "file",
            _ => "default",
        };
        let line = match value {
            Some(value) => {
                let value = without_password(&value.to_string_lossy());
                format!("{long} = {}", toml::Value::String(value))
            }
            None => format!("# {long} is not set"),
        };
        let _infallible = writeln!(text, "{line}  # {source}");
    }
    text
}

/// `postgres://octopus:secret@db/octopus` with its password as `***`.
fn without_password(value: &str) -> String {
    let hidden = || {
        let (scheme, rest) = value.split_once("://")?;
        let (user, host) = rest.rsplit_once('@')?;
        let (name, _) = user.split_once(':')?;
        Some(format!("{scheme}://{name}:***@{host}"))
    };
    hidden().unwrap_or_else(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_of_addresses_are_hidden() {
        for (value, shown) in [
            (
                "postgres://octopus:s@crt@db/o",
                "postgres://octopus:***@db/o",
            ),
            ("postgres://octopus@db/o", "postgres://octopus@db/o"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
        ] {
            assert_eq!(without_password(value), shown);
        }
    }
}
