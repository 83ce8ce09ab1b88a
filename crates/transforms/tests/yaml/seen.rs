//! What a reader sees in YAML, by paths: read on its own, apart from the code under test.

use granit_parser::{Event, Parser, options};

/// Path, and what stands there with tag and anchor.
pub(crate) type Seen = Vec<(String, String)>;

/// A mapping or sequence that is being read.
struct Open {
    path: String,
    /// In a mapping: the key that waits for its value.
    key: Option<String>,
    count: usize,
    is_mapping: bool,
}

/// All values of a stream; `None` if it is no YAML.
pub(crate) fn see(text: &str) -> Option<Seen> {
    let options = options! { emit_anchor_events: true };
    let mut events = Vec::new();
    for event in Parser::new_from_str_with_options(text, options) {
        events.push(event.ok()?);
    }
    let mut seen = Seen::new();
    let mut open: Vec<Open> = Vec::new();
    for (index, (event, span)) in events.iter().enumerate() {
        let anchor = match events.get(index + 1) {
            Some((Event::Anchor(_, name), _)) => format!("&{name} "),
            _ => String::new(),
        };
        let tag = event.tag().map(|tag| format!("{} ", tag.original()));
        let properties = format!("{anchor}{}", tag.unwrap_or_default());
        let (shown, name, mapping) = match event {
            Event::Scalar(value, ..) if span.is_empty() => {
                (format!("nothing {value:?}"), String::new(), None)
            }
            Event::Scalar(value, ..) => (format!("{value:?}"), value.to_string(), None),
            Event::Alias(_) => (span.slice(text)?.to_owned(), "*".to_owned(), None),
            Event::SequenceStart(..) => ("sequence".to_owned(), String::new(), Some(false)),
            Event::MappingStart(..) => ("mapping".to_owned(), String::new(), Some(true)),
            Event::SequenceEnd | Event::MappingEnd => {
                open.pop();
                continue;
            }
            _ => continue,
        };
        let path = match open.last_mut() {
            None => String::new(),
            Some(parent) => {
                let name = match parent.is_mapping {
                    false => parent.count.to_string(),
                    true => match parent.key.take() {
                        Some(key) => key,
                        // Keys have no path, but what is in them is to stay as well.
                        None => {
                            parent.key = Some(name);
                            "?".to_owned()
                        }
                    },
                };
                parent.count += 1;
                match parent.path.as_str() {
                    "" => name,
                    before => format!("{before}:{name}"),
                }
            }
        };
        seen.push((path.clone(), format!("{properties}{shown}")));
        if let Some(is_mapping) = mapping {
            open.push(Open {
                path,
                key: None,
                count: 0,
                is_mapping,
            });
        }
    }
    Some(seen)
}
