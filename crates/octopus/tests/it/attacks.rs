//! What may happen to the server's data: a full disk, a kill in the midst of a backup, a damaged
//! backup, and a database of a newer version.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use sqlx::{AnyPool, Executor};

use crate::{
    feed::listed,
    http::Http,
    packages,
    server::{self, Server, fails, octopus, run},
    wait,
    world::{PACKAGE, World},
};

/// Mounts a disk of 24 MiB as the folder of the packages or of all data, seen by the server alone.
const MOUNT: &str = r#"
folder="$1"; shift
mkdir -p "$folder.disk" && mount -t tmpfs -o size=24m tmpfs "$folder.disk" && cp -R "$folder/." "$folder.disk/" &&
mount --move "$folder.disk" "$folder" || exit 99
exec "$@"
"#;

fn can_mount() -> bool {
    let folder = tempfile::tempdir().unwrap();
    let output = on_small_disk(folder.path(), &Command::new("true")).output();
    if output.as_ref().is_ok_and(|output| output.status.success()) {
        return true;
    }
    let reason = format!("SKIPPED: no disk can be mounted here; run as root: {output:?}");
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{reason}");
    println!("{reason}");
    false
}

fn on_small_disk(folder: &Path, command: &Command) -> Command {
    let mut inside = Command::new("unshare");
    inside
        .args(["--mount", "sh", "-c", MOUNT, "sh"])
        .arg(folder);
    inside.arg(command.get_program()).args(command.get_args());
    inside
}

/// Starts the world's server again with a folder on a small disk; gives the folder as it sees it.
fn on_disk(world: &mut World, folder: &Path) -> PathBuf {
    world.kill();
    fs::create_dir_all(folder).unwrap();
    let mut command = on_small_disk(folder, &server::serve(&world.data()));
    let server = Server::run(&mut command, &world.data());
    world.http = Http::with_key(&server.url, &world.key);
    let root = format!("/proc/{}/root", server.id());
    world.server = Some(server);
    Path::new(&root).join(folder.strip_prefix("/").unwrap())
}

fn files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .map(|path| if path.is_dir() { files(&path) } else { 1 })
        .sum()
}

/// Takes all the space that is left.
fn fill(folder: &Path) -> PathBuf {
    let path = folder.join("filler");
    let mut file = File::create(&path).unwrap();
    while file.write_all(&[1; 4096]).is_ok() {}
    path
}

const RAW: &str = "/api/Spaces-1/packages/raw";

#[test]
fn a_push_onto_a_full_disk_is_told_and_leaves_nothing() {
    if !can_mount() {
        return;
    }
    let mut world = World::new();
    let packages_folder = world.data().join("packages");
    let inside = on_disk(&mut world, &packages_folder);
    world.push(&packages::package("Acme.Small", "1.0.0", 1000, 1));
    let before = files(&inside);
    let large = packages::package(PACKAGE, "1.0.0", 30 << 20, 1);
    for path in [RAW, "/nuget/packages"] {
        let refused = world.http.upload("POST", path, &large).failure(507);
        assert!(
            refused.contains("disk is full; free some space"),
            "{refused}"
        );
        assert_eq!(files(&inside), before);
    }
    assert_eq!(listed(&world), ["Acme.Small 1.0.0"]);
    world.push(&packages::package(PACKAGE, "1.0.0", 10 << 20, 1));
    assert_eq!(listed(&world).len(), 2);
}

#[test]
fn a_data_folder_without_space_is_read_and_goes_on_when_there_is_some() {
    if !can_mount() {
        return;
    }
    let mut world = World::new();
    let data = world.data();
    let inside = on_disk(&mut world, &data);
    world.push(&packages::package("Acme.Small", "1.0.0", 1000, 1));
    let filler = fill(&inside);
    // Reading needs no space.
    assert_eq!(listed(&world), ["Acme.Small 1.0.0"]);
    let small = packages::package("Acme.Small", "2.0.0", 100_000, 1);
    let refused = world.http.upload("POST", RAW, &small).failure(507);
    assert!(refused.contains("disk is full"), "{refused}");
    assert_eq!(listed(&world), ["Acme.Small 1.0.0"]);
    fs::remove_file(filler).unwrap();
    world.push(&small);
    assert_eq!(listed(&world).len(), 2);
}

