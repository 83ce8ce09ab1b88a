//! What can happen at any time.

use suction_cup::machine::{Event, Exit as How};

use crate::life::{Between, Life};
use crate::names::{Install, LAST_ORDER, Set, number, numbers, version};
use crate::properties::{Broken, Property, holds};
use crate::world::{Ended, Exit, File, Marker, Package, Pinned, STABLE, World};

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// The supervisor starts.
    Boot,
    /// Time passes until the machine wants to be called.
    Wake,
    /// Half of the time within which ends count passes, and a little more.
    Pass,
    /// The child writes its marker.
    Confirm,
    /// The driver looks for the marker.
    Look,
    /// The child ends.
    End(Exit),
    /// The install of the bundle ends.
    BundleDone,
    /// The child installs this version, with a new stamp.
    Publish(u8),
    /// Somebody changes the pin.
    Pin(Pinned),
    /// The operator asks to look again.
    Reload,
    /// Somebody removes a version.
    Remove(u8),
    /// The disk fills up, or there is room again.
    TurnDisk,
    /// Programs cannot be started, or can be again.
    TurnStarts,
    /// The ledger is damaged.
    Damage,
    /// Somebody changes the bundle.
    Bundle(Package),
    /// The supervisor is killed, or the machine loses power.
    Crash,
}

/// Two of these are more than the time within which ends count.
const PASS: u64 = 16;

/// What can happen now.
pub(crate) fn actions(life: &Life, found: &mut Vec<Action>) {
    let world = &life.world;
    let (disk, budget) = (&world.disk, &world.budget);
    if life.machine.is_none() {
        found.push(Action::Boot);
    } else {
        if life.deadline().is_some() {
            found.push(Action::Wake);
        }
        if world.installing {
            found.push(Action::BundleDone);
        }
        of_the_child(life, found);
        if budget.reloads > 0 {
            found.push(Action::Reload);
        }
        if budget.crashes > 0 {
            found.push(Action::Crash);
        }
    }
    if budget.pins > 0 {
        let to = numbers().map(Pinned::To);
        let pins = to.chain([Pinned::No, Pinned::Invalid]);
        found.extend(pins.filter(|pin| *pin != disk.pin).map(Action::Pin));
    }
    if budget.removals > 0 {
        found.extend(disk.installs().map(|one| Action::Remove(one.version)));
    }
    if budget.disk > 0 {
        found.push(Action::TurnDisk);
    }
    if budget.starts > 0 {
        found.push(Action::TurnStarts);
    }
    if budget.damages > 0 && matches!(disk.ledger, File::Whole(_)) {
        found.push(Action::Damage);
    }
    if budget.bundles > 0 {
        let states = [Package::Absent, Package::Whole, Package::Damaged];
        let others = states.into_iter().filter(|state| *state != disk.bundle);
        found.extend(others.map(Action::Bundle));
    }
}

fn of_the_child(life: &Life, found: &mut Vec<Action>) {
    let world = &life.world;
    let Some(child) = &world.child else {
        return;
    };
    if child.killed {
        return found.push(Action::End(Exit::Killed));
    }
    found.push(Action::End(Exit::Zero));
    if child.asked {
        found.push(Action::End(Exit::Asked));
    } else {
        found.extend([Action::End(Exit::Crash), Action::End(Exit::Unhealthy)]);
        let counts = !world.past.starts.iter().all(|(_, at)| world.now - at > 30);
        let later = life.deadline().is_none_or(|at| at > world.now + PASS);
        if counts && later && world.budget.passes > 0 {
            found.push(Action::Pass);
        }
    }
    // Nobody reads the marker of one that is good.
    if !child.marked && world.watch && world.disk.writable {
        found.push(Action::Confirm);
    }
    if life.marker_seen().is_some() {
        found.push(Action::Look);
    }
    if world.budget.publishes > 0 && world.disk.writable && !child.leaving {
        found.extend(numbers().map(Action::Publish));
    }
}

/// The state after it, and the states in which a crash in the middle of it ends.
pub(crate) fn apply(
    before: &Life,
    action: Action,
    between: &mut Between,
) -> Result<(Life, Vec<World>), Broken> {
    let mut life = before.clone();
    let mut crashes = Vec::new();
    match action {
        Action::Boot => life.boot(between)?,
        Action::Wake => life.wake(between)?,
        Action::Pass => {
            life.world.now += PASS;
            life.world.budget.passes -= 1;
        }
        Action::Confirm => {
            life.world.disk.marker = Marker::Current;
            if let Some(child) = &mut life.world.child {
                child.marked = true;
                life.world.past.confirmed.put(child.install, true);
            }
        }
        Action::Look => {
            let seen = life.marker_seen();
            life.happens(seen, between)?;
        }
        Action::End(exit) => end(&mut life, exit, between)?,
        Action::BundleDone => bundle_done(&mut life, between)?,
        Action::Publish(number) => crashes = publish(&mut life.world, number),
        Action::Reload => {
            let snapshot = life.world.disk.snapshot();
            life.world.past.pinned = life.world.disk.pinned();
            life.world.budget.reloads -= 1;
            life.world.reloads = true;
            life.happens([Event::Reload(snapshot)], between)?;
            life.world.reloads = false;
            let (child, pinned) = (&life.world.child, life.world.disk.pinned());
            let runs_on = child.as_ref().filter(|child| !child.asked);
            let obeyed = runs_on.is_none_or(|child| pinned.is_none_or(|pin| pin == child.install));
            holds(Property::PinIsObeyed, obeyed, || {
                format!("{child:?} runs on after a reload, and {pinned:?} is pinned")
            })?;
        }
        Action::Crash => crashes = crash(&before.world),
        _ => interfere(&mut life.world, action),
    }
    if before.world.budget.crashes > 0 {
        crashes.extend(between.writes.iter().flat_map(World::crashed));
    }
    Ok((life, crashes))
}

