//! What happens on stage, step by step; every step checks what it claims.

mod application;
mod commands;
mod crash;
mod fleet;
mod project;
mod rollback;
mod upgrade;

use super::{claims::Claims, screen::Screen, stage::Stage};

/// Tells the whole story. An error means that it could not go on.
pub(super) fn tell(stage: &mut Stage, screen: &Screen, claims: &mut Claims) -> anyhow::Result<()> {
    fleet::start(stage, screen, claims)?;
    application::deploy(stage, screen, claims)?;
    project::release(stage, screen, claims)?;
    upgrade::upgrade(stage, screen, claims)?;
    crash::kill(stage, screen, claims)?;
    rollback::order_broken(stage, screen, claims)?;
    commands::try_all(stage, screen, claims)
}
