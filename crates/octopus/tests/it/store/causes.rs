//! What the server does by itself is done once, whoever looks at it: two of them, at one time.

use api::TaskState;
use octopus::store::{
    Database, Store,
    causes::{Cause, Made},
    deployments::{Deployment, Wanted},
    documents::NewDocument,
    events::NewEvent,
    machines::Seen,
};

use super::{environment, fleet::registration, open};

const PROJECT: i64 = 7;

async fn release(store: &Store, number: &str) -> i64 {
    let new = NewDocument {
        kind: "Releases",
        space_id: 1,
        owner_id: PROJECT,
        name: number.to_owned(),
        body: "{}".to_owned(),
    };
    let event = NewEvent::default();
    store.create_document(&new, &[], &event).await.unwrap()
}

fn deployment(release: i64, environment: i64) -> Deployment {
    Deployment {
        space_id: 1,
        project_id: PROJECT,
        release_id: release,
        environment_id: environment,
        body: "{}".to_owned(),
        ..Deployment::default()
    }
}

async fn make(store: &Store, release: i64, environment: i64, cause: Cause) -> Made {
    let event = NewEvent::default();
    let new = deployment(release, environment);
    let made = store.create_deployment(&new, cause, "Deploy it", &event);
    made.await.unwrap()
}

async fn count(store: &Store, release_id: i64) -> i64 {
    let wanted = Wanted {
        space_id: 1,
        release_id,
        ..Wanted::default()
    };
    store.deployments(wanted, 0, 99).await.unwrap().1
}

/// Ends the newest deployment of a release, by the server that made it.
async fn end_newest(store: &Store, release_id: i64) {
    let wanted = Wanted {
        space_id: 1,
        release_id,
        ..Wanted::default()
    };
    let (rows, _) = store.deployments(wanted, 0, 1).await.unwrap();
    let end = store.end_task(rows[0].task_id, TaskState::Success, "", &[]);
    end.await.unwrap();
}

pub(super) async fn check(database: &Database) {
    let (one, other) = (open(database).await, open(database).await);
    promotions(&one, &other).await;
    arrivals(&one, &other).await;
    one.close().await;
    other.close().await;
}

/// The one was taken for dead while it looked at a release, and goes on.
async fn promotions(one: &Store, other: &Store) {
    one.join("one").await.unwrap();
    let release = release(one, "1.0.0").await;
    assert_eq!(one.claim_promotions().await.unwrap(), [(release, 1)]);
    other.join("other").await.unwrap();
    for (node, beat) in other.beats().await.unwrap() {
        assert!(other.expel(&node, beat).await.unwrap());
    }
    assert_eq!(other.claim_promotions().await.unwrap(), [(release, 1)]);
    for environment in 101..120 {
        let (mine, theirs) = tokio::join!(
            make(one, release, environment, Cause::Lifecycle),
            make(other, release, environment, Cause::Lifecycle),
        );
        let known = [mine, theirs]
            .into_iter()
            .filter(|made| *made == Made::Known);
        assert_eq!(known.count(), 1, "{mine:?} {theirs:?}");
    }
    assert_eq!(count(one, release).await, 19);
    // Where a person was before, it does not go by itself; a person may go anywhere again.
    assert!(matches!(
        make(one, release, 130, Cause::Person).await,
        Made::New(_)
    ));
    assert_eq!(
        make(other, release, 130, Cause::Lifecycle).await,
        Made::Known
    );
    assert!(matches!(
        make(other, release, 105, Cause::Person).await,
        Made::New(_)
    ));
}

