// A whole story, told by Octopus's own TypeScript client, unmodified: from a new space to the
// log of a deployment. The test gives OCTOPUS_URL, OCTOPUS_API_KEY, PACKAGE (a file) and
// MACHINE (what registers it). The last line is JSON for the test.
const assert = require("node:assert/strict");
const {
    Client, SpaceRepository, EnvironmentRepository, LifecycleRepository, ProjectGroupRepository,
    ProjectRepository, DeploymentProcessRepository, PackageRepository, ReleaseRepository,
    DeploymentRepository, ServerTaskWaiter, SpaceServerTaskRepository, OverwriteMode, RunCondition,
    StartTrigger, PackageRequirement, NewProject, userGetCurrent,
} = require("@octopusdeploy/api-client");
// Its index does not name it.
const { FeedRepository } = require("@octopusdeploy/api-client/dist/features/feeds/feedRepository");

async function refused(promise, status, words) {
    const error = await promise.then(() => null, (error) => error);
    assert.ok(error, `not refused: ${words}`);
    assert.equal(error.StatusCode, status, `${error}`);
    assert.match(String(error.message), words);
}

function action(name, type, properties, packages = []) {
    return {
        Id: "", Name: name, ActionType: type, Notes: null, IsDisabled: false, IsRequired: false,
        CanBeUsedForProjectVersioning: false, Condition: "Success", Environments: [], Channels: [],
        ExcludedEnvironments: [], TenantTags: [], WorkerPoolId: null, WorkerPoolVariable: null,
        Container: { FeedId: null, Image: null }, Packages: packages, Properties: properties,
    };
}

function step(name, roles, actions) {
    return {
        Id: "", Name: name, Condition: RunCondition.Success, StartTrigger: StartTrigger.StartAfterPrevious,
        PackageRequirement: PackageRequirement.LetOctopusDecide,
        Properties: { "Octopus.Action.TargetRoles": roles }, Actions: actions,
    };
}

