//! What a service manager sees and asks for: sd_notify(3), reload, stop.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;

use crate::cup::{Cup, HEALTHY};

/// Healthy, and tells which socket of systemd it got.
const TELLS: &str = r#"
echo $$ >> "$3/pids"
echo "socket=$NOTIFY_SOCKET." >> "$3/told"
echo "$TENTACLE_RUN_NONCE" > "$3/run/healthy.part" && mv "$3/run/healthy.part" "$3/run/healthy"
exec sleep 600
"#;

#[test]
fn systemd_is_told_and_its_reload_brings_the_pinned_version() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", HEALTHY);
    cup.publish("2.0.0", TELLS);
    let path = cup.home.root().join("notify");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    let hears = |word: &str| {
        let mut bytes = [0; 200];
        let length = manager.recv(&mut bytes).unwrap();
        assert_eq!(String::from_utf8_lossy(&bytes[..length]), word);
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_suction-cup"));
    command.args(["run", "--home"]).arg(cup.home.root());
    cup.start_as(command.env("NOTIFY_SOCKET", &path));
    hears("READY=1");
    hears("STATUS=Tentacle 2.0.0 is running");
    cup.ledger("good 2.0.0");
    let told = fs::read_to_string(cup.home.root().join("told")).unwrap();
    assert_eq!(
        told, "socket=.\n",
        "Tentacle does not speak for Suction Cup"
    );
    fs::write(cup.home.root().join("pin"), "1.0.0\n").unwrap();
    cup.signal(Signal::HUP);
    hears("STATUS=Tentacle 1.0.0 is running");
    cup.signal(Signal::TERM);
    hears("STOPPING=1");
    assert!(cup.ended().success(), "{}", cup.log());
}
