//! REST resources in the shape that Octopus Deploy's clients know: `PascalCase` JSON,
//! paged collections, links.
//!
//! The server serves these types and `octo` reads them. They know nothing of HTTP,
//! storage or the agent's protocol.

mod activity;
mod artifact;
mod build;
mod channel;
mod defect;
mod deployment;
mod environment;
mod error;
mod event;
mod feed;
mod interruption;
mod lifecycle;
mod machine;
mod package;
mod page;
pub mod process;
mod progression;
mod project;
mod release;
mod root;
mod space;
mod task;
mod team;
mod trigger;
mod user;
pub mod variables;

pub use activity::{
    ActivityElement, ActivityLogEntry, ActivityStatus, LogCategory, TaskDetails, TaskLogEntry,
    TaskProgress,
};
pub use artifact::Artifact;
pub use build::{BuildInformation, Commit, NewBuildInformation, WorkItem};
pub use channel::{Channel, ChannelRule};
pub use defect::{Defect, DefectStatus, NewDefect};
pub use deployment::{CreateDeploymentV1, CreatedDeployments, Deployment, DeploymentServerTask};
pub use environment::{Environment, NewEnvironment};
pub use error::ErrorBody;
pub use event::Event;
pub use feed::{Feed, FoundPackage, PackageNotes};
pub use interruption::{Button, Control, Form, FormElement, Interruption, InterruptionType};
pub use lifecycle::{Lifecycle, Phase, RetentionPeriod, RetentionUnit};
pub use machine::{
    CommunicationStyle, DiscoveredMachine, Endpoint, HealthStatus, Machine, MachineConnection,
    NewMachine, TentacleVersionDetails, UpgradeStatus, VersionRecord,
};
pub use package::{Package, PackageVersion};
pub use page::{Links, Page};
pub use process::{
    DeploymentAction, DeploymentProcess, DeploymentStep, PackageReference, Properties,
    PropertyValue, RunCondition, SensitiveValue, StartTrigger,
};
pub use progression::{
    DeployedItem, DeploymentPreview, DeploymentTemplate, LifecycleProgression, PhaseProgress,
    PhaseProgression, PreviewStep, ProjectProgression, PromotionTarget, Reference,
    ReleaseProgression,
};
pub use project::{
    ActionPackage, ConnectivityPolicy, GuidedFailureMode, Project, ProjectGroup,
    SkipMachineBehavior, VersioningStrategy,
};
pub use release::{CreateReleaseV1, CreatedRelease, Release, SelectedPackage, Snapshot};
pub use root::{COMPATIBLE, Login, Root, ServerCertificate, ServerStatus};
pub use space::Space;
pub use task::{NewTask, Task, TaskArguments, TaskName, TaskState};
pub use team::{NamedReference, Restriction, ScopedUserRole, Team, UserPermissions, UserRole};
pub use trigger::{FilterType, ProjectTrigger, TriggerAction, TriggerActionType, TriggerFilter};
pub use user::{ApiKey, KeyHint, NewApiKey, User};

/// The id of the space that every server has.
pub const DEFAULT_SPACE: &str = "Spaces-1";

/// The request header that carries an API key.
pub const API_KEY_HEADER: &str = "X-Octopus-ApiKey";

/// The request header in which NuGet clients send the same key.
pub const NUGET_API_KEY_HEADER: &str = "X-NuGet-ApiKey";
