//! Plans, and their way to the end, whatever fails.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

mod named;

fn step(name: &str, roles: &str, actions: &[&str]) -> Step {
    let action = |name: &&str| Action {
        id: format!("id-{name}"),
        name: (*name).to_owned(),
        ..Action::default()
    };
    Step {
        name: name.to_owned(),
        roles: roles.split(' ').map(str::to_owned).collect(),
        actions: actions.iter().map(action).collect(),
        ..Step::default()
    }
}

fn fleet() -> Vec<Machine> {
    let machine = |id, name: &str, role: &str| Machine {
        id,
        name: name.to_owned(),
        roles: vec![role.to_owned()],
        ..Machine::default()
    };
    vec![
        machine(3, "web-2", "Web"),
        machine(1, "web-1", "web"),
        machine(2, "db-1", "db"),
    ]
}

fn shown(plan: &Plan) -> String {
    let steps = plan.steps.iter();
    let texts = steps.map(|step| format!("{}:{:?}@{:?}", step.number, step.actions, step.machines));
    texts.collect::<Vec<_>>().join(" ")
}

#[test]
fn machines_are_chosen_by_role_and_ordered_by_name() {
    let steps = [step("A", "WEB", &["a"]), step("B", "db web", &["b", "c"])];
    let order = Order::default();
    let plan = plan(&steps, &fleet(), &order).unwrap_or_default();
    assert_eq!(shown(&plan), "1:[1]@[1, 3] 2:[2, 3]@[2, 1, 3]");
}

#[test]
fn what_is_left_out_is_said() {
    let mut steps = [
        step("A", "web", &["a"]),
        step("B", "web", &["b"]),
        step("C", "web", &["c", "d"]),
    ];
    steps[0].actions[0].disabled = true;
    steps[1].actions[0].environments = vec!["Other".to_owned()];
    let mut machines = fleet();
    machines[0].unavailable = true;
    let order = Order {
        environment: "Test".to_owned(),
        skip: vec!["id-d".to_owned()],
        excluded: vec![2],
        skip_unavailable: true,
        ..Order::default()
    };
    let plan = plan(&steps, &machines, &order).unwrap_or_default();
    assert_eq!(shown(&plan), "3:[3]@[1]");
    assert_eq!(
        plan.notes,
        [
            "web-2 is left out: it is unavailable.",
            "db-1 is left out: the deployment was made without it.",
            "The step a is left out: it is disabled.",
            "The step b is left out: it is not for this environment.",
            "The step d is left out: the deployment was made without it.",
        ]
    );
}

#[test]
fn the_server_and_people_need_no_machine() {
    let by = |mut step: Step, who: &[By]| {
        for (action, by) in step.actions.iter_mut().zip(who) {
            action.by = *by;
        }
        step
    };
    let without = |name: &str, actions: &[&str]| Step {
        roles: Vec::new(),
        ..step(name, "", actions)
    };
    let steps = [
        by(without("Once", &["a"]), &[By::Server]),
        by(step("For each", "web", &["b"]), &[By::Server]),
        by(without("Ask", &["c"]), &[By::Person]),
        by(
            step("Ask, whatever its roles", "web", &["d"]),
            &[By::Person],
        ),
        by(
            step("Ask for each", "web", &["e", "f"]),
            &[By::Person, By::Machines],
        ),
        by(without("Both", &["g", "h"]), &[By::Person, By::Server]),
    ];
    let shown_plan = plan(&steps, &fleet(), &Order::default()).unwrap_or_default();
    assert_eq!(
        shown(&shown_plan),
        "1:[1]@[0] 2:[2]@[1, 3] 3:[3]@[0] 4:[4]@[0] 5:[5, 6]@[1, 3] 6:[7, 8]@[0]"
    );
    // What machines are to do is not done by the server for want of roles.
    let none = [by(without("A", &["a", "b"]), &[By::Server, By::Machines])];
    assert!(plan(&none, &fleet(), &Order::default()).is_err());
}

