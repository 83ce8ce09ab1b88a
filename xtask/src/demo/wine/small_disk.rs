//! The installer where Tentacle's data would not fit: a file system of a few megabytes, in a name space of its
//! own, with a Wine of its own, for Wine's server opens the files of all that run in it.

use std::{path::Path, process::Command};

use anyhow::{Context, ensure};

use super::prefix;
use crate::programs::said;

/// `$1` is the disk's size, `$2` the folder that lies on it, `$3` the installer. The same installer works once
/// there is room.
const SCRIPT: &str = r#"
set -u
programs="$WINEPREFIX/drive_c/Program Files/Octopus"
mkdir -p "$2" && mount -t tmpfs -o size="$1" tmpfs "$2" || exit 99
wine msiexec /i "$3" /qn SERVER=http://127.0.0.1:1 API_KEY=API-NONE ENVIRONMENT=Test ROLE=web
echo "[ended with $?]"
find "$2" "$programs" -type f 2>/dev/null | sed 's/^/[left] /'
wine sc query OctopusTentacle >/dev/null 2>&1 && echo '[left] the service'
mount -o remount,size=1g "$2"
wine msiexec /i "$3" /qn
echo "[then $?]"
wineserver -k
"#;

/// What Suction Cup says of it.
const NO_SPACE: &str = "free some space on that disk";

/// Fails unless the installer refuses, says that there is no room, and leaves the machine as it was; and unless
/// it installs once there is.
pub(super) fn refused(folder: &Path, msi: &Path, bytes: u64) -> anyhow::Result<String> {
    let octopus = prefix::drive_c(folder).join("ProgramData/Octopus");
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", SCRIPT, "sh"]);
    command
        .arg(bytes.to_string())
        .args([octopus.as_path(), msi]);
    prefix::set(&mut command, folder);
    let output = command.output().context("unshare can't be started")?;
    let said = said(&output);
    let end = |words: &str| {
        let (_, rest) = said.split_once(words)?;
        rest.split_once(']')?.0.trim().parse::<u32>().ok()
    };
    ensure!(end("[ended with ").is_some_and(|code| code != 0), "{said}");
    ensure!(said.contains(NO_SPACE), "the reason is not told: {said}");
    ensure!(!said.contains("[left]"), "{said}");
    ensure!(end("[then ") == Some(0), "not installed after that: {said}");
    let line = said.lines().find(|line| line.contains(NO_SPACE));
    Ok(line.unwrap_or_default().to_owned())
}
