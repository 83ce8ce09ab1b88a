//! `octo package deploy`.

use std::collections::BTreeMap;

use api::{NewTask, TaskArguments, TaskName};
use clap::Args;

use crate::error::Error;
use crate::names;
use crate::session::Session;
use crate::start;

/// Pushes a package to deployment targets at once, and shows the log until all are through.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo package deploy Acme.Web --environment Staging
  octo package deploy Acme.Web --version 1.2.0 --environment Production --role web
  octo package deploy Acme.Web --deployment-target web-01 --variable Port:8080
  octo package deploy Acme.Web --environment Staging --variable 'ConnectionStrings\\:Default:Data=x'")]
pub(crate) struct Arguments {
    /// The package's id.
    #[arg(value_name = "ID")]
    package: String,
    /// Its version; the newest when not given.
    #[arg(long)]
    version: Option<String>,
    /// All targets in this environment, by name or id; may be given several times.
    #[arg(long, short, value_name = "NAME")]
    environment: Vec<String>,
    /// Only targets with this role; may be given several times.
    #[arg(long, value_name = "ROLE")]
    role: Vec<String>,
    /// This target, by name or id; may be given several times.
    #[arg(long, value_name = "NAME")]
    deployment_target: Vec<String>,
    /// A variable; a colon inside NAME is written \:.
    #[arg(long, short, value_name = "NAME:VALUE", value_parser = variable)]
    variable: Vec<Variable>,
    /// A variable whose value no log shows.
    #[arg(long, value_name = "NAME:VALUE", value_parser = variable)]
    sensitive_variable: Vec<Variable>,
    /// Only start it, and print the task.
    #[arg(long)]
    no_wait: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Variable {
    name: String,
    value: String,
}

/// Starts the task and sees it through.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let mut environments = arguments.environment;
    if arguments.deployment_target.is_empty() {
        environments =
            session.required_list(environments, "--environment", "Environments to deploy to")?;
    }
    let sensitive = arguments.sensitive_variable;
    let sensitive_variables = sensitive.iter().map(|v| v.name.clone()).collect();
    let variables = merge(arguments.variable.into_iter().chain(sensitive))?;
    let client = session.client()?;
    let task = NewTask {
        name: TaskName::DeployPackage,
        description: String::new(),
        arguments: TaskArguments {
            environment_ids: names::ids(&names::environments(&client, &environments)?),
            machine_ids: names::ids(&names::machines(&client, &arguments.deployment_target)?),
            roles: arguments.role,
            package_id: Some(arguments.package),
            package_version: arguments.version,
            variables,
            sensitive_variables,
            ..TaskArguments::default()
        },
    };
    start::start(session, &client, &task, arguments.no_wait)
}

/// Splits at the first colon that no backslash stands before.
fn variable(text: &str) -> Result<Variable, &'static str> {
    let mut name = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' if rest.as_str().starts_with(':') => {
                rest.next();
                name.push(':');
            }
            ':' if name.is_empty() => break,
            ':' => {
                return Ok(Variable {
                    name,
                    value: rest.as_str().to_owned(),
                });
            }
            c => name.push(c),
        }
    }
    Err("it must be NAME:VALUE")
}

/// Name → value.
fn merge(variables: impl Iterator<Item = Variable>) -> Result<BTreeMap<String, String>, Error> {
    let mut merged = BTreeMap::new();
    for Variable { name, value } in variables {
        if merged.insert(name.clone(), value).is_some() {
            return Err(Error::usage(
                format!("The variable \"{name}\" is given twice."),
                "Give it one value.",
            ));
        }
    }
    Ok(merged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let found = variable(text).ok().map(|found| (found.name, found.value));
            let found = found.as_ref().map(|(name, value)| (&**name, &**value));
            assert_eq!(found, expected, "{text}");
        };
        check("Port:8080", Some(("Port", "8080")));
        check("Url:https://x:1/", Some(("Url", "https://x:1/")));
        check("A\\:B\\:C:v\\:w", Some(("A:B:C", "v\\:w")));
        check("C\\d:v", Some(("C\\d", "v")));
        check("Empty:", Some(("Empty", "")));
        check("Port=8080", None);
        check(":8080", None);
        check("A\\:B", None);
    }

    #[test]
    fn a_variable_has_one_value() {
        let twice = ["A:1", "A:2"].map(|text| variable(text).unwrap());
        assert!(merge(twice.into_iter()).is_err());
    }
}
