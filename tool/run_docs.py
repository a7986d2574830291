#!/usr/bin/env python3
"""Runs every command of the README and the documents, and compares the output where a document shows it.

usage: run_docs.py PROGRAM [--write]

A fenced block marked `console` is a session: lines that begin with "$ " are commands, run in order in one
empty folder per document with PROGRAM's folder on PATH; each must succeed. A block marked
`console output` shows what its command prints, and must equal it, timings aside; --write puts the real
output there. A `./x` command is run where that makes no circle (the tests run this script), else it must
be one that `./x` lists. No other fenced block may hold a command of ours.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```(\S*)[ ]?(.*)$")
TIMING = re.compile(r"\b\d+(\.\d+)? (ms|s|rows/s)\b|in \d[\d.,]* ?m?s|[\d,]+ rows/s")
PATHS = re.compile(r"/tmp/\S+")


def blocks(lines):
    """(language, marks, first line, end line) of each fenced block, lines without the fences."""
    opened = None
    for number, line in enumerate(lines):
        match = FENCE.match(line)
        if not match:
            continue
        if opened is None:
            opened = (match.group(1), match.group(2), number + 1)
        else:
            yield (*opened, number)
            opened = None


def plain(text):
    return PATHS.sub("/tmp/…", TIMING.sub("(time)", text)).rstrip()


def run_x(command):
    """./x commands would build and test again inside a test; they must exist, and that is all."""
    listed = subprocess.run([ROOT / "x"], capture_output=True, text=True, check=True).stdout
    return command in {line.strip().split("\t")[0].split("  ")[0] for line in listed.splitlines()} | {"./x"}


def run_document(path, environment, write):
    lines = path.read_text().splitlines()
    problems, ran, replacements = [], 0, []
    with tempfile.TemporaryDirectory() as folder:
        environment = {**environment, "HOME": folder, "XDG_DATA_HOME": folder}
        for language, marks, first, end in blocks(lines):
            body = lines[first:end]
            if language != "console":
                stray = [line for line in body if re.match(r"\s*(\$ )?reelforge ", line)]
                problems += [f"{path}:{first}: a command outside a console block: {s}" for s in stray]
                continue
            for offset, line in enumerate(body):
                if not line.startswith("$ "):
                    continue
                command = line[2:]
                ran += 1
                if command.startswith("./x"):
                    if not run_x(command.split(" #")[0].strip()):
                        problems.append(f"{path}:{first + offset + 1}: ./x does not list {command}")
                    continue
                done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment,
                                      capture_output=True, text=True, timeout=300)
                if done.returncode != 0:
                    problems.append(f"{path}:{first + offset + 1}: {command}: exit {done.returncode}: "
                                    f"{done.stderr.strip()}")
                if "output" in marks.split():
                    shown = "\n".join(body[offset + 1:])
                    if plain(shown) != plain(done.stdout):
                        problems.append(f"{path}:{first + offset + 1}: {command}: prints something else; "
                                        f"run tool/run_docs.py --write")
                    replacements.append((first + offset + 1, end, done.stdout.rstrip().splitlines()))
    if write and replacements:
        for start, end, output in reversed(replacements):
            lines[start:end] = output
        path.write_text("\n".join(lines) + "\n")
    return problems, ran


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "NO_COLOR": "1"}
    problems, ran = [], 0
    for path in [ROOT / "README.md", *sorted((ROOT / "doc").rglob("*.md"))]:
        found, count = run_document(path, environment, "--write" in sys.argv)
        problems += found
        ran += count
    print("\n".join(problems))
    print(f"docs: {ran} commands, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
