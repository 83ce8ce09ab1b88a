//! What each fuzz target does with its bytes. A target fails by a panic, too long a run, or
//! too much memory; besides, each one checks what must hold for whatever input was accepted.

mod archives;
mod configuration;
mod names;
mod state;
mod templates;

pub use archives::archive;
pub use configuration::{json, properties, xdt, xml, yaml};
pub use names::{nuspec, version};
pub use state::{home_files, ledger};
pub use templates::{service_message, template};

/// The input as texts: it is cut at NUL bytes, which none of the formats have.
fn texts(data: &[u8]) -> Option<Vec<&str>> {
    Some(std::str::from_utf8(data).ok()?.split('\0').collect())
}

/// Variables from name, value, name, value.
fn variables(texts: &[&str]) -> variables::VariableSet {
    let mut set = variables::VariableSet::new();
    for pair in texts.chunks(2) {
        if let [name, value] = pair {
            set.set(*name, *value);
        }
    }
    set
}
