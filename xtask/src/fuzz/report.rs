//! What libFuzzer says of its work.

use std::fmt::Write as _;

/// What became of a target.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) target: String,
    /// How often it ran.
    pub(super) runs: u64,
    /// How often in a second.
    pub(super) rate: u64,
    /// The most memory that it had, in MiB.
    pub(super) memory: u64,
    /// What was found, if anything: the end of the log, which names the input.
    pub(super) finding: Option<String>,
}

impl Outcome {
    /// Reads the log of a target.
    pub(super) fn read(target: &str, passed: bool, log: &str) -> Self {
        let figure = |name: &str| {
            log.lines()
                .find_map(|line| line.strip_prefix("stat::")?.strip_prefix(name))
                .and_then(|value| value.trim_start_matches(':').trim().parse().ok())
                .unwrap_or_default()
        };
        Self {
            target: target.to_owned(),
            runs: figure("number_of_executed_units"),
            rate: figure("average_exec_per_sec"),
            memory: figure("peak_rss_mb"),
            finding: (!passed).then(|| finding(log)),
        }
    }
}

/// The lines that tell it, without the fuzzer's progress.
fn finding(log: &str) -> String {
    let lines = log
        .lines()
        .filter(|line| !line.starts_with('#') && !line.starts_with("INFO") && !line.is_empty());
    let lines: Vec<&str> = lines.collect();
    let from = lines
        .iter()
        .position(|line| line.contains("panicked at") || line.contains("ERROR: libFuzzer"))
        .unwrap_or(lines.len().saturating_sub(20));
    lines.get(from..).unwrap_or_default().join("\n")
}

/// A line for each.
pub(super) fn table(outcomes: &[Outcome]) -> String {
    let mut table = format!(
        "{:<16} {:>12} {:>10} {:>10}  {}",
        "target", "runs", "runs/s", "MiB", "found"
    );
    for outcome in outcomes {
        let Outcome {
            target,
            runs,
            rate,
            memory,
            finding,
        } = outcome;
        let found = if finding.is_some() {
            "SOMETHING"
        } else {
            "nothing"
        };
        // Writing to a String cannot fail.
        let _ = write!(
            table,
            "\n{target:<16} {runs:>12} {rate:>10} {memory:>10}  {found}"
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{Outcome, table};

    #[test]
    fn figures_and_findings_are_read() {
        let log = "INFO: Seed: 1\n#2\tINITED cov: 4\n\nthread '<unnamed>' panicked at x.rs:1:2:\nwrong\n==1== ERROR: libFuzzer: deadly signal\nTest unit written to crash-1\nstat::number_of_executed_units: 12345\nstat::average_exec_per_sec:     678\nstat::peak_rss_mb:              31\n";
        let crashed = Outcome::read("a", false, log);
        let finding = crashed.finding.as_deref().unwrap_or_default();
        assert!(
            finding.starts_with("thread '<unnamed>' panicked"),
            "{finding}"
        );
        assert!(finding.contains("crash-1"), "{finding}");
        let passed = Outcome::read("b", true, log);
        assert_eq!((passed.runs, passed.rate, passed.memory), (12345, 678, 31));
        assert_eq!(passed.finding, None);
        assert!(table(&[crashed, passed]).contains("SOMETHING\nb  "));
    }
}
