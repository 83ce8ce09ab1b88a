//! Backup while the server runs, restore elsewhere, and the check of packages.

use std::{fs, path::Path, process::Command};

use api::TaskState;

use crate::{
    packages,
    postgres::Postgres,
    server::{fails, octopus, run},
    world::{PACKAGE, World},
};

fn command(words: &[&str], data: &Path, folder: Option<&Path>) -> Command {
    let mut command = octopus(words);
    command.args(folder).arg("--data").arg(data);
    command
}

#[track_caller]
fn prints(command: &mut Command) -> String {
    let output = run(command);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_was_there_at_the_backup_is_there_after_the_restore() {
    let mut world = World::new();
    let agent = world.agent("web-1");
    let task = world.deploy();
    world.ends(&task, TaskState::Success);
    let log = world.texts(&task);
    let thumbprint = world.thumbprint();
    let folder = world.data().with_file_name("backup");
    let said = prints(&mut command(
        &["backup", "--to"],
        &world.data(),
        Some(&folder),
    ));
    assert!(said.contains("1 package"), "{said}");
    let again = fails(&mut command(
        &["backup", "--to"],
        &world.data(),
        Some(&folder),
    ));
    assert!(again.contains("is there already"), "{again}");
    world.push(&packages::package(PACKAGE, "2.0.0", 100, 1));
    let refused = fails(&mut command(
        &["restore", "--from"],
        &world.data(),
        Some(&folder),
    ));
    assert!(refused.contains("another octopus serves"), "{refused}");
    world.kill();
    let refused = fails(&mut command(
        &["restore", "--from"],
        &world.data(),
        Some(&folder),
    ));
    assert!(
        refused.contains("restore into an empty data folder"),
        "{refused}"
    );

    // The machine is lost; the backup is all there is.
    fs::remove_dir_all(world.data()).unwrap();
    prints(&mut command(
        &["restore", "--from"],
        &world.data(),
        Some(&folder),
    ));
    world.start();
    assert_eq!(world.texts(&task), log);
    assert_eq!(world.thumbprint(), thumbprint);
    let versions = world.http.get("/api/Spaces-1/packages").expect(200);
    assert_eq!(versions["TotalResults"], 1, "{versions}");
    world.ends(&world.deploy_again(), TaskState::Success);
    assert_eq!(agent.runs(), [1, 1]);
}

#[test]
fn a_backup_with_a_damaged_package_is_refused_and_leaves_nothing() {
    let mut world = World::new();
    world.push(&packages::package(PACKAGE, "1.0.0", 100, 1));
    world.kill();
    damage(&world.data().join("packages"), |file| {
        fs::write(file, "x").unwrap()
    });
    let folder = world.data().with_file_name("backup");
    let error = fails(&mut command(
        &["backup", "--to"],
        &world.data(),
        Some(&folder),
    ));
    assert!(error.contains("Acme.Web 1.0.0 is damaged"), "{error}");
    let left = fs::read_dir(world.data().parent().unwrap()).unwrap();
    let left: Vec<_> = left.map(|one| one.unwrap().file_name()).collect();
    assert!(
        !left
            .iter()
            .any(|name| name.to_string_lossy().contains("backup")),
        "{left:?}"
    );
}

#[test]
fn the_check_names_damaged_and_missing_packages_and_files_of_none() {
    let mut world = World::new();
    world.push(&packages::package(PACKAGE, "1.0.0", 100, 1));
    let said = prints(&mut command(&["check"], &world.data(), None));
    assert_eq!(said, "1 package is as pushed.\n");
    world.kill();
    let depot = world.data().join("packages");
    fs::create_dir(depot.join("ab")).unwrap();
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(7200);
    let orphan = fs::File::create(depot.join("ab/abcd")).unwrap();
    orphan.set_modified(old).unwrap();
    fs::write(depot.join("ab/abce"), "may be a push").unwrap();
    let said = prints(&mut command(&["check"], &world.data(), None));
    assert!(said.contains("ab/abcd belongs to no package"), "{said}");
    assert!(!said.contains("abce"), "{said}");
    for (spoil, words) in [
        (
            (|file| fs::write(file, "x").unwrap()) as fn(&Path),
            "Acme.Web 1.0.0 is damaged",
        ),
        (
            |file| fs::remove_file(file).unwrap(),
            "Acme.Web 1.0.0 can't be read",
        ),
    ] {
        damage(&depot, spoil);
        let output = run(&mut command(&["check"], &world.data(), None));
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(words), "{said}");
    }
}

/// Does something to the file of the one package.
fn damage(depot: &Path, change: impl Fn(&Path)) {
    let folders = fs::read_dir(depot).unwrap().map(|one| one.unwrap().path());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut files = files.map(|one| one.unwrap().path());
    let file = files
        .find(|file| file.file_name().unwrap().len() == 64)
        .unwrap();
    change(&file);
}

#[test]
fn postgresql_is_backed_up_by_its_own_tools() {
    let Some(postgres) = Postgres::start() else {
        return;
    };
    let world = World::on(&postgres);
    let folder = world.data().with_file_name("backup");
    let mut command = command(&["backup", "--to"], &world.data(), Some(&folder));
    let error = fails(command.envs(world.settings.clone()));
    assert!(error.contains("pg_dump"), "{error}");
}
