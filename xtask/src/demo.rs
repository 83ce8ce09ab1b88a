//! The whole loop on real programs: install, push, deploy, upgrade, crash, roll back.
//!
//! Nothing is faked between the programs: each claim of the table at the end is checked
//! against what the operating system, the disks and the server say.

mod claims;
mod machine;
mod octo;
mod packing;
pub(crate) mod portal;
mod process;
pub(crate) mod rest;
mod screen;
mod server;
mod stage;
mod story;
pub(crate) mod wine;

use std::io::IsTerminal;

use anyhow::bail;

use self::{claims::Claims, screen::Screen, stage::Stage};

/// `cargo xtask demo`
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Ends by itself after the last step, also with a terminal.
    #[arg(long)]
    once: bool,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let screen = Screen::new()?;
    let mut claims = Claims::default();
    let mut stage = Stage::build(&screen)?;
    let told = story::tell(&mut stage, &screen, &mut claims);
    screen.rest();
    let stays = !options.once && std::io::stdout().is_terminal();
    if let (Ok(()), true, false) = (&told, stays, screen.is_interrupted()) {
        claims.print();
        screen.say(&stage.how_to_sign_in());
        screen.say("Ctrl-C ends the demo and all of its processes.");
        screen.wait_for_interrupt();
    }
    let left = stage.end();
    claims.check("no process is left behind", left);
    if !stays || claims.failed() > 0 {
        claims.print();
    }
    told?;
    match claims.failed() {
        0 => Ok(()),
        failed => bail!("{failed} claims do not hold"),
    }
}
