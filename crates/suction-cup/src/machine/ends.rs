//! Counting of ends, and how long to wait after too many.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use layout::Installed;
use nupkg::NuGetVersion;

/// This many ends of one version within [`WINDOW`] are too many.
pub(super) const TOO_MANY: usize = 5;
/// See [`TOO_MANY`].
pub(super) const WINDOW: Duration = Duration::from_secs(30);
/// A run of this length is a stable one: the waiting starts over.
pub(super) const STABLE: Duration = Duration::from_secs(60);
const FIRST_WAIT: Duration = Duration::from_secs(60);
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// The recent starts and ends of each version, and the waits since the last stable run.
#[derive(Clone, Debug, Default)]
pub(super) struct Ends {
    starts: Recent,
    ends: Recent,
    /// What started last, and the waits since then or since its last stable run.
    turn: Option<Installed>,
    waits: u32,
}

/// When something happened to a version within the last [`WINDOW`]: in the order of the
/// versions, of which there are a few.
#[derive(Clone, Default)]
struct Recent(Vec<(NuGetVersion, VecDeque<Duration>)>);

impl Recent {
    fn add(&mut self, version: &NuGetVersion, now: Duration) {
        self.forget(now);
        let place = self.0.partition_point(|(one, _)| one < version);
        match self.0.get_mut(place) {
            Some((one, times)) if one == version => times.push_back(now),
            _ => self
                .0
                .insert(place, (version.clone(), VecDeque::from([now]))),
        }
    }

    fn forget(&mut self, now: Duration) {
        self.0.retain_mut(|(_, times)| {
            times.retain(|time| now.saturating_sub(*time) <= WINDOW);
            !times.is_empty()
        });
    }

    /// How many, and how long from the first to the last.
    fn of(&self, version: &NuGetVersion) -> (usize, Duration) {
        let Some((_, times)) = self.0.iter().find(|(one, _)| one == version) else {
            return (0, Duration::ZERO);
        };
        let span = times
            .back()
            .zip(times.front())
            .map(|(last, first)| last.saturating_sub(*first));
        (times.len(), span.unwrap_or_default())
    }
}

/// As the map that it is.
impl fmt::Debug for Recent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = self.0.iter().map(|(version, times)| (version, times));
        f.debug_map().entries(times).finish()
    }
}

impl Ends {
    /// Counts one end; says how many there are within the window, and in which time.
    pub(super) fn ended(&mut self, version: &NuGetVersion, now: Duration) -> (usize, Duration) {
        self.ends.add(version, now);
        self.ends.of(version)
    }

    /// Another install of a version takes its place: the ends of the old one do not count.
    pub(super) fn forget(&mut self, version: &NuGetVersion) {
        self.ends.0.retain(|(one, _)| one != version);
    }

    /// Counts one start, or refuses it: no version starts more than [`TOO_MANY`] times
    /// within the window, whatever made it end.
    pub(super) fn may_start(&mut self, next: &Installed, now: Duration) -> bool {
        self.starts.forget(now);
        let may = self.starts.of(&next.version).0 < TOO_MANY;
        if may {
            self.starts.add(&next.version, now);
            if self.turn.as_ref() != Some(next) {
                self.turn = Some(next.clone());
                self.settle();
            }
        }
        may
    }

    /// How long to wait now: twice as long each time, up to the longest. And whether
    /// that is longer than the last time, which is worth a line in the log.
    pub(super) fn next_wait(&mut self) -> (Duration, bool) {
        let wait = |waits: u32| {
            FIRST_WAIT
                .saturating_mul(1 << waits.min(10))
                .min(LONGEST_WAIT)
        };
        let delay = wait(self.waits);
        let longer = self.waits == 0 || delay > wait(self.waits - 1);
        self.waits = self.waits.saturating_add(1);
        (delay, longer)
    }

    /// Waits since the last stable run.
    pub(super) fn waits(&self) -> u32 {
        self.waits
    }

    /// A stable run, or another version: the waiting starts over.
    pub(super) fn settle(&mut self) {
        self.waits = 0;
    }
}
