//! Rules that hold on every page.

use std::collections::HashSet;

use super::html::{Tag, tags};
use super::sample::every_page;
use crate::portal::assets;

fn check(rule: impl Fn(&[Tag]) -> Result<(), String>) {
    for (name, html) in every_page() {
        if let Err(broken) = rule(&tags(&html)) {
            panic!("{name}: {broken}");
        }
    }
}

#[test]
fn no_text_becomes_markup() {
    for (name, html) in every_page() {
        assert!(
            html.contains("&#60;script&#62;alert(1)"),
            "{name} shows no text at all"
        );
        for raw in ["<script>", "<img src=x", "\"'>"] {
            assert!(!html.contains(raw), "{name} has {raw}");
        }
    }
    check(|tags| {
        let strange = tags.iter().find(|tag| tag.get("src") == Some("x"));
        strange.map_or(Ok(()), |tag| Err(format!("{tag:?}")))
    });
}

#[test]
fn nothing_is_inline_that_the_policy_forbids() {
    check(|tags| {
        for tag in tags {
            let script = tag.name == "script" && tag.get("src").is_none();
            let handler = tag
                .attributes()
                .any(|name| name.starts_with("on") || name == "style");
            let evaluated = tag.attributes().any(|name| name.starts_with("hx-on"))
                || tag
                    .get("hx-trigger")
                    .is_some_and(|trigger| trigger.contains('['));
            if script || handler || evaluated || tag.name == "style" {
                return Err(format!("{tag:?}"));
            }
        }
        Ok(())
    });
}

#[test]
fn each_page_has_one_heading_a_language_and_a_main_part() {
    check(|tags| {
        for (name, wanted) in [("h1", 1), ("main", 1), ("title", 1)] {
            let count = tags.iter().filter(|tag| tag.name == name).count();
            if count != wanted {
                return Err(format!("{count} times <{name}>"));
            }
        }
        let language = tags.first().and_then(|tag| tag.get("lang"));
        if language == Some("en") {
            Ok(())
        } else {
            Err("no language".to_owned())
        }
    });
}

#[test]
fn ids_are_unique_and_what_refers_to_them_finds_them() {
    check(|tags| {
        let mut ids = HashSet::new();
        for id in tags.iter().filter_map(|tag| tag.get("id")) {
            if !ids.insert(id) {
                return Err(format!("{id} twice"));
            }
        }
        for tag in tags {
            for attribute in ["for", "aria-labelledby", "aria-describedby"] {
                // The dialog's label comes with its content.
                let label = tag.get(attribute).filter(|_| tag.name != "dialog");
                if label.is_some_and(|id| !ids.contains(id)) {
                    return Err(format!("{label:?} is nowhere"));
                }
            }
            let anchor = tag.get("href").and_then(|href| href.strip_prefix('#'));
            if anchor.is_some_and(|id| !ids.contains(id)) {
                return Err(format!("#{anchor:?} is nowhere"));
            }
        }
        Ok(())
    });
}

#[test]
fn every_field_has_a_label() {
    check(|tags| {
        let labels: HashSet<_> = tags.iter().filter_map(|tag| tag.get("for")).collect();
        let fields = tags.iter().filter(|tag| tag.name == "input");
        for field in fields.filter(|tag| tag.get("type") != Some("hidden")) {
            if !field.get("id").is_some_and(|id| labels.contains(id)) {
                return Err(format!("{field:?}"));
            }
        }
        for bar in tags.iter().filter(|tag| tag.name == "progress") {
            if bar.get("aria-label").is_none() {
                return Err(format!("{bar:?}"));
            }
        }
        Ok(())
    });
}

#[test]
fn every_form_that_posts_carries_the_token() {
    let mut posts = 0;
    for (name, html) in every_page() {
        for form in html.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            let token = r#"<input type="hidden" name="csrf" value="token">"#;
            let is_post = form.contains(r#"method="post""#);
            assert_eq!(form.contains(token), is_post, "{name}: {form}");
            posts += usize::from(is_post);
        }
    }
    assert!(posts > 10, "only {posts} forms were seen");
}

#[test]
fn all_files_that_pages_name_exist() {
    let mut seen = HashSet::new();
    for (name, html) in every_page() {
        for tag in tags(&html) {
            let address = tag.get("src").or(tag.get("href")).unwrap_or_default();
            if let Some(path) = address.strip_prefix("/assets/") {
                let file = path.split('?').next().unwrap();
                assert!(assets::asset(file).is_some(), "{name}: {file}");
                assert_eq!(assets::url(file), address);
                seen.insert(file.to_owned());
            }
        }
    }
    let unused: Vec<_> = assets::names()
        .filter(|name| !seen.contains(*name))
        .collect();
    assert_eq!(unused, ["htmx.LICENSE"]);
}
