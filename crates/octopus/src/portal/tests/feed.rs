//! Live updates of a task's page.

use std::collections::BTreeMap;

use api::TaskState;
use askama::Template as _;
use expect_test::expect;

use super::html::tags;
use super::sample::{NOW, line, log, task, task_page};
use crate::portal::view::{Cursor, LogLine, Now, TaskFeed, TaskView, Update};

fn lines() -> Vec<LogLine> {
    let (one, two) = (Some("Machines-1"), Some("Machines-2"));
    vec![
        line(1, None, "Plan", "a"),
        line(2, one, "Copy", "b"),
        line(3, two, "Copy", "c"),
        line(4, one, "Copy", "d"),
        line(5, None, "Plan", "e"),
        line(6, one, "Install", "f"),
        line(7, two, "", "g"),
        line(8, two, "Copy", "h"),
        line(9, one, "Install", "i"),
        line(10, Some("Machines-9"), "Plan", "j"),
    ]
}

fn update(feed: &mut TaskFeed, task: &TaskView, lines: &[LogLine]) -> Option<Update> {
    feed.update(Now(NOW), "token", task, lines).unwrap()
}

/// Where each line is on a page: id of the line → ids of what is around it.
fn places(html: &str, root: &str) -> BTreeMap<String, String> {
    let mut stack: Vec<(usize, String)> = vec![(0, root.to_owned())];
    let mut places = BTreeMap::new();
    for tag in tags(html) {
        stack.retain(|(depth, _)| *depth < tag.within.len() + 1);
        let Some(id) = tag.get("id") else { continue };
        if id.starts_with('L') {
            let (_, around) = stack.last().unwrap();
            places.insert(id.to_owned(), around.clone());
        } else {
            stack.push((tag.within.len() + 1, id.to_owned()));
        }
    }
    places
}

/// Puts an update's lines where htmx would.
fn apply(places_of_page: &mut BTreeMap<String, String>, update: &Update) {
    for part in update.html.split("<hx-partial hx-target=\"#").skip(1) {
        let (target, rest) = part.split_once('"').unwrap();
        let (_, rest) = rest.split_once('>').unwrap();
        let (content, _) = rest.rsplit_once("</hx-partial>").unwrap();
        for (line, place) in places(content, target) {
            assert!(
                places_of_page.insert(line.clone(), place).is_none(),
                "{line} twice"
            );
        }
    }
}

#[test]
fn a_page_that_is_updated_equals_a_page_that_is_fetched_later() {
    let whole = task_page(TaskState::Executing, lines(), "")
        .render()
        .unwrap();
    let whole = places(&whole, "page");
    assert_eq!(whole.len(), 10);
    let task = task(TaskState::Executing);
    for shown in 0..=10 {
        for step in 1..=4 {
            let early = task_page(TaskState::Executing, lines()[..shown].to_vec(), "");
            let mut page = places(&early.render().unwrap(), "page");
            let cursor = Cursor {
                sequence: shown as u64,
                machines: 2,
            };
            let mut feed = TaskFeed::new(cursor, &task, &lines());
            for upto in (shown..=10).step_by(step).chain([10]) {
                if let Some(update) = update(&mut feed, &task, &lines()[..upto]) {
                    apply(&mut page, &update);
                }
            }
            assert_eq!(page, whole, "from {shown} in steps of {step}");
        }
    }
}

#[test]
fn nothing_new_is_nothing_sent() {
    let task = task(TaskState::Executing);
    let mut feed = TaskFeed::new(
        Cursor {
            sequence: 10,
            machines: 2,
        },
        &task,
        &lines(),
    );
    let first = update(&mut feed, &task, &lines()).unwrap();
    assert_eq!(first.id, "10.2");
    assert!(first.html.contains("#task-head") && first.html.contains("#r2"));
    assert!(!first.html.contains("beforeend"));
    assert_eq!(update(&mut feed, &task, &lines()), None);
}

