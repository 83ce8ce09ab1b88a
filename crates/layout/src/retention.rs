//! Which installed versions are no longer of use.

use nupkg::NuGetVersion;

use crate::home::Installed;
use crate::ledger::{Ledger, Standing};

/// How many good versions stay: what runs, and something to go back to.
const GOOD_KEPT: usize = 2;

/// The installed versions that Tentacle may remove before it fetches another one:
/// all but the running one, the two newest good ones and the bundle's.
pub fn obsolete(
    installed: &[Installed],
    ledger: &Ledger,
    running: &NuGetVersion,
    bundle: Option<&NuGetVersion>,
) -> Vec<NuGetVersion> {
    let mut newest_first: Vec<&Installed> = installed.iter().collect();
    newest_first.sort_by(|a, b| b.version.cmp(&a.version));
    let mut good = 0;
    newest_first
        .into_iter()
        .filter(|one| {
            let kept_as_good = ledger.standing(one) == Standing::Good && good < GOOD_KEPT;
            good += usize::from(kept_as_good);
            !kept_as_good && one.version != *running && Some(&one.version) != bundle
        })
        .map(|one| one.version.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{BadReason, Entry};
    use crate::stamp::Stamp;

    fn check(
        good: &[&str],
        bad: &[&str],
        trial: &[&str],
        running: &str,
        bundle: &str,
        expected: &str,
    ) {
        let standings = [
            (good, Standing::Good),
            (bad, Standing::bad(BadReason::Crashed, "ended")),
            (trial, Standing::Trial),
        ];
        let mut ledger = Ledger::default();
        let mut installed = Vec::new();
        for (versions, standing) in standings {
            for text in versions {
                let version: NuGetVersion = text.parse().unwrap();
                let stamp = Stamp::bundle();
                installed.push(Installed {
                    version: version.clone(),
                    stamp: stamp.clone(),
                });
                ledger.set(
                    version,
                    Entry {
                        stamp,
                        standing: standing.clone(),
                    },
                );
            }
        }
        let running = running.parse().unwrap();
        let bundle = bundle.parse().ok();
        let removed: Vec<String> = obsolete(&installed, &ledger, &running, bundle.as_ref())
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(removed.join(" "), expected);
    }

    #[test]
    fn keeps_the_running_the_last_two_good_and_the_bundles() {
        check(
            &["1.10.0", "1.9.0", "1.8.0"],
            &[],
            &[],
            "1.10.0",
            "",
            "1.8.0",
        );
        check(&["1.10.0", "1.9.0", "1.8.0"], &[], &[], "1.8.0", "", "");
        check(
            &["1.10.0", "1.9.0", "1.8.0", "1.7.0"],
            &[],
            &[],
            "1.10.0",
            "1.7.0",
            "1.8.0",
        );
        check(
            &["1.9.0"],
            &["2.0.0"],
            &["1.8.0"],
            "1.9.0",
            "1.0.0",
            "2.0.0 1.8.0",
        );
        check(&[], &[], &["1.0.0"], "1.0.0", "1.0.0", "");
    }
}
