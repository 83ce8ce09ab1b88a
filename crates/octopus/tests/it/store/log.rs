//! The log of a task.

use api::TaskName;
use octopus::store::Store;

use super::tasks::{line, queue};

pub(super) async fn pages(store: &Store) {
    let (id, other) = (
        queue(store, TaskName::Health).await,
        queue(store, TaskName::Health).await,
    );
    store
        .append_log(other, &[line(0, "elsewhere")])
        .await
        .unwrap();
    let lines: Vec<_> = (1..=10)
        .map(|n| line(n % 3, &format!("line {n}")))
        .collect();
    store.append_log(id, &lines[..4]).await.unwrap();
    store.append_log(id, &[]).await.unwrap();
    store.append_log(id, &lines[4..]).await.unwrap();
    let page = store.log_after(id, 3, 4).await.unwrap();
    assert_eq!(
        page.iter().map(|l| l.sequence).collect::<Vec<_>>(),
        [4, 5, 6, 7]
    );
    let (read, wrote) = (&page[1].line, &lines[4]);
    assert_eq!(format!("{read:?}"), format!("{wrote:?}"));
    assert!(store.log_after(id, 10, 4).await.unwrap().is_empty());
    assert!(
        store
            .append_log(99_999, &[line(0, "nowhere")])
            .await
            .is_err()
    );
}

/// Numbers have no gaps and no line is lost, whoever writes at the same time.
pub(super) async fn many_writers(store: &Store) {
    let id = queue(store, TaskName::Health).await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..8 {
        let store = store.clone();
        writers.spawn(async move {
            for n in 0..20 {
                let two = [line(writer, &n.to_string()), line(writer, "and")];
                store.append_log(id, &two).await.unwrap();
            }
        });
    }
    writers.join_all().await;
    let lines = store.log_after(id, 0, 1000).await.unwrap();
    let numbers: Vec<i64> = lines.iter().map(|line| line.sequence).collect();
    assert_eq!(numbers, (1..=320).collect::<Vec<_>>());
    for writer in 0..8 {
        let own = lines
            .iter()
            .filter(|l| l.line.machine_id == writer && l.line.text != "and");
        let own: Vec<&str> = own.map(|l| l.line.text.as_str()).collect();
        assert_eq!(own, (0..20).map(|n| n.to_string()).collect::<Vec<_>>());
    }
}
