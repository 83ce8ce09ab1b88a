//! Fuzzes `fuzz::service_message`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::service_message(data));
