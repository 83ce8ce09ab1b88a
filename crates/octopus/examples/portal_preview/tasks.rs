//! Tasks in every state, with logs.

use api::{LogCategory, TaskState};
use jiff::Timestamp;
use octopus::portal::view::{LogLine, TaskArtifact, TaskMachine, TaskRow, TaskView};

use crate::fleet::before;

/// A list of tasks, newest first.
pub(crate) fn rows(now: Timestamp) -> Vec<TaskRow> {
    let row = |number: usize, state, description: &str, ago: i64, took: Option<i64>| TaskRow {
        id: format!("ServerTasks-{number}"),
        state,
        description: description.to_owned(),
        queued: before(now, ago + 2),
        started: (state != TaskState::Queued).then(|| before(now, ago)),
        completed: took.map(|took| before(now, ago - took)),
    };
    let mut rows = vec![
        row(
            45,
            TaskState::Queued,
            "Upgrade 12 Tentacles in Production to 2.0.0",
            4,
            None,
        ),
        row(
            44,
            TaskState::Cancelling,
            "Check the health of all machines",
            31,
            None,
        ),
        row(
            42,
            TaskState::Executing,
            "Upgrade 5 Tentacles in Staging to 2.0.0",
            72,
            None,
        ),
        row(
            41,
            TaskState::Failed,
            "Upgrade web-03 to 2.0.0",
            1500,
            Some(312),
        ),
        row(
            40,
            TaskState::Canceled,
            "Deploy Acme.Web 1.2.0 to Staging",
            7300,
            Some(9),
        ),
        row(
            39,
            TaskState::Success,
            "Deploy <b>Acme</b>.Web 1.1.0 to Staging, to the roles web and canary, with the variables that the nightly build of the reporting service asked for",
            9000,
            Some(0),
        ),
    ];
    rows.extend((1..=38).rev().map(|number| {
        let ago = 10_000 + (38 - number as i64) * 7200;
        row(
            number,
            TaskState::Success,
            "Check the health of all machines",
            ago,
            Some(3),
        )
    }));
    rows
}

fn machine(number: usize, name: &str, state: TaskState, activity: &str) -> TaskMachine {
    TaskMachine {
        id: format!("Machines-{number}"),
        name: name.to_owned(),
        state,
        activity: activity.to_owned(),
        percent: None,
        bytes: None,
        error: String::new(),
        started: None,
        completed: None,
    }
}

/// A task at work on five machines.
pub(crate) fn running(now: Timestamp) -> TaskView {
    let since = |ago| Some(before(now, ago));
    TaskView {
        id: "ServerTasks-42".to_owned(),
        state: TaskState::Executing,
        description: "Upgrade 5 Tentacles in Staging to 2.0.0".to_owned(),
        activity: "Wave 2 of 3: 2 machines at once; next: web-04, then the rest".to_owned(),
        percent: Some(38),
        error: String::new(),
        queued: before(now, 75),
        started: since(72),
        completed: None,
        artifacts: vec![
            TaskArtifact {
                id: "Artifacts-1".to_owned(),
                name: "migration.log".to_owned(),
                size: 18_300,
                machine: "web-05".to_owned(),
            },
            TaskArtifact {
                id: "Artifacts-2".to_owned(),
                name: "smoke test.html".to_owned(),
                size: 2_100_000,
                machine: "web-05".to_owned(),
            },
        ],
        questions: Vec::new(),
        machines: vec![
            TaskMachine {
                started: since(70),
                completed: since(41),
                ..machine(6, "web-05", TaskState::Success, "Runs 2.0.0")
            },
            TaskMachine {
                started: since(40),
                percent: Some(42),
                bytes: Some((18_300_000, 43_100_000)),
                ..machine(2, "web-01", TaskState::Executing, "Copying the package")
            },
            TaskMachine {
                started: since(40),
                ..machine(
                    4,
                    "web-02",
                    TaskState::Executing,
                    "Waiting for 2.0.0 to prove itself",
                )
            },
            machine(5, "web-04", TaskState::Queued, "In wave 3"),
            TaskMachine {
                started: since(70),
                completed: since(52),
                error: "2.0.0 was rolled back: it ended 5 times in 0.4 s, last with exit code 101"
                    .to_owned(),
                ..machine(3, "web-03", TaskState::Failed, "")
            },
        ],
    }
}

