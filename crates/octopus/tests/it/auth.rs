//! Nobody gets in without a password or a key, and no other site acts for somebody who is in.

use serde_json::json;

use crate::{
    agent::registration,
    http::{Answer, FORM, Http},
    routes::{self, Route},
    server::PASSWORD,
    world::{ENVIRONMENT, World},
};

/// What anybody may see: where to sign in, and where clients look first.
const OPEN: [&str; 10] = [
    "GET /healthz",
    "GET /readyz",
    "GET /",
    "GET /signin",
    "POST /signin",
    "GET /assets/{name}",
    "GET /api",
    "GET /api/openapi.json",
    "GET /nuget/packages",
    "GET /nuget/packages/",
];

/// A world with a machine whose name nobody must see.
fn world() -> World {
    let world = World::new();
    let thumbprint = "0".repeat(64);
    world.register(&registration("secret-machine", ENVIRONMENT, 1, &thumbprint));
    world
}

fn call(http: &Http, route: &Route) -> Answer {
    let body: Option<(&str, &[u8])> = match route.method.as_str() {
        "GET" => None,
        _ => Some((FORM, b"Name=Health")),
    };
    http.send(&route.method, &route.path(), body)
}

#[test]
fn every_address_is_closed_to_strangers() {
    let world = world();
    let routes = routes::all();
    let names: Vec<String> = routes.iter().map(Route::name).collect();
    for open in OPEN {
        assert!(
            names.iter().any(|name| name == open),
            "{open} is not there any more"
        );
    }
    let nobody = world.anonymous();
    let strangers = [
        nobody.clone(),
        nobody.with(api::API_KEY_HEADER, "API-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        nobody.with(api::API_KEY_HEADER, ""),
        nobody.with(api::NUGET_API_KEY_HEADER, &world.key.to_lowercase()),
        nobody.with("Authorization", "Bearer API-X"),
        nobody.with("Authorization", &format!("Basic {}", world.key)),
        nobody.with("Cookie", "octopus_session=AAAA; octopus_signin=AAAA"),
    ];
    for route in &routes {
        for stranger in &strangers {
            let answer = call(stranger, route);
            let name = route.name();
            assert!(
                !answer.text.contains("secret-machine"),
                "{name}: {}",
                answer.text
            );
            if OPEN.contains(&name.as_str()) {
                assert!(answer.status < 500, "{name}: {}", answer.status);
                continue;
            }
            match answer.status {
                401 => assert!(answer.message().contains("API key"), "{name}"),
                303 => assert!(answer.header("location").starts_with("/signin"), "{name}"),
                other => panic!("{name} answers {other} to strangers: {}", answer.text),
            }
        }
    }
    // Nothing was done for any of them.
    let tasks = world.http.get("/api/Spaces-1/tasks").expect(200);
    assert_eq!(tasks["TotalResults"], 0);
}

#[test]
fn a_key_opens_in_each_of_its_three_headers() {
    let world = World::new();
    let nobody = world.anonymous();
    for program in [
        nobody.with(api::API_KEY_HEADER, &world.key),
        nobody.with(api::NUGET_API_KEY_HEADER, &world.key),
        nobody.with("Authorization", &format!("Bearer {}", world.key)),
    ] {
        let me = program.get("/api/users/me").expect(200);
        assert_eq!(me["Username"], "admin");
    }
}

/// The cookie that an answer sets, as browsers send it back.
fn cookie(answer: &Answer, name: &str) -> Option<String> {
    let set = answer.headers.get_all("set-cookie").iter();
    let mut pairs = set.filter_map(|value| value.to_str().ok()?.split(';').next());
    pairs
        .find(|pair| pair.starts_with(&format!("{name}=")))
        .map(str::to_owned)
}

/// Fills in the form of the sign-in page.
pub(crate) fn sign_in(nobody: &Http, user: &str, password: &str, next: &str) -> Answer {
    let page = nobody.get("/signin");
    let cookie = cookie(&page, "octopus_signin").unwrap();
    let csrf = field(&page.text);
    let fields = [
        ("username", user),
        ("password", password),
        ("next", next),
        ("csrf", &csrf),
    ];
    nobody.with("Cookie", &cookie).post_form("/signin", &fields)
}

/// The token in a page's forms.
fn field(page: &str) -> String {
    let after = page.split("name=\"csrf\" value=\"").nth(1).unwrap();
    after.split('"').next().unwrap().to_owned()
}

/// A signed-in browser, and the token of its forms.
pub(crate) fn browser(world: &World, user: &str, password: &str) -> (Http, String) {
    let answer = sign_in(&world.anonymous(), user, password, "/tasks");
    assert_eq!((answer.status, answer.header("location")), (303, "/tasks"));
    let cookies = answer.header("set-cookie");
    assert!(
        cookies.contains("HttpOnly") && cookies.contains("SameSite=Lax"),
        "{cookies}"
    );
    let browser = world
        .anonymous()
        .with("Cookie", &cookie(&answer, "octopus_session").unwrap());
    let token = field(&browser.get("/environments").text);
    (browser, token)
}

#[test]
fn a_password_opens_every_page_and_signing_out_closes_them() {
    let world = world();
    let (browser, token) = browser(&world, "Admin", PASSWORD);
    let page = browser.get("/environments");
    assert_eq!(page.status, 200);
    assert!(page.text.contains("secret-machine"), "{}", page.text);
    assert_eq!(browser.get("/api/users/me").status, 200);
    let out = browser.post_form("/signout", &[("csrf", &token)]);
    assert_eq!((out.status, out.header("location")), (303, "/signin"));
    let page = browser.get("/environments");
    assert_eq!(
        (page.status, page.header("location")),
        (303, "/signin?next=%2Fenvironments")
    );
    assert_eq!(browser.get("/api/users/me").status, 401);
}

#[test]
fn who_has_no_password_gets_no_session() {
    let world = World::new();
    let nobody = world.anonymous();
    let wrong = "The username or the password is wrong.";
    for (user, password) in [
        ("admin", "guess"),
        ("admin", ""),
        ("nobody", PASSWORD),
        ("", ""),
    ] {
        let answer = sign_in(&nobody, user, password, "");
        assert_eq!(answer.status, 401);
        assert!(answer.text.contains(wrong), "{}", answer.text);
        assert_eq!(cookie(&answer, "octopus_session"), None);
    }
    // A form that another site made has no token, or not the cookie's.
    let fields = [
        ("username", "admin"),
        ("password", PASSWORD),
        ("csrf", "guess"),
    ];
    for browser in [
        nobody.clone(),
        nobody.with("Cookie", "octopus_signin=other"),
    ] {
        let answer = browser.post_form("/signin", &fields);
        assert_eq!(
            (answer.status, cookie(&answer, "octopus_session")),
            (401, None)
        );
    }
    let answer = sign_in(&nobody, "admin", PASSWORD, "https://evil.example/");
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/environments")
    );
}

