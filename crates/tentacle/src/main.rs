//! `tentacle`.

fn main() {}
