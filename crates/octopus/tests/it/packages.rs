//! Packages to push, good and evil.

use std::io::Cursor;

use nupkg::{Nuspec, PackageBuilder};

/// A package with one file of `size` bytes that don't compress; `seed` tells its content.
pub(crate) fn package(id: &str, version: &str, size: usize, seed: u64) -> Vec<u8> {
    with_file(id, version, "data/content.bin", &noise(size, seed))
}

/// A package with one file.
pub(crate) fn with_file(id: &str, version: &str, path: &str, content: &[u8]) -> Vec<u8> {
    let text = format!(
        "<package><metadata><id>{id}</id><version>{version}</version><authors>Acme</authors>\
         <description>For tests.</description></metadata></package>"
    );
    let nuspec = Nuspec::from_bytes(text.as_bytes()).unwrap();
    let builder = PackageBuilder::new(nuspec).file(path, 0o644, content);
    let archive = builder.unwrap().finish(Cursor::new(Vec::new()));
    archive.unwrap().into_inner()
}

/// A plain zip with these files.
pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let add = |builder: PackageBuilder<'static>, (path, content): &(&str, &[u8])| {
        builder
            .file(path, 0o644, Cursor::new(content.to_vec()))
            .unwrap()
    };
    let builder = files.iter().fold(PackageBuilder::zip(), add);
    builder
        .finish(Cursor::new(Vec::new()))
        .unwrap()
        .into_inner()
}

/// A package with a file that would be written beside its folder.
pub(crate) fn evil(id: &str, version: &str) -> Vec<u8> {
    let good = with_file(id, version, "xx/evil.txt", b"out of the box");
    replace(&good, b"xx/evil.txt", b"../evil.txt")
}

/// The same bytes with one word for another of the same length.
pub(crate) fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    let mut count = 0;
    for at in 0..bytes.len() {
        if bytes[at..].starts_with(from) {
            bytes[at..at + to.len()].copy_from_slice(to);
            count += 1;
        }
    }
    assert!(count > 0, "the word is not there");
    bytes
}

/// Bytes of a xorshift generator (Marsaglia, 2003): always the same for a seed.
pub(crate) fn noise(size: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2).wrapping_add(0x9E37_79B9_7F4A_7C15);
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u8::try_from(state >> 56).unwrap()
    };
    std::iter::repeat_with(next).take(size).collect()
}
