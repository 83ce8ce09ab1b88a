//! What must hold, whatever happens.

use std::cell::Cell;

/// A rule of the supervisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Property {
    RunsOrIsDue,
    ComesToRest,
    SurvivesACrash,
    SameAfterACrash,
    GoodIsReached,
    BadStaysBad,
    GoodStaysGood,
    GoodMeansConfirmed,
    BadForAReason,
    ToldBeforeRun,
    NewestFirst,
    PinIsObeyed,
    StartsWhatIsThere,
    FiveStarts,
    WaitsOnlyWhenItMust,
    OneChild,
    FewLines,
    StopEnds,
}

impl Property {
    pub(crate) const ALL: [Property; 18] = [
        Property::RunsOrIsDue,
        Property::ComesToRest,
        Property::SurvivesACrash,
        Property::SameAfterACrash,
        Property::GoodIsReached,
        Property::BadStaysBad,
        Property::GoodStaysGood,
        Property::GoodMeansConfirmed,
        Property::BadForAReason,
        Property::ToldBeforeRun,
        Property::NewestFirst,
        Property::PinIsObeyed,
        Property::StartsWhatIsThere,
        Property::FiveStarts,
        Property::WaitsOnlyWhenItMust,
        Property::OneChild,
        Property::FewLines,
        Property::StopEnds,
    ];

    /// Its name, and what it says.
    pub(crate) fn text(self) -> (&'static str, &'static str) {
        match self {
            Property::RunsOrIsDue => (
                "runs-or-is-due",
                "a version runs, or one is due to be started or installed within ten minutes",
            ),
            Property::ComesToRest => (
                "comes-to-rest",
                "when every version works and nobody interferes, the newest one that is not bad (or the pinned one) runs, is good on disk, and nothing is polled or waited for",
            ),
            Property::SurvivesACrash => (
                "survives-a-crash",
                "the same from what a crash left on the disk, whenever it came",
            ),
            Property::SameAfterACrash => (
                "same-after-a-crash",
                "however versions behave, after a crash it comes to the state that it would have come to without",
            ),
            Property::GoodIsReached => (
                "good-is-reached",
                "when every version that was never confirmed is broken, or the newest one is, whatever it was, one that was good runs again",
            ),
            Property::BadStaysBad => (
                "bad-stays-bad",
                "what is bad does not run by itself while anything else is there, also after a crash",
            ),
            Property::GoodStaysGood => (
                "good-stays-good",
                "what was good once is not forgotten while it is installed, and condemned only when it ended five times within 30 s again and again, after each of three waits, and another good one is there",
            ),
            Property::GoodMeansConfirmed => (
                "good-means-confirmed",
                "good is only what wrote the marker with the nonce of that very run",
            ),
            Property::BadForAReason => (
                "bad-for-a-reason",
                "bad is only what ended five times within 30 s, exited with 70, or let its window pass",
            ),
            Property::ToldBeforeRun => (
                "told-before-run",
                "what starts for the first time is in the ledger on disk, and so is what it replaces as bad",
            ),
            Property::NewestFirst => (
                "newest-first",
                "the newest that is not bad starts, but for the way back from a newer one that failed",
            ),
            Property::PinIsObeyed => (
                "pin-is-obeyed",
                "a pinned version that is installed starts and no other",
            ),
            Property::StartsWhatIsThere => {
                ("starts-what-is-there", "only an installed version starts")
            }
            Property::FiveStarts => (
                "five-starts",
                "no version starts more than five times within 30 s",
            ),
            Property::WaitsOnlyWhenItMust => (
                "waits-only-when-it-must",
                "it waits, ten minutes at most, only after five starts or ends within 30 s or with nothing to start",
            ),
            Property::OneChild => (
                "one-child",
                "never two children, and none is left when it ends",
            ),
            Property::FewLines => (
                "few-lines",
                "an event logs at most six lines, and an endless loop of failures falls silent",
            ),
            Property::StopEnds => (
                "stop-ends",
                "asked to stop it ends, whatever the child does about it",
            ),
        }
    }
}

/// A property that does not hold, and how that came out.
#[derive(Clone, Debug)]
pub(crate) struct Broken {
    pub(crate) property: Property,
    pub(crate) how: String,
}

thread_local! {
    /// The only property that is looked at, if there is one.
    static WANTED: Cell<Option<Property>> = const { Cell::new(None) };
}

/// From now on this thread looks at no other property; at all of them with `None`.
pub(crate) fn look_only_at(property: Option<Property>) {
    WANTED.set(property);
}

/// Fails with the property unless it holds.
pub(crate) fn holds(
    property: Property,
    holds: bool,
    how: impl FnOnce() -> String,
) -> Result<(), Broken> {
    let looked_at = WANTED.get().is_none_or(|wanted| wanted == property);
    match holds || !looked_at {
        true => Ok(()),
        false => Err(Broken {
            property,
            how: how(),
        }),
    }
}
