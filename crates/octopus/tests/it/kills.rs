//! `kill -9` of the server at random moments while many deployments are queued: none is
//! lost, none is run twice on a machine, none is called a success that was none.
//!
//! `cargo xtask verify --server` runs it with a thousand deployments and a hundred kills.

mod judge;
mod people;

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
    thread,
    time::{Duration, Instant},
};

use api::TaskState;
use serde_json::json;

use self::judge::{Truth, mistakes};
use crate::{
    agent::{Agent, Step, say},
    packages,
    world::{ENVIRONMENT, PACKAGE, World},
};

/// Longest time without any task ending.
const STANDSTILL: Duration = Duration::from_secs(60);

/// Machines; work on the first one fails.
const MACHINES: usize = 4;

struct Story {
    world: World,
    agents: Vec<Agent>,
    ordered: Vec<String>,
    dice: u64,
}

fn setting(name: &str, default: usize) -> usize {
    let given = std::env::var(name).ok();
    given.map_or(default, |text| text.parse().unwrap())
}

impl Story {
    /// A server with machines.
    fn begin() -> Self {
        let world = World::new();
        let agents = (0..MACHINES).map(|n| world.agent(&format!("m{n}")));
        let agents = agents.collect();
        world.push(&packages::package(PACKAGE, "1.0.0", 2000, 1));
        let dice = match setting("OCTOPUS_SEED", 0) as u64 {
            0 => RandomState::new().hash_one(0) >> 16,
            seed => seed,
        };
        println!("OCTOPUS_SEED={dice}");
        Self {
            world,
            agents,
            ordered: Vec::new(),
            dice,
        }
    }

    /// What machines do for new orders: they wait in the middle, until this gate opens.
    fn script(&self, gate: usize) {
        for (n, agent) in self.agents.iter().enumerate() {
            let last = match n {
                0 => Step::Fail("the disk is full"),
                _ => say("ends"),
            };
            agent.script(vec![say("begins"), Step::Gate(gate), last]);
        }
    }

    fn open_gate(&self, gate: usize) {
        for agent in &self.agents {
            agent.open_gate(gate);
        }
    }

    /// Orders a deployment to the machine whose turn it is.
    fn order(&mut self) {
        let machine = format!("m{}", self.ordered.len() % MACHINES);
        let task = self.world.order(&json!({
            "Name": "DeployPackage",
            "Arguments": {
                "PackageId": PACKAGE,
                "EnvironmentIds": [ENVIRONMENT],
                "MachineIds": [machine],
            },
        }));
        self.ordered.push(task);
    }

    /// A number below `limit`.
    fn roll(&mut self, limit: u64) -> u64 {
        // Knuth's MMIX: the tests need no better one.
        let next = self.dice.wrapping_mul(6_364_136_223_846_793_005);
        self.dice = next.wrapping_add(1_442_695_040_888_963_407);
        (self.dice >> 33) % limit
    }

    fn told(&self) -> BTreeMap<String, TaskState> {
        let page = self
            .world
            .http
            .get("/api/Spaces-1/tasks?take=100000")
            .expect(200);
        let items = page["Items"].as_array().unwrap().iter();
        let state = |item: &serde_json::Value| serde_json::from_value(item["State"].clone());
        let pair = |item: &serde_json::Value| {
            (
                item["Id"].as_str().unwrap().to_owned(),
                state(item).unwrap(),
            )
        };
        items.map(pair).collect()
    }

    fn ended(&self) -> usize {
        let path = "/api/Spaces-1/tasks?states=Success,Failed,Canceled&take=1";
        let page = self.world.http.get(path).expect(200);
        usize::try_from(page["TotalResults"].as_u64().unwrap()).unwrap()
    }

