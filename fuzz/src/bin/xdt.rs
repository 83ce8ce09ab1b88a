//! Fuzzes `fuzz::xdt`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::xdt(data));
