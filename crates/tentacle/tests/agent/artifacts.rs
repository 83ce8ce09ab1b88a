//! What scripts leave: files for the server to fetch, and variables for later steps.

use tonic::Code;
use wire::v1::{ReadArtifactRequest, RunScript, start_work_request::Work, work_state::Phase};

use crate::bench::{Agent, Instance};
use crate::calls::{bounded, refused, texts};
use crate::pack::Package;

/// The bytes of an artifact from an offset on.
async fn read(agent: &Agent, number: u32, offset: u64) -> Result<Vec<u8>, tonic::Status> {
    let request = ReadArtifactRequest {
        ticket: "t-1".to_owned(),
        number,
        offset,
    };
    let mut chunks = bounded(agent.client().read_artifact(request))
        .await?
        .into_inner();
    let mut content = Vec::new();
    while let Some(message) = bounded(chunks.message()).await? {
        content.extend_from_slice(&message.chunk);
    }
    Ok(content)
}

#[tokio::test(flavor = "multi_thread")]
async fn artifacts_are_kept_until_the_server_has_them() {
    let instance = Instance::new();
    let agent = instance.start();
    let package = Package::script(
        "head -c 700000 /dev/zero > big; new_octopusartifact big 'the big one'
         echo small > small; new_octopusartifact small; echo changed > small
         echo x > gone; new_octopusartifact gone; rm gone; set_octopusvariable Address 10.0.0.1",
    );
    let (lines, state) = agent.deploy("t-1", &package).await;
    assert_eq!(state.phase(), Phase::Succeeded, "{state:?}");
    let of =
        |artifact: &wire::v1::Artifact| (artifact.number, artifact.name.clone(), artifact.size);
    let kept: Vec<_> = state.artifacts.iter().map(of).collect();
    // They are taken when the script has ended.
    let expected = [
        (1, "the big one".to_owned(), 700_000),
        (2, "small".to_owned(), 8),
    ];
    assert_eq!(kept, expected);
    let said = texts(&lines).join("\n");
    // Its line may be read before the file is gone, or after.
    let warned = said.contains("The artifact gone (") || said.contains("there is no file");
    assert!(warned, "{said}");
    let address = state
        .output_variables
        .iter()
        .find(|one| one.name == "Address");
    assert_eq!(address.unwrap().value, "10.0.0.1");
    // Another process has the same.
    drop(agent);
    let agent = instance.start();
    let (_, again) = agent.watch("t-1", u64::MAX).await.end().await;
    assert_eq!(again, state);
    assert_eq!(read(&agent, 1, 0).await.unwrap(), vec![0; 700_000]);
    assert_eq!(read(&agent, 1, 699_999).await.unwrap(), [0]);
    assert_eq!(read(&agent, 1, 700_000).await.unwrap(), Vec::<u8>::new());
    assert_eq!(read(&agent, 2, 0).await.unwrap(), b"changed\n");
    for number in [0, 3, u32::MAX] {
        let said = refused(read(&agent, number, 0).await, Code::NotFound);
        assert!(said.contains("keeps no artifact"), "{said}");
    }
    agent.forget("t-1").await.unwrap();
    refused(read(&agent, 1, 0).await, Code::NotFound);
    assert_eq!(instance.tree("work"), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_without_a_package_leaves_them_too_also_when_it_fails() {
    let instance = Instance::new();
    let agent = instance.start();
    let body = "echo why > log; new_octopusartifact log; set_octopusvariable A b; exit 3";
    let order = Work::RunScript(RunScript {
        body: body.to_owned(),
        syntax: "Bash".to_owned(),
        name: "Check".to_owned(),
        ..RunScript::default()
    });
    let state = agent.watch_order("t-1", order).await.unwrap();
    assert_eq!(state.phase(), Phase::Failed, "{state:?}");
    assert_eq!(read(&agent, 1, 0).await.unwrap(), b"why\n");
    assert_eq!(state.output_variables, Vec::new());
}
