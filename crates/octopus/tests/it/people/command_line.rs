//! `octopus user`: the way back in.

use crate::{
    auth::{browser, sign_in},
    server::{fails, octopus, run},
    world::World,
};

#[test]
fn users_are_made_listed_disabled_and_let_in_again() {
    let world = World::new();
    let data = world.data();
    let user = |arguments: &[&str]| {
        let mut command = octopus(&["user"]);
        command.args(arguments).arg("--data").arg(&data);
        command
    };
    let says = |arguments: &[&str]| {
        let output = run(&mut user(arguments));
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    // While the server runs.
    let password = says(&["create", "--user", "ann", "--administrator"]);
    let mut key = octopus(&["api-key", "create", "--user", "ann"]);
    let key = run(key.arg("--data").arg(&data));
    let key = String::from_utf8(key.stdout).unwrap();
    let ann = world.anonymous().with(api::API_KEY_HEADER, key.trim());
    crate::wait::until_is("the new administrator may do it", || {
        ann.get("/api/users").status == 200
    });
    let (page, _) = browser(&world, "ann", password.trim());
    assert_eq!(
        says(&["list"]),
        "Users-1\tadmin\tactive\nUsers-2\tann\tactive\n"
    );
    says(&["disable", "--user", "ANN"]);
    assert_eq!(page.get("/environments").status, 303);
    assert!(says(&["list"]).ends_with("ann\tdisabled\n"));
    let again = says(&["reset-password", "--user", "ann"]);
    assert_eq!(
        sign_in(&world.anonymous(), "ann", password.trim(), "").status,
        401
    );
    browser(&world, "ann", again.trim());
    for (arguments, words) in [
        (&["create", "--user", "a b"][..], "no spaces"),
        (&["create", "--user", "ADMIN"], "another user has this name"),
        (&["disable", "--user", "bob"], "admin, ann"),
    ] {
        let error = fails(&mut user(arguments));
        assert!(error.contains(words), "{error}");
    }
}
