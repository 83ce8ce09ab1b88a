//! Every page, with nothing but hostile texts.

use api::{CommunicationStyle, TaskState};
use askama::Template as _;

use super::*;

/// A name and the HTML of every page, in each of its shapes.
pub(in crate::portal::tests) fn every_page() -> Vec<(&'static str, String)> {
    let tasks = |tasks: Vec<TaskRow>, filter, pages| TasksPage {
        shell: shell(),
        filter,
        counts: TaskCounts {
            failed: 1,
            ..TaskCounts::default()
        },
        tasks,
        page: 2,
        pages,
    };
    let (id, name) = (hostile(), hostile());
    let mut pages = vec![
        (
            "environments",
            fleet(MachineFilter::All, machines()).render(),
        ),
        (
            "environments, narrowed to nothing",
            fleet(MachineFilter::Offline, vec![machine("a")]).render(),
        ),
        (
            "environments, empty",
            fleet(MachineFilter::All, Vec::new()).render(),
        ),
        (
            "upgrade of all",
            upgrade(UpgradeTarget::All, &["a", HOSTILE]).render(),
        ),
        (
            "upgrade of nothing",
            upgrade(UpgradeTarget::All, &[]).render(),
        ),
        (
            "upgrade of a machine",
            upgrade(UpgradeTarget::Machine { id, name }, &["a"]).render(),
        ),
        ("machine", machine_page().render()),
        (
            "tasks",
            tasks(vec![row(TaskState::Queued)], TaskFilter::All, 3).render(),
        ),
        (
            "tasks, empty",
            tasks(Vec::new(), TaskFilter::All, 1).render(),
        ),
        (
            "tasks, narrowed to nothing",
            tasks(Vec::new(), TaskFilter::Queued, 1).render(),
        ),
        (
            "task, executing",
            task_page(TaskState::Executing, log(), "").render(),
        ),
        (
            "task, failed",
            task_page(TaskState::Failed, log(), "").render(),
        ),
        (
            "task, searched",
            task_page(TaskState::Executing, log(), HOSTILE).render(),
        ),
        (
            "task, queued",
            task_page(TaskState::Queued, Vec::new(), "").render(),
        ),
    ];
    pages.extend(projects());
    pages.extend(packages());
    pages.extend(doors());
    pages
        .into_iter()
        .map(|(name, html)| (name, html.unwrap()))
        .collect()
}

fn row(state: TaskState) -> TaskRow {
    let TaskView {
        id,
        description,
        queued,
        started,
        completed,
        ..
    } = task(state);
    TaskRow {
        id,
        state,
        description,
        queued,
        started,
        completed,
    }
}

fn machine_page() -> MachinePage {
    let running = Upgrade::Running {
        task: hostile(),
        activity: hostile(),
        percent: None,
    };
    let version = |standing| VersionRow {
        version: hostile(),
        running: true,
        standing,
        reason: hostile(),
        detail: hostile(),
        last_lines: vec![hostile(), hostile()],
    };
    MachinePage {
        shell: shell(),
        machine: MachineRow {
            summary: hostile(),
            upgrade: running,
            ..machine(HOSTILE)
        },
        facts: MachineFacts {
            environments: vec![hostile()],
            communication_style: CommunicationStyle::TentacleActive,
            uri: hostile(),
            thumbprint: hostile(),
            rid: Some(hostile()),
            operating_system: Some(hostile()),
        },
        versions: vec![version(Standing::Bad), version(Standing::Trial)],
        tasks: vec![row(TaskState::Executing)],
    }
}

fn projects() -> [(&'static str, askama::Result<String>); 5] {
    let project = || ProjectRow {
        id: hostile(),
        name: hostile(),
        description: hostile(),
        is_disabled: true,
    };
    let trigger = |is_disabled| TriggerRow {
        id: format!("{}{is_disabled}", hostile()),
        name: hostile(),
        environments: vec![hostile()],
        roles: vec![hostile()],
        redeploys: is_disabled,
        is_disabled,
    };
    let release = |is_held| ReleaseRow {
        id: hostile(),
        version: hostile(),
        environments: vec![hostile()],
        made: before(9),
        is_held,
    };
    let page = |triggers, releases| ProjectPage {
        shell: shell(),
        project: project(),
        triggers,
        releases,
    };
    let one = |is_held| ReleasePage {
        shell: shell(),
        project: project(),
        release: release(is_held),
        notes: hostile(),
        places: vec![
            PlaceRow {
                id: hostile(),
                name: hostile(),
                last: Some(LastDeployment {
                    task: hostile(),
                    state: TaskState::Success,
                    when: before(9),
                }),
                obstacle: None,
            },
            PlaceRow {
                id: hostile(),
                name: hostile(),
                last: None,
                obstacle: Some(hostile()),
            },
        ],
        asked: [(true, true), (false, false)]
            .map(|(is_required, is_sensitive)| AskedRow {
                field: hostile(),
                label: hostile(),
                description: hostile(),
                value: hostile(),
                is_required,
                is_sensitive,
            })
            .to_vec(),
        defects: vec![
            DefectRow {
                description: hostile(),
                reported: (hostile(), before(9)),
                resolved: None,
            },
            DefectRow {
                description: hostile(),
                reported: (hostile(), before(9)),
                resolved: Some((hostile(), before(9))),
            },
        ],
    };
    let list = ProjectsPage {
        shell: shell(),
        projects: vec![project()],
    };
    [
        ("projects", list.render()),
        (
            "project",
            page(vec![trigger(true), trigger(false)], vec![release(true)]).render(),
        ),
        ("project, empty", page(Vec::new(), Vec::new()).render()),
        ("release, held back", one(true).render()),
        ("release", one(false).render()),
    ]
}

fn packages() -> [(&'static str, askama::Result<String>); 4] {
    let row = PackageRow {
        id: hostile(),
        newest: hostile(),
        versions: 3,
        size: 812,
        published: before(9),
    };
    let list = |query: &str, packages: Vec<PackageRow>, total| PackagesPage {
        shell: shell(),
        query: query.to_owned(),
        matching: packages.len() as u64,
        packages,
        page: 2,
        pages: 3,
        total,
        server_url: hostile(),
    };
    let version = PackageVersionRow {
        version: hostile(),
        size: 812,
        published: before(9),
        hash: hostile(),
        download: hostile(),
    };
    let one = PackagePage {
        shell: shell(),
        id: hostile(),
        description: hostile(),
        versions: vec![version],
        environments: vec![(hostile(), hostile())],
    };
    [
        ("packages", list(HOSTILE, vec![row], 1).render()),
        (
            "packages, nothing found",
            list(HOSTILE, Vec::new(), 1).render(),
        ),
        ("packages, empty", list("", Vec::new(), 0).render()),
        ("package", one.render()),
    ]
}

fn doors() -> [(&'static str, askama::Result<String>); 3] {
    let sign_in = SignInPage {
        csrf: "token".to_owned(),
        server_version: hostile(),
        username: hostile(),
        error: Some(hostile()),
        next: hostile(),
    };
    let error = ErrorPage {
        shell: shell(),
        status: 404,
        title: hostile(),
        message: hostile(),
        way_out: (hostile(), hostile()),
    };
    let outside = ErrorPage {
        shell: Shell {
            user: String::new(),
            ..shell()
        },
        ..error.clone()
    };
    [
        ("sign-in", sign_in.render()),
        ("error", error.render()),
        ("error, signed out", outside.render()),
    ]
}
