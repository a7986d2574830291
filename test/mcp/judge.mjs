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
    const counts = { SUCCESS: 0, FAILURE: 0, WARNING: 0, SKIPPED: 0, INFO: 0 };
    const bad = [];
    const scenarios = new Map();
    for (const file of files_below(out).filter((each) => each.endsWith("checks.json"))) {
      const scenario = path.basename(path.dirname(file)).replace(/^server-(.*)-\d{4}-\d{2}-\d{2}T.*$/, "$1");
      const checks = JSON.parse(readFileSync(file, "utf8"));
      for (const each of checks) {
        counts[each.status] += 1;
        if (["FAILURE", "WARNING", "SKIPPED"].includes(each.status)) {
          bad.push(`${each.status} ${scenario} ${each.id}: ${each.errorMessage ?? ""}`);
        }
      }
      const has = (status) => checks.some((each) => each.status === status);
      scenarios.set(scenario, has("FAILURE") ? "failed" : has("SKIPPED") ? "skipped" : "passed");
    }
    const of = (what) => [...scenarios.values()].filter((each) => each === what).length;
    say(`conformance ${revision}: scenarios ${of("passed")} passed, ${of("failed")} failed, ${of("skipped")} with skipped checks; ` +
        `checks ${counts.SUCCESS} passed, ${counts.FAILURE} failed, ${counts.WARNING} warned, ${counts.SKIPPED} skipped`);
    const score = text.split("\n").filter((line) => /scored|required|Passed|Failed|Total/i.test(line)).slice(-6);
    for (const line of score) say(`  ${line.trim()}`);
    for (const line of bad) say(`  ${line.slice(0, 300)}`);
    check(status === 0, `the suite's own verdict on ${revision}`);
  }
  server.stop();
}

const judges = { conformance };
for (const name of wanted.length ? wanted : Object.keys(judges)) await judges[name]();
rmSync(folder, { recursive: true, force: true });
say(failed ? `${failed} failed` : "all passed");
process.exit(failed ? 1 : 0);
