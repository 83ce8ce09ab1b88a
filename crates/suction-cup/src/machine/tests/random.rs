//! Many random lives: [`World`] asserts what must hold at every step of each.

use crate::machine::Exit;

use super::world::World;

/// Marsaglia's xorshift: the same lives on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}

const HOMES: [&str; 6] = [
    "",
    "bundle:1.0.0",
    "1.0.0@bundle=good 1.9.0@a=good 1.10.0@b bundle:1.0.0",
    "1.0.0@bundle=bad 1.9.0@a=bad bundle:1.0.0",
    "1.9.0@a 1.10.0@b=bad pin:1.9.0",
    "1.9.0@a=good pin:3.0.0",
];

const STEPS: [&str; 20] = [
    "publish 1.10.0@b",
    "publish 1.10.0@c",
    "publish 1.11.0@d",
    "publish 1.9.0@e",
    "remove 1.10.0",
    "remove 1.0.0",
    "pin 1.9.0",
    "pin none",
    "pin junk",
    "bundle broken",
    "bundle whole",
    "disk read-only",
    "disk writable",
    "disk writable",
    "program broken",
    "program whole",
    "program whole",
    "marker",
    "marker seed-1",
    "after 3",
];

#[test]
fn no_life_breaks_a_rule() {
    for seed in 1..=400 {
        let mut random = Random(u64::wrapping_mul(seed, 0x9e37_79b9_7f4a_7c15));
        let mut world = World::new(random.pick(&HOMES));
        world.step("start");
        for _ in 0..200 {
            match random.below(8) {
                0..3 if world.child.is_some() => {
                    let exit = random
                        .pick(&["0", "0", "1", "1", "1", "70"])
                        .parse()
                        .unwrap();
                    world.end(Exit::Code(exit));
                }
                0..5 if world.machine.poll_deadline().is_some() => world.wait(),
                _ => {
                    let step = random.pick(&STEPS);
                    world.step(step);
                }
            }
        }
        world.step("stop");
        if world.child.is_some() {
            world.end(Exit::Signal(15));
        }
        assert!(world.exited, "{}", world.transcript);
    }
}
