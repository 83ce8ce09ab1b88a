//! A world for the machine: it carries out the effects, keeps time, and watches
//! over what must hold at every step.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use layout::{BadReason, Entry, Installed, Ledger, Standing};
use nupkg::NuGetVersion;

use crate::machine::{Activity, Effect, Event, Exit, Machine, Pin, Policy, Snapshot};

pub(super) struct World {
    pub(super) machine: Machine,
    pub(super) now: Duration,
    pub(super) snapshot: Snapshot,
    /// What is on disk.
    pub(super) ledger: Ledger,
    bundle_broken: bool,
    read_only: bool,
    start_fails: bool,
    /// The child: its run and nonce.
    pub(super) child: Option<(u64, String, NuGetVersion)>,
    starts: BTreeMap<NuGetVersion, Vec<Duration>>,
    pub(super) exited: bool,
    pub(super) transcript: String,
}

impl World {
    /// `home` is what is installed, such as `2.0.0@a=good 2.1.0@b bundle:1.0.0 pin:2.0.0`.
    pub(super) fn new(home: &str) -> World {
        let policy = Policy::default();
        let mut world = World {
            machine: Machine::new(policy, "seed"),
            now: Duration::ZERO,
            snapshot: Snapshot::default(),
            ledger: Ledger::default(),
            bundle_broken: false,
            read_only: false,
            start_fails: false,
            child: None,
            starts: BTreeMap::new(),
            exited: false,
            transcript: String::new(),
        };
        for word in home.split_whitespace() {
            if let Some(version) = word.strip_prefix("bundle:") {
                world.snapshot.bundle = Some(version.parse().unwrap());
            } else if let Some(version) = word.strip_prefix("pin:") {
                world.pin(version);
            } else {
                world.publish(word);
            }
        }
        world
    }

    fn pin(&mut self, text: &str) {
        self.snapshot.pin = match (text, text.parse()) {
            ("none", _) => Pin::None,
            (_, Ok(version)) => Pin::Version(version),
            (_, Err(_)) => Pin::Invalid(format!("`{text}` is no version")),
        };
    }

    /// `version@stamp`, and for the ledger `=good`, `=bad` or `=unconfirmed`.
    fn publish(&mut self, word: &str) {
        let (install, standing) = word.split_once('=').unwrap_or((word, ""));
        let (version, stamp) = install.split_once('@').unwrap();
        let version: NuGetVersion = version.parse().unwrap();
        let stamp: layout::Stamp = stamp.parse().unwrap();
        let standing = match standing {
            "good" => Some(Standing::Good),
            "bad" => Some(Standing::bad(BadReason::Crashed, "ended")),
            "unconfirmed" => Some(Standing::bad(BadReason::Unconfirmed, "late")),
            _ => None,
        };
        if let Some(standing) = standing {
            let stamp = stamp.clone();
            self.ledger.set(version.clone(), Entry { stamp, standing });
        }
        self.snapshot.installed.retain(|one| one.version != version);
        self.snapshot.installed.push(Installed { version, stamp });
    }

    /// One step of a script.
    pub(super) fn step(&mut self, step: &str) {
        writeln!(self.transcript, "{:.1} {step}", self.now.as_secs_f64()).unwrap();
        let (verb, rest) = step.split_once(' ').unwrap_or((step, ""));
        match verb {
            "start" => {
                let (snapshot, ledger) = (self.snapshot.clone(), self.ledger.clone());
                self.handle(Event::Started { snapshot, ledger });
            }
            "after" => self.now += Duration::from_secs_f64(rest.parse().unwrap()),
            "wait" => self.wait(),
            "tick" => self.handle(Event::Tick),
            "idle" => assert_eq!(self.machine.poll_deadline(), None),
            "exit" => self.end(Exit::Code(rest.parse().unwrap())),
            "signal" => self.end(Exit::Signal(rest.parse().unwrap())),
            "marker" => {
                let nonce = match (rest, &self.child) {
                    ("", Some((_, nonce, _))) => nonce.clone(),
                    _ => rest.to_owned(),
                };
                self.handle(Event::MarkerSeen(nonce));
            }
            "stop" => self.handle(Event::Stop),
            "reload" => self.handle(Event::Reload(self.snapshot.clone())),
            "publish" => self.publish(rest),
            "remove" => {
                let version = rest.parse().unwrap();
                self.snapshot.installed.retain(|one| one.version != version);
            }
            "pin" => self.pin(rest),
            "bundle" => self.bundle_broken = rest == "broken",
            "disk" => self.read_only = rest == "read-only",
            "program" => self.start_fails = rest == "broken",
            _ => panic!("no such step: {step}"),
        }
    }

