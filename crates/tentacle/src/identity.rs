//! Tentacle's own certificate: `config/identity.pem`, readable by its owner alone.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use channel::{Identity, IdentityError};
use layout::Home;

/// Why there is no identity.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file system refused.
    #[error("{path} can't be read or written; check its owner and the disk")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("{path} can't be used")]
    Identity {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: IdentityError,
    },
}

/// Reads the certificate; makes it when there is none yet.
pub fn load_or_create(home: &Home) -> Result<Identity, Error> {
    let path = path(home);
    match fs::read(&path) {
        // What is no text is no certificate either.
        Ok(bytes) => Identity::from_pem(&String::from_utf8_lossy(&bytes))
            .map_err(|source| Error::Identity { path, source }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(home),
        Err(source) => Err(Error::Io { path, source }),
    }
}

/// Makes a new certificate in place of the present one, if any.
pub fn create(home: &Home) -> Result<Identity, Error> {
    let path = path(home);
    let (identity, text) =
        Identity::generate("Octopus Tentacle").map_err(|source| Error::Identity {
            path: path.clone(),
            source,
        })?;
    write_private(&path, &text).map_err(|source| Error::Io { path, source })?;
    Ok(identity)
}

fn path(home: &Home) -> PathBuf {
    home.config().join("identity.pem")
}

/// Never readable by others, not even for a moment; whole or not at all.
fn write_private(path: &std::path::Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(std::path::Path::new("."));
    fs::create_dir_all(folder)?;
    let temporary = path.with_extension("pem.new");
    match fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&temporary, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_once_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        let first = load_or_create(&home).unwrap().thumbprint();
        assert_eq!(load_or_create(&home).unwrap().thumbprint(), first);
        assert_ne!(create(&home).unwrap().thumbprint(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(path(&home)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
