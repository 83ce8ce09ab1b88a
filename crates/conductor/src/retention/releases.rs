//! Which releases of a project may be forgotten.

use std::{collections::BTreeSet, time::Duration};

/// How much is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Keep {
    /// Everything.
    #[default]
    Forever,
    /// So many, the newest ones.
    Items(usize),
    /// What is younger.
    Younger(Duration),
}

/// A release, as the rules look at it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Release {
    /// Row id: a later release has a higher one.
    pub id: i64,
    /// How long ago it was made.
    pub age: Duration,
    /// What holds as long as it has been deployed nowhere.
    pub keep: Keep,
    /// Where it has been deployed to, or is to be.
    pub visits: Vec<Visit>,
}

/// A release in an environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visit {
    /// Row id.
    pub environment: i64,
    /// Row id of the newest deployment.
    pub last: i64,
    /// Row id of the newest deployment that ended well.
    pub succeeded: Option<i64>,
    /// How long ago the newest one was made.
    pub age: Duration,
    /// A deployment has not ended.
    pub is_open: bool,
    /// What holds here.
    pub keep: Keep,
}

/// The ids, in their order, of those that nothing keeps. One that is being deployed, that an
/// environment has or had its last try of, or that is the project's newest, stays in any case.
pub fn forgotten(releases: &[Release]) -> Vec<i64> {
    let mut kept: BTreeSet<i64> = BTreeSet::new();
    kept.extend(releases.iter().map(|release| release.id).max());
    let visits = || {
        releases
            .iter()
            .flat_map(|release| release.visits.iter().map(move |visit| (release.id, visit)))
    };
    kept.extend(
        visits()
            .filter(|(_, visit)| visit.is_open)
            .map(|(id, _)| id),
    );
    let environments: BTreeSet<i64> = visits().map(|(_, visit)| visit.environment).collect();
    for environment in environments {
        let mut here: Vec<(i64, &Visit)> = visits()
            .filter(|(_, visit)| visit.environment == environment)
            .collect();
        here.sort_by_key(|(_, visit)| std::cmp::Reverse(visit.last));
        kept.extend(here.first().map(|(id, _)| *id));
        let current = here.iter().filter(|(_, visit)| visit.succeeded.is_some());
        kept.extend(
            current
                .max_by_key(|(_, visit)| visit.succeeded)
                .map(|(id, _)| *id),
        );
        let ranked = (0..).zip(&here);
        let stays = ranked.filter(|(rank, (_, visit))| holds(visit.keep, *rank, visit.age));
        kept.extend(stays.map(|(_, (id, _))| *id));
    }
    let mut untried: Vec<&Release> = releases
        .iter()
        .filter(|release| release.visits.is_empty())
        .collect();
    untried.sort_by_key(|release| std::cmp::Reverse(release.id));
    let ranked = (0..).zip(untried);
    let stays = ranked.filter(|(rank, release)| holds(release.keep, *rank, release.age));
    kept.extend(stays.map(|(_, release)| release.id));
    let all: BTreeSet<i64> = releases.iter().map(|release| release.id).collect();
    all.difference(&kept).copied().collect()
}

/// Whether a rule keeps what stands in this place, from 0, among the newest.
fn holds(keep: Keep, rank: usize, age: Duration) -> bool {
    match keep {
        Keep::Forever => true,
        Keep::Items(most) => rank < most,
        Keep::Younger(limit) => age < limit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    /// `id age visit…`; a visit is `environment:last`, with `-` behind it when it did not end well
    /// and `?` when it goes on. It is as old as its release.
    fn check(keep: Keep, texts: &[&str], expected: &[i64]) {
        let release = |text: &&str| {
            let mut words = text.split(' ');
            let mut number = || words.next().unwrap().parse::<u32>().unwrap();
            let (id, age) = (i64::from(number()), DAY * number());
            let visit = |word: &str| {
                let (environment, last) =
                    word.trim_end_matches(['-', '?']).split_once(':').unwrap();
                let last = last.parse().unwrap();
                Visit {
                    environment: environment.parse().unwrap(),
                    last,
                    succeeded: word.ends_with(char::is_numeric).then_some(last),
                    age,
                    is_open: word.ends_with('?'),
                    keep,
                }
            };
            Release {
                id,
                age,
                keep,
                visits: words.map(visit).collect(),
            }
        };
        let releases: Vec<Release> = texts.iter().map(release).collect();
        assert_eq!(forgotten(&releases), expected, "{keep:?} {texts:?}");
    }

    #[test]
    fn what_is_old_and_nowhere_goes() {
        let line = ["1 9 1:1", "2 8 1:2", "3 7 1:3", "4 6 1:4"];
        check(Keep::Forever, &line, &[]);
        check(Keep::Items(2), &line, &[1, 2]);
        check(Keep::Items(0), &line, &[1, 2, 3]);
        check(Keep::Younger(DAY * 8), &line, &[1, 2]);
        check(Keep::Younger(DAY), &line, &[1, 2, 3]);
        // Nowhere yet.
        check(Keep::Items(1), &["1 9", "2 8", "3 7"], &[1, 2]);
        check(Keep::Younger(DAY * 8), &["1 9", "2 8", "3 7"], &[1, 2]);
    }

    #[test]
    fn what_an_environment_has_or_gets_stays() {
        // Rolled back to the first one: that is what is there.
        check(
            Keep::Items(0),
            &["1 9 1:5", "2 8 1:2", "3 7 1:3", "4 6"],
            &[2, 3],
        );
        // The last try failed: both that and what is there stay.
        check(
            Keep::Items(1),
            &["1 9 1:1", "2 8 1:2", "3 7 1:3-", "4 6"],
            &[1],
        );
        check(Keep::Items(1), &["1 9 1:1?", "2 8 1:2", "3 7 1:3"], &[2]);
        // Each environment by itself.
        check(Keep::Items(1), &["1 9 1:1 2:2", "2 8 1:3", "3 7 1:4"], &[2]);
        // The project's newest one tells which number comes next.
        check(Keep::Younger(DAY), &["1 9", "2 8"], &[1]);
    }
}