    /// Waits until all have ended, or nothing goes on any more.
    fn wait_ended(&self) {
        let (mut last, mut since) = (0, Instant::now());
        loop {
            let ended = self.ended();
            if ended >= self.ordered.len() || since.elapsed() > STANDSTILL {
                return;
            }
            if ended > last {
                (last, since) = (ended, Instant::now());
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Kills after a random time of at most 60 ms, and starts again.
    fn kill(&mut self, between: impl FnOnce(&World)) {
        let moment = self.roll(60_000);
        thread::sleep(Duration::from_micros(moment));
        self.world.kill();
        between(&self.world);
        self.world.start();
    }

    /// What went wrong, once everything has ended.
    fn mistakes(&self) -> Vec<String> {
        self.wait_ended();
        let mut truth = Truth::default();
        for agent in &self.agents {
            agent.edit(|state| truth.add(&state.runs, &state.outcomes));
        }
        mistakes(&self.ordered, &self.told(), &truth)
    }
}

#[test]
fn at_random_moments_nothing_is_lost_run_twice_or_falsely_called_a_success() {
    let deployments = setting("OCTOPUS_DEPLOYMENTS", 60);
    let kills = setting("OCTOPUS_KILLS", 6);
    let mut story = Story::begin();
    let begun = Instant::now();
    for kill in 0..kills {
        // What was ordered just now begins, what was ordered before ends, when the kill comes.
        story.script(kill);
        while story.ordered.len() < (kill + 1) * deployments / kills {
            story.order();
        }
        story.open_gate(kill.saturating_sub(1));
        story.kill(|_| {});
    }
    story.open_gate(kills.saturating_sub(1));
    assert_eq!(story.mistakes(), [""; 0]);
    let told = story.told();
    let well = told
        .values()
        .filter(|state| **state == TaskState::Success)
        .count();
    let goes_on = "The server has started again and goes on with this task.";
    let interrupted = |id: &&String| story.world.texts(id).iter().any(|line| line == goes_on);
    let interrupted = story.ordered.iter().filter(interrupted).count();
    assert!(
        interrupted >= kills,
        "the kills hit too little: {interrupted}"
    );
    println!(
        "{kills} kills during {deployments} deployments in {:.0} s: {well} succeeded, {} failed \
         on the machine that fails; none lost, none run twice, no false success; {interrupted} were \
         interrupted while they ran",
        begun.elapsed().as_secs_f64(),
        told.len() - well
    );
    assert!(well >= deployments / MACHINES);
}

/// Does something to the database that a faulty server might do, while the first task's work
/// is under way.
fn planted(sql: &'static str) -> Vec<String> {
    let mut story = Story::begin();
    let agent = &story.agents[1];
    agent.script(vec![say("begins"), Step::Gate(0), Step::Fail("in vain")]);
    let order = json!({
        "Name": "DeployPackage",
        "Arguments": { "PackageId": PACKAGE, "MachineIds": ["m1"] },
    });
    let task = story.world.order(&order);
    story.world.wait_line(&task, "begins");
    story.ordered.push(task);
    story.kill(|world| {
        let file = world.data().join(octopus::data::DATABASE);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            sqlx::any::install_default_drivers();
            let url = format!("sqlite:{}", file.display());
            let pool = sqlx::AnyPool::connect(&url).await.unwrap();
            let done = sqlx::query(sql).execute(&pool).await.unwrap();
            assert_eq!(done.rows_affected(), 1);
            pool.close().await;
        });
    });
    story.agents[1].open_gate(0);
    match sql.starts_with("delete") {
        true => mistakes(&story.ordered, &story.told(), &Truth::default()),
        false => story.mistakes(),
    }
}

#[test]
fn planted_mistakes_are_caught() {
    for (sql, mistake) in [
        (
            "update task_targets set ticket = ticket || 'X', agent_sequence = 0",
            "ServerTasks-1 was run 2 times",
        ),
        (
            "update task_targets set state = 'Success', completed_at = 1",
            "ServerTasks-1 is called a success and was none",
        ),
        ("delete from tasks", "ServerTasks-1 is lost"),
    ] {
        let found = planted(sql);
        assert!(found.iter().any(|text| text == mistake), "{sql}: {found:?}");
    }
}
