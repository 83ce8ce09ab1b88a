//! What surrounds every page: navigation, who is signed in, the server's version.

use super::Now;

/// A part of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Machines by environment.
    Environments,
    /// What is deployed how.
    Projects,
    /// The built-in feed.
    Packages,
    /// What the server does and did.
    Tasks,
    /// None of them, such as an error page.
    Elsewhere,
}

impl Section {
    pub(crate) const LISTED: [(Self, &'static str, &'static str); 4] = [
        (Self::Environments, "/environments", "Environments"),
        (Self::Projects, "/projects", "Projects"),
        (Self::Packages, "/packages", "Packages"),
        (Self::Tasks, "/tasks", "Tasks"),
    ];
}

/// What every page of a signed-in person needs.
#[derive(Debug, Clone)]
pub struct Shell {
    /// Who is signed in; empty for nobody (error pages only).
    pub user: String,
    /// Goes into every form as the field `csrf`.
    pub csrf: String,
    /// The server's own version.
    pub server_version: String,
    /// The moment of rendering.
    pub now: Now,
    /// Marked as current in the navigation.
    pub section: Section,
}

impl Shell {
    pub(crate) fn sections(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        let current = self.section;
        Section::LISTED
            .into_iter()
            .map(move |(section, href, name)| (href, name, section == current))
    }
}
