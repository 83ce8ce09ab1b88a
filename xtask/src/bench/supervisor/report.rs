//! The figures as a table for people, and as JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::contestants::OURS;
use crate::bench::figures::{Memory, median};

/// What was measured in one run.
pub(super) struct Report {
    /// Seconds.
    pub(super) idle: u64,
    pub(super) restarts: u32,
    pub(super) rows: Vec<Row>,
    pub(super) gap: Gap,
}

/// One supervisor.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) memory: Memory,
    pub(super) wake_ups: u64,
    /// Milliseconds, one for each kill.
    pub(super) restart: Vec<f64>,
    /// Bytes.
    pub(super) size: u64,
}

/// The gap of upgrades, in milliseconds.
pub(super) enum Gap {
    Measured(Vec<f64>),
    LeftOut,
}

impl Report {
    /// For people.
    pub(super) fn table(&self) -> String {
        let mut text = format!(
            "{:<14}{:>9}{:>12}{:>12}{:>12}{:>13}{:>13}\n",
            "", "PSS", "private", "anonymous", "wake-ups", "restart", "binary"
        );
        for row in &self.rows {
            let Memory {
                pss,
                private,
                anonymous,
            } = row.memory;
            let restart = row.median_restart().unwrap_or_default();
            let _infallible = writeln!(
                text,
                "{:<14}{pss:>6} kB{private:>9} kB{anonymous:>9} kB{:>12}{restart:>10.1} ms{:>10} kB",
                row.name,
                row.wake_ups,
                row.size / 1000,
            );
        }
        let _infallible = write!(
            text,
            "\nPSS shares out what several processes map; anonymous can't be dropped and read again.\n\
             Wake-ups in {} s. Restart: median of {}, from kill -9 to the program running again.\n\
             Binary: without the shared libraries and scripts that it uses.\n",
            self.idle, self.restarts
        );
        match &self.gap {
            Gap::Measured(gaps) => {
                let median = median(gaps.clone()).unwrap_or_default();
                let _infallible = writeln!(
                    text,
                    "Upgrade gap: {median:.1} ms from the end of one Tentacle to the next answering (median of {}).",
                    gaps.len()
                );
            }
            Gap::LeftOut => text.push_str("Upgrade gap: left out.\n"),
        }
        text
    }

    /// For programs: ours, and the others as anchors.
    pub(super) fn json(&self) -> Value {
        let (ours, others): (Vec<&Row>, Vec<&Row>) =
            self.rows.iter().partition(|row| row.name == OURS);
        let anchors: serde_json::Map<String, Value> = others
            .iter()
            .map(|row| (row.name.to_owned(), row.json()))
            .collect();
        let gap = match &self.gap {
            Gap::Measured(gaps) => json!({ "median_ms": median(gaps.clone()), "all_ms": gaps }),
            Gap::LeftOut => Value::Null,
        };
        json!({
            "bench": "supervisor",
            "idle_seconds": self.idle,
            "restarts": self.restarts,
            "figures": ours.first().map(|row| row.json()),
            "anchors": anchors,
            "upgrade_gap": gap,
        })
    }
}

impl Row {
    fn json(&self) -> Value {
        json!({
            "pss_kb": self.memory.pss,
            "private_kb": self.memory.private,
            "anonymous_kb": self.memory.anonymous,
            "wake_ups": self.wake_ups,
            "restart_median_ms": self.median_restart(),
            "restart_all_ms": self.restart,
            "binary_bytes": self.size,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Gap, Memory, Report, Row};

    fn report() -> Report {
        let row = |name, pss, restart| Row {
            name,
            memory: Memory {
                pss,
                private: 90,
                anonymous: 80,
            },
            wake_ups: 0,
            restart,
            size: 435_800,
        };
        Report {
            idle: 60,
            restarts: 3,
            rows: vec![
                row("suction-cup", 128, vec![3.0, 1.0, 2.0]),
                row("runsv", 255, vec![1000.4]),
            ],
            gap: Gap::Measured(vec![40.0]),
        }
    }

    #[test]
    fn the_table_has_a_line_for_each() {
        let table = report().table();
        let lines: Vec<&str> = table.lines().take(3).collect();
        assert_eq!(
            lines,
            [
                "                    PSS     private   anonymous    wake-ups      restart       binary",
                "suction-cup      128 kB       90 kB       80 kB           0       2.0 ms       435 kB",
                "runsv            255 kB       90 kB       80 kB           0    1000.4 ms       435 kB",
            ]
        );
        assert!(table.contains("Upgrade gap: 40.0 ms"), "{table}");
    }

    #[test]
    fn json_has_ours_apart_from_the_anchors() {
        let json = report().json();
        assert_eq!(json["figures"]["restart_median_ms"], 2.0);
        assert_eq!(json["anchors"]["runsv"]["pss_kb"], 255);
        assert!(json["anchors"]["suction-cup"].is_null());
        assert_eq!(json["upgrade_gap"]["median_ms"], 40.0);
    }
}
