//! The command line: what can't be done is said in one sentence, with exit code 1.

use std::{fs, net::TcpListener, path::Path, process::Command};

use crate::{
    http::Http,
    server::{self, PASSWORD, Server, fails, octopus, serve},
    world::{World, api_key},
};

fn create_key(data: &Path, user: &str) -> Command {
    let mut command = octopus(&["api-key", "create", "--user", user, "--data"]);
    command.arg(data);
    command
}

#[track_caller]
fn says(sentence: &str, words: &[&str]) {
    for word in words {
        assert!(sentence.contains(word), "{sentence}");
    }
}

#[test]
fn a_port_in_use_is_named_and_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = octopus(&["serve", "--listen", &address, "--data"]);
    let error = fails(command.arg(&data));
    says(
        &error,
        &[
            &address,
            "another program may use it",
            "give --listen another port",
        ],
    );
    assert!(!data.join("octopus.db").exists());
    // So that the next start is the first one, with its password.
    drop(taken);
    let server = Server::start(&data, &[]);
    assert_eq!(server.greeting.len(), 1, "{:?}", server.greeting);
}

#[test]
fn a_data_folder_that_can_not_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "text").unwrap();
    for data in [file.clone(), file.join("inside")] {
        let error = fails(&mut serve(&data));
        says(
            &error,
            &[&data.display().to_string(), "that this user can write"],
        );
        let error = fails(&mut create_key(&data, "admin"));
        says(&error, &["holds no server's data", "octopus serve --data"]);
    }
    if cfg!(target_os = "linux") {
        // Not even root can make files there.
        let error = fails(&mut serve(Path::new("/proc/octopus")));
        says(&error, &["/proc/octopus", "that this user can write"]);
    }
}

#[cfg(unix)]
#[test]
fn a_data_folder_that_is_read_only_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(data.join("probe"), "").is_ok() {
        println!("SKIPPED: this user may write everywhere");
        return;
    }
    says(&fails(&mut serve(&data)), &["lock", "can't be written"]);
}

#[test]
fn damaged_data_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    fs::write(data.join("octopus.db"), "no database ".repeat(1000)).unwrap();
    let named = data.display().to_string();
    let words = [
        "the database in",
        &named,
        "can't be opened",
        "not a database",
    ];
    says(&fails(&mut serve(&data)), &words);
    says(&fails(&mut create_key(&data, "admin")), &words);
    fs::remove_file(data.join("octopus.db")).unwrap();
    fs::write(data.join("identity.pem"), "no key").unwrap();
    let error = fails(&mut serve(&data));
    says(
        &error,
        &["identity.pem is damaged", "restore it from a backup"],
    );
}

#[test]
fn a_second_server_on_the_same_data_does_not_start() {
    let world = World::new();
    let error = fails(&mut serve(&world.data()));
    says(
        &error,
        &[
            "another octopus serves",
            "stop it, or give another --data folder",
        ],
    );
    world.http.get("/api/users/me").expect(200);
}

#[test]
fn a_key_is_made_while_the_server_runs_and_while_it_does_not() {
    let mut world = World::new();
    let made = |world: &World| {
        let key = api_key(&world.data());
        let (prefix, rest) = key.split_at(4);
        assert_eq!((prefix, rest.len()), ("API-", 32));
        assert!(
            rest.chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        );
        key
    };
    let while_running = made(&world);
    world.kill();
    let while_not = made(&world);
    world.start();
    let url = &world.server.as_ref().unwrap().url;
    for key in [while_running, while_not] {
        Http::with_key(url, &key).get("/api/users/me").expect(200);
    }
    let error = fails(&mut create_key(&world.data(), "bob"));
    says(&error, &["there is no user `bob`", "--user", "admin"]);
}

#[test]
fn a_key_before_the_first_start_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for data in [folder.path().to_owned(), folder.path().join("nothing")] {
        let error = fails(&mut create_key(&data, "admin"));
        says(&error, &["holds no server's data", "once first"]);
        assert!(!data.join("octopus.db").exists());
    }
}

/// Signs in by the form; whether that worked.
fn signs_in(server: &Server, password: &str) -> bool {
    let nobody = Http::anonymous(&server.url);
    let page = nobody.get("/signin");
    let cookie = page.header("set-cookie").split(';').next().unwrap();
    let csrf = cookie.split('=').nth(1).unwrap();
    let fields = [
        ("username", "admin"),
        ("password", password),
        ("csrf", csrf),
    ];
    let answer = nobody.with("Cookie", cookie).post_form("/signin", &fields);
    answer.status == 303
}

#[test]
fn the_given_password_counts_at_the_first_start_only() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data, &[]);
    assert!(signs_in(&server, PASSWORD));
    assert!(!signs_in(&server, "other"));
    assert!(
        server
            .greeting
            .iter()
            .all(|line| !line.contains("password")),
        "{:?}",
        server.greeting
    );
    server.kill();
    let mut again = serve(&data);
    let server = Server::run(again.env("OCTOPUS_ADMIN_PASSWORD", "other"), &data);
    assert!(signs_in(&server, PASSWORD));
    assert!(!signs_in(&server, "other"));
}

#[test]
fn a_generated_password_is_shown_once_and_works() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::run(serve(&data).env("OCTOPUS_ADMIN_PASSWORD", ""), &data);
    let shown: Vec<&String> = server
        .greeting
        .iter()
        .filter(|l| l.contains("password"))
        .collect();
    let [line] = shown[..] else {
        panic!("{:?}", server.greeting)
    };
    let password = line.split("with the password ").nth(1).unwrap();
    let password = password.split(' ').next().unwrap().to_owned();
    assert_eq!(password.len(), 24, "{line}");
    assert!(signs_in(&server, &password));
    assert!(!server.log().contains(&password));
    server.kill();
    let server = Server::run(&mut serve(&data), &data);
    assert!(
        server
            .greeting
            .iter()
            .all(|line| !line.contains("password")),
        "{:?}",
        server.greeting
    );
    assert!(signs_in(&server, &password));
}

#[test]
fn wrong_arguments_are_usage_errors() {
    for arguments in [
        &["serve"][..],
        &["serve", "--data", "x", "--listen", "nowhere"],
        &["serve", "--data", "x", "--patience", "0"],
        &["api-key"],
        &["dance"],
        &[],
    ] {
        let output = server::run(&mut octopus(arguments));
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}
