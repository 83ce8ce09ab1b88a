//! A script that prints a secret in every way never shows it: not on the link, nor in any file
//! that the agent keeps, nor in what the agent itself says.

use std::fs;

use wire::v1::{LogLine, Variable, WorkState, start_work_request::Work};

use crate::bench::{Agent, Instance, tree};
use crate::calls::{deploy, failure, texts};
use crate::pack::Package;
use crate::processes::Gate;

const SECRET: &str = "correct-horse-battery";

/// Whole, letter by letter, and in two writes that the agent can't read at once; on both outputs.
/// Fails with the secret in its message.
fn script(gate: &Gate) -> String {
    let wait = gate.wait();
    format!(
        r#"p=$(get_octopusvariable Password)
echo "whole $p"; echo "whole $p" >&2; write_warning "whole $p"
rest=$p
while [ -n "$rest" ]; do
  letter=${{rest%"${{rest#?}}"}}; rest=${{rest#?}}
  printf %s "$letter"; printf %s "$letter" >&2
done
echo; echo >&2
half=${{p%battery}}
printf 'two %s' "$half"; echo 'out is halfway' >&2
{wait}echo battery
printf 'two %s' "$half" >&2; echo 'err is halfway'
{wait}echo battery >&2
update_progress 50 "at $p"
fail_step "not with $p"
"#
    )
}

/// Deploys a package with such a script.
async fn run(agent: &Agent, gate: &mut Gate, sensitive: bool) -> (Vec<LogLine>, WorkState) {
    let package = Package::script(&script(gate));
    agent.send(&package).await;
    let Work::DeployPackage(mut order) = deploy(&package) else {
        panic!("another kind of work");
    };
    order.variables.push(Variable {
        name: "Password".to_owned(),
        value: SECRET.to_owned(),
        sensitive,
    });
    let work = Work::DeployPackage(order);
    agent.order("t-1", work).await.unwrap();
    let mut following = agent.watch("t-1", 0).await;
    for halfway in ["out is halfway", "err is halfway"] {
        following.line(halfway).await;
        gate.open();
    }
    following.end().await
}

/// Wherever the secret can be read after such a deployment.
fn leaks(instance: &Instance, agent: &Agent, lines: &[LogLine], state: &WorkState) -> Vec<String> {
    let mut found = Vec::new();
    let mut look = |place: &str, text: &str| {
        if text.contains(SECRET) {
            found.push(place.to_owned());
        }
    };
    look("the link", &texts(lines).join("\n"));
    look("the outcome", &state.message);
    look("what the agent says", &agent.process.log.text());
    for name in tree(instance.folder.path()) {
        let path = instance.folder.path().join(&name);
        if path.is_file() {
            let bytes = fs::read(path).unwrap();
            look(&name, &String::from_utf8_lossy(&bytes));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printed_secret_is_nowhere() {
    let instance = Instance::new();
    let agent = instance.start();
    let mut gate = Gate::new(instance.folder.path());
    let (lines, state) = run(&agent, &mut gate, true).await;
    assert_eq!(leaks(&instance, &agent, &lines, &state), [""; 0]);
    assert!(failure(&state).contains("not with ****"), "{state:?}");
    let masked = |text: &str| texts(&lines).iter().filter(|line| **line == text).count();
    assert_eq!(masked("whole ****"), 3, "{lines:?}");
    assert_eq!(masked("****"), 2, "{lines:?}");
    assert_eq!(masked("two ****"), 2, "{lines:?}");
}

/// The planted mistake: nobody has said that the value is a secret.
#[tokio::test(flavor = "multi_thread")]
async fn a_leak_would_be_found() {
    let instance = Instance::new();
    let agent = instance.start();
    let mut gate = Gate::new(instance.folder.path());
    let (lines, state) = run(&agent, &mut gate, false).await;
    let expected = [
        "the link",
        "the outcome",
        "instance/work/t-1/log.jsonl",
        "instance/work/t-1/state.json",
    ];
    assert_eq!(leaks(&instance, &agent, &lines, &state), expected);
}