/// What a crash leaves; an install of the bundle may have come to any point.
fn crash(world: &World) -> Vec<World> {
    let mut found = world.crashed();
    if world.installing {
        let mut installed = world.clone();
        if installed.disk.install_bundle().is_some() {
            let mut between = world.clone();
            // The old one is moved away first.
            between.disk.installed[0] = None;
            found.extend([installed, between].iter().flat_map(World::crashed));
        }
    }
    found
}

fn end(life: &mut Life, exit: Exit, between: &mut Between) -> Result<(), Broken> {
    // A marker that was written just before the end counts.
    let seen = life.marker_seen();
    let Some(child) = life.world.child.take() else {
        return Ok(());
    };
    life.world.disk.no_run();
    let ended = Ended {
        install: child.install,
        exit,
        marked: child.marked,
    };
    if life.world.now - child.since >= STABLE {
        life.world.past.waits = 0;
    }
    life.world.past.ended(ended, life.world.now);
    let ended = Event::ChildEnded {
        run: child.run,
        exit: match exit {
            Exit::Zero => How::Code(0),
            Exit::Unhealthy => How::Code(layout::EXIT_UNHEALTHY),
            Exit::Crash | Exit::NotStarted => How::Code(1),
            Exit::Asked => How::Signal(15),
            Exit::Killed => How::Signal(9),
        },
    };
    life.happens(seen.into_iter().chain([ended]), between)
}

fn bundle_done(life: &mut Life, between: &mut Between) -> Result<(), Broken> {
    life.world.installing = false;
    let event = match life.world.disk.install_bundle() {
        Some(install) => {
            let past = &mut life.world.past;
            past.bundled = Some(install);
            past.condemned.put(install, false);
            Event::BundleInstalled(version(install.version))
        }
        None => Event::BundleFailed("it is damaged".to_owned()),
    };
    life.happens([event], between)
}

/// Tentacle makes room, then puts the version in place; one that is there is moved away first.
fn publish(world: &mut World, ordered: u8) -> Vec<World> {
    let Some(child) = &mut world.child else {
        return Vec::new();
    };
    child.leaving = true;
    let disk = &mut world.disk;
    if disk.ledger != File::Damaged {
        let bundle = (disk.bundle != Package::Absent).then(|| version(0));
        let gone = layout::obsolete(
            &disk.snapshot().installed,
            &disk.table().ledger(),
            &version(child.install.version),
            bundle.as_ref(),
        );
        for removed in gone.iter().map(number).filter(|one| *one != ordered) {
            disk.installed[usize::from(removed)] = None;
        }
    }
    world.budget.publishes -= 1;
    let install = Install {
        version: ordered,
        stamp: LAST_ORDER - world.budget.publishes,
    };
    let replaced = world.disk.installed[usize::from(ordered)].take().is_some();
    let halfway = match replaced && world.budget.crashes > 0 {
        true => world.crashed(),
        false => Vec::new(),
    };
    world.disk.put(install);
    halfway
}

fn interfere(world: &mut World, action: Action) {
    let (disk, budget) = (&mut world.disk, &mut world.budget);
    match action {
        Action::Pin(pin) => {
            disk.pin = pin;
            budget.pins -= 1;
        }
        Action::Remove(version) => {
            disk.installed[usize::from(version)] = None;
            budget.removals -= 1;
        }
        Action::TurnDisk => {
            disk.writable = !disk.writable;
            budget.disk -= 1;
        }
        Action::TurnStarts => {
            disk.startable = !disk.startable;
            budget.starts -= 1;
        }
        Action::Damage => {
            disk.ledger = File::Damaged;
            // Nothing is left that anybody could know it from.
            world.past.condemned = Set::default();
            budget.damages -= 1;
        }
        Action::Bundle(state) => {
            disk.bundle = state;
            budget.bundles -= 1;
        }
        _ => {}
    }
}

/// The driver asks the machine to stop; whatever else woke it comes after that.
pub(crate) fn stop(life: &mut Life, between: &mut Between) -> Result<(), Broken> {
    life.world.asked_to_stop = true;
    let due = life.deadline().is_some_and(|at| at <= life.world.now);
    let tick = due.then_some(Event::Tick);
    life.happens([Event::Stop].into_iter().chain(tick), between)
}