async fn arrivals(one: &Store, other: &Store) {
    let event = NewEvent::default();
    let test = environment("Test");
    let test = one.create_environment(&test, &event).await.unwrap().id;
    let seen = Seen {
        version: "1.2.3".to_owned(),
        rid: "linux-x64".to_owned(),
        operating_system: "Linux".to_owned(),
        versions: Vec::new(),
    };
    // Without any trigger nobody waits for machines.
    let early = registration("early", &[test]);
    let early = one.register_machine(&early).await.unwrap();
    one.machine_answered(early, &seen).await.unwrap();
    assert_eq!(one.arrivals().await.unwrap(), []);
    let trigger = NewDocument {
        kind: "ProjectTriggers",
        space_id: 1,
        owner_id: PROJECT,
        name: "New machines".to_owned(),
        body: "{}".to_owned(),
    };
    one.create_document(&trigger, &[], &event).await.unwrap();

    let new = registration("late", &[test]);
    let machine = one.register_machine(&new).await.unwrap();
    // It waits until the machine answers; that it does so twice is one arrival.
    assert_eq!(one.arrivals().await.unwrap(), []);
    let (first, second) = tokio::join!(
        one.machine_answered(machine, &seen),
        other.machine_answered(machine, &seen),
    );
    // Triggers are looked at when a machine was not healthy before, and then once.
    assert!(first.unwrap() != second.unwrap());
    assert!(!one.machine_answered(machine, &seen).await.unwrap());
    let found = one.arrivals().await.unwrap();
    assert_eq!(found.len(), 1);
    let arrival = &found[0];
    assert_eq!(
        (arrival.categories.as_str(), arrival.revision),
        ("MachineAdded,MachineHealthy", 2)
    );
    let release = release(one, "2.0.0").await;
    let cause = Cause::Arrival {
        id: arrival.id,
        revision: arrival.revision,
    };
    // Nothing is there yet; then something is under way; then it is there.
    assert_eq!(make(one, release, test, cause).await, Made::Later);
    assert!(matches!(
        make(one, release, test, Cause::Person).await,
        Made::New(_)
    ));
    assert_eq!(make(one, release, test, cause).await, Made::Later);
    end_newest(one, release).await;
    let (mine, theirs) = tokio::join!(
        make(one, release, test, cause),
        make(other, release, test, cause),
    );
    // Who comes second sees the first one's deployment, as one of its own cause or as work.
    let new = [mine, theirs]
        .into_iter()
        .filter(|made| matches!(made, Made::New(_)));
    assert_eq!(new.count(), 1, "{mine:?} {theirs:?}");
    let maker = match mine {
        Made::New(_) => one,
        _ => other,
    };
    end_newest(maker, release).await;
    assert_eq!(make(other, release, test, cause).await, Made::Known);
    assert_eq!(count(one, release).await, 2);

    let event = NewEvent {
        space_id: 1,
        message: "refused".to_owned(),
        ..NewEvent::default()
    };
    let events = std::slice::from_ref(&event);
    assert!(one.end_arrival(arrival, events).await.unwrap());
    assert!(!other.end_arrival(arrival, events).await.unwrap());
    let all = one
        .events(&octopus::store::events::Wanted::default(), 0, 99)
        .await;
    let told = all
        .unwrap()
        .0
        .into_iter()
        .filter(|one| one.message == "refused");
    assert_eq!(told.count(), 1);
    assert_eq!(one.arrivals().await.unwrap(), []);

    // The same again is nothing new; less is none either; a role more is.
    let mut again = registration("late", &[test]);
    one.register_machine(&again).await.unwrap();
    again.roles = vec!["WEB".to_owned()];
    one.register_machine(&again).await.unwrap();
    one.machine_answered(machine, &seen).await.unwrap();
    assert_eq!(one.arrivals().await.unwrap(), []);
    again.roles.push("mail".to_owned());
    again.is_disabled = true;
    let event = NewEvent::default();
    one.change_machine(machine, &again, &event).await.unwrap();
    assert_eq!(one.arrivals().await.unwrap(), []);
    again.is_disabled = false;
    one.change_machine(machine, &again, &event).await.unwrap();
    one.machine_unavailable(machine, "gone").await.unwrap();
    assert_eq!(one.arrivals().await.unwrap(), []);
    one.machine_answered(machine, &seen).await.unwrap();
    let found = one.arrivals().await.unwrap();
    let words: Vec<&str> = found.iter().map(|it| it.categories.as_str()).collect();
    assert_eq!(
        words,
        ["MachineDeploymentRelatedPropertyWasUpdated,MachineEnabled,MachineHealthy"]
    );
    assert!(one.delete_machine(machine).await.unwrap());
    assert_eq!(one.arrivals().await.unwrap(), []);
}
