//! Which machines a task works on.

use std::collections::BTreeSet;

/// A machine that could be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The server's own number of it.
    pub id: i64,
    /// What people call it.
    pub name: String,
    /// Numbers of its environments.
    pub environments: Vec<i64>,
    /// Its roles (target tags).
    pub roles: Vec<String>,
}

/// What a person asked for. Empty lists ask for nothing in particular.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only machines of these environments.
    pub environments: Vec<i64>,
    /// Only these machines.
    pub machines: Vec<i64>,
    /// Only machines with one of these roles, compared without case.
    pub roles: Vec<String>,
}

/// A chosen machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The machine.
    pub id: i64,
    /// What people call it.
    pub name: String,
    /// In the name of which of its environments it was chosen; 0 when it has none.
    pub environment: i64,
}

/// Why nothing can be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoTargets {
    /// Nothing matches.
    #[error(
        "No machine matches: none of the {0} registered machines has the environments, roles and \
         names that were asked for. See `octo deployment-target list`."
    )]
    NoneMatches(usize),
    /// There are none at all.
    #[error(
        "No machine is registered yet. Install Tentacle on one, or run `tentacle register-with` there."
    )]
    NoneRegistered,
}

/// The machines to work on, by name; every condition that was given must hold.
pub fn select(candidates: &[Candidate], wanted: &Wanted) -> Result<Vec<Target>, NoTargets> {
    if candidates.is_empty() {
        return Err(NoTargets::NoneRegistered);
    }
    let mut targets: Vec<Target> = candidates
        .iter()
        .filter_map(|candidate| choose(candidate, wanted))
        .collect();
    if targets.is_empty() {
        return Err(NoTargets::NoneMatches(candidates.len()));
    }
    targets.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(targets)
}

fn choose(candidate: &Candidate, wanted: &Wanted) -> Option<Target> {
    let named = wanted.machines.is_empty() || wanted.machines.contains(&candidate.id);
    let roles: BTreeSet<String> = candidate.roles.iter().map(|r| r.to_lowercase()).collect();
    let in_role = wanted.roles.is_empty()
        || wanted
            .roles
            .iter()
            .any(|role| roles.contains(&role.to_lowercase()));
    let environment = if wanted.environments.is_empty() {
        Some(candidate.environments.first().copied().unwrap_or(0))
    } else {
        let asked = |id: &&i64| wanted.environments.contains(id);
        candidate.environments.iter().find(asked).copied()
    };
    environment
        .filter(|_| named && in_role)
        .map(|environment| Target {
            id: candidate.id,
            name: candidate.name.clone(),
            environment,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fleet() -> Vec<Candidate> {
        let machine = |id, name: &str, environments: &[i64], role: &str| Candidate {
            id,
            name: name.to_owned(),
            environments: environments.to_vec(),
            roles: vec![role.to_owned()],
        };
        vec![
            machine(1, "web-2", &[10], "Web"),
            machine(2, "web-1", &[10, 20], "Web"),
            machine(3, "db-1", &[20], "Db"),
        ]
    }

    #[track_caller]
    fn check(environments: &[i64], machines: &[i64], roles: &[&str], expected: &[(i64, i64)]) {
        let wanted = Wanted {
            environments: environments.to_vec(),
            machines: machines.to_vec(),
            roles: roles.iter().map(|&r| r.to_owned()).collect(),
        };
        let targets = select(&fleet(), &wanted).unwrap_or_default();
        let got: Vec<(i64, i64)> = targets.iter().map(|t| (t.id, t.environment)).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn each_condition_narrows() {
        check(&[], &[], &[], &[(3, 20), (2, 10), (1, 10)]);
        check(&[20], &[], &[], &[(3, 20), (2, 20)]);
        check(&[20], &[], &["web"], &[(2, 20)]);
        check(&[], &[1], &[], &[(1, 10)]);
        check(&[20], &[1], &[], &[]);
    }

    #[test]
    fn nothing_to_work_on_is_said() {
        let wanted = Wanted {
            roles: vec!["none".to_owned()],
            ..Wanted::default()
        };
        assert_eq!(select(&fleet(), &wanted), Err(NoTargets::NoneMatches(3)));
        assert_eq!(select(&[], &wanted), Err(NoTargets::NoneRegistered));
    }
}
