//! The pieces that change, as HTML.

use api::{LogCategory, TaskState};
use askama::Template as _;
use expect_test::{Expect, expect};

use super::sample::{fleet, line, machine, shell, task, task_page, upgrade};
use crate::portal::view::{LogLine, MachineFilter, MachineRow, Upgrade, UpgradeTarget};

/// The part of a page between two texts, tags on lines of their own and pictures short.
fn check(html: &str, from: &str, to: &str, expected: &Expect) {
    let (_, part) = html.split_once(from).unwrap();
    let (part, _) = part.split_once(to).unwrap();
    let mut text = String::new();
    for (at, piece) in part.split("<svg").enumerate() {
        let piece = piece
            .split_once("</svg>")
            .filter(|_| at > 0)
            .map_or(piece, |(_, rest)| rest);
        if at > 0 {
            text.push('*');
        }
        text.push_str(piece);
    }
    expected.assert_eq(text.replace("><", ">\n<").trim());
}

fn row(machine: MachineRow) -> String {
    fleet(MachineFilter::All, vec![machine]).render().unwrap()
}

const CELL: &str = r#"<td role="cell" class="upgrade-column">"#;

#[test]
fn a_machine_that_can_be_upgraded() {
    let html = row(machine("web-01"));
    check(
        &html,
        CELL,
        "</td>",
        &expect![[r##"
        <div>
        <span>2.0.0 available</span>
        <a class="button small" href="/machines/Machines-web-01/upgrade" data-dialog hx-get="/machines/Machines-web-01/upgrade" hx-select="#confirm" hx-target="#dialog" aria-label="Upgrade: web-01">Upgrade…</a>
        </div>"##]],
    );
}

#[test]
fn a_machine_that_is_being_upgraded() {
    let upgrade = Upgrade::Running {
        task: "ServerTasks-7".to_owned(),
        activity: "Copying the package".to_owned(),
        percent: Some(42),
    };
    let html = row(MachineRow {
        upgrade,
        ..machine("web-01")
    });
    check(
        &html,
        CELL,
        "</td>",
        &expect![[r#"
        <div>
        <a class="running" href="/tasks/ServerTasks-7">
        <progress max="100" value="42" aria-label="Upgrade of web-01">
        </progress>
        <span class="why">Copying the package</span>
        </a>
        </div>"#]],
    );
}

#[test]
fn a_machine_that_was_rolled_back() {
    let upgrade = Upgrade::RolledBack {
        version: "2.0.0".to_owned(),
        reason: "crashed".to_owned(),
        detail: "It ended 5 times in 0.4 s.".to_owned(),
        task: Some("ServerTasks-7".to_owned()),
    };
    let html = row(MachineRow {
        upgrade,
        ..machine("web-01")
    });
    check(
        &html,
        CELL,
        "</td>",
        &expect![[r##"
        <div>
        <span>
        <span class="state warn">*2.0.0 rolled back</span>
        <span class="why" title="It ended 5 times in 0.4 s.">crashed · <a href="/tasks/ServerTasks-7">log</a>
        </span>
        </span>
        <a class="button small" href="/machines/Machines-web-01/upgrade" data-dialog hx-get="/machines/Machines-web-01/upgrade" hx-select="#confirm" hx-target="#dialog" aria-label="Try again: web-01">Try again…</a>
        </div>"##]],
    );
}

#[test]
fn what_an_upgrade_will_do() {
    let target = UpgradeTarget::Environment {
        id: "Environments-1".to_owned(),
        name: "Staging".to_owned(),
    };
    let mut page = upgrade(target, &["web-01", "web-02"]);
    (page.warning, page.error) = (None, None);
    page.left_out[0].why = "offline".to_owned();
    page.left_out[0].machines = vec!["db-01".to_owned()];
    let html = page.render().unwrap();
    check(
        &html,
        "<div id=\"confirm\">",
        "</div>",
        &expect![[r#"
            <h1 id="confirm-title" tabindex="-1" autofocus>Upgrade 2 Tentacles to 2.0.0 in Staging</h1>
            <p>On each machine the running version stays until the new one has proved itself, and comes back if it does not. Deployments that are under way end first.</p>
            <details>
            <summary>2 machines will be upgraded</summary>
            <ul class="names">
            <li>web-01</li>
            <li>web-02</li>
            </ul>
            </details>
            <details>
            <summary>1 machine left out: offline</summary>
            <ul class="names">
            <li>db-01</li>
            </ul>
            </details>
            <form method="post" action="/api/Spaces-1/tasks" class="actions">
            <input type="hidden" name="csrf" value="token">
            <input type="hidden" name="Name" value="Upgrade">
            <input type="hidden" name="EnvironmentId" value="Environments-1">
            <input type="hidden" name="Version" value="2.0.0">
            <button class="main">Upgrade 2 Tentacles to 2.0.0</button>
            <a class="button" href="/environments" data-close>Do nothing</a>
            </form>
            <p class="meta">The task’s page, which opens next, shows each machine’s progress and log.</p>"#]],
    );
}

#[test]
fn without_machines_there_is_nothing_to_confirm() {
    let html = upgrade(UpgradeTarget::All, &[]).render().unwrap();
    assert!(html.contains("autofocus>Nothing to upgrade</h1>"));
    assert!(!html.contains("<button class=\"main\">"));
}

#[test]
fn the_head_of_a_failed_task() {
    let mut page = task_page(TaskState::Failed, Vec::new(), "");
    page.task.description = "Upgrade 2 Tentacles".to_owned();
    page.task.error = "1 of 2 machines failed.".to_owned();
    page.task.machines[1].name = "web-02".to_owned();
    page.task.machines[1].error = "The disk is full.".to_owned();
    let html = page.render().unwrap();
    check(
        &html,
        "<header id=\"task-head\">",
        "</header>",
        &expect![[r##"
            <div class="title">
            <h1>Upgrade 2 Tentacles</h1>
            </div>
            <p class="standing">
            <span role="status">
            <span class="state bad">*Failed</span>
            </span>
            <span class="meta">started <time datetime="2026-11-23T23:48:00Z" data-show="ago" title="2026-11-23 23:48:00 UTC">1 minute ago</time>
            </span>
            <span class="meta">took <span class="mono">
            <time datetime="2026-11-23T23:49:11Z" data-show="end" title="2026-11-23 23:49:11 UTC">1 m 11 s</time>
            </span>
            </span>
            <span class="meta mono">ServerTasks-7</span>
            </p>
            <div class="problem" role="alert">*<div>
            <p>1 of 2 machines failed.</p>
            <ul>
            <li>
            <a href="#m2">web-02</a>: The disk is full.</li>
            </ul>
            </div>
            </div>
            <form class="question" method="post" action="/interruptions/Interruptions-1">
            <input type="hidden" name="csrf" value="token">
            <h2>&#60;script&#62;alert(1)&#60;/script&#62;&#34;&#39;&#62;&#60;img src=x onerror=alert(1)&#62;&#38;amp;</h2>
            <p class="instructions">&#60;script&#62;alert(1)&#60;/script&#62;&#34;&#39;&#62;&#60;img src=x onerror=alert(1)&#62;&#38;amp;</p>
            <p class="meta">taken by &#60;script&#62;alert(1)&#60;/script&#62;&#34;&#39;&#62;&#60;img src=x onerror=alert(1)&#62;&#38;amp;</p>
            <p>
            <label for="notes-Interruptions-1">Notes</label> <input id="notes-Interruptions-1" name="notes" maxlength="1000" autocomplete="off">
            </p>
            <p>
            <button name="answer" value="Proceed">Proceed</button> <button name="answer" value="Abort" class="quiet">Abort</button> </p>
            </form>
            <p class="meta">2 machines: 1 failed · 1 executing</p>
            <p class="artifacts">Artifacts: <span>
            <a href="/api/Spaces-1/artifacts/Artifacts-1/content" download>&#60;script&#62;alert(1)&#60;/script&#62;&#34;&#39;&#62;&#60;img src=x onerror=alert(1)&#62;&#38;amp;</a> <span class="meta">1.2 kB, &#60;script&#62;alert(1)&#60;/script&#62;&#34;&#39;&#62;&#60;img src=x onerror=alert(1)&#62;&#38;amp;</span>
            </span>
            </p>"##]],
    );
}

#[test]
fn a_line_of_each_level() {
    use LogCategory::{Error, Highlight, Info, Verbose, Wait, Warning};
    let levels = [Verbose, Info, Highlight, Wait, Warning, Error];
    let lines = levels
        .into_iter()
        .zip(1..)
        .map(|(level, sequence)| LogLine {
            level,
            ..line(sequence, None, "", "text")
        });
    let mut page = task_page(TaskState::Executing, lines.collect(), "");
    page.task.machines.clear();
    let html = page.render().unwrap();
    check(
        &html,
        "<div class=\"lines\" id=\"s1\">",
        "<div id=\"machines\">",
        &expect![[r##"
            <div class="line verbose" id="L1">
            <a class="number" href="#L1">1</a>
            <time datetime="2026-11-23T23:48:12Z" data-show="clock">23:48:12</time>
            <span class="text">text</span>
            </div>
            <div class="line info" id="L2">
            <a class="number" href="#L2">2</a>
            <time datetime="2026-11-23T23:48:12Z" data-show="clock">23:48:12</time>
            <span class="text">text</span>
            </div>
            <div class="line highlight" id="L3">
            <span class="level busy" title="Highlight">*<span class="unseen">Highlight: </span>
            </span>
            <a class="number" href="#L3">3</a>
            <time datetime="2026-11-23T23:48:12Z" data-show="clock">23:48:12</time>
            <span class="text">text</span>
            </div>
            <div class="line wait" id="L4">
            <span class="level idle" title="Wait">*<span class="unseen">Wait: </span>
            </span>
            <a class="number" href="#L4">4</a>
            <time datetime="2026-11-23T23:48:12Z" data-show="clock">23:48:12</time>
            <span class="text">text</span>
            </div>
            <div class="line warning" id="L5">
            <span class="level warn" title="Warning">*<span class="unseen">Warning: </span>
            </span>
            <a class="number" href="#L5">5</a>
            <time datetime="2026-11-23T23:48:12Z" data-show="clock">23:48:12</time>
            <span class="text">text</span>
            </div>
            <div class="line error" id="L6">
            <span class="level bad" title="Error">*<span class="unseen">Error: </span>
            </span>
            <a class="number" href="#L6">6</a>
            <time datetime="2026-11-23T23:48:12Z" data-show="clock">23:48:12</time>
            <span class="text">text</span>
            </div>
            </div>
            </div>
            </details>"##]],
    );
}

/// Which details are open, by id or name.
fn open(html: &str) -> Vec<&str> {
    let opened = html.split("<details").skip(1).filter(|details| {
        let (tag, _) = details.split_once('>').unwrap();
        tag.ends_with(" open")
    });
    let names = opened.map(|details| {
        let block = details
            .split_once("id=\"m")
            .filter(|(before, _)| !before.contains('>'));
        let step = || details.split_once("<summary>").unwrap().1;
        block
            .map_or_else(step, |(_, rest)| rest)
            .split(['"', '<'])
            .next()
            .unwrap()
    });
    names.collect()
}

#[test]
fn what_needs_attention_is_unfolded() {
    let on = |machine| Some(machine);
    let lines = vec![
        line(2, None, "Plan", "calm"),
        line(4, on("Machines-1"), "Copy", "calm"),
        line(6, on("Machines-2"), "Copy", "calm"),
        line(7, on("Machines-2"), "Confirm", "a warning"),
    ];
    let page = task_page(TaskState::Failed, lines.clone(), "");
    assert_eq!(
        open(&page.render().unwrap()),
        ["Plan", "Copy", "2", "Copy", "Confirm"]
    );
    let searched = task_page(TaskState::Failed, lines, "WARNING");
    assert_eq!(open(&searched.render().unwrap()), ["2", "Confirm"]);
}

#[test]
fn long_logs_are_folded_and_cut_but_never_where_they_go_on() {
    let mut lines: Vec<_> = (1..=600)
        .map(|n| line(n * 2, Some("Machines-1"), "Copy", "x"))
        .collect();
    lines.push(line(2000, Some("Machines-1"), "Deploy", "x"));
    let html = task_page(TaskState::Executing, lines, "").render().unwrap();
    assert!(html.contains("The first 100 lines of this step are left out here"));
    assert!(!html.contains("id=\"L200\"") && html.contains("id=\"L202\""));
    assert_eq!(open(&html), ["Deploy", "2"]);
    assert!(
        html.contains("id=\"s2\""),
        "the segment keeps the id of its first line"
    );
}

#[test]
fn live_updates_are_asked_for_only_where_something_can_change() {
    let url = |state, query| {
        let page = task_page(state, vec![line(8, None, "", "text")], query);
        page.render()
            .unwrap()
            .contains("hx-sse:connect=\"/tasks/ServerTasks-7/events?after=8.2\"")
    };
    assert!(url(TaskState::Executing, ""));
    assert!(url(TaskState::Queued, ""));
    assert!(!url(TaskState::Executing, "text"));
    assert!(!url(TaskState::Failed, ""));
}

#[test]
fn only_a_task_that_runs_can_be_cancelled() {
    for state in [TaskState::Queued, TaskState::Executing] {
        let html = task_page(state, Vec::new(), "").render().unwrap();
        assert!(
            html.contains("action=\"/tasks/ServerTasks-7/cancel\""),
            "{state:?}"
        );
    }
    for state in [
        TaskState::Cancelling,
        TaskState::Canceled,
        TaskState::Success,
    ] {
        let html = task_page(state, Vec::new(), "").render().unwrap();
        assert!(!html.contains("/cancel"), "{state:?}");
    }
    assert!(task(TaskState::Success).completed.is_some() && !shell().csrf.is_empty());
}
