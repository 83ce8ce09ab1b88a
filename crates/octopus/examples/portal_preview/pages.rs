//! Every page, by its path.

use api::{CommunicationStyle, TaskState};
use askama::Template as _;
use jiff::Timestamp;
use octopus::portal::view::{
    AskedRow, DefectRow, EnvironmentsPage, ErrorPage, LastDeployment, LeftOut, LogLine,
    MachineFacts, MachineFilter, MachinePage, Now, PackagePage, PackageRow, PackageVersionRow,
    PackagesPage, PlaceRow, ProjectPage, ProjectRow, ProjectsPage, ReleasePage, ReleaseRow,
    Section, Shell, SignInPage, TaskCounts, TaskFilter, TaskPage, TaskView, TasksPage, TriggerRow,
    UpgradePage, UpgradeTarget,
};

use crate::fleet::{before, environments, rolled_back, versions};
use crate::tasks;

const SERVER: &str = "https://octopus.example.com";
const THUMBPRINT: &str = "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08";

fn shell(now: Timestamp, section: Section) -> Shell {
    Shell {
        user: "admin".to_owned(),
        csrf: "csrf-token".to_owned(),
        server_version: "2.0.0".to_owned(),
        now: Now(now),
        section,
    }
}

/// Path and HTML of each page.
pub(crate) fn all(now: Timestamp) -> askama::Result<Vec<(String, String)>> {
    let mut pages = Vec::new();
    for (path, filter) in [
        ("", MachineFilter::All),
        ("-rolled-back", MachineFilter::RolledBack),
    ] {
        let page = EnvironmentsPage {
            filter,
            ..fleet_page(now)
        };
        pages.push((format!("/environments{path}"), page.render()?));
    }
    let none = EnvironmentsPage {
        filter: MachineFilter::Unhealthy,
        ..fleet_page(now)
    };
    let none = EnvironmentsPage {
        environments: none.environments.into_iter().skip(1).collect(),
        ..none
    };
    pages.push(("/environments-none".to_owned(), none.render()?));
    let empty = EnvironmentsPage {
        environments: Vec::new(),
        ..fleet_page(now)
    };
    pages.push(("/environments-empty".to_owned(), empty.render()?));
    pages.extend(doors(now)?);
    pages.extend(upgrades(now)?);
    pages.extend(projects(now)?);
    pages.extend(packages(now)?);
    pages.push((
        "/machines/Machines-3".to_owned(),
        machine_page(now).render()?,
    ));
    pages.extend(task_pages(now)?);
    Ok(pages)
}

fn fleet_page(now: Timestamp) -> EnvironmentsPage {
    EnvironmentsPage {
        shell: shell(now, Section::Environments),
        filter: MachineFilter::All,
        environments: environments(now),
        server_url: SERVER.to_owned(),
        server_thumbprint: THUMBPRINT.to_owned(),
    }
}

fn machine_page(now: Timestamp) -> MachinePage {
    MachinePage {
        shell: shell(now, Section::Environments),
        machine: rolled_back(now),
        facts: MachineFacts {
            environments: vec!["Staging".to_owned()],
            communication_style: CommunicationStyle::TentaclePassive,
            uri: "https://web-03.staging.example.com:10933/".to_owned(),
            thumbprint: THUMBPRINT.to_owned(),
            rid: Some("linux-x64".to_owned()),
            operating_system: Some("Linux 6.1".to_owned()),
        },
        versions: versions(),
        tasks: tasks::rows(now).into_iter().skip(3).take(4).collect(),
    }
}

fn doors(now: Timestamp) -> askama::Result<Vec<(String, String)>> {
    let page = SignInPage {
        csrf: "csrf-token".to_owned(),
        server_version: "2.0.0".to_owned(),
        username: String::new(),
        error: None,
        next: "/environments".to_owned(),
    };
    let error = "This name and password do not belong together. Mind capital letters; an \
                 administrator can set a new password.";
    let refused = SignInPage {
        username: "ann".to_owned(),
        error: Some(error.to_owned()),
        ..page.clone()
    };
    let missing = ErrorPage {
        shell: shell(now, Section::Elsewhere),
        status: 404,
        title: "This task does not exist".to_owned(),
        message: "There is no task ServerTasks-999. It may have been removed with its log."
            .to_owned(),
        way_out: ("/tasks".to_owned(), "All tasks".to_owned()),
    };
    Ok(vec![
        ("/signin".to_owned(), page.render()?),
        ("/signin-refused".to_owned(), refused.render()?),
        ("/error".to_owned(), missing.render()?),
    ])
}

