//! Which versions of a package the feed may forget, and which releases.

mod releases;

pub use releases::{Keep, Release, Visit, forgotten};

use std::time::Duration;

use nupkg::NuGetVersion;

/// What is kept of each package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// So many versions, the newest ones; at least one is kept.
    pub versions: usize,
    /// And all that were pushed since.
    pub age: Duration,
}

/// A version, as the rules look at it.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// What it is called.
    pub version: &'a NuGetVersion,
    /// How long ago it was pushed.
    pub age: Duration,
    /// Whether something refers to it: then it stays.
    pub in_use: bool,
}

impl Retention {
    /// The places in `versions`, which are of one package and in any order, of those that are
    /// old, not among the newest, and of no use.
    pub fn expired(&self, versions: &[Candidate<'_>]) -> Vec<usize> {
        let mut newest_first: Vec<(usize, &Candidate<'_>)> = versions.iter().enumerate().collect();
        newest_first.sort_by(|(_, one), (_, other)| other.version.cmp(one.version));
        let behind = newest_first.into_iter().skip(self.versions.max(1));
        let expired = behind.filter(|(_, one)| !one.in_use && one.age >= self.age);
        expired.map(|(place, _)| place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    /// Versions with the days since their push; `!` behind a version: it is in use.
    fn check(versions: usize, days: u32, candidates: &[(&str, u32)], expected: &[&str]) {
        let read = |(text, age): &(&str, u32)| {
            let version: NuGetVersion = text.trim_end_matches('!').parse().unwrap();
            (version, *age, text.ends_with('!'))
        };
        let all: Vec<(NuGetVersion, u32, bool)> = candidates.iter().map(read).collect();
        let all: Vec<Candidate<'_>> = all
            .iter()
            .map(|(version, age, in_use)| Candidate {
                version,
                age: DAY * *age,
                in_use: *in_use,
            })
            .collect();
        let retention = Retention {
            versions,
            age: DAY * days,
        };
        let places = retention.expired(&all);
        let found: Vec<&str> = places.iter().map(|place| candidates[*place].0).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_new_young_or_in_use_stays() {
        let all = [
            ("1.9.0", 40),
            ("1.10.0", 30),
            ("1.2.0", 50),
            ("2.0.0-rc.1", 1),
        ];
        check(2, 0, &all, &["1.9.0", "1.2.0"]);
        check(2, 45, &all, &["1.2.0"]);
        check(4, 0, &all, &[]);
        check(9, 0, &all, &[]);
        let used = [("1.0.0!", 90), ("1.1.0", 90), ("1.2.0", 90)];
        check(1, 30, &used, &["1.1.0"]);
        // The only version there is stays, whatever the rules.
        check(0, 0, &[("1.0.0", 900)], &[]);
        // What is in use counts among the newest.
        check(
            2,
            0,
            &[("3.0.0!", 1), ("2.0.0", 2), ("1.0.0", 3)],
            &["1.0.0"],
        );
    }
}
