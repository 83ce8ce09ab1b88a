//! How long lists take when there is much to list.

use std::{path::Path, process::Command, thread, time::Instant};

use anyhow::{Context, ensure};

use super::{
    SETTLING,
    report::{Figure, Report},
    stage::{self, Stage},
};
use crate::bench::figures::median;

/// Each list is asked for so often.
const TIMES: usize = 40;

/// What people and clients look at first.
const LISTS: [(&str, &str); 8] = [
    ("tasks, first page", "/api/Spaces-1/tasks"),
    (
        "tasks, page in the middle",
        "/api/Spaces-1/tasks?skip=50000",
    ),
    ("tasks, failed ones", "/api/Spaces-1/tasks?states=Failed"),
    ("packages, first page", "/api/Spaces-1/packages"),
    (
        "packages, newest of each",
        "/api/Spaces-1/packages?latest=true&filter=acme&skip=900",
    ),
    (
        "packages, v2",
        "/nuget/v2/Search()?$filter=IsLatestVersion&$orderby=Id&$top=30&searchTerm='acme'",
    ),
    ("packages, v3", "/nuget/v3/search?q=acme&take=30"),
    (
        "versions, v3",
        "/nuget/v3/registration-semver2/acme.many.7/index.json",
    ),
];

pub(super) fn measure(
    stage: &mut Stage,
    program: &Path,
    report: &mut Report,
) -> anyhow::Result<()> {
    eprintln!("100,000 tasks and 10,000 packages");
    stage.push(&stage::package("Acme.Many.0", "0.0.1", 1000)?)?;
    // Taken as they are in the database; nobody waits for 100,000 tasks to run.
    stage.stop();
    fill(stage)?;
    stage.run(program)?;
    for (name, path) in LISTS {
        let path = path.replace('$', "%24").replace('\'', "%27");
        // What is kept in memory is read by the first.
        stage.text(&path)?;
        let mut took = Vec::new();
        for _ in 0..TIMES {
            let begun = Instant::now();
            stage.text(&path)?;
            took.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
        let took = median(took).context("nothing was measured")?;
        report.add(Figure::at_most(
            &format!("list of {name}"),
            "ms",
            took,
            20.0,
        ));
    }
    thread::sleep(SETTLING);
    report.add(Figure::anchor(
        "idle memory with all these",
        "MB",
        stage.memory()?,
    ));
    Ok(())
}

/// 1,000 packages of 10 versions each, and 100,000 tasks, one of 100 failed.
fn fill(stage: &Stage) -> anyhow::Result<()> {
    let sql = "
begin;
with recursive n (i) as (select 0 union all select i + 1 from n where i < 9999)
insert into packages (package_id, version, title, description, file_name, sha256, size,
    published_at, nuspec, tags)
select 'Acme.Many.' || (i / 10), (i % 10 + 1) || '.0.0', 'Many', 'One of many packages.',
    'Acme.Many.' || (i / 10) || '.' || (i % 10 + 1) || '.0.0.nupkg', sha256, size, published_at + i,
    replace(replace(nuspec, '0.0.1', (i % 10 + 1) || '.0.0'), 'Acme.Many.0', 'Acme.Many.' || (i / 10)),
    'many'
from n, packages where package_id = 'Acme.Many.0' and version = '0.0.1';
with recursive n (i) as (select 1 union all select i + 1 from n where i < 100000)
insert into tasks (name, description, arguments, state, queued_at, started_at, completed_at)
select 'Health', 'Check the health of all machines', '{}',
    case when i % 100 = 0 then 'Failed' else 'Success' end, i, i, i + 1
from n;
commit;";
    let database = stage.data().join("octopus.db");
    let output = Command::new("sqlite3")
        .arg("-bail")
        .arg(&database)
        .arg(sql)
        .output()
        .context("sqlite3 can't be started")?;
    let text = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "sqlite3: {text}");
    Ok(())
}
