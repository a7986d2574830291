#!/usr/bin/env python3
"""The program as scripts see it: the contract of names and exit codes, on real files where they are there.

usage: program_test.py PROGRAM [unittest arguments]
"""
import csv
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
PROGRAM = ""

EXPORT = """Day,Campaign name,Ad set name,Ad name,Ad ID,Amount spent (EUR),Impressions,Link clicks,Purchases,Purchases conversion value,Attribution setting
2026-03-01,Spring,Broad,Ad one,11,10.10,1000,20,2,80.00,7-day click
2026-03-02,Spring,Broad,Ad one,11,10.15,1100,21,1,40.00,7-day click
2026-03-01,Spring,Broad,Ad two,12,5.05,900,4,,,7-day click
"""


class Program(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)

    def run_program(self, *arguments, status=0):
        done = subprocess.run([PROGRAM, "--store", self.path / "s.db", *arguments], capture_output=True,
                              text=True, cwd=self.path, env={**os.environ, "HOME": self.folder.name})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def json(self, *arguments, status=0):
        done = self.run_program("--json", *arguments, status=status)
        return json.loads(done.stdout)

    def write(self, name, text):
        (self.path / name).write_text(text)
        return name

    def test_serves_over_http_until_it_is_told_to_stop(self):
        serving = subprocess.Popen([PROGRAM, "--store", self.path / "s.db", "serve", "--port", "0"], cwd=self.path,
                                   stdout=subprocess.PIPE, text=True, env={**os.environ, "HOME": self.folder.name})
        self.addCleanup(serving.stdout.close)
        self.addCleanup(serving.kill)
        address = serving.stdout.readline().split()[-1]
        token = serving.stdout.readline().split()[-1]
        def get(path, **headers):
            request = urllib.request.Request(address + path, headers=headers)
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return answer.status, json.load(answer)
            except urllib.error.HTTPError as error:
                with error:
                    return error.code, json.load(error)
        self.assertEqual(get("/healthz"), (200, {"ok": True}))
        self.assertEqual(get("/api/v1/version")[0], 401)
        status, version = get("/api/v1/version", Authorization="Bearer " + token)
        self.assertEqual(status, 200)
        self.assertEqual(version, self.json("version"))
        self.write("meta.csv", EXPORT)
        self.json("import", "meta.csv")
        for command in (["version"], ["report"], ["--json", "report"], ["--json", "explain", "nobody"]):
            here = subprocess.run([PROGRAM, "--store", self.path / "s.db", *command], capture_output=True, text=True)
            there = subprocess.run([PROGRAM, "--server", address, *command], capture_output=True, text=True,
                                   env={**os.environ, "REELFORGE_TOKEN": token})
            self.assertEqual((there.returncode, there.stdout, there.stderr), (here.returncode, here.stdout, here.stderr))
        self.assertEqual(subprocess.run([PROGRAM, "--server", address, "version"], capture_output=True).returncode, 5)
        serving.send_signal(signal.SIGTERM)
        self.assertEqual(serving.wait(timeout=60), 0)
        self.run_program("serve", "--address", "0.0.0.0", status=5)
        self.run_program("serve", "--prot", "1", status=2)

    def test_the_three_commands_of_a_script(self):
        self.write("meta.csv", EXPORT)
        imported = self.json("import", "meta.csv")["files"][0]
        self.assertEqual((imported["platform"], imported["level"], imported["grain"]), ("meta", "ad", "day"))
        self.assertEqual((imported["rows"], imported["from"], imported["to"]), (3, "2026-03-01", "2026-03-02"))
        self.assertEqual((imported["currency"], imported["attribution"]), ("EUR", "7-day click"))
        self.assertEqual(imported["totals"]["impressions"], 3000)
        self.assertEqual(imported["totals"]["clicks"], 45)
        self.assertEqual(imported["totals"]["spend"], "25.30")
        self.assertEqual(imported["totals"]["conversions"], 3)
        turn = self.json("turn")
        self.assertEqual({"id", "started", "steps"} - turn["turn"].keys(), set())
        self.assertEqual({"name", "ms", "rows"} - turn["turn"]["steps"][0].keys(), set())
        self.assertTrue(turn["plan"]["hash"])
        wanted = {"id", "action", "ad", "from", "to", "reason", "confidence", "evidence"}
        for item in turn["plan"]["items"]:
            self.assertEqual(wanted - item.keys(), set())
        report = self.json("report")
        wanted = {"key", "name", "spend", "currency", "impressions", "clicks", "conversions", "hook_rate",
                  "hold_rate", "ctr", "cvr", "cpa", "roas", "verdict", "need"}
        self.assertEqual(len(report["rows"]), 2)
        for row in report["rows"]:
            self.assertEqual(wanted - row.keys(), set())
        one = next(row for row in report["rows"] if row["name"] == "Ad one")
        self.assertEqual((one["spend"], one["impressions"], one["clicks"]), ("20.25", 2100, 41))
        self.assertIsNone(one["hook_rate"])  # Not reported is not zero.
        two = next(row for row in report["rows"] if row["name"] == "Ad two")
        self.assertIsNone(two["conversions"])

    def test_a_file_that_comes_again_changes_nothing(self):
        self.write("meta.csv", EXPORT)
        self.json("import", "meta.csv")
        again = self.json("import", "meta.csv")["files"][0]
        self.assertEqual((again["unchanged"], again["restated"]), (3, 0))

    def test_a_restated_day_is_a_new_version_and_the_old_one_can_be_asked_for(self):
        self.write("first.csv", EXPORT)
        self.write("later.csv", EXPORT.replace("10.15,1100,21,1,40.00", "10.15,1100,21,3,120.00"))
        self.json("import", "first.csv", "--as-of", "2026-03-03")
        later = self.json("import", "later.csv", "--as-of", "2026-03-09")["files"][0]
        self.assertEqual((later["unchanged"], later["restated"]), (2, 1))
        now = {row["name"]: row for row in self.json("report")["rows"]}
        then = {row["name"]: row for row in self.json("report", "--as-of", "2026-03-05")["rows"]}
        self.assertEqual(now["Ad one"]["conversions"], 5)
        self.assertEqual(then["Ad one"]["conversions"], 3)

    def test_every_number_leads_back_to_file_and_line(self):
        self.write("meta.csv", EXPORT)
        self.json("import", "meta.csv")
        self.json("turn")
        explained = json.dumps(self.json("explain", "Ad one"))
        self.assertIn("meta.csv", explained)
        self.assertIn('"line": 2', explained)

    def test_exit_codes_and_error_objects_come_from_one_table(self):
        self.assertEqual(self.json("explain", "nobody", status=3)["error"]["code"], "not_found")
        self.assertEqual(self.json("import", "gone.csv", status=3)["error"]["code"], "not_found")
        self.assertEqual(self.json("report", "--limit", "many", status=2)["error"]["code"], "invalid")
        self.assertIn("--help", self.run_program("frobnicate", status=2).stderr)

    def test_a_dry_run_leaves_no_trace(self):
        self.write("meta.csv", EXPORT)
        self.assertEqual(self.json("import", "meta.csv", "--dry-run")["files"][0]["rows"], 3)
        self.assertEqual(self.json("report")["rows"], [])

    def test_every_operation_has_schemas_and_help(self):
        operations = self.json("schema")["operations"]
        self.assertLessEqual({"import", "turn", "report", "explain", "plan show", "schema"}, operations.keys())
        for name, operation in operations.items():
            self.assertIn(operation["effect"], {"reads", "proposes", "spends", "administers"}, name)
            for side in ("input", "output"):
                self.assertIn("$schema", operation[side], name)
            self.assertIn("Example:", self.run_program(*name.split(), "--help").stdout)

    def completed(self, *words):
        """What bash offers for the last of these words."""
        script = self.write("complete.bash", self.run_program("completion", "bash").stdout)
        quoted = " ".join(f"'{word}'" for word in ("reelforge", *words))
        done = subprocess.run(
            ["bash", "-c", f"source {script}; COMP_WORDS=({quoted}); COMP_CWORD={len(words)}; _reelforge; "
             "printf '%s\\n' \"${COMPREPLY[@]}\""], capture_output=True, text=True, cwd=self.path)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.split()

    def test_bash_completes_commands_options_and_files(self):
        self.write("meta.csv", EXPORT)
        self.assertLessEqual({"import", "turn", "video"}, set(self.completed("")))
        self.assertEqual(self.completed("rep"), ["report"])
        self.assertEqual(sorted(self.completed("policy", "s")), ["set", "show"])
        self.assertEqual(self.completed("--store", "x.db", "plan", ""), ["show", "approve", "execute", "auto", "--json", "--store", "--server", "--help"])
        self.assertIn("--dry-run", self.completed("import", "--d"))
        self.assertEqual(self.completed("import", "met"), ["meta.csv"])
        self.assertEqual(self.completed("completion", "f"), ["fish"])

    def test_completion_scripts_and_man_pages_are_well_formed(self):
        for shell in ("bash", "zsh", "fish"):
            text = self.run_program("completion", shell).stdout
            self.assertIn("import", text)
            if shutil.which(shell):
                name = self.write(f"complete.{shell}", text)
                checked = subprocess.run([shell, "-n", name], capture_output=True, text=True, cwd=self.path)
                self.assertEqual((checked.returncode, checked.stderr), (0, ""), shell)
        page = self.write("reelforge.1", self.run_program("man").stdout)
        self.assertIn(".TH REELFORGE 1", (self.path / page).read_text())
        if shutil.which("groff"):
            shown = subprocess.run(["groff", "-man", "-Tutf8", "-ww", page], capture_output=True, text=True, cwd=self.path)
            self.assertEqual(shown.stderr, "")
        self.assertIn("exit", self.run_program("man", "plan show").stdout.lower())

    def talk_mcp(self, *messages):
        done = subprocess.run([PROGRAM, "--store", self.path / "s.db", "mcp"], text=True, capture_output=True,
                              input="".join(json.dumps(message) + "\n" for message in messages), cwd=self.path)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_mcp_says_nothing_but_protocol(self):
        self.write("meta.csv", EXPORT)
        hello = {"jsonrpc": "2.0", "id": 0, "method": "initialize",
                 "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}}

        def call(number, name, **arguments):
            return {"jsonrpc": "2.0", "id": number, "method": "tools/call",
                    "params": {"name": name, "arguments": arguments, "_meta": {"progressToken": number}}}

        said = self.talk_mcp(hello, call(1, "import", files=["meta.csv"]), call(2, "turn"), call(3, "report"),
                             call(4, "explain", ad="nobody"))
        answers = {each["id"]: each["result"] for each in said if "id" in each}
        self.assertEqual(sorted(answers), [0, 1, 2, 3, 4])
        self.assertEqual(answers[1]["structuredContent"]["files"][0]["totals"]["impressions"], 3000)
        self.assertEqual(len(answers[3]["structuredContent"]["rows"]), 2)
        self.assertEqual(answers[4]["_meta"]["reelforge/error"]["code"], "not_found")
        self.assertEqual(len(self.json("report")["rows"]), 2)  # Both doors, one store.

    def test_output_fits_its_own_schema(self):
        self.write("meta.csv", EXPORT)
        schemas = self.json("schema")["operations"]
        for command in (["import", "meta.csv"], ["turn"], ["report"], ["plan", "show"], ["explain", "Ad one"],
                        ["accounts"], ["doctor"], ["version"], ["policy", "show"]):
            name = " ".join(command) if " ".join(command) in schemas else command[0]
            check_schema(self, self.json(*command), schemas[name]["output"], name)

    def test_backup_and_restore_bring_back_what_was_there(self):
        self.write("meta.csv", EXPORT)
        self.json("import", "meta.csv")
        before = self.json("report")
        self.json("backup", "copy.db")
        self.run_program("backup", "copy.db", status=4)
        self.write("more.csv", EXPORT.replace("Ad two,12", "Ad three,13"))
        self.json("import", "more.csv")
        self.assertNotEqual(self.json("report"), before)
        self.json("restore", "copy.db")
        self.assertEqual(self.json("report"), before)

    def test_interrupted_in_the_middle_nothing_is_half_there(self):
        self.json("sandbox", "export", "big.csv", "--rows", "200000")
        running = subprocess.Popen([PROGRAM, "--store", self.path / "s.db", "--json", "import", "big.csv"],
                                   cwd=self.path, stdout=subprocess.PIPE, text=True)
        while not (self.path / "s.db-wal").exists() and running.poll() is None:
            pass
        running.send_signal(signal.SIGINT)
        output, _ = running.communicate()
        rows = len(self.json("report", "--limit", "100000")["rows"])
        if running.returncode == 0:
            self.assertGreater(rows, 0)  # It was quicker than the signal.
        else:
            self.assertEqual(json.loads(output)["error"]["code"], "conflict")
            self.assertEqual(rows, 0)
        self.assertTrue(self.json("doctor")["ok"])

    def test_a_reader_that_leaves_does_no_harm(self):
        self.write("meta.csv", EXPORT)
        self.json("import", "meta.csv")
        command = f"{PROGRAM} --store s.db schema --json | head -n 1"
        self.assertEqual(subprocess.run(["bash", "-c", command], cwd=self.path, capture_output=True).stdout, b"{\n")

    @unittest.skipUnless(DATA.exists(), "the shared data is not here")
    def test_the_real_exports_add_up_exactly(self):
        kag = self.json("import", str(DATA / "kag/KAG_conversion_data.csv"))["files"][0]
        self.assertEqual((kag["rows"], kag["totals"]["impressions"], kag["totals"]["clicks"], kag["totals"]["spend"]),
                         (1143, 213434828, 38165, "58705.23"))
        report = self.json("report", "--limit", "10000")
        self.assertEqual(len(report["rows"]), 1143)
        self.assertEqual(sum(row["impressions"] for row in report["rows"]), 213434828)
        meta = self.json("import", str(DATA / "meta_ads_export/ab_data.csv"))["files"][0]
        self.assertEqual((meta["rows"], meta["totals"]["impressions"], meta["totals"]["spend"]), (637, 23559, "268.15"))
        with open(DATA / "meta_ads_export/ab_data.csv", encoding="utf-8-sig") as file:
            ads = {(row["Ad Set Name"], row["Ad name"]) for row in csv.DictReader(file)}
        self.json("turn")
        rows = self.json("report", "--account", "meta:default", "--limit", "1000")["rows"]
        self.assertEqual(len(rows), len(ads))


def check_schema(test, value, schema, where):
    """The part of JSON Schema that ours use."""
    if "anyOf" in schema:
        if value is None and {"type": "null"} in schema["anyOf"]:
            return
        schema = next(each for each in schema["anyOf"] if each != {"type": "null"})
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
    if "type" in schema:
        test.assertIsInstance(value, kinds[schema["type"]], where)
    if "enum" in schema:
        test.assertIn(value, schema["enum"], where)
    for name, part in value.items() if isinstance(value, dict) else ():
        properties = schema.get("properties")
        if properties is not None and schema.get("additionalProperties") is False:
            test.assertIn(name, properties, where)
        inner = (properties or {}).get(name) or schema.get("additionalProperties") or {}
        check_schema(test, part, inner, f"{where}.{name}")
    for number, part in enumerate(value if isinstance(value, list) else ()):
        check_schema(test, part, schema.get("items", {}), f"{where}[{number}]")


if __name__ == "__main__":
    PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2)
