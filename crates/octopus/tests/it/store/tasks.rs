//! Tasks and their targets.

use std::collections::BTreeMap;

use api::{LogCategory, TaskArguments, TaskName, TaskState};
use octopus::store::{
    Database, Store,
    events::NewEvent,
    targets::{Ending, Planned, Verdict},
    task_lists::Wanted,
    task_log::NewLine,
};

use super::open;

pub(super) fn line(machine_id: i64, text: &str) -> NewLine {
    NewLine {
        at: 1_700_000_000_000,
        level: LogCategory::Warning,
        machine_id,
        step: "Deploy".to_owned(),
        text: text.to_owned(),
    }
}

pub(super) async fn queue(store: &Store, name: TaskName) -> i64 {
    let (arguments, secrets) = (TaskArguments::default(), BTreeMap::new());
    let created = store.create_task(name, "Do it", &arguments, &secrets, queued);
    created.await.unwrap().id
}

pub(crate) fn queued(id: i64) -> NewEvent {
    NewEvent {
        space_id: 1,
        username: "ann".to_owned(),
        category: "Queued",
        document: format!("ServerTasks-{id}"),
        message: "The task was queued.".to_owned(),
    }
}

fn ending(verdict: Verdict, lines: &[NewLine]) -> Ending<'_> {
    Ending {
        state: TaskState::Failed,
        verdict,
        lines,
        agent_sequence: 7,
        outputs: &[],
    }
}

fn planned(task: i64, machine_id: i64) -> Planned {
    Planned {
        machine_id,
        action: 0,
        action_name: String::new(),
        machine_name: format!("m{machine_id}"),
        environment_id: 1,
        ticket: format!("ticket {task} {machine_id}"),
    }
}

pub(super) async fn lists(store: &Store) {
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(queue(store, TaskName::Health).await);
    }
    store.start_task(ids[1], &[], &[]).await.unwrap();
    store
        .end_task(ids[2], TaskState::Failed, "why", &[])
        .await
        .unwrap();
    let found = async |states: &[TaskState], skip, take| {
        let wanted = Wanted {
            states: states.to_vec(),
            ..Wanted::default()
        };
        let (tasks, _) = store.tasks(&wanted, skip, take).await.unwrap();
        let place = |id| ids.iter().position(|other| *other == id).unwrap();
        tasks
            .into_iter()
            .map(|task| place(task.id))
            .collect::<Vec<_>>()
    };
    use TaskState::{Executing, Failed, Queued, Success};
    assert_eq!(found(&[], 0, i64::MAX).await, [4, 3, 2, 1, 0]);
    assert_eq!(found(&[], 1, 2).await, [3, 2]);
    assert_eq!(found(&[Queued], 0, 9).await, [4, 3, 0]);
    assert_eq!(found(&[Failed, Executing], 0, 9).await, [2, 1]);
    assert_eq!(found(&[Success], 0, 9).await, [0; 0]);
    let counts: Vec<i64> = store
        .count_tasks()
        .await
        .unwrap()
        .iter()
        .map(|c| c.1)
        .collect();
    assert_eq!(counts.iter().sum::<i64>(), 5);
    assert!(store.task(99_999).await.unwrap().is_none());
}

/// What has ended is not counted again; what two servers count is what is there.
pub(super) async fn counts(database: &Database) {
    let (store, other) = (open(database).await, open(database).await);
    let unfinished = queue(&store, TaskName::Health).await;
    let mut expected = [1, 0, 0];
    for round in 0..14_i64 {
        for number in 0..60 {
            let task = queue(&store, TaskName::Health).await;
            let (state, place) = match number % 3 {
                0 => (TaskState::Failed, 1),
                _ => (TaskState::Success, 2),
            };
            store.end_task(task, state, "", &[]).await.unwrap();
            expected[place] += 1;
        }
        if round == 8 {
            store
                .end_task(unfinished, TaskState::Success, "", &[])
                .await
                .unwrap();
            expected = [0, expected[1], expected[2] + 1];
        }
        // The other looks now and then, so that it has settled on less.
        let both = [Some(&store), (round % 5 == 0).then_some(&other)];
        for store in both.into_iter().flatten() {
            let counts = store.count_tasks().await.unwrap();
            let of = |wanted| {
                let found = counts.iter().find(|(state, _)| *state == wanted);
                found.map_or(0, |(_, count)| *count)
            };
            let found = [TaskState::Queued, TaskState::Failed, TaskState::Success].map(of);
            assert_eq!(found, expected, "round {round}");
        }
    }
    store.close().await;
    other.close().await;
}