#[test]
fn disabled_machines_take_no_part_and_only_some_roles_may_be_skipped() {
    let steps = [step("A", "web db", &["a"])];
    let mut machines = fleet();
    machines[0].disabled = true;
    machines[1].unavailable = true;
    machines[2].unavailable = true;
    let order = Order {
        skip_unavailable: true,
        skip_roles: vec!["DB".to_owned()],
        ..Order::default()
    };
    let plan = plan(&steps, &machines, &order).unwrap_or_default();
    assert_eq!(shown(&plan), "1:[1]@[1]");
    assert_eq!(
        plan.notes,
        [
            "web-2 is left out: it is disabled.",
            "db-1 is left out: it is unavailable.",
        ]
    );
}

#[test]
fn an_excluded_machine_does_nothing_more_and_fails_nothing() {
    use Condition::Success;
    let plan = Plan {
        steps: vec![
            planned(Success, 1, &[1, 2], &[1, 2]),
            planned(Success, 0, &[3], &[1, 2]),
        ],
        notes: Vec::new(),
    };
    let mut outcomes = HashMap::from([((1, 1), Outcome::Excluded)]);
    let now = next(&plan, &outcomes, |_| true);
    let skipped: Vec<Part> = now.skip.iter().map(|(part, _)| *part).collect();
    assert_eq!(
        (skipped, now.start, now.done),
        (vec![(2, 1), (3, 1)], vec![], false)
    );
    outcomes.extend([((2, 1), Outcome::Skipped), ((3, 1), Outcome::Skipped)]);
    // The window goes on to the next machine, and the next step counts no failure.
    assert_eq!(next(&plan, &outcomes, |_| true).start, [(1, 2)]);
    outcomes.extend([((1, 2), Outcome::Succeeded), ((2, 2), Outcome::Succeeded)]);
    assert_eq!(next(&plan, &outcomes, |_| true).start, [(3, 2)]);
}

