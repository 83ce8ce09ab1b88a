//! Deployments to machines that are named.

use super::{fleet, shown, step};
use crate::deployment::{By, Order, PlanError, Step, plan};

#[test]
fn of_named_machines_not_every_step_needs_one() {
    let steps = [step("A", "web", &["a"]), step("B", "db", &["b"])];
    let of = |specific: &[i64], steps: &[Step]| {
        let order = Order {
            specific: specific.to_vec(),
            ..Order::default()
        };
        plan(steps, &fleet(), &order).map(|plan| shown(&plan))
    };
    let missing = |step: &str, roles: &str| {
        Err(PlanError::NoMachines {
            step: step.to_owned(),
            roles: roles.to_owned(),
        })
    };
    assert_eq!(of(&[2], &steps), Ok("2:[2]@[2]".to_owned()));
    assert_eq!(of(&[1], &steps), Ok("1:[1]@[1]".to_owned()));
    assert_eq!(of(&[9], &steps), missing("A", "web"));
    // The server's work alone is not what was asked for.
    let mut with_server = [steps[0].clone(), steps[1].clone()];
    with_server[0].roles = Vec::new();
    with_server[0].actions[0].by = By::Server;
    assert_eq!(of(&[3], &with_server), missing("B", "db"));
    assert_eq!(
        of(&[], &[steps[0].clone(), step("C", "mail", &["c"])]),
        missing("C", "mail")
    );
}
