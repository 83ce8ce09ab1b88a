//! The child at hand: Tentacle, or this program unpacking the bundle.

use std::io;
use std::process::Command;

use layout::Home;
use nupkg::NuGetVersion;

use crate::machine::{Event, Exit, how};
use crate::os::{self, Output, Tree};
use crate::rotating::{LOG_LIMIT, RotatingLog};

/// A child that has not been reaped.
#[derive(Debug)]
pub(super) struct Child {
    tree: Tree,
    output: Output,
    task: Task,
}

#[derive(Debug)]
enum Task {
    Run(u64),
    InstallBundle,
}

/// A child that is gone, with everything that it started.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) event: Event,
    /// It was a run of Tentacle.
    pub(super) is_run: bool,
    pub(super) last_lines: Vec<String>,
}

impl Child {
    /// Starts a version of Tentacle.
    pub(super) fn tentacle(
        home: &Home,
        version: &NuGetVersion,
        run: u64,
        nonce: &str,
    ) -> io::Result<Child> {
        let program = home.program(version);
        // What starts it would have no way to tell.
        if !program.is_file() {
            let text = format!("{} is not there", program.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, text));
        }
        let arguments = ["agent".as_ref(), "--home".as_ref(), home.root().as_os_str()];
        let mut command = os::bound_to_this(program.as_os_str(), &arguments)?;
        command
            .env(layout::RUN_NONCE, nonce)
            // It is this process that systemd listens to.
            .env_remove(crate::notify::SOCKET)
            .current_dir(home.root());
        let log = RotatingLog::new(home.tentacle_log(), LOG_LIMIT);
        Child::spawn(command, Some(log), Task::Run(run))
    }

    /// Starts the install of the bundle, whose memory goes with it.
    pub(super) fn install_bundle(home: &Home) -> io::Result<Child> {
        let program = os::own_program()?;
        let arguments = [
            "install-bundle".as_ref(),
            "--home".as_ref(),
            home.root().as_os_str(),
        ];
        let command = os::bound_to_this(program.as_os_str(), &arguments)?;
        Child::spawn(command, None, Task::InstallBundle)
    }

    fn spawn(mut command: Command, log: Option<RotatingLog>, task: Task) -> io::Result<Child> {
        let output = Output::of(&mut command, log)?;
        let tree = Tree::spawn(&mut command)?;
        Ok(Child { tree, output, task })
    }

    pub(super) fn id(&self) -> u32 {
        self.tree.id()
    }

    pub(super) fn terminate(&self) {
        self.tree.terminate();
    }

    pub(super) fn kill(&self) {
        self.tree.kill();
    }

    /// What it prints.
    pub(super) fn output(&mut self) -> &mut Output {
        &mut self.output
    }

    /// Itself, while it runs.
    pub(super) fn ended(self) -> Result<Ended, Child> {
        let Child {
            tree,
            mut output,
            task,
        } = self;
        let exit = match tree.ended() {
            Ok(exit) => exit,
            Err(tree) => return Err(Child { tree, output, task }),
        };
        output.finish();
        let last_lines = output.last_lines();
        Ok(Ended {
            is_run: matches!(task, Task::Run(_)),
            event: match task {
                Task::Run(run) => Event::ChildEnded { run, exit },
                Task::InstallBundle => installed(&exit, &last_lines),
            },
            last_lines,
        })
    }
}

/// The installer's last line is the version, or what went wrong.
fn installed(exit: &Exit, lines: &[String]) -> Event {
    let last = lines.last().map_or("", String::as_str);
    match (exit, last.parse()) {
        (Exit::Code(0), Ok(version)) => Event::BundleInstalled(version),
        (Exit::Code(_), _) if !last.is_empty() => Event::BundleFailed(last.to_owned()),
        _ => Event::BundleFailed(match how(exit) {
            Ok(how) => format!("the install ended {how}"),
            Err(why) => format!("the install could not be started ({why})"),
        }),
    }
}
