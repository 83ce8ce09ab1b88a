//! Hides sensitive values in a stream of text.

mod automaton;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use self::automaton::{Automaton, START};

/// Values with fewer characters are not hidden: they turn up everywhere by chance, so hiding
/// them would make text unreadable and still tell the value by the places it is hidden at.
pub const MIN_SECRET_CHARS: usize = 4;

const STARS: &[u8] = b"****";

/// Whether a [`Masker`] hides this value: [`MIN_SECRET_CHARS`] or longer and not only white space.
pub fn is_maskable(value: &str) -> bool {
    value.chars().count() >= MIN_SECRET_CHARS && !value.trim().is_empty()
}

/// Replaces sensitive values by `****` in a stream that comes in pieces, also where a value
/// is split between pieces. Values that overlap in the text are replaced by one `****`.
///
/// Of a value of several lines each line that is long enough is hidden as well, and the
/// kind of line ending does not matter. Use one masker per stream; a clone of an unused
/// one shares its tables.
///
/// ```
/// let mut masker = variables::Masker::new(["hunter2"]);
/// let mut shown = masker.push("password: hunt");
/// assert_eq!(shown, "password: ");
/// shown += &masker.push("er2!");
/// shown += &masker.finish();
/// assert_eq!(shown, "password: ****!");
/// ```
#[derive(Clone)]
pub struct Masker {
    secrets: BTreeSet<String>,
    automaton: Arc<Automaton>,
    state: usize,
    /// Bytes that are not given out yet, as they came.
    held: Vec<u8>,
    /// Parts of `held` that have to be hidden, in order and apart from each other: from, to.
    hidden: VecDeque<(usize, usize)>,
}

/// Shows no secrets.
impl std::fmt::Debug for Masker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Masker of {} values", self.secrets.len())
    }
}

impl Masker {
    /// A masker for these values; those that are not [maskable](is_maskable) are left out.
    pub fn new<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> Self {
        let mut secrets = BTreeSet::new();
        for value in values {
            add_forms(&mut secrets, value.as_ref());
        }
        Self {
            automaton: Arc::new(Automaton::new(&secrets)),
            secrets,
            state: START,
            held: Vec::new(),
            hidden: VecDeque::new(),
        }
    }

    /// Hides one more value from here on, also in what is still held back.
    /// What the change lets go is given with the next piece.
    pub fn add(&mut self, value: &str) {
        let before = self.secrets.len();
        add_forms(&mut self.secrets, value);
        if self.secrets.len() == before {
            return;
        }
        self.automaton = Arc::new(Automaton::new(&self.secrets));
        self.state = START;
        self.hidden.clear();
        // What was hidden in the held part is found again: the part reaches back to its start.
        let held = std::mem::take(&mut self.held);
        for byte in held {
            self.step(byte);
        }
    }

    /// Takes the next piece and gives what is certain by now. The rest may begin
    /// a secret and is held back.
    pub fn push(&mut self, piece: &str) -> String {
        // Secrets are whole characters, so no cut falls inside a character.
        String::from_utf8_lossy(&self.push_bytes(piece.as_bytes())).into_owned()
    }

    /// As [`Masker::push`], for bytes of any encoding that keeps ASCII.
    pub fn push_bytes(&mut self, piece: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(piece.len());
        for &byte in piece {
            self.step(byte);
            self.release(self.automaton.open(self.state), &mut out);
        }
        out
    }

    /// Ends the stream: gives what was held back. The masker can be used for a new stream then.
    pub fn finish(&mut self) -> String {
        String::from_utf8_lossy(&self.finish_bytes()).into_owned()
    }

    /// As [`Masker::finish`], for bytes.
    pub fn finish_bytes(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        self.release(0, &mut out);
        self.state = START;
        out
    }

    /// Masks a whole text, apart from the stream.
    pub fn mask(&self, text: &str) -> String {
        let mut masker = Self {
            secrets: BTreeSet::new(),
            automaton: self.automaton.clone(),
            state: START,
            held: Vec::new(),
            hidden: VecDeque::new(),
        };
        let mut out = masker.push(text);
        out.push_str(&masker.finish());
        out
    }

    fn step(&mut self, byte: u8) {
        self.held.push(byte);
        self.state = self.automaton.next(self.state, byte);
        let matched = self.automaton.matched(self.state);
        if matched > 0 {
            let end = self.held.len();
            let mut start = end.saturating_sub(matched);
            while let Some((from, _)) = self.hidden.pop_back_if(|(_, to)| *to > start) {
                start = start.min(from);
            }
            self.hidden.push_back((start, end));
        }
    }

    /// Gives out all but the last `keep` bytes, and nothing of a hidden part that may still grow.
    fn release(&mut self, keep: usize, out: &mut Vec<u8>) {
        let safe = self.held.len().saturating_sub(keep);
        let mut done = 0;
        while let Some((from, to)) = self.hidden.pop_front_if(|(_, to)| *to <= safe) {
            out.extend_from_slice(self.held.get(done..from).unwrap_or_default());
            out.extend_from_slice(STARS);
            done = to;
        }
        let clear = self
            .hidden
            .front()
            .map_or(safe, |(from, _)| safe.min(*from));
        out.extend_from_slice(self.held.get(done..clear).unwrap_or_default());
        done = done.max(clear);
        self.held.drain(..done);
        for (from, to) in &mut self.hidden {
            *from -= done;
            *to -= done;
        }
    }
}

/// Adds a value, its lines, and its forms with other line endings.
fn add_forms(secrets: &mut BTreeSet<String>, value: &str) {
    let unix = value.replace("\r\n", "\n");
    let lines = unix.lines().map(|line| line.trim().to_owned());
    let forms = [value.to_owned(), unix.replace('\n', "\r\n"), unix.clone()];
    secrets.extend(
        forms
            .into_iter()
            .chain(lines)
            .filter(|form| is_maskable(form)),
    );
}
