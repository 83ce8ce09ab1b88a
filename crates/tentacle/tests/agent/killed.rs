//! An agent that is killed in the middle of work, and started again.

use std::fs::{self, File};
use std::io::Write;

use wire::v1::work_state::Phase;

use crate::bench::Instance;
use crate::calls::{deploy, failure, texts};
use crate::pack::Package;
use crate::processes::{Gate, Told};

const REASON: &str = "Tentacle ended while this work was running, so it is not complete; what was \
                      installed before is untouched. Deploy again.";

#[tokio::test(flavor = "multi_thread")]
async fn work_of_a_killed_agent_has_failed_for_good() {
    let instance = Instance::new();
    let mut agent = instance.start();
    let mut gate = Gate::new(instance.folder.path());
    let script = format!("echo \"script $$\"\n{}exit 0", gate.wait());
    let package = Package::script(&script);
    let mut following = agent.begin("t-1", &package).await;
    let script = Told::by(&following.line("script ").await.text);
    let before = following.lines.clone();
    agent.process.signal(rustix::process::Signal::KILL);
    agent.process.ended();
    drop(agent);
    assert_eq!(
        fs::read_dir(instance.path("work/t-1/scripts"))
            .unwrap()
            .count(),
        1
    );

    let agent = instance.start();
    // The server asks as it did before: with the order, and for the lines that it lacks.
    let state = agent.order("t-1", deploy(&package)).await.unwrap();
    assert_eq!(failure(&state), REASON);
    let (lines, ended) = agent.watch("t-1", 0).await.end().await;
    assert_eq!(ended, state);
    assert_eq!(lines[..before.len()], before);
    assert_eq!(texts(&lines[before.len()..]), [REASON]);
    let stored = before.last().unwrap().sequence;
    let (rest, _) = agent.watch("t-1", stored).await.end().await;
    assert_eq!(rest, lines[before.len()..]);
    // Helper files may hold secrets.
    assert!(!instance.path("work/t-1/scripts").exists());

    // That the script comes to its end later changes nothing.
    gate.open();
    script.is_gone();
    assert_eq!(agent.watch("t-1", 0).await.end().await, (lines, ended));
    // A new order does it anew.
    agent.order("t-2", deploy(&package)).await.unwrap();
    let mut following = agent.watch("t-2", 0).await;
    following.line("script ").await;
    gate.open();
    assert_eq!(following.end().await.1.phase(), Phase::Succeeded);
    drop(agent);
    let agent = instance.start();
    failure(&agent.watch("t-1", 0).await.end().await.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_was_torn_goes_on_with_the_next_number() {
    let instance = Instance::new();
    let mut agent = instance.start();
    let gate = Gate::new(instance.folder.path());
    let script = format!("echo \"script $$\"\n{}", gate.wait());
    let mut following = agent.begin("t-1", &Package::script(&script)).await;
    let script = Told::by(&following.line("script ").await.text);
    let before = following.lines.clone();
    agent.process.signal(rustix::process::Signal::KILL);
    agent.process.ended();
    drop((agent, gate));
    script.is_gone();
    // As a loss of power leaves it.
    let log = instance.path("work/t-1/log.jsonl");
    let mut log = File::options().append(true).open(log).unwrap();
    log.write_all(b"{\"n\":99,\"at\":1,\"lev").unwrap();

    let agent = instance.start();
    let (lines, _) = agent.watch("t-1", 0).await.end().await;
    assert_eq!(lines[..before.len()], before);
    assert_eq!(texts(&lines[before.len()..]), [REASON]);
}
