//! The Aho–Corasick automaton: finds all secrets in one pass, and knows after each byte
//! how much of the end of the text may be the beginning of a secret.

use std::collections::{BTreeSet, HashMap, VecDeque};

/// The state before any text.
pub(super) const START: usize = 0;

#[derive(Default)]
struct State {
    /// The longest proper suffix of this state's text that is a state too.
    fallback: usize,
    /// Bytes at the end of this state's text that may be the beginning of a secret.
    open: usize,
    /// Bytes of the longest secret that this state's text ends in; 0 for none.
    matched: usize,
}

/// A state per beginning of a secret.
pub(super) struct Automaton {
    states: Vec<State>,
    edges: HashMap<(usize, u8), usize>,
    /// Whether a byte begins a secret: most bytes don't, and need no look-up.
    begins: [bool; 256],
}

impl Automaton {
    pub(super) fn new(secrets: &BTreeSet<String>) -> Self {
        let mut automaton = Self {
            states: vec![State::default()],
            edges: HashMap::new(),
            begins: [false; 256],
        };
        for secret in secrets {
            automaton.insert(secret.as_bytes());
        }
        automaton.link();
        automaton
    }

    fn insert(&mut self, secret: &[u8]) {
        let mut at = START;
        for (index, &byte) in secret.iter().enumerate() {
            let new = self.states.len();
            at = *self.edges.entry((at, byte)).or_insert(new);
            if at == new {
                self.states.push(State {
                    open: index + 1,
                    ..State::default()
                });
            }
        }
        if let Some(state) = self.states.get_mut(at) {
            state.matched = secret.len();
        }
        if let Some(first) = secret.first()
            && let Some(begins) = self.begins.get_mut(usize::from(*first))
        {
            *begins = true;
        }
    }

    /// Sets the fallbacks, shorter texts first.
    fn link(&mut self) {
        let mut children: Vec<Vec<(u8, usize)>> = Vec::new();
        children.resize_with(self.states.len(), Vec::new);
        for (&(from, byte), &to) in &self.edges {
            if let Some(children) = children.get_mut(from) {
                children.push((byte, to));
            }
        }
        let mut queue = VecDeque::from([START]);
        while let Some(at) = queue.pop_front() {
            for &(byte, child) in children.get(at).into_iter().flatten() {
                queue.push_back(child);
                let fallback = match at {
                    START => START,
                    _ => self.next(self.fallback(at), byte),
                };
                let inherited = self.matched(fallback);
                // A secret that is no beginning of a longer one is complete.
                let complete = children.get(child).is_none_or(Vec::is_empty);
                let open = self.open(if complete { fallback } else { child });
                if let Some(state) = self.states.get_mut(child) {
                    state.fallback = fallback;
                    state.open = open;
                    state.matched = state.matched.max(inherited);
                }
            }
        }
    }

    pub(super) fn next(&self, state: usize, byte: u8) -> usize {
        let mut at = state;
        loop {
            if at == START
                && !self
                    .begins
                    .get(usize::from(byte))
                    .is_some_and(|begins| *begins)
            {
                return START;
            }
            match self.edges.get(&(at, byte)) {
                Some(&next) => return next,
                None if at == START => return START,
                None => at = self.fallback(at),
            }
        }
    }

    /// How many bytes at the end of the text may be the beginning of a secret.
    pub(super) fn open(&self, state: usize) -> usize {
        self.states.get(state).map_or(0, |state| state.open)
    }

    /// Bytes of the longest secret that ends here; 0 for none.
    pub(super) fn matched(&self, state: usize) -> usize {
        self.states.get(state).map_or(0, |state| state.matched)
    }

    fn fallback(&self, state: usize) -> usize {
        self.states.get(state).map_or(START, |state| state.fallback)
    }
}
