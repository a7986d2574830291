// Runs judges that other people wrote against our MCP server and adds up what they say.
//
// usage: node judge.mjs BUILD_FOLDER [conformance|inspector|session]...    everything when none is named
//
// conformance  the official suite, for both revisions, against fixtures served by a test's program
// inspector    the Inspector's command line, strict, against the product
// session      SDK clients of both lines: import, turn, report, explain, plan
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const build = path.resolve(process.argv[2]);
const wanted = process.argv.slice(3);
const folder = mkdtempSync(path.join(tmpdir(), "reelforge-mcp-"));
let failed = 0;

const say = (text) => console.log(text);
const check = (ok, what) => {
  if (!ok) failed += 1;
  say(`  ${ok ? "ok  " : "FAIL"} ${what}`);
};

// Starts a program that prints its port as its first line.
async function start(program, args) {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  const port = await new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (bytes) => {
      text += bytes;
      if (text.includes("\n")) resolve(Number(text.match(/\d+/g).pop()));
    });
    child.on("exit", (code) => reject(new Error(`${program} ended with ${code}`)));
  });
  return { url: `http://127.0.0.1:${port}/mcp`, stop: () => child.stdin.end() };
}

function node(args) {
  try {
    return { status: 0, out: execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 26 }) };
  } catch (error) {
    return { status: error.status, out: `${error.stdout}${error.stderr}` };
  }
}

function files_below(root) {
  return readdirSync(root).flatMap((name) => {
    const each = path.join(root, name);
    return statSync(each).isDirectory() ? files_below(each) : [each];
  });
}

async function conformance() {
  const server = await start(path.join(build, "reelforge-mcp-conformance"), []);
  const suite = path.join(here, "node_modules/@modelcontextprotocol/conformance/dist/index.js");
  for (const revision of ["2026-07-28", "2025-11-25"]) {
    const out = path.join(folder, revision);
    const { status, out: text } = node([suite, "server", "--url", server.url, "--requirements", revision, "-o", out]);
    writeFileSync(path.join(folder, `${revision}.log`), text);
    report_conformance(revision, text, out);
    check(status === 0, `the suite's own verdict on ${revision}`);
  }
  server.stop();
}

// The scenarios that count for a revision, by the suite's own list.
function scored(revision) {
  const list = path.join(here, "node_modules/@modelcontextprotocol/conformance/requirements", `${revision}.yaml`);
  const server = readFileSync(list, "utf8").split(/^(?=\S)/m).find((part) => part.startsWith("server:"));
  return new Set([...server.matchAll(/^\s+- (\S+)/gm)].map((each) => each[1]));
}

function report_conformance(revision, text, out) {
  const counting = scored(revision);
  const seen = { passed: 0, failed: 0, skipped: 0 };
  const others = { passed: 0, failed: 0, skipped: 0 };
  for (const file of files_below(out).filter((each) => each.endsWith("checks.json"))) {
    const scenario = path.basename(path.dirname(file)).replace(/^server-(.*)-\d{4}-\d{2}-\d{2}T.*$/, "$1");
    const checks = JSON.parse(readFileSync(file, "utf8"));
    const has = (status) => checks.some((each) => each.status === status);
    const verdict = has("FAILURE") || has("WARNING") ? "failed" : has("SKIPPED") ? "skipped" : "passed";
    (counting.has(scenario) ? seen : others)[verdict] += 1;
    if (counting.delete(scenario) && verdict !== "passed") {
      for (const each of checks.filter((one) => one.status !== "SUCCESS")) say(`  ${each.status} ${scenario} ${each.id}: ${each.errorMessage}`);
    } else if (verdict !== "passed") {
      say(`  not scored, ${verdict}: ${scenario}`);
    }
  }
  say(`conformance ${revision}: scored ${seen.passed} passed, ${seen.failed} failed, ${seen.skipped} skipped, ${counting.size} not run; ` +
      `not scored ${others.passed} passed, ${others.failed} failed, ${others.skipped} skipped`);
  check(seen.failed + seen.skipped + counting.size === 0, `every scored scenario of ${revision} passes, none is skipped`);
}

const program = () => path.join(build, "reelforge");
const token = "a-token-that-only-tests-use";

