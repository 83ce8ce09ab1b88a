//! The parts of a test run, in their order.

use std::path::Path;
use std::process::{Command, Stdio};

/// Name and command of each part. `this` is this program.
pub(super) fn all(this: &Path, demo: bool) -> Vec<(&'static str, Command)> {
    let mut parts = tests(nextest_is_there());
    for (name, arguments) in BY_THIS {
        if demo || !arguments.contains(&"demo") {
            let mut command = Command::new(this);
            command.args(*arguments);
            parts.push((name, command));
        }
    }
    parts
}

/// What this program does itself, in its short forms.
const BY_THIS: &[(&str, &[&str])] = &[
    ("demo", &["demo", "--once"]),
    (
        "errors at every system call of Suction Cup",
        &["verify", "--faults", "--short"],
    ),
    ("installer", &["verify", "--installer"]),
    (
        "virtual machine with power cuts",
        &["verify", "--vm", "--short"],
    ),
    ("Windows, by Wine", &["verify", "--wine"]),
    ("fuzzing", &["fuzz", "--time", "5"]),
];

fn tests(nextest: bool) -> Vec<(&'static str, Command)> {
    if nextest {
        // nextest doesn't run the examples in documentation.
        vec![
            (
                "tests",
                cargo(&["nextest", "run", "--workspace", "--no-fail-fast"]),
            ),
            (
                "examples in documentation",
                cargo(&["test", "--workspace", "--doc", "--no-fail-fast"]),
            ),
        ]
    } else {
        let all = cargo(&["test", "--workspace", "--no-fail-fast"]);
        vec![("tests, and examples in documentation", all)]
    }
}

fn cargo(arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(arguments);
    command
}

fn nextest_is_there() -> bool {
    cargo(&["nextest", "--version"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::tests;

    fn shown(nextest: bool) -> Vec<String> {
        let parts = tests(nextest).into_iter();
        let words = parts.map(|(_, command)| {
            let words: Vec<_> = command
                .get_args()
                .map(|word| word.to_string_lossy())
                .collect();
            words.join(" ")
        });
        words.collect()
    }

    #[test]
    fn examples_run_once_with_and_without_nextest() {
        let with = [
            "nextest run --workspace --no-fail-fast",
            "test --workspace --doc --no-fail-fast",
        ];
        assert_eq!(shown(true), with);
        assert_eq!(shown(false), ["test --workspace --no-fail-fast"]);
    }
}
