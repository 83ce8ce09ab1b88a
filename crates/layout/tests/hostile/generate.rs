//! Archives in every format with something wrong with them, the same ones in every run.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::raw_tar::{self, RawHeader};
use super::raw_zip::{self, RawEntry};

/// A way in which an archive can be hostile.
pub struct Kind {
    pub name: &'static str,
    pub must_be_refused: bool,
    make: fn(&mut Generator, &str) -> Vec<u8>,
}

/// One archive.
pub struct Sample {
    pub kind: &'static str,
    pub must_be_refused: bool,
    pub bytes: Vec<u8>,
}

const fn refused(name: &'static str, make: fn(&mut Generator, &str) -> Vec<u8>) -> Kind {
    Kind {
        name,
        must_be_refused: true,
        make,
    }
}

pub const KINDS: &[Kind] = &[
    refused("leads out", |g, _| {
        let up = "../".repeat(g.below(4) + 1);
        let name = g.one(&[
            format!("{up}evil"),
            format!("x/../{up}evil"),
            format!("{up}outside/evil"),
        ]);
        g.named(&name)
    }),
    refused("leads out the other way", |g, _| {
        let up = "..\\".repeat(g.below(4) + 1);
        g.named(&format!("{up}evil"))
    }),
    refused("absolute", |g, outside| g.named(&format!("{outside}/evil"))),
    refused("drive or stream", |g, _| {
        let name = g.one(&["C:\\evil", "c:evil", "D:/x/evil", "a.txt:evil"]);
        g.named(name)
    }),
    refused("share or device path", |g, _| {
        let name = g.one(&[
            "\\\\server\\share\\evil",
            "//server/share/evil",
            "\\\\?\\C:\\evil",
            "\\\\.\\pipe\\x",
        ]);
        g.named(name)
    }),
    refused("device", |g, _| {
        let name = g.one(&["CON", "x/nul.txt", "com1", "LPT9.log", "aux.tar.gz", "COM¹"]);
        g.named(name)
    }),
    refused("name that changes", |g, _| {
        let name = g.one(&[
            "evil.", "evil ", "x./y", "x /y", "x//y", "a\u{1}b", "\u{7f}",
        ]);
        g.named(name)
    }),
    refused("differs by case only", |g, _| {
        let names = g.one(&[
            ["dir/Evil", "dir/evil"],
            ["Straße", "STRAßE"],
            ["D/x", "d/X"],
        ]);
        g.pack(&[Item::File(names[0], "1"), Item::File(names[1], "2")])
    }),
    refused("twice", |g, _| {
        let name = g.one(&["twice", "./twice", "a/twice"]);
        let again = g.one(&["twice", "./twice"]);
        let again = if name == "a/twice" { "a\\twice" } else { again };
        g.pack(&[Item::File(name, "1"), Item::File(again, "2")])
    }),
    refused("file as a folder", |g, _| {
        g.pack(&[Item::File("x", ""), Item::File("x/evil", "")])
    }),
    refused("link that leads out", |g, outside| {
        let target = g.one(&[
            "..",
            "../../canary",
            "x/../../..",
            "/etc/passwd",
            outside,
            "C:\\x",
            "..\\..",
        ]);
        g.pack(&[Item::Link("link", target)])
    }),
    refused("link, then a file through it", |g, outside| {
        let target = g.one(&[outside, "../../../../../outside", "harmless"]);
        g.pack(&[Item::Link("link", target), Item::File("link/evil", "x")])
    }),
    refused("file through a link that comes later", |g, outside| {
        g.pack(&[Item::File("link/evil", "x"), Item::Link("link", outside)])
    }),
    refused("link through a link", |g, _| {
        g.pack(&[
            Item::Link("a/b/up", "../.."),
            Item::Link("x", "a/b/up/../.."),
        ])
    }),
    refused("link in another case", |g, outside| {
        g.pack(&[Item::Link("Link", outside), Item::File("link/evil", "x")])
    }),
    refused("too many entries", |g, _| {
        let names: Vec<String> = (0..60).map(|n| format!("f{n}")).collect();
        let items: Vec<Item> = names.iter().map(|name| Item::File(name, "")).collect();
        g.pack(&items)
    }),
    refused("too many folders", |g, _| g.named(&"d/".repeat(60)[..119])),
    refused("too much in one", |g, _| g.compressed(&[13])),
    refused("too much in all", |g, _| g.compressed(&[9, 9])),
    refused("bomb", |g, _| g.compressed(&[11])),
    refused("sizes that lie", |g, _| {
        let (size, packed) = g.one(&[
            (Some(3), None),
            (Some(90), None),
            (Some(9), Some(3)),
            (Some(90), Some(90)),
        ]);
        zip(&[RawEntry {
            size,
            packed_size: packed,
            ..raw_zip::file("liar", "0123456789")
        }])
    }),
    refused("tar sizes that lie", |g, _| {
        let size = g.one(&[
            &b"77777777777"[..],
            b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\x80\x01\0\0\0\0\0\0\0\0\0\x01",
            b"00000004000",
            b"-0000000001",
        ]);
        let liar = RawHeader {
            size: Some(size.to_vec()),
            ..raw_tar::file("liar", "0123456789")
        };
        g.tar(&[liar])
    }),
    refused("damaged content", |g, _| {
        let crc = Some(g.next() as u32 | 1);
        zip(&[
            RawEntry {
                crc,
                ..raw_zip::file("damaged", "")
            },
            raw_zip::file("x", ""),
        ])
    }),
    refused("shared content", |g, _| {
        let first = RawEntry {
            crc: Some(0),
            ..raw_zip::file("first", &"x".repeat(100_000))
        };
        let shared = (0..170 + g.below(20)).map(|n| RawEntry {
            name: format!("n{n}").into_bytes(),
            shares_data_of: Some(0),
            content: Vec::new(),
            size: Some(100_000),
            packed_size: Some(100_000),
            ..first.clone()
        });
        let all: Vec<RawEntry> = std::iter::once(first.clone()).chain(shared).collect();
        raw_zip::zip(&all)
    }),
    refused("neither file nor folder", |g, _| {
        if g.flip() {
            let mode = g.one(&[0o010_644, 0o020_644, 0o060_644, 0o140_644]);
            return zip(&[raw_zip::with_mode(raw_zip::file("special", ""), mode)]);
        }
        let kind = g.one(b"3468SVM");
        g.tar(&[raw_tar::of_kind(kind, raw_tar::file("special", ""))])
    }),
    refused("hidden by percent signs", |g, _| {
        let name = g.one(&[
            "%2e%2e/evil",
            "x/%2E%2E%2F%2e%2e/evil",
            "%2Fevil",
            "a%5C..%5C..%5Cb",
            "NUL%2Etxt",
        ]);
        zip(&[raw_zip::file("p.nuspec", ""), raw_zip::file(name, "x")])
    }),
    refused("hard link to the outside", |g, outside| {
        let canary = format!("{outside}/canary");
        let target = g.one(&["../canary", &canary, "later", "missing", "."]);
        g.tar(&[
            raw_tar::hard_link("link", target),
            raw_tar::file("later", ""),
        ])
    }),
    refused("hard link to a link", |g, outside| {
        g.tar(&[raw_tar::link("l", outside), raw_tar::hard_link("x", "l")])
    }),
    refused("two sizes", |g, _| {
        let size = g.below(4000).to_string();
        g.tar(&[
            raw_tar::pax(b'x', &[("size", &format!("1{size}"))]),
            raw_tar::file("x", "abc"),
        ])
    }),
    refused("two names", |g, _| {
        let long = raw_tar::long(b'L', "harmless-too");
        g.tar(&[
            long,
            raw_tar::pax(b'x', &[("path", "../evil")]),
            raw_tar::file("x", ""),
        ])
    }),
    refused("named for all", |g, _| {
        g.tar(&[
            raw_tar::pax(b'g', &[("path", "../evil")]),
            raw_tar::file("x", ""),
        ])
    }),
    refused("one after another", |g, _| {
        let more = raw_tar::tar(&[raw_tar::file("../evil", "x")]);
        let all = [raw_tar::tar(&[raw_tar::file("harmless", "")]), more].concat();
        g.squeezed(&all)
    }),
    refused("cut off", |g, _| {
        let mut bytes = g.pack(&[Item::File("x", "content"), Item::File("y", "content")]);
        // Behind the content a tar has 1024 zeros, of which 512 are enough.
        let most = bytes.len() - if bytes.first() == Some(&b'h') { 513 } else { 1 };
        bytes.truncate(g.below(most));
        bytes
    }),
    Kind {
        name: "changed anywhere",
        must_be_refused: false,
        make: |g, outside| {
            let link = format!("{outside}/x");
            let mut bytes = g.pack(&[
                Item::File("x/y", "content"),
                Item::Link("l", "x/y"),
                Item::Folder("z"),
                Item::File("xx/..x", &link),
            ]);
            for _ in 0..=g.below(4) {
                let at = g.below(bytes.len());
                bytes[at] = g.one(&[b'.', b'/', b'\\', 0, 0xff, b'2', b'5', b'1', g.0 as u8]);
            }
            bytes
        },
    },
    Kind {
        name: "in order",
        must_be_refused: false,
        make: |g, _| {
            g.pack(&[
                Item::File("x/y", "content"),
                Item::Link("x/l", "y"),
                Item::Folder("z"),
            ])
        },
    },
];

