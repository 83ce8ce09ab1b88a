//! From arguments to a command, by hand: few options, and no word that is not told back.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use layout::Home;

use crate::machine::Policy;

/// What to do.
#[derive(Debug)]
pub(super) enum Command {
    Help,
    Version,
    Run {
        home: Home,
        policy: Policy,
    },
    Status {
        home: Home,
        json: bool,
    },
    InstallBundle {
        home: Home,
    },
    Exec {
        parent: u32,
        program: OsString,
        arguments: Vec<OsString>,
    },
}

/// What `--help` prints.
pub(super) const HELP: &str = "\
Keeps one Tentacle running: installs, restarts, upgrades and rolls it back.

suction-cup run --home HOME [--trial-window SECONDS]
    Runs until it gets SIGTERM or Ctrl-C; on Windows also as a service, with this very
    command line, until the service manager stops it.
    SIGHUP (Windows: `sc control SERVICE paramchange`): looks at the pin again, tries again soon.
    --trial-window: how long a new version may take until its server has
    confirmed it (300); after that the last good version comes back.
suction-cup status --home HOME [--json]
    What runs, and what became of each version.
suction-cup --version
suction-cup --help

Exit codes: 0 done, 1 failed, 2 wrong usage.
";

#[derive(Default)]
struct Options {
    home: Option<PathBuf>,
    json: bool,
    trial_window: Option<Duration>,
    stop_grace: Option<Duration>,
    parent: Option<u32>,
    rest: Vec<OsString>,
}

/// Reads the arguments.
///
/// # Errors
/// One sentence about the first argument that is wrong or missing.
pub(super) fn parse(mut arguments: impl Iterator<Item = OsString>) -> Result<Command, String> {
    let name = arguments
        .next()
        .ok_or("a command is missing: `run` or `status`")?;
    let allowed: &[&str] = match name.to_str() {
        Some("--help" | "-h" | "help") => return Ok(Command::Help),
        Some("--version" | "-V") => return Ok(Command::Version),
        Some("run") => &["--home", "--trial-window", "--stop-grace"],
        Some("status") => &["--home", "--json"],
        Some("install-bundle") => &["--home"],
        Some("exec") => &["--parent", "--"],
        _ => {
            return Err(format!(
                "there is no command `{}`: use `run` or `status`",
                name.display()
            ));
        }
    };
    let mut options = Options::default();
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--help" | "-h") => return Ok(Command::Help),
            Some("--") if allowed.contains(&"--") => options.rest = arguments.by_ref().collect(),
            Some(option) if allowed.contains(&option) => options.take(option, &mut arguments)?,
            _ => {
                let (argument, name) = (argument.display(), name.display());
                return Err(format!("`{name}` does not know `{argument}`"));
            }
        }
    }
    options.command(&name)
}

impl Options {
    fn take(
        &mut self,
        option: &str,
        arguments: &mut impl Iterator<Item = OsString>,
    ) -> Result<(), String> {
        if option == "--json" {
            self.json = true;
            return Ok(());
        }
        let value = arguments
            .next()
            .ok_or_else(|| format!("`{option}` needs a value"))?;
        if option == "--home" {
            let absolute = std::path::absolute(&value);
            self.home =
                Some(absolute.map_err(|_| format!("`{option}` needs the path of a folder"))?);
            return Ok(());
        }
        let number: Option<u32> = value.to_str().and_then(|text| text.parse().ok());
        let number = number
            .ok_or_else(|| format!("`{option}` needs a whole number, not `{}`", value.display()))?;
        let seconds = Some(Duration::from_secs(number.into()));
        match option {
            "--trial-window" => self.trial_window = seconds,
            "--stop-grace" => self.stop_grace = seconds,
            _ => self.parent = Some(number),
        }
        Ok(())
    }

    fn command(self, name: &OsString) -> Result<Command, String> {
        if name == "exec" {
            let mut rest = self.rest.into_iter();
            let missing = "`exec` needs --parent and a program: it is for the service itself only";
            return Ok(Command::Exec {
                parent: self.parent.ok_or(missing)?,
                program: rest.next().ok_or(missing)?,
                arguments: rest.collect(),
            });
        }
        let home = self.home.map(Home::new);
        let home = home.ok_or_else(|| {
            format!(
                "`{}` needs --home and the folder of Tentacle",
                name.display()
            )
        })?;
        let default = Policy::default();
        Ok(match name.to_str() {
            Some("run") => Command::Run {
                home,
                policy: Policy {
                    trial_window: self.trial_window.unwrap_or(default.trial_window),
                    stop_grace: self.stop_grace.unwrap_or(default.stop_grace),
                    ..default
                },
            },
            Some("status") => Command::Status {
                home,
                json: self.json,
            },
            _ => Command::InstallBundle { home },
        })
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(line: &str, expected: &Expect) {
        let parsed = parse(line.split_whitespace().map(OsString::from));
        expected
            .assert_eq(&parsed.map_or_else(|problem| problem, |command| format!("{command:?}")));
    }

    #[test]
    fn commands() {
        check(
            "run --home /h",
            &expect![[
                r#"Run { home: Home { root: "/h" }, policy: Policy { trial_window: 300s, stop_grace: 20s, patience: 3 } }"#
            ]],
        );
        check(
            "run --trial-window 5 --home /h --stop-grace 1",
            &expect![[
                r#"Run { home: Home { root: "/h" }, policy: Policy { trial_window: 5s, stop_grace: 1s, patience: 3 } }"#
            ]],
        );
        check(
            "status --json --home /h",
            &expect![[r#"Status { home: Home { root: "/h" }, json: true }"#]],
        );
        check(
            "install-bundle --home /h",
            &expect![[r#"InstallBundle { home: Home { root: "/h" } }"#]],
        );
        check(
            "exec --parent 1 -- /bin/sh -c --home",
            &expect![[r#"Exec { parent: 1, program: "/bin/sh", arguments: ["-c", "--home"] }"#]],
        );
        check("--version", &expect!["Version"]);
        check("run --help", &expect!["Help"]);
    }

    #[test]
    fn wrong_usage_is_one_clear_sentence() {
        check("", &expect!["a command is missing: `run` or `status`"]);
        check(
            "start",
            &expect!["there is no command `start`: use `run` or `status`"],
        );
        check(
            "run",
            &expect!["`run` needs --home and the folder of Tentacle"],
        );
        check("run --home", &expect!["`--home` needs a value"]);
        check(
            "run --json --home /h",
            &expect!["`run` does not know `--json`"],
        );
        check(
            "run --trial-window soon --home /h",
            &expect!["`--trial-window` needs a whole number, not `soon`"],
        );
        check(
            "run --trial-window -1 --home /h",
            &expect!["`--trial-window` needs a whole number, not `-1`"],
        );
        check(
            "status --home /h extra",
            &expect!["`status` does not know `extra`"],
        );
        check(
            "exec --parent 1",
            &expect!["`exec` needs --parent and a program: it is for the service itself only"],
        );
    }
}
