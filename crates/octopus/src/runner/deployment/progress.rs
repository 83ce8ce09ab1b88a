//! How far a deployment has come, as conditions and scripts see it: `Octopus.Deployment.Error`,
//! `Octopus.Step[…].Status.Code` and `.Status.Error`.

use std::collections::BTreeMap;

use conductor::deployment::Outcome;

use super::content::Content;
use crate::store::targets::Target;

/// By the steps' numbers, from 1.
#[derive(Debug, Clone, Default)]
pub(super) struct Progress {
    steps: BTreeMap<usize, Standing>,
    /// What failed first.
    error: String,
}

/// How many parts of a step stand how.
#[derive(Debug, Clone, Default)]
struct Standing {
    open: usize,
    running: usize,
    succeeded: usize,
    failed: usize,
    skipped: usize,
    error: String,
}

impl Standing {
    fn of(&mut self, outcome: Outcome) -> &mut usize {
        match outcome {
            Outcome::Waiting => &mut self.open,
            Outcome::Running => &mut self.running,
            Outcome::Succeeded => &mut self.succeeded,
            Outcome::Failed | Outcome::Excluded => &mut self.failed,
            Outcome::Skipped => &mut self.skipped,
        }
    }

    /// Octopus Deploy's word for it; `None`: it has not begun.
    fn code(&self) -> Option<&'static str> {
        let ended = self.succeeded + self.failed + self.skipped;
        if self.running > 0 || (self.open > 0 && ended > 0) {
            Some("Running")
        } else if self.failed > 0 {
            Some("Failed")
        } else if self.succeeded > 0 {
            Some("Succeeded")
        } else {
            (self.skipped > 0).then_some("Skipped")
        }
    }
}

impl Progress {
    /// A part of this step, which stood as `before` if it was counted already, stands as `now`.
    pub(super) fn count(
        &mut self,
        step: usize,
        before: Option<Outcome>,
        now: Outcome,
        part: &Target,
    ) {
        let standing = self.steps.entry(step).or_default();
        if let Some(before) = before {
            let count = standing.of(before);
            *count = count.saturating_sub(1);
        }
        *standing.of(now) += 1;
        if matches!(now, Outcome::Failed | Outcome::Excluded) {
            for error in [&mut standing.error, &mut self.error] {
                if error.is_empty() {
                    *error = format!("{}: {}", part.machine_name, part.message);
                }
            }
        }
    }

    /// The variables that tell it.
    pub(super) fn variables(&self, content: &Content) -> Vec<(String, String)> {
        let mut all = Vec::new();
        if !self.error.is_empty() {
            for name in ["Octopus.Deployment.Error", "Octopus.Deployment.ErrorDetail"] {
                all.push((name.to_owned(), self.error.clone()));
            }
        }
        for (number, standing) in &self.steps {
            let (Some(name), Some(code)) = (content.step_name(*number), standing.code()) else {
                continue;
            };
            let named = |what: &str| format!("Octopus.Step[{name}].Status.{what}");
            all.push((named("Code"), code.to_owned()));
            if !standing.error.is_empty() {
                all.push((named("Error"), standing.error.clone()));
                all.push((named("ErrorDetail"), standing.error.clone()));
            }
        }
        all
    }
}
