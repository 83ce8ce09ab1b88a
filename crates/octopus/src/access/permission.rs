//! Permissions, by Octopus's names.

/// What somebody may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Permission {
    ArtifactView,
    BuildInformationAdminister,
    BuildInformationPush,
    BuiltInFeedAdminister,
    BuiltInFeedDownload,
    BuiltInFeedPush,
    ConfigureServer,
    DefectReport,
    DefectResolve,
    DeploymentCreate,
    DeploymentView,
    EnvironmentCreate,
    EnvironmentDelete,
    EnvironmentEdit,
    EnvironmentView,
    EventView,
    FeedEdit,
    FeedView,
    InterruptionSubmit,
    InterruptionView,
    LifecycleCreate,
    LifecycleDelete,
    LifecycleEdit,
    LifecycleView,
    MachineCreate,
    MachineDelete,
    MachineEdit,
    MachineView,
    ProcessEdit,
    ProcessView,
    ProjectCreate,
    ProjectDelete,
    ProjectEdit,
    ProjectGroupCreate,
    ProjectGroupDelete,
    ProjectGroupEdit,
    ProjectGroupView,
    ProjectView,
    ReleaseCreate,
    ReleaseDelete,
    ReleaseEdit,
    ReleaseView,
    SpaceCreate,
    SpaceDelete,
    SpaceEdit,
    SpaceView,
    TaskCancel,
    TaskCreate,
    TaskEdit,
    TaskView,
    TeamCreate,
    TeamDelete,
    TeamEdit,
    TeamView,
    TriggerCreate,
    TriggerDelete,
    TriggerEdit,
    TriggerView,
    UserEdit,
    UserRoleView,
    UserView,
    VariableEdit,
    VariableView,
}

impl Permission {
    /// All of them.
    pub(crate) const ALL: [Self; 63] = [
        Self::ArtifactView,
        Self::BuildInformationAdminister,
        Self::BuildInformationPush,
        Self::BuiltInFeedAdminister,
        Self::BuiltInFeedDownload,
        Self::BuiltInFeedPush,
        Self::ConfigureServer,
        Self::DefectReport,
        Self::DefectResolve,
        Self::DeploymentCreate,
        Self::DeploymentView,
        Self::EnvironmentCreate,
        Self::EnvironmentDelete,
        Self::EnvironmentEdit,
        Self::EnvironmentView,
        Self::EventView,
        Self::FeedEdit,
        Self::FeedView,
        Self::InterruptionSubmit,
        Self::InterruptionView,
        Self::LifecycleCreate,
        Self::LifecycleDelete,
        Self::LifecycleEdit,
        Self::LifecycleView,
        Self::MachineCreate,
        Self::MachineDelete,
        Self::MachineEdit,
        Self::MachineView,
        Self::ProcessEdit,
        Self::ProcessView,
        Self::ProjectCreate,
        Self::ProjectDelete,
        Self::ProjectEdit,
        Self::ProjectGroupCreate,
        Self::ProjectGroupDelete,
        Self::ProjectGroupEdit,
        Self::ProjectGroupView,
        Self::ProjectView,
        Self::ReleaseCreate,
        Self::ReleaseDelete,
        Self::ReleaseEdit,
        Self::ReleaseView,
        Self::SpaceCreate,
        Self::SpaceDelete,
        Self::SpaceEdit,
        Self::SpaceView,
        Self::TaskCancel,
        Self::TaskCreate,
        Self::TaskEdit,
        Self::TaskView,
        Self::TeamCreate,
        Self::TeamDelete,
        Self::TeamEdit,
        Self::TeamView,
        Self::TriggerCreate,
        Self::TriggerDelete,
        Self::TriggerEdit,
        Self::TriggerView,
        Self::UserEdit,
        Self::UserRoleView,
        Self::UserView,
        Self::VariableEdit,
        Self::VariableView,
    ];

    /// Octopus's name.
    pub(crate) fn name(self) -> String {
        format!("{self:?}")
    }

    /// Belongs to no space: only a role in all spaces grants it.
    pub(crate) fn is_system(self) -> bool {
        matches!(
            self,
            Self::ConfigureServer
                | Self::SpaceCreate
                | Self::SpaceDelete
                | Self::SpaceEdit
                | Self::TeamCreate
                | Self::TeamDelete
                | Self::TeamEdit
                | Self::TeamView
                | Self::UserEdit
                | Self::UserRoleView
                | Self::UserView
        )
    }

    /// Only looks, and not at people.
    pub(crate) fn is_reading(self) -> bool {
        let looks = self.name().ends_with("View") || self == Self::BuiltInFeedDownload;
        looks && !self.is_system()
    }
}
