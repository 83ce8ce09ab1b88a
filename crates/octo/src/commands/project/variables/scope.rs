//! Where a value holds: the flags, and in words.

use api::variables::{Reference, ScopeValues, VariableScope};
use clap::Args;

use crate::error::Error;

/// The flags that say where a value holds.
#[derive(Debug, Clone, Args)]
pub(super) struct Flags {
    /// Only in this environment, by name or id; may be given several times.
    #[arg(long, value_name = "NAME")]
    environment_scope: Vec<String>,
    /// Only on this deployment target, by name or id; may be given several times.
    #[arg(long, value_name = "NAME")]
    target_scope: Vec<String>,
    /// Only on deployment targets with this role; may be given several times.
    #[arg(long, value_name = "ROLE")]
    role_scope: Vec<String>,
    /// Only in this step, by name or id; may be given several times.
    #[arg(long, value_name = "NAME")]
    step_scope: Vec<String>,
    /// Only in releases of this channel, by name or id; may be given several times.
    #[arg(long, value_name = "NAME")]
    channel_scope: Vec<String>,
    /// Only in this process, by name or id; may be given several times.
    #[arg(long, value_name = "NAME")]
    process_scope: Vec<String>,
}

impl Flags {
    /// None was given.
    pub(super) fn is_empty(&self) -> bool {
        [
            &self.environment_scope,
            &self.target_scope,
            &self.role_scope,
            &self.step_scope,
            &self.channel_scope,
            &self.process_scope,
        ]
        .iter()
        .all(|names| names.is_empty())
    }

    /// The scope that they name.
    ///
    /// # Errors
    /// When there is nothing of a name.
    pub(super) fn scope(&self, known: &ScopeValues) -> Result<VariableScope, Error> {
        Ok(VariableScope {
            environment: ids("environment", &self.environment_scope, &known.environments)?,
            machine: ids("deployment target", &self.target_scope, &known.machines)?,
            // A role may be given to a target later on.
            role: self.role_scope.clone(),
            action: ids("step", &self.step_scope, &known.actions)?,
            channel: ids("channel", &self.channel_scope, &known.channels)?,
            process_owner: ids("process", &self.process_scope, &known.processes)?,
        })
    }
}

/// `Environment: Staging, Test; Role: web`; empty for everywhere.
pub(super) fn words(scope: &VariableScope, known: &ScopeValues) -> String {
    let parts = [
        ("Environment", &scope.environment, &known.environments),
        ("Target", &scope.machine, &known.machines),
        ("Role", &scope.role, &known.roles),
        ("Step", &scope.action, &known.actions),
        ("Channel", &scope.channel, &known.channels),
        ("Process", &scope.process_owner, &known.processes),
    ];
    let parts = parts.iter().filter(|(_, ids, _)| !ids.is_empty());
    let parts: Vec<String> = parts
        .map(|(what, ids, known)| {
            let names = ids.iter().map(|id| {
                let found = known.iter().find(|one| one.id == *id);
                found.map_or(id.as_str(), |one| &one.name)
            });
            format!("{what}: {}", names.collect::<Vec<_>>().join(", "))
        })
        .collect();
    parts.join("; ")
}

fn ids(kind: &'static str, wanted: &[String], known: &[Reference]) -> Result<Vec<String>, Error> {
    let found = |name: &String| {
        let lower = name.to_lowercase();
        let is = |text: &str| text.to_lowercase() == lower;
        let found = known.iter().find(|one| is(&one.name));
        let found = found.or_else(|| known.iter().find(|one| is(&one.id)));
        found
            .map(|one| one.id.clone())
            .ok_or_else(|| Error::Unknown {
                kind,
                name: name.clone(),
                known: known.iter().map(|one| one.name.clone()).collect(),
            })
    };
    wanted.iter().map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ids_and_ids_become_names() {
        let reference = |id: &str, name: &str| Reference {
            id: id.to_owned(),
            name: name.to_owned(),
        };
        let known = ScopeValues {
            environments: vec![reference("Environments-1", "Staging")],
            ..ScopeValues::default()
        };
        let flags = Flags {
            environment_scope: vec!["staging".to_owned()],
            target_scope: vec![],
            role_scope: vec!["web".to_owned()],
            step_scope: vec![],
            channel_scope: vec![],
            process_scope: vec![],
        };
        assert!(!flags.is_empty());
        let mut scope = flags.scope(&known).unwrap();
        assert_eq!(scope.environment, ["Environments-1"]);
        assert_eq!(words(&scope, &known), "Environment: Staging; Role: web");
        scope.environment = vec!["Environments-9".to_owned()];
        assert_eq!(
            words(&scope, &known),
            "Environment: Environments-9; Role: web"
        );
        assert_eq!(words(&VariableScope::default(), &known), "");
        let unknown = Flags {
            target_scope: vec!["web-01".to_owned()],
            ..flags
        };
        let error = unknown.scope(&known).unwrap_err();
        assert_eq!(
            error.to_string(),
            "There is no deployment target \"web-01\"."
        );
    }
}