#[test]
fn a_killed_backup_is_no_backup_and_the_next_one_is_whole() {
    let world = World::new();
    for n in 0..3 {
        world.push(&packages::package(
            PACKAGE,
            &format!("{n}.0.0"),
            20 << 20,
            n,
        ));
    }
    let folder = world.folder().join("backups/monday");
    let backup = || {
        let mut command = octopus(&["backup", "--to"]);
        command.arg(&folder).arg("--data").arg(world.data());
        command
    };
    let mut child = backup().spawn().unwrap();
    let parent = folder.parent().unwrap();
    wait::until_is("it has begun", || {
        fs::read_dir(parent).is_ok_and(|mut found| found.next().is_some())
    });
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!folder.exists());
    assert_eq!(listed(&world).len(), 3);
    let output = run(&mut backup());
    assert!(output.status.success(), "{output:?}");
    let mut check = octopus(&["check", "--data"]);
    let output = run(check.arg(&folder));
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said, "3 packages are as pushed.\n");
}

#[test]
fn a_damaged_backup_is_refused_and_a_good_one_restored_into_the_same_folder() {
    let world = World::new();
    world.push(&packages::package(PACKAGE, "1.0.0", 1000, 1));
    let folder = world.folder().join("backup");
    let mut backup = octopus(&["backup", "--to"]);
    let output = run(backup.arg(&folder).arg("--data").arg(world.data()));
    assert!(output.status.success(), "{output:?}");
    let there = world.folder().join("there");
    let restore = || {
        let mut command = octopus(&["restore", "--from"]);
        command.arg(&folder).arg("--data").arg(&there);
        command
    };
    let shards = fs::read_dir(folder.join("packages")).unwrap();
    let shards = shards.map(|shard| shard.unwrap().path());
    let shard = shards
        .into_iter()
        .find(|it| !it.ends_with("incoming"))
        .unwrap();
    let file = fs::read_dir(shard).unwrap().next().unwrap().unwrap().path();
    let good = fs::read(&file).unwrap();
    fs::write(&file, "x").unwrap();
    let error = fails(&mut restore());
    assert!(error.contains("Acme.Web 1.0.0 is damaged"), "{error}");
    assert!(!there.join("octopus.db").exists());
    fs::write(&file, good).unwrap();
    let output = run(&mut restore());
    assert!(output.status.success(), "{output:?}");
    // Now there is something in it.
    let error = fails(&mut restore());
    assert!(error.contains("is there already"), "{error}");
    let server = Server::start(&there, &[]);
    let http = Http::with_key(&server.url, &world.key);
    let path = format!("/api/Spaces-1/packages/{PACKAGE}/1.0.0/raw");
    assert_eq!(http.get(&path).status, 200);
}

#[test]
fn keys_of_another_server_are_not_written_over() {
    let world = World::new();
    let folder = world.folder().join("backup");
    let mut backup = octopus(&["backup", "--to"]);
    run(backup.arg(&folder).arg("--data").arg(world.data()));
    let there = world.folder().join("there");
    fs::create_dir(&there).unwrap();
    fs::write(there.join("master.key"), "another one").unwrap();
    let mut restore = octopus(&["restore", "--from"]);
    let error = fails(restore.arg(&folder).arg("--data").arg(&there));
    assert!(error.contains("master.key is there already"), "{error}");
    assert_eq!(
        fs::read_to_string(there.join("master.key")).unwrap(),
        "another one"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_newer_version_is_left_alone() {
    let mut world = tokio::task::spawn_blocking(World::new).await.unwrap();
    world.kill();
    sqlx::any::install_default_drivers();
    let url = format!("sqlite:{}", world.data().join("octopus.db").display());
    let pool = AnyPool::connect(&url).await.unwrap();
    let newer = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
                 values (9999, 'newer', 1, x'00', 1)";
    pool.execute(newer).await.unwrap();
    pool.close().await;
    tokio::task::spawn_blocking(move || {
        let data = world.data();
        let before = fs::read(data.join("octopus.db")).unwrap();
        let error = fails(&mut server::serve(&data));
        assert!(error.contains("a newer version of Octopus"), "{error}");
        let mut backup = octopus(&["backup", "--to", "x", "--data"]);
        let error = fails(backup.arg(&data));
        assert!(error.contains("a newer version of Octopus"), "{error}");
        assert!(fs::read(data.join("octopus.db")).unwrap() == before);
    })
    .await
    .unwrap();
}
