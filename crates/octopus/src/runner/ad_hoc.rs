//! A script that a person wants to be run on machines, without a project.

use wire::v1::{RunScript, start_work_request::Work};

use super::{
    deploy,
    job::{Job, Stop},
    work,
};

const NAME: &str = "Run a script";

pub(super) async fn run(job: &mut Job) -> Result<String, Stop> {
    let environment = job.target.environment_id;
    let environment = job.app.store.environment_name(environment).await?;
    let arguments = &job.task.arguments;
    let order = RunScript {
        body: arguments.script_body.clone().unwrap_or_default(),
        syntax: arguments.syntax.clone().unwrap_or_default(),
        variables: deploy::of_machine(job, NAME, &environment).await?,
        name: NAME.to_owned(),
    };
    work::perform(job, None, Work::RunScript(order)).await
}
