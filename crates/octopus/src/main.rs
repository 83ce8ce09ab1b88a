//! `octopus`.

fn main() {}
