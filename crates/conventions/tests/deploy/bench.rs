//! A machine of its own for each test: a package, a request for it, and a log.

use std::collections::HashMap;
use std::fs;
use std::io::Cursor;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use conventions::{
    Artifact, CancelToken, DeployError, DeployRequest, Entry, Journal, Level, Log, Machine,
    Outcome, deploy,
};
use nupkg::{Nuspec, PackageBuilder};
use variables::VariableSet;

/// What was logged, and what is to happen when a certain text is.
#[derive(Default)]
pub(crate) struct Recorder {
    lines: Mutex<Vec<(Level, String, String)>>,
    triggers: Mutex<HashMap<String, Box<dyn Fn() + Send>>>,
}

impl Log for Recorder {
    fn line(&self, level: Level, step: &str, text: &str) {
        if let Some(trigger) = self.triggers.lock().unwrap().get(text) {
            trigger();
        }
        self.lines
            .lock()
            .unwrap()
            .push((level, step.to_owned(), text.to_owned()));
    }

    fn progress(&self, step: &str, percentage: u8, message: &str) {
        self.line(Level::Info, step, &format!("{percentage} % {message}"));
    }

    fn keep(&self, artifact: &Artifact) -> std::io::Result<()> {
        let content = fs::read_to_string(&artifact.path)?;
        self.line(
            Level::Info,
            "Artifact",
            &format!("{}: {content}", artifact.name),
        );
        Ok(())
    }
}

impl Recorder {
    /// Runs `action` whenever this line is logged.
    pub(crate) fn on(&self, text: &str, action: impl Fn() + Send + 'static) {
        self.triggers
            .lock()
            .unwrap()
            .insert(text.to_owned(), Box::new(action));
    }
}

/// One machine and what is to be installed on it.
pub(crate) struct Bench {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) log: Recorder,
    pub(crate) cancel: CancelToken,
    pub(crate) request: DeployRequest,
}

impl Bench {
    /// With `Acme.Web` 1.2.0, which has these files: path and content. Scripts are executable.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name| folder.path().join(name);
        let request = DeployRequest {
            ticket: "work-1".to_owned(),
            package_file: path("Acme.Web.1.2.0.nupkg"),
            package_id: "Acme.Web".to_owned(),
            version: "1.2.0".to_owned(),
            environment: "Prod".to_owned(),
            applications: path("Applications"),
            journal: path("journal"),
            work_folder: path("work"),
            variables: VariableSet::new(),
            machine: Machine {
                name: "web-1".to_owned(),
                ..Machine::default()
            },
        };
        let bench = Self {
            folder,
            log: Recorder::default(),
            cancel: CancelToken::new(),
            request,
        };
        bench.pack(files);
        bench
    }

    /// Packs these files as the package of the request.
    pub(crate) fn pack(&self, files: &[(&str, &str)]) {
        fs::write(&self.request.package_file, pack(files)).unwrap();
    }

    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.request.variables.set(name, value);
        self
    }

    pub(crate) fn set_sensitive(mut self, name: &str, value: &str) -> Self {
        self.request.variables.set_sensitive(name, value);
        self
    }

    /// Turns features on, by their names without `Octopus.Features.`.
    pub(crate) fn features(self, names: &[&str]) -> Self {
        let names: Vec<_> = names
            .iter()
            .map(|name| format!("Octopus.Features.{name}"))
            .collect();
        self.set("Octopus.Action.EnabledFeatures", &names.join(","))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Installs it, and checks what holds however it ends.
    pub(crate) fn deploy(&self) -> Result<Outcome, DeployError> {
        let result = deploy(&self.request, &self.log, &self.cancel);
        let left = fs::read_dir(&self.request.work_folder).map_or(0, Iterator::count);
        assert_eq!(left, 0, "the work folder is empty again");
        assert!(
            !self.tree("Applications").contains("/.staging"),
            "no staging folder is left"
        );
        result
    }

    pub(crate) fn succeeds(&self) -> Outcome {
        self.deploy()
            .unwrap_or_else(|error| panic!("{error}\n{}", self.log()))
    }

    /// Installs it, which must fail; gives the step and the message.
    pub(crate) fn fails(&self) -> String {
        let error = self.deploy().unwrap_err();
        assert!(!error.cancelled);
        let last = self.journal().pop().unwrap();
        assert!(!last.success);
        self.plain(&format!("{}: {}", error.step, error.message))
    }

    /// The log since the last call, one line each.
    pub(crate) fn log(&self) -> String {
        let lines: Vec<_> = self.log.lines.lock().unwrap().drain(..).collect();
        let text: String = lines
            .iter()
            .map(|(level, step, text)| format!("{level:?} {step}: {text}\n"))
            .collect();
        self.plain(&text)
    }

    /// The text with `ROOT` for the folder of the test.
    pub(crate) fn plain(&self, text: &str) -> String {
        text.replace(self.folder.path().to_str().unwrap(), "ROOT")
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn journal(&self) -> Vec<Entry> {
        let (entries, unreadable) = Journal::new(&self.request.journal).read().unwrap();
        assert_eq!(unreadable, 0);
        entries
    }

    /// All files and links below a folder, one a line.
    pub(crate) fn tree(&self, name: &str) -> String {
        let mut lines = Vec::new();
        list(&self.path(name), "", &mut lines);
        lines.sort();
        lines.concat()
    }
}

/// A package with these files.
pub(crate) fn pack(files: &[(&str, &str)]) -> Vec<u8> {
    let nuspec = Nuspec::new("Acme.Web".parse().unwrap(), "1.2.0".parse().unwrap());
    let mut builder = PackageBuilder::new(nuspec);
    for (path, content) in files {
        let mode = if path.ends_with(".sh") { 0o755 } else { 0o644 };
        builder = builder.file(path, mode, content.as_bytes()).unwrap();
    }
    builder
        .finish(Cursor::new(Vec::new()))
        .unwrap()
        .into_inner()
}

pub(crate) fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

fn list(folder: &Path, prefix: &str, lines: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().display());
        if entry.file_type().unwrap().is_dir() {
            list(&entry.path(), &format!("{name}/"), lines);
        } else {
            lines.push(format!("{name}\n"));
        }
    }
}
