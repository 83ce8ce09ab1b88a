//! Work that is to end: by the server's word, or because the process is to end.

use std::time::{Duration, Instant};

use rustix::process::Signal;
use tonic::Code;
use wire::v1::work_state::Phase;

use crate::bench::Instance;
use crate::calls::{deploy, refused, texts};
use crate::pack::Package;
use crate::processes::Told;

/// A script whose child and grandchild go on until they are ended.
const TREE: &str = r#"
bash -c 'sleep 600 & echo "grandchild $!"; echo "child $$"; wait' &
wait
"#;

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_ends_all_that_the_script_started() {
    let instance = Instance::new();
    let agent = instance.start();
    let mut following = agent.begin("t-1", &Package::script(TREE)).await;
    let grandchild = Told::by(&following.line("grandchild").await.text);
    let child = Told::by(&following.line("child ").await.text);
    let state = agent.cancel("t-1").await;
    assert_eq!(state.ticket, "t-1");
    let (_, state) = following.end().await;
    assert_eq!(state.phase(), Phase::Cancelled, "{state:?}");
    assert_eq!(state.message, "the deployment was cancelled");
    grandchild.is_gone();
    child.is_gone();
    // Nothing changes it afterwards, also not a restart.
    assert_eq!(agent.cancel("t-1").await, state);
    drop(agent);
    let agent = instance.start();
    assert_eq!(agent.watch("t-1", 0).await.end().await.1, state);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_ended_cannot_be_cancelled() {
    let instance = Instance::new();
    let agent = instance.start();
    let (_, state) = agent.deploy("t-1", &Package::script("echo")).await;
    assert_eq!(state.phase(), Phase::Succeeded);
    assert_eq!(agent.cancel("t-1").await, state);
    assert_eq!(agent.watch("t-1", 0).await.end().await.1, state);
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_ends_scripts_and_the_ticket_says_so() {
    let instance = Instance::new();
    let mut agent = instance.start();
    // Those who do not listen are made to.
    let script = format!("trap '' TERM\n{TREE}sleep 600");
    let mut following = agent.begin("t-1", &Package::script(&script)).await;
    let grandchild = Told::by(&following.line("grandchild").await.text);
    let child = Told::by(&following.line("child ").await.text);
    let begun = Instant::now();
    agent.process.signal(Signal::TERM);
    agent.process.log.wait("told to end");
    let said = refused(
        agent.order("t-2", deploy(&Package::script("echo"))).await,
        Code::Unavailable,
    );
    assert!(said.contains("about to end"), "{said}");
    // Who watches hears of it.
    let (_, state) = following.end().await;
    assert_eq!(state.phase(), Phase::Cancelled, "{state:?}");
    assert!(
        state.message.contains("Tentacle was told to end"),
        "{state:?}"
    );
    assert!(agent.process.ended().success());
    assert!(begun.elapsed() < Duration::from_secs(15));
    grandchild.is_gone();
    child.is_gone();

    drop(agent);
    let agent = instance.start();
    let (lines, after) = agent.watch("t-1", 0).await.end().await;
    assert_eq!(after, state);
    assert!(
        texts(&lines)
            .iter()
            .any(|text| text.starts_with("grandchild"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_without_work_ends_it_at_once() {
    let instance = Instance::new();
    let mut agent = instance.start();
    agent.status().await;
    let begun = Instant::now();
    agent.process.signal(Signal::TERM);
    assert!(agent.process.ended().success());
    assert!(begun.elapsed() < Duration::from_secs(5));
}
