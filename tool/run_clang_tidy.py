#!/usr/bin/env python3
"""Runs clang-tidy over our own sources, on all cores, skipping what was clean before.

usage: run_clang_tidy.py BUILD_FOLDER      (one with compile_commands.json, made by clang)

A source is skipped when nothing it is made of has changed since it was last clean: the stamp is a hash
of its text, the text of every project header it includes, however deep, and the list of checks. Stamps
lie in the user's cache, so that a second clone finds what the first has shown. Exit status 1 with the
findings.
"""
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.M)


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


def main(build):
    root = pathlib.Path.cwd()
    commands = json.loads((build / "compile_commands.json").read_text())
    sources = sorted({entry["file"] for entry in commands if entry["file"].startswith(str(root / "src"))})
    checks = (root / ".clang-tidy").read_bytes()
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"))
    stamps = cache / "reelforge-tidy"
    stamps.mkdir(parents=True, exist_ok=True)

    def check(source):
        stamp = stamps / digest_of(pathlib.Path(source), root, checks)
        if stamp.exists():
            return ""
        run = subprocess.run(["clang-tidy-14", "--quiet", "-p", str(build), source],
                             capture_output=True, text=True)
        if run.returncode == 0:
            stamp.touch()
            return ""
        return run.stdout + "".join(line for line in run.stderr.splitlines(True) if "error" in line)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        findings = []
        for text in pool.map(check, sources):
            print(text, end="", flush=True)
            findings += [text] if text else []
    print(f"clang-tidy: {len(sources)} files, {len(findings)} with findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
