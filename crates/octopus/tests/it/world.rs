//! A server with its data folder, one environment, an API key, and played machines.

use std::{fs, net::TcpStream, path::PathBuf, time::Duration};

use api::{HealthStatus, Machine, Task, TaskLogEntry, TaskState};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    agent::Agent,
    http::Http,
    packages,
    postgres::Postgres,
    server::{self, Server},
    wait,
};

/// The environment that every world begins with.
pub(crate) const ENVIRONMENT: &str = "Test";

/// The package that most deployments take.
pub(crate) const PACKAGE: &str = "Acme.Web";

/// See the module. Fields are dropped in this order.
pub(crate) struct World {
    pub(crate) server: Option<Server>,
    pub(crate) http: Http,
    pub(crate) key: String,
    /// Variables that the server gets.
    pub(crate) settings: Vec<(&'static str, String)>,
    folder: TempDir,
}

impl World {
    /// A new server on an empty folder.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("tentacles")).unwrap();
        Self::inside(folder, Vec::new())
    }

    /// A new server whose data is in PostgreSQL, and whose packages others may share.
    pub(crate) fn on(postgres: &Postgres) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("tentacles")).unwrap();
        let packages = folder.path().join("packages").display().to_string();
        let settings = vec![
            ("OCTOPUS_DATABASE", postgres.database()),
            ("OCTOPUS_PACKAGES", packages),
            ("OCTOPUS_MASTER_KEY", "A".repeat(43) + "="),
        ];
        let world = Self::inside(folder, settings);
        assert!(!world.data().join("master.key").exists());
        world
    }

    /// A new server with these variables.
    pub(crate) fn with(settings: Vec<(&'static str, String)>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("tentacles")).unwrap();
        Self::inside(folder, settings)
    }

    /// A new server that carries the Tentacle package of its own version.
    pub(crate) fn with_carried_tentacle() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let carried = folder.path().join("tentacles");
        fs::create_dir(&carried).unwrap();
        let name = format!("{TENTACLE}.{OWN_VERSION}.nupkg");
        let package = packages::package(TENTACLE, OWN_VERSION, 2000, 1);
        fs::write(carried.join(name), package).unwrap();
        Self::inside(folder, Vec::new())
    }

    /// A new server with these settings.
    pub(crate) fn set_to(settings: &[(&'static str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("tentacles")).unwrap();
        let settings = settings.iter();
        let settings = settings.map(|(name, value)| (*name, (*value).to_owned()));
        Self::inside(folder, settings.collect())
    }

    fn inside(folder: TempDir, settings: Vec<(&'static str, String)>) -> Self {
        let data = folder.path().join("data");
        let server = Server::start(&data, &settings);
        let key = key_for(&data, &settings);
        let http = Http::with_key(&server.url, &key);
        let world = Self {
            server: Some(server),
            http,
            key,
            settings,
            folder,
        };
        let environments = "/api/Spaces-1/environments";
        let new = json!({ "Name": ENVIRONMENT });
        world.http.post(environments, &new).expect(201);
        world
    }

    /// Where the server keeps everything.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A folder beside it, for the test's own files.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.server.take().unwrap().kill();
    }

    /// Starts the server again on the same data; it has another port now.
    pub(crate) fn start(&mut self) {
        let server = Server::start(&self.data(), &self.settings);
        self.http = Http::with_key(&server.url, &self.key);
        self.server = Some(server);
    }

    /// A client that says nothing of itself.
    pub(crate) fn anonymous(&self) -> Http {
        Http::anonymous(&self.server.as_ref().unwrap().url)
    }

    /// A registered machine that the server has seen.
    pub(crate) fn agent(&self, name: &str) -> Agent {
        let agent = Agent::start(name, &self.thumbprint());
        self.register(&agent.registration(ENVIRONMENT));
        self.wait_health(name, HealthStatus::Healthy);
        agent
    }

    pub(crate) fn register(&self, registration: &Value) {
        let machines = "/api/Spaces-1/machines";
        self.http.post(machines, registration).expect(201);
    }

    /// What machines have to trust.
    pub(crate) fn thumbprint(&self) -> String {
        let path = "/api/configuration/certificates/certificate-global";
        let certificate = self.http.get(path).expect(200);
        certificate["Thumbprint"].as_str().unwrap().to_owned()
    }

    pub(crate) fn machine(&self, name: &str) -> Machine {
        let all = self.http.get("/api/Spaces-1/machines/all").expect(200);
        let all: Vec<Machine> = serde_json::from_value(all).unwrap();
        all.into_iter().find(|one| one.name == name).unwrap()
    }

    #[track_caller]
    pub(crate) fn wait_health(&self, name: &str, health: HealthStatus) {
        wait::until_is(&format!("{name} is {health:?}"), || {
            self.machine(name).health_status == health
        });
    }

    /// A connection, for what no client sends.
    pub(crate) fn connect(&self) -> TcpStream {
        let url = &self.server.as_ref().unwrap().url;
        TcpStream::connect(url.trim_start_matches("http://")).unwrap()
    }

    /// Pushes a package that has to be new.
    pub(crate) fn push(&self, package: &[u8]) {
        let path = "/api/Spaces-1/packages/raw";
        self.http.upload("POST", path, package).expect(201);
    }

    /// Pushes 1.0.0 of the package and deploys it to the environment; gives the task's id.
    pub(crate) fn deploy(&self) -> String {
        self.push(&packages::package(PACKAGE, "1.0.0", 2000, 1));
        self.deploy_again()
    }

    /// Deploys what was pushed.
    pub(crate) fn deploy_again(&self) -> String {
        self.order(&json!({
            "Name": "DeployPackage",
            "Arguments": { "PackageId": PACKAGE, "EnvironmentIds": [ENVIRONMENT] },
        }))
    }

    /// Orders a machine's upgrade to a version that the feed has; gives the task's id.
    pub(crate) fn upgrade(&self, machine: &str, version: &str) -> String {
        self.order(&json!({
            "Name": "Upgrade",
            "Arguments": { "MachineIds": [machine], "Version": version },
        }))
    }

    /// Starts a task; gives its id.
    #[track_caller]
    pub(crate) fn order(&self, order: &Value) -> String {
        let task = self.http.post("/api/Spaces-1/tasks", order).expect(201);
        task["Id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn task(&self, id: &str) -> Task {
        let task = self.http.get(&format!("/api/Spaces-1/tasks/{id}"));
        serde_json::from_value(task.expect(200)).unwrap()
    }

    /// The task once it has ended.
    #[track_caller]
    pub(crate) fn ended(&self, id: &str) -> Task {
        wait::until(&format!("{id} has ended"), || {
            Some(self.task(id)).filter(|task| task.is_completed)
        })
    }

    /// Waits for the end, which must be this one; gives the task's error.
    #[track_caller]
    pub(crate) fn ends(&self, id: &str, state: TaskState) -> String {
        let task = self.ended(id);
        let log = self.texts(id).join("\n");
        assert_eq!(task.state, state, "{}\n{log}", task.error_message);
        assert_eq!(task.finished_successfully, state == TaskState::Success);
        task.error_message
    }

    /// Asks for a task's end.
    #[track_caller]
    pub(crate) fn cancel(&self, id: &str) {
        let path = format!("/api/Spaces-1/tasks/{id}/cancel");
        self.http.post(&path, &json!({})).expect(200);
    }

    /// The whole log.
    pub(crate) fn log(&self, id: &str) -> Vec<TaskLogEntry> {
        let log = self.http.get(&format!("/api/Spaces-1/tasks/{id}/log"));
        serde_json::from_value(log.expect(200)).unwrap()
    }

    /// The log's texts.
    pub(crate) fn texts(&self, id: &str) -> Vec<String> {
        let log = self.log(id).into_iter();
        log.map(|line| line.message_text).collect()
    }

    /// Waits until the log has a line with these words.
    #[track_caller]
    pub(crate) fn wait_line(&self, id: &str, words: &str) {
        wait::until_is(&format!("{id} says {words:?}"), || {
            self.texts(id).iter().any(|text| text.contains(words))
        });
    }
}

/// Such as every played machine runs.
pub(crate) const TENTACLE: &str = "Octopus.Tentacle.linux-x64";

/// The version of the server under test.
pub(crate) const OWN_VERSION: &str = match option_env!("OCTOPUS_BUILD_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

/// A new key of `admin`.
pub(crate) fn api_key(data: &std::path::Path) -> String {
    key_for(data, &[])
}

fn key_for(data: &std::path::Path, settings: &[(&str, String)]) -> String {
    let mut command = server::octopus(&["api-key", "create", "--user", "admin", "--data"]);
    let output = server::run(command.arg(data).envs(settings.iter().cloned()));
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// How long a task may take that waits for a silent machine: its patience, and some for the rest.
pub(crate) const SOON: Duration = Duration::from_secs(server::PATIENCE + 15);