    /// Lets time pass until the machine wants to be called.
    pub(super) fn wait(&mut self) {
        let deadline = self.machine.poll_deadline().expect("a deadline");
        self.now = self.now.max(deadline);
        self.handle(Event::Tick);
    }

    pub(super) fn end(&mut self, exit: Exit) {
        let (run, ..) = self.child.take().expect("a child");
        self.handle(Event::ChildEnded { run, exit });
    }

    fn handle(&mut self, event: Event) {
        self.machine.handle(self.now, event);
        while let Some(effect) = self.machine.poll_effect() {
            assert!(!self.exited, "an effect after the last one: {effect:?}");
            if let Some(answer) = self.carry_out(effect) {
                self.machine.handle(self.now, answer);
            }
        }
        let idle = self.child.is_none() && !self.exited;
        assert!(
            !idle || self.machine.poll_deadline().is_some(),
            "stuck: {}",
            self.transcript
        );
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Event> {
        let (line, answer) = match effect {
            Effect::Rescan => (String::new(), Some(Event::Scanned(self.snapshot.clone()))),
            Effect::InstallBundle => ("install bundle".to_owned(), Some(self.install_bundle())),
            Effect::Start {
                version,
                run,
                nonce,
            } => self.started(version, run, nonce),
            Effect::StoreLedger { generation, ledger } => self.store(generation, ledger),
            Effect::WatchMarker(Some(every)) => (format!("watch every {every:?}"), None),
            Effect::WatchMarker(None) => (String::new(), None),
            Effect::Terminate => ("terminate".to_owned(), None),
            Effect::Kill => ("kill".to_owned(), None),
            Effect::KeepLastLines(version) => (format!("keep last lines of {version}"), None),
            Effect::Log(line) => (format!("log: {line}"), None),
            Effect::SaveStatus(Activity::Waiting { delay, .. }) => {
                (format!("wait {delay:?}"), None)
            }
            Effect::SaveStatus(_) => (String::new(), None),
            Effect::Exit => {
                assert!(self.child.is_none(), "left a child behind");
                self.exited = true;
                ("exit".to_owned(), None)
            }
        };
        if !line.is_empty() {
            writeln!(self.transcript, "    {line}").unwrap();
        }
        answer
    }

    fn install_bundle(&mut self) -> Event {
        assert!(
            self.child.is_none(),
            "the bundle is installed beside a child"
        );
        match self.snapshot.bundle.clone() {
            Some(version) if !self.bundle_broken => {
                self.publish(&format!("{version}@bundle"));
                Event::BundleInstalled(version)
            }
            _ => Event::BundleFailed("it is damaged".to_owned()),
        }
    }

    fn store(&mut self, generation: u64, ledger: Ledger) -> (String, Option<Event>) {
        if self.read_only {
            let why = "read-only file system".to_owned();
            return (
                "store fails".to_owned(),
                Some(Event::LedgerStoreFailed(generation, why)),
            );
        }
        let words: Vec<String> = ledger
            .entries()
            .map(|(version, entry)| {
                format!("{version}@{}={}", entry.stamp, entry.standing.as_str())
            })
            .collect();
        self.ledger = ledger;
        (
            format!("store {}", words.join(" ")),
            Some(Event::LedgerStored(generation)),
        )
    }

    fn started(
        &mut self,
        version: NuGetVersion,
        run: u64,
        nonce: String,
    ) -> (String, Option<Event>) {
        assert!(self.child.is_none(), "two children");
        let one = self
            .snapshot
            .installed
            .iter()
            .find(|one| one.version == version);
        let one = one.expect("starts what is installed").clone();
        assert!(
            self.read_only || self.ledger.knows(&one),
            "started before the ledger knows of it"
        );
        self.never_bad_when_there_is_better(&one);
        let starts = self.starts.entry(version.clone()).or_default();
        starts.push(self.now);
        let window = Duration::from_secs(30);
        let recent = starts.iter().filter(|at| self.now - **at < window).count();
        assert!(recent <= 5, "{recent} starts of {version} within 30 s");
        let line = format!("start {version}");
        if self.start_fails {
            let why = "Permission denied".to_owned();
            return (line, Some(Event::StartFailed { run, why }));
        }
        self.child = Some((run, nonce, version));
        (line, Some(Event::ChildStarted { run, pid: 100 }))
    }

    fn never_bad_when_there_is_better(&self, one: &Installed) {
        let is_bad = |one: &Installed| matches!(self.ledger.standing(one), Standing::Bad { .. });
        let better = self.snapshot.installed.iter().any(|other| !is_bad(other));
        let pinned = self.snapshot.pin == Pin::Version(one.version.clone());
        assert!(
            self.read_only || pinned || !better || !is_bad(one),
            "started the bad {}",
            one.version
        );
    }
}