/// An entry of any format.
#[derive(Clone, Copy)]
pub enum Item<'a> {
    File(&'a str, &'a str),
    Folder(&'a str),
    Link(&'a str, &'a str),
}

/// Chance from a number (xorshift).
pub struct Generator(u64, u64);

impl Generator {
    pub fn new(case: u64) -> Self {
        Self((case + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15), case)
    }

    /// Kinds take turns.
    pub fn sample(&mut self, outside: &str) -> Sample {
        let kind = &KINDS[self.1 as usize % KINDS.len()];
        Sample {
            kind: kind.name,
            must_be_refused: kind.must_be_refused,
            bytes: (kind.make)(self, outside),
        }
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() >> 16) as usize % end
    }

    fn flip(&mut self) -> bool {
        self.below(2) == 0
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    /// Honest entries, and a file of this name.
    fn named(&mut self, name: &str) -> Vec<u8> {
        self.pack(&[Item::File(name, "evil")])
    }

    /// In any of the formats, in one of its spellings, behind something harmless.
    fn pack(&mut self, items: &[Item]) -> Vec<u8> {
        if self.flip() {
            let entries: Vec<RawEntry> = items.iter().map(zip_entry).collect();
            return zip(&entries);
        }
        let mut headers = Vec::new();
        for item in items {
            self.spell(item, &mut headers);
        }
        self.tar(&headers)
    }

    fn tar(&mut self, headers: &[RawHeader]) -> Vec<u8> {
        let mut all = vec![raw_tar::file("harmless", "hello")];
        all.extend_from_slice(headers);
        self.squeezed(&raw_tar::tar(&all))
    }

    fn squeezed(&mut self, tar: &[u8]) -> Vec<u8> {
        match self.below(3) {
            0 => tar.to_vec(),
            1 => raw_tar::gz(tar),
            _ => raw_tar::bz2(tar),
        }
    }

    /// The name in its field, or before it in one of two ways.
    fn spell(&mut self, item: &Item, headers: &mut Vec<RawHeader>) {
        let (name, header) = match *item {
            Item::File(name, content) => (name, raw_tar::file(name, content)),
            Item::Folder(name) => (name, raw_tar::folder(name)),
            Item::Link(name, target) => (name, raw_tar::link(name, target)),
        };
        let innocent = RawHeader {
            name: b"innocent".to_vec(),
            ..header.clone()
        };
        let way = if name.len() > 99 {
            self.below(2)
        } else {
            self.below(3)
        };
        match way {
            0 => headers.extend([raw_tar::long(b'L', name), innocent]),
            1 => headers.extend([raw_tar::pax(b'x', &[("path", name)]), innocent]),
            _ => headers.push(header),
        }
    }

    /// Zeros, so many MiB in each file.
    fn compressed(&mut self, files: &[usize]) -> Vec<u8> {
        static MADE: Mutex<BTreeMap<Vec<usize>, Vec<u8>>> = Mutex::new(BTreeMap::new());
        let mut made = MADE.lock().unwrap();
        let make = || {
            let content: Vec<String> = files.iter().map(|mib| "\0".repeat(mib << 20)).collect();
            let numbered = content.iter().enumerate();
            let headers: Vec<RawHeader> = numbered
                .map(|(n, content)| raw_tar::file(&format!("zeros{n}"), content))
                .collect();
            raw_tar::gz(&raw_tar::tar(&headers))
        };
        made.entry(files.to_vec()).or_insert_with(make).clone()
    }
}

fn zip_entry(item: &Item) -> RawEntry {
    match *item {
        Item::File(name, content) => raw_zip::file(name, content),
        Item::Folder(name) => raw_zip::folder(name),
        Item::Link(name, target) => raw_zip::link(name, target),
    }
}

fn zip(entries: &[RawEntry]) -> Vec<u8> {
    let mut all = vec![raw_zip::file("harmless", "hello")];
    all.extend_from_slice(entries);
    raw_zip::zip(&all)
}