async function main() {
    const client = await Client.create({
        userAgentApp: "story",
        instanceURL: process.env.OCTOPUS_URL,
        apiKey: process.env.OCTOPUS_API_KEY,
    });
    assert.equal((await userGetCurrent(client)).Username, "admin");

    const spaces = new SpaceRepository(client);
    const spaceName = "Acme";
    const space = await spaces.create({
        Name: spaceName, IsDefault: false, SpaceManagersTeams: [], SpaceManagersTeamMembers: ["Users-1"],
    });
    assert.equal((await spaces.get(space.Id)).Name, spaceName);
    assert.equal((await spaces.list({ partialName: "acm" })).TotalResults, 1);
    await refused(spaces.create({ Name: "ACME" }), 409, /ACME/);

    const environments = new EnvironmentRepository(client, spaceName);
    const staging = await environments.create({ Name: "Staging", Description: "First" });
    const production = await environments.create({ Name: "Production" });
    assert.equal((await environments.list({ partialName: "prod" })).Items[0].Id, production.Id);
    assert.equal((await environments.getEnvironmentByName("staging")).Id, staging.Id);
    staging.Description = "Second";
    assert.equal((await environments.modify(staging)).Description, "Second");
    await environments.sort([production.Id, staging.Id]);
    assert.deepEqual((await environments.list({})).Items.map((one) => one.Name), ["Production", "Staging"]);

    const machine = JSON.parse(process.env.MACHINE);
    machine.EnvironmentIds = [staging.Id];
    await client.doCreate("~/api/{spaceId}/machines", { ...machine, spaceName });
    for (;;) {
        const machines = await environments.machines(staging, {});
        if (machines.Items[0].HealthStatus === "Healthy") break;
        await new Promise((resolve) => setTimeout(resolve, 50));
    }

    const lifecycles = new LifecycleRepository(client, spaceName);
    const lifecycle = await lifecycles.create({
        Name: "Two steps",
        Phases: [staging, production].map((one) => ({
            Name: one.Name, IsOptionalPhase: false, MinimumEnvironmentsBeforePromotion: 0,
            OptionalDeploymentTargets: [one.Id], AutomaticDeploymentTargets: [],
        })),
    });
    assert.equal(lifecycle.Phases.length, 2);
    const group = await new ProjectGroupRepository(client, spaceName).create({ Name: "Web" });
    const projects = new ProjectRepository(client, spaceName);
    const project = await projects.create(NewProject("Acme Web", group, lifecycle));
    assert.equal(project.Slug, "acme-web");
    assert.equal((await projects.get("acme-web")).Id, project.Id);
    const feed = (await new FeedRepository(client, spaceName).list({ feedType: "BuiltIn" })).Items[0];

    const processes = new DeploymentProcessRepository(client, spaceName);
    const process_ = await processes.get(project);
    process_.Steps = [
        step("Deploy the web", "web", [action("Deploy the web", "Octopus.TentaclePackage", {}, [{
            Id: "", Name: "", PackageId: "Acme.Web", FeedId: feed.Id, AcquisitionLocation: "Server", Properties: {},
        }])]),
        step("Say so", "web", [action("Say so", "Octopus.Script", {
            "Octopus.Action.Script.ScriptSource": "Inline",
            "Octopus.Action.Script.Syntax": "Bash",
            "Octopus.Action.Script.ScriptBody": "echo #{Octopus.Release.Number} is in #{Octopus.Environment.Name}",
        })]),
    ];
    const changed = await processes.update(project, process_);
    assert.equal(changed.Steps.length, 2);
    await refused(processes.update(project, process_), 409, /changed/);

    await client.doUpdate("~/api/{spaceId}/projects/{projectId}/variables", {
        spaceName, Version: 0,
        Variables: [
            { Name: "Greeting", Value: "hello", Type: "String", Scope: {} },
            { Name: "Token", Value: "s3cr3t-token", Type: "Sensitive", IsSensitive: true, Scope: { Environment: [staging.Id] } },
        ],
    }, { spaceName, projectId: project.Id });

    const packages = new PackageRepository(client, spaceName);
    await packages.push([process.env.PACKAGE], OverwriteMode.FailIfExists);
    const pushed = await packages.list({ filter: "Acme.Web" });
    assert.equal(pushed.Items[0].Version, "1.0.0");

    const releases = new ReleaseRepository(client, spaceName);
    const command = { spaceName, ProjectName: project.Name, ReleaseVersion: "1.0.0", PackageVersion: "1.0.0", ReleaseNotes: "The first" };
    const created = await releases.create(command);
    assert.equal(created.ReleaseVersion, "1.0.0");
    await refused(releases.create(command), 409, /1\.0\.0/);
    assert.equal((await releases.create({ ...command, IgnoreIfAlreadyExists: true })).ReleaseId, created.ReleaseId);
    await refused(releases.create({ ...command, ReleaseVersion: "2.0.0", PackageVersion: "9.9.9" }), 400, /9\.9\.9/);
    const release = await releases.get(created.ReleaseId);
    assert.equal(release.SelectedPackages[0].Version, "1.0.0");
    assert.equal((await releases.listForProject(project.Id, {})).Items[0].Id, release.Id);

    const deployments = new DeploymentRepository(client, spaceName);
    const order = { spaceName, ProjectName: project.Name, ReleaseVersion: "1.0.0" };
    await refused(deployments.create({ ...order, EnvironmentNames: ["Production"] }), 400, /Staging comes first/);
    const [made] = (await deployments.create({ ...order, EnvironmentNames: ["Staging"] })).DeploymentServerTasks;
    const waiter = new ServerTaskWaiter(client, spaceName);
    const seen = [];
    const task = await waiter.waitForServerTaskToComplete(made.ServerTaskId, 50, 60000, (one) => seen.push(one.State));
    assert.equal(task.State, "Success", task.ErrorMessage);
    assert.ok(task.IsCompleted && task.FinishedSuccessfully);
    assert.equal((await deployments.get(made.DeploymentId)).TaskId, task.Id);
    assert.equal((await deployments.list({ projects: [project.Id] })).TotalResults, 1);

    const tasks = new SpaceServerTaskRepository(client, spaceName);
    const details = await tasks.getDetails(task.Id);
    const names = details.ActivityLogs[0].Children.map((one) => [one.Name, one.Status, one.Children[0].Name]);
    assert.deepEqual(names, [["Deploy the web", "Success", machine.Name], ["Say so", "Success", machine.Name]]);
    const raw = await tasks.getRaw(task.Id);
    assert.match(raw, /Acme\.Web 1\.0\.0/);
    const kept = await client.request("~/api/{spaceId}/artifacts{?regarding}", { spaceName, regarding: task.Id });
    assert.deepEqual(kept.Items.map((one) => one.Filename), ["build.log", "build.log"]);
    const content = await fetch(process.env.OCTOPUS_URL + kept.Items[0].Links.Content, {
        headers: { "X-Octopus-ApiKey": process.env.OCTOPUS_API_KEY },
    });
    assert.equal(await content.text(), "all is well");

    // A project that asks a person, and runs a script on the server: scheduled, waited for, done again.
    const careful = await projects.create(NewProject("Careful", group, lifecycle));
    const carefully = await processes.get(careful);
    const onServer = (name, type, properties) => ({
        ...step(name, "", [action(name, type, { "Octopus.Action.RunOnServer": "true", ...properties })]), Properties: {},
    });
    carefully.Steps = [
        onServer("Look first", "Octopus.Manual", { "Octopus.Action.Manual.Instructions": "Look at #{Octopus.Release.Number}" }),
        onServer("On the server", "Octopus.Script", {
            "Octopus.Action.Script.ScriptSource": "Inline", "Octopus.Action.Script.Syntax": "Bash",
            "Octopus.Action.Script.ScriptBody": "echo #{Octopus.Release.Number} on the server",
        }),
    ];
    await processes.update(careful, carefully);
    await releases.create({ spaceName, ProjectName: "Careful", ReleaseVersion: "1.0.0" });
    const runAt = new Date(Date.now() + 1500);
    const [later] = (await deployments.create({
        spaceName, ProjectName: "Careful", ReleaseVersion: "1.0.0", EnvironmentNames: ["Staging"], RunAt: runAt,
    })).DeploymentServerTasks;
    assert.equal((await tasks.getById(later.ServerTaskId)).State, "Queued");
    const question = async (regarding) => {
        for (;;) {
            const page = await client.request("~/api/{spaceId}/interruptions{?regarding,pendingOnly}", {
                spaceName, regarding, pendingOnly: true,
            });
            if (page.Items.length > 0) return page.Items[0];
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    };
    const say = async (asked, result) => {
        const path = "~/api/{spaceId}/interruptions/{interruptionId}";
        const names = { spaceName, interruptionId: asked.Id };
        await client.doUpdate(`${path}/responsible`, { spaceName }, names);
        await client.doCreate(`${path}/submit`, { spaceName, Notes: "as agreed", Result: result }, names);
    };
    const asked = await question(later.ServerTaskId);
    assert.ok(Date.now() >= runAt.getTime());
    assert.ok((await tasks.getById(later.ServerTaskId)).HasPendingInterruptions);
    assert.equal(asked.Form.Elements[0].Control.Text, "Look at 1.0.0");
    await say(asked, "Proceed");
    const waited = await waiter.waitForServerTaskToComplete(later.ServerTaskId, 50, 60000);
    assert.equal(waited.State, "Success", waited.ErrorMessage);
    assert.match(await tasks.getRaw(later.ServerTaskId), /1\.0\.0 on the server/);
    const again = await client.doCreate("~/api/{spaceId}/tasks/rerun/{taskId}", { spaceName }, { taskId: later.ServerTaskId });
    await say(await question(again.Id), "Abort");
    const aborted = await waiter.waitForServerTaskToComplete(again.Id, 50, 60000);
    assert.equal(aborted.State, "Failed");
    assert.match(aborted.ErrorMessage, /as agreed/);

    const told = { task: task.Id, project: project.Id, space: space.Id, environment: staging.Id };
    // A connection that is kept for further calls would keep Node alive as well.
    process.stdout.write(JSON.stringify(told), () => process.exit(0));
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
