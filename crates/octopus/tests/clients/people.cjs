// Users, teams, machines, feeds and build information by Octopus's own TypeScript client,
// unmodified. The test gives OCTOPUS_URL, OCTOPUS_API_KEY and MACHINE (what registers one).
// The last line is JSON for the test.
const assert = require("node:assert/strict");
const {
    Client, BasicRepository, SpaceScopedBasicRepository, BuildInformationRepository, EnvironmentRepository,
    ProjectRepository, ProjectGroupRepository, LifecycleRepository, OverwriteMode, Permission, userGetCurrent,
} = require("@octopusdeploy/api-client");
// Its index does not name it.
const { FeedRepository } = require("@octopusdeploy/api-client/dist/features/feeds/feedRepository");

const spaceName = "Default";

async function refused(promise, status, words) {
    const error = await promise.then(() => null, (error) => error);
    assert.ok(error, `not refused: ${words}`);
    assert.equal(error.StatusCode, status, `${error}`);
    assert.match(String(error.message) + JSON.stringify(error.Errors), words);
}

function connect(apiKey) {
    return Client.create({ userAgentApp: "people", instanceURL: process.env.OCTOPUS_URL, apiKey });
}

async function main() {
    const client = await connect(process.env.OCTOPUS_API_KEY);
    const environments = new EnvironmentRepository(client, spaceName);
    const test = (await environments.list({ partialName: "Test" })).Items[0];
    const prod = await environments.create({ Name: "Prod" });

    const users = new BasicRepository(client, "~/api/users", "skip,take,ids,partialName");
    const robot = await users.create({ Username: "robot", DisplayName: "The robot", IsService: true });
    assert.equal(robot.CanPasswordBeEdited, false);
    assert.equal((await users.list({ partialName: "robo" })).Items[0].Id, robot.Id);
    robot.DisplayName = "Robot 2";
    assert.equal((await users.save(robot)).DisplayName, "Robot 2");
    await refused(users.create({ Username: "ROBOT", IsService: true }), 409, /robot/i);

    const teams = new BasicRepository(client, "~/api/teams", "skip,take,ids,partialName");
    const team = await teams.create({ Name: "Robots", MemberUserIds: [robot.Id] });
    const roles = await client.get("~/api/userroles/all");
    const deployer = roles.find((role) => role.GrantedSpacePermissions.includes(Permission.DeploymentCreate) && role.SupportedRestrictions.length > 0);
    const scoped = new BasicRepository(client, "~/api/scopeduserroles", "skip,take");
    const grant = await scoped.create({ TeamId: team.Id, UserRoleId: deployer.Id, EnvironmentIds: [test.Id] });
    assert.equal((await client.get(`~/api/teams/${team.Id}/scopeduserroles`)).Items[0].Id, grant.Id);
    for (const role of roles) {
        for (const name of [...role.GrantedSpacePermissions, ...role.GrantedSystemPermissions]) {
            assert.ok(Permission[name], `${name} is no permission of Octopus's`);
        }
    }

    const key = await client.post(`~/api/users/${robot.Id}/apikeys`, { Purpose: "story" });
    assert.match(key.ApiKey, /^API-[A-Z0-9]{32}$/);
    const machines = new SpaceScopedBasicRepository(client, spaceName, "~/api/{spaceId}/machines", "skip,take,ids,partialName,roles,isDisabled");
    const told = JSON.parse(process.env.MACHINE);
    const { port } = new URL(told.Endpoint.Uri);
    const found = await client.request("~/api/{spaceId}/machines/discover{?host,port,type}", { spaceName, host: "127.0.0.1", port, type: "TentaclePassive" });
    assert.equal(found.Endpoint.Thumbprint, told.Endpoint.Thumbprint);
    const machine = await machines.create({ ...told, ...found, EnvironmentIds: [test.Id], Roles: ["web"], Name: "web-1" });
    machine.Roles = ["web", "db"];
    machine.IsDisabled = true;
    machine.EnvironmentIds = [test.Id, prod.Id];
    const changed = await machines.modify(machine);
    assert.deepEqual([changed.Roles, changed.IsDisabled, changed.EnvironmentIds.length], [["web", "db"], true, 2]);
    assert.equal((await machines.list({ isDisabled: true, roles: "DB" })).TotalResults, 1);
    assert.equal((await machines.list({ isDisabled: false })).TotalResults, 0);
    assert.equal((await client.request(`~/api/{spaceId}/machines/${machine.Id}/connection`, { spaceName })).MachineId, machine.Id);

    const robots = await connect(key.ApiKey);
    assert.equal((await userGetCurrent(robots)).Username, "robot");
    await refused(new EnvironmentRepository(robots, spaceName).create({ Name: "Own" }), 403, /EnvironmentCreate/);

    const feeds = new FeedRepository(client, spaceName);
    const feed = await feeds.create({
        Name: "Other", FeedType: "NuGet", FeedUri: "https://example.com/v3/index.json", EnhancedMode: false,
        Username: "ann", Password: { HasValue: true, NewValue: "very secret" }, DownloadAttempts: 3, DownloadRetryBackoffSeconds: 1,
    });
    assert.deepEqual(feed.Password, { HasValue: true });
    feed.Name = "Another";
    assert.deepEqual((await feeds.modify(feed)).Password, { HasValue: true });
    assert.deepEqual((await feeds.list({ feedType: "NuGet" })).Items.map((one) => one.Name), ["Another"]);
    assert.equal((await feeds.list({})).TotalResults, 2);

    const builds = new BuildInformationRepository(client, spaceName);
    const build = {
        spaceName, BuildEnvironment: "Story", BuildNumber: "7", BuildUrl: "https://example.com/7", Branch: "main",
        VcsType: "Git", VcsRoot: "https://example.com/git", VcsCommitNumber: "abc",
        Packages: [{ Id: "Acme.Web", Version: "1.0.0" }], Commits: [{ Id: "abc", Comment: "First" }],
    };
    await builds.push(build);
    assert.match(String(await builds.push(build).then(() => "pushed twice", (error) => error)), /already/);
    await builds.push({ ...build, Branch: "next" }, OverwriteMode.OverwriteExisting);
    const information = await client.request("~/api/{spaceId}/build-information{?packageId}", { spaceName, packageId: "acme.web" });
    assert.deepEqual(information.Items.map((one) => [one.Branch, one.Commits[0].Comment]), [["next", "First"]]);

    const first = async (repository) => (await repository.list({ take: 1 })).Items[0].Id;
    const projects = new ProjectRepository(client, spaceName);
    const project = await projects.create({
        Name: "Shop",
        ProjectGroupId: await first(new ProjectGroupRepository(client, spaceName)),
        LifecycleId: await first(new LifecycleRepository(client, spaceName)),
    });
    const events = await client.request("~/api/{spaceId}/events{?regarding}", { spaceName, regarding: project.Id });
    assert.deepEqual(events.Items.map((one) => [one.Category, one.Username]), [["Created", "admin"]]);

    await teams.del(team);
    await refused(robots.request("~/api/{spaceId}/machines", { spaceName: spaceName }).catch((error) => { throw error; }), 403, /Missing permission/);
    await users.del(robot);
    await refused(userGetCurrent(robots), 401, /API key/);
    console.log(JSON.stringify({ project: project.Id }));
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
