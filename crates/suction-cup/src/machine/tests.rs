//! Every rule of the supervisor: a script in, what it does out.

mod edges;
mod ends;
mod installs;
mod random;
mod start;
mod trial;
mod trouble;
mod world;

use expect_test::Expect;

use self::world::World;

/// Plays the steps of `script` (see [`World::step`]) in a HOME (see [`World::new`]).
fn check(home: &str, script: &str, expected: &Expect) {
    let mut world = World::new(home);
    for step in script.split(", ") {
        world.step(step);
    }
    expected.assert_eq(&world.transcript);
}
