//! The machine's state as a text that is the same for states that behave alike.
//!
//! It is made from `Debug`, which shows every field, also those of later versions: a field
//! that nobody thought of here can make states differ too much, but never too little.
//! Times become distances from now, and what cannot matter any more goes.

use std::hash::{Hash, Hasher};
use std::time::Duration;

use suction_cup::machine::Machine;

/// What the numbers in the machine's state are compared with.
pub(crate) struct Context<'a> {
    /// The machine's clock.
    pub(crate) now: Duration,
    /// How long a trial may take.
    pub(crate) window: Duration,
    /// Number and nonce of the run at hand.
    pub(crate) run: u64,
    pub(crate) nonce: &'a str,
}

/// Ends and starts older than this are forgotten by the machine before it looks at them.
const FORGOTTEN: i64 = -30;
/// From so many waits on, the next one is the longest, and as long as the last.
const SAME_WAITS: u64 = 5;

/// The machine's state.
pub(crate) fn key(machine: &Machine, context: &Context<'_>) -> String {
    normal(&format!("{machine:?}"), context)
}

fn normal(text: &str, context: &Context<'_>) -> String {
    let mut reader = Reader {
        text,
        at: 0,
        out: String::with_capacity(text.len()),
        generation: 0,
        context,
    };
    reader.value("");
    assert_eq!(reader.at, text.len(), "read to the end");
    reader.out
}

/// Reads what `Debug` writes. It counts bytes by hand, for it is most of the search's work.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    out: String,
    /// The value of the field of that name.
    generation: u64,
    context: &'a Context<'a>,
}

impl<'a> Reader<'a> {
    /// Reads the value of `field`; whether it is an empty list.
    fn value(&mut self, field: &str) -> bool {
        let start = self.out.len();
        let mut is_empty = false;
        match self.peek() {
            b'"' => self.string(field),
            b'[' => is_empty = self.list(field),
            b'{' => self.map(),
            _ => self.named(field),
        }
        if field == "policy" || field == "seed" || field == "runs" {
            self.out.truncate(start);
        }
        is_empty
    }

    fn string(&mut self, field: &str) {
        let start = self.at;
        self.at += 1;
        while self.peek() != b'"' {
            self.at += 1 + usize::from(self.peek() == b'\\');
        }
        self.at += 1;
        let text = &self.text[start..self.at];
        match field {
            // For people only.
            "detail" => self.out.push('_'),
            "nonce" if text.trim_matches('"') == self.context.nonce => self.out.push('='),
            _ => self.out.push_str(text),
        }
    }

    fn list(&mut self, field: &str) -> bool {
        self.eat("[");
        self.out.push('[');
        let empty = self.out.len();
        while self.peek() != b']' {
            let start = self.out.len();
            self.value(field);
            let age: Result<i64, _> = self.out[start..].parse();
            if age.is_ok_and(|age| age < FORGOTTEN) {
                self.out.truncate(start);
            } else {
                self.out.push(',');
            }
            self.comma();
        }
        self.at += 1;
        let is_empty = self.out.len() == empty;
        self.out.push(']');
        is_empty
    }

    fn map(&mut self) {
        self.eat("{");
        self.out.push('{');
        while self.peek() != b'}' {
            let start = self.out.len();
            self.value("");
            self.eat(": ");
            self.out.push(':');
            if self.value("") {
                self.out.truncate(start);
            }
            self.comma();
        }
        self.at += 1;
        self.out.push('}');
    }