#[test]
fn progress_of_one_machine_replaces_its_line_alone() {
    let mut task = task(TaskState::Executing);
    let mut feed = TaskFeed::new(
        Cursor {
            sequence: 0,
            machines: 2,
        },
        &task,
        &[],
    );
    update(&mut feed, &task, &[]);
    task.machines[1].state = TaskState::Executing;
    task.machines[1].error = String::new();
    update(&mut feed, &task, &[]);
    task.machines[1].name = "web-02".to_owned();
    task.machines[1].activity = "Copying".to_owned();
    update(&mut feed, &task, &[]);
    task.machines[1].bytes = Some((18_300_000, 43_100_000));
    let html = update(&mut feed, &task, &[]).unwrap().html;
    let (head, rest) = html.split_once("<span class=\"machine\">").unwrap();
    assert!(head.starts_with("<hx-partial hx-target=\"#r2\" hx-swap=\"innerMorph\">"));
    expect![[r#"web-02</span><span class="activity">Copying</span><span class="gauge"><progress max="100" value="42" aria-label="Progress on web-02"></progress></span><span class="measure mono">18 MB of 43 MB</span><span class="took mono"><time datetime="2026-11-23T23:48:12Z" data-show="since" title="2026-11-23 23:48:12 UTC">1 m 0 s</time></span></hx-partial>"#]]
    .assert_eq(rest);
}

#[test]
fn a_machine_that_joins_brings_its_lines_along() {
    let mut task = task(TaskState::Executing);
    let late = task.machines.pop().unwrap();
    let mut feed = TaskFeed::new(
        Cursor {
            sequence: 0,
            machines: 1,
        },
        &task,
        &[],
    );
    update(&mut feed, &task, &[]);
    task.machines.push(late);
    let update = update(
        &mut feed,
        &task,
        &[line(1, Some("Machines-2"), "Copy", "x")],
    )
    .unwrap();
    assert_eq!(update.id, "1.2");
    let (_, block) = update
        .html
        .split_once("#machines\" hx-swap=\"beforeend\">")
        .unwrap();
    assert!(block.starts_with("<details class=\"block\" id=\"m2\">"));
    assert_eq!(
        places(block.split("</hx-partial>").next().unwrap(), "")["L1"],
        "s1"
    );
    assert!(
        !update.html.contains("hx-target=\"#r2\""),
        "it is not there to be replaced"
    );
}

#[test]
fn the_end_is_told_with_its_reason_and_title() {
    let running = task(TaskState::Executing);
    let mut feed = TaskFeed::new(
        Cursor {
            sequence: 0,
            machines: 2,
        },
        &running,
        &[],
    );
    update(&mut feed, &running, &[]);
    let html = update(&mut feed, &task(TaskState::Failed), &[])
        .unwrap()
        .html;
    assert!(html.contains("<title>Failed · &#60;script&#62;"));
    assert!(html.contains("class=\"problem\"") && !html.contains("/cancel"));
}

#[test]
fn no_text_of_a_log_can_break_the_event_or_the_page() {
    let task = task(TaskState::Failed);
    let mut hostile = log();
    hostile.push(line(
        5,
        None,
        "\r\n",
        "\r\ndata: </hx-partial><hx-partial hx-target=\"body\">",
    ));
    let mut feed = TaskFeed::new(
        Cursor {
            sequence: 0,
            machines: 2,
        },
        &task,
        &[],
    );
    let html = update(&mut feed, &task, &hostile).unwrap().html;
    assert!(!html.contains('\r') && !html.contains("<script>") && !html.contains("<img"));
    assert!(!html.contains("hx-target=\"body\""));
    tags(&html);
}

#[test]
fn cursors_are_read_as_they_are_written() {
    for (text, sequence, machines) in [("340.5", 340, 5), ("0.0", 0, 0), ("7", 7, 0)] {
        assert_eq!(text.parse(), Ok(Cursor { sequence, machines }));
    }
    assert_eq!(
        Cursor {
            sequence: 340,
            machines: 5
        }
        .to_string(),
        "340.5"
    );
    for text in [
        "",
        "x",
        "1.",
        ".1",
        "-1.0",
        "1.2.3",
        "99999999999999999999.0",
    ] {
        assert!(text.parse::<Cursor>().is_err(), "{text}");
    }
}
