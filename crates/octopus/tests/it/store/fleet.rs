//! Environments, machines and packages.

use api::HealthStatus;
use octopus::store::{
    Store,
    events::NewEvent,
    machines::{Registration, Seen},
    packages::Package,
};

use super::{conflict, environment};

pub(super) async fn environments(store: &Store) {
    for name in ["Test", "Staging", "Produktion Süd"] {
        store
            .create_environment(&environment(name), &NewEvent::default())
            .await
            .unwrap();
    }
    let words = conflict(
        store
            .create_environment(&environment("tEST"), &NewEvent::default())
            .await,
    );
    assert!(words.contains("`tEST` exists already"), "{words}");
    // Another space may use the same names.
    let elsewhere = octopus::store::environments::Environment {
        space_id: 2,
        ..environment("Test")
    };
    let made = store
        .create_environment(&elsewhere, &NewEvent::default())
        .await
        .unwrap();
    assert_eq!((made.name.as_str(), made.sort_order), ("Test", 0));
    let all = store.environments_of(1).await.unwrap();
    let shown: Vec<_> = all
        .iter()
        .map(|e| (e.name.as_str(), e.sort_order))
        .collect();
    assert_eq!(shown, [("Test", 0), ("Staging", 1), ("Produktion Süd", 2)]);
    assert_eq!(all[0].description, "text");
}

pub(super) fn registration(name: &str, environments: &[i64]) -> Registration {
    Registration {
        name: name.to_owned(),
        uri: "https://127.0.0.1:10933/".to_owned(),
        thumbprint: "AB".repeat(32),
        roles: vec!["web".to_owned(), "db".to_owned()],
        environments: environments.to_vec(),
        is_disabled: false,
    }
}

pub(super) async fn machines(store: &Store) {
    let test = store
        .create_environment(&environment("Test"), &NewEvent::default())
        .await
        .unwrap()
        .id;
    let live = store
        .create_environment(&environment("Live"), &NewEvent::default())
        .await
        .unwrap()
        .id;
    let id = store
        .register_machine(&registration("web", &[test, test]))
        .await
        .unwrap();
    assert!(
        store
            .register_machine(&registration("x", &[99]))
            .await
            .is_err()
    );
    let first = store
        .register_machine(&registration("App", &[]))
        .await
        .unwrap();
    let again = Registration {
        roles: vec!["new".to_owned()],
        ..registration("WEB", &[test, live])
    };
    assert_eq!(store.register_machine(&again).await.unwrap(), id);
    let stranger = Registration {
        thumbprint: "CD".repeat(32),
        ..registration("Web", &[])
    };
    let words = conflict(store.register_machine(&stranger).await);
    assert!(words.contains("with another thumbprint"), "{words}");

    let machine = store.machine(id).await.unwrap().unwrap();
    assert_eq!((machine.name.as_str(), machine.roles.len()), ("web", 1));
    assert_eq!(machine.environments, [test, live]);
    assert_eq!(
        (machine.health, machine.checked_at),
        (HealthStatus::Unknown, None)
    );
    assert_eq!(machine.version, None);
    let all = store.machines().await.unwrap();
    assert_eq!(all.iter().map(|m| m.id).collect::<Vec<_>>(), [first, id]);
    for (environments, ids, expected) in [
        (&[test][..], &[][..], &[id][..]),
        (&[live, test], &[first, id], &[id]),
        (&[], &[id, first], &[first, id]),
        (&[], &[first], &[first]),
        (&[test], &[first], &[]),
    ] {
        let found = store.machines_among(environments, ids).await.unwrap();
        assert_eq!(found.iter().map(|m| m.id).collect::<Vec<_>>(), expected);
        let places = found.iter().filter(|m| m.id == id).map(|m| &m.environments);
        assert!(places.into_iter().all(|all| *all == [test, live]));
    }

    let seen = Seen {
        version: "1.2.3".to_owned(),
        rid: "linux-x64".to_owned(),
        operating_system: "Linux".to_owned(),
        versions: Vec::new(),
    };
    store.machine_answered(id, &seen).await.unwrap();
    let machine = store.machine(id).await.unwrap().unwrap();
    assert_eq!(machine.version.as_deref(), Some("1.2.3"));
    assert_eq!(
        (machine.health, machine.versions.len()),
        (HealthStatus::Healthy, 0)
    );
    store.machine_unavailable(id, "gone").await.unwrap();
    let later = store.machine(id).await.unwrap().unwrap();
    assert_eq!(
        (later.summary.as_str(), later.seen_at),
        ("gone", machine.seen_at)
    );

    assert!(store.delete_machine(id).await.unwrap());
    assert!(!store.delete_machine(id).await.unwrap());
    assert!(store.machine(id).await.unwrap().is_none());
}

