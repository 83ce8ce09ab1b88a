//! Linux: orphans come to this process, and nothing outlives it.

mod poll;

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use layout::names_in;
use rustix::process::{
    Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, getpid, kill_process, pidfd_open,
    pidfd_send_signal, set_child_subreaper, set_parent_process_death_signal, waitid,
};

pub(super) use self::poll::{Code, poll};

/// A killed process can linger in a system call; nobody waits for it longer than this.
const PATIENCE: Duration = Duration::from_secs(2);

/// Makes orphans of the children come to this process, also those that left their group.
pub(super) fn adopt() {
    // Without it (before Linux 3.4) they go to init, and the process group is still ended.
    let _ = set_child_subreaper(Some(getpid()));
}

/// Has this process killed when the thread that started it ends.
pub(super) fn die_with_parent() {
    // It cannot fail with a valid signal.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
}

/// Reaps the orphans that have ended.
pub(super) fn reap(leader: Pid) {
    for orphan in children().into_iter().filter(|child| *child != leader) {
        let _ = waitid(
            WaitId::Pid(orphan),
            WaitIdOptions::EXITED | WaitIdOptions::NOHANG,
        );
    }
}

/// Ends and reaps every child but `leader`, and those that come to this process by that.
pub(super) fn end_all(leader: Pid) {
    repeatedly(|| {
        let orphans: Vec<Pid> = children()
            .into_iter()
            .filter(|child| *child != leader)
            .collect();
        for orphan in &orphans {
            let _ = kill_process(*orphan, Signal::KILL);
        }
        reap(leader);
        orphans.len()
    });
}

/// Ends the processes that have this nonce in their environment; says how many.
pub(super) fn end_leftovers(nonce: &str) -> usize {
    let wanted = format!("{}={nonce}", layout::RUN_NONCE);
    let is_leftover = |pid: Pid| {
        let environment = fs::read(of(pid).join("environ")).unwrap_or_default();
        environment
            .split(|byte| *byte == 0)
            .any(|variable| variable == wanted.as_bytes())
    };
    let mut ended = 0;
    repeatedly(|| {
        let leftovers: Vec<Pid> = processes()
            .into_iter()
            .filter(|pid| *pid != getpid() && is_leftover(*pid))
            .collect();
        for pid in &leftovers {
            // Looked at again through a handle, for the id may belong to another process by now.
            if let Ok(handle) = pidfd_open(*pid, PidfdFlags::empty())
                && is_leftover(*pid)
                && pidfd_send_signal(handle, Signal::KILL).is_ok()
            {
                ended += 1;
            }
        }
        leftovers.len()
    });
    ended
}

/// Until nothing is found any more, or for too long.
fn repeatedly(mut round: impl FnMut() -> usize) {
    let start = Instant::now();
    while round() > 0 && start.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(2));
    }
}

/// The children of this process that are not reaped yet. Only this thread reaps, so the kernel's
/// list loses none while it is read.
fn children() -> Vec<Pid> {
    let tasks = Path::new("/proc/self/task");
    let lists = names_in(tasks).into_iter().map(|task| {
        let list = fs::read_to_string(tasks.join(task).join("children"));
        list.ok()
    });
    match lists.collect::<Option<Vec<String>>>() {
        Some(lists) if !lists.is_empty() => {
            let ids = lists.iter().flat_map(|list| list.split_whitespace());
            ids.filter_map(process_id).collect()
        }
        // A kernel without such lists, or a thread that has just ended: look at every process.
        _ => {
            let own = getpid();
            let all = processes().into_iter();
            all.filter(|pid| parent(*pid) == Some(own)).collect()
        }
    }
}

fn processes() -> Vec<Pid> {
    let names = names_in(Path::new("/proc"));
    names.iter().filter_map(|name| process_id(name)).collect()
}

fn process_id(text: &str) -> Option<Pid> {
    Pid::from_raw(text.parse().ok()?)
}

/// See proc(5): the name, in brackets, may itself contain brackets and spaces.
fn parent(pid: Pid) -> Option<Pid> {
    let stat = fs::read(of(pid).join("stat")).ok()?;
    let stat = String::from_utf8_lossy(&stat);
    let (_, after_name) = stat.rsplit_once(')')?;
    Pid::from_raw(after_name.split_whitespace().nth(1)?.parse().ok()?)
}

fn of(pid: Pid) -> std::path::PathBuf {
    Path::new("/proc").join(pid.to_string())
}
