//! Triggers of projects: which machines get what their environment has, when they arrive.

use api::{Page, Project, ProjectTrigger};
use axum::Json;

use super::{Resource, environments, find, links, list_of};
use crate::{
    error::ApiError,
    rest::{
        call::{Call, Paging, space_id},
        mistakes::{Mistakes, shown},
    },
    store::{
        arrivals::{ADDED, CHANGED, ENABLED, HEALTHY},
        documents::Document,
    },
};

/// Everything by which a machine becomes available.
const CATEGORIES: [&str; 4] = [ADDED, ENABLED, HEALTHY, CHANGED];

/// Octopus's names for sets of them.
const GROUPS: [(&str, &[&str]); 3] = [
    ("Machine", &CATEGORIES),
    ("MachineAvailableForDeployment", &CATEGORIES),
    ("MachineHealthChanged", &[HEALTHY]),
];

impl Resource for ProjectTrigger {
    const KIND: &'static str = "ProjectTriggers";
    const TYPE: &'static str = "ProjectTrigger";
    const WHAT: &'static str = "trigger";

    fn name(&self) -> &str {
        &self.name
    }

    fn owner(&self) -> &str {
        &self.project_id
    }

    fn place(&mut self, document: &Document) {
        self.id = document.public_id();
        self.space_id = space_id(document.space_id);
        self.project_id = format!("Projects-{}", document.owner_id);
        self.links = links(
            document.space_id,
            &[
                ("Project", format!("projects/{}", self.project_id)),
                ("Self", format!("projecttriggers/{}", self.id)),
            ],
        );
    }

    async fn check(&mut self, call: &Call, _before: Option<&Self>) -> Result<(), ApiError> {
        let mut mistakes = Mistakes::default();
        mistakes.name("Name", &self.name);
        match find::<Project>(call, &self.project_id).await {
            Ok((_, project)) => self.project_id = project.id,
            Err(_) => mistakes.add(format!(
                "ProjectId `{}`: this space has no such project.",
                shown(&self.project_id)
            )),
        }
        let known = environments::ids_and_names(call).await?;
        for text in &mut self.filter.environment_ids {
            let is = |name: &str| name.to_lowercase() == text.to_lowercase();
            match known.iter().find(|(id, name)| is(id) || is(name)) {
                Some((id, _)) => text.clone_from(id),
                None => mistakes.add(format!(
                    "Filter.EnvironmentIds `{}`: this space has no such environment.",
                    shown(text)
                )),
            }
        }
        for role in &mut self.filter.roles {
            *role = role.trim().to_owned();
            if role.is_empty() {
                mistakes.add("Filter.Roles ``: a role takes at least one character.");
            }
        }
        let groups = GROUPS.map(|(name, _)| name);
        settle(
            "Filter.EventGroups",
            &mut self.filter.event_groups,
            &groups,
            &mut mistakes,
        );
        settle(
            "Filter.EventCategories",
            &mut self.filter.event_categories,
            &CATEGORIES,
            &mut mistakes,
        );
        mistakes.check()
    }
}

/// Words in any case become those that are known.
fn settle(field: &str, words: &mut [String], known: &[&str], mistakes: &mut Mistakes) {
    for word in words {
        match known.iter().find(|one| one.eq_ignore_ascii_case(word)) {
            Some(same) => *word = (*same).to_owned(),
            None => mistakes.add(format!(
                "{field} `{}`: one of {}.",
                shown(word),
                known.join(", ")
            )),
        }
    }
}

/// Whether a trigger asks for what happened to a machine with these roles in an environment.
pub(in crate::rest) fn asks<'a>(
    trigger: &ProjectTrigger,
    environment: &str,
    roles: &[String],
    mut happened: impl Iterator<Item = &'a str>,
) -> bool {
    let filter = &trigger.filter;
    let one_of =
        |list: &[String], text: &str| list.iter().any(|one| one.eq_ignore_ascii_case(text));
    let has_role = || {
        let mut own = roles.iter().map(|role| role.to_lowercase());
        own.any(|role| filter.roles.iter().any(|one| one.to_lowercase() == role))
    };
    let in_group = |category: &str| {
        let mut groups = GROUPS
            .iter()
            .filter(|(name, _)| one_of(&filter.event_groups, name));
        groups.any(|(_, categories)| categories.contains(&category))
    };
    let of_all = filter.event_groups.is_empty() && filter.event_categories.is_empty();
    !trigger.is_disabled
        && (filter.environment_ids.is_empty() || one_of(&filter.environment_ids, environment))
        && (filter.roles.is_empty() || has_role())
        && happened.any(|category| {
            of_all || in_group(category) || one_of(&filter.event_categories, category)
        })
}

/// `GET /api/{space}/projects/{id}/triggers`
pub(in crate::rest) async fn of_project(
    call: Call,
    paging: Paging,
) -> Result<Json<Page<ProjectTrigger>>, ApiError> {
    let (project, _) = find::<Project>(&call, call.id()).await?;
    list_of(&call, &paging, Some(project.id)).await.map(Json)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `Machine:` and `Trigger:` in words: environments, roles, groups, categories.
    #[test]
    fn a_trigger_asks_for_what_its_filter_names() {
        let words =
            |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
        for (environments, roles, groups, categories, happened, expected) in [
            ("", "", "", "", "MachineAdded", true),
            ("E1 E2", "WEB", "Machine", "", "MachineEnabled", true),
            ("E2", "", "", "", "MachineAdded", false),
            ("", "db", "", "", "MachineAdded", false),
            ("", "db web", "", "", "MachineAdded", true),
            ("", "", "MachineHealthChanged", "", "MachineAdded", false),
            (
                "",
                "",
                "MachineHealthChanged",
                "",
                "MachineAdded,MachineHealthy",
                true,
            ),
            ("", "", "", "MachineAdded", "MachineHealthy", false),
            (
                "",
                "",
                "MachineHealthChanged",
                "MachineAdded",
                "MachineAdded",
                true,
            ),
        ] {
            let mut trigger = ProjectTrigger::default();
            trigger.filter.environment_ids = words(environments);
            trigger.filter.roles = words(roles);
            trigger.filter.event_groups = words(groups);
            trigger.filter.event_categories = words(categories);
            let found =
                |trigger: &ProjectTrigger| asks(trigger, "E1", &words("web"), happened.split(','));
            assert_eq!(found(&trigger), expected, "{trigger:?} {happened}");
            trigger.is_disabled = true;
            assert!(!found(&trigger));
        }
    }
}
