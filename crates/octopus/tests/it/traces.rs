//! Traces, as a collector of OpenTelemetry gets them: a small one that the test plays.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::{Arc, Mutex},
    thread,
};

use api::TaskState;
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{AnyValue, any_value::Value},
    trace::v1::{Span, status::StatusCode},
};
use prost::Message;

use crate::{
    agent::Step,
    server::{self, misused},
    wait,
    world::World,
};

/// Takes spans by OTLP over HTTP.
struct Collector {
    url: String,
    spans: Arc<Mutex<Vec<Span>>>,
    services: Arc<Mutex<Vec<String>>>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (spans, services) = (Arc::default(), Arc::default());
        let collector = Self {
            url,
            spans: Arc::clone(&spans),
            services: Arc::clone(&services),
        };
        // Ends with the test's process.
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (spans, services) = (Arc::clone(&spans), Arc::clone(&services));
                thread::spawn(move || {
                    while let Some(request) = receive(&stream) {
                        for resource in request.resource_spans {
                            let about = resource.resource.unwrap().attributes;
                            let mut about = about.iter().filter(|it| it.key == "service.name");
                            let name = text(about.next().unwrap().value.as_ref());
                            services.lock().unwrap().push(name);
                            let scopes = resource.scope_spans.into_iter();
                            let found = scopes.flat_map(|scope| scope.spans);
                            spans.lock().unwrap().extend(found);
                        }
                    }
                });
            }
        });
        collector
    }

    fn spans(&self) -> Vec<Span> {
        self.spans.lock().unwrap().clone()
    }

    fn names(&self) -> Vec<String> {
        self.spans().into_iter().map(|span| span.name).collect()
    }
}

/// One request of an exporter; `None` once the connection ends.
fn receive(mut stream: &TcpStream) -> Option<ExportTraceServiceRequest> {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        head.push(line.trim().to_ascii_lowercase());
    }
    assert_eq!(head.first().unwrap(), "post /v1/traces http/1.1");
    assert!(head.contains(&"content-type: application/x-protobuf".to_owned()));
    let mut lengths = head
        .iter()
        .filter_map(|it| it.strip_prefix("content-length: "));
    let mut body = vec![0; lengths.next().unwrap().parse().unwrap()];
    reader.read_exact(&mut body).ok()?;
    stream
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        .ok()?;
    Some(ExportTraceServiceRequest::decode(&*body).unwrap())
}

fn text(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    }
}

fn attributes(span: &Span) -> HashMap<String, String> {
    let pairs = span.attributes.iter();
    pairs
        .map(|it| (it.key.clone(), text(it.value.as_ref())))
        .collect()
}

fn traced(collector: &Collector) -> World {
    World::with(vec![("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url.clone())])
}

/// Asks the server to end, and waits until it has.
fn end(world: &mut World) {
    let server = world.server.take().unwrap();
    let sent = Command::new("kill").args(["-TERM", &server.id()]).status();
    assert!(sent.unwrap().success());
    server.ended();
}

#[test]
fn requests_tasks_and_calls_of_agents_are_spans() {
    let collector = Collector::start();
    let mut world = traced(&collector);
    let agent = world.agent("web-1");
    let task = world.deploy();
    world.ends(&task, TaskState::Success);
    agent.script(vec![Step::Fail("it broke")]);
    let failed = world.deploy_again();
    world.ends(&failed, TaskState::Failed);
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let parent = format!("00-{trace}-b7ad6b7169203331-01");
    let caller = world.http.with("traceparent", &parent);
    caller
        .get("/api/Spaces-1/packages/Acme.None/1.0.0/raw?apikey=secret")
        .refusal(404);
    end(&mut world);

    assert!(
        collector
            .services
            .lock()
            .unwrap()
            .iter()
            .all(|name| name == "octopus")
    );
    let spans = collector.spans();
    let named = |name: &str| {
        spans
            .iter()
            .filter(|it| it.name == name)
            .collect::<Vec<_>>()
    };
    let [asked] = named("GET /api/{space}/packages/{id}/{version}/raw")[..] else {
        panic!("{:?}", collector.names());
    };
    assert_eq!(attributes(asked)["http.response.status_code"], "404");
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|it| format!("{it:02x}"))
            .collect::<String>()
    };
    assert_eq!(hex(&asked.trace_id), trace);
    assert_eq!(hex(&asked.parent_span_id), "b7ad6b7169203331");
    let of = |id: &str| {
        let mut tasks = named("task").into_iter();
        tasks
            .find(|it| attributes(it)["octopus.task.id"] == id)
            .unwrap()
    };
    let (good, bad) = (of(&task), of(&failed));
    assert_eq!(attributes(good)["octopus.task.name"], "DeployPackage");
    assert_eq!(attributes(good)["octopus.task.state"], "Success");
    assert_eq!(attributes(bad)["octopus.task.state"], "Failed");
    assert_eq!(bad.status.as_ref().unwrap().code(), StatusCode::Error);
    // The calls lie below the machine, and that below the task.
    let below = |parent: &Span| {
        let children = spans
            .iter()
            .filter(|it| it.parent_span_id == parent.span_id);
        children.collect::<Vec<_>>()
    };
    let [machine] = below(good)[..] else {
        panic!("{:?}", below(good))
    };
    assert_eq!(attributes(machine)["octopus.machine.name"], "web-1");
    let calls: Vec<String> = below(machine).iter().map(|it| it.name.clone()).collect();
    for call in ["FindPackage", "PutPackage", "StartWork"] {
        assert!(
            calls.iter().any(|it| it.contains(call)),
            "{call}: {calls:?}"
        );
    }
    let all = format!("{spans:?}");
    assert!(
        !all.contains(&world.key) && !all.contains("apikey"),
        "{all}"
    );
}

#[test]
fn a_collector_that_is_away_hinders_nothing() {
    let gone = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut world = World::with(vec![(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        format!("http://{gone}"),
    )]);
    let _agent = world.agent("web-1");
    let task = world.deploy();
    world.ends(&task, TaskState::Success);
    end(&mut world);
}

#[test]
fn nothing_is_sent_unless_it_is_asked_for() {
    let collector = Collector::start();
    let mut world = World::new();
    world.http.get("/api").expect(200);
    end(&mut world);
    assert_eq!(collector.names(), Vec::<String>::new());
    // The same requests are seen once it is.
    let mut world = traced(&collector);
    wait::until_is("a span is there", || {
        world.http.get("/api").expect(200);
        !collector.names().is_empty()
    });
    end(&mut world);
}

#[test]
fn a_wrong_address_of_a_collector_is_told() {
    let folder = tempfile::tempdir().unwrap();
    for address in ["collector:4318", "ftp://collector", "http://"] {
        let mut command = server::serve(folder.path());
        let error = misused(command.args(["--otlp-endpoint", address]));
        assert!(
            error.contains("no address of a collector"),
            "{address}: {error}"
        );
    }
}
