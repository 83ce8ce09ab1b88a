//! Which system calls there are, and which errors they can meet.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What one call meets: the `number`th of its kind in each process and thread.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) call: String,
    /// As strace calls it.
    pub(super) error: &'static str,
    pub(super) number: u32,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {} {}", self.error, self.call, self.number)
    }
}

/// A disk that is broken, a disk that is full, no file handles left, no processes left.
const BROKEN: &[&str] = &[
    "open",
    "openat",
    "stat",
    "lstat",
    "fstat",
    "newfstatat",
    "statx",
    "access",
    "read",
    "readv",
    "pread64",
    "write",
    "writev",
    "close",
    "lseek",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "rmdir",
    "mkdir",
    "mkdirat",
    "getdents64",
    "ftruncate",
    "chmod",
    "fchmod",
    "fchmodat",
    "readlink",
    "readlinkat",
    "flock",
    "chdir",
    "copy_file_range",
    "sendfile",
    "execve",
];
const FULL: &[&str] = &[
    "open",
    "openat",
    "write",
    "writev",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "renameat2",
    "mkdir",
    "mkdirat",
    "ftruncate",
    "copy_file_range",
];
const NO_HANDLES: &[&str] = &[
    "open",
    "openat",
    "pipe",
    "pipe2",
    "socket",
    "socketpair",
    "dup",
    "dup2",
    "dup3",
    "eventfd2",
    "pidfd_open",
    "epoll_create1",
    "signalfd4",
];
const NO_PROCESSES: &[&str] = &["clone", "clone3", "fork", "vfork", "execve"];

/// How often a process or thread of Suction Cup makes each call at the most, by strace's record.
pub(super) fn count(record: &str) -> BTreeMap<String, u32> {
    let mut others = BTreeSet::new();
    let mut counts: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for line in record.lines() {
        let Some((id, rest)) = line.split_once(char::is_whitespace) else {
            continue;
        };
        let Some((call, arguments)) = rest.trim_start().split_once('(') else {
            continue;
        };
        let is_call = call
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !is_call || call.is_empty() || others.contains(id) {
            continue;
        }
        *counts.entry((id, call)).or_default() += 1;
        let program = arguments.split('"').nth(1).unwrap_or_default();
        if call == "execve" && program.ends_with("/tentacle") {
            others.insert(id);
        }
    }
    let mut most: BTreeMap<String, u32> = BTreeMap::new();
    for ((_, call), count) in counts {
        let known = most.entry(call.to_owned()).or_default();
        *known = (*known).max(count);
    }
    most
}

/// Which calls of `close`, by their number in a process, close a pipe. strace leaves open what it
/// lets fail to close, which no kernel does (close(2)): whoever reads to the end of such a pipe
/// waits for ever.
pub(super) fn closed_pipes(record: &str) -> BTreeSet<u32> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    let mut pipes = BTreeSet::new();
    for line in record.lines() {
        let Some((id, rest)) = line.split_once(char::is_whitespace) else {
            continue;
        };
        if let Some(closed) = rest.trim_start().strip_prefix("close(") {
            let count = counts.entry(id).or_default();
            *count += 1;
            if closed.contains("<pipe:") {
                pipes.insert(*count);
            }
        }
    }
    pipes
}

/// Every error that a call can meet, at each of its first `turns`.
pub(super) fn faults(
    seen: &BTreeMap<String, u32>,
    closed_pipes: &BTreeSet<u32>,
    turns: u32,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (calls, error) in [
        (BROKEN, "EIO"),
        (FULL, "ENOSPC"),
        (NO_HANDLES, "EMFILE"),
        (NO_PROCESSES, "EAGAIN"),
    ] {
        for (call, count) in seen {
            // The first one would be strace's own: it starts Suction Cup.
            let first = if call == "execve" { 2 } else { 1 };
            if calls.contains(&call.as_str()) {
                let last = (*count).min(turns.saturating_add(first - 1));
                let numbers = (first..=last)
                    .filter(|number| call != "close" || !closed_pipes.contains(number));
                faults.extend(numbers.map(|number| Fault {
                    call: call.clone(),
                    error,
                    number,
                }));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{closed_pipes, count, faults};

    const RECORD: &str = r#"7 execve("/x/suction-cup", ["suction-cup", "run"], 0x7 /* 9 vars */) = 0
7 open("/h/run/lock", O_WRONLY) = 3
7 clone(child_stack=0x1 <unfinished ...>
8 read(4,  <unfinished ...>
7 <... clone resumed>) = 9
7 open("/h/ledger", O_RDONLY) = -1 ENOENT (No such file or directory)
9 execve("/proc/self/exe", ["/proc/self/exe", "exec"], 0x7) = 0
9 execve("/h/versions/1.0.0/tentacle", ["tentacle"], 0x7) = 0
9 open("a file of Tentacle", O_RDONLY) = 3
9 open("a file of Tentacle", O_RDONLY) = 3
9 open("a file of Tentacle", O_RDONLY) = 3
7 --- SIGCHLD {si_signo=SIGCHLD} ---
7 getpid() = 7
9 +++ exited with 0 +++
"#;

    #[test]
    fn the_calls_of_suction_cup_count_and_those_of_tentacle_do_not() {
        let seen = count(RECORD);
        let shown: Vec<String> = seen
            .iter()
            .map(|(call, most)| format!("{call} {most}"))
            .collect();
        assert_eq!(
            shown,
            ["clone 1", "execve 2", "getpid 1", "open 2", "read 1"]
        );
        let shown = |turns| -> Vec<String> {
            let faults = faults(&seen, &BTreeSet::new(), turns);
            faults.iter().map(ToString::to_string).collect()
        };
        let expected = [
            "EIO at execve 2",
            "EIO at open 1",
            "EIO at open 2",
            "EIO at read 1",
            "ENOSPC at open 1",
            "ENOSPC at open 2",
            "EMFILE at open 1",
            "EMFILE at open 2",
            "EAGAIN at clone 1",
            "EAGAIN at execve 2",
        ];
        assert_eq!(shown(u32::MAX), expected);
        let record = "7 close(3</h/ledger>) = 0\n7 close(4<pipe:[9]>) = 0\n8 close(3</h>) = 0\n";
        assert_eq!(closed_pipes(record), BTreeSet::from([2]));
        let close = [("close".to_owned(), 2)].into();
        let left = super::faults(&close, &closed_pipes(record), u32::MAX);
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].to_string(), "EIO at close 1");
        let first = expected.iter().filter(|fault| !fault.contains("open 2"));
        assert_eq!(shown(1), first.copied().collect::<Vec<_>>());
    }
}
