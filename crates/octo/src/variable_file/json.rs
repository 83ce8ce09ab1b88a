//! The two forms of a file of variables: an object of names and values, or a list as Octopus's
//! REST API shows variables, with scopes.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use variables::VariableSet;
use variables::scope::{Scope, ScopedVariable};

/// Where a file is not as it should be. Shows no value of the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    /// From 1.
    pub(super) line: usize,
    /// From 1, in bytes.
    pub(super) column: usize,
    /// What is wrong there.
    pub(super) message: String,
}

/// Reads either form.
pub(super) fn parse(text: &str) -> Result<Vec<ScopedVariable>, Mistake> {
    match serde_json::from_str::<File>(text) {
        Ok(file) => Ok(file.0),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            let message = error.to_string();
            let place = format!(" at line {line} column {column}");
            let message = message.strip_suffix(&place).unwrap_or(&message);
            // What was found could be a password in the wrong place.
            let message = match message.split_once(", expected ") {
                Some((found, expected)) if found.starts_with("invalid ") => {
                    format!("expected {expected}")
                }
                _ => message.to_owned(),
            };
            Err(Mistake {
                line,
                // At the very start there is no last character that was read.
                column: column.max(1),
                message: message.replace("a sequence", "a list"),
            })
        }
    }
}

struct File(Vec<ScopedVariable>);

impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Forms;
        impl<'de> Visitor<'de> for Forms {
            type Value = File;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of names and values, or a list of variables")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<File, A::Error> {
                let mut names = VariableSet::new();
                let mut variables = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    if names.variable(&name).is_some() {
                        let message = format!("{name} is there twice (case does not matter)");
                        return Err(de::Error::custom(message));
                    }
                    names.set(name.clone(), "");
                    variables.push(ScopedVariable {
                        name,
                        value: map.next_value::<Value>()?.0,
                        sensitive: false,
                        scope: Scope::default(),
                    });
                }
                Ok(File(variables))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<File, A::Error> {
                let mut variables = Vec::new();
                while let Some(entry) = list.next_element::<Entry>()? {
                    variables.push(entry.into());
                }
                Ok(File(variables))
            }
        }
        deserializer.deserialize_any(Forms)
    }
}

/// A value as it is written, since a number would lose its zeros.
struct Value(String);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        match raw.bytes().next() {
            Some(b'"') => serde_json::from_str(raw).map(Value).map_err(|_| {
                de::Error::custom("the string has an escape that stands for no character")
            }),
            Some(b'{' | b'[') => Err(de::Error::custom(
                "a value is a string, a number, true or false; write an object or list as a string",
            )),
            Some(b'n') => Err(de::Error::custom(
                "there is no value; write the one that is meant, or \"\"",
            )),
            _ => Ok(Self(raw.to_owned())),
        }
    }
}

/// A variable of the list. Fields that say nothing about its value, such as `Id`, are passed over.
#[derive(Deserialize)]
#[serde(
    rename_all = "PascalCase",
    expecting = "a variable with Name and Value"
)]
struct Entry {
    name: String,
    value: Value,
    #[serde(default)]
    is_sensitive: bool,
    #[serde(default)]
    scope: Dimensions,
}

/// Of a dimension that is not known here, nobody could say whether the value holds. Action,
/// channel and process are known, but nothing is evaluated for one: such a value does not hold.
#[derive(Default, Deserialize)]
#[serde(
    rename_all = "PascalCase",
    deny_unknown_fields,
    default,
    expecting = "an object of lists: Environment, Machine, Role"
)]
struct Dimensions {
    environment: Vec<String>,
    machine: Vec<String>,
    role: Vec<String>,
    action: Vec<String>,
    channel: Vec<String>,
    process_owner: Vec<String>,
}

impl From<Entry> for ScopedVariable {
    fn from(entry: Entry) -> Self {
        Self {
            name: entry.name,
            value: entry.value.0,
            sensitive: entry.is_sensitive,
            scope: Scope {
                environments: entry.scope.environment,
                machines: entry.scope.machine,
                roles: entry.scope.role,
                steps: entry.scope.action,
                channels: entry.scope.channel,
                processes: entry.scope.process_owner,
            },
        }
    }
}
