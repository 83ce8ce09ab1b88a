//! What two servers decide about the same release at one time: as if one came after the other.

use octopus::store::{
    Database, Store,
    causes::{Cause, Made},
    deployments::Deployment,
    documents::NewDocument,
    events::{self, NewEvent},
};

use super::open;

/// Enough for each order of what happens inside.
const TRIES: i64 = 40;

async fn document(store: &Store, kind: &'static str, owner_id: i64, name: &str) -> i64 {
    let new = NewDocument {
        kind,
        space_id: 1,
        owner_id,
        name: name.to_owned(),
        body: "{}".to_owned(),
    };
    let event = NewEvent::default();
    store.create_document(&new, &[], &event).await.unwrap()
}

fn event(message: &str) -> NewEvent {
    NewEvent {
        space_id: 1,
        message: message.to_owned(),
        ..NewEvent::default()
    }
}

async fn make(store: &Store, new: &Deployment, cause: Cause) -> Made {
    let event = event("made");
    let made = store.create_deployment(new, cause, "Deploy it", &event);
    made.await.unwrap()
}

pub(super) async fn check(database: &Database) {
    let (one, other) = (open(database).await, open(database).await);
    let project = document(&one, "Projects", 0, "Web").await;
    for number in 0..TRIES {
        let release = document(&one, "Releases", project, &format!("1.{number}.0")).await;
        let new = Deployment {
            space_id: 1,
            project_id: project,
            release_id: release,
            environment_id: 1,
            body: "{}".to_owned(),
            ..Deployment::default()
        };
        match number % 2 {
            0 => person_and_lifecycle(&one, &other, &new).await,
            _ => change_and_deployment(&one, &other, &new).await,
        }
    }
    one.close().await;
    other.close().await;
}

/// It goes by itself only where nobody has ordered it to; a person may order it once more.
async fn person_and_lifecycle(one: &Store, other: &Store, new: &Deployment) {
    let (person, lifecycle) = tokio::join!(
        make(one, new, Cause::Person),
        make(other, new, Cause::Lifecycle),
    );
    match (person, lifecycle) {
        (Made::New(_), Made::Known) => {}
        (Made::New(person), Made::New(lifecycle)) => assert!(lifecycle < person),
        others => panic!("{others:?}"),
    }
}

/// A release changes before it is deployed, or not at all.
async fn change_and_deployment(one: &Store, other: &Store, new: &Deployment) {
    let release = one.document("Releases", new.release_id).await.unwrap();
    let release = release.unwrap();
    let name = format!("{}-changed", release.name);
    let changed = event("changed");
    let (made, changed) = tokio::join!(
        make(one, new, Cause::Person),
        other.change_undeployed(&release, &name, "{}", &changed),
    );
    assert!(matches!(made, Made::New(_)));
    let wanted = events::Wanted::default();
    let (last, _) = one.events(&wanted, 0, 2).await.unwrap();
    let words: Vec<&str> = last.iter().map(|one| one.message.as_str()).collect();
    match changed.unwrap() {
        true => assert_eq!(words, ["made", "changed"]),
        false => assert_eq!(words[0], "made"),
    }
    // From now on never.
    let late = event("changed");
    let refused = other.change_undeployed(&release, "x", "{}", &late);
    assert!(!refused.await.unwrap());
}
