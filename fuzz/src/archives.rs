//! Target for archives.

use nupkg::{Archive, EntryKind, Limits};
use std::io::{Cursor, Read};

/// The first byte says whether checksums of tar headers are put right: the fuzzer would not
/// get behind them. The rest is the archive.
pub fn archive(data: &[u8]) {
    let Some((mode, rest)) = data.split_first() else {
        return;
    };
    let mut bytes = rest.to_vec();
    if *mode == b'+' {
        bytes.chunks_exact_mut(512).for_each(put_right);
    }
    let limits = Limits {
        max_entries: 100,
        max_entry_bytes: 256 * 1024,
        max_total_bytes: 1024 * 1024,
        max_ratio: 1000,
    };
    let Ok(mut archive) = Archive::open(Cursor::new(bytes), &limits) else {
        return;
    };
    let mut total = 0;
    for entry in archive.entries().to_vec() {
        let safe = |part: &str| !part.is_empty() && part != ".." && !part.contains([':', '\\']);
        assert!(entry.path.split('/').all(safe), "{:?}", entry.path);
        let mut content = Vec::new();
        let read = archive
            .read_entry(&entry)
            .map(|mut reader| reader.read_to_end(&mut content));
        total += content.len() as u64;
        if matches!(read, Ok(Ok(_))) && entry.kind == EntryKind::File {
            assert_eq!(content.len() as u64, entry.size, "{:?}", entry.path);
        }
    }
    assert!(total <= limits.max_total_bytes, "{total}");
    let _ = archive.nuspec();
}

/// Writes the checksum into a block that looks like a header.
fn put_right(block: &mut [u8]) {
    if block.get(257..262) != Some(b"ustar") {
        return;
    }
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}
