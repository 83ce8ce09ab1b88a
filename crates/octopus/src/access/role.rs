//! Roles: fixed sets of permissions.

use super::Permission;

/// What a team may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    Administrator,
    Deployer,
    Publisher,
    Reader,
}

impl Role {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [
        Self::Administrator,
        Self::Deployer,
        Self::Publisher,
        Self::Reader,
    ];

    /// As in addresses.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Administrator => "userroles-systemadministrator",
            Self::Deployer => "userroles-projectdeployer",
            Self::Publisher => "userroles-packagepublisher",
            Self::Reader => "userroles-projectviewer",
        }
    }

    /// What people read.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Administrator => "Administrator",
            Self::Deployer => "Deployer",
            Self::Publisher => "Publisher",
            Self::Reader => "Reader",
        }
    }

    /// One sentence.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::Administrator => "May do everything.",
            Self::Deployer => {
                "Sees everything but people, and deploys: to the environments of the role, or to all."
            }
            Self::Publisher => {
                "Sees everything but people, pushes packages and build information, and creates releases."
            }
            Self::Reader => "Sees everything but people, and changes nothing.",
        }
    }

    /// The role with this id or name, in any case.
    pub(crate) fn find(text: &str) -> Option<Self> {
        let is_it = |role: &Self| {
            role.id().eq_ignore_ascii_case(text) || role.name().eq_ignore_ascii_case(text)
        };
        Self::ALL.into_iter().find(is_it)
    }

    /// Whether the role holds a permission.
    pub(crate) fn grants(self, permission: Permission) -> bool {
        use Permission as P;
        let own: &[P] = match self {
            Self::Administrator => return true,
            Self::Deployer => &[
                P::DefectReport,
                P::DefectResolve,
                P::DeploymentCreate,
                P::InterruptionSubmit,
                P::TaskCancel,
                P::TaskCreate,
            ],
            Self::Publisher => &[
                P::BuildInformationPush,
                P::BuiltInFeedPush,
                P::ReleaseCreate,
            ],
            Self::Reader => &[],
        };
        permission.is_reading() || own.contains(&permission)
    }
}
