//! Variables as a tree: names split at `.` and `[index]`.

use std::collections::HashMap;

use crate::template::{Step, fold, parse_name};

/// A place in the tree.
pub(crate) type NodeId = usize;

/// The root: parent of all first steps.
pub(crate) const ROOT: NodeId = 0;

#[derive(Clone, Default)]
struct Node {
    /// Position in the set of the variable that has this very name.
    variable: Option<usize>,
    /// The index as first written, for an entry of a collection.
    index: Option<String>,
    properties: HashMap<String, NodeId>,
    entries: HashMap<String, NodeId>,
    /// Entries in the order in which they were defined.
    order: Vec<NodeId>,
}

/// All names of a set. Names that the grammar cannot express are left out:
/// no template can ask for them either.
#[derive(Clone)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    pub(crate) fn new() -> Self {
        Self {
            nodes: vec![Node::default()],
        }
    }

    /// Puts the variable at position `variable` of the set under its name.
    pub(crate) fn insert(&mut self, name: &str, variable: usize) {
        let Some(steps) = parse_name(name) else {
            return;
        };
        let mut at = ROOT;
        for step in &steps {
            at = self.child_or_new(at, step);
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.variable = Some(variable);
        }
    }

    fn child_or_new(&mut self, parent: NodeId, step: &Step) -> NodeId {
        if let Some(child) = self.child(parent, step) {
            return child;
        }
        let new = self.nodes.len();
        let mut node = Node::default();
        if let Some(parent) = self.nodes.get_mut(parent) {
            match step {
                Step::Name(name) => {
                    parent.properties.insert(fold(name).into_owned(), new);
                }
                Step::Index(index) => {
                    parent.entries.insert(fold(index).into_owned(), new);
                    parent.order.push(new);
                    node.index = Some(index.clone());
                }
                Step::Lookup(_) => {}
            }
        }
        self.nodes.push(node);
        new
    }

    /// The node one step below; names and indexes are compared without case. A lookup leads nowhere.
    pub(crate) fn child(&self, parent: NodeId, step: &Step) -> Option<NodeId> {
        let parent = self.nodes.get(parent)?;
        match step {
            Step::Name(name) => parent.properties.get(fold(name).as_ref()).copied(),
            Step::Index(index) => parent.entries.get(fold(index).as_ref()).copied(),
            Step::Lookup(_) => None,
        }
    }

    /// The entries of a collection, in order of definition.
    pub(crate) fn entries(&self, node: NodeId) -> &[NodeId] {
        self.nodes.get(node).map_or(&[], |node| &node.order)
    }

    /// Position in the set of the variable at this node.
    pub(crate) fn variable(&self, node: NodeId) -> Option<usize> {
        self.nodes.get(node)?.variable
    }

    /// The index under which this node is an entry of a collection.
    pub(crate) fn index(&self, node: NodeId) -> Option<&str> {
        self.nodes.get(node)?.index.as_deref()
    }
}
