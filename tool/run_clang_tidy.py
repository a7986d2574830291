#!/usr/bin/env python3
"""Runs clang-tidy over our own sources, on all cores, skipping what was clean before.

usage: run_clang_tidy.py BUILD_FOLDER      (one with compile_commands.json, made by clang)

A source is skipped when nothing it is made of has changed since it was last clean: the stamp is a hash
of its text, the text of every project header it includes, however deep, and the list of checks. Stamps
lie in the user's cache, so that a second clone finds what the first has shown.

Nearly all of clang-tidy's time goes into the headers, so sources of one folder are read as one, a batch
at a time. Those that a batch names are looked at alone, which also settles names that only clash because
they were read together; the rest make a batch again. Exit status 1 with the findings.
"""
import concurrent.futures
import functools
import hashlib
import itertools
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.M)
NAMED = re.compile(r"^(\S+?\.cc):\d+", re.M)
BATCH = 8  # A quarter of the time of one by one; larger ones clash more often.


@functools.lru_cache(maxsize=None)
def text_and_includes(path):
    text = path.read_bytes()
    return text, [name.decode() for name in INCLUDE.findall(text)]


def digest_of(source, root, checks):
    """Of the source with every header of ours that it leads to, in order of name."""
    seen, waiting = {}, [source]
    while waiting:
        path = waiting.pop()
        if path in seen or not path.exists():
            continue
        text, includes = text_and_includes(path)
        seen[path] = text
        waiting += [root / "src" / name for name in includes]
    digest = hashlib.sha256(checks)
    for path in sorted(seen):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(seen[path])
    return digest.hexdigest()


def flags_of(entry):
    """How the source is compiled, without which source it is and where its object goes."""
    words = shlex.split(entry["command"])[1:]
    drop = {index + step for index, word in enumerate(words) if word in ("-o", "-c") for step in (0, 1)}
    return tuple(word for index, word in enumerate(words) if index not in drop)


def tidy(source, flags):
    return subprocess.run(["clang-tidy-14", "--quiet", str(source), "--", *flags],
                          capture_output=True, text=True)


class Run:
    def __init__(self, build, root):
        self.batches = build / "tidy"
        self.batches.mkdir(exist_ok=True)
        cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"))
        self.stamps = cache / "reelforge-tidy"
        self.stamps.mkdir(parents=True, exist_ok=True)
        checks = (root / ".clang-tidy").read_bytes()
        self.stamp_of = functools.lru_cache(maxsize=None)(
            lambda source: self.stamps / digest_of(pathlib.Path(source), root, checks))

    def alone(self, source, flags):
        done = tidy(source, flags)
        if done.returncode == 0:
            self.stamp_of(source).touch()
            return []
        errors = "".join(line for line in done.stderr.splitlines(True) if "error" in line)
        return [done.stdout + errors]

    def together(self, sources, flags):
        """What was found, a text for each source that is not clean."""
        findings = []
        while len(sources) > 1:
            name = hashlib.sha256("\n".join(sources).encode()).hexdigest()[:16]
            batch = self.batches / f"{name}.cc"
            batch.write_text("".join(f'#include "{source}"  // NOLINT(bugprone-suspicious-include)\n'
                                     for source in sources))
            done = tidy(batch, flags)
            if done.returncode == 0:
                for source in sources:
                    self.stamp_of(source).touch()
                return findings
            named = set(NAMED.findall(done.stdout + done.stderr)) & set(sources) or {sources[0]}
            for source in sorted(named):
                findings += self.alone(source, flags)
            sources = [source for source in sources if source not in named]
        return findings + (self.alone(sources[0], flags) if sources else [])


def batches_of(sources):
    """(sources, flags) of one folder and one way to compile; tests apart, which define much alike."""
    def key(item):
        source, flags = item
        kind = re.search(r"_(test|bench|fuzz)\.cc$|main\.cc$", source)
        return str(pathlib.Path(source).parent), kind.group(0) if kind else "", flags

    for _, group in itertools.groupby(sorted(sources, key=key), key=key):
        group = list(group)
        for start in range(0, len(group), BATCH):
            part = group[start:start + BATCH]
            yield [source for source, _ in part], part[0][1]


def main(build):
    root = pathlib.Path.cwd()
    entries = json.loads((build / "compile_commands.json").read_text())
    sources = {entry["file"]: flags_of(entry) for entry in entries
               if entry["file"].startswith(str(root / "src"))}
    run = Run(build, root)
    open_ones = [(source, flags) for source, flags in sources.items() if not run.stamp_of(source).exists()]
    findings = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for texts in pool.map(lambda batch: run.together(*batch), batches_of(open_ones)):
            print("".join(texts), end="", flush=True)
            findings += texts
    print(f"clang-tidy: {len(sources)} files, {len(open_ones)} looked at, {len(findings)} with findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
