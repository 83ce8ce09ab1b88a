//! Every state of the supervisor's machine, searched by `crates/suction-cup/tests/model`.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, ensure};

/// Searches all states of the supervisor's machine, and sees each seeded mistake found.
///
/// # Errors
///
/// When a property does not hold, or a mistake is not found.
pub(super) fn run() -> anyhow::Result<()> {
    println!("== every state of the supervisor's machine, with crashes, and seeded mistakes in it");
    let start = Instant::now();
    let mut child = cargo(&["test", "--quiet", "--release", "--package", "suction-cup"])
        .args(["--test", "model", "--", "--nocapture"])
        .env("MODEL_BOUNDS", "long")
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo can't be started")?;
    let output = child.stdout.take().context("cargo has no output")?;
    for line in BufReader::new(output).lines() {
        println!("{}", row(&line?));
    }
    let passed = child.wait()?.success();
    println!("{:.0} s", start.elapsed().as_secs_f64());
    ensure!(
        passed,
        "the model of the supervisor does not hold: the way to it is above"
    );
    Ok(())
}

/// A result as a row of a table; other lines as they are.
fn row(line: &str) -> String {
    let mut cells = line.split('\t');
    let cells = (
        cells.next(),
        cells.next(),
        cells.next(),
        cells.next(),
        cells.next(),
    );
    match cells {
        (Some("verify"), Some(what), Some(states), Some(result), Some(about)) => {
            format!("{result:8} {states:>9} states  {what:28} {about}")
        }
        _ => line.to_owned(),
    }
}

fn cargo(arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(arguments).stdin(Stdio::null());
    command
}

#[cfg(test)]
mod tests {
    use super::row;

    #[test]
    fn results_are_rows_and_the_rest_is_as_it_was() {
        for (line, expected) in [
            (
                "verify\tfive-starts\t12\tholds\tno more than five",
                "holds           12 states  five-starts                  no more than five",
            ),
            ("crashes: 12 states", "crashes: 12 states"),
            ("verify\tcut", "verify\tcut"),
        ] {
            assert_eq!(row(line), expected);
        }
    }
}
