//! Disks that are full, or can't be written: small ones of their own, which need root.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use expect_test::expect;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;
use wire::v1::work_state::Phase;

use crate::bench::{Agent, Instance, PROGRAM, Process, clean, tree};
use crate::calls::{bounded, chunk, deploy, failure, header, refused, texts};
use crate::pack::{Package, tentacle_id};
use crate::processes::Gate;
use crate::transfer::until_received;

/// Mounts a disk of 1 MiB as the HOME, seen by this process alone, and goes on with what
/// stands between the two settings of the HOME.
const MOUNT: &str = r#"
mkdir "$1.disk" && mount -t tmpfs -o size=1m tmpfs "$1.disk" && cp -R "$1/." "$1.disk/" &&
mount --move "$1.disk" "$1" || exit 99
"#;

/// The agent on a disk of its own.
struct Small {
    agent: Agent,
    /// The HOME, as the agent sees it.
    home: PathBuf,
}

fn on_small_disk(instance: &Instance, before: &str) -> Command {
    let mut command = clean(Path::new("unshare"));
    let script = format!("{MOUNT}{before}\nexec \"$2\" agent --home \"$1\"");
    command.args(["--mount", "sh", "-c", &script, "sh"]);
    command.arg(instance.home.root()).arg(PROGRAM);
    command
}

/// Whether this machine can do it.
fn can_mount() -> bool {
    let instance = Instance::new();
    let mut command = clean(Path::new("unshare"));
    command.args(["--mount", "sh", "-c", MOUNT, "sh"]);
    let output = command.arg(instance.home.root()).output();
    let why = match output {
        Ok(Output { status, .. }) if status.success() => return true,
        Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
        Err(error) => format!("unshare: {error}"),
    };
    let reason = format!(
        "SKIPPED: no disk can be mounted here; run as root: {}",
        why.trim()
    );
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{reason}");
    println!("{reason}");
    false
}

impl Small {
    fn new(instance: &Instance) -> Self {
        let agent = instance.start_as(&mut on_small_disk(instance, ""));
        let root = format!("/proc/{}/root", agent.process.id());
        let inside = instance.home.root().strip_prefix("/").unwrap();
        Self {
            home: Path::new(&root).join(inside),
            agent,
        }
    }

    /// Takes all the space that is left but so many bytes.
    fn fill(&self, left: usize) {
        let mut file = File::create(self.home.join("filler")).unwrap();
        let error = loop {
            if let Err(error) = file.write_all(&[1; 4096]) {
                break error;
            }
        };
        assert_eq!(error.kind(), ErrorKind::StorageFull);
        let length = file.metadata().unwrap().len();
        file.set_len(length - left as u64).unwrap();
    }

    fn free(&self) {
        fs::remove_file(self.home.join("filler")).unwrap();
    }
}

