//! The log of a task as a tree: task, machine, step.

use std::collections::HashMap;

use api::{
    ActivityElement, ActivityLogEntry, ActivityStatus, TaskDetails, TaskProgress, TaskState,
};

use crate::{
    lookup,
    rest::convert,
    store::{
        targets::{Target, Verdict},
        task_log::Line,
        tasks::Task,
    },
};

/// The task with its log as a tree.
pub(super) fn details(task: Task, targets: &[Target], lines: &[Line]) -> TaskDetails {
    let mut root = element("task", &task.description, task.state.into());
    timed(&mut root, task.started_at, task.completed_at);
    let has_server_part = targets.iter().any(|target| target.machine_id == 0);
    let is_own = |line: &&Line| {
        let of_server = line.line.machine_id == 0;
        of_server && (!has_server_part || !targets.iter().any(|target| is_of(target, line)))
    };
    root.log_elements = lines.iter().filter(is_own).map(entry).collect();
    root.children = steps(targets, lines);
    let progress = progress(&task, targets);
    root.progress_percentage = progress.progress_percentage;
    root.progress_message.clone_from(&progress.current_activity);
    TaskDetails {
        progress,
        physical_log_size: u64::try_from(task.last_sequence).unwrap_or(0),
        task: convert::task(task),
        activity_logs: vec![root],
    }
}

/// Whether a line is about this part.
fn is_of(target: &Target, line: &Line) -> bool {
    target.machine_id == line.line.machine_id && target.own_step(&line.line.step).is_some()
}

fn timed(node: &mut ActivityElement, started: Option<i64>, ended: Option<i64>) {
    node.started = started.map(convert::time);
    node.ended = ended.map(convert::time);
}

/// The machines, below the actions of a deployment.
fn steps(targets: &[Target], lines: &[Line]) -> Vec<ActivityElement> {
    let mut nodes: Vec<ActivityElement> = Vec::new();
    let mut parts: Vec<Vec<&Target>> = Vec::new();
    let mut last = 0;
    for target in targets {
        let node = machine(target, lines);
        if target.action == 0 {
            nodes.push(node);
            continue;
        }
        if target.action != last {
            last = target.action;
            let id = format!("step-{last}");
            nodes.push(element(&id, &target.action_name, ActivityStatus::Pending));
            parts.push(Vec::new());
        }
        if let (Some(step), Some(parts)) = (nodes.last_mut(), parts.last_mut()) {
            step.children.push(node);
            parts.push(target);
            step.status = together(&step.children);
            let is_over = parts.iter().all(|part| part.completed_at.is_some());
            let started = parts.iter().filter_map(|part| part.started_at).min();
            let ended = parts.iter().filter_map(|part| part.completed_at).max();
            timed(step, started, ended.filter(|_| is_over));
        }
    }
    nodes
}

/// How a step stands, by its machines.
fn together(machines: &[ActivityElement]) -> ActivityStatus {
    use ActivityStatus::{
        Canceled, Failed, Pending, Running, Skipped, Success, SuccessWithWarning,
    };
    let any = |status: ActivityStatus| machines.iter().any(|machine| machine.status == status);
    let all = |status: ActivityStatus| machines.iter().all(|machine| machine.status == status);
    match () {
        () if all(Pending) => Pending,
        () if any(Running) || any(Pending) => Running,
        () if any(Failed) => Failed,
        () if any(Canceled) => Canceled,
        () if any(SuccessWithWarning) => SuccessWithWarning,
        () if all(Skipped) => Skipped,
        () => Success,
    }
}

fn status(target: &Target) -> ActivityStatus {
    match target.verdict {
        Verdict::Own => target.state.into(),
        Verdict::Skipped => ActivityStatus::Skipped,
        Verdict::Ignored | Verdict::Excluded => ActivityStatus::SuccessWithWarning,
    }
}

fn machine(target: &Target, lines: &[Line]) -> ActivityElement {
    let id = match target.action {
        0 => lookup::machine_id(target.machine_id),
        action => format!("step-{action}/{}", lookup::machine_id(target.machine_id)),
    };
    let mut node = element(&id, &target.machine_name, status(target));
    timed(&mut node, target.started_at, target.completed_at);
    node.progress_percentage = u8::try_from(target.percent).unwrap_or(100);
    node.progress_message = match target.completed_at {
        None => target.activity.clone(),
        Some(_) => target.message.clone(),
    };
    let mut places: HashMap<&str, usize> = HashMap::new();
    for line in lines {
        if line.line.machine_id != target.machine_id {
            continue;
        }
        let Some(step) = target.own_step(&line.line.step) else {
            continue;
        };
        if step.is_empty() {
            node.log_elements.push(entry(line));
            continue;
        }
        let place = *places.entry(step).or_insert_with(|| {
            let status = ActivityStatus::Success;
            node.children
                .push(element(&format!("{id}/{step}"), step, status));
            node.children.len() - 1
        });
        if let Some(child) = node.children.get_mut(place) {
            child.log_elements.push(entry(line));
        }
    }
    // Steps before the last one have ended well; the last one stands as the machine does.
    if let Some(last) = node.children.last_mut() {
        last.status = node.status;
    }
    node
}

fn element(id: &str, name: &str, status: ActivityStatus) -> ActivityElement {
    ActivityElement {
        id: id.to_owned(),
        name: name.to_owned(),
        status,
        started: None,
        ended: None,
        show_at_summary_level: true,
        progress_percentage: 0,
        progress_message: String::new(),
        log_elements: Vec::new(),
        children: Vec::new(),
    }
}

fn entry(line: &Line) -> ActivityLogEntry {
    ActivityLogEntry {
        sequence: u64::try_from(line.sequence).unwrap_or(0),
        category: line.line.level,
        occurred_at: convert::time(line.line.at),
        message_text: line.line.text.clone(),
    }
}

fn progress(task: &Task, targets: &[Target]) -> TaskProgress {
    let done = targets.iter().filter(|target| target.state.is_completed());
    let done = done.count();
    let busy = targets
        .iter()
        .find(|target| target.state == TaskState::Executing);
    let percentage = match targets.len() {
        0 if task.state.is_completed() => 100,
        0 => 0,
        all => done * 100 / all,
    };
    TaskProgress {
        progress_percentage: u8::try_from(percentage).unwrap_or(100),
        current_activity: busy
            .map(|target| format!("{}: {}", target.machine_name, target.activity))
            .unwrap_or_default(),
        estimated_time_remaining: String::new(),
    }
}
