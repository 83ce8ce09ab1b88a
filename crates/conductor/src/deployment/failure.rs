//! What comes after a part has failed.

/// What a process and a deployment say about failures of one action.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recovery {
    /// So many times it is tried again by itself.
    pub retries: u32,
    /// A person is asked before it counts.
    pub guided: bool,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It is tried again.
    Retry,
    /// A person is asked.
    Ask,
    /// It has failed for good.
    Fail,
}

/// What comes after the attempt with this number, from 1, has failed.
pub fn then(recovery: Recovery, attempt: u32) -> Then {
    if attempt <= recovery.retries {
        Then::Retry
    } else if recovery.guided {
        Then::Ask
    } else {
        Then::Fail
    }
}

/// What a project says about asking people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GuidedMode {
    /// As the environment has it.
    #[default]
    Environment,
    /// Never.
    Off,
    /// Always.
    On,
}

/// Whether people are asked about failures: as the deployment says, or else the project, or
/// else the environment.
pub fn guided(deployment: Option<bool>, project: GuidedMode, environment: bool) -> bool {
    deployment.unwrap_or(match project {
        GuidedMode::Environment => environment,
        GuidedMode::Off => false,
        GuidedMode::On => true,
    })
}

/// What a person says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It may go on.
    Proceed,
    /// It fails.
    Abort,
    /// It is tried again.
    Retry,
    /// It goes on as though it had succeeded.
    Ignore,
    /// It goes on without the machine.
    Exclude,
}

impl Answer {
    /// What can be said when a step waits for a person.
    pub const MANUAL: [Self; 2] = [Self::Proceed, Self::Abort];
    /// What can be said when a part has failed on a machine.
    pub const FAILURE: [Self; 4] = [Self::Retry, Self::Ignore, Self::Exclude, Self::Abort];
    /// What can be said when a part has failed on the server.
    pub const SERVER_FAILURE: [Self; 3] = [Self::Retry, Self::Ignore, Self::Abort];

    /// The word that forms have for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Proceed => "Proceed",
            Self::Abort => "Abort",
            Self::Retry => "Retry",
            Self::Ignore => "Ignore",
            Self::Exclude => "Exclude",
        }
    }

    /// What people read on its button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Exclude => "Exclude machine from deployment",
            other => other.word(),
        }
    }

    /// One of `choices`, from its word in any case.
    pub fn find(choices: &[Self], word: &str) -> Option<Self> {
        let same = |choice: &&Self| choice.word().eq_ignore_ascii_case(word.trim());
        choices.iter().find(same).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_come_before_people() {
        for (retries, guided, attempt, expected) in [
            (0, false, 1, Then::Fail),
            (0, true, 1, Then::Ask),
            (2, false, 1, Then::Retry),
            (2, false, 2, Then::Retry),
            (2, false, 3, Then::Fail),
            (2, true, 3, Then::Ask),
            // A person's retry that fails as well is asked about again.
            (2, true, 9, Then::Ask),
        ] {
            let recovery = Recovery { retries, guided };
            assert_eq!(then(recovery, attempt), expected, "{recovery:?} {attempt}");
        }
    }

    #[test]
    fn the_deployment_has_the_first_word_and_the_environment_the_last() {
        use GuidedMode::{Environment, Off, On};
        for (deployment, project, environment, expected) in [
            (None, Environment, false, false),
            (None, Environment, true, true),
            (None, Off, true, false),
            (None, On, false, true),
            (Some(false), On, true, false),
            (Some(true), Off, false, true),
        ] {
            assert_eq!(guided(deployment, project, environment), expected);
        }
    }

    #[test]
    fn answers_are_known_by_their_words() {
        assert_eq!(
            Answer::find(&Answer::FAILURE, " retry"),
            Some(Answer::Retry)
        );
        assert_eq!(Answer::find(&Answer::MANUAL, "Retry"), None);
        assert_eq!(Answer::find(&Answer::SERVER_FAILURE, "Exclude"), None);
    }
}
