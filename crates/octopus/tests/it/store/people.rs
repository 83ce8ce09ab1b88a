//! Users, sessions and API keys.

use octopus::store::Store;

pub(super) async fn check(store: &Store) {
    assert_eq!(store.count_users().await.unwrap(), 0);
    store.create_user("admin", "hash").await.unwrap();
    store.create_user("Other", "hash 2").await.unwrap();
    assert!(store.create_user("OTHER", "hash 3").await.is_err());
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
    store.create_api_key(other.id, &hash, "CI").await.unwrap();
    assert!(
        store
            .create_api_key(other.id, &hash, "again")
            .await
            .is_err()
    );
    assert!(store.create_api_key(99, b"x", "nobody's").await.is_err());
    let owner = store.user_by_api_key(&hash).await.unwrap().unwrap();
    assert_eq!(owner.id, other.id);
    assert!(store.user_by_api_key(b"else").await.unwrap().is_none());

    store
        .create_session(other.id, &hash, "token")
        .await
        .unwrap();
    let (user, csrf) = store.session(&hash).await.unwrap().unwrap();
    assert_eq!((user.id, csrf.as_str()), (other.id, "token"));
    store.delete_session(&hash).await.unwrap();
    assert!(store.session(&hash).await.unwrap().is_none());
}
