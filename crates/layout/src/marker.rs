//! The health marker: the running Tentacle's word that it is confirmed.

use std::fs::File;
use std::io::{self, Read as _};

use crate::durable::replace_file;
use crate::home::Home;

/// A nonce is short; nothing longer is read.
const LONGEST: u64 = 200;

/// Says that this run is confirmed. Tentacle calls it with the nonce that it found
/// in [`RUN_NONCE`](crate::RUN_NONCE), once its server has confirmed it.
///
/// # Errors
/// Those of the file system.
pub fn write_marker(home: &Home, nonce: &str) -> io::Result<()> {
    replace_file(&home.marker(), format!("{nonce}\n").as_bytes())
}

/// The nonce of the run that was confirmed last; `None` when there is none that can be read.
/// It counts only for the run that has this very nonce.
pub fn read_marker(home: &Home) -> Option<String> {
    let mut text = String::new();
    let file = File::open(home.marker()).ok()?;
    file.take(LONGEST).read_to_string(&mut text).ok()?;
    Some(text.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_the_last_one_counts() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        assert_eq!(read_marker(&home), None);
        std::fs::create_dir(home.run()).unwrap();
        write_marker(&home, "a-longer-nonce-1").unwrap();
        write_marker(&home, "nonce-2").unwrap();
        assert_eq!(read_marker(&home).as_deref(), Some("nonce-2"));
        // The form is part of the contract.
        assert_eq!(std::fs::read(home.marker()).unwrap(), b"nonce-2\n");
    }
}
