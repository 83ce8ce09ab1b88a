//! The figures beside what is allowed, as a table for people and as JSON.

use std::fmt::Write;

use serde_json::{Value, json};

/// One measured figure.
pub(super) struct Figure {
    name: String,
    unit: &'static str,
    value: f64,
    bound: Option<Bound>,
}

enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Figure {
    /// One that may not be larger.
    pub(super) fn at_most(name: &str, unit: &'static str, value: f64, bound: f64) -> Self {
        Self::new(name, unit, value, Some(Bound::AtMost(bound)))
    }

    /// One that may not be smaller.
    pub(super) fn at_least(name: &str, unit: &'static str, value: f64, bound: f64) -> Self {
        Self::new(name, unit, value, Some(Bound::AtLeast(bound)))
    }

    /// One to compare with.
    pub(super) fn anchor(name: &str, unit: &'static str, value: f64) -> Self {
        Self::new(name, unit, value, None)
    }

    fn new(name: &str, unit: &'static str, value: f64, bound: Option<Bound>) -> Self {
        Self {
            name: name.to_owned(),
            unit,
            value,
            bound,
        }
    }

    fn holds(&self) -> bool {
        match self.bound {
            None => true,
            Some(Bound::AtMost(bound)) => self.value <= bound,
            Some(Bound::AtLeast(bound)) => self.value >= bound,
        }
    }

    fn bound(&self) -> String {
        match self.bound {
            None => String::new(),
            Some(Bound::AtMost(bound)) => format!("at most {bound}"),
            Some(Bound::AtLeast(bound)) => format!("at least {bound}"),
        }
    }
}

/// All figures of a run.
#[derive(Default)]
pub(super) struct Report(Vec<Figure>);

impl Report {
    pub(super) fn add(&mut self, figure: Figure) {
        self.0.push(figure);
    }

    /// For people.
    pub(super) fn table(&self) -> String {
        let mut text = String::new();
        for figure in &self.0 {
            let verdict = if figure.holds() { "" } else { "  FALLS SHORT" };
            let _infallible = writeln!(
                text,
                "{:<44}{:>10.2} {:<6}{:<14}{verdict}",
                figure.name,
                figure.value,
                figure.unit,
                figure.bound()
            );
        }
        text
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        let figures = self.0.iter().map(|figure| {
            json!({
                "name": figure.name,
                "unit": figure.unit,
                "value": figure.value,
                "bound": figure.bound(),
                "holds": figure.holds(),
            })
        });
        json!({ "bench": "server", "figures": figures.collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use super::{Figure, Report};

    #[test]
    fn what_falls_short_is_said() {
        let mut report = Report::default();
        report.add(Figure::at_most("memory", "MB", 40.0, 40.0));
        report.add(Figure::at_least("ratio", "", 0.79, 0.8));
        report.add(Figure::anchor("nginx", "MB/s", 1.0));
        let table = report.table();
        let short: Vec<bool> = table.lines().map(|line| line.ends_with("SHORT")).collect();
        assert_eq!(short, [false, true, false]);
        assert_eq!(report.json()["figures"][1]["holds"], false);
    }
}
