//! What those who run the server rely on: settings, health, metrics, HTTPS and limits.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::Command,
    sync::Arc,
};

use crate::{
    server::{PASSWORD, Server, fails, octopus, run, serve},
    world::World,
};

fn show(arguments: &[&str]) -> Command {
    octopus(&[&["config", "show"], arguments].concat())
}

#[test]
fn a_setting_is_taken_from_the_nearest_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("octopus.toml");
    fs::write(
        &file,
        "data = '/srv/octopus'\nlisten = '0.0.0.0:80'\nhealth-interval = 7\nlog-format = 'json'",
    )
    .unwrap();
    let mut command = show(&["--listen", "127.0.0.1:1", "--config"]);
    let output = run(command.arg(&file).env("OCTOPUS_HEALTH_INTERVAL", "9"));
    let text = String::from_utf8(output.stdout).unwrap();
    for line in [
        "data = '/srv/octopus'  # file",
        "listen = '127.0.0.1:1'  # flag",
        "health-interval = '9'  # environment",
        "log-format = 'json'  # file",
        "# tls-key is not set  # default",
    ] {
        let line = line.replace('\'', "\"");
        assert!(text.lines().any(|l| l == line), "{line} is not in\n{text}");
    }
    // What it prints is such a file.
    let again = folder.path().join("again.toml");
    fs::write(&again, &text).unwrap();
    let output = run(show(&["--config"]).arg(&again));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("listen = \"127.0.0.1:1\"  # file"), "{text}");
}

#[test]
fn a_wrong_configuration_file_is_named_with_its_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("octopus.toml");
    let check = |text: &str, words: &[&str]| {
        fs::write(&file, text).unwrap();
        for command in [&mut serve(folder.path()), &mut show(&["--data", "x"])] {
            let error = fails(command.arg("--config").arg(&file));
            for word in ["octopus.toml"].iter().chain(words) {
                assert!(error.contains(word), "{text}: {error}");
            }
        }
    };
    check("data = 'x'\nlisten = ", &["no TOML", "line 2"]);
    check("lisen = 'x'", &["no setting `lisen`", "listen"]);
    check("listen = 'x'", &["invalid value 'x'", "listen"]);
    check(
        "health-interval = 0",
        &["invalid value '0'", "health-interval", "1..=86400"],
    );
    check("log-format = 'xml'", &["invalid value 'xml'", "log-format"]);
    check("listen = [1]", &["`listen` is a TOML array"]);
    fs::remove_file(&file).unwrap();
    let error = fails(serve(folder.path()).arg("--config").arg(&file));
    assert!(error.contains("octopus.toml can't be read"), "{error}");
}

#[test]
fn health_is_told_to_everybody_and_metrics_to_those_with_a_key() {
    let world = World::new();
    let nobody = world.anonymous();
    assert_eq!(nobody.get("/healthz").text, "ok\n");
    let ready = nobody.get("/readyz").expect(200);
    assert_eq!(ready["checks"]["database"], "ok");
    assert_eq!(nobody.get("/metrics").status, 401);
    for method in ["BREW", "WHEN"] {
        let mut socket = world.connect();
        let request = format!("{method} /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        socket.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");
    }
    let metrics = world.http.get("/metrics");
    for line in [
        // Callers don't make the list longer as they like.
        "octopus_http_requests_total{method=\"other\",route=\"/healthz\",status=\"405\"} 2",
        "octopus_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1",
        "octopus_http_requests_total{method=\"GET\",route=\"/metrics\",status=\"401\"} 1",
        "octopus_http_request_duration_seconds_count{route=\"/readyz\"} 1",
        "octopus_packages 0",
        "# EOF",
    ] {
        assert!(
            metrics.text.contains(line),
            "{line} is not in\n{}",
            metrics.text
        );
    }
}

#[test]
fn a_lost_package_folder_is_not_ready() {
    let world = World::new();
    fs::rename(
        world.data().join("packages"),
        world.data().join("elsewhere"),
    )
    .unwrap();
    let answer = world.anonymous().get("/readyz");
    assert_eq!(answer.status, 503, "{}", answer.text);
    assert!(
        answer.text.contains("\"packages\":\"failed"),
        "{}",
        answer.text
    );
    assert!(
        answer.text.contains("\"database\":\"ok\""),
        "{}",
        answer.text
    );
    fs::rename(
        world.data().join("elsewhere"),
        world.data().join("packages"),
    )
    .unwrap();
    assert_eq!(world.anonymous().get("/readyz").status, 200);
}

