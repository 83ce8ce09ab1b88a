//! The health marker: when this run may call itself confirmed.
//!
//! A version that the server ordered must be heard by the server. One that came with the
//! installer, on a machine that no server has reached lately, is confirmed by its own
//! self-check: otherwise a server that is down would make every new install fail.

use std::{
    fs,
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use layout::{Home, Stamp, write_marker};

/// After so long without a call, the server counts as out of reach.
const OUT_OF_REACH: Duration = Duration::from_secs(15 * 60);

/// Writes the marker of this run, once.
pub struct Confirmation {
    home: Home,
    nonce: Option<String>,
    /// Only the server's word counts for this version.
    needs_server: bool,
    written: AtomicBool,
    last_call: Mutex<Instant>,
}

impl Confirmation {
    /// `nonce` is this run's, from [`layout::RUN_NONCE`]; without one there is no supervisor
    /// and nothing to confirm. `stamp` is that of the version that runs.
    pub fn new(home: Home, nonce: Option<String>, stamp: &Stamp) -> Self {
        let ordered = *stamp != Stamp::bundle();
        let needs_server = ordered || contact(&home).exists();
        Self {
            home,
            nonce,
            needs_server,
            written: AtomicBool::new(false),
            last_call: Mutex::new(Instant::now()),
        }
    }

    /// The self-check has passed: Tentacle listens and can read and write what it needs.
    pub fn self_checked(&self) {
        if self.needs_server {
            tracing::info!("waiting for the server to confirm this version");
        } else {
            self.write("its self-check");
        }
    }

    /// The server has called, or answered, this run.
    pub fn server_heard(&self) {
        *self
            .last_call
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Instant::now();
        let contact = contact(&self.home);
        if !contact.exists()
            && let Err(error) = fs::write(&contact, "")
        {
            tracing::warn!("{} can't be written: {error}", contact.display());
        }
        self.write("the server");
    }

    /// To be called now and then: forgets a server that has not called for a long time.
    pub fn watch_contact(&self) {
        let last = self
            .last_call
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // Only a run that is confirmed may loosen what its successor needs.
        if self.written.load(Ordering::Acquire) && last.elapsed() > OUT_OF_REACH {
            // Not there is what is wanted.
            let _gone = fs::remove_file(contact(&self.home));
        }
    }

    fn write(&self, by: &str) {
        let Some(nonce) = &self.nonce else { return };
        if self.written.swap(true, Ordering::AcqRel) {
            return;
        }
        match write_marker(&self.home, nonce) {
            Ok(()) => tracing::info!("confirmed by {by}"),
            Err(error) => {
                self.written.store(false, Ordering::Release);
                tracing::error!("the health marker can't be written: {error}");
            }
        }
    }
}

/// There while a server is known to reach this machine.
fn contact(home: &Home) -> PathBuf {
    home.config().join("server-contact")
}

#[cfg(test)]
mod tests {
    use super::*;
    use layout::read_marker;

    fn home() -> (tempfile::TempDir, Home) {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        fs::create_dir(home.config()).unwrap();
        fs::create_dir(home.run()).unwrap();
        (folder, home)
    }

    fn confirmation(home: &Home, stamp: &str) -> Confirmation {
        let nonce = Some("n1".to_owned());
        Confirmation::new(home.clone(), nonce, &stamp.parse().unwrap())
    }

    #[test]
    fn a_first_install_confirms_itself() {
        let (_folder, home) = home();
        confirmation(&home, "bundle").self_checked();
        assert_eq!(read_marker(&home).as_deref(), Some("n1"));
    }

    #[test]
    fn an_ordered_version_needs_the_server() {
        let (_folder, home) = home();
        let confirmation = confirmation(&home, "7-1-ABC");
        confirmation.self_checked();
        assert_eq!(read_marker(&home), None);
        confirmation.server_heard();
        assert_eq!(read_marker(&home).as_deref(), Some("n1"));
    }

    #[test]
    fn an_installer_over_a_machine_that_a_server_reaches_needs_the_server() {
        let (_folder, home) = home();
        confirmation(&home, "bundle").server_heard();
        fs::remove_file(home.marker()).unwrap();
        confirmation(&home, "bundle").self_checked();
        assert_eq!(read_marker(&home), None);
    }

    #[test]
    fn without_a_supervisor_nothing_is_written() {
        let (_folder, home) = home();
        Confirmation::new(home.clone(), None, &Stamp::bundle()).self_checked();
        assert_eq!(read_marker(&home), None);
    }
}