/// The same task with one machine, ended badly.
pub(crate) fn failed(now: Timestamp) -> TaskView {
    let machine = running(now).machines.pop();
    TaskView {
        id: "ServerTasks-41".to_owned(),
        state: TaskState::Failed,
        description: "Upgrade web-03 to 2.0.0".to_owned(),
        activity: String::new(),
        percent: None,
        error: "1 of 1 machines failed. It runs 1.0.0 again; look at its log below, then upgrade \
                it once more from its page."
            .to_owned(),
        started: Some(before(now, 1500)),
        completed: Some(before(now, 1188)),
        machines: machine.into_iter().collect(),
        ..running(now)
    }
}

/// A task that waits, without machines and lines.
pub(crate) fn queued(now: Timestamp) -> TaskView {
    TaskView {
        id: "ServerTasks-45".to_owned(),
        state: TaskState::Queued,
        started: None,
        machines: Vec::new(),
        ..running(now)
    }
}

/// A log with every level, for the machines of [`running`].
pub(crate) fn log(now: Timestamp) -> Vec<LogLine> {
    use LogCategory::{Error, Highlight, Info, Verbose, Wait, Warning};
    let script: &[(&str, &str, LogCategory, &str)] = &[
        ("", "Plan", Info, "5 machines in 3 waves: 1, 3, 1"),
        (
            "",
            "Plan",
            Verbose,
            "Octopus.Tentacle.linux-x64 2.0.0, 43.1 MB, sha256 9f86d081884c7d65",
        ),
        (
            "Machines-6",
            "Copy",
            Info,
            "Copying Octopus.Tentacle.linux-x64.2.0.0.nupkg",
        ),
        (
            "Machines-6",
            "Copy",
            Verbose,
            "43.1 MB in 11 s, 3.9 MB/s; the delta to 1.0.0 saved 31 MB",
        ),
        ("Machines-6", "Install", Info, "Unpacking to versions/2.0.0"),
        (
            "Machines-6",
            "Install",
            Wait,
            "Waiting for the deployment of Acme.Web to end",
        ),
        ("Machines-6", "Confirm", Info, "2.0.0 called back after 2 s"),
        ("Machines-6", "Confirm", Highlight, "web-05 runs 2.0.0"),
        ("", "Plan", Info, "Wave 1 is through; wave 2 begins"),
        (
            "Machines-3",
            "Copy",
            Info,
            "Copying Octopus.Tentacle.linux-x64.2.0.0.nupkg",
        ),
        ("Machines-3", "Install", Info, "Unpacking to versions/2.0.0"),
        (
            "Machines-3",
            "Install",
            Warning,
            "The disk of /var/lib/tentacle is 91 % full; 2.0.0 needs 120 MB, 610 MB are left",
        ),
        ("Machines-3", "Confirm", Info, "Suction Cup starts 2.0.0"),
        (
            "Machines-3",
            "Confirm",
            Verbose,
            "thread 'main' panicked: configuration <unreadable> at /var/lib/tentacle/config/tentacle.json: expected `,` or `}` at line 14 column 3, found the end of a file that is 4096 bytes long and full of zeros",
        ),
        (
            "Machines-3",
            "Confirm",
            Error,
            "2.0.0 ended 5 times in 0.4 s, last with exit code 101; 1.0.0 runs again",
        ),
        (
            "Machines-2",
            "Copy",
            Info,
            "Copying Octopus.Tentacle.linux-x64.2.0.0.nupkg",
        ),
        ("Machines-4", "Copy", Info, "The package is there already"),
        ("Machines-4", "Install", Info, "Unpacking to versions/2.0.0"),
        ("Machines-4", "Confirm", Info, "Suction Cup starts 2.0.0"),
        ("Machines-4", "", Info, "API key: ********"),
    ];
    let lines = script
        .iter()
        .zip(1..)
        .map(|((machine, step, level, text), sequence)| LogLine {
            sequence,
            at: before(now, 72 - sequence as i64 * 3),
            level: *level,
            machine: (!machine.is_empty()).then(|| (*machine).to_owned()),
            step: (*step).to_owned(),
            text: (*text).to_owned(),
        });
    lines.collect()
}