fn upgrades(now: Timestamp) -> askama::Result<Vec<(String, String)>> {
    let names = |range: std::ops::Range<usize>| {
        range
            .map(|number| format!("prod-web-{number:02}"))
            .collect::<Vec<_>>()
    };
    let all = UpgradePage {
        shell: shell(now, Section::Environments),
        target: UpgradeTarget::All,
        version: Some("2.0.0".to_owned()),
        machines: names(1..38),
        left_out: vec![
            LeftOut {
                why: "offline".to_owned(),
                machines: names(40..43),
            },
            LeftOut {
                why: "rolled 2.0.0 back".to_owned(),
                machines: vec!["web-03".to_owned()],
            },
        ],
        warning: None,
        error: None,
    };
    let one = UpgradePage {
        target: UpgradeTarget::Machine {
            id: "Machines-3".to_owned(),
            name: "web-03".to_owned(),
        },
        machines: vec!["web-03".to_owned()],
        left_out: Vec::new(),
        warning: Some(
            "2.0.0 was rolled back here 20 minutes ago: it ended 5 times in 0.4 s.".to_owned(),
        ),
        error: Some("A task is at work on web-03. Wait until ServerTasks-42 has ended.".to_owned()),
        ..all.clone()
    };
    let environment = UpgradePage {
        target: UpgradeTarget::Environment {
            id: "Environments-2".to_owned(),
            name: "Production".to_owned(),
        },
        machines: names(1..24),
        ..all.clone()
    };
    Ok(vec![
        ("/environments/upgrade".to_owned(), all.render()?),
        (
            "/environments/Environments-2/upgrade".to_owned(),
            environment.render()?,
        ),
        ("/machines/Machines-3/upgrade".to_owned(), one.render()?),
    ])
}

fn packages(now: Timestamp) -> askama::Result<Vec<(String, String)>> {
    let row = |id: &str, newest: &str, versions, size, ago| PackageRow {
        id: id.to_owned(),
        newest: newest.to_owned(),
        versions,
        size,
        published: before(now, ago),
    };
    let list = PackagesPage {
        shell: shell(now, Section::Packages),
        query: String::new(),
        packages: vec![
            row(
                "Acme.Reporting.NightlyBatch.Worker.Contracts",
                "0.4.1-beta.12",
                31,
                812,
                70_000,
            ),
            row("Acme.Web", "1.2.0", 3, 18_200_000, 180),
            row("Octopus.Tentacle.linux-x64", "2.0.0", 2, 43_100_000, 5_400),
            row("Octopus.Tentacle.win-x64", "2.0.0", 2, 47_900_000, 5_400),
        ],
        matching: 4,
        page: 1,
        pages: 1,
        total: 4,
        server_url: SERVER.to_owned(),
    };
    let nothing = PackagesPage {
        query: "<nothing>".to_owned(),
        matching: 0,
        packages: Vec::new(),
        ..list.clone()
    };
    let empty = PackagesPage {
        packages: Vec::new(),
        total: 0,
        ..list.clone()
    };
    let versions = ["1.2.0", "1.1.0", "1.0.0-rc.1"].into_iter().zip(1_u64..);
    let one = PackagePage {
        shell: shell(now, Section::Packages),
        id: "Acme.Web".to_owned(),
        description: "The shop that customers see, with its static files.".to_owned(),
        versions: versions
            .map(|(version, number)| PackageVersionRow {
                version: version.to_owned(),
                size: 18_200_000 / number,
                published: before(now, 180 * 40_i64.saturating_pow(number as u32)),
                hash: THUMBPRINT.to_lowercase(),
                download: format!("/api/Spaces-1/packages/packages-Acme.Web.{version}/raw"),
            })
            .collect(),
        environments: ["Staging", "Production"]
            .map(|name| (format!("Environments-{name}"), name.to_owned()))
            .to_vec(),
    };
    Ok(vec![
        ("/packages".to_owned(), list.render()?),
        ("/packages-nothing".to_owned(), nothing.render()?),
        ("/packages-empty".to_owned(), empty.render()?),
        ("/packages/Acme.Web".to_owned(), one.render()?),
    ])
}

