//! Users, sessions and API keys.

use octopus::store::{
    Store, StoreError,
    events::NewEvent,
    now_ms,
    users::{NewKey, NewUser},
};

pub(super) async fn check(store: &Store) {
    assert_eq!(store.count_users().await.unwrap(), 0);
    let event = NewEvent {
        category: "Created",
        ..NewEvent::default()
    };
    let user = |name: &str, hash: &str| NewUser {
        username: name.to_owned(),
        password_hash: hash.to_owned(),
        is_active: true,
        ..NewUser::default()
    };
    let admin = user("admin", "hash");
    store.create_user(&admin, &event).await.unwrap();
    let second = user("Other", "hash 2");
    store.create_user(&second, &event).await.unwrap();
    let third = user("OTHER", "hash 3");
    let refused = store.create_user(&third, &event).await.unwrap_err();
    assert!(matches!(refused, StoreError::Conflict(_)), "{refused}");
    assert_eq!(store.count_users().await.unwrap(), 2);
    assert_eq!(store.user_names().await.unwrap(), ["admin", "Other"]);
    let other = store.user_by_name("oTHER").await.unwrap().unwrap();
    assert_eq!(
        (other.username.as_str(), other.password_hash.as_str()),
        ("Other", "hash 2")
    );
    assert!(store.user_by_name("nobody").await.unwrap().is_none());

    // Bytes that are no text.
    let hash = [0, 159, 146, 150, 255];
    let key = |user_id: i64, hash: &[u8], expires_at: Option<i64>| NewKey {
        user_id,
        hash: hash.to_vec(),
        purpose: "CI".to_owned(),
        hint: "API-ABCD".to_owned(),
        expires_at,
    };
    let own = key(other.id, &hash, None);
    let id = store.create_api_key(&own, &event).await.unwrap();
    assert!(store.create_api_key(&own, &event).await.is_err());
    let nobodys = key(99, b"x", None);
    assert!(store.create_api_key(&nobodys, &event).await.is_err());
    for (hash, expires_at, works) in [
        (b"past", now_ms() - 1, false),
        (b"soon", now_ms() + 60_000, true),
    ] {
        let key = key(other.id, hash, Some(expires_at));
        store.create_api_key(&key, &event).await.unwrap();
        let owner = store.user_by_api_key(hash).await.unwrap();
        assert_eq!(owner.is_some(), works);
    }
    let keys = store.api_keys(other.id).await.unwrap();
    assert_eq!(keys.len(), 3);
    assert_eq!((keys[2].id, keys[2].expires_at), (id, None));
    let owner = store.user_by_api_key(&hash).await.unwrap().unwrap();
    assert_eq!(owner.id, other.id);
    assert!(store.user_by_api_key(b"else").await.unwrap().is_none());

    store
        .create_session(other.id, &hash, "token")
        .await
        .unwrap();
    let (signed_in, csrf) = store.session(&hash).await.unwrap().unwrap();
    assert_eq!((signed_in.id, csrf.as_str()), (other.id, "token"));
    store.delete_session(&hash).await.unwrap();
    assert!(store.session(&hash).await.unwrap().is_none());

    // Who is not active is known by nothing; a new password ends sessions, and other changes do not.
    let opened = || async {
        store
            .create_session(other.id, b"session", "token")
            .await
            .unwrap()
    };
    let known = || async { store.session(b"session").await.unwrap().is_some() };
    opened().await;
    let renamed = NewUser {
        display_name: "Somebody".to_owned(),
        ..user("Other", "")
    };
    store.change_user(other.id, &renamed, &event).await.unwrap();
    assert!(known().await);
    let now = store.user(other.id).await.unwrap().unwrap();
    assert_eq!(
        (now.display_name.as_str(), now.password_hash.as_str()),
        ("Somebody", "hash 2")
    );
    store
        .change_user(other.id, &user("Other", "new"), &event)
        .await
        .unwrap();
    assert!(!known().await);
    opened().await;
    let off = NewUser {
        is_active: false,
        ..user("Other", "")
    };
    store.change_user(other.id, &off, &event).await.unwrap();
    assert!(!known().await);
    assert!(store.user_by_api_key(&hash).await.unwrap().is_none());
    store.delete_api_key(id, &event).await.unwrap();
    store.delete_user(other.id, &event).await.unwrap();
    assert!(store.api_keys(other.id).await.unwrap().is_empty());
    assert_eq!(store.users().await.unwrap().len(), 1);
}
