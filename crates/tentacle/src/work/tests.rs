//! Tickets over restarts.

use std::{
    fs::File,
    time::{Duration, SystemTime},
};

use super::*;

struct Fixture {
    _folder: tempfile::TempDir,
    home: Home,
}

const LINE: &str = "{\"n\":1,\"at\":5,\"level\":2,\"text\":\"first\"}\n";

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            home: Home::new(folder.path()),
            _folder: folder,
        }
    }

    /// A ticket as an earlier process left it.
    fn left(&self, id: &str, state: &str, log: &str) {
        let folder = self.home.work().join(id);
        fs::create_dir_all(folder.join("scripts")).unwrap();
        fs::write(folder.join("scripts/secret"), "").unwrap();
        fs::write(folder.join("state.json"), state).unwrap();
        fs::write(folder.join("log.jsonl"), log).unwrap();
    }

    fn open(&self) -> Arc<Work> {
        let packages = Packages::new(&self.home);
        Arc::new(Work::open(self.home.clone(), packages, self.home.applications()).unwrap())
    }

    fn state(&self, id: &str) -> WorkState {
        self.open().cancel(id)
    }

    fn log(&self, id: &str) -> String {
        fs::read_to_string(self.home.work().join(id).join("log.jsonl")).unwrap()
    }
}

#[test]
fn an_outcome_is_told_as_it_was() {
    let fixture = Fixture::new();
    for phase in [Phase::Succeeded, Phase::Failed, Phase::Cancelled] {
        let name = phase.as_str_name();
        let state = format!(r#"{{"phase":"{name}","message":"words","later":1}}"#);
        fixture.left("t-1", &state, LINE);
        let expected = WorkState {
            ticket: "t-1".to_owned(),
            phase: phase.into(),
            message: "words".to_owned(),
            last_sequence: 1,
            ..WorkState::default()
        };
        assert_eq!(fixture.state("t-1"), expected);
        assert_eq!(fixture.log("t-1"), LINE);
        let secrets = fixture.home.work().join("t-1/scripts");
        assert!(!secrets.exists());
    }
}

#[test]
fn what_was_left_running_has_failed_once_and_for_good() {
    let fixture = Fixture::new();
    fixture.left(
        "t-1",
        r#"{"phase":"RUNNING"}"#,
        &format!("{LINE}{{\"n\":2,\"at"),
    );
    let state = fixture.state("t-1");
    assert_eq!(state.phase(), Phase::Failed);
    assert!(state.message.starts_with("Tentacle ended while"));
    assert_eq!(state.last_sequence, 2);
    let log = fixture.log("t-1");
    let second = log.strip_prefix(LINE).unwrap();
    assert!(second.starts_with("{\"n\":2,"), "{second}");
    assert_eq!(fixture.state("t-1"), state);
    assert_eq!(fixture.log("t-1"), log);
}

#[test]
fn a_state_that_cannot_be_read_is_no_reason_to_begin_again() {
    let fixture = Fixture::new();
    for state in ["", "{}", "[", r#"{"phase":"PAUSED"}"#] {
        fixture.left("t-1", state, LINE);
        let failed = fixture.state("t-1");
        assert_eq!(failed.phase(), Phase::Failed, "{state}");
        assert!(failed.message.contains("can't be read any more"));
        let order = StartWorkRequest {
            ticket: "t-1".to_owned(),
            work: Some(start_work_request::Work::DeployPackage(Default::default())),
        };
        assert_eq!(Work::start(&fixture.open(), order).unwrap(), failed);
    }
}

#[test]
fn what_was_never_begun_is_removed_and_what_is_no_ticket_is_left() {
    let fixture = Fixture::new();
    fixture.left("t-1", "", "");
    fs::remove_file(fixture.home.work().join("t-1/state.json")).unwrap();
    fs::write(fixture.home.work().join("note"), "mine").unwrap();
    assert_eq!(fixture.state("t-1").phase(), Phase::Missing);
    assert!(!fixture.home.work().join("t-1").exists());
    assert!(fixture.home.work().join("note").exists());
}

#[test]
fn the_oldest_outcomes_go_when_nobody_forgets_them() {
    let fixture = Fixture::new();
    let now = SystemTime::now();
    for number in 0..ENDED_KEPT as u64 + 3 {
        let id = format!("t-{number}");
        fixture.left(&id, r#"{"phase":"SUCCEEDED"}"#, "");
        let folder = fixture.home.work().join(&id);
        fs::remove_dir_all(folder.join("scripts")).unwrap();
        let age = Duration::from_secs(60 * (number + 1));
        File::open(folder).unwrap().set_modified(now - age).unwrap();
    }
    let work = fixture.open();
    assert_eq!(work.tickets().len(), ENDED_KEPT);
    let oldest = ENDED_KEPT + 2;
    for (number, phase) in [(0, Phase::Succeeded), (oldest - 3, Phase::Succeeded)] {
        assert_eq!(work.cancel(&format!("t-{number}")).phase(), phase);
    }
    for number in oldest - 2..=oldest {
        let id = format!("t-{number}");
        assert_eq!(work.cancel(&id).phase(), Phase::Missing);
        assert!(!fixture.home.work().join(id).exists());
    }
}
