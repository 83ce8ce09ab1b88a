//! A new version of Tentacle, ordered by the server.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use layout::{BadReason, Entry, Ledger, Standing};
use tonic::Code;
use wire::v1::work_state::Phase;

use crate::bench::{Agent, Instance, PROGRAM, VERSION};
use crate::calls::{deploy, refused, texts, upgrade};
use crate::pack::Package;
use crate::processes::Gate;

#[tokio::test(flavor = "multi_thread")]
async fn it_is_installed_whole_and_the_process_ends_for_it() {
    let instance = Instance::new();
    let mut agent = instance.start();
    let package = Package::tentacle("9.9.9-RC.1");
    let state = agent.upgrade("t-1", &package).await;
    assert_eq!(state.phase(), Phase::Succeeded, "{state:?}");
    assert_eq!(state.message, "Tentacle 9.9.9-RC.1 is installed.");
    assert_eq!(agent.process.ended().code(), Some(0));
    assert_eq!(
        instance.tree("versions"),
        [
            "9.9.9-rc.1",
            "9.9.9-rc.1/.stamp",
            "9.9.9-rc.1/lib",
            "9.9.9-rc.1/lib/data",
            "9.9.9-rc.1/tentacle"
        ]
    );
    assert_eq!(instance.read("versions/9.9.9-rc.1/.stamp"), "t-1\n");
    let program = instance.path("versions/9.9.9-rc.1/tentacle");
    assert_eq!(
        fs::metadata(program).unwrap().permissions().mode() & 0o777,
        0o755
    );
    assert_eq!(instance.tree("packages"), Vec::<String>::new());

    // The next run tells the same, and does not do it again.
    drop(agent);
    let agent = instance.start();
    assert_eq!(agent.order("t-1", upgrade(&package)).await.unwrap(), state);
    let (lines, ended) = agent.watch("t-1", 0).await.end().await;
    assert_eq!(ended, state);
    let said = instance.plain(&texts(&lines).join("\n"));
    assert_eq!(
        said,
        "Installed Tentacle 9.9.9-RC.1 in DIR/instance/versions/9.9.9-rc.1.\n\
         Ends now, so that Suction Cup starts the newest version."
    );
    assert!(!agent.status().await.draining);
}

#[tokio::test(flavor = "multi_thread")]
async fn running_work_is_finished_first_and_new_work_has_to_wait() {
    let instance = Instance::new();
    let mut agent = instance.start();
    let mut gate = Gate::new(instance.folder.path());
    let slow = Package::script(&format!("echo waits\n{}echo goes on", gate.wait()));
    let mut working = agent.begin("t-1", &slow).await;
    working.line("waits").await;
    let package = Package::tentacle("9.9.9");
    agent.send(&package).await;
    agent.order("t-2", upgrade(&package)).await.unwrap();
    let mut upgrading = agent.watch("t-2", 0).await;
    upgrading
        .line("Waiting for 1 running deployments to end first.")
        .await;

    let status = agent.status().await;
    assert!(status.draining);
    assert_eq!(status.running, ["t-1", "t-2"]);
    let said = refused(agent.order("t-3", deploy(&slow)).await, Code::Unavailable);
    assert!(said.contains("ask again in a moment"), "{said}");
    // What it has begun it knows.
    let known = agent.order("t-1", deploy(&slow)).await.unwrap();
    assert_eq!(known.phase(), Phase::Running);
    gate.open();
    let (lines, state) = working.end().await;
    assert_eq!(state.phase(), Phase::Succeeded);
    assert!(texts(&lines).contains(&"goes on"));
    assert_eq!(upgrading.end().await.1.phase(), Phase::Succeeded);
    assert_eq!(agent.process.ended().code(), Some(0));
    drop(agent);
    let agent = instance.start();
    assert_eq!(agent.watch("t-1", 0).await.end().await, (lines, state));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_that_waits_can_be_cancelled_and_work_is_taken_again() {
    let instance = Instance::new();
    let agent = instance.start();
    let mut gate = Gate::new(instance.folder.path());
    let slow = Package::script(&format!("echo waits\n{}", gate.wait()));
    let mut working = agent.begin("t-1", &slow).await;
    working.line("waits").await;
    let package = Package::tentacle("9.9.9");
    agent.send(&package).await;
    agent.order("t-2", upgrade(&package)).await.unwrap();
    let mut upgrading = agent.watch("t-2", 0).await;
    upgrading.line("Waiting for 1").await;
    // A second one would wait for the first, and the first for it.
    let second = agent.watch_order("t-3", upgrade(&package)).await;
    // It is not taken at all while the first one waits.
    assert_eq!(second.unwrap_err().code(), Code::Unavailable);
    agent.cancel("t-2").await;
    let (_, state) = upgrading.end().await;
    assert_eq!(state.phase(), Phase::Cancelled);
    assert_eq!(
        state.message,
        "Cancelled; the new version starts when this one ends."
    );
    assert!(!agent.status().await.draining);
    gate.open();
    assert_eq!(working.end().await.1.phase(), Phase::Succeeded);
}

/// The program runs from its own version's folder, as Suction Cup starts it.
fn start_installed(instance: &Instance) -> Agent {
    let folder = instance.path("versions").join(VERSION);
    fs::create_dir_all(&folder).unwrap();
    let program = folder.join("tentacle");
    fs::copy(PROGRAM, &program).unwrap();
    instance.start_as(&mut instance.agent_of(&program))
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_of_no_use_make_room_and_the_others_stay() {
    let instance = Instance::new();
    let mut ledger = Ledger::default();
    let bad = Standing::bad(BadReason::Crashed, "ended 5 times");
    for (version, standing) in [
        (VERSION, Standing::Good),
        ("0.9.0", Standing::Good),
        ("0.8.0", Standing::Good),
        ("0.7.0", bad),
        ("0.6.0", Standing::Trial),
        ("0.5.0", Standing::Trial),
    ] {
        let stamp = "bundle".parse().unwrap();
        ledger.set(version.parse().unwrap(), Entry { stamp, standing });
        instance.write(&format!("versions/{version}/tentacle"), "");
        instance.write(&format!("versions/{version}/.stamp"), "bundle\n");
    }
    ledger.store(&instance.home).unwrap();
    let bundle = format!("bundle/Octopus.Tentacle.{}.0.5.0.nupkg", layout::RID);
    instance.write(&bundle, "");
    let agent = start_installed(&instance);
    let state = agent.upgrade("t-1", &Package::tentacle("9.9.9")).await;
    assert_eq!(state.phase(), Phase::Succeeded, "{state:?}");
    let mut left = instance.tree("versions");
    left.retain(|name| !name.contains('/'));
    assert_eq!(left, ["0.5.0", "0.9.0", VERSION, "9.9.9"]);
}
