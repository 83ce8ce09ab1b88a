//! The deployment that the conventions work on.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use variables::{VariableSet, is_truthy};

use super::failure::Failure;
use super::features::{self, ENABLED};
use super::journal::{Entry, Journal};
use super::lock::Held;
use super::request::{DeployRequest, Outcome};
use crate::scripts::{Artifact, CancelToken, Level, MaskedLog, OutputVariable, Report};

/// What is known and done so far.
pub(super) struct Deployment<'a> {
    pub(super) request: &'a DeployRequest,
    pub(super) cancel: &'a CancelToken,
    pub(super) log: &'a MaskedLog<'a>,
    /// The request's variables and what the conventions and scripts have added.
    pub(super) variables: VariableSet,
    /// The convention that is at work.
    pub(super) step: &'static str,
    /// The last successful deployment of the same line.
    pub(super) previous: Option<Entry>,
    /// The package's own folder.
    pub(super) installed_to: Option<PathBuf>,
    /// Where its files were copied to, if they were.
    pub(super) custom_directory: Option<PathBuf>,
    /// Folders that no other deployment works in meanwhile.
    pub(super) locks: Vec<Held>,
    /// Files that served as transforms of others.
    pub(super) transforms: HashSet<PathBuf>,
    output_variables: Vec<OutputVariable>,
    artifacts: Vec<Artifact>,
    pub(super) result_message: Option<String>,
}

impl<'a> Deployment<'a> {
    pub(super) fn new(
        request: &'a DeployRequest,
        log: &'a MaskedLog<'a>,
        cancel: &'a CancelToken,
    ) -> Self {
        let mut variables = request.variables.clone();
        if variables.get_raw("Octopus.Environment.Name").is_none() {
            variables.set("Octopus.Environment.Name", &request.environment);
        }
        request.machine.complete(&mut variables);
        if variables.get_raw(ENABLED).is_none() {
            let features = features::usual(&variables);
            variables.set(ENABLED, features);
        }
        variables.set("Octopus.Action.Package.PackageId", &request.package_id);
        variables.set("Octopus.Action.Package.PackageVersion", &request.version);
        variables.set(
            "Octopus.Tentacle.Agent.ApplicationDirectoryPath",
            text(&request.applications),
        );
        variables.set(
            "Octopus.Tentacle.CurrentDeployment.PackageFilePath",
            text(&request.package_file),
        );
        Self {
            request,
            cancel,
            log,
            variables,
            step: "",
            previous: None,
            installed_to: None,
            custom_directory: None,
            locks: Vec::new(),
            transforms: HashSet::new(),
            output_variables: Vec::new(),
            artifacts: Vec::new(),
            result_message: None,
        }
    }

    pub(super) fn say(&self, level: Level, line: &str) {
        self.log.line(level, self.step, line);
    }

    pub(super) fn check_cancelled(&self) -> Result<(), Failure> {
        if self.cancel.is_cancelled() {
            Err(Failure::Cancelled)
        } else {
            Ok(())
        }
    }

    /// The evaluated value, trimmed; empty where there is none.
    pub(super) fn get(&self, name: &str) -> Result<String, Failure> {
        let value = self.variables.get(name);
        let value = value.map_err(|source| Failure::Variable {
            name: name.to_owned(),
            source,
        })?;
        Ok(value.unwrap_or_default().trim().to_owned())
    }

    /// Whether a variable counts as true; `default` where it is missing or empty.
    pub(super) fn flag(&self, name: &str, default: bool) -> Result<bool, Failure> {
        let value = self.get(name)?;
        Ok(if value.is_empty() {
            default
        } else {
            is_truthy(&value)
        })
    }

    /// The parts of a value that are separated by line breaks, or by commas outside of braces:
    /// `*.{json,xml}` is one pattern.
    pub(super) fn list(&self, name: &str) -> Result<Vec<String>, Failure> {
        let value = self.get(name)?;
        let mut braces = 0_usize;
        let parts = value.split(|c| {
            braces = match c {
                '{' => braces.saturating_add(1),
                '}' => braces.saturating_sub(1),
                '\r' | '\n' => 0,
                _ => braces,
            };
            matches!(c, '\r' | '\n') || (c == ',' && braces == 0)
        });
        let parts = parts.map(str::trim).filter(|part| !part.is_empty());
        Ok(parts.map(str::to_owned).collect())
    }

