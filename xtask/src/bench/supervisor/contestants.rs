//! Who is measured, and what each of them wants to find.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

/// What is measured: ours.
pub(super) const OURS: &str = "suction-cup";

/// Programs of the others, and Debian's package of each.
pub(super) const NEEDS: &[(&str, &str)] = &[
    ("/usr/bin/runsv", "runit"),
    ("/usr/bin/s6-supervise", "s6"),
    ("/usr/bin/supervise", "daemontools"),
    ("/usr/bin/supervisord", "supervisor"),
];

/// One supervisor, ready to be started.
pub(super) struct Contestant {
    pub(super) name: &'static str,
    pub(super) command: Command,
    /// Its own copy of the program that all of them run.
    pub(super) child: PathBuf,
}

/// Makes the folder of each. `steady` is the program that they run.
pub(super) fn all(
    folder: &Path,
    suction_cup: &Path,
    steady: &Path,
) -> anyhow::Result<Vec<Contestant>> {
    Ok(vec![
        own(&folder.join(OURS), suction_cup, steady)?,
        of_a_folder("runsv", folder, steady)?,
        of_a_folder("s6-supervise", folder, steady)?,
        of_a_folder("supervise", folder, steady)?,
        supervisord(&folder.join("supervisord"), steady)?,
    ])
}

fn own(home: &Path, program: &Path, steady: &Path) -> anyhow::Result<Contestant> {
    let child = copy(steady, &home.join("versions/1.0.0/tentacle"))?;
    let mut command = Command::new(program);
    command.arg("run").arg("--home").arg(home);
    Ok(Contestant {
        name: OURS,
        command,
        child,
    })
}

/// Those of Bernstein's school: a folder with a program `run` in it.
fn of_a_folder(name: &'static str, folder: &Path, steady: &Path) -> anyhow::Result<Contestant> {
    let service = folder.join(name);
    let child = copy(steady, &service.join("run"))?;
    let mut command = Command::new(name);
    command.arg(service);
    Ok(Contestant {
        name,
        command,
        child,
    })
}

fn supervisord(folder: &Path, steady: &Path) -> anyhow::Result<Contestant> {
    let child = copy(steady, &folder.join("run"))?;
    let settings = folder.join("supervisord.conf");
    let (place, program) = (folder.display(), child.display());
    let text = format!(
        "[supervisord]\nnodaemon=true\nuser=root\nlogfile={place}/log\npidfile={place}/pid\n\
         [program:steady]\ncommand={program}\nautorestart=true\n"
    );
    fs::write(&settings, text)?;
    let mut command = Command::new("supervisord");
    command.arg("--configuration").arg(settings);
    Ok(Contestant {
        name: "supervisord",
        command,
        child,
    })
}

/// Copies a program to where it is run from.
pub(super) fn copy(program: &Path, to: &Path) -> anyhow::Result<PathBuf> {
    let folder = to.parent().context("a program lies in a folder")?;
    fs::create_dir_all(folder)?;
    fs::copy(program, to).with_context(|| format!("{}", to.display()))?;
    fs::set_permissions(to, fs::Permissions::from_mode(0o755))?;
    Ok(to.to_owned())
}
