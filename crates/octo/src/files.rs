//! Files by pattern: `*`, `?`, `[a-z]`, `{a,b}` within a folder, `**` across folders.

use std::io;
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use serde_json::{Map, Value};
use walkdir::WalkDir;

use crate::error::Error;

/// The files that a pattern names, in order of their paths. A pattern that is the path of a
/// file names that file, whatever characters it has.
///
/// # Errors
/// When it is no pattern, or a folder cannot be read.
pub(crate) fn find(pattern: &str) -> Result<Vec<PathBuf>, Error> {
    let path = Path::new(pattern);
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    // The folders before the first wildcard are where the search begins.
    let mut folder = PathBuf::new();
    let mut rest = PathBuf::new();
    for part in path.components() {
        let plain = !part
            .as_os_str()
            .to_string_lossy()
            .contains(['*', '?', '[', '{']);
        if plain && rest.as_os_str().is_empty() {
            folder.push(part);
        } else {
            rest.push(part);
        }
    }
    if rest.as_os_str().is_empty() || !search_root(&folder).is_dir() {
        return Ok(Vec::new());
    }
    let found = below(search_root(&folder), &[rest.to_string_lossy().into_owned()])?;
    Ok(found.iter().map(|file| folder.join(file)).collect())
}

/// The files below a folder that match one of the patterns, as paths from that folder, in
/// order. Links to files count, links to folders are not entered.
///
/// # Errors
/// When a pattern is none, or a folder cannot be read.
pub(crate) fn below(folder: &Path, patterns: &[String]) -> Result<Vec<PathBuf>, Error> {
    let matchers = patterns
        .iter()
        .map(|pattern| matcher(pattern))
        .collect::<Result<Vec<_>, _>>()?;
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| Error::File {
            verb: "read",
            path: error.path().unwrap_or(folder).to_owned(),
            source: error
                .into_io_error()
                .unwrap_or_else(|| io::Error::other("its links form a circle")),
        })?;
        let Ok(path) = entry.path().strip_prefix(folder) else {
            continue;
        };
        if matchers.iter().any(|matcher| matcher.is_match(path)) && entry.path().is_file() {
            found.push(path.to_owned());
        }
    }
    Ok(found)
}

/// What to do about a file that is no JSON object.
#[derive(Debug)]
pub(crate) struct Hints {
    pub(crate) no_json: &'static str,
    pub(crate) no_object: &'static str,
}

/// About a file such as octo itself prints it.
pub(crate) const AS_PRINTED: Hints = Hints {
    no_json: "Give a file such as `-f json` prints it.",
    no_object: "Give one thing in braces, as `-f json` prints it.",
};

/// What a file of JSON holds.
///
/// # Errors
/// When it can't be read, or holds no JSON object.
pub(crate) fn json_object(path: &Path, hints: &Hints) -> Result<Map<String, Value>, Error> {
    let text = std::fs::read_to_string(path).map_err(failed("read", path))?;
    match serde_json::from_str(&text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Error::Files {
            message: format!("{} is JSON, but not an object.", path.display()),
            hint: hints.no_object,
        }),
        Err(error) => Err(Error::Files {
            message: format!("{} is not JSON: {error}.", path.display()),
            hint: hints.no_json,
        }),
    }
}

/// What an I/O error means for a file; `verb` such as `read`.
pub(crate) fn failed(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::File { verb, path, source }
}

fn matcher(pattern: &str) -> Result<GlobMatcher, Error> {
    let parts: Vec<_> = Path::new(pattern)
        .components()
        .filter(|part| !matches!(part, Component::CurDir))
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    GlobBuilder::new(&parts.join("/"))
        .literal_separator(true)
        .case_insensitive(cfg!(windows))
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| {
            Error::usage(
                format!("\"{pattern}\" is not a pattern: {}.", error.kind()),
                "Write * for any characters in a name, ** for any folders, {a,b} for either.",
            )
        })
}

fn search_root(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[test]
    fn patterns() {
        let home = tempfile::tempdir().unwrap();
        for file in [
            "a.nupkg",
            "b.zip",
            "out/c.nupkg",
            "out/deep/d.nupkg",
            "x[1]/e.nupkg",
        ] {
            let path = home.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, file).unwrap();
        }
        let check = |pattern: &str, expected: Expect| {
            let found = find(&format!("{}/{pattern}", home.path().display())).unwrap();
            let found: Vec<_> = found
                .iter()
                .map(|path| {
                    path.strip_prefix(home.path())
                        .unwrap()
                        .to_string_lossy()
                        .into_owned()
                })
                .collect();
            expected.assert_eq(&found.join(" "));
        };
        check("a.nupkg", expect!["a.nupkg"]);
        check("*.nupkg", expect!["a.nupkg"]);
        check("./*.{nupkg,zip}", expect!["a.nupkg b.zip"]);
        check(
            "**/*.nupkg",
            expect!["a.nupkg out/c.nupkg out/deep/d.nupkg x[1]/e.nupkg"],
        );
        check("out/**", expect!["out/c.nupkg out/deep/d.nupkg"]);
        check("o*/*", expect!["out/c.nupkg"]);
        check("x[1]/e.nupkg", expect!["x[1]/e.nupkg"]);
        check("nothing/*.nupkg", expect![""]);
        check("out", expect![""]);
        assert!(
            find("[")
                .unwrap_err()
                .to_string()
                .contains("is not a pattern")
        );
    }
}