pub(super) async fn life(store: &Store) {
    let secrets = BTreeMap::from([("Password".to_owned(), "hunter2 ☃".to_owned())]);
    let arguments = TaskArguments::default();
    let name = TaskName::DeployPackage;
    let task = store
        .create_task(name, "Do it", &arguments, &secrets, queued)
        .await
        .unwrap();
    assert_eq!(store.secrets_of(&task).unwrap(), secrets);
    let id = task.id;
    let read = store.task(id).await.unwrap().unwrap();
    assert_eq!(format!("{task:?}"), format!("{read:?}"));
    store
        .start_task(id, &[planned(id, 2), planned(id, 1)], &[line(0, "begin")])
        .await
        .unwrap();
    // The same ticket again is a mistake that nothing must come of.
    assert!(
        store
            .start_task(id, &[planned(id, 1)], &[line(0, "twice")])
            .await
            .is_err()
    );

    store
        .update_target(id, (0, 1), "Working", 40, &[])
        .await
        .unwrap();
    let targets = store.targets(id).await.unwrap();
    assert_eq!(
        targets.iter().map(|t| t.machine_id).collect::<Vec<_>>(),
        [1, 2]
    );
    assert_eq!(
        (targets[0].activity.as_str(), targets[0].percent),
        ("Working", 40)
    );
    assert!(targets[0].started_at.is_some() && targets[1].started_at.is_none());
    let activities = store.activities(name).await.unwrap();
    assert_eq!(activities[&1], (id, "Working".to_owned(), 40));

    store
        .end_target(id, (0, 1), &ending(Verdict::Own, &[line(1, "no disk")]))
        .await
        .unwrap();
    store
        .update_target(id, (0, 1), "too late", 1, &[])
        .await
        .unwrap();
    let targets = store.targets(id).await.unwrap();
    assert_eq!(
        (targets[0].state, targets[0].message.as_str()),
        (TaskState::Failed, "no disk")
    );
    assert_eq!(targets[0].activity, "");
    store
        .end_task(id, TaskState::Failed, "m1: no disk", &[line(0, "end")])
        .await
        .unwrap();
    let task = store.task(id).await.unwrap().unwrap();
    assert_eq!(
        (task.state, task.error.as_str()),
        (TaskState::Failed, "m1: no disk")
    );
    assert_eq!(task.last_sequence, 3);
    assert!(task.completed_at >= task.started_at && !task.cancel_requested);
    assert!(store.secrets_of(&task).unwrap().is_empty());
    assert_eq!(store.tasks_of_machine(1, 9).await.unwrap().len(), 1);
    assert!(store.activities(name).await.unwrap().is_empty());
}

pub(super) async fn upgrades(store: &Store) {
    let (one, two) = (
        queue(store, TaskName::Upgrade).await,
        queue(store, TaskName::Upgrade).await,
    );
    for id in [one, two] {
        store.start_task(id, &[planned(id, 7)], &[]).await.unwrap();
    }
    assert_eq!(store.begun_upgrade(7).await.unwrap(), None);
    store
        .update_target(two, (0, 7), "Installing", 1, &[])
        .await
        .unwrap();
    assert_eq!(store.begun_upgrade(7).await.unwrap(), Some(two));
    store
        .end_target(two, (0, 7), &ending(Verdict::Own, &[line(7, "bad")]))
        .await
        .unwrap();
    store
        .end_target(one, (0, 7), &ending(Verdict::Own, &[line(7, "bad")]))
        .await
        .unwrap();
    let newest = store.newest_failed(TaskName::Upgrade).await.unwrap();
    assert_eq!(newest, BTreeMap::from([(7, two)]));
}

pub(super) async fn cancelling(store: &Store) {
    let (queued, running) = (
        queue(store, TaskName::Health).await,
        queue(store, TaskName::Health).await,
    );
    store.start_task(running, &[], &[]).await.unwrap();
    for (id, state) in [
        (queued, TaskState::Queued),
        (running, TaskState::Cancelling),
    ] {
        assert!(store.request_cancel(id).await.unwrap());
        let task = store.task(id).await.unwrap().unwrap();
        assert!(task.cancel_requested && task.state == state, "{task:?}");
        store
            .end_task(id, TaskState::Canceled, "", &[])
            .await
            .unwrap();
        assert!(!store.request_cancel(id).await.unwrap());
    }
    assert!(!store.request_cancel(99_999).await.unwrap());
}