    /// A struct, a tuple, a variant, a number or a time.
    fn named(&mut self, field: &str) {
        let name = self.word();
        if name.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            return self.number(field, name);
        }
        if name == "NuGetVersion" {
            return self.version();
        }
        self.out.push_str(name);
        if self.peek() == b'(' {
            self.at += 1;
            self.out.push('(');
            while self.peek() != b')' {
                self.value(field);
                self.out.push(',');
                self.comma();
            }
            self.at += 1;
            self.out.push(')');
        } else if self.peek() == b' ' && self.text.as_bytes()[self.at + 1] == b'{' {
            self.eat(" { ");
            self.out.push('{');
            while self.peek() != b' ' {
                let field = self.word();
                self.eat(": ");
                self.value(field);
                self.out.push(',');
                self.comma();
            }
            self.eat(" }");
            self.out.push('}');
        }
    }

    /// What it was made from, its last field, tells everything about a version.
    fn version(&mut self) {
        let mut quotes = [self.at; 2];
        while self.peek() != b'}' {
            if self.peek() == b'"' {
                quotes = [quotes[1], self.at];
            }
            self.at += 1;
        }
        self.at += 1;
        self.out.push_str(&self.text[quotes[0]..quotes[1]]);
    }

    fn number(&mut self, field: &str, text: &str) {
        if let Some(seconds) = seconds(text) {
            let age = seconds - i64::try_from(self.context.now.as_secs()).unwrap();
            let window = i64::try_from(self.context.window.as_secs()).unwrap();
            match field {
                // For people only.
                "started" => self.out.push('_'),
                // A window that has passed opens again, however long ago that was.
                "trial" => self.out.push_str(&age.max(-window).to_string()),
                _ => self.out.push_str(&age.to_string()),
            }
            return;
        }
        let number: u64 = text.parse().unwrap();
        let shown = match field {
            "generation" => {
                self.generation = number;
                return;
            }
            "stored" => self.generation - number,
            "number" => u64::from(number == self.context.run),
            "waits" => number.min(SAME_WAITS),
            _ => number,
        };
        self.out.push_str(&shown.to_string());
    }

    /// The byte that comes next; 0 at the end.
    fn peek(&self) -> u8 {
        let bytes = self.text.as_bytes();
        if self.at < bytes.len() {
            bytes[self.at]
        } else {
            0
        }
    }

    /// A name or a number, up to what cannot be in one.
    fn word(&mut self) -> &'a str {
        let start = self.at;
        while !matches!(
            self.peek(),
            0 | b',' | b' ' | b'(' | b')' | b']' | b'}' | b':'
        ) {
            self.at += 1;
        }
        &self.text[start..self.at]
    }

    fn eat(&mut self, text: &str) {
        let end = self.at + text.len();
        assert_eq!(&self.text[self.at..end], text, "in {}", self.text);
        self.at = end;
    }

    fn comma(&mut self) {
        if self.peek() == b',' {
            self.eat(", ");
        }
    }
}

/// A time in whole seconds, as `Duration` shows it.
fn seconds(text: &str) -> Option<i64> {
    match text.strip_suffix("ns") {
        Some(nanoseconds) => {
            assert_eq!(nanoseconds, "0", "whole seconds only");
            Some(0)
        }
        None => Some(text.strip_suffix('s')?.parse().unwrap()),
    }
}

/// A hash of 64 bits, quick also without optimisation.
pub(crate) fn hash(value: &impl Hash) -> u64 {
    let mut hasher = Mixer(0);
    value.hash(&mut hasher);
    hasher.finish()
}

/// After MurmurHash64A.
struct Mixer(u64);

impl Mixer {
    const FACTOR: u64 = 0xc6a4_a793_5bd1_e995;

    fn mix(word: u64) -> u64 {
        let word = word.wrapping_mul(Mixer::FACTOR);
        (word ^ (word >> 47)).wrapping_mul(Mixer::FACTOR)
    }
}

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        let mixed = self.0 ^ Mixer::mix(word);
        self.0 = mixed.wrapping_mul(Mixer::FACTOR).wrapping_add(1);
    }

    fn finish(&self) -> u64 {
        Mixer::mix(self.0)
    }
}

#[test]
fn times_are_distances_and_what_is_old_goes() {
    let context = Context {
        now: Duration::from_secs(100),
        window: Duration::from_secs(50),
        run: 7,
        nonce: "a-7",
    };
    for (text, expected) in [
        ("Waiting { until: 160s }", "Waiting{60,}"),
        (
            "Recent({V(1): [70s, 100s], V(2): [69s]})",
            "Recent({V(1,):[-30,0,]},)",
        ),
        ("Some((Trial, 10s))", "Some((Trial,-90,),)"),
        (
            r#"X { trial: Some((1, 10s)), detail: "a \"b\"" }"#,
            "X{Some((1,-50,),),_,}",
        ),
        (
            r#"Run { number: 7, nonce: "a-7", started: 3s }"#,
            "Run{1,=,_,}",
        ),
        (r#"Run { number: 6, nonce: "a-6" }"#, r#"Run{0,"a-6",}"#),
        (
            "M { generation: 9, stored: 7, waits: 12, runs: 3 }",
            "M{,2,5,,}",
        ),
    ] {
        assert_eq!(normal(text, &context), expected, "{text}");
    }
}
