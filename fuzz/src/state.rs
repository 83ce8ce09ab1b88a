//! Targets for the files that Tentacle and Suction Cup agree on.

use layout::{Home, Ledger, Stamp, read_marker};
use std::path::PathBuf;
use std::sync::LazyLock;

/// A ledger as it is, and with its checksum put right.
pub fn ledger(data: &[u8]) {
    check_ledger(data);
    let mut whole = data.to_vec();
    let sum = crc32fast::hash(data);
    whole.extend(format!("crc32 {sum:08x}\n").bytes());
    check_ledger(&whole);
}

fn check_ledger(data: &[u8]) {
    if let Ok(ledger) = Ledger::parse(data) {
        let again = Ledger::parse(ledger.to_string().as_bytes());
        assert_eq!(again.as_ref(), Ok(&ledger), "what is written can be read");
    }
}

/// Marker, pin and stamp, by the functions that read their files.
pub fn home_files(data: &[u8]) {
    static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
        // In memory where that is possible.
        let memory = PathBuf::from("/dev/shm");
        let top = if memory.is_dir() {
            memory
        } else {
            std::env::temp_dir()
        };
        let folder = top.join(format!("octopus-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("run")).expect("a folder can be made");
        folder
    });
    let home = Home::new(FOLDER.as_path());
    for file in [home.marker(), home.pin(), FOLDER.join(".stamp")] {
        std::fs::write(file, data).expect("a file can be written");
    }
    let _ = read_marker(&home);
    let _ = home.read_pin();
    let stamp = Stamp::of_folder(&FOLDER);
    assert_eq!(
        stamp.as_str().parse().as_ref(),
        Ok(&stamp),
        "a stamp is one"
    );
}
