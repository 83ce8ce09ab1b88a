//! Documents: names, pages, changes, and what goes with them.

use octopus::store::{
    Store,
    documents::{NewDocument, Wanted},
    events::{NewEvent, Wanted as Changes},
};

use super::conflict;

fn group(name: &str, space_id: i64) -> NewDocument {
    NewDocument {
        kind: "ProjectGroups",
        space_id,
        owner_id: 0,
        name: name.to_owned(),
        body: "{}".to_owned(),
    }
}

fn event(message: &str) -> NewEvent {
    NewEvent {
        space_id: 1,
        username: "admin".to_owned(),
        category: "Created",
        document: String::new(),
        message: message.to_owned(),
    }
}

async fn named(store: &Store, part: &str) -> Vec<String> {
    let wanted = Wanted {
        kind: "ProjectGroups",
        space_id: 1,
        owner_id: None,
        part,
        newest_first: false,
    };
    let (found, total) = store.documents(wanted, 0, 100).await.unwrap();
    assert_eq!(usize::try_from(total).unwrap(), found.len());
    found.into_iter().map(|document| document.name).collect()
}

pub(super) async fn check(store: &Store) {
    let mut ids = Vec::new();
    for name in ["100% Äpfel", "b_c", "Zebra!"] {
        let made = store
            .create_document(&group(name, 1), &[], &event(name))
            .await;
        ids.push(made.unwrap());
    }
    let again = store
        .create_document(&group("100% ÄPFEL", 1), &[], &event(""))
        .await;
    assert!(conflict(again).contains("100% ÄPFEL"));
    store
        .create_document(&group("b_c", 2), &[], &event(""))
        .await
        .unwrap();
    for (part, expected) in [
        ("%", &["100% Äpfel"][..]),
        ("_", &["b_c"]),
        ("!", &["Zebra!"]),
        ("äp", &["100% Äpfel"]),
        (
            "",
            &["100% Äpfel", "b_c", "Default Project Group", "Zebra!"],
        ),
        ("nothing", &[]),
    ] {
        assert_eq!(named(store, part).await, expected, "{part}");
    }
    let id = ids[1];
    let change = |revision| store.change_document(id, revision, "New", "{\"a\":1}", &CHANGED);
    assert!(change(1).await.unwrap());
    assert!(!change(1).await.unwrap(), "an old state was changed");
    let now = store.document("ProjectGroups", id).await.unwrap().unwrap();
    assert_eq!((now.name.as_str(), now.revision), ("New", 2));
    assert!(store.document("Projects", id).await.unwrap().is_none());
    let by_name = store
        .document_by_name("ProjectGroups", 1, 0, " nEW ")
        .await
        .unwrap();
    assert_eq!(by_name.unwrap().id, id);
    let child = NewDocument {
        kind: "Channels",
        ..group("Default", 1)
    };
    let owner = store
        .create_document(&group("Owner", 1), &[child], &event(""))
        .await
        .unwrap();
    let found = store
        .document_by_name("Channels", 1, owner, "default")
        .await
        .unwrap();
    let found = found.unwrap();
    store.delete_document(owner, &event("gone")).await.unwrap();
    assert!(
        store
            .document("Channels", found.id)
            .await
            .unwrap()
            .is_none()
    );
    let in_first = Changes {
        spaces: vec![1],
        ..Changes::default()
    };
    let of_one = Changes {
        documents: vec![format!("ProjectGroups-{owner}")],
        kinds: vec!["projectgroups".to_owned()],
        ..in_first.clone()
    };
    let (events, total) = store.events(&in_first, 0, 2).await.unwrap();
    assert_eq!(
        (events[0].message.as_str(), events.len(), total),
        ("gone", 2, 7)
    );
    let (_, total) = store.events(&of_one, 0, 9).await.unwrap();
    assert_eq!(total, 1);
    for nothing in [
        Changes {
            users: vec!["Nobody".to_owned()],
            ..in_first.clone()
        },
        Changes {
            categories: vec!["Sold".to_owned()],
            ..in_first.clone()
        },
        Changes {
            kinds: vec!["Project%".to_owned()],
            ..in_first.clone()
        },
        Changes {
            to: Some(1),
            ..in_first.clone()
        },
        Changes {
            spaces: vec![7],
            ..Changes::default()
        },
    ] {
        assert_eq!(
            store.events(&nothing, 0, 9).await.unwrap().1,
            0,
            "{nothing:?}"
        );
    }
}

static CHANGED: NewEvent = NewEvent {
    space_id: 1,
    username: String::new(),
    category: "Modified",
    document: String::new(),
    message: String::new(),
};
