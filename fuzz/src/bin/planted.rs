//! A parser with a mistake in it, which the fuzzer has to find.
#![no_main]

/// Deep enough that chance alone does not find it.
const MISTAKE: &[u8] = b"#{if\xff";

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let same = data.iter().zip(MISTAKE).take_while(|(a, b)| a == b);
    // Each byte is a step that the fuzzer can see.
    let mut steps = 0;
    for _ in same {
        steps = std::hint::black_box(steps + 1);
    }
    if cfg!(feature = "planted") && steps == MISTAKE.len() {
        panic!("the planted mistake");
    }
});
