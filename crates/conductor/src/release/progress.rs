//! Where a lifecycle lets a release go: phase after phase.

/// A phase, with the environments that belong to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phase {
    /// What people call it.
    pub name: String,
    /// Ids. A phase without any takes all that no other phase names.
    pub environments: Vec<String>,
    /// Those of them that a release goes to by itself.
    pub automatic: Vec<String>,
    /// May be passed over.
    pub optional: bool,
    /// So many environments must have the release before the next phase; 0 means all.
    pub minimum: usize,
}

/// Why a release may not go to an environment yet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Blocked {
    /// No phase holds it.
    #[error("the lifecycle of this release has no phase with this environment")]
    NoPhase,
    /// An earlier phase is not complete.
    #[error(
        "the phase {phase} comes first: the release has been deployed to {done} of its {needed} environments that are needed"
    )]
    PhaseBefore {
        /// The phase that holds it up.
        phase: String,
        /// Environments that have it.
        done: usize,
        /// Environments that must have it.
        needed: usize,
    },
}

/// Whether an unresolved defect keeps a release from an environment: from every phase after the
/// furthest one that it has reached, or after the first. Without phases from wherever it has not been.
pub fn is_held_back(phases: &[Phase], all: &[String], done: &[String], environment: &str) -> bool {
    if done.iter().any(|id| id == environment) {
        return false;
    }
    if phases.is_empty() {
        return true;
    }
    let resolved = resolved(phases, all);
    let has = |phase: &Phase, id: &str| phase.environments.iter().any(|one| one == id);
    let reached = |phase: &Phase| done.iter().any(|id| has(phase, id));
    let furthest = resolved.iter().rposition(reached).unwrap_or(0);
    !resolved
        .iter()
        .take(furthest + 1)
        .any(|phase| has(phase, environment))
}

/// The environments of each phase; without phases one that holds all.
fn resolved(phases: &[Phase], all: &[String]) -> Vec<Phase> {
    if phases.is_empty() {
        return vec![Phase {
            environments: all.to_vec(),
            ..Phase::default()
        }];
    }
    let named: Vec<&String> = phases
        .iter()
        .flat_map(|phase| &phase.environments)
        .collect();
    let rest: Vec<String> = all
        .iter()
        .filter(|id| !named.contains(id))
        .cloned()
        .collect();
    let fill = |phase: &Phase| match phase.environments.is_empty() {
        true => Phase {
            environments: rest.clone(),
            ..phase.clone()
        },
        false => phase.clone(),
    };
    phases.iter().map(fill).collect()
}

/// Whether a release that has been deployed to `done` may go to an environment.
pub fn may_go_to(
    phases: &[Phase],
    all: &[String],
    done: &[String],
    environment: &str,
) -> Result<(), Blocked> {
    let mut before: Option<Blocked> = None;
    for phase in resolved(phases, all) {
        if phase.environments.iter().any(|id| id == environment) {
            return before.map_or(Ok(()), Err);
        }
        let reached = phase
            .environments
            .iter()
            .filter(|id| done.contains(id))
            .count();
        let needed = match phase.minimum {
            0 => phase.environments.len(),
            some => some.min(phase.environments.len()),
        };
        if !phase.optional && reached < needed && before.is_none() {
            before = Some(Blocked::PhaseBefore {
                phase: phase.name,
                done: reached,
                needed,
            });
        }
    }
    Err(Blocked::NoPhase)
}

/// Where a release goes by itself now: what is automatic and open, and was not `ordered` before.
pub fn automatic(
    phases: &[Phase],
    all: &[String],
    done: &[String],
    ordered: &[String],
) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for id in phases.iter().flat_map(|phase| &phase.automatic) {
        let is_new = !ordered.contains(id) && !found.contains(id) && all.contains(id);
        if is_new && may_go_to(phases, all, done, id).is_ok() {
            found.push(id.clone());
        }
    }
    found
}

/// The environments of each phase, in order; without phases one that holds all.
pub fn shown(phases: &[Phase], all: &[String]) -> Vec<Phase> {
    resolved(phases, all)
}

