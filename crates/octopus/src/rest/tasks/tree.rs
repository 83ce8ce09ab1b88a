//! The log of a task as a tree: task, machine, step.

use std::collections::HashMap;

use api::{ActivityElement, ActivityLogEntry, TaskDetails, TaskProgress, TaskState};

use crate::{
    lookup,
    rest::convert,
    store::{targets::Target, task_log::Line, tasks::Task},
};

/// The task with its log as a tree.
pub(super) fn details(task: Task, targets: &[Target], lines: &[Line]) -> TaskDetails {
    let mut nodes = vec![element("task", &task.description, task.state)];
    let machines = steps(targets, lines);
    let own = lines.iter().filter(|line| line.line.machine_id == 0);
    if let Some(root) = nodes.first_mut() {
        root.log_elements = own.map(entry).collect();
        root.children = machines;
    }
    TaskDetails {
        progress: progress(&task, targets),
        task: convert::task(task),
        activity_logs: nodes,
    }
}

/// The machines, below the actions of a deployment.
fn steps(targets: &[Target], lines: &[Line]) -> Vec<ActivityElement> {
    let mut nodes: Vec<ActivityElement> = Vec::new();
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
            nodes.push(element(&id, &target.action_name, TaskState::Queued));
        }
        if let Some(step) = nodes.last_mut() {
            step.children.push(node);
            step.status = together(&step.children);
        }
    }
    nodes
}

/// How a step stands, by its machines.
fn together(machines: &[ActivityElement]) -> TaskState {
    let any = |state: TaskState| machines.iter().any(|machine| machine.status == state);
    let all = |state: TaskState| machines.iter().all(|machine| machine.status == state);
    let open = machines
        .iter()
        .any(|machine| !machine.status.is_completed());
    match () {
        () if all(TaskState::Queued) => TaskState::Queued,
        () if open => TaskState::Executing,
        () if any(TaskState::Failed) => TaskState::Failed,
        () if any(TaskState::Canceled) => TaskState::Canceled,
        () => TaskState::Success,
    }
}

fn machine(target: &Target, lines: &[Line]) -> ActivityElement {
    let id = match target.action {
        0 => lookup::machine_id(target.machine_id),
        action => format!("step-{action}/{}", lookup::machine_id(target.machine_id)),
    };
    let mut node = element(&id, &target.machine_name, target.state);
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
            let state = TaskState::Success;
            node.children
                .push(element(&format!("{id}/{step}"), step, state));
            node.children.len() - 1
        });
        if let Some(child) = node.children.get_mut(place) {
            child.log_elements.push(entry(line));
        }
    }
    // Steps before the last one have ended well; the last one stands as the machine does.
    if let Some(last) = node.children.last_mut() {
        last.status = target.state;
    }
    node
}

fn element(id: &str, name: &str, status: TaskState) -> ActivityElement {
    ActivityElement {
        id: id.to_owned(),
        name: name.to_owned(),
        status,
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
    }
}