fn package(id: &str, version: &str, sha256: &str) -> Package {
    Package {
        id: 0,
        package_id: id.to_owned(),
        version: version.to_owned(),
        title: "Title".to_owned(),
        description: "a\n'b'\u{1F419}".to_owned(),
        tags: "web app".to_owned(),
        file_name: format!("{id}.{version}.nupkg"),
        sha256: sha256.to_owned(),
        size: 5_000_000_000,
        published_at: 0,
        listed: true,
        semver2: false,
    }
}

pub(super) async fn packages(store: &Store) {
    let put = async |package: &Package, overwrite| {
        store.put_package(package, "<nuspec/>", overwrite).await
    };
    let one = put(&package("Acme.Web", "1.0.0-Beta", "aa"), false)
        .await
        .unwrap();
    assert_eq!(
        (one.size, one.description.as_str()),
        (5_000_000_000, "a\n'b'\u{1F419}")
    );
    let again = package("acme.WEB", "1.0.0-beta", "bb");
    let words = conflict(put(&again, false).await);
    assert!(
        words.contains("acme.WEB 1.0.0-beta is in the feed already"),
        "{words}"
    );
    let new = put(&again, true).await.unwrap();
    assert_eq!((new.id, new.sha256.as_str()), (one.id, "bb"));
    put(&package("abc", "2.0.0", "cc"), false).await.unwrap();
    let all = store.packages().await.unwrap();
    assert_eq!(
        all.iter()
            .map(|p| p.package_id.as_str())
            .collect::<Vec<_>>(),
        ["abc", "Acme.Web"]
    );
    let found = store
        .package("ACME.web", "1.0.0-BETA")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (found.id, found.listed, found.semver2),
        (one.id, true, false)
    );
    assert!(store.package("ACME.web", "1.0.0").await.unwrap().is_none());

    // What is held in memory learns of each change.
    let known = store.feed_revision().await.unwrap();
    let abc = store.package("abc", "2.0.0").await.unwrap().unwrap();
    store.list_package(abc.id, false).await.unwrap();
    let changed = store.packages_since(known.revision).await.unwrap();
    assert_eq!(changed.len(), 1);
    assert_eq!((changed[0].id, changed[0].listed), (abc.id, false));
    let now = store.feed_revision().await.unwrap();
    assert!(now.revision > known.revision && now.removed_at == known.removed_at);
    assert!(store.is_content_known("cc").await.unwrap());
    store.remove_package(abc.id).await.unwrap();
    assert!(!store.is_content_known("cc").await.unwrap());
    let end = store.feed_revision().await.unwrap();
    assert_eq!(
        (end.revision, end.removed_at),
        (now.revision + 1, now.revision + 1)
    );
    let nuspecs = store.nuspecs(&[one.id, 99]).await.unwrap();
    assert_eq!(nuspecs.get(&one.id).map(String::as_str), Some("<nuspec/>"));
    assert!(store.nuspecs(&[]).await.unwrap().is_empty());
    assert!(store.packages_without_nuspec().await.unwrap().is_empty());
    let dependent = Package {
        semver2: true,
        ..found
    };
    store.add_nuspec(&dependent, "<other/>").await.unwrap();
    assert_eq!(store.nuspecs(&[one.id]).await.unwrap()[&one.id], "<other/>");
    assert!(
        store
            .package("acme.web", "1.0.0-beta")
            .await
            .unwrap()
            .unwrap()
            .semver2
    );
}
