//! What installing and configuring costs: `cargo xtask bench conventions`.
//!
//! Every figure is the middle one of several runs, and what each run brought about is checked.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement ends where something is not as it must be"
)]

mod extraction;

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use serde_json::json;
use transforms::json_variables;
use variables::VariableSet;

/// Of each figure; odd, so that there is one in the middle.
const RUNS: usize = 9;

/// What was measured, what is wanted, and whether more of it is better.
struct Figure {
    name: &'static str,
    unit: &'static str,
    measured: f64,
    wanted: f64,
    more_is_better: bool,
}

impl Figure {
    fn holds(&self) -> bool {
        match self.more_is_better {
            true => self.measured >= self.wanted,
            false => self.measured <= self.wanted,
        }
    }
}

fn main() {
    let figures = [
        extraction::figure(),
        templates(),
        large_json(),
        many_variables(),
    ];
    if std::env::args().any(|argument| argument == "--json") {
        let rows: Vec<_> = figures
            .iter()
            .map(|figure| {
                json!({
                    "Name": figure.name, "Unit": figure.unit, "Measured": figure.measured,
                    "Wanted": figure.wanted, "Holds": figure.holds(),
                })
            })
            .collect();
        println!("{}", json!(rows));
    } else {
        print!("{}", table(&figures));
    }
}

fn table(figures: &[Figure]) -> String {
    let mut text = String::new();
    for figure in figures {
        let sign = if figure.more_is_better { '≥' } else { '≤' };
        let verdict = if figure.holds() {
            "holds"
        } else {
            "FALLS SHORT"
        };
        writeln!(
            text,
            "{:<58}{:>12.2} {:<14} wanted {sign} {:<9} {verdict}",
            figure.name, figure.measured, figure.unit, figure.wanted
        )
        .unwrap();
    }
    text
}

/// The one in the middle of [`RUNS`].
fn middle(mut run: impl FnMut() -> Duration) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS).map(|_| run()).collect();
    times.sort();
    times[RUNS / 2]
}

/// 1 kB of text with 20 substitutions, each of a plain value.
fn templates() -> Figure {
    const ROUNDS: u32 = 20_000;
    let mut variables = VariableSet::new();
    let (mut template, mut wanted) = (String::new(), String::new());
    for number in 0..20 {
        variables.set(format!("Name{number:02}"), format!("value {number:02}"));
        let text = "a line of a file that people wrote";
        write!(template, "#{{Name{number:02}}} {text:.<41}").unwrap();
        write!(wanted, "value {number:02} {text:.<41}").unwrap();
    }
    template.push_str("the end.");
    wanted.push_str("the end.");
    assert!(
        (1000..=1048).contains(&template.len()),
        "{}",
        template.len()
    );
    let time = middle(|| {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            let evaluation = black_box(&variables).evaluate(black_box(&template));
            assert_eq!(evaluation.text.len(), wanted.len());
            black_box(evaluation);
        }
        start.elapsed()
    });
    assert_eq!(variables.evaluate(&template).text, wanted);
    Figure {
        name: "templates of 1 kB with 20 substitutions, one core",
        unit: "a second",
        measured: f64::from(ROUNDS) / time.as_secs_f64(),
        wanted: 100_000.0,
        more_is_better: true,
    }
}

/// 10 MB of JSON, of which 1,000 values are replaced.
fn large_json() -> Figure {
    let sections: serde_json::Map<_, _> = (0..1_000)
        .map(|section| {
            let settings: serde_json::Map<_, _> = (0..100)
                .map(|key| {
                    let value = format!("{:x<79}", format!("{section}/{key} "));
                    (format!("Setting{key:03}"), json!(value))
                })
                .collect();
            (format!("Section{section:04}"), json!(settings))
        })
        .collect();
    let text = serde_json::to_string_pretty(&json!(sections)).unwrap();
    assert!(
        (10_000_000..11_000_000).contains(&text.len()),
        "{}",
        text.len()
    );
    let mut variables = VariableSet::new();
    for section in 0..1_000 {
        variables.set(format!("Section{section:04}:Setting050"), "replaced");
    }
    let time = middle(|| {
        let start = Instant::now();
        let outcome = json_variables(black_box(&text), black_box(&variables)).unwrap();
        let time = start.elapsed();
        assert_eq!(outcome.text.matches("\"replaced\"").count(), 1_000);
        time
    });
    Figure {
        name: "10 MB of JSON, 1,000 values replaced",
        unit: "s",
        measured: time.as_secs_f64(),
        wanted: 1.0,
        more_is_better: false,
    }
}

/// Every variable of a deployment that has 5,000: 1,000 are plain, each other names one of the thousand
/// before it, so that chains have up to five parts, and a plain one through a filter.
fn many_variables() -> Figure {
    let name = |number: u32| format!("Group{}.Name{number}", number % 50);
    let mut variables = VariableSet::new();
    for number in 0..5_000_u32 {
        let value = match number.checked_sub(1_000) {
            None => format!("value {number}"),
            Some(before) => format!(
                "Server=#{{{}}};Port=#{{{} | ToUpper}}",
                name(before),
                name(before % 1_000)
            ),
        };
        variables.set(name(number), value);
    }
    let time = middle(|| {
        let start = Instant::now();
        for name in variables.names() {
            black_box(variables.get(name).unwrap());
        }
        start.elapsed()
    });
    let last = variables.get(&name(4_999)).unwrap().unwrap();
    let server = "Server=".repeat(4);
    let port = ";Port=VALUE 999".repeat(4);
    assert_eq!(last, format!("{server}value 999{port}"));
    Figure {
        name: "all of 5,000 variables of a deployment evaluated",
        unit: "ms",
        measured: time.as_secs_f64() * 1000.0,
        wanted: 100.0,
        more_is_better: false,
    }
}
