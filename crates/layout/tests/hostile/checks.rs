//! A folder to extract to, and what must be true of it and around it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use nupkg::Limits;
use walkdir::WalkDir;

use super::generate::Sample;

/// Small, so that archives which break them are small.
pub const LIMITS: Limits = Limits {
    max_entries: 50,
    max_entry_bytes: 12 * 1024 * 1024,
    max_total_bytes: 16 * 1024 * 1024,
    max_ratio: 100,
};

/// The folder, some folders deep, so that names which lead out end in this yard.
pub struct Yard {
    top: tempfile::TempDir,
    into: PathBuf,
    before: BTreeSet<String>,
}

impl Yard {
    pub fn new() -> Self {
        let top = tempfile::tempdir().unwrap();
        let deep = top.path().join("a/b/c/d");
        let into = deep.join("into");
        fs::create_dir_all(top.path().join("outside")).unwrap();
        fs::create_dir_all(&into).unwrap();
        let mut yard = Self {
            into,
            top,
            before: BTreeSet::new(),
        };
        for folder in ["outside", "a", "a/b", "a/b/c", "a/b/c/d"] {
            let file = yard.top.path().join(folder).join("canary");
            fs::write(file, "canary").unwrap();
        }
        yard.before = yard.around();
        yard
    }

    /// A folder that nothing may write to, by its absolute path.
    pub fn outside(&self) -> String {
        self.top.path().join("outside").to_str().unwrap().to_owned()
    }

    /// Extracts, and looks at what became of it: the outcome, or the harm that it did.
    pub fn check(
        &self,
        sample: &Sample,
        extract: impl Fn(&[u8], &Path) -> Result<(), String>,
    ) -> Result<Result<(), String>, String> {
        let outcome = extract(&sample.bytes, &self.into);
        if self.around() != self.before {
            return Err("something outside changed".to_owned());
        }
        let inside: Vec<_> = WalkDir::new(&self.into)
            .min_depth(1)
            .into_iter()
            .map(Result::unwrap)
            .collect();
        if let Err(error) = &outcome
            && !inside.is_empty()
        {
            return Err(format!("refused ({error}), but something is left"));
        }
        if outcome.is_ok() && sample.must_be_refused {
            return Err("extracted".to_owned());
        }
        let mut names = BTreeSet::new();
        let mut bytes = 0;
        for entry in &inside {
            let name = entry.file_name().to_str().ok_or("a name that is no text")?;
            if name.contains([':', '\\']) || name.ends_with(['.', ' ']) {
                return Err(format!(
                    "a name that means something else on Windows: {name:?}"
                ));
            }
            let path = entry.path().to_str().ok_or("a path that is no text")?;
            if !names.insert(path.to_lowercase()) {
                return Err(format!("two names that differ by case only: {path:?}"));
            }
            let metadata = entry.metadata().unwrap();
            bytes += if metadata.is_file() {
                metadata.len()
            } else {
                0
            };
            if metadata.is_symlink() {
                let place = entry.path().parent().unwrap();
                let target = place.join(fs::read_link(entry.path()).unwrap());
                if !normal(&target).starts_with(&self.into) {
                    return Err(format!("a link that leads out: {path:?}"));
                }
            }
        }
        if bytes > LIMITS.max_total_bytes || inside.len() > LIMITS.max_entries {
            return Err(format!("too much: {} files, {bytes} bytes", inside.len()));
        }
        if !inside.is_empty() {
            fs::remove_dir_all(&self.into).unwrap();
            fs::create_dir(&self.into).unwrap();
        }
        Ok(outcome)
    }

    /// All that is in the yard but not in the folder, with sizes.
    fn around(&self) -> BTreeSet<String> {
        let all = WalkDir::new(self.top.path()).into_iter();
        all.filter_entry(|entry| entry.path() != self.into)
            .map(|entry| {
                let entry = entry.unwrap();
                let content = match entry.file_type().is_file() {
                    true => fs::read_to_string(entry.path()).unwrap_or_default(),
                    false => String::new(),
                };
                format!(
                    "{} {:?} {content}",
                    entry.path().display(),
                    entry.file_type()
                )
            })
            .collect()
    }
}

/// Without `.` and `..`, by the text alone.
pub fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                normal.pop();
            }
            std::path::Component::CurDir => {}
            part => normal.push(part),
        }
    }
    normal
}
