//! For each language: which helper files a script needs, and the command line that runs it.
//!
//! The same on every machine, so that what happens on Windows is tested everywhere.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::scripts::interpreter::Language;

const SHELL_HELPERS: &str = include_str!("../../../assets/scripts/bootstrap.sh");
const PYTHON_HELPERS: &str = include_str!("../../../assets/scripts/bootstrap.py");
const POWERSHELL_HELPERS: &str = include_str!("../../../assets/scripts/bootstrap.ps1");

/// Run by `sh -c` with the script as `$0`, as a script expects that looks for its own folder.
const SHELL_LOADER: &str = r#". "$1" && rm -f -- "$1"; shift; . "$0""#;

/// What is to be done to run a script.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Names and contents of the helper files.
    pub(super) files: Vec<(&'static str, Vec<u8>)>,
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<Argument>,
    pub(super) environment: Vec<(String, String)>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Argument {
    Text(&'static str),
    Path(PathBuf),
    /// A helper file, by its name.
    Helper(&'static str),
}

pub(super) fn plan(
    language: Language,
    interpreter: &Path,
    script: &Path,
    variables: &[(String, String)],
) -> Plan {
    use Argument::{Helper, Path, Text};
    let script = script.to_owned();
    let program = interpreter.to_owned();
    match language {
        Language::Shell => Plan {
            files: vec![(
                "bootstrap.sh",
                format!("{}\n{SHELL_HELPERS}", shell_values(variables)).into(),
            )],
            program,
            arguments: vec![
                Text("-c"),
                Text(SHELL_LOADER),
                Path(script),
                Helper("bootstrap.sh"),
            ],
            ..Plan::default()
        },
        Language::Python => Plan {
            files: vec![
                ("variables.json", json_values(variables)),
                ("bootstrap.py", PYTHON_HELPERS.into()),
            ],
            program,
            // Unbuffered, so that the log is live; UTF-8 whatever the locale says.
            arguments: vec![
                Text("-u"),
                Text("-X"),
                Text("utf8"),
                Helper("bootstrap.py"),
                Helper("variables.json"),
                Path(script),
            ],
            ..Plan::default()
        },
        Language::PowerShell => {
            let switches = ["-NoLogo", "-NoProfile", "-NonInteractive"];
            let mut arguments: Vec<_> = switches.map(Text).into();
            arguments.extend(["-ExecutionPolicy", "Bypass", "-File"].map(Text));
            arguments.extend([
                Helper("bootstrap.ps1"),
                Helper("variables.txt"),
                Path(script),
            ]);
            Plan {
                files: vec![
                    ("variables.txt", base64_values(variables)),
                    ("bootstrap.ps1", POWERSHELL_HELPERS.into()),
                ],
                program,
                arguments,
                ..Plan::default()
            }
        }
        // The standard library calls cmd.exe for such a program, and quotes as that needs it.
        // A value in a batch file could be taken for a command, whatever quotes it has, so values
        // go through the environment, which on Windows other users can't read.
        Language::Batch | Language::CSharp | Language::FSharp => Plan {
            program: script,
            environment: variables
                .iter()
                .filter(|(name, value)| {
                    !name.is_empty() && !name.contains(['=', '\0']) && !value.contains('\0')
                })
                .cloned()
                .collect(),
            ..Plan::default()
        },
    }
}

fn json_values(variables: &[(String, String)]) -> Vec<u8> {
    let values: serde_json::Map<String, serde_json::Value> = variables
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect();
    serde_json::Value::Object(values).to_string().into()
}

/// A line for each: name and value in base64, which PowerShell 2 can read, too.
fn base64_values(variables: &[(String, String)]) -> Vec<u8> {
    let line = |(name, value): &(String, String)| {
        format!("{} {}\n", STANDARD.encode(name), STANDARD.encode(value))
    };
    variables.iter().map(line).collect::<String>().into()
}

/// A shell function that prints the value of the variable with the given name in lower case (ASCII).
fn shell_values(variables: &[(String, String)]) -> String {
    let mut text = String::from("__octopus_value() {\n  case \"$1\" in\n");
    for (name, value) in variables {
        // The argument of a shell function cannot hold a NUL, so nobody can ask for such a name.
        if name.contains('\0') {
            continue;
        }
        let name = quote(&name.to_ascii_lowercase());
        // Neither can a quoted text, but a format can.
        let print = match value.contains('\0') {
            false => format!("'%s' {}", quote(value)),
            true => format!(
                "-- {}",
                quote(
                    &value
                        .replace('\\', "\\\\")
                        .replace('%', "%%")
                        .replace('\0', "\\000")
                )
            ),
        };
        text.push_str(&format!("  {name}) printf {print} ;;\n"));
    }
    text.push_str("  esac\n}\n");
    text
}

/// In single quotes every byte but the quote itself stands for itself.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests;
