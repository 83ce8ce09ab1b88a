//! What systemd is told, by the protocol of sd_notify(3): ready, what is going on, about to end.

use std::ffi::OsString;
use std::os::unix::net::UnixDatagram;

use crate::machine::Activity;

/// The variable that names systemd's socket.
pub(crate) const SOCKET: &str = "NOTIFY_SOCKET";

/// Tells a service manager that asked for it, and does nothing without one.
#[derive(Debug)]
pub(crate) struct Notify {
    socket: Option<OsString>,
}

impl Notify {
    /// To the socket that the environment names.
    pub(crate) fn from_environment() -> Notify {
        Notify {
            socket: std::env::var_os(SOCKET).filter(|name| !name.is_empty()),
        }
    }

    /// It does its work from now on, whatever becomes of its child.
    pub(crate) fn ready(&self) {
        self.send("READY=1");
    }

    /// It ends as soon as its child has ended.
    pub(crate) fn stopping(&self) {
        self.send("STOPPING=1");
    }

    /// The line that `systemctl status` shows.
    pub(crate) fn status(&self, activity: &Activity) {
        let line = match activity {
            Activity::Installing => "Installing Tentacle from the bundle".to_owned(),
            Activity::Running { version, .. } => format!("Tentacle {version} is running"),
            Activity::Waiting { why, .. } => format!("Waiting: {why}"),
            Activity::Stopped => return,
        };
        self.send(&format!("STATUS={}", line.replace('\n', " ")));
    }

    /// A manager that does not listen loses a word, and nothing else.
    fn send(&self, word: &str) {
        let Some(name) = &self.socket else {
            return;
        };
        let Ok(socket) = UnixDatagram::unbound() else {
            return;
        };
        // Its queue may be full; nothing here ever waits for it.
        let _ = socket.set_nonblocking(true);
        let _ = match abstract_name(name) {
            #[cfg(target_os = "linux")]
            Some(address) => socket.send_to_addr(word.as_bytes(), &address),
            _ => socket.send_to(word.as_bytes(), name),
        };
    }
}

/// `@name` stands for a socket that has no file.
#[cfg(target_os = "linux")]
fn abstract_name(name: &OsString) -> Option<std::os::unix::net::SocketAddr> {
    use std::os::linux::net::SocketAddrExt as _;
    let name = name.as_encoded_bytes().strip_prefix(b"@")?;
    std::os::unix::net::SocketAddr::from_abstract_name(name).ok()
}

#[cfg(not(target_os = "linux"))]
fn abstract_name(_: &OsString) -> Option<()> {
    None
}

#[cfg(test)]
mod tests {
    use std::os::linux::net::SocketAddrExt as _;
    use std::os::unix::net::SocketAddr;
    use std::time::Duration;

    use super::*;

    fn received(socket: &UnixDatagram) -> String {
        let mut bytes = [0; 200];
        let length = socket.recv(&mut bytes).unwrap();
        String::from_utf8(bytes[..length].to_vec()).unwrap()
    }

    fn tell_all(notify: &Notify) {
        notify.ready();
        notify.status(&Activity::Running {
            version: "2.0.0".parse().unwrap(),
            pid: 7,
            nonce: "n".to_owned(),
        });
        notify.status(&Activity::Waiting {
            delay: Duration::from_secs(60),
            why: "it ended\nat once".to_owned(),
        });
        notify.status(&Activity::Stopped);
        notify.stopping();
    }

    const TOLD: [&str; 4] = [
        "READY=1",
        "STATUS=Tentacle 2.0.0 is running",
        "STATUS=Waiting: it ended at once",
        "STOPPING=1",
    ];

    #[test]
    fn systemd_hears_every_word_by_either_kind_of_socket() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let name = format!("suction-cup-test-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(&name).unwrap();
        for (listener, name) in [
            (UnixDatagram::bind(&path).unwrap(), path.into_os_string()),
            (
                UnixDatagram::bind_addr(&address).unwrap(),
                format!("@{name}").into(),
            ),
        ] {
            let notify = Notify { socket: Some(name) };
            tell_all(&notify);
            assert_eq!(TOLD.map(|_| received(&listener)), TOLD);
        }
    }

    #[test]
    fn a_manager_that_does_not_read_holds_nothing_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let notify = Notify {
            socket: Some(path.clone().into_os_string()),
        };
        tell_all(&notify);
        let _full = UnixDatagram::bind(&path).unwrap();
        for _ in 0..2_000 {
            notify.ready();
        }
        tell_all(&Notify { socket: None });
    }
}
