//! Real scripts, run by the real interpreters of this machine.

mod output;
mod stopping;
mod variables;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use super::{CancelToken, Level, Log, MaskedLog, Report, Script, ScriptError, run};

/// Keeps all lines, and cancels when it sees a certain text.
#[derive(Default)]
struct Recorder {
    lines: Mutex<Vec<(Level, String)>>,
    progress: Mutex<Vec<(u8, String)>>,
    cancel: CancelToken,
}

impl Log for Recorder {
    fn line(&self, level: Level, step: &str, text: &str) {
        assert_eq!(step, "Test");
        if text == "cancel now" {
            self.cancel.cancel();
        }
        self.lines.lock().unwrap().push((level, text.to_owned()));
    }

    fn progress(&self, _: &str, percentage: u8, message: &str) {
        self.progress
            .lock()
            .unwrap()
            .push((percentage, message.to_owned()));
    }

    fn keep(&self, _: &super::Artifact) -> std::io::Result<()> {
        Ok(())
    }
}

impl Recorder {
    /// One line for each line: its level and text.
    fn text(&self) -> String {
        self.lines
            .lock()
            .unwrap()
            .iter()
            .map(|(level, text)| format!("{level:?}: {text}\n"))
            .collect()
    }
}

/// A folder with a script in it.
struct Bench {
    folder: tempfile::TempDir,
    log: Recorder,
    secrets: Vec<&'static str>,
    variables: Vec<(String, String)>,
    timeout: Option<Duration>,
}

impl Bench {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            log: Recorder::default(),
            secrets: Vec::new(),
            variables: Vec::new(),
            timeout: None,
        }
    }

    fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    fn work_folder(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    fn try_run(&self, name: &str, text: &str) -> Result<Report, ScriptError> {
        let directory = self.folder.path().join("app's folder");
        fs::create_dir_all(&directory).unwrap();
        let file = directory.join(name);
        fs::write(&file, text).unwrap();
        let script = Script {
            file: &file,
            directory: &directory,
            work_folder: &self.work_folder(),
            variables: &self.variables,
            timeout: self.timeout,
            step: "Test",
            hidden: &["CARGO_MANIFEST_DIR"],
        };
        let result = run(
            &script,
            &MaskedLog::new(&self.log, &self.secrets),
            &self.log.cancel,
        );
        assert_eq!(
            fs::read_dir(self.work_folder()).map_or(0, Iterator::count),
            0,
            "nothing stays behind"
        );
        result
    }

    fn run(&self, name: &str, text: &str) -> Report {
        self.try_run(name, text).unwrap()
    }
}
