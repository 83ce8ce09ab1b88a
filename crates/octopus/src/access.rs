//! Who may do what: roles hold permissions, teams hold roles, and one table says which
//! permission each address takes. An address that is not in the table is not served.

mod check;
mod listing;
mod permission;
mod rights;
mod role;
pub(crate) mod table;

pub use check::check;
pub(crate) use check::missing;
pub use listing::{Entry, entries};
pub(crate) use permission::Permission;
pub use rights::Rights;
pub(crate) use rights::{ADMINISTRATORS, Where};
pub(crate) use role::Role;
