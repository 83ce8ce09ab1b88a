//! The embedded files.

use crate::portal::assets::{asset, names, url};

#[test]
fn files_are_found_by_their_exact_name_alone() {
    let style = asset("app.css").unwrap();
    assert_eq!(style.content_type, "text/css; charset=utf-8");
    assert!(style.bytes.starts_with(b"/* The portal"));
    for path in ["", "app", "../app.css", "/app.css", "APP.CSS", "app.css/"] {
        assert_eq!(asset(path), None, "{path}");
    }
}

#[test]
fn addresses_and_tags_tell_contents_apart() {
    let tags: std::collections::HashSet<_> =
        names().map(|name| asset(name).unwrap().etag).collect();
    assert_eq!(tags.len(), names().count());
    let tag = asset("app.js").unwrap().etag;
    assert_eq!(
        url("app.js"),
        format!("/assets/app.js?v={}", tag.trim_matches('"'))
    );
}

#[test]
fn htmx_comes_with_its_licence_and_needs_no_evaluation() {
    let licence = String::from_utf8_lossy(asset("htmx.LICENSE").unwrap().bytes).into_owned();
    assert!(licence.contains("htmx.org 4.0.1") && licence.contains("Zero-Clause BSD"));
    let htmx = String::from_utf8_lossy(asset("htmx.min.js").unwrap().bytes).into_owned();
    assert!(htmx.contains("4.0.1"));
}
