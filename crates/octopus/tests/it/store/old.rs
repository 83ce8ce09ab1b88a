//! A database that version 1.0.0 left behind is taken over, and its secrets are sealed.

use std::{borrow::Cow, collections::BTreeMap, fs, path::Path};

use octopus::store::{
    Database, Store, StoreError, documents::NewDocument, events::NewEvent, vault::Vault,
};
use serde_json::{Value, json};
use sqlx::{AnyPool, Executor, migrate::Migrator};

use super::{file, open};

const SECRET: &str = "correct-horse-battery";

/// Writes what 1.0.0 wrote: its schema, and a deployment under way with a secret.
async fn leave_behind(folder: &Path) {
    sqlx::any::install_default_drivers();
    let url = format!("sqlite:{}/octopus.db?mode=rwc", folder.display());
    let pool = AnyPool::connect(&url).await.unwrap();
    let all = sqlx::migrate!("./migrations");
    let first = Migrator {
        migrations: Cow::Owned(all.iter().take(1).cloned().collect()),
        ..Migrator::DEFAULT
    };
    first.run(&pool).await.unwrap();
    let rows = format!(
        "insert into environments (name) values ('Test');
         insert into users (username, password_hash) values ('admin', 'hash');
         insert into tasks (name, description, arguments, secrets, state, queued_at) values
            ('DeployPackage', 'Deploy', '{{}}', '{{\"Password\":\"{SECRET}\"}}', 'Executing', 1),
            ('DeployPackage', 'Deploy', '{{}}', '{{}}', 'Success', 1);"
    );
    pool.execute(sqlx::AssertSqlSafe(rows)).await.unwrap();
    pool.close().await;
}

async fn secrets(store: &Store, task: i64) -> Result<BTreeMap<String, String>, StoreError> {
    store.secrets_of(&store.task(task).await?.unwrap())
}

/// Whether any file of the folder has these words.
fn tells(folder: &Path, words: &str) -> bool {
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let mut contents = files.map(|file| fs::read(file).unwrap());
    contents.any(|bytes| {
        bytes
            .windows(words.len())
            .any(|part| part == words.as_bytes())
    })
}

#[tokio::test]
async fn its_data_is_there_and_its_secrets_are_sealed() {
    let folder = tempfile::tempdir().unwrap();
    leave_behind(folder.path()).await;
    assert!(tells(folder.path(), SECRET), "the test can't see");
    let store = open(&file(folder.path())).await;
    assert_eq!(store.environments().await.unwrap()[0].name, "Test");
    assert!(store.user_by_name("ADMIN").await.unwrap().is_some());
    assert_eq!(secrets(&store, 1).await.unwrap()["Password"], SECRET);
    assert!(secrets(&store, 2).await.unwrap().is_empty());
    store.close().await;
    assert!(!tells(folder.path(), SECRET));
}

#[tokio::test]
async fn another_key_opens_no_secret_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    leave_behind(folder.path()).await;
    let database: Database = file(folder.path());
    open(&database).await.close().await;
    let other = Vault::from_text(&Vault::new_key().unwrap()).unwrap();
    let store = octopus::store::Store::open(&database, other).await.unwrap();
    let error = secrets(&store, 1).await.unwrap_err();
    let StoreError::Vault(error) = error else {
        panic!("{error:?}")
    };
    assert!(error.to_string().contains("OCTOPUS_MASTER_KEY"), "{error}");
}

/// A new key before the old one: after the next start the old one is of no use.
#[tokio::test]
async fn a_new_master_key_takes_over_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    leave_behind(folder.path()).await;
    let database = file(folder.path());
    let store = open(&database).await;
    let document = |store: &Store| {
        let (place, secret) = ("variableset.value", SECRET);
        NewDocument {
            kind: "variableset",
            space_id: 1,
            owner_id: 7,
            name: String::new(),
            body: json!({ "Variables": [{ "Value": store.seal(place, secret).unwrap() }] })
                .to_string(),
        }
    };
    let event = NewEvent::default();
    let id = store
        .create_document(&document(&store), &[], &event)
        .await
        .unwrap();
    store.close().await;
    let new = Vault::new_key().unwrap();
    for keys in [format!("{new},{}", super::KEY), new] {
        let vault = Vault::from_text(&keys).unwrap();
        let store = octopus::store::Store::open(&database, vault).await.unwrap();
        assert_eq!(secrets(&store, 1).await.unwrap()["Password"], SECRET);
        let body = store
            .document("variableset", id)
            .await
            .unwrap()
            .unwrap()
            .body;
        let body: Value = serde_json::from_str(&body).unwrap();
        let sealed = body["Variables"][0]["Value"].as_str().unwrap();
        assert_eq!(store.unseal("variableset.value", sealed).unwrap(), SECRET);
        store.close().await;
    }
}
