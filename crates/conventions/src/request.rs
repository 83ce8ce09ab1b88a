//! What a deployment is given, and what it gives back.

use std::path::PathBuf;

use jiff::ZonedDateTime;
use variables::VariableSet;

use crate::scripts::{Artifact, OutputVariable};

/// One package to be installed.
#[derive(Debug, Clone)]
pub struct DeployRequest {
    /// Identifies the work; letters, digits and dashes.
    pub ticket: String,
    /// The package, whole and verified.
    pub package_file: PathBuf,
    /// NuGet package id.
    pub package_id: String,
    /// NuGet version.
    pub version: String,
    /// Name of the environment; any text.
    pub environment: String,
    /// The folder `Applications`, below which packages are installed.
    pub applications: PathBuf,
    /// The journal's file; its folder exists.
    pub journal: PathBuf,
    /// For files that exist only while scripts run. They hold secrets: no one else's folder,
    /// and emptied by its owner at each start.
    pub work_folder: PathBuf,
    /// The variables in scope, not yet evaluated.
    pub variables: VariableSet,
    /// Where it is installed.
    pub machine: Machine,
}

/// Facts of the machine that become variables, unless the request sets them.
#[derive(Debug, Clone, Default)]
pub struct Machine {
    /// `Octopus.Machine.Name`
    pub name: String,
    /// `env:NAME`, for each of these.
    pub environment_variables: Vec<(String, String)>,
}

impl Machine {
    /// This machine, by the environment of this process. Values that are not Unicode are left out.
    pub fn here(name: impl Into<String>) -> Self {
        let pairs = std::env::vars_os().filter(|(name, _)| name != layout::RUN_NONCE);
        let pairs = pairs.filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Self {
            name: name.into(),
            environment_variables: pairs.collect(),
        }
    }

    /// Gives variables the present moment, and the facts of the machine where nobody has set them.
    pub fn complete(&self, variables: &mut VariableSet) {
        variables.set_now(ZonedDateTime::now());
        let named = self.environment_variables.iter();
        let named = named.map(|(name, value)| (format!("env:{name}"), value));
        let name = ("Octopus.Machine.Name".to_owned(), &self.name);
        for (name, value) in std::iter::once(name).chain(named) {
            if variables.get_raw(&name).is_none() {
                variables.set(name, value);
            }
        }
    }
}

/// What a deployment that succeeded has brought about.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Where the package runs from: the custom installation directory, or its folder below `Applications`.
    pub installation_directory: PathBuf,
    /// Values for the steps after this one; each name once, in the order of first setting.
    pub output_variables: Vec<OutputVariable>,
    /// Files to be kept with the deployment.
    pub artifacts: Vec<Artifact>,
    /// One sentence, by a script or by Tentacle; secrets are masked.
    pub result_message: String,
}
