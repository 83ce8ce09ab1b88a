//! YAML of any layout, made from bytes that decide.

use proptest::prelude::*;

/// Texts with mappings, sequences, scalars of all styles, comments, anchors and tags.
pub(crate) fn documents() -> impl Strategy<Value = String> {
    prop::collection::vec(any::<u8>(), 0..60).prop_map(|bytes| {
        let mut generator = Generator {
            bytes: bytes.into_iter(),
            names: 0,
            anchors: Vec::new(),
        };
        generator.stream()
    })
}

struct Generator {
    bytes: std::vec::IntoIter<u8>,
    names: usize,
    anchors: Vec<String>,
}

const PLAIN: &[&str] = &[
    "x",
    "5",
    "true",
    "a b",
    "http://h:1",
    "é",
    "~",
    "-1",
    "a\\b",
];
const QUOTED: &[&str] = &["'x'", "'it''s'", "''", "\"a\\tb\"", "\"\"", "\"é: #\""];

impl Generator {
    fn one(&mut self, of: u8) -> u8 {
        self.bytes.next().unwrap_or_default() % of
    }

    fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        let index = self.one(texts.len() as u8);
        texts[usize::from(index)]
    }

    fn name(&mut self) -> String {
        self.names += 1;
        let name = format!("k{}", self.names);
        match self.one(4) {
            0 => format!("\"{name}\""),
            1 => format!("'{name} é'"),
            _ => name,
        }
    }

    fn stream(&mut self) -> String {
        let mut text = String::new();
        for index in 0..=self.one(2) {
            self.anchors.clear();
            text += match index {
                0 => self.pick(&["", "---\n", "%YAML 1.2\n---\n"]),
                _ => self.pick(&["---\n", "--- # c\n"]),
            };
            text += &match self.one(3) {
                0 => self.sequence(0, 0),
                _ => self.mapping(0, 0),
            };
            text += self.pick(&["", "...\n", "# end\n...\n"]);
        }
        if self.one(4) == 1 {
            text.truncate(text.trim_end_matches('\n').len());
        }
        match self.one(3) {
            1 => text.replace('\n', "\r\n"),
            _ => text,
        }
    }

    fn comment(&mut self) -> &'static str {
        self.pick(&["", "", "", " # c", "  # k1: |"])
    }

    fn lines(&mut self, indent: usize) -> String {
        match self.one(6) {
            1 => "\n".to_owned(),
            2 => format!("{}# - c\n", " ".repeat(indent)),
            _ => String::new(),
        }
    }

    fn mapping(&mut self, indent: usize, depth: usize) -> String {
        let margin = " ".repeat(indent);
        let mut text = String::new();
        for index in 0..=self.one(3) {
            if index > 0 {
                text += &self.lines(indent);
            }
            let name = self.name();
            match self.one(8) {
                1 => {
                    text += &format!(
                        "{margin}? {name}\n{margin}:{}",
                        self.value(indent, depth, false)
                    )
                }
                2 => text += &format!("{margin}? {name}\n"),
                _ => text += &format!("{margin}{name}:{}", self.value(indent, depth, true)),
            }
        }
        text
    }

    fn sequence(&mut self, indent: usize, depth: usize) -> String {
        let margin = " ".repeat(indent);
        let mut text = String::new();
        for index in 0..=self.one(3) {
            if index > 0 {
                text += &self.lines(indent);
            }
            text += &format!("{margin}-{}", self.value(indent, depth, false));
        }
        text
    }

    /// What comes after `:` or `-` in this column.
    fn value(&mut self, indent: usize, depth: usize, after_key: bool) -> String {
        if depth > 3 {
            return format!(" {}\n", self.pick(PLAIN));
        }
        let comment = self.comment();
        if self.one(12) == 1
            && let Some(anchor) = self.anchors.last()
        {
            return format!(" *{anchor}{comment}\n");
        }
        if !after_key && self.one(6) == 1 {
            let compact = match self.one(2) {
                0 => self.sequence(indent + 2, depth + 1),
                _ => self.mapping(indent + 2, depth + 1),
            };
            return format!(" {}", compact.trim_start_matches(' '));
        }
        let properties = self.properties();
        let inner = indent + 1 + usize::from(self.one(3));
        let margin = " ".repeat(inner);
        match self.one(10) {
            0 => format!("{properties} {}{comment}\n", self.pick(PLAIN)),
            1 => format!("{properties} {}{comment}\n", self.pick(QUOTED)),
            2 => format!("{properties}{comment}\n"),
            3 => {
                let head = self.pick(&["|", "|-", ">", ">-", "|+", ">+"]);
                let blank = self.pick(&["", "\n", "\n\n"]);
                format!(
                    "{properties} {head}{comment}\n{margin}x\n\n{margin}  y z\n{margin}é\n{blank}"
                )
            }
            4 => format!("{properties} x\n{margin} y\n{margin} z{comment}\n"),
            5 => format!("{properties} {}{comment}\n", self.flow(depth)),
            6 if after_key => format!(
                "{properties}{comment}\n{}",
                self.sequence(indent, depth + 1)
            ),
            7 => format!("{properties}{comment}\n{}", self.sequence(inner, depth + 1)),
            8 => format!("{properties}{comment}\n{margin}{}\n", self.flow(depth)),
            _ => format!("{properties}{comment}\n{}", self.mapping(inner, depth + 1)),
        }
    }

    fn properties(&mut self) -> String {
        match self.one(8) {
            1 => {
                let anchor = format!("a{}", self.names);
                self.anchors.push(anchor.clone());
                format!(" &{anchor}")
            }
            2 => " !t".to_owned(),
            3 => " &z !<tag:x>".to_owned(),
            _ => String::new(),
        }
    }

    fn flow(&mut self, depth: usize) -> String {
        if depth > 3 {
            return self.pick(&["x", "'y'", "5"]).to_owned();
        }
        let mut entries = Vec::new();
        let is_mapping = self.one(2) == 0;
        for _ in 0..self.one(4) {
            let name = self.name();
            let value = match self.one(3) {
                0 => self
                    .pick(&["x y", "'y, z'", "5", "!t \"{\"", "&f x"])
                    .to_owned(),
                _ => self.flow(depth + 1),
            };
            entries.push(match (is_mapping, self.one(5)) {
                (true, 0) => name,
                (true, 1) => format!("{name}: "),
                (_, 2) => format!("{name} : {value}"),
                (true, _) => format!("{name}: {value}"),
                (false, _) => value,
            });
        }
        let entries = entries.join(self.pick(&[", ", ",\n      ", " ,"]));
        match is_mapping {
            true => format!("{{{entries}}}"),
            false => format!("[{entries}]"),
        }
    }
}
