//! A server that is told to end: what was begun is finished, and nobody who listens holds it up.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    agent::{Step, say},
    feed::listed,
    packages,
    world::{PACKAGE, World},
};

fn terminate(world: &World) {
    let id = world.server.as_ref().unwrap().id();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn an_upload_that_has_begun_is_taken_before_the_end() {
    let mut world = World::new();
    let package = packages::package(PACKAGE, "1.0.0", 500_000, 1);
    let head = "--limit\r\ncontent-disposition: form-data; name=file; filename=a.nupkg\r\n\r\n";
    let body = [head.as_bytes(), &package, b"\r\n--limit--\r\n"].concat();
    let mut stream = world.connect();
    let request = format!(
        "POST /api/Spaces-1/packages/raw HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\
         x-octopus-apikey: {}\r\nexpect: 100-continue\r\n\
         content-type: multipart/form-data; boundary=limit\r\ncontent-length: {}\r\n\r\n",
        world.key,
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    // It reads the body: the request has begun.
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 100"), "{line}");
    stream.write_all(&body[..1000]).unwrap();
    terminate(&world);
    crate::wait::until_is("nobody else is let in", || {
        let url = world.server.as_ref().unwrap().url.clone();
        TcpStream::connect(url.trim_start_matches("http://")).is_err()
    });
    stream.write_all(&body[1000..]).unwrap();
    let mut answer = String::new();
    reader.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("HTTP/1.1 201"), "{answer}");
    world.server.take().unwrap().ended();
    world.start();
    assert_eq!(listed(&world), ["Acme.Web 1.0.0"]);
}

#[test]
fn those_who_wait_for_news_do_not_hold_up_the_end() {
    let mut world = World::new();
    let agent = world.agent("web-1");
    agent.script(vec![say("one"), Step::Gate(0)]);
    let task = world.deploy();
    world.wait_line(&task, "one");
    let last = world.log(&task).last().unwrap().sequence;
    let mut stream = world.connect();
    let request = format!(
        "GET /api/Spaces-1/tasks/{task}/log?after={last}&wait=60 HTTP/1.1\r\nhost: a\r\n\
         connection: close\r\nx-octopus-apikey: {}\r\n\r\n",
        world.key
    );
    stream.write_all(request.as_bytes()).unwrap();
    // Another request on the same server is answered meanwhile: this one is being waited for.
    world.http.get("/api").expect(200);
    let begun = Instant::now();
    terminate(&world);
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    world.server.take().unwrap().ended();
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
    assert!(
        answer.is_empty() || answer.contains("HTTP/1.1 200"),
        "{answer}"
    );
    // What runs goes on after the start.
    agent.open_gate(0);
    world.start();
    world.ends(&task, api::TaskState::Success);
}
