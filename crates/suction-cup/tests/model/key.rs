//! The machine's state as a text that is the same for states that behave alike.
//!
//! It is made from `Debug`, which shows every field, also those of later versions: a field
//! that nobody thought of here can make states differ too much, but never too little.
//! Times become distances from now, and what cannot matter any more goes.

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
        rest: text,
        out: String::with_capacity(text.len()),
        generation: 0,
        version: String::new(),
        context,
    };
    reader.value("");
    assert_eq!(reader.rest, "", "read to the end");
    reader.out
}

struct Reader<'a> {
    rest: &'a str,
    out: String,
    /// The value of the field of that name.
    generation: u64,
    /// The text of the last version.
    version: String,
    context: &'a Context<'a>,
}

impl<'a> Reader<'a> {
    /// Reads the value of `field`; whether it is an empty list.
    fn value(&mut self, field: &str) -> bool {
        if field == "policy" || field == "seed" || field == "runs" {
            let start = self.out.len();
            self.any("");
            self.out.truncate(start);
            return false;
        }
        self.any(field)
    }

    fn any(&mut self, field: &str) -> bool {
        match self.rest.as_bytes()[0] {
            b'"' => self.string(field),
            b'[' => return self.list(field),
            b'{' => self.map(),
            _ => self.named(field),
        }
        false
    }

    fn string(&mut self, field: &str) {
        let mut escaped = false;
        let end = self.rest[1..].find(|c| {
            let end = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            end
        });
        let text = self.take(end.unwrap() + 2);
        match field {
            // For people only.
            "detail" => self.out.push('_'),
            "nonce" if text.trim_matches('"') == self.context.nonce => self.out.push('='),
            "original" => text.trim_matches('"').clone_into(&mut self.version),
            _ => self.out.push_str(text),
        }
    }

    fn list(&mut self, field: &str) -> bool {
        self.eat("[");
        self.out.push('[');
        let empty = self.out.len();
        while !self.at("]") {
            let start = self.out.len();
            self.value(field);
            if self.out[start..].parse().is_ok_and(|age: i64| age < FORGOTTEN) {
                self.out.truncate(start);
            } else {
                self.out.push(',');
            }
            let _ = self.at(", ");
        }
        let is_empty = self.out.len() == empty;
        self.out.push(']');
        is_empty
    }

    fn map(&mut self) {
        self.eat("{");
        self.out.push('{');
        while !self.at("}") {
            let start = self.out.len();
            self.value("");
            self.eat(": ");
            self.out.push(':');
            if self.value("") {
                self.out.truncate(start);
            }
            let _ = self.at(", ");
        }
        self.out.push('}');
    }

    /// A struct, a tuple, a variant, a number or a time.
    fn named(&mut self, field: &str) {
        let start = self.out.len();
        let name = match self.rest.strip_prefix('(') {
            Some(_) => "",
            None => {
                let end = self.rest.find([',', ' ', '(', ')', ']', '}', ':']);
                self.take(end.unwrap_or(self.rest.len()))
            }
        };
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            return self.number(field, name);
        }
        self.out.push_str(name);
        if self.at("(") {
            self.out.push('(');
            while !self.at(")") {
                self.value(field);
                self.out.push(',');
                let _ = self.at(", ");
            }
            self.out.push(')');
        } else if self.at(" { ") {
            self.out.push('{');
            while !self.at(" }") {
                let end = self.rest.find(": ").unwrap();
                let field = self.take(end);
                self.eat(": ");
                self.value(field);
                self.out.push(',');
                let _ = self.at(", ");
            }
            self.out.push('}');
        }
        if name == "NuGetVersion" {
            self.out.truncate(start);
            self.out.push_str(&self.version);
        }
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

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// Whether it was there; then it is read.
    fn at(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn eat(&mut self, text: &str) {
        assert!(self.at(text), "`{text}` at `{}`", self.rest);
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

#[test]
fn times_are_distances_and_what_is_old_goes() {
    let context = Context {
        now: Duration::from_secs(100),
        window: Duration::from_secs(50),
        run: 7,
        nonce: "a-7",
    };
    for (text, expected) in [
        ("Waiting { until: 160s }", "Waiting{until:60,}"),
        ("Recent({V(1): [70s, 100s], V(2): [69s]})", "Recent({V(1,):[-30,0,,]:},)"),
        ("Some((Trial, 10s))", "Some((Trial,-90,),)"),
        (r#"X { trial: Some((1, 10s)), detail: "a \"b\"" }"#, "X{trial:Some((1,-50,),),detail:_,}"),
        (r#"Run { number: 7, nonce: "a-7", started: 3s }"#, "Run{number:1,nonce:=,started:_,}"),
        (r#"Run { number: 6, nonce: "a-6" }"#, r#"Run{number:0,nonce:"a-6",}"#),
        ("M { generation: 9, stored: 7, waits: 12, runs: 3 }", ""),
    ] {
        assert_eq!(normal(text, &context), expected, "{text}");
    }
}
