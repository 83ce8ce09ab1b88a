// The npm packages octopus-deploy and octopackjs, unmodified, on the project of the story.
// The test gives OCTOPUS_URL, OCTOPUS_API_KEY, and STORY: the last line of the story.
const assert = require("node:assert/strict");
const { initializeApi, octopusApi: api } = require("octopus-deploy");
const octo = require("@octopusdeploy/octopackjs");
const { createReleaseAndDeploy } = require("octopus-deploy/lib/commands/create-release");

// What a build does with octopackjs: its package goes from memory to the feed. No zip, for of what is in memory
// it writes neither size nor checksum there, by any newer Node.
function packAndPush(host, apiKey) {
    return new Promise((resolve, reject) => {
        const ended = (error, answer) => (error ? reject(error) : resolve(answer));
        octo.pack("targz", { id: "Acme.Node", version: "2.0.0" })
            .append("hello.txt", Buffer.from("hello"))
            .toStream((error, made) => {
                if (error) return reject(error);
                octo.push(made.stream, { host, apiKey, name: made.name }, ended);
            });
    });
}

async function main() {
    const story = JSON.parse(process.env.STORY);
    const host = process.env.OCTOPUS_URL;
    const apiKey = process.env.OCTOPUS_API_KEY;
    initializeApi({ host, apiKey });
    const spaces = (await api.spaces.findAll()).value;
    assert.ok(spaces.some((one) => one.name === "Acme"));
    initializeApi({ host, apiKey, spaceId: story.space });
    assert.equal((await api.environments.findAll()).length, 2);
    const project = (await api.projects.find("acme-web")).value;
    assert.equal(project.id, story.project);
    const deployment = await createReleaseAndDeploy(
        { projectSlugOrId: "acme-web", version: "1.1.0", releaseNotes: "By functions", packageVersion: "1.0.0" },
        { environmentName: "Staging", comments: "By functions", variables: { Token: "another" } },
    );
    assert.ok(deployment.hasValue, "nothing was deployed");
    const known = (await api.projects.getReleaseByProjectAndVersion(project.id, "1.1.0")).value;
    assert.equal(known.releaseNotes, "By functions");
    const pushed = await packAndPush(host, apiKey);
    assert.equal(pushed.Version, "2.0.0");
    console.log(JSON.stringify({ task: deployment.value.taskId }));
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
