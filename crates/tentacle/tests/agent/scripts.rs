//! A step's script, without a package: the same variables decide as in a deployment.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use wire::v1::{RunScript, Variable, WorkState, start_work_request::Work, work_state::Phase};

use crate::bench::{Agent, Instance};

/// Variables, a script, and what is wrong with its end, if anything.
type Row<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

/// Runs a Bash script to its end.
async fn run(agent: &Agent, ticket: &str, body: &str, variables: &[(&str, &str)]) -> WorkState {
    let variable = |(name, value): &(&str, &str)| Variable {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
        sensitive: *name == "Password",
    };
    let order = Work::RunScript(RunScript {
        body: body.to_owned(),
        syntax: "Bash".to_owned(),
        name: "Check".to_owned(),
        variables: variables.iter().map(variable).collect(),
    });
    agent.watch_order(ticket, order).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_decide_as_in_a_deployment() {
    let instance = Instance::new();
    let agent = instance.start();
    let timeout = "Octopus.Action.Script.Timeout";
    let strict = ("Octopus.Action.FailScriptOnErrorOutput", "True");
    let rows: &[Row<'_>] = &[
        (&[], "exit 3", "the script ended with exit code 3"),
        (&[], "kill -9 $$", "the script was ended by signal 9"),
        (
            &[("Password", "correct-horse")],
            "fail_step \"not with $(get_octopusvariable Password)\"",
            "the script ended with exit code 1, and says: not with ****",
        ),
        (
            &[(timeout, "0.1")],
            "sleep 600",
            "the script took longer than the 0.1 s that Octopus.Action.Script.Timeout allows",
        ),
        (
            &[(timeout, "soon")],
            "true",
            "the variable Octopus.Action.Script.Timeout must be a number of seconds greater than 0, and is \"soon\"",
        ),
        (
            &[strict],
            "echo oops >&2",
            "the script wrote to standard error, which the step does not allow",
        ),
        (&[], "echo oops >&2", ""),
        // A cycle harms only who asks for it.
        (&[("Loop", "#{Loop}")], "true", ""),
        (
            &[],
            "case '#{ | NowDateUtc yyyy}' in 2*) ;; *) exit 5;; esac; [ '#{env:PATH}' = \"$PATH\" ] || exit 6
            [ -n \"$(get_octopusvariable Octopus.Machine.Name)\" ] || exit 7",
            "",
        ),
    ];
    for (at, (variables, body, complaint)) in rows.iter().enumerate() {
        let state = run(&agent, &format!("t-{at}"), body, variables).await;
        let (phase, message) = match complaint.is_empty() {
            true => (Phase::Succeeded, "The script has run."),
            false => (Phase::Failed, *complaint),
        };
        assert_eq!(
            (state.phase(), state.message.as_str()),
            (phase, message),
            "{body}"
        );
    }
}

/// There are artifacts and output variables in it.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_script_leaves_is_for_nobody_else() {
    let instance = Instance::new();
    let agent = instance.start();
    run(
        &agent,
        "t-1",
        "set_octopusvariable Token t0ps3cret -sensitive",
        &[],
    )
    .await;
    let folder = instance.folder.path().join("instance/work/t-1");
    let mode = fs::metadata(folder).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}
