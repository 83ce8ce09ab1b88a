//! `octo project variables create`.

use api::Project;
use api::variables::{Prompt, Variable, VariableType};
use clap::{Args, ValueEnum};

use super::scope::Flags;
use crate::error::Error;
use crate::session::Session;

/// Gives a variable of a project one more value.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project variables create --project Web --name Port --value 8080
  octo project variables create -p Web --name Port --value 80 --environment-scope Production
  octo project variables create -p Web --name Token --type sensitive
  octo project variables create -p Web --name Ticket --prompted --prompt-label 'Number of the ticket' --prompt-required")]
pub(crate) struct Arguments {
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
    /// The variable's name.
    #[arg(long, short)]
    name: Option<String>,
    /// The value; asked for unseen when the variable is sensitive.
    #[arg(long)]
    value: Option<String>,
    /// What kind of value it is.
    #[arg(long, short, value_name = "TYPE", default_value = "text")]
    r#type: Type,
    /// Free text.
    #[arg(long, short, default_value = "", hide_default_value = true)]
    description: String,
    #[command(flatten)]
    scope: Flags,
    /// Ask for the value when a deployment is made.
    #[arg(long)]
    prompted: bool,
    /// How it is asked for; the variable's name when not given.
    #[arg(long, value_name = "TEXT", requires = "prompted")]
    prompt_label: Option<String>,
    /// More about what is asked for.
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true,
        requires = "prompted"
    )]
    prompt_description: String,
    /// No deployment without a value.
    #[arg(long, requires = "prompted")]
    prompt_required: bool,
}

/// What kind of value a variable has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Type {
    /// Text that everybody may see.
    #[value(alias = "string")]
    Text,
    /// Text that nobody sees again.
    Sensitive,
}

/// Adds the value.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let project = session.pick::<Project>(arguments.project, "--project", "Project")?;
    let name = session.required(arguments.name, "--name", "Name of the variable")?;
    let sensitive = arguments.r#type == Type::Sensitive;
    let value = match (arguments.value, sensitive) {
        (Some(value), _) => value,
        (None, _) if arguments.prompted => String::new(),
        (None, true) => session.required_secret("--value", "Value")?,
        (None, false) => session.required(None, "--value", "Value")?,
    };
    let client = session.client()?;
    let mut set = super::of_project(&client, &project)?;
    let before: Vec<String> = set.variables.iter().map(|one| one.id.clone()).collect();
    set.variables.push(Variable {
        value: Some(value),
        description: arguments.description,
        scope: arguments.scope.scope(&set.scope_values)?,
        r#type: match sensitive {
            true => VariableType::Sensitive,
            false => VariableType::String,
        },
        is_sensitive: sensitive,
        is_editable: true,
        prompt: arguments.prompted.then(|| Prompt {
            label: arguments.prompt_label.unwrap_or_else(|| name.clone()),
            description: arguments.prompt_description,
            required: arguments.prompt_required,
        }),
        name,
        ..Variable::default()
    });
    let set = super::store(&client, &set)?;
    let is_new = |one: &&Variable| !before.contains(&one.id);
    match set.variables.iter().find(is_new) {
        Some(one) => super::show_one(&set, one, session),
        None => Ok(()),
    }
}
