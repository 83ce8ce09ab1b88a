//! What a task comes to, by what became of its parts.

use std::collections::HashSet;

use api::TaskState;
use conductor::deployment::SERVER;

use crate::store::targets::{Target, Verdict};

/// How the task stands, and why it failed.
pub(super) fn outcome(targets: &[Target]) -> (TaskState, String) {
    let has_failed = |target: &&Target| target.state == TaskState::Failed;
    // A deployment has several parts on a machine.
    let machines = |parts: &mut dyn Iterator<Item = &Target>| {
        parts.map(|it| it.machine_id).collect::<HashSet<_>>().len()
    };
    if let Some(first) = targets.iter().find(has_failed) {
        let (name, message) = (&first.machine_name, &first.message);
        let count = machines(&mut targets.iter().filter(has_failed));
        let text = match machines(&mut targets.iter()) {
            1 => format!("{name}: {message}"),
            all => format!("{count} of {all} machines failed, first {name}: {message}"),
        };
        return (TaskState::Failed, text);
    }
    let open = |target: &&Target| !target.state.is_completed();
    if let Some(target) = targets.iter().find(open) {
        let name = &target.machine_name;
        let text = format!("{name}: the server lost its work there; its own log says why.");
        return (TaskState::Failed, text);
    }
    let has_machine = |target: &&Target| target.machine_id != SERVER;
    let excluded: HashSet<i64> = targets
        .iter()
        .filter(|target| target.verdict == Verdict::Excluded)
        .map(|target| target.machine_id)
        .collect();
    if !excluded.is_empty() && excluded.len() == machines(&mut targets.iter().filter(has_machine)) {
        let text = "Every machine has failed, and was taken out of the deployment.";
        return (TaskState::Failed, text.to_owned());
    }
    let cancelled = |target: &&Target| target.state == TaskState::Canceled;
    match (
        targets.iter().find(cancelled),
        machines(&mut targets.iter()),
    ) {
        (None, _) => (TaskState::Success, String::new()),
        (Some(target), 1) => {
            let (name, message) = (&target.machine_name, &target.message);
            (TaskState::Canceled, format!("{name}: {message}"))
        }
        (Some(_), _) => (TaskState::Canceled, "Cancelled.".to_owned()),
    }
}
