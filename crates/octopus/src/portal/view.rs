//! View models: plain values that a handler fills, and the templates that show them.
//!
//! Each page is a struct that derives [`askama::Template`]; `page.render()` gives the
//! whole HTML document. All text is escaped by the templates, so fields hold it raw.

mod confirm;
mod environments;
mod error;
mod feed;
mod filter;
mod log;
mod machine;
mod mark;
mod now;
mod packages;
mod project;
mod shell;
mod sign_in;
mod task;
mod tasks;

pub use confirm::{LeftOut, UpgradePage, UpgradeTarget};
pub use environments::{EnvironmentSection, EnvironmentsPage, MachineFilter, MachineRow, Upgrade};
pub use error::ErrorPage;
pub use feed::{Cursor, TaskFeed, Update};
pub use log::LogLine;
pub use machine::{MachineFacts, MachinePage, Standing, VersionRow};
pub use now::Now;
pub use packages::{PackagePage, PackageRow, PackageVersionRow, PackagesPage};
pub use project::{
    AskedRow, DefectRow, LastDeployment, PlaceRow, ProjectPage, ProjectRow, ProjectsPage,
    ReleasePage, ReleaseRow, TriggerRow,
};
pub use shell::{Section, Shell};
pub use sign_in::SignInPage;
pub use task::{TaskArtifact, TaskMachine, TaskPage, TaskQuestion, TaskView};
pub use tasks::{TaskCounts, TaskFilter, TaskRow, TasksPage};
