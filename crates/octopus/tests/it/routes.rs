//! Every address of the server, read from its source: no list that could be left behind.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A method and a path with its parameters filled in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Route {
    pub(crate) method: String,
    /// As the source has it.
    pub(crate) pattern: String,
}

impl Route {
    /// The path of things that are not there.
    pub(crate) fn path(&self) -> String {
        let parts = self.pattern.split('/').map(|part| match part {
            "{space}" => "Spaces-1",
            "{version}" => "1.0.0",
            "{name}" => "app.css",
            part if part.contains('{') => "Nothing-99",
            part => part,
        });
        parts.collect::<Vec<_>>().join("/")
    }

    /// As tests write it down: `GET /api`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.pattern)
    }
}

/// All of them.
pub(crate) fn all() -> Vec<Route> {
    let mut routes = Vec::new();
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = fs::read_to_string(&file).unwrap();
        for other in [
            ".nest(",
            ".route_service(",
            ".nest_service(",
            ".fallback_service(",
        ] {
            assert!(
                !text.contains(other),
                "{}: `{other}` is not read here",
                file.display()
            );
        }
        routes.extend(text.split(".route(").skip(1).flat_map(read));
    }
    routes.sort();
    assert!(routes.len() > 40, "{routes:?}");
    routes
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => vec![path],
        })
        .collect()
}

/// What follows `.route(`: a path in quotes, and `get(…)`, `post(…)` and so on.
fn read(text: &str) -> Vec<Route> {
    let pattern = text.split('"').nth(1).unwrap();
    let mut depth = 1;
    let end = text.find(|c| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    let handlers = &text[..end.unwrap()];
    let is_there = |method: &&str| {
        let call = format!("{method}(");
        let is_word =
            |at: usize| !handlers[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        handlers.match_indices(&call).any(|(at, _)| is_word(at))
    };
    let methods = ["get", "post", "put", "delete", "patch"];
    let found: Vec<Route> = methods
        .iter()
        .filter(|method| is_there(method))
        .map(|method| Route {
            method: method.to_uppercase(),
            pattern: pattern.to_owned(),
        })
        .collect();
    assert!(
        !found.is_empty(),
        "{pattern}: no method that this test knows"
    );
    found
}
