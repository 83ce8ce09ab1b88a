//! The store does the same on SQLite and on PostgreSQL: one suite, run on both.

mod causes;
mod documents;
mod fleet;
mod log;
mod old;
mod people;
pub(crate) mod tasks;
mod together;

use std::path::Path;

use octopus::store::{
    Database, Store, StoreError, environments::Environment, events::NewEvent, vault::Vault,
};

use crate::postgres::Postgres;

/// The master key of these tests.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

async fn open(database: &Database) -> Store {
    let vault = Vault::from_text(KEY).unwrap();
    Store::open(database, vault).await.unwrap()
}

fn file(folder: &Path) -> Database {
    Database::choose(None, &folder.join("octopus.db")).unwrap()
}

/// Every part of the suite, each on an empty database.
async fn conforms(mut fresh: impl FnMut() -> Database) {
    let mut next = async || open(&fresh()).await;
    people::check(&next().await).await;
    fleet::environments(&next().await).await;
    fleet::machines(&next().await).await;
    fleet::packages(&next().await).await;
    tasks::lists(&next().await).await;
    tasks::life(&next().await).await;
    tasks::upgrades(&next().await).await;
    documents::check(&next().await).await;
    log::pages(&next().await).await;
    log::many_writers(&next().await).await;
    tasks::cancelling(&next().await).await;
    tasks::counts(&fresh()).await;
    causes::check(&fresh()).await;
    together::check(&fresh()).await;
    opens_again(&fresh()).await;
}

/// What was written is there after the next start, and two may start at once.
async fn opens_again(database: &Database) {
    let (one, other) = tokio::join!(open(database), open(database));
    let made = one
        .create_environment(&environment("Test"), &NewEvent::default())
        .await
        .unwrap();
    one.close().await;
    assert_eq!(other.environments().await.unwrap()[0].id, made.id);
    other.close().await;
    let names = open(database).await.environments().await.unwrap();
    assert_eq!(names.len(), 1);
}

/// An environment to be made in the default space.
fn environment(name: &str) -> Environment {
    Environment {
        space_id: 1,
        name: name.to_owned(),
        description: "text".to_owned(),
        ..Environment::default()
    }
}

#[track_caller]
fn conflict<T: std::fmt::Debug>(outcome: Result<T, StoreError>) -> String {
    match outcome {
        Err(StoreError::Conflict(words)) => words,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let mut count = 0;
    conforms(|| {
        count += 1;
        // Names that mean something in addresses.
        let inside = folder.path().join(format!("a %41?#&=å {count}"));
        std::fs::create_dir(&inside).unwrap();
        file(&inside)
    })
    .await;
    assert!(folder.path().join("a %41?#&=å 1/octopus.db").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    let Some(server) = Postgres::start() else {
        return;
    };
    conforms(|| Database::choose(Some(&server.database()), Path::new("")).unwrap()).await;
}

#[test]
fn an_address_of_another_database_is_refused() {
    for address in ["mysql://localhost/x", "octopus.db", "sqlite:octopus.db"] {
        let error = Database::choose(Some(address), Path::new("")).unwrap_err();
        assert!(error.to_string().contains("postgres://user@host/name"));
    }
}
