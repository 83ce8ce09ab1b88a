//! Pure crates stay pure: neither they nor what they are made of may wait, call out, or look at
//! the machine. `clippy.toml` bans the standard library's ways, this check the libraries.

use std::collections::BTreeSet;

use super::finding::Finding;
use super::tree::{Tree, line_of};

/// The crates that take values and give values.
pub(super) const CRATES: &[&str] = &["conductor", "nupkg", "transforms", "variables"];

/// Libraries that no pure crate may contain, by what they do.
const DENIED: &[(&str, &[&str])] = &[
    (
        "runs tasks, so its callers wait",
        &[
            "async-executor",
            "async-io",
            "async-std",
            "futures-executor",
            "mio",
            "polling",
            "smol",
            "tokio",
            "tokio-util",
        ],
    ),
    (
        "runs threads",
        &["crossbeam-channel", "rayon", "rayon-core", "threadpool"],
    ),
    (
        "uses the network",
        &[
            "axum",
            "h2",
            "hyper",
            "hyper-util",
            "reqwest",
            "socket2",
            "tonic",
            "ureq",
        ],
    ),
    (
        "does TLS or cryptography with keys",
        &[
            "aws-lc-rs",
            "native-tls",
            "openssl",
            "rcgen",
            "ring",
            "rustls",
            "tokio-rustls",
        ],
    ),
    (
        "is random, so the same input gives different results",
        &[
            "fastrand",
            "getrandom",
            "oorandom",
            "rand",
            "rand_core",
            "uuid",
        ],
    ),
    (
        "reads the clock",
        &["chrono", "instant", "jiff", "quanta", "time", "web-time"],
    ),
    (
        "calls the operating system",
        &[
            "errno",
            "libc",
            "linux-raw-sys",
            "nix",
            "rustix",
            "signal-hook",
            "winapi",
            "windows",
            "windows-sys",
        ],
    ),
    (
        "touches files",
        &["fs-err", "memmap2", "notify", "tempfile", "walkdir"],
    ),
    (
        "reads the environment or the terminal",
        &[
            "console",
            "dirs",
            "dotenvy",
            "home",
            "is-terminal",
            "rpassword",
        ],
    ),
];

/// Edges to denied libraries that are harmless, and why.
const EXCUSED: &[(&str, &str, &str)] = &[
    (
        "variables",
        "jiff",
        "dates are computed; its clock is banned by clippy.toml",
    ),
    (
        "zip",
        "getrandom",
        "salts of encrypted archives, which are not compiled in",
    ),
    ("zip", "libc", "numbers of file modes"),
    (
        "zip",
        "windows-sys",
        "extraction to folders, which nobody calls",
    ),
];

/// What `clippy.toml` of a pure crate bans at the least.
const BANNED: &[&str] = &[
    "std::env::current_dir",
    "std::env::var",
    "std::fs::File::create",
    "std::fs::File::open",
    "std::fs::read",
    "std::fs::read_to_string",
    "std::fs::write",
    "std::net::TcpListener",
    "std::net::TcpStream",
    "std::process::Command::new",
    "std::process::exit",
    "std::thread::sleep",
    "std::thread::spawn",
    "std::time::Instant::now",
    "std::time::SystemTime::now",
];

/// What `clippy.toml` bans besides, where the library is excused.
const BANNED_WITH: &[(&str, &[&str])] = &[(
    "jiff",
    &[
        "jiff::Timestamp::now",
        "jiff::ZonedDateTime::now",
        "jiff::tz::TimeZone::system",
    ],
)];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let pure = tree
        .members
        .iter()
        .filter(|m| CRATES.contains(&m.name.as_str()));
    for member in pure {
        let manifest = member.manifest();
        let clippy = format!("{}/clippy.toml", member.path);
        let mut bans: BTreeSet<&str> = BANNED.iter().copied().collect();
        for (from, to) in tree.normal.get(&member.name).into_iter().flatten() {
            let denied = DENIED
                .iter()
                .find(|(_, names)| names.contains(&to.as_str()));
            let Some((what, _)) = denied else { continue };
            let excused = EXCUSED.iter().any(|(a, b, _)| a == from && b == to);
            if !excused {
                findings.push(Finding::new(
                    &manifest,
                    line_of(tree.text(&manifest), from),
                    format!(
                        "`{}` is pure, but has `{to}` by `{from}`, which {what}",
                        member.name
                    ),
                    "do without, switch off the feature, or excuse it in xtask/src/tidy/pure.rs",
                ));
            } else if *from == member.name {
                let more = BANNED_WITH.iter().filter(|(library, _)| library == to);
                bans.extend(more.flat_map(|(_, paths)| *paths));
            }
        }
        let text = tree.text(&clippy);
        for ban in bans {
            if !text.contains(&format!("{{ path = \"{ban}\", reason = \"")) {
                findings.push(Finding::new(
                    &clippy,
                    1,
                    format!("a pure crate does not ban `{ban}`"),
                    "list it with its reason",
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{BANNED, BANNED_WITH, check};
    use crate::tidy::finding::text;
    use crate::tidy::tree::{Tree, edges};

    /// A pure crate `variables` with these dependencies, without this ban.
    fn tree(normal: &str, without: &str) -> Tree {
        let more = BANNED_WITH.iter().flat_map(|(_, bans)| *bans);
        let bans: String = BANNED
            .iter()
            .chain(more)
            .filter(|ban| **ban != without)
            .map(|ban| format!("  {{ path = \"{ban}\", reason = \"pure\" }},\n"))
            .collect();
        let mut tree = Tree::of(&[
            ("crates/variables/clippy.toml", &bans),
            (
                "crates/variables/Cargo.toml",
                "[dependencies]\nserde.workspace = true\n",
            ),
        ])
        .member("variables", &[]);
        tree.normal.insert("variables".to_owned(), edges(normal));
        tree
    }

    #[test]
    fn planted_libraries_are_found() {
        let remedy = "do without, switch off the feature, or excuse it in xtask/src/tidy/pure.rs";
        for (normal, expected) in [
            ("", String::new()),
            (
                "variables > jiff, variables > zip, zip > libc",
                String::new(),
            ),
            (
                "variables > serde, serde > tokio",
                format!(
                    "crates/variables/Cargo.toml:2: `variables` is pure, but has `tokio` by `serde`, which runs tasks, so its callers wait; {remedy}"
                ),
            ),
            (
                "variables > zip, variables > libc, zip > libc",
                format!(
                    "crates/variables/Cargo.toml:1: `variables` is pure, but has `libc` by `variables`, which calls the operating system; {remedy}"
                ),
            ),
        ] {
            assert_eq!(text(&check(&tree(normal, ""))), expected, "{normal}");
        }
    }

    #[test]
    fn planted_gaps_of_the_ban_list_are_found() {
        for (normal, without, found) in [
            ("", "std::fs::read", true),
            ("", "jiff::Timestamp::now", false),
            ("variables > jiff", "jiff::Timestamp::now", true),
        ] {
            let expected = format!(
                "crates/variables/clippy.toml:1: a pure crate does not ban `{without}`; list it with its reason"
            );
            let expected = if found { expected } else { String::new() };
            assert_eq!(text(&check(&tree(normal, without))), expected, "{without}");
        }
    }
}