/// A browser sends its cookie along whoever asks; only a page of this server knows the token.
#[test]
fn a_cookie_alone_changes_nothing() {
    let world = World::new();
    let (browser, token) = browser(&world, "Admin", PASSWORD);
    let (_, other) = self::browser(&world, "Admin", PASSWORD);
    assert_ne!(token, other);
    let is_change = |route: &&Route| route.method != "GET" && route.pattern != "/signin";
    for route in routes::all().iter().filter(is_change) {
        let name = route.name();
        let refused = [
            call(&browser, route),
            call(&browser.with("X-Octopus-Csrf-Token", &other), route),
            browser.send(&route.method, &route.path(), Some(("text/plain", b"{}"))),
            browser.send(
                &route.method,
                &route.path(),
                Some((FORM, other_form(&other).as_bytes())),
            ),
            call(
                &browser
                    .with("X-Octopus-Csrf-Token", &token)
                    .with("Sec-Fetch-Site", "cross-site"),
                route,
            ),
        ];
        for answer in refused {
            assert!(answer.refusal(403).contains("reload the page"), "{name}");
        }
    }
    assert_eq!(browser.get("/environments").status, 200);
    // With the token, in a header or in the form, it is this server's own page that asks.
    let health = [("Name", "Health"), ("csrf", &token)];
    let answer = browser.post_form("/api/Spaces-1/tasks", &health);
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/tasks/ServerTasks-1")
    );
    let script = browser.with("X-Octopus-Csrf-Token", &token);
    script
        .post("/api/Spaces-1/tasks", &json!({ "Name": "Health" }))
        .expect(201);
}

fn other_form(token: &str) -> String {
    format!("Name=Health&csrf={token}")
}
