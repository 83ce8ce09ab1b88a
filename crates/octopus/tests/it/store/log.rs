//! The log of a task.

use std::time::{Duration, Instant};

use api::{TaskName, TaskState};
use octopus::store::Store;

use super::{
    file, open,
    tasks::{line, queue},
};

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

/// A million lines take little room, and each page of them comes as quickly as the first.
#[tokio::test]
async fn many_lines_are_packed_and_paged() {
    let given = std::env::var("OCTOPUS_LINES").ok();
    let count: i64 = given.map_or(20_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let store = open(&file(folder.path())).await;
    let id = queue(&store, TaskName::Health).await;
    let text = |n: i64| {
        format!(
            "Copying file {n} of {count} to /srv/app/releases/{}",
            n % 977
        )
    };
    let begun = Instant::now();
    let numbers: Vec<i64> = (1..=count).collect();
    for some in numbers.chunks(256) {
        let lines: Vec<_> = some.iter().map(|n| line(n % 3, &text(*n))).collect();
        store.append_log(id, &lines).await.unwrap();
    }
    let wrote = begun.elapsed();
    let mut slowest = Duration::ZERO;
    for after in [0, 999, 1000, count / 2, count - 2500, count - 1] {
        let begun = Instant::now();
        let page = store.log_after(id, after, 2000).await.unwrap();
        slowest = slowest.max(begun.elapsed());
        let expected: Vec<i64> = (after + 1..=(after + 2000).min(count)).collect();
        let found: Vec<i64> = page.iter().map(|line| line.sequence).collect();
        assert_eq!(found, expected);
        assert!(
            page.iter()
                .all(|line| line.line.text == text(line.sequence))
        );
    }
    store
        .end_task(id, TaskState::Success, "", &[line(0, "end")])
        .await
        .unwrap();
    assert_eq!(
        store.log_after(id, count, 9).await.unwrap()[0].line.text,
        "end"
    );
    store.close().await;
    let size = std::fs::metadata(folder.path().join("octopus.db"))
        .unwrap()
        .len();
    let per_line = size / u64::try_from(count).unwrap();
    println!(
        "{count} lines: written in {:.1} s, {per_line} bytes each on disk, slowest page of 2000 \
         in {:.0} ms",
        wrote.as_secs_f64(),
        slowest.as_secs_f64() * 1000.0
    );
    assert!(per_line < 40, "{per_line} bytes a line");
}
