//! `octo`.

fn main() {}