fn task_pages(now: Timestamp) -> askama::Result<Vec<(String, String)>> {
    let counts = TaskCounts {
        executing: 2,
        queued: 1,
        failed: 1,
        success: 12_340,
        canceled: 1,
    };
    let list = TasksPage {
        shell: shell(now, Section::Tasks),
        filter: TaskFilter::All,
        counts,
        tasks: tasks::rows(now),
        page: 2,
        pages: 247,
    };
    let empty = TasksPage {
        tasks: Vec::new(),
        counts: TaskCounts::default(),
        page: 1,
        pages: 1,
        ..list.clone()
    };
    let page = |task: TaskView, lines: Vec<LogLine>, query: &str| TaskPage {
        shell: shell(now, Section::Tasks),
        task,
        lines,
        query: query.to_owned(),
    };
    let log = tasks::log(now);
    let of_web_03 = |line: &&LogLine| line.machine.as_deref().is_none_or(|id| id == "Machines-3");
    let failed_log = log.iter().filter(of_web_03).cloned().collect();
    let mut pages = vec![
        ("/tasks".to_owned(), list.render()?),
        ("/tasks-empty".to_owned(), empty.render()?),
    ];
    for page in [
        page(tasks::running(now), log.clone(), ""),
        page(tasks::failed(now), failed_log, ""),
        page(tasks::queued(now), Vec::new(), ""),
    ] {
        pages.push((format!("/tasks/{}", page.task.id), page.render()?));
    }
    let search = page(tasks::running(now), log, "2.0.0");
    pages.push(("/tasks-search".to_owned(), search.render()?));
    Ok(pages)
}

fn projects(now: Timestamp) -> askama::Result<[(String, String); 4]> {
    let project = |name: &str, description: &str| ProjectRow {
        id: "Projects-1".to_owned(),
        name: name.to_owned(),
        description: description.to_owned(),
        is_disabled: false,
    };
    let trigger = |name: &str, environments: &[&str], is_disabled| TriggerRow {
        id: format!("ProjectTriggers-{name}"),
        name: name.to_owned(),
        environments: environments.iter().map(|one| (*one).to_owned()).collect(),
        roles: vec!["web-server".to_owned()],
        redeploys: is_disabled,
        is_disabled,
    };
    let release = |version: &str, environments: &[&str], is_held| ReleaseRow {
        id: "Releases-1".to_owned(),
        version: version.to_owned(),
        environments: environments.iter().map(|one| (*one).to_owned()).collect(),
        made: now,
        is_held,
    };
    let list = ProjectsPage {
        shell: shell(now, Section::Projects),
        projects: vec![project("Api", ""), project("Shop", "What customers see")],
    };
    let one = ProjectPage {
        shell: shell(now, Section::Projects),
        project: project("Shop", "What customers see"),
        triggers: vec![
            trigger("New machines", &[], false),
            trigger("Machines that come back", &["Staging", "Production"], true),
        ],
        releases: vec![
            release("2.1.0", &["Staging"], true),
            release("2.0.0", &["Staging", "Production"], false),
            release("2.0.0-rc.1", &[], false),
        ],
    };
    let defect = |description: &str, resolved: bool| DefectRow {
        description: description.to_owned(),
        reported: ("admin".to_owned(), now),
        resolved: resolved.then(|| ("ann".to_owned(), now)),
    };
    let place = |name: &str, state: Option<TaskState>, obstacle: Option<&str>| PlaceRow {
        id: format!("Environments-{name}"),
        name: name.to_owned(),
        last: state.map(|state| LastDeployment {
            task: "ServerTasks-1".to_owned(),
            state,
            when: now,
        }),
        obstacle: obstacle.map(str::to_owned),
    };
    let asked = |label: &str, description: &str, is_sensitive| AskedRow {
        field: format!("variable:{label}"),
        label: label.to_owned(),
        description: description.to_owned(),
        value: String::new(),
        is_required: true,
        is_sensitive,
    };
    let held = ReleasePage {
        shell: shell(now, Section::Projects),
        project: project("Shop", ""),
        release: release("2.1.0", &["Staging"], true),
        notes: "Faster search.".to_owned(),
        places: vec![
            place("Staging", Some(TaskState::Success), None),
            place(
                "Production",
                None,
                Some("the release has to go through Staging first"),
            ),
        ],
        asked: Vec::new(),
        defects: vec![
            defect("Orders with two addresses are lost", false),
            defect("The logo is missing", true),
        ],
    };
    let free = ReleasePage {
        release: release("2.1.0", &["Staging"], false),
        places: vec![
            place("Staging", Some(TaskState::Failed), None),
            place("Production", None, None),
        ],
        asked: vec![
            asked("Ticket", "Of the change, such as CHG-1234", false),
            asked("Password of the shop's database", "", true),
        ],
        defects: Vec::new(),
        ..held.clone()
    };
    Ok([
        ("/projects".to_owned(), list.render()?),
        ("/projects/Projects-1".to_owned(), one.render()?),
        ("/releases/Releases-1".to_owned(), held.render()?),
        ("/releases/Releases-2".to_owned(), free.render()?),
    ])
}
