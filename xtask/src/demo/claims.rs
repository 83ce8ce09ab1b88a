//! What the demo claims, and whether it holds.

/// The table at the end.
#[derive(Default)]
pub(super) struct Claims {
    rows: Vec<(String, Result<String, String>)>,
}

impl Claims {
    /// Notes whether a claim holds: `Ok` with what was seen, `Err` with what was seen instead.
    pub(super) fn check(&mut self, claim: &str, outcome: anyhow::Result<String>) {
        let outcome = outcome.map_err(|error| format!("{error:#}"));
        self.rows.push((claim.to_owned(), outcome));
    }

    /// How many do not hold.
    pub(super) fn failed(&self) -> usize {
        self.rows
            .iter()
            .filter(|(_, outcome)| outcome.is_err())
            .count()
    }

    pub(super) fn print(&self) {
        let width = self
            .rows
            .iter()
            .map(|(claim, _)| claim.chars().count())
            .max();
        let width = width.unwrap_or(0);
        println!();
        for (claim, outcome) in &self.rows {
            let (mark, seen) = match outcome {
                Ok(seen) => ("holds", seen),
                Err(seen) => ("FALSE", seen),
            };
            println!("  {mark}  {claim:<width$}  {seen}");
        }
        let held = self.rows.len() - self.failed();
        println!("\n  {held} of {} claims hold.", self.rows.len());
    }
}
