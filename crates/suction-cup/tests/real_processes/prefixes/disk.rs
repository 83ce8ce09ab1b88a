//! A disk that knows what is synced.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::trace::Op;

/// All files and folders (`None`) by their path.
pub(super) type Files = BTreeMap<String, Option<Vec<u8>>>;
type Names = BTreeMap<String, usize>;

#[derive(Clone, Debug)]
enum Node {
    File {
        now: Vec<u8>,
        synced: Vec<u8>,
    },
    /// `since`: each change of names since they were synced.
    Folder {
        now: Names,
        synced: Names,
        since: Vec<Change>,
    },
}

type Change = Vec<(String, Option<usize>)>;

#[derive(Clone, Debug)]
pub(super) struct Disk(Vec<Node>);

/// What a loss of power keeps of what was not synced.
#[derive(Clone, Copy, Debug)]
enum Content {
    Lost,
    Torn,
    Kept,
}

#[derive(Clone, Copy, Debug)]
enum Survives {
    None,
    All,
    /// Of all folders this change alone.
    Only(usize, usize),
}

const ROOT: usize = 0;

impl Disk {
    /// What is there, all of it synced.
    pub(super) fn of(root: &Path) -> Disk {
        let mut disk = Disk(Vec::new());
        disk.read(root);
        disk
    }

    fn read(&mut self, path: &Path) -> usize {
        let place = self.0.len();
        if path.is_dir() {
            self.0.push(folder(Names::new()));
            let names: Names = fs::read_dir(path)
                .unwrap()
                .map(|entry| {
                    let entry = entry.unwrap();
                    let name = entry.file_name().into_string().unwrap();
                    (name, self.read(&entry.path()))
                })
                .collect();
            self.0[place] = folder(names);
        } else {
            let now = fs::read(path).unwrap();
            let synced = now.clone();
            self.0.push(Node::File { now, synced });
        }
        place
    }

    fn find(&self, path: &str) -> Option<usize> {
        let names = path.split('/').filter(|name| !name.is_empty());
        names
            .into_iter()
            .try_fold(ROOT, |at, name| match &self.0[at] {
                Node::Folder { now, .. } => now.get(name).copied(),
                Node::File { .. } => None,
            })
    }

    fn change(&mut self, folder: &str, change: Change) {
        let at = self.find(folder).unwrap();
        let Node::Folder { now, since, .. } = &mut self.0[at] else {
            panic!("{folder} is a file");
        };
        set(now, &change);
        since.push(change);
    }

    fn add(&mut self, path: &str, node: Node) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        self.0.push(node);
        let place = self.0.len() - 1;
        self.change(folder, vec![(name.to_owned(), Some(place))]);
    }

    pub(super) fn apply(&mut self, operation: &Op) {
        match operation {
            Op::Create(path) if self.find(path).is_none() => self.add(
                path,
                Node::File {
                    now: Vec::new(),
                    synced: Vec::new(),
                },
            ),
            Op::Create(_) => {}
            Op::Folder(path) => self.add(path, folder(Names::new())),
            Op::Truncate(path) => {
                let at = self.find(path);
                if let Some(Node::File { now, .. }) = at.map(|at| &mut self.0[at]) {
                    now.clear();
                }
            }
            Op::Write(path, bytes) => {
                let at = self.find(path);
                if let Some(Node::File { now, .. }) = at.map(|at| &mut self.0[at]) {
                    now.extend(bytes);
                }
            }
            Op::Sync(path) => match self.find(path).map(|at| &mut self.0[at]) {
                Some(Node::File { now, synced }) => synced.clone_from(now),
                Some(Node::Folder { now, synced, since }) => {
                    synced.clone_from(now);
                    since.clear();
                }
                None => {}
            },
            Op::Rename(from, to) => {
                let (folder, old) = from.rsplit_once('/').unwrap_or(("", from));
                let (into, new) = to.rsplit_once('/').unwrap_or(("", to));
                assert_eq!(folder, into, "only within a folder");
                let moved = self.find(from);
                let change = vec![(old.to_owned(), None), (new.to_owned(), moved)];
                self.change(folder, change);
            }
            Op::Remove(path) => {
                let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
                self.change(folder, vec![(name.to_owned(), None)]);
            }
        }
    }

    /// What a loss of power can leave now.
    pub(super) fn crashes(&self) -> Vec<(String, Files)> {
        let mut names = vec![Survives::None, Survives::All];
        for (folder, node) in self.0.iter().enumerate() {
            if let Node::Folder { since, .. } = node {
                names.extend((0..since.len()).map(|change| Survives::Only(folder, change)));
            }
        }
        let mut found = Vec::new();
        for names in names {
            for content in [Content::Lost, Content::Torn, Content::Kept] {
                let mut files = Files::new();
                self.left(ROOT, "", names, content, &mut files);
                found.push((format!("names {names:?}, content {content:?}"), files));
            }
        }
        found
    }

    fn left(&self, at: usize, path: &str, names: Survives, content: Content, files: &mut Files) {
        match &self.0[at] {
            Node::File { now, synced } => {
                let bytes = match content {
                    Content::Lost => synced.clone(),
                    Content::Kept => now.clone(),
                    Content::Torn => {
                        let known = if now.starts_with(synced) {
                            synced.len()
                        } else {
                            0
                        };
                        now[..known + (now.len() - known) / 2].to_vec()
                    }
                };
                files.insert(path.to_owned(), Some(bytes));
            }
            Node::Folder { now, synced, since } => {
                let mut entries = synced.clone();
                match names {
                    Survives::None => {}
                    Survives::All => entries.clone_from(now),
                    Survives::Only(folder, change) if folder == at => {
                        set(&mut entries, &since[change])
                    }
                    Survives::Only(..) => {}
                }
                files.insert(path.to_owned(), None);
                for (name, place) in entries {
                    self.left(place, &format!("{path}/{name}"), names, content, files);
                }
            }
        }
    }
}

fn folder(names: Names) -> Node {
    Node::Folder {
        now: names.clone(),
        synced: names,
        since: Vec::new(),
    }
}

fn set(names: &mut Names, change: &Change) {
    for (name, place) in change {
        match place {
            Some(place) => names.insert(name.clone(), *place),
            None => names.remove(name),
        };
    }
}