    /// Whether the step asks for a feature of Octopus, given by its full name.
    pub(super) fn has_feature(&self, name: &str) -> Result<bool, Failure> {
        let enabled = self.list(ENABLED)?;
        Ok(enabled
            .iter()
            .any(|feature| feature.eq_ignore_ascii_case(name)))
    }

    /// Where the package is installed now: the custom installation directory once it is
    /// filled, the package's own folder before.
    pub(super) fn directory(&self) -> Option<&Path> {
        self.custom_directory
            .as_deref()
            .or(self.installed_to.as_deref())
    }

    /// Sets where the package is, for scripts, templates, and the steps after this one.
    pub(super) fn set_directory_variable(&mut self) -> Result<(), Failure> {
        let Some(value) = self.directory().map(text) else {
            return Ok(());
        };
        self.variables
            .set("Octopus.Action.Package.InstallationDirectoryPath", &value);
        let name = "Package.InstallationDirectoryPath".to_owned();
        self.set_output_variable(&OutputVariable {
            name,
            value,
            sensitive: false,
        })
    }

    /// Takes over what a script has asked for.
    pub(super) fn take_over(&mut self, report: &Report) -> Result<(), Failure> {
        for variable in &report.variables {
            self.set_output_variable(variable)?;
        }
        self.log.keep(self.step, &report.artifacts);
        self.artifacts.extend(report.artifacts.iter().cloned());
        if report.result_message.is_some() {
            self.result_message.clone_from(&report.result_message);
        }
        // Sensitive variables may be made of the new ones.
        for secret in self.variables.sensitive_values() {
            self.log.add_secret(&secret);
        }
        Ok(())
    }

    /// An output variable counts at once, under its own name and by those of its action.
    fn set_output_variable(&mut self, variable: &OutputVariable) -> Result<(), Failure> {
        let OutputVariable {
            name,
            value,
            sensitive,
        } = variable;
        let mut names = vec![name.clone()];
        let action = self.get("Octopus.Action.Name")?;
        if !action.is_empty() {
            names.push(format!("Octopus.Action[{action}].Output.{name}"));
            let machine = self.get("Octopus.Machine.Name")?;
            if !machine.is_empty() {
                names.push(format!("Octopus.Action[{action}].Output[{machine}].{name}"));
            }
        }
        for name in names {
            match sensitive {
                true => self.variables.set_sensitive(name, value),
                false => self.variables.set(name, value),
            }
        }
        match self
            .output_variables
            .iter_mut()
            .find(|known| known.name.eq_ignore_ascii_case(name))
        {
            Some(known) => {
                known.value.clone_from(value);
                known.sensitive |= sensitive;
            }
            None => self.output_variables.push(variable.clone()),
        }
        Ok(())
    }

    pub(super) fn journal(&self) -> Journal {
        Journal::new(&self.request.journal)
    }

    /// What the journal is to say of this deployment, if it ended now.
    pub(super) fn entry(&self, success: bool) -> Entry {
        let request = self.request;
        let part = |name| self.variables.get(name).ok().flatten().unwrap_or_default();
        Entry {
            ticket: request.ticket.clone(),
            time: Timestamp::now(),
            package: request.package_id.clone(),
            version: request.version.clone(),
            environment: request.environment.clone(),
            policy: format!(
                "{}/{}",
                part("Octopus.Project.Name"),
                part("Octopus.Action.Name")
            ),
            success,
            installed_to: self.installed_to.clone(),
            custom_directory: self.custom_directory.clone(),
            previous: self
                .previous
                .as_ref()
                .and_then(|previous| previous.installed_to.clone()),
        }
    }

    pub(super) fn into_outcome(self) -> Outcome {
        let installed = format!(
            "{} {} is installed.",
            self.request.package_id, self.request.version
        );
        Outcome {
            installation_directory: self.directory().map(Path::to_owned).unwrap_or_default(),
            result_message: self.log.mask(&self.result_message.unwrap_or(installed)),
            output_variables: self.output_variables,
            artifacts: self.artifacts,
        }
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
