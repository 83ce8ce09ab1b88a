//! `suction-cup`.

fn main() {}
