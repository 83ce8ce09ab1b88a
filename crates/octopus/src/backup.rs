//! `octopus backup`, `octopus restore` and `octopus check`.
//!
//! A backup is a data folder: `octopus.db` as of one moment, every package and artifact of that moment,
//! and the keys. It is made while the server runs, and is whole or not there at all.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, BufRead},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use sha2::{Digest, Sha256};

use crate::{
    data::{DATABASE, Data, IDENTITY, MASTER_KEY},
    depot::Depot,
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
    pub orphans: Vec<PathBuf>,
    /// Packages that were looked at.
    pub checked: usize,
}

/// Writes a backup to the folder `to`, which must not be there; gives the number of packages.
pub async fn backup(data: &Data, packages: &Path, to: &Path) -> anyhow::Result<usize> {
    if let Database::Postgres(_) = data.database {
        bail!(
            "the database is in PostgreSQL: back it up with pg_dump first and copy {} and \
             {}/{{{MASTER_KEY},{IDENTITY}}} after that",
            packages.display(),
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
    let (from, into) = (
        Depot::open(packages)?,
        Depot::open(&folder.join("packages"))?,
    );
    copy_files(&known, &from, &into)?;
    sync(folder)?;
    fs::rename(partial.keep(), to).with_context(cannot)?;
    sync(parent)?;
    Ok(packages_known)
}

/// Makes an empty data folder what it was at the moment of the backup; gives the number of
/// packages.
pub async fn restore(from: &Path, data: &Data, packages: &Path) -> anyhow::Result<usize> {
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
        ensure!(
            !name.exists(),
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
    let (source, into) = (Depot::open(&from.join("packages"))?, Depot::open(packages)?);
    copy_files(&known, &source, &into)?;
    // Last: a folder without it is no server's yet.
    fs::rename(&copy, folder.join(DATABASE))?;
    sync(folder)?;
    Ok(packages_known)
}

/// Compares every package with its hash.
pub async fn check(data: &Data, packages: &Path) -> anyhow::Result<Findings> {
    let store = data.existing_store().await?;
    let (checked, known) = kept(&store).await?;
    store.close().await;
    let depot = Depot::open(packages)?;
    let mut findings = Findings {
        checked,
        ..Findings::default()
    };
    for file in &known {
        if let Err(why) = verify(file, &depot.path(&file.sha256)) {
            findings.damaged.push(why);
        }
    }
    let wanted: BTreeSet<PathBuf> = known.iter().map(|one| depot.path(&one.sha256)).collect();
    for file in depot.files()? {
        let age = file.metadata.modified()?.elapsed().unwrap_or_default();
        if age > UNDER_WAY && !wanted.contains(&file.path) {
            findings.orphans.push(file.path);
        }
    }
    Ok(findings)
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

fn verify(file: &Kept, path: &Path) -> Result<(), String> {
    let (name, way_out, place) = (&file.name, file.way_out, path.display());
    match hash(path) {
        Ok(found) if found == file.sha256 => Ok(()),
        Ok(_) => Err(format!(
            "{name} is damaged: {place} has other content; {way_out}"
        )),
        Err(error) => Err(format!("{name} can't be read: {place}: {error}; {way_out}")),
    }
}

fn hash(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut file = io::BufReader::with_capacity(1 << 16, File::open(path)?);
    loop {
        let bytes = file.fill_buf()?;
        if bytes.is_empty() {
            break;
        }
        hash.update(bytes);
        let count = bytes.len();
        file.consume(count);
    }
    Ok(hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// Copies files, and checks each copy.
fn copy_files(files: &[Kept], from: &Depot, into: &Depot) -> anyhow::Result<()> {
    for file in files {
        let (source, place) = (from.path(&file.sha256), into.path(&file.sha256));
        if place.exists() {
            continue;
        }
        let folder = place.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut copy = tempfile::NamedTempFile::new_in(folder)?;
        let name = || format!("{}: {}", file.name, source.display());
        io::copy(
            &mut File::open(&source).with_context(name)?,
            copy.as_file_mut(),
        )
        .with_context(name)?;
        copy.as_file().sync_all()?;
        verify(file, copy.path()).map_err(anyhow::Error::msg)?;
        copy.persist(&place)?;
        sync(folder)?;
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
