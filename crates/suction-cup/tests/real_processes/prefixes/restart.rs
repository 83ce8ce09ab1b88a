//! The next start on what a loss of power left: the machine, and the layout's real code.

use std::collections::VecDeque;
use std::fs;
use std::time::Duration;

use layout::install::{Existing, install_version};
use layout::{Bundle, Home, Ledger, LedgerError, Stamp};
use suction_cup::machine::{Effect, Event, Exit, Machine, Pin, Policy, Snapshot};

use super::disk::Files;

/// 1.0.0 must run and be good at last. `ran`: the versions that had begun to run, one for each run.
pub(super) fn ends_well(files: &Files, ran: &[String]) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new(folder.path());
    for (path, content) in files {
        let path = folder.path().join(path.trim_start_matches('/'));
        match content {
            None => fs::create_dir_all(path).unwrap(),
            Some(bytes) => fs::write(path, bytes).unwrap(),
        }
    }
    home.clean_staging().map_err(|error| error.to_string())?;
    let ledger = match Ledger::load(&home) {
        Ok(ledger) => ledger,
        Err(error @ LedgerError::Unusable { .. }) => return Err(format!("{error}: {error:?}")),
        Err(error) => return Err(error.to_string()),
    };
    let told = ledger.to_string();
    for version in ran {
        if !told.contains(&format!(" {version} ")) {
            return Err(format!(
                "{version} ran, and the ledger does not know it:\n{told}"
            ));
        }
    }
    let went_back = ran.windows(2).any(|two| two == ["1.1.0", "1.0.0"]);
    if went_back && !told.contains("bad 1.1.0 ") {
        return Err(format!(
            "it went back, and the ledger does not say why:\n{told}"
        ));
    }
    live(&home, ledger)
}

fn live(home: &Home, ledger: Ledger) -> Result<(), String> {
    let mut machine = Machine::new(Policy::default(), "seed");
    let snapshot = look(home);
    let mut events = VecDeque::from([Event::Started { snapshot, ledger }]);
    let mut now = Duration::ZERO;
    for _ in 0..1_000 {
        let Some(effect) = machine.poll_effect() else {
            if let Some(event) = events.pop_front() {
                machine.handle(now, event);
                continue;
            }
            if let Some(at) = machine.poll_deadline() {
                now = now.max(at);
                events.push_back(Event::Tick);
                continue;
            }
            let good = Ledger::load(home)
                .map_err(|error| error.to_string())?
                .to_string();
            return match good.contains("good 1.0.0 ") {
                true => Ok(()),
                false => Err(format!("at rest, and the ledger says\n{good}")),
            };
        };
        match effect {
            Effect::Rescan => events.push_back(Event::Scanned(look(home))),
            Effect::InstallBundle => {
                let Bundle { path, version } = home.bundle().ok_or("the bundle is gone")?;
                install_version(home, &path, &version, &Stamp::bundle(), Existing::Replace)
                    .map_err(|error| format!("{error}: {error:?}"))?;
                events.push_back(Event::BundleInstalled(version));
            }
            Effect::Start {
                version,
                run,
                nonce,
            } => {
                let program = fs::read_to_string(home.program(&version));
                let program = program.map_err(|error| error.to_string())?;
                // Each script ends like this when it is whole.
                let whole = program.ends_with("exec sleep 600\n") || program.ends_with("exit 1");
                let folder = home.version_folder(&version);
                let words = fs::read_to_string(folder.join("lib/words")).unwrap_or_default();
                let whole = whole && words == "whole";
                let stamp = Stamp::of_folder(&folder);
                let named = ["bundle", "ticket-1.0.0", "ticket-1.1.0"].contains(&stamp.as_str());
                if !(whole && named) {
                    return Err(format!(
                        "half of {version}, stamp {stamp}, `{words}`:\n{program}"
                    ));
                }
                events.push_back(Event::ChildStarted { run, pid: 100 });
                events.push_back(match version.to_string().as_str() {
                    "1.0.0" => Event::MarkerSeen(nonce),
                    _ => Event::ChildEnded {
                        run,
                        exit: Exit::Code(1),
                    },
                });
            }
            Effect::StoreLedger { generation, ledger } => {
                ledger.store(home).map_err(|error| error.to_string())?;
                events.push_back(Event::LedgerStored(generation));
            }
            _ => {}
        }
    }
    Err("it is not at rest after a thousand steps".to_owned())
}

fn look(home: &Home) -> Snapshot {
    Snapshot {
        installed: home.installed(),
        bundle: home.bundle().map(|bundle| bundle.version),
        pin: Pin::None,
    }
}