// The product over HTTP, with a store of its own.
async function start_product(store) {
  const file = path.join(folder, "token");
  writeFileSync(file, `${token}\n`);
  const child = spawn(program(), ["--store", store, "mcp", "--http", "--port", "0", "--token-file", file, "--administer"], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((resolve, reject) => {
    child.stdout.once("data", (bytes) => resolve(String(bytes).trim()));
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return { url, stop: () => child.kill("SIGTERM") };
}

async function inspector() {
  const cli = path.join(here, "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js");
  const store = path.join(folder, "inspected.db");
  const server = await start_product(store);
  const targets = {
    stdio: [program(), "--store", store, "mcp"],
    http: [server.url, "--header", `Authorization: Bearer ${token}`],
  };
  for (const [transport, target] of Object.entries(targets)) {
    for (const era of ["modern", "legacy"]) {
      const common = [cli, "--cli", ...target, "--protocol-era", era, "--format", "json", "--quiet"];
      const tools = node([...common, "--method", "tools/list", "--strict"]);
      check(tools.status === 0, `${transport}, ${era}: tools/list is clean under --strict`);
      for (const method of ["resources/list", "resources/templates/list", "prompts/list"]) {
        check(node([...common, "--method", method]).status === 0, `${transport}, ${era}: ${method}`);
      }
      const called = node([...common, "--method", "tools/call", "--tool-name", "version"]);
      check(called.status === 0 && called.out.includes("structuredContent"), `${transport}, ${era}: tools/call`);
    }
  }
  server.stop();
}

const EXPORT = `Day,Campaign name,Ad set name,Ad name,Ad ID,Amount spent (EUR),Impressions,Link clicks,Purchases,Purchases conversion value,Attribution setting
2026-03-01,Spring,Broad,Ad one,11,10.10,1000,20,2,80.00,7-day click
2026-03-02,Spring,Broad,Ad one,11,10.15,1100,21,1,40.00,7-day click
2026-03-01,Spring,Broad,Ad two,12,5.05,900,4,,,7-day click
`;

// What every client is to be able to do, whichever library and transport it uses.
async function whole_session(client, what) {
  const file = path.join(folder, "export.csv");
  writeFileSync(file, EXPORT);
  const { tools } = await client.listTools();
  check(tools.some((each) => each.name === "collect_meta_performance"), `${what}: the notes' tools are there`);
  const call = async (name, args) => (await client.callTool({ name, arguments: args })).structuredContent;
  const imported = await call("import", { files: [file] });
  check(imported.files[0].totals.impressions === 3000, `${what}: import`);
  const turn = await call("turn", {});
  check(turn.plan.hash.length > 0, `${what}: turn`);
  const report = await call("report", {});
  check(report.rows.length === 2 && report.rows_in_all === 2, `${what}: report`);
  const explained = await call("explain", { ad: "Ad one" });
  check(explained.item.ad === "Ad one" && explained.sources.length > 0, `${what}: explain`);
  const plan = await call("plan_show", {});
  check(plan.hash === turn.plan.hash, `${what}: the plan shown is the turn's`);
  const days = await call("collect_meta_performance", { ad_id: "11", date_range: "2026-03-01..2026-03-02" });
  check(days.days.length === 2 && days.totals.impressions === 2100, `${what}: collect_meta_performance`);
  const wrong = await client.callTool({ name: "report", arguments: { limitt: 1 } });
  check(wrong.isError === true, `${what}: a wrong argument is the tool's error`);
  const read = await client.readResource({ uri: "reelforge://scoreboard" });
  check(JSON.parse(read.contents[0].text).rows.length === 2, `${what}: the scoreboard as a resource`);
  const prompt = await client.getPrompt({ name: "why_did_this_ad_win", arguments: { ad: "Ad one" } });
  check(prompt.messages.length === 2, `${what}: a prompt with its numbers`);
  let moved = 0;
  await client.callTool({ name: "demo", arguments: { days: 14 } }, what.includes("v1") ? undefined : { onprogress: () => (moved += 1) }, { onprogress: () => (moved += 1) });
  check(moved > 0, `${what}: progress comes while a tool runs (${moved} times)`);
}

async function session() {
  const modern = await import("@modelcontextprotocol/client");
  const { StdioClientTransport } = await import("@modelcontextprotocol/client/stdio");
  const legacy = await import("@modelcontextprotocol/sdk/client/index.js");
  const legacy_http = await import("@modelcontextprotocol/sdk/client/streamableHttp.js");
  const legacy_stdio = await import("@modelcontextprotocol/sdk/client/stdio.js");
  const headers = { Authorization: `Bearer ${token}` };
  let number = 0;
  const fresh = () => path.join(folder, `session${(number += 1)}.db`);
  const stdio = () => ({ command: program(), args: ["--store", fresh(), "mcp"] });
  const me = { name: "judge", version: "1" };
  const pinned = { versionNegotiation: { mode: { pin: "2026-07-28" } } };
  const clients = [
    ["v2 2026-07-28 stdio", () => new modern.Client(me, pinned), () => new StdioClientTransport(stdio())],
    ["v2 2025-11-25 stdio", () => new modern.Client(me), () => new StdioClientTransport(stdio())],
    ["v1 2025-11-25 stdio", () => new legacy.Client(me), () => new legacy_stdio.StdioClientTransport(stdio())],
    ["v2 2026-07-28 http", () => new modern.Client(me, pinned), (url) => new modern.StreamableHTTPClientTransport(url, { requestInit: { headers } })],
    ["v2 auto http", () => new modern.Client(me, { versionNegotiation: { mode: "auto" } }), (url) => new modern.StreamableHTTPClientTransport(url, { requestInit: { headers } })],
    ["v1 2025-11-25 http", () => new legacy.Client(me), (url) => new legacy_http.StreamableHTTPClientTransport(url, { requestInit: { headers } })],
  ];
  for (const [what, client_of, transport_of] of clients) {
    const server = what.endsWith("http") ? await start_product(fresh()) : null;
    const client = client_of();
    await client.connect(transport_of(server && new URL(server.url)));
    await whole_session(client, what);
    await client.close();
    server?.stop();
  }
}

const judges = { conformance, inspector, session };
for (const name of wanted.length ? wanted : Object.keys(judges)) await judges[name]();
rmSync(folder, { recursive: true, force: true });
say(failed ? `${failed} failed` : "all passed");
process.exit(failed ? 1 : 0);
