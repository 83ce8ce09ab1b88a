//! All entries of one archive together: no path twice, no link that leads out.

use super::entry::EntryKind;
use super::error::{ArchiveError, Refusal};
use super::name;
use std::collections::HashMap;

/// The folder tree that an archive of any format would make, with the rules that
/// every extractor relies on. Feed it every entry before writing any of them.
///
/// Paths are compared without case, so that the answer is the same on every file
/// system. Folders that only occur in paths count as entries, which bounds memory.
#[derive(Debug)]
pub struct EntryTree {
    max_entries: usize,
    nodes: Vec<Node>,
    /// From a folder (position in `nodes`) and a name in lower case.
    children: HashMap<(usize, String), usize>,
    links: Vec<Link>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    /// Only seen as part of a path.
    Implied,
    Folder,
    File,
    Link,
}

#[derive(Debug)]
struct Link {
    name: String,
    /// The positions of the folders above it, from the root down.
    folders: Vec<usize>,
    target: String,
}

const ROOT: usize = 0;

impl EntryTree {
    /// An empty package folder that takes at most `max_entries` entries.
    #[must_use]
    pub fn new(max_entries: usize) -> Self {
        Self {
            max_entries,
            nodes: vec![Node::Folder],
            children: HashMap::new(),
            links: Vec::new(),
        }
    }

    /// Adds the entry of this name (in which `\` counts as `/`) and returns its
    /// normalised path, with `/` between the parts. That is empty for the
    /// package's folder itself (`./`), for which nothing is to be extracted.
    ///
    /// # Errors
    /// When the name or its place is refused, or there are too many entries.
    pub fn add(&mut self, name: &str, kind: &EntryKind) -> Result<String, Refusal> {
        let split = name::split(name)?;
        let new = match kind {
            EntryKind::Directory => Node::Folder,
            _ if split.is_folder => return Err(Refusal::Special),
            EntryKind::File | EntryKind::HardLink { .. } => Node::File,
            EntryKind::Symlink { .. } => Node::Link,
        };
        let Some((last, folders)) = split.parts.split_last() else {
            return Ok(String::new());
        };
        let mut above = vec![ROOT];
        let mut parent = ROOT;
        for folder in folders {
            parent = match self.enter(parent, folder, Node::Implied)? {
                (_, Some(Node::File | Node::Link)) => return Err(Refusal::Conflict),
                (position, _) => position,
            };
            above.push(parent);
        }
        match self.enter(parent, last, new)? {
            (_, None) => {}
            (position, Some(Node::Implied)) if new == Node::Folder => {
                if let Some(node) = self.nodes.get_mut(position) {
                    *node = new;
                }
            }
            (_, Some(Node::Implied)) => return Err(Refusal::Conflict),
            (_, Some(old)) if (old == Node::Folder) != (new == Node::Folder) => {
                return Err(Refusal::Conflict);
            }
            (_, Some(_)) => return Err(Refusal::Duplicate),
        }
        if let EntryKind::Symlink { target } = kind {
            self.links.push(Link {
                name: name.to_owned(),
                folders: above,
                target: target.clone(),
            });
        }
        Ok(split.parts.join("/"))
    }

    /// Checks the links, which needs all entries.
    ///
    /// # Errors
    /// When a link is absolute, leads out of the folder, or leads through another link.
    pub fn finish(self) -> Result<(), ArchiveError> {
        for link in &self.links {
            self.check_link(link)
                .map_err(|refusal| refusal.of(&link.name))?;
        }
        Ok(())
    }

    /// The position of the child of this name, and what was there; if nothing, `new` is now.
    fn enter(
        &mut self,
        folder: usize,
        name: &str,
        new: Node,
    ) -> Result<(usize, Option<Node>), Refusal> {
        let key = (folder, name.to_lowercase());
        if let Some(position) = self.children.get(&key) {
            return Ok((*position, self.nodes.get(*position).copied()));
        }
        let position = self.nodes.len();
        if position > self.max_entries {
            return Err(Refusal::TooMany {
                limit: self.max_entries,
            });
        }
        self.nodes.push(new);
        self.children.insert(key, position);
        Ok((position, None))
    }

    /// Follows the target part by part. As no part on the way may be a link, what
    /// `..` means is certain.
    fn check_link(&self, link: &Link) -> Result<(), Refusal> {
        let target = &link.target;
        if target.starts_with('/') {
            return Err(Refusal::LinkOutside);
        }
        if target.is_empty() || target.contains('\\') || target.chars().any(char::is_control) {
            return Err(Refusal::LinkTarget);
        }
        // None: a place that the archive has no entry for, so it is no link.
        let mut way: Vec<Option<usize>> = link.folders.iter().copied().map(Some).collect();
        for part in target.split('/').filter(|part| !part.is_empty()) {
            let here = way.last().copied().flatten();
            if here.and_then(|node| self.nodes.get(node)) == Some(&Node::Link) {
                return Err(Refusal::LinkThroughLink);
            }
            match part {
                "." => {}
                ".." => {
                    way.pop();
                    if way.is_empty() {
                        return Err(Refusal::LinkOutside);
                    }
                }
                _ => {
                    name::check_part(part).map_err(|_| Refusal::LinkTarget)?;
                    let next = here
                        .and_then(|node| self.children.get(&(node, part.to_lowercase())))
                        .copied();
                    way.push(next);
                }
            }
        }
        Ok(())
    }
}
