//! Counts as filters, and what can be upgraded.

use api::TaskState;
use askama::Template as _;
use expect_test::expect;

use super::sample::{fleet, machine, machines, shell};
use crate::portal::view::{MachineFilter, MachineRow, TaskCounts, TaskFilter, TasksPage};

/// The texts of the links in the counts.
fn counts(html: &str) -> String {
    let (_, list) = html.split_once(r#"<nav class="counts""#).unwrap();
    let (list, _) = list.split_once("</nav>").unwrap();
    let links = list.split("<a href=\"").skip(1).map(|link| {
        let (href, rest) = link.split_once('"').unwrap();
        let (attributes, text) = rest.split_once('>').unwrap();
        let text = text
            .split("</a>")
            .next()
            .unwrap()
            .replace("<b>", "")
            .replace("</b>", "");
        format!("{text:16}{href}{attributes}\n")
    });
    links.collect()
}

#[test]
fn machines_of_two_environments_count_once() {
    let page = fleet(MachineFilter::RolledBack, machines());
    expect![[r#"
        7 machines      /environments
        2 upgradable    /environments?filter=upgradable
        1 offline       /environments?filter=offline
        1 unhealthy     /environments?filter=unhealthy
        2 rolled back   /environments?filter=rolled-back aria-current="true"
        1 upgrading     /environments?filter=upgrading
    "#]]
    .assert_eq(&counts(&page.render().unwrap()));
}

#[test]
fn a_filter_leaves_its_machines_alone() {
    let cases = [
        (MachineFilter::All, 7),
        (MachineFilter::Upgradable, 2),
        (MachineFilter::Offline, 1),
        (MachineFilter::Unhealthy, 1),
        (MachineFilter::RolledBack, 2),
        (MachineFilter::Upgrading, 1),
    ];
    for (filter, rows) in cases {
        let html = fleet(filter, machines()).render().unwrap();
        assert_eq!(
            html.matches("<td role=\"cell\" class=\"name-column\">")
                .count(),
            2 * rows
        );
    }
}

#[test]
fn queries_name_filters() {
    for filter in [
        MachineFilter::Upgradable,
        MachineFilter::Offline,
        MachineFilter::Unhealthy,
        MachineFilter::RolledBack,
        MachineFilter::Upgrading,
    ] {
        let html = fleet(filter, machines()).render().unwrap();
        let (_, link) = html.split_once("filter=").unwrap();
        let current = html.split("aria-current=\"true\"").next().unwrap();
        let (_, key) = current.rsplit_once("filter=").unwrap();
        assert_eq!(
            MachineFilter::from_query(key.trim_end_matches("\" ")),
            filter,
            "{link}"
        );
    }
    for unknown in ["", "all", "Offline", "<script>"] {
        assert_eq!(MachineFilter::from_query(unknown), MachineFilter::All);
        assert_eq!(TaskFilter::from_query(unknown), TaskFilter::All);
    }
    assert_eq!(TaskFilter::from_query("failed"), TaskFilter::Failed);
}

#[test]
fn the_main_action_names_the_version_only_when_it_is_one() {
    let label = |machines: Vec<MachineRow>| {
        let html = fleet(MachineFilter::All, machines).render().unwrap();
        let (_, rest) = html.split_once("</h1>").unwrap();
        let (header, _) = rest.split_once("</header>").unwrap();
        let (_, label) = header.rsplit_once("\">")?;
        Some(label.trim_end().trim_end_matches("</a>").to_owned())
    };
    let other = MachineRow {
        available: Some("2.0.1".to_owned()),
        ..machine("other")
    };
    let newest = MachineRow {
        available: None,
        ..machine("newest")
    };
    assert_eq!(
        label(vec![machine("a")]).unwrap(),
        "Upgrade 1 Tentacle to 2.0.0…"
    );
    assert_eq!(
        label(vec![machine("a"), newest.clone()]).unwrap(),
        "Upgrade 1 Tentacle to 2.0.0…"
    );
    assert_eq!(
        label(vec![machine("a"), other]).unwrap(),
        "Upgrade 2 Tentacles…"
    );
    assert_eq!(label(vec![newest]), None);
}

#[test]
fn only_what_helps_is_upgraded() {
    let can: Vec<String> = machines()
        .into_iter()
        .filter(MachineRow::is_upgradable)
        .map(|row| row.name)
        .collect();
    assert_eq!(can, ["plain", "rolled-back-newer"]);
}

#[test]
fn tasks_are_counted_and_paged_within_their_filter() {
    let page = TasksPage {
        shell: shell(),
        filter: TaskFilter::Failed,
        counts: TaskCounts {
            executing: 1,
            queued: 2,
            failed: 30,
            success: 12_340,
            canceled: 0,
        },
        tasks: Vec::new(),
        page: 2,
        pages: 3,
    };
    let html = page.render().unwrap();
    expect![[r#"
        12 373 tasks    /tasks
        1 executing     /tasks?filter=executing
        2 queued        /tasks?filter=queued
        30 failed       /tasks?filter=failed aria-current="true"
        12 340 success  /tasks?filter=success
        0 canceled      /tasks?filter=canceled class="none"
    "#]]
    .assert_eq(&counts(&html));
    assert!(html.contains(r#"rel="prev" href="/tasks?filter=failed""#));
    assert!(html.contains(r#"rel="next" href="/tasks?filter=failed&#38;page=3""#));
    assert!(TaskFilter::Executing.keeps(TaskState::Cancelling));
    assert!(!TaskFilter::Success.keeps(TaskState::Failed));
}