/// A package of so many bytes that no compression makes smaller.
fn noise(id: &str, version: &str, bytes: usize) -> Package {
    let mut state = 1_u32;
    let digits = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(33 + u8::try_from(state >> 24).unwrap() % 90)
    });
    let noise: String = digits.take(bytes).collect();
    Package::new(
        id,
        version,
        &[("data", &noise), ("tentacle", "#!/bin/sh\n")],
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_says_so_and_goes_on_when_there_is_space_again() {
    if !can_mount() {
        return;
    }
    let instance = Instance::new();
    let small = Small::new(&instance);
    let package = noise("Acme.Web", "1.2.0", 200_000);
    let (first, rest) = package.bytes.split_at(4096);
    let (messages, stream) = mpsc::channel(4);
    messages.send(header(&package.reference, 0)).await.unwrap();
    messages.send(chunk(first)).await.unwrap();
    let mut client = small.agent.client();
    let put = tokio::spawn(async move { client.put_package(ReceiverStream::new(stream)).await });
    until_received(&small.agent, &package, 4096).await;
    small.fill(0);
    messages.send(chunk(rest)).await.unwrap();
    let answer = bounded(put).await.unwrap();
    let said = refused(answer, Code::ResourceExhausted);
    assert!(said.ends_with("; free some space"), "{said}");
    drop(messages);

    // Nothing more is even tried while it is known not to fit.
    let said = refused(
        small.agent.send_from(&package, 4096).await,
        Code::ResourceExhausted,
    );
    assert!(said.contains("and 0 are free where "), "{said}");
    let found = small.agent.find(&package.reference).await.unwrap();
    assert!(!found.complete && found.received_bytes >= 4096);
    small.free();
    let offset = usize::try_from(found.received_bytes).unwrap();
    small.agent.send_from(&package, offset).await.unwrap();
    assert!(small.agent.find(&package.reference).await.unwrap().complete);
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_cannot_be_written_down_is_not_begun_and_can_be_ordered_again() {
    if !can_mount() {
        return;
    }
    let instance = Instance::new();
    let small = Small::new(&instance);
    let package = Package::script("echo runs");
    small.agent.send(&package).await;
    small.fill(0);
    let said = refused(
        small.agent.order("t-1", deploy(&package)).await,
        Code::ResourceExhausted,
    );
    expect!["DIR/instance/work/t-1 can't be written; check the space on its disk and its owner: No space left on device (os error 28)"].assert_eq(&instance.plain(&said));
    assert_eq!(tree(&small.home.join("work")), Vec::<String>::new());
    let (_, state) = small.agent.watch("t-1", 0).await.end().await;
    assert_eq!(state.phase(), Phase::Missing);
    small.free();
    small.agent.order("t-1", deploy(&package)).await.unwrap();
    let (_, state) = small.agent.watch("t-1", 0).await.end().await;
    assert_eq!(state.phase(), Phase::Succeeded, "{state:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_says_so_and_leaves_nothing() {
    if !can_mount() {
        return;
    }
    let instance = Instance::new();
    let small = Small::new(&instance);
    let package = noise("Acme.Web", "1.2.0", 200_000);
    small.agent.send(&package).await;
    small.fill(100_000);
    small.agent.order("t-1", deploy(&package)).await.unwrap();
    let (_, state) = small.agent.watch("t-1", 0).await.end().await;
    let said = failure(&state);
    assert!(
        said.contains("the disk is full, free some space on it"),
        "{said}"
    );
    assert_eq!(tree(&small.home.join("Applications")), ["Test"]);
    small.free();
    small.agent.order("t-2", deploy(&package)).await.unwrap();
    let (_, state) = small.agent.watch("t-2", 0).await.end().await;
    assert_eq!(state.phase(), Phase::Succeeded, "{state:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_that_does_not_fit_is_not_begun() {
    if !can_mount() {
        return;
    }
    let instance = Instance::new();
    let small = Small::new(&instance);
    let package = noise(&tentacle_id(), "9.9.9", 200_000);
    small.agent.send(&package).await;
    small.fill(100_000);
    let order = crate::calls::upgrade(&package);
    let state = small.agent.watch_order("t-1", order).await.unwrap();
    let said = failure(&state);
    assert!(
        said.contains("are needed: free some space on that disk"),
        "{said}"
    );
    assert_eq!(tree(&small.home.join("versions")), Vec::<String>::new());
    assert!(!small.agent.status().await.draining);
}

/// A line of which only half could be written does not spoil those after it.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_goes_on_when_there_is_space_again_and_says_what_is_missing() {
    if !can_mount() {
        return;
    }
    let instance = Instance::new();
    let small = Small::new(&instance);
    let mut gate = Gate::new(instance.folder.path());
    let script = format!(
        "echo before\ncat /dev/zero >filler 2>/dev/null\nseq 1 500\n{}rm filler\necho after\n",
        gate.wait()
    );
    let package = Package::script(&script);
    let live = small.agent.begin("t-1", &package).await;
    small
        .agent
        .process
        .log
        .wait("the log of t-1 can't be written: No space left");
    gate.open();
    let (lines, state) = live.end().await;
    assert_eq!(state.phase(), Phase::Succeeded, "{state:?}");
    let texts = texts(&lines);
    let place = |text: &str| texts.iter().position(|line| line.contains(text)).unwrap();
    assert!(
        place("before") < place("could not be written and are missing here"),
        "{texts:?}"
    );
    assert!(place("are missing here") < place("after"), "{texts:?}");
    let numbers = (1..=500).filter(|number| texts.contains(&number.to_string().as_str()));
    assert!((1..500).contains(&numbers.count()), "{texts:?}");
    assert_eq!(
        small.agent.watch("t-1", 0).await.end().await,
        (lines, state)
    );
}

#[test]
fn a_start_on_a_full_disk_fails_with_the_reason() {
    if !can_mount() {
        return;
    }
    let instance = Instance::new();
    let fill = "cat /dev/zero >\"$1/filler\" 2>/dev/null";
    let mut process = Process::start(&mut on_small_disk(&instance, fill));
    assert_eq!(process.ended().code(), Some(1));
    expect!["tentacle: DIR/instance/config/identity.pem can't be read or written; check its owner and the disk: No space left on device (os error 28)"].assert_eq(&instance.plain(&process.log.text()));
}

#[test]
fn a_start_on_a_disk_that_is_read_only_fails_with_the_reason() {
    if !can_mount() {
        return;
    }
    let instance = Instance::new();
    let protect = "mount -o remount,ro \"$1\" || exit 99";
    let mut process = Process::start(&mut on_small_disk(&instance, protect));
    assert_eq!(process.ended().code(), Some(1));
    expect!["tentacle: the HOME DIR/instance/run can't be used; make it writable for this user: Read-only file system (os error 30)"].assert_eq(&instance.plain(&process.log.text()));
}
