//! Deployments under tickets: their log as it comes, and once only.

use tokio::task::JoinSet;
use tonic::Code;
use wire::v1::{StartWorkRequest, log_line::Level, work_state::Phase};

use crate::bench::Instance;
use crate::calls::{bounded, deploy, failure, refused, texts};
use crate::pack::Package;
use crate::processes::Gate;

#[tokio::test(flavor = "multi_thread")]
async fn a_package_is_deployed_and_its_log_arrives_as_it_is_written() {
    let instance = Instance::new();
    let agent = instance.start();
    let mut gate = Gate::new(instance.folder.path());
    let script = format!(
        "echo first\n{}echo second >&2\necho a > made.txt",
        gate.wait()
    );
    let package = Package::script(&script);
    let mut following = agent.begin("t-1", &package).await;
    let first = following.line("first").await;
    assert_eq!(
        (first.level(), first.step.as_str()),
        (Level::Info, "Deploy")
    );
    // The script still waits: the line did not wait for its end.
    assert_eq!(agent.status().await.running, ["t-1"]);
    gate.open();
    let (lines, state) = following.end().await;
    assert_eq!(state.phase(), Phase::Succeeded, "{state:?}");
    assert_eq!(state.message, "Acme.Web 1.2.0 is installed.");
    assert_eq!(lines[0].sequence, 1);
    assert!(texts(&lines).contains(&"second"));
    let times: Vec<i64> = lines.iter().map(|line| line.at_unix_ms).collect();
    assert!(times.is_sorted(), "{times:?}");
    let made = instance.read("Applications/Test/Acme.Web/1.2.0/made.txt");
    assert_eq!(made, "a\n");
    assert_eq!(agent.status().await.running, Vec::<String>::new());
    // The package has done its work.
    assert_eq!(instance.tree("packages"), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_runs_once_however_often_it_is_started() {
    let instance = Instance::new();
    let agent = instance.start();
    let runs = instance.folder.path().join("runs");
    let mut gate = Gate::new(instance.folder.path());
    let script = format!("echo run >> '{}'\n{}", runs.display(), gate.wait());
    let package = Package::script(&script);
    agent.send(&package).await;
    let mut starts = JoinSet::new();
    for _ in 0..8 {
        let request = StartWorkRequest {
            ticket: "t-1".to_owned(),
            work: Some(deploy(&package)),
        };
        let mut client = agent.client_of(&instance.server);
        starts.spawn(async move { bounded(client.start_work(request)).await });
    }
    while let Some(started) = starts.join_next().await {
        let state = started.unwrap().unwrap().into_inner();
        assert_eq!(state.phase(), Phase::Running);
    }
    gate.open();
    let (lines, state) = agent.watch("t-1", 0).await.end().await;
    assert_eq!(state.phase(), Phase::Succeeded);
    // Once more when all is over, and again after a restart.
    let again = agent.order("t-1", deploy(&package)).await.unwrap();
    assert_eq!(again, state);
    drop(agent);
    let agent = instance.start();
    let again = agent.order("t-1", deploy(&package)).await.unwrap();
    assert_eq!(again, state);
    assert_eq!(std::fs::read_to_string(runs).unwrap(), "run\n");
    assert_eq!(agent.watch("t-1", 0).await.end().await, (lines, state));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_resumed_after_any_line_also_over_a_new_connection() {
    let instance = Instance::new();
    let mut agent = instance.start();
    let mut gate = Gate::new(instance.folder.path());
    let script = format!("echo first\n{}seq 1 2000\n", gate.wait());
    let package = Package::script(&script);
    let mut following = agent.begin("t-1", &package).await;
    let stored = following.line("first").await.sequence;
    let before = std::mem::take(&mut following.lines);
    drop(following);
    agent.cut(&instance);

    let resumed = agent.watch("t-1", stored).await;
    let second = agent.watch("t-1", 0).await;
    gate.open();
    let (rest, state) = resumed.end().await;
    assert_eq!(rest[0].sequence, stored + 1);
    let whole = [before, rest].concat();
    assert_eq!(second.end().await, (whole.clone(), state.clone()));
    let numbers: Vec<String> = (1..=2000).map(|number: u32| number.to_string()).collect();
    let at = texts(&whole).iter().position(|text| *text == "1").unwrap();
    assert_eq!(texts(&whole)[at..at + 2000], numbers);

    let last = state.last_sequence;
    for after in [7, last - 1, last, last + 1, u64::MAX] {
        let (lines, ended) = agent.watch("t-1", after).await.end().await;
        assert_eq!(lines, whole[whole.len().min(after as usize)..]);
        assert_eq!(ended, state);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_fails_fails_the_work() {
    let instance = Instance::new();
    let agent = instance.start();
    let package = Package::script("echo on its way\nexit 3");
    let (lines, state) = agent.deploy("t-1", &package).await;
    let message = failure(&state);
    assert!(
        message.contains("Deploy.sh ended with exit code 3"),
        "{message}"
    );
    assert!(texts(&lines).contains(&"on its way"));
    // The package is still there: another try need not send it again.
    assert!(agent.find(&package.reference).await.unwrap().complete);
    let again = agent.order("t-2", deploy(&package)).await.unwrap();
    assert_eq!(again.phase(), Phase::Running);
    failure(&agent.watch("t-2", 0).await.end().await.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_that_has_not_arrived_is_asked_for() {
    let instance = Instance::new();
    let agent = instance.start();
    let package = Package::script("echo");
    agent.order("t-1", deploy(&package)).await.unwrap();
    let (_, state) = agent.watch("t-1", 0).await.end().await;
    assert_eq!(
        failure(&state),
        "Acme.Web 1.2.0 has not arrived; deploy it again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_are_plain_words() {
    let instance = Instance::new();
    let agent = instance.start();
    let package = Package::script("echo");
    agent.send(&package).await;
    let too_long = "t".repeat(101);
    for ticket in [
        "", ".", "..", "../t", "a/b", "a b", "a\0", "a.b", "ä", "t\n", &too_long,
    ] {
        let said = refused(
            agent.order(ticket, deploy(&package)).await,
            Code::InvalidArgument,
        );
        assert_eq!(said, "a ticket takes 1 to 100 letters, digits and dashes");
    }
    let longest = "T-1".repeat(33) + "x";
    agent.order(&longest, deploy(&package)).await.unwrap();
    let (_, state) = agent.watch(&longest, 0).await.end().await;
    assert_eq!(state.phase(), Phase::Succeeded);
    let folders = std::fs::read_dir(instance.path("work")).unwrap();
    assert_eq!(folders.count(), 1);

    let mut client = agent.client();
    let request = StartWorkRequest {
        ticket: "t-1".to_owned(),
        work: None,
    };
    let said = refused(client.start_work(request).await, Code::InvalidArgument);
    assert_eq!(said, "the request holds no work");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_nobody_knows_is_missing() {
    let instance = Instance::new();
    let agent = instance.start();
    for ticket in ["t-1", "../config", ""] {
        let (lines, state) = agent.watch(ticket, 0).await.end().await;
        assert_eq!((lines.len(), state.phase()), (0, Phase::Missing));
        assert_eq!(state.message, "this Tentacle does not know the ticket");
        assert_eq!(agent.cancel(ticket).await.phase(), Phase::Missing);
        agent.forget(ticket).await.unwrap();
    }
    assert!(instance.path("config/tentacle.json").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_forgotten_once_it_has_ended() {
    let instance = Instance::new();
    let agent = instance.start();
    let mut gate = Gate::new(instance.folder.path());
    let package = Package::script(&format!("echo waits\n{}", gate.wait()));
    let mut following = agent.begin("t-1", &package).await;
    following.line("waits").await;
    let said = refused(agent.forget("t-1").await, Code::InvalidArgument);
    assert_eq!(said, "the work of ticket t-1 has not ended");
    gate.open();
    assert_eq!(following.end().await.1.phase(), Phase::Succeeded);
    agent.forget("t-1").await.unwrap();
    agent.forget("t-1").await.unwrap();
    assert_eq!(instance.tree("work"), Vec::<String>::new());
    let (_, state) = agent.watch("t-1", 0).await.end().await;
    assert_eq!(state.phase(), Phase::Missing);
}

/// Two steps that install one package: neither takes it away from the other.
#[tokio::test(flavor = "multi_thread")]
async fn a_package_stays_for_the_other_work_that_needs_it() {
    let instance = Instance::new();
    let agent = instance.start();
    let mut gate = Gate::new(instance.folder.path());
    let package = Package::script(&format!("echo waits\n{}", gate.wait()));
    let mut first = agent.begin("t-1", &package).await;
    first.line("waits").await;
    // The server has seen that it is there, and orders the next.
    assert!(agent.find(&package.reference).await.unwrap().complete);
    agent.order("t-2", deploy(&package)).await.unwrap();
    let mut second = agent.watch("t-2", 0).await;
    assert!(agent.find(&package.reference).await.unwrap().complete);
    gate.open();
    assert_eq!(first.end().await.1.phase(), Phase::Succeeded);
    second.line("waits").await;
    gate.open();
    assert_eq!(second.end().await.1.phase(), Phase::Succeeded);
    agent.order("t-3", deploy(&package)).await.unwrap();
    let mut third = agent.watch("t-3", 0).await;
    third.line("waits").await;
    gate.open();
    assert_eq!(third.end().await.1.phase(), Phase::Succeeded);
    assert_eq!(instance.tree("packages"), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_may_be_given_as_seen_from_the_current_folder() {
    let instance = Instance::new();
    let mut command = crate::bench::clean(std::path::Path::new(crate::bench::PROGRAM));
    let name = instance.home.root().file_name().unwrap();
    command.args(["agent", "--home"]).arg(name);
    let agent = instance.start_as(command.current_dir(instance.folder.path()));
    let package = Package::script("set_octopusvariable Colour green; echo here > made.txt");
    let (_, state) = agent.deploy("t-1", &package).await;
    assert_eq!(state.phase(), Phase::Succeeded, "{state:?}");
    let made = instance.read("Applications/Test/Acme.Web/1.2.0/made.txt");
    assert_eq!(made, "here\n");
}