/// All environments that a release may go to now, in the order of `all`.
pub fn open_environments(phases: &[Phase], all: &[String], done: &[String]) -> Vec<String> {
    let open = all
        .iter()
        .filter(|id| may_go_to(phases, all, done, id).is_ok());
    open.cloned().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ids(words: &str) -> Vec<String> {
        words.split_whitespace().map(str::to_owned).collect()
    }

    /// `Name: a b`, with `?` for optional and `2` for a minimum.
    fn phases(texts: &[&str]) -> Vec<Phase> {
        let phase = |text: &&str| {
            let (name, environments) = text.split_once(':').unwrap_or((text, ""));
            Phase {
                name: name.trim_end_matches(['?', '1', '2']).to_owned(),
                automatic: ids(environments)
                    .into_iter()
                    .filter(|id| id.ends_with('!'))
                    .map(|id| id.trim_end_matches('!').to_owned())
                    .collect(),
                environments: ids(&environments.replace('!', "")),
                optional: name.contains('?'),
                minimum: if name.contains('1') { 1 } else { 0 },
            }
        };
        texts.iter().map(phase).collect()
    }

    #[test]
    fn phases_open_one_after_the_other() {
        for (given, done, expected) in [
            (&[][..], "", "a b c"),
            (&["One: a", "Two: b"], "", "a"),
            (&["One: a", "Two: b"], "a", "a b"),
            (&["One: a b", "Two: c"], "a", "a b"),
            (&["One1: a b", "Two: c"], "a", "a b c"),
            (&["One?: a", "Two: b"], "", "a b"),
            (&["One: a", "Rest"], "", "a"),
            (&["One: a", "Rest"], "a", "a b c"),
            (&["One: a", "Two?: b", "Three: c"], "", "a"),
            (&["One: a", "Two?: b", "Three: c"], "a", "a b c"),
        ] {
            let open = open_environments(&phases(given), &ids("a b c"), &ids(done));
            assert_eq!(open, ids(expected), "{given:?} {done}");
        }
    }

    #[test]
    fn a_release_goes_by_itself_where_its_way_is_open() {
        for (given, done, ordered, expected) in [
            (&["One: a!", "Two: b!"][..], "", "", "a"),
            (&["One: a!", "Two: b!"], "", "a", ""),
            (&["One: a!", "Two: b!"], "a", "a", "b"),
            (&["One: a! b!", "Two: c!"], "", "b", "a"),
            (&["One: a b", "Two: c!"], "a", "a", ""),
            (&["One1: a b", "Two: c!"], "a", "a", "c"),
            (&["One: gone!"], "", "", ""),
            (&[], "", "", ""),
        ] {
            let found = automatic(&phases(given), &ids("a b c"), &ids(done), &ids(ordered));
            assert_eq!(found, ids(expected), "{given:?} {done} {ordered}");
        }
    }

    #[test]
    fn a_defect_holds_back_from_later_phases() {
        for (given, done, expected) in [
            (&["One: a", "Two: b", "Three: c"][..], "", "b c"),
            (&["One: a", "Two: b", "Three: c"], "a", "b c"),
            (&["One: a", "Two: b", "Three: c"], "a b", "c"),
            (&["One: a b", "Two: c"], "a", "c"),
            (&["One?: a", "Two: b", "Three: c"], "b", "c"),
            (&["One: a", "Rest"], "a", "b c"),
            (&["One: a", "Rest"], "a b", ""),
            (&[], "", "a b c"),
            (&[], "b", "a c"),
        ] {
            let (all, done) = (ids("a b c"), ids(done));
            let held = all
                .iter()
                .filter(|id| is_held_back(&phases(given), &all, &done, id));
            let held: Vec<String> = held.cloned().collect();
            assert_eq!(held, ids(expected), "{given:?} {done:?}");
        }
    }

    #[test]
    fn why_not_is_said() {
        let given = phases(&["One: a b", "Two: c"]);
        let blocked = may_go_to(&given, &ids("a b c d"), &ids("b"), "c");
        let text = blocked.err().map(|why| why.to_string()).unwrap_or_default();
        assert_eq!(
            text,
            "the phase One comes first: the release has been deployed to 1 of its 2 environments that are needed"
        );
        assert_eq!(
            may_go_to(&given, &ids("a b c d"), &[], "d"),
            Err(Blocked::NoPhase)
        );
    }

    proptest! {
        /// To have been deployed somewhere closes nothing.
        #[test]
        fn more_done_opens_no_less(
            phases in prop::collection::vec(
                (prop::collection::vec(0..6_u8, 0..4), any::<bool>(), 0..3_usize), 0..4),
            done in prop::collection::vec(0..6_u8, 0..6),
            more in 0..6_u8,
        ) {
            let phases: Vec<Phase> = phases.into_iter().map(|(environments, optional, minimum)| Phase {
                name: String::new(),
                automatic: Vec::new(),
                environments: environments.iter().map(u8::to_string).collect(),
                optional,
                minimum,
            }).collect();
            let all = ids("0 1 2 3 4 5");
            let mut done: Vec<String> = done.iter().map(u8::to_string).collect();
            let before = open_environments(&phases, &all, &done);
            done.push(more.to_string());
            let after = open_environments(&phases, &all, &done);
            prop_assert!(before.iter().all(|id| after.contains(id)));
        }
    }
}
