//! Addresses as clients write them: in any case, with or without a space, or with
//! `/api/spaces/Spaces-1/…`. One form is left: `/api/Spaces-1/projects`.

use axum::http::{Request, Uri, uri::PathAndQuery};

/// Collections that belong to a space: without one, the default space's are meant.
const IN_A_SPACE: [&str; 19] = [
    "artifacts",
    "build-information",
    "channels",
    "dashboard",
    "deploymentprocesses",
    "deployments",
    "environments",
    "events",
    "feeds",
    "interruptions",
    "lifecycles",
    "machineroles",
    "machines",
    "packages",
    "progression",
    "projectgroups",
    "projects",
    "releases",
    "variables",
];

/// Puts the address of a request into the one form.
pub fn tidy<B>(mut request: Request<B>) -> Request<B> {
    if let Some(uri) = tidied(request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

fn tidied(uri: &Uri) -> Option<Uri> {
    let path = tidied_path(uri.path())?;
    let whole = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(whole).ok()?);
    Uri::from_parts(parts).ok()
}

fn tidied_path(path: &str) -> Option<String> {
    let rest = path.strip_prefix("/api/")?;
    let mut words: Vec<String> = rest.split('/').map(str::to_owned).collect();
    let is = |word: Option<&String>, text: &str| {
        word.is_some_and(|word| word.eq_ignore_ascii_case(text))
    };
    if is(words.first(), "spaces") && words.len() > 2 {
        words.remove(0);
    }
    let known = |word: &String| {
        IN_A_SPACE
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name))
    };
    if words.first().is_some_and(known) {
        words.insert(0, api::DEFAULT_SPACE.to_owned());
    }
    // After a space comes a collection; what comes after an id is named by us as well.
    for place in [1, 3] {
        let is_ours =
            |word: &&mut String| word.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
        if let Some(word) = words.get_mut(place).filter(is_ours) {
            *word = word.to_ascii_lowercase();
        }
    }
    let tidied = format!("/api/{}", words.join("/"));
    (tidied != path).then_some(tidied)
}

#[cfg(test)]
mod tests {
    use super::tidied_path;

    #[test]
    fn addresses_have_one_form() {
        for (given, expected) in [
            ("/api", "/api"),
            ("/tasks/Tasks", "/tasks/Tasks"),
            ("/api/Spaces-1/projects", "/api/Spaces-1/projects"),
            (
                "/api/Spaces-1/deploymentProcesses/x-Projects-1",
                "/api/Spaces-1/deploymentprocesses/x-Projects-1",
            ),
            (
                "/api/projects/Projects-1/Releases/1.0.0",
                "/api/Spaces-1/projects/Projects-1/releases/1.0.0",
            ),
            ("/api/spaces/Spaces-7/projects", "/api/Spaces-7/projects"),
            ("/api/spaces/Spaces-7", "/api/spaces/Spaces-7"),
            ("/api/spaces/all", "/api/spaces/all"),
            ("/api/users/me", "/api/users/me"),
            (
                "/api/tasks/ServerTasks-1/cancel",
                "/api/tasks/ServerTasks-1/cancel",
            ),
            ("/api/packages/raw", "/api/Spaces-1/packages/raw"),
        ] {
            let found = tidied_path(given).unwrap_or_else(|| given.to_owned());
            assert_eq!(found, expected);
        }
    }
}
