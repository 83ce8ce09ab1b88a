//! Variables without which no deployment is made: a person is asked for them.

use std::collections::BTreeMap;

use api::Project;
use api::variables::{Variable, VariableSet};

use crate::error::Error;
use crate::names::Named;
use crate::session::Session;

/// Asks for the required values that are not given. Without a person the server tells what is
/// missing.
pub(super) fn ask(
    given: &mut BTreeMap<String, String>,
    project: &str,
    session: &Session<'_>,
) -> Result<(), Error> {
    if !session.can_ask() {
        return Ok(());
    }
    let client = session.client()?;
    let path = Project::path(&client, &[project, "variables"]);
    // Who may deploy may not be one who may look at variables; the server knows what it needs.
    let Ok(set) = client.get::<VariableSet>(&path, &[]) else {
        return Ok(());
    };
    for variable in missing(&set, given) {
        let label = label(&variable);
        let value = match variable.is_sensitive {
            true => session.required_secret("--variable", label)?,
            false => session.required(None, "--variable", label)?,
        };
        given.insert(variable.name, value);
    }
    Ok(())
}

/// Required ones without a value of their own, each name once.
fn missing(set: &VariableSet, given: &BTreeMap<String, String>) -> Vec<Variable> {
    let mut missing: Vec<Variable> = Vec::new();
    for variable in &set.variables {
        let required = variable
            .prompt
            .as_ref()
            .is_some_and(|prompt| prompt.required);
        let has_value = variable
            .value
            .as_ref()
            .is_some_and(|value| !value.is_empty());
        let is = |name: &String| {
            name.eq_ignore_ascii_case(&variable.name) || name.eq_ignore_ascii_case(label(variable))
        };
        let known = given.keys().any(is) || missing.iter().any(|one| one.name == variable.name);
        if required && !has_value && !known {
            missing.push(variable.clone());
        }
    }
    missing
}

/// How it is asked for.
fn label(variable: &Variable) -> &str {
    let label = variable.prompt.as_ref().map(|prompt| prompt.label.as_str());
    label
        .filter(|label| !label.is_empty())
        .unwrap_or(&variable.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_is_required_and_not_given_is_asked_for() {
        let prompt =
            |required: bool| json!({ "Label": "Number of the ticket", "Required": required });
        let set = |variables| -> VariableSet {
            serde_json::from_value(json!({ "Variables": variables })).unwrap()
        };
        let names = |set: &VariableSet, given: &[&str]| -> Vec<String> {
            let given = given.iter().map(|name| ((*name).to_owned(), String::new()));
            missing(set, &given.collect())
                .into_iter()
                .map(|one| one.name)
                .collect()
        };
        let one = set(json!([
            { "Name": "Ticket", "Value": "", "Prompt": prompt(true) },
            { "Name": "Ticket", "Value": "", "Prompt": prompt(true), "Scope": { "Role": ["web"] } },
            { "Name": "Optional", "Prompt": prompt(false) },
            { "Name": "Filled", "Value": "x", "Prompt": prompt(true) },
            { "Name": "Plain" },
        ]));
        assert_eq!(names(&one, &[]), ["Ticket"]);
        assert_eq!(names(&one, &["ticket"]), Vec::<String>::new());
        assert_eq!(names(&one, &["number of the Ticket"]), Vec::<String>::new());
        assert_eq!(names(&one, &["Other"]), ["Ticket"]);
    }
}
