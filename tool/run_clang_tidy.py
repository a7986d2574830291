#!/usr/bin/env python3
"""Runs clang-tidy over our own sources, on all cores, skipping what was clean before.

usage: run_clang_tidy.py BUILD_FOLDER      (one with compile_commands.json, made by clang)

A source is skipped when nothing it is made of has changed since it was last clean: the stamp is a hash
of its text, the text of every project header, and the list of checks. Exit status 1 with the findings.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys


def main(build):
    root = pathlib.Path.cwd()
    commands = json.loads((build / "compile_commands.json").read_text())
    sources = sorted({entry["file"] for entry in commands if entry["file"].startswith(str(root / "src"))})
    headers = hashlib.sha256((root / ".clang-tidy").read_bytes())
    for header in sorted((root / "src").rglob("*.h")):
        headers.update(header.read_bytes())
    stamps = build / "tidy"
    stamps.mkdir(exist_ok=True)

    def check(source):
        digest = headers.copy()
        digest.update(pathlib.Path(source).read_bytes())
        stamp = stamps / digest.hexdigest()
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
