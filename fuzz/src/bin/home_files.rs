//! Fuzzes `fuzz::home_files`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::home_files(data));
