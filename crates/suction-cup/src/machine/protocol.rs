//! What goes into the machine and what comes out of it.

use std::time::Duration;

use layout::{Installed, Ledger};
use nupkg::NuGetVersion;

/// The waiting times of the rules.
#[derive(Clone, Debug)]
pub struct Policy {
    /// How long a version on trial may take to show its marker.
    pub trial_window: Duration,
    /// How long a child that was asked to end may take.
    pub stop_grace: Duration,
    /// How often in a row a good version that keeps ending is waited for, before another
    /// good one takes its place.
    pub patience: u32,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            trial_window: Duration::from_secs(300),
            stop_grace: Duration::from_secs(20),
            patience: 3,
        }
    }
}

/// What is on disk, as of one look at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The versions that can be started, in any order.
    pub installed: Vec<Installed>,
    /// The version of the installer's bundle, if there is one.
    pub bundle: Option<NuGetVersion>,
    /// What the operator's pin says.
    pub pin: Pin,
}

/// The operator's pin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Pin {
    /// There is none.
    #[default]
    None,
    /// This version and no other.
    Version(NuGetVersion),
    /// A pin that says no version, and what to do about it.
    Invalid(String),
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    /// By itself, with this exit code.
    Code(i32),
    /// By this signal.
    Signal(i32),
    /// It never ran, and why.
    NotStarted(String),
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// Suction Cup has started and read what is on disk. The first event, once.
    Started {
        /// What is installed.
        snapshot: Snapshot,
        /// The ledger; empty when there was none that could be used.
        ledger: Ledger,
    },
    /// The answer to [`Effect::Rescan`].
    Scanned(Snapshot),
    /// The bundle's version was installed.
    BundleInstalled(NuGetVersion),
    /// The bundle could not be installed, and why.
    BundleFailed(String),
    /// The answer to [`Effect::Start`]: the child runs.
    ChildStarted {
        /// The run that [`Effect::Start`] named.
        run: u64,
        /// For the log and the status only.
        pid: u32,
    },
    /// The answer to [`Effect::Start`]: there is no child.
    StartFailed {
        /// The run that [`Effect::Start`] named.
        run: u64,
        /// What the operating system said.
        why: String,
    },
    /// The child, and whatever it left behind, is gone.
    ChildEnded {
        /// The run that [`Effect::Start`] named.
        run: u64,
        /// How it ended.
        exit: Exit,
    },
    /// The marker holds this nonce.
    MarkerSeen(String),
    /// The ledger of this generation is on disk.
    LedgerStored(u64),
    /// It is not, and why.
    LedgerStoreFailed(u64, String),
    /// The deadline that the machine named has come.
    Tick,
    /// An operator asks to look at this again, now: a pin holds at once, a wait is over soon.
    Reload(Snapshot),
    /// Suction Cup is asked to end.
    Stop,
}

/// What is to be done, in the order given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Look at the disk again; answered by [`Event::Scanned`].
    Rescan,
    /// Install the bundle, in place of an install of that version; answered by
    /// [`Event::BundleInstalled`] or [`Event::BundleFailed`].
    InstallBundle,
    /// Start this version; answered by [`Event::ChildStarted`] or [`Event::StartFailed`].
    Start {
        /// The version.
        version: NuGetVersion,
        /// A new number for each start.
        run: u64,
        /// What this run's marker must hold.
        nonce: String,
    },
    /// Write the ledger; answered by [`Event::LedgerStored`] or [`Event::LedgerStoreFailed`].
    StoreLedger {
        /// A new number for each content.
        generation: u64,
        /// The content.
        ledger: Ledger,
    },
    /// Look for the marker this often, or no longer.
    WatchMarker(Option<Duration>),
    /// Ask the child's whole tree to end.
    Terminate,
    /// End the child's whole tree.
    Kill,
    /// Keep what the last run of this version printed last.
    KeepLastLines(NuGetVersion),
    /// One line about a change of state.
    Log(String),
    /// Write down what is going on.
    SaveStatus(Activity),
    /// End Suction Cup; the last effect.
    Exit,
}

/// What is going on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Activity {
    /// The bundle is being installed.
    Installing,
    /// A child runs.
    Running {
        /// Its version.
        version: NuGetVersion,
        /// Its process id.
        pid: u32,
        /// The nonce of the run.
        nonce: String,
    },
    /// Nothing runs until the next try.
    Waiting {
        /// How long from now.
        delay: Duration,
        /// Why.
        why: String,
    },
    /// Suction Cup has ended.
    Stopped,
}
