//! `octopus backup`, `octopus restore` and `octopus check`.
//!
//! A backup is a data folder: `octopus.db` as of one moment, every package and artifact of that moment,
//! and the keys. It is made while the server runs, and is whole or not there at all.

use std::{
    collections::HashSet,
    fs::{self, File},
    io,
    path::Path,
    time::Duration,
};

use anyhow::{Context, bail, ensure};

use crate::{
    data::{DATABASE, Data, IDENTITY, MASTER_KEY},
    depot::{Depot, DepotError, Place},
    store::{Database, Store},
};

/// A file that the database does not know may belong to a push that is under way.
const UNDER_WAY: Duration = Duration::from_secs(3600);

/// What is wrong with the packages.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Packages whose file is not what was pushed, or not there; one sentence each.
    pub damaged: Vec<String>,
    /// Files that no package is in.
    pub orphans: Vec<String>,
    /// Packages that were looked at.
    pub checked: usize,
}

/// Writes a backup to the folder `to`, which must not be there; gives the number of packages.
pub async fn backup(data: &Data, packages: &Place, to: &Path) -> anyhow::Result<usize> {
    if let Database::Postgres(_) = data.database {
        bail!(
            "the database is in PostgreSQL: back it up with pg_dump first and copy {packages} and \
             {}/{{{MASTER_KEY},{IDENTITY}}} after that",
            data.folder.display()
        );
    }
    let place = to.display();
    ensure!(
        !to.exists(),
        "{place} is there already; give a folder that is not"
    );
    let store = data.existing_store().await?;
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    let cannot = || format!("{place} can't be written; give a folder that this user can write");
    fs::create_dir_all(parent).with_context(cannot)?;
    // Readable by this user alone: it holds the keys.
    let partial = tempfile::Builder::new()
        .prefix(".octopus-backup-")
        .tempdir_in(parent)
        .with_context(cannot)?;
    let folder = partial.path();
    store
        .copy_to(&folder.join(DATABASE))
        .await
        .with_context(cannot)?;
    store.close().await;
    for file in [MASTER_KEY, IDENTITY] {
        match fs::copy(data.folder.join(file), folder.join(file)) {
            // The environment may give the key.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            copied => drop(copied.with_context(cannot)?),
        }
    }
    let copy = Data::new(folder, None)?.store().await?;
    let (packages_known, known) = kept(&copy).await?;
    copy.close().await;
    let from = Depot::open(packages, &data.folder)?;
    copy_files(&known, &from, &inside(folder)?).await?;
    sync(folder)?;
    fs::rename(partial.keep(), to).with_context(cannot)?;
    sync(parent)?;
    Ok(packages_known)
}

/// Makes an empty data folder what it was at the moment of the backup; gives the number of
/// packages.
pub async fn restore(from: &Path, data: &Data, packages: &Place) -> anyhow::Result<usize> {
    let folder = &data.folder;
    if let Database::Postgres(_) = data.database {
        bail!(
            "a PostgreSQL database is restored by pg_restore; copy the packages and keys by hand"
        );
    }
    let there = from.join(DATABASE);
    ensure!(
        there.exists(),
        "{} is no backup: it has no {DATABASE}",
        from.display()
    );
    let _lock = data.take()?;
    for file in [DATABASE, MASTER_KEY, IDENTITY] {
        let name = folder.join(file);
        // Keys of this backup may be left of a restore that broke off.
        let is_own = file != DATABASE && fs::read(&name).ok() == fs::read(from.join(file)).ok();
        ensure!(
            is_own || !name.exists(),
            "{} is there already: restore into an empty data folder, then start the server on it",
            name.display()
        );
    }
    for file in [MASTER_KEY, IDENTITY] {
        match fs::read_to_string(from.join(file)) {
            Ok(text) => crate::data::write_secret(&folder.join(file), &text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("{file} can't be read")),
        }
    }
    // The backup itself stays as it is, also when this version has a newer schema.
    let partial = tempfile::tempdir_in(folder)?;
    let copy = partial.path().join(DATABASE);
    fs::copy(&there, &copy)?;
    let store = Data {
        folder: folder.clone(),
        database: Database::File(copy.clone()),
    };
    let store = store.store().await?;
    let (packages_known, known) = kept(&store).await?;
    store.close().await;
    let into = Depot::open(packages, folder)?;
    copy_files(&known, &inside(from)?, &into).await?;
    // Last: a folder without it is no server's yet.
    fs::rename(&copy, folder.join(DATABASE))?;
    sync(folder)?;
    Ok(packages_known)
}

