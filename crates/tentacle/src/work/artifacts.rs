//! What scripts leave for the server: files, copied to the ticket's folder until it has them, and variables.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wire::v1::{Artifact, Variable};

/// An artifact in `state.json`; its number is its place there, from 1.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    name: String,
    size: u64,
    sha256: Vec<u8>,
}

/// An output variable in `state.json`.
#[derive(Serialize, Deserialize)]
pub(super) struct Output {
    name: String,
    value: String,
    #[serde(default)]
    sensitive: bool,
}

impl From<Output> for Variable {
    fn from(output: Output) -> Self {
        Self {
            name: output.name,
            value: output.value,
            sensitive: output.sensitive,
        }
    }
}

impl From<&Variable> for Output {
    fn from(variable: &Variable) -> Self {
        Self {
            name: variable.name.clone(),
            value: variable.value.clone(),
            sensitive: variable.sensitive,
        }
    }
}

/// Where the content of a ticket's artifact is.
pub(super) fn file(folder: &Path, number: u32) -> PathBuf {
    folder.join("artifacts").join(number.to_string())
}

/// Copies a file, as the one after `before` others.
pub(super) fn keep(
    folder: &Path,
    artifact: &conventions::Artifact,
    before: usize,
) -> io::Result<Artifact> {
    let number = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
    let to = file(folder, number);
    fs::create_dir_all(folder.join("artifacts"))?;
    if !fs::metadata(&artifact.path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut source = File::open(&artifact.path)?;
    let copied = copy(&mut source, &to);
    if copied.is_err() {
        // The first error is the one to tell.
        let _gone = fs::remove_file(&to);
    }
    let (size, sha256) = copied?;
    Ok(Artifact {
        number,
        name: artifact.name.clone(),
        size,
        sha256: sha256.into(),
    })
}

fn copy(source: &mut File, to: &Path) -> io::Result<(u64, Vec<u8>)> {
    let mut target = File::create(to)?;
    let mut hash = Sha256::new();
    let mut size = 0_u64;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = source.read(&mut buffer)?;
        let bytes = buffer.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        hash.update(bytes);
        target.write_all(bytes)?;
        size = size.saturating_add(bytes.len() as u64);
    }
    target.sync_all()?;
    Ok((size, hash.finalize().to_vec()))
}

pub(super) fn to_wire(kept: Vec<Kept>) -> Vec<Artifact> {
    let numbered = (1..).zip(kept);
    let artifacts = numbered.map(|(number, kept)| Artifact {
        number,
        name: kept.name,
        size: kept.size,
        sha256: kept.sha256.into(),
    });
    artifacts.collect()
}

pub(super) fn from_wire(artifacts: &[Artifact]) -> Vec<Kept> {
    let kept = artifacts.iter().map(|artifact| Kept {
        name: artifact.name.clone(),
        size: artifact.size,
        sha256: artifact.sha256.to_vec(),
    });
    kept.collect()
}
