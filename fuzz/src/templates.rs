//! Targets for the language of variables, and for what scripts tell.

use crate::{texts, variables};
use conventions::scripts::service_message::{Segment, split};

/// A template, then names and values of variables.
pub fn template(data: &[u8]) {
    let Some(texts) = texts(data) else { return };
    let Some((template, rest)) = texts.split_first() else {
        return;
    };
    let set = variables(rest);
    let _ = set.evaluate(template);
    let _ = set.evaluate_lenient(template);
    for name in set.names() {
        let _ = set.get(name);
    }
}

/// A line of output.
pub fn service_message(data: &[u8]) {
    let line = String::from_utf8_lossy(data);
    let segments = split(&line);
    let mut left = line.as_ref();
    for segment in segments {
        match segment {
            Segment::Text(text) => {
                let at = left.find(text).expect("text is of the line, in its order");
                left = &left[at + text.len()..];
            }
            Segment::Message(_) => assert!(line.contains("##octopus["), "a message has a start"),
        }
    }
}