/// Compares every package with its hash.
pub async fn check(data: &Data, packages: &Place) -> anyhow::Result<Findings> {
    let store = data.existing_store().await?;
    let (checked, known) = kept(&store).await?;
    store.close().await;
    let depot = Depot::open(packages, &data.folder)?;
    let mut findings = Findings {
        checked,
        ..Findings::default()
    };
    for file in &known {
        if let Err(why) = verify(file, &depot).await {
            findings.damaged.push(why);
        }
    }
    let wanted: HashSet<&str> = known.iter().map(|one| one.sha256.as_str()).collect();
    for file in depot.contents().await? {
        if file.age > UNDER_WAY && !wanted.contains(file.sha256.as_str()) {
            findings.orphans.push(depot.name(&file.sha256));
        }
    }
    Ok(findings)
}

/// The packages of a data folder, or of a backup.
fn inside(folder: &Path) -> anyhow::Result<Depot> {
    Ok(Depot::open(
        &Place::Folder(folder.join("packages")),
        folder,
    )?)
}

/// A file that the database knows.
struct Kept {
    /// For people.
    name: String,
    sha256: String,
    /// How people get it back.
    way_out: &'static str,
}

/// The number of packages, and the files of packages and artifacts.
async fn kept(store: &Store) -> anyhow::Result<(usize, Vec<Kept>)> {
    let packages = store.packages().await?;
    let count = packages.len();
    let packages = packages.into_iter().map(|package| Kept {
        name: format!("{} {}", package.package_id, package.version),
        sha256: package.sha256,
        way_out: "push it again",
    });
    let artifacts = store.artifact_contents().await?.into_iter();
    let artifacts = artifacts.map(|(name, sha256)| Kept {
        name: format!("the artifact {name}"),
        sha256,
        way_out: "only a backup has it",
    });
    Ok((count, packages.chain(artifacts).collect()))
}

async fn verify(file: &Kept, depot: &Depot) -> Result<(), String> {
    check_hash(file, depot, &mut io::sink()).await
}

/// Copies what there is of a file, and compares it with what was pushed.
async fn check_hash(file: &Kept, depot: &Depot, to: &mut dyn io::Write) -> Result<(), String> {
    let (name, way_out, place) = (&file.name, file.way_out, depot.name(&file.sha256));
    match depot.copy(&file.sha256, to).await {
        Ok(found) if found == file.sha256 => Ok(()),
        Ok(_) => Err(format!(
            "{name} is damaged: {place} has other content; {way_out}"
        )),
        Err(DepotError::Full) => Err(format!(
            "{name} can't be copied: the disk is full; free some space and try again"
        )),
        Err(error) => {
            let why = channel::describe(&error);
            Err(format!("{name} can't be read: {place}: {why}; {way_out}"))
        }
    }
}

/// Copies files, and checks each of them. What is there already, as it should be, stays.
async fn copy_files(files: &[Kept], from: &Depot, into: &Depot) -> anyhow::Result<()> {
    for file in files {
        let is_there = into.size(&file.sha256).await?.is_some();
        if is_there && verify(file, into).await.is_ok() {
            continue;
        }
        let (mut copy, place) = into.new_file()?;
        check_hash(file, from, &mut copy)
            .await
            .map_err(anyhow::Error::msg)?;
        copy.sync_all()?;
        into.put(place, &file.sha256).await?;
    }
    Ok(())
}

/// What was made or renamed in a folder lasts.
fn sync(folder: &Path) -> io::Result<()> {
    match cfg!(unix) {
        true => File::open(folder)?.sync_all(),
        false => Ok(()),
    }
}
