//! A proof is final: over any images and any question, whatever true document comes next takes none back.
#![no_main]

#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "../tests/chains/mod.rs"]
mod chains;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = bytes.iter();
    let mut last = 0;
    // When the bytes are used up what comes is still not always the first.
    let mut choose = |below: usize| {
        last = bytes.next().map_or(last + 7, |byte| usize::from(*byte));
        last % below
    };
    let (shelf, asked) = chains::made(&mut choose);
    if let Err(told) = chains::grow(&shelf, &asked, &mut choose) {
        panic!("{asked}: {told}");
    }
});
