//! Windows: whoever reads a file, a virus scanner say, can hold up its rename for a moment.

use std::fs::{self, File};
use std::io;
use std::os::windows::fs::OpenOptionsExt as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// How long others may hold on to what is to be renamed.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(20);

/// Somebody has it open: access denied, sharing violation, lock violation, folder not empty yet.
const BUSY: [i32; 4] = [5, 32, 33, 145];
/// Calls that this file system does not offer: invalid function, invalid parameter, not supported.
const NOT_OFFERED: [i32; 3] = [1, 87, 50];

const GENERIC_WRITE: u32 = 0x4000_0000;
const FILE_FLAG_BACKUP_SEMANTICS: u32 = 0x0200_0000;

/// Renames a file or folder, over a file that is there. On Windows it waits a while for
/// others that have it open.
///
/// # Errors
/// Those of the file system.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let start = Instant::now();
    loop {
        match fs::rename(from, to) {
            Err(error) if is(&error, &BUSY) && start.elapsed() < PATIENCE => thread::sleep(PAUSE),
            result => return result,
        }
    }
}

/// Makes the names in a folder durable: NTFS writes its log up to them when the folder
/// itself is flushed, for which it must be opened for writing.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    let opened = File::options()
        .access_mode(GENERIC_WRITE)
        .custom_flags(FILE_FLAG_BACKUP_SEMANTICS)
        .open(folder);
    match opened.and_then(|folder| folder.sync_all()) {
        // There names become durable in the file system's own time.
        Err(error) if is(&error, &BUSY) || is(&error, &NOT_OFFERED) => Ok(()),
        result => result,
    }
}

fn is(error: &io::Error, codes: &[i32]) -> bool {
    error
        .raw_os_error()
        .is_some_and(|code| codes.contains(&code))
}