#[test]
fn what_can_not_be_planned_is_refused() {
    let mut required = step("A", "web", &["a"]);
    required.actions[0].required = true;
    let skipping = Order {
        skip: vec!["id-a".to_owned()],
        ..Order::default()
    };
    let refusal = |steps: &[Step], order: &Order| {
        plan(steps, &fleet(), order)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    assert_eq!(
        refusal(&[required], &skipping),
        "the step a is required and can't be skipped"
    );
    let text = refusal(&[step("A", "mail", &["a"])], &Order::default());
    assert!(text.starts_with("the step A finds no machine"), "{text}");
    let text = refusal(&[step("A", "web", &["a"])], &skipping);
    assert!(text.starts_with("no step is left"), "{text}");
    let lenient = Order {
        allow_no_machines: true,
        ..Order::default()
    };
    assert_eq!(refusal(&[step("A", "mail", &["a"])], &lenient), "");
}

/// A step of a plan: places of actions, machines.
fn planned(
    condition: Condition,
    window: usize,
    actions: &[usize],
    machines: &[i64],
) -> PlannedStep {
    PlannedStep {
        condition,
        window: (window > 0).then_some(window),
        actions: actions.to_vec(),
        machines: machines.to_vec(),
        ..PlannedStep::default()
    }
}

/// Works a plan off, one round after another; `fails` says what goes wrong. Each round: what
/// begins, `-` what is left out.
fn rounds(plan: &Plan, fails: &[(usize, i64)]) -> Vec<String> {
    let mut outcomes: HashMap<(usize, i64), Outcome> = HashMap::new();
    let mut rounds = Vec::new();
    loop {
        let now = next(plan, &outcomes, |_| true);
        if now.done {
            return rounds;
        }
        let text = |(action, machine): &(usize, i64)| format!("{action}.{machine}");
        let starts = now.start.iter().map(text);
        let skips = now.skip.iter().map(|(part, _)| format!("-{}", text(part)));
        rounds.push(starts.chain(skips).collect::<Vec<_>>().join(" "));
        outcomes.extend(now.skip.iter().map(|(part, _)| (*part, Outcome::Skipped)));
        for part in now.start {
            let outcome = match fails.contains(&part) {
                true => Outcome::Failed,
                false => Outcome::Succeeded,
            };
            outcomes.insert(part, outcome);
        }
        assert!(rounds.len() < 100, "no end: {rounds:?}");
    }
}

#[test]
fn steps_run_as_their_conditions_say() {
    use Condition::{Always, Failure, Success};
    let plan = |steps: &[PlannedStep]| Plan {
        steps: steps.to_vec(),
        notes: Vec::new(),
    };
    let usual = plan(&[
        planned(Success, 0, &[1], &[1, 2]),
        planned(Success, 0, &[2], &[1]),
        planned(Failure, 0, &[3], &[1]),
        planned(Always, 0, &[4], &[1]),
    ]);
    assert_eq!(rounds(&usual, &[]), ["1.1 1.2", "2.1", "4.1 -3.1"]);
    assert_eq!(rounds(&usual, &[(1, 2)]), ["1.1 1.2", "3.1 -2.1", "4.1"]);
    let rolling = plan(&[planned(Success, 1, &[1, 2], &[1, 2, 3])]);
    assert_eq!(
        rounds(&rolling, &[]),
        ["1.1", "2.1", "1.2", "2.2", "1.3", "2.3"]
    );
    assert_eq!(
        rounds(&rolling, &[(1, 2)]),
        ["1.1", "2.1", "1.2", "-2.2 -1.3 -2.3"]
    );
    let wide = plan(&[planned(Success, 0, &[1, 2], &[1, 2])]);
    assert_eq!(rounds(&wide, &[(1, 1)]), ["1.1 1.2", "2.2 -2.1"]);
    let mut together = planned(Success, 0, &[2], &[2]);
    together.with_previous = true;
    let both = plan(&[planned(Success, 0, &[1], &[1]), together]);
    assert_eq!(rounds(&both, &[(1, 1)]), ["1.1 2.2"]);
}

#[test]
fn an_expression_decides_when_the_step_has_its_turn() {
    let plan = Plan {
        steps: vec![planned(Condition::Variable, 0, &[1], &[1])],
        notes: Vec::new(),
    };
    assert_eq!(next(&plan, &HashMap::new(), |_| true).start, [(1, 1)]);
    let left_out = next(&plan, &HashMap::new(), |_| false);
    assert_eq!(
        (left_out.start.len(), left_out.skip.len(), left_out.done),
        (0, 1, false)
    );
}

#[test]
fn actions_of_a_step_run_as_their_own_conditions_say() {
    use Condition::{Always, Failure, Success, Variable};
    let with = |window, conditions: &[Condition], machines: &[i64]| {
        let actions: Vec<usize> = (1..=conditions.len()).collect();
        let step = PlannedStep {
            conditions: conditions.to_vec(),
            ..planned(Success, window, &actions, machines)
        };
        let after = planned(Failure, 0, &[9], &[1]);
        Plan {
            steps: vec![step, after],
            notes: Vec::new(),
        }
    };
    let plan = with(0, &[Success, Failure, Always, Success], &[1]);
    assert_eq!(rounds(&plan, &[]), ["1.1", "-2.1", "3.1", "4.1", "-9.1"]);
    assert_eq!(rounds(&plan, &[(1, 1)]), ["1.1", "2.1", "3.1", "9.1 -4.1"]);
    // The machine keeps its place in the window to its end.
    let plan = with(1, &[Success, Failure], &[1, 2]);
    assert_eq!(rounds(&plan, &[]), ["1.1", "-2.1", "1.2", "-2.2 -9.1"]);
    assert_eq!(rounds(&plan, &[(1, 1)]), ["1.1", "2.1 -1.2 -2.2", "9.1"]);
    let plan = with(0, &[Variable, Success], &[1]);
    let asked = |expected: bool| {
        next(&plan, &HashMap::new(), |expression| {
            assert_eq!(expression, Expression::Action((1, 1)));
            expected
        })
    };
    assert_eq!(
        (asked(true).start, asked(true).skip.len()),
        (vec![(1, 1)], 0)
    );
    let left_out = asked(false);
    let parts: Vec<_> = left_out.skip.iter().map(|(part, _)| *part).collect();
    assert_eq!((left_out.start.len(), parts), (0, vec![(1, 1)]));
    // Each machine for itself.
    let plan = with(0, &[Variable, Success], &[1, 2]);
    let on_two = next(&plan, &HashMap::new(), |expression| {
        expression == Expression::Action((1, 2))
    });
    let parts: Vec<_> = on_two.skip.iter().map(|(part, _)| *part).collect();
    assert_eq!((on_two.start, parts), (vec![(1, 2)], vec![(1, 1)]));
}

fn any_condition() -> impl Strategy<Value = Condition> {
    prop::sample::select(vec![
        Condition::Success,
        Condition::Failure,
        Condition::Always,
        Condition::Variable,
    ])
}

proptest! {
    /// Whatever fails, in whatever order parts end: every part is begun at most once and ends,
    /// machines take actions one after another, and a window is never overdrawn.
    #[test]
    fn every_plan_comes_to_its_end(
        steps in prop::collection::vec((any_condition(), any::<bool>(), 0..3_usize, prop::collection::vec(any_condition(), 1..3), 1..4_i64), 1..5),
        seed in any::<u64>(),
    ) {
        let mut place = 0;
        let steps: Vec<PlannedStep> = steps.into_iter().map(|(condition, with, window, actions, machines)| {
            let places: Vec<usize> = actions.iter().map(|_| { place += 1; place }).collect();
            let machines: Vec<i64> = (1..=machines).collect();
            PlannedStep { with_previous: with, conditions: actions, ..planned(condition, window, &places, &machines) }
        }).collect();
        let plan = Plan { steps, notes: Vec::new() };
        let all: usize = plan.steps.iter().map(|step| step.actions.len() * step.machines.len()).sum();
        let mut outcomes: HashMap<(usize, i64), Outcome> = HashMap::new();
        let mut dice = seed;
        let mut roll = |sides: u64| { dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407); (dice >> 33) % sides };
        for _ in 0..=6 * all {
            let now = next(&plan, &outcomes, |expression| match expression {
                Expression::Step(at) => (seed >> (at % 60)) & 1 == 0,
                Expression::Action((at, machine)) => (seed >> ((at as u64 + machine as u64) % 50)) & 2 == 0,
            });
            if now.done { break; }
            for (part, _) in &now.skip {
                prop_assert!(!outcomes.contains_key(part));
                outcomes.insert(*part, Outcome::Skipped);
            }
            for part in &now.start {
                prop_assert!(!outcomes.contains_key(part));
                outcomes.insert(*part, Outcome::Running);
            }
            for step in &plan.steps {
                let busy = step.machines.iter().filter(|machine| {
                    let running = step.actions.iter().filter(|action| outcomes.get(&(**action, **machine)) == Some(&Outcome::Running)).count();
                    assert!(running <= 1);
                    running == 1
                }).count();
                prop_assert!(step.window.is_none_or(|window| busy <= window));
            }
            let mut running: Vec<(usize, i64)> = outcomes.iter().filter(|(_, state)| **state == Outcome::Running).map(|(part, _)| *part).collect();
            running.sort_unstable();
            if !running.is_empty() {
                let at = usize::try_from(roll(running.len() as u64)).unwrap_or(0);
                let outcome = match roll(8) { 0 | 1 => Outcome::Failed, 2 => Outcome::Excluded, _ => Outcome::Succeeded };
                outcomes.insert(running[at], outcome);
            }
        }
        prop_assert_eq!(outcomes.len(), all);
        prop_assert!(outcomes.values().all(|state| !matches!(state, Outcome::Running | Outcome::Waiting)));
    }
}