#[test]
fn the_log_is_json_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut command = serve(&data);
    command.args(["--log-format", "json"]);
    let server = Server::run(command.env("OCTOPUS_ADMIN_PASSWORD", PASSWORD), &data);
    let log = server.log();
    let line = log.lines().next().unwrap();
    let entry: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(entry["level"], "WARN", "{line}");
    assert!(
        entry["message"].as_str().unwrap().contains("Tentacle"),
        "{line}"
    );
}

/// A certificate for `localhost` and its key, one PEM text.
fn certificate(folder: &Path) -> std::path::PathBuf {
    let file = folder.join("tls.pem");
    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let text = signed.cert.pem() + &signed.signing_key.serialize_pem();
    fs::write(&file, text).unwrap();
    file
}

#[test]
fn https_is_served_with_the_own_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let pem = certificate(folder.path());
    let data = folder.path().join("data");
    let mut command = serve(&data);
    command
        .arg("--tls-certificate")
        .arg(&pem)
        .arg("--tls-key")
        .arg(&pem);
    let server = Server::run(command.env("OCTOPUS_ADMIN_PASSWORD", PASSWORD), &data);
    let port = server.url.strip_prefix("https://127.0.0.1:").unwrap();
    let root = ureq::tls::Certificate::from_pem(&fs::read(&pem).unwrap()).unwrap();
    let tls = ureq::tls::TlsConfig::builder()
        .root_certs(ureq::tls::RootCerts::Specific(Arc::new(vec![root])))
        .build();
    let agent: ureq::Agent = ureq::Agent::config_builder().tls_config(tls).build().into();
    let mut answer = agent
        .get(format!("https://localhost:{port}/healthz"))
        .call()
        .unwrap();
    assert_eq!(answer.body_mut().read_to_string().unwrap(), "ok\n");
    let page = agent
        .get(format!("https://localhost:{port}/signin"))
        .call()
        .unwrap();
    let cookie = page.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("; Secure"), "{cookie}");
    // A caller in clear gets no answer, and does no harm.
    let mut clear = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
    clear.write_all(b"GET /healthz HTTP/1.1\r\n\r\n").unwrap();
    let mut text = Vec::new();
    let _reset = clear.read_to_end(&mut text);
    assert!(!text.starts_with(b"HTTP"), "{text:?}");
    assert!(
        agent
            .get(format!("https://localhost:{port}/healthz"))
            .call()
            .is_ok()
    );
}

#[test]
fn a_wrong_certificate_is_named_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let pem = certificate(folder.path());
    let empty = folder.path().join("empty.pem");
    fs::write(&empty, "").unwrap();
    for (certificate, key, words) in [
        (&empty, &pem, "holds no certificate"),
        (&pem, &empty, "private key can't be read"),
        (
            &folder.path().join("gone.pem"),
            &pem,
            "gone.pem can't be read",
        ),
    ] {
        let mut command = serve(&data);
        command
            .arg("--tls-certificate")
            .arg(certificate)
            .arg("--tls-key")
            .arg(key);
        let error = fails(&mut command);
        assert!(error.contains(words), "{error}");
        assert!(!data.exists());
    }
}

#[test]
fn a_guesser_of_passwords_has_to_wait() {
    let world = World::new();
    let nobody = world.anonymous();
    let try_in = |password: &str| {
        let page = nobody.get("/signin");
        let cookie = page
            .header("set-cookie")
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        let token = cookie.split_once('=').unwrap().1.to_owned();
        let fields = [
            ("username", "Admin"),
            ("password", password),
            ("csrf", &token),
        ];
        nobody.with("Cookie", &cookie).post_form("/signin", &fields)
    };
    let mut refused = None;
    for n in 0..20 {
        let answer = try_in(&format!("guess {n}"));
        if answer.status == 429 {
            refused = Some((n, answer));
            break;
        }
        assert_eq!(answer.status, 401);
    }
    // More than ten only if hashing them took longer than the wait.
    let (n, answer) = refused.unwrap();
    assert!(n >= 10, "after {n}");
    assert!(answer.text.contains("Too many tries"), "{}", answer.text);
    assert!((1..=6).contains(&answer.header("retry-after").parse::<u64>().unwrap()));
    // Nor is the right one looked at.
    assert_eq!(try_in(PASSWORD).status, 429);
}
