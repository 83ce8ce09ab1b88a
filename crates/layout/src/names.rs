//! What lies in a folder, by name.

use std::path::Path;

use crate::again::look;

/// The names in a folder, in any order, without those that are no text; none where it cannot be read.
///
/// Not by [`std::fs::read_dir`] on Unix, which ends the program when the folder cannot be closed.
#[cfg(unix)]
pub fn names_in(folder: &Path) -> Vec<String> {
    let folder = look(|| std::fs::File::open(folder)).ok();
    let entries = folder.and_then(|folder| rustix::fs::Dir::new(folder).ok());
    let entries = entries.into_iter().flatten();
    let names =
        entries.filter_map(|entry| entry.ok()?.file_name().to_str().ok().map(str::to_owned));
    names.filter(|name| name != "." && name != "..").collect()
}

/// The names in a folder, in any order, without those that are no text; none where it cannot be read.
#[cfg(not(unix))]
pub fn names_in(folder: &Path) -> Vec<String> {
    let entries = look(|| std::fs::read_dir(folder)).into_iter().flatten();
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::names_in;

    #[test]
    fn files_and_folders_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("versions")).unwrap();
        fs::write(folder.path().join("pin"), "").unwrap();
        let mut names = names_in(folder.path());
        names.sort();
        assert_eq!(names, ["pin", "versions"]);
        assert!(names_in(&folder.path().join("pin")).is_empty());
        assert!(names_in(&folder.path().join("missing")).is_empty());
    }
}
