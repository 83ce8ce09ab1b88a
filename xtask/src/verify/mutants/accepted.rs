//! The list of accepted survivors: a line for each, as `cargo-mutants` names it but without the place in the
//! file, and below it the reason, indented. `#` begins a remark.

use anyhow::ensure;

/// A mutant that may survive.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Accepted {
    name: String,
    has_reason: bool,
}

/// Reads the list.
///
/// # Errors
///
/// When a mutant has no reason, or a reason no mutant.
pub(super) fn parse(text: &str) -> anyhow::Result<Vec<Accepted>> {
    let mut all: Vec<Accepted> = Vec::new();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    for line in lines.filter(|line| !line.trim().is_empty()) {
        match (line.starts_with(' '), all.last_mut()) {
            (false, _) => all.push(Accepted {
                name: line.trim_end().to_owned(),
                has_reason: false,
            }),
            (true, Some(last)) => last.has_reason = true,
            (true, None) => anyhow::bail!("no mutant stands above the reason `{}`", line.trim()),
        }
    }
    for Accepted { name, has_reason } in &all {
        ensure!(*has_reason, "no reason stands below `{name}`");
    }
    Ok(all)
}

/// What is not as the list says. A name may be there more than once: a function may have two of the same kind.
pub(super) fn differences(survivors: &[String], accepted: &[Accepted]) -> Vec<String> {
    let mut left: Vec<&str> = accepted.iter().map(|one| one.name.as_str()).collect();
    let mut wrong = Vec::new();
    for survivor in survivors {
        match left.iter().position(|name| name == survivor) {
            Some(at) => drop(left.swap_remove(at)),
            None => wrong.push(format!("survives: {survivor}")),
        }
    }
    wrong.extend(
        left.iter()
            .map(|name| format!("is accepted, and caught: {name}")),
    );
    wrong
}

/// `a/b.rs:12:34: replace …` as `a/b.rs: replace …`, which stays as it is when lines are added above.
pub(super) fn without_place(name: &str) -> String {
    let Some((place, what)) = name.split_once(": ") else {
        return name.to_owned();
    };
    let file = place.split(':').next().unwrap_or(place);
    format!("{file}: {what}")
}

#[cfg(test)]
mod tests {
    use super::{differences, parse, without_place};

    const LIST: &str =
        "# remark\na.rs: one\n    because\n    of this\n\na.rs: one\n    twice\nb.rs: two\n  why\n";

    #[test]
    fn a_survivor_too_many_and_one_too_few_are_told() {
        let accepted = parse(LIST).unwrap();
        let survivors = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let all = survivors(&["b.rs: two", "a.rs: one", "a.rs: one"]);
        assert!(differences(&all, &accepted).is_empty());
        let other = survivors(&["a.rs: one", "b.rs: two", "c.rs: three"]);
        assert_eq!(
            differences(&other, &accepted),
            [
                "survives: c.rs: three",
                "is accepted, and caught: a.rs: one"
            ]
        );
    }

    #[test]
    fn a_mutant_has_a_reason_and_a_reason_a_mutant() {
        assert!(parse("a.rs: one\nb.rs: two\n  why\n").is_err());
        assert!(parse("  why\n").is_err());
    }

    #[test]
    fn places_go_and_names_stay() {
        let name = "crates/a/src/b.rs:12:34: replace > with == in c::d";
        assert_eq!(
            without_place(name),
            "crates/a/src/b.rs: replace > with == in c::d"
        );
        assert_eq!(without_place("no place"), "no place");
    }
}
