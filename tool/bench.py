#!/usr/bin/env python3
"""Measures, and writes bench/RESULTS.md: the benchmarks beside the code, and whole processes.

usage: bench.py BUILD_FOLDER [FILTER]

Machines differ and are noisy, so figures stand beside a baseline of the same run: the one named in
BASELINES, or, for whole processes, the command it is compared with. Medians
of repetitions. With a FILTER only benchmarks whose name matches run, and nothing is written.
"""
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
REPETITIONS = 3


def seconds(value, unit):
    return value * {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}[unit]


def readable(value):
    for unit, scale in (("s", 1), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)):
        if value >= scale or unit == "ns":
            return f"{value / scale:.3g} {unit}"
    return ""


# Benchmark -> the one of the same run that it is measured by.
BASELINES = {
    "events_one_by_one/64/iterations:3/real_time":
        "events_baseline_one_commit_each/iterations:3/real_time",
    "events_by_the_hundred/iterations:3/real_time":
        "events_baseline_one_commit_each/iterations:3/real_time",
    "sync_ten_thousand_ads/iterations:1/real_time":
        "sync_ten_thousand_ads_baseline_rows_at_hand/iterations:1/real_time",
    "serve/200/0/real_time": "serve_bare_beast/200/real_time",
    "serve/200/2/real_time": "serve_bare_beast/200/real_time",
    "serve/100000/0/real_time": "serve_bare_beast/100000/real_time",
    "serve/100000/2/real_time": "serve_bare_beast/100000/real_time",
    "compare_ten": "compare_ten_by_draws",
    "compare_ten_unlike": "compare_ten_by_draws",
    "full_evidence_by_columns": "full_evidence_baseline_exact_tails",
    "plain_rules_by_columns": "plain_rules_baseline_objects",
    "judge_a_million_ads": "judge_a_million_ads_exactly",
    "rules_over_a_million_ads": "rules_over_a_million_ads_baseline_tree",
    "import_fresh/by_ad:0/iterations:1/real_time": "insert_into_plain_table/iterations:1/real_time",
    "import_fresh/by_ad:1/iterations:1/real_time": "insert_into_plain_table/iterations:1/real_time",
    "import_again/restated:0/iterations:1/real_time": "import_fresh/by_ad:0/iterations:1/real_time",
    "remember_one_day/history_days:100/iterations:5/real_time":
        "remember_one_day/history_days:10/iterations:5/real_time",
    "run_ad_days": "draws_alone",
    "hear_30_s": "hear_30_s_baseline_transforms",
    "hear_30_s_loudness_alone": "hear_30_s_baseline_transforms",
    "watch_one_picture/hybrid": "farneback_full_size/iterations:3",
    "watch_one_picture/difference": "farneback_full_size/iterations:3",
    "watch_one_picture/blocks": "farneback_full_size/iterations:3",
    "watch_default_taps/iterations:1/manual_time": "decode_bare/iterations:1/manual_time",
    "watch_no_taps/iterations:1/manual_time": "decode_bare/iterations:1/manual_time",
    "watch_triage/iterations:1/manual_time": "decode_bare/iterations:1/manual_time",
    "report_without_models/iterations:1/manual_time":
        "report_baseline_bare_decode/iterations:1/manual_time",
    "report_with_models/iterations:1/manual_time":
        "report_baseline_bare_decode/iterations:1/manual_time",
    "faces_haar_a_second": "faces_haar_on_every_full_picture/iterations:1",
    "faces_yunet_a_second": "faces_haar_on_every_full_picture/iterations:1",
    "objects_yolox_nano_a_second": "faces_haar_on_every_full_picture/iterations:1",
    "text_a_second": "faces_haar_on_every_full_picture/iterations:1",
    "look_a_second": "faces_haar_on_every_full_picture/iterations:1",
    "hashes_a_second": "faces_haar_on_every_full_picture/iterations:1",
    "learn_from_table/iterations:1": "learn_from_table_baseline_library/iterations:1",
    "predict_rows": "predict_rows_baseline_library",
}


def medians(results):
    """Name -> median CPU seconds; where other processes work too, the benchmark counts itself what all used."""
    return {row["run_name"]: seconds(row["real_time" if row["run_name"].endswith("/manual_time") else "cpu_time"],
                                     row["time_unit"])
            for row in results if row.get("aggregate_name") == "median"}


def run_program(program, pattern):
    command = [program, f"--benchmark_repetitions={REPETITIONS}", "--benchmark_format=json",
               "--benchmark_report_aggregates_only=true", f"--benchmark_filter={pattern}"]
    done = subprocess.run(command, capture_output=True, text=True)
    return json.loads(done.stdout)["benchmarks"] if done.stdout.strip().startswith("{") else []


def measured(command, **options):
    """(seconds, peak memory in MB) of one finished process."""
    began = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, **options)
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        raise SystemExit(f"bench: {command} ended with status {status}")
    return time.monotonic() - began, usage.ru_maxrss / 1024


def import_rows(reelforge, folder):
    """A million rows of a Meta export, durable, beside the sqlite3 shell's own .import of the file."""
    export = folder / "meta.csv"
    subprocess.run([reelforge, "sandbox", "export", export, "--rows", "1000000"], check=True,
                   stdout=subprocess.DEVNULL)
    ours, memory, shell, again = [], [], [], []
    for number in range(REPETITIONS):
        plain, store = folder / f"plain{number}.db", folder / f"store{number}.db"
        took, _ = measured(["sqlite3", plain, ".mode csv", f".import {export} rows"])
        shell.append(took)
        took, peak = measured([reelforge, "--store", store, "import", export])
        ours.append(took)
        memory.append(peak)
        took, _ = measured([reelforge, "--store", store, "import", export])
        again.append(took)
        plain.unlink()
    ratio = statistics.median(a / b for a, b in zip(ours, shell))
    size = export.stat().st_size / 1e6
    yield f"| import 1,000,000 rows ({size:.0f} MB), durable | {readable(statistics.median(ours))} | sqlite3 `.import` | {readable(statistics.median(shell))} | {ratio:.2f} |"
    yield f"| the same file again | {readable(statistics.median(again))} | the first import | {readable(statistics.median(ours))} | {statistics.median(a / b for a, b in zip(again, ours)):.3f} |"
    yield f"| peak memory of the import | {max(memory):.0f} MB | limit | 300 MB | {max(memory) / 300:.2f} |"


def turn_growth(reelforge, folder):
    """A turn after one new day, on a short history and on one ten times as long."""
    ads, took = 500, {}
    for days in (30, 300):
        store = folder / f"turn{days}.db"
        for name, length in (("history", days), ("one-more-day", days + 1)):
            export = folder / f"{name}{days}.csv"
            subprocess.run([reelforge, "sandbox", "export", export, "--rows", str(ads * length), "--ads", str(ads)],
                           check=True, stdout=subprocess.DEVNULL)
            measured([reelforge, "--store", store, "import", export])
            if name == "history":
                measured([reelforge, "--store", store, "turn"])
        # The turn brings its store up to date, so each repetition works on a copy.
        times = []
        for number in range(REPETITIONS):
            copy = folder / f"copy{days}-{number}.db"
            subprocess.run(["sqlite3", store, f".backup {copy}"], check=True)
            times.append(measured([reelforge, "--store", copy, "turn"])[0])
        took[days] = statistics.median(times)
    yield f"| a turn after one new day of {ads} ads, 300 days of history | {readable(took[300])} | 30 days of history | {readable(took[30])} | {took[300] / took[30]:.2f} |"


def write_results(times, whole):
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line), "?")
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True,
                            cwd=ROOT).stdout.strip()
    lines = ["# Benchmark results", "",
             f"Written by `./x bench` at commit {commit} on {os.cpu_count()} cores of {cpu}, {platform.system()} "
             f"{platform.release()}. Medians of {REPETITIONS} repetitions; the ratios are what to compare, the times drift with the machine.",
             "", "## Whole processes", "", "| what | time | beside | its time | ratio |", "|---|---|---|---|---|", *whole,
             "", "## In process, CPU time", "", "| benchmark | time | beside | ratio |", "|---|---|---|---|"]
    for name, took in sorted(times.items()):
        baseline = BASELINES.get(name, "")
        ratio = f"{took / times[baseline]:.3g}" if baseline in times else ""
        lines.append(f"| `{name}` | {readable(took)} | {baseline and f'`{baseline}`'} | {ratio} |")
    (ROOT / "bench/RESULTS.md").write_text("\n".join(lines) + "\n")


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    pattern = sys.argv[2] if len(sys.argv) > 2 else "."
    results = []
    for program in sorted(build.glob("*_bench")):
        print(f"==> {program.name}", flush=True)
        results += run_program(program, pattern)
    times = medians(results)
    for name, took in times.items():
        print(f"  {name}: {readable(took)}")
    if pattern != ".":
        return
    with tempfile.TemporaryDirectory() as folder:
        whole = [line for part in (import_rows, turn_growth)
                 for line in part(build / "reelforge", pathlib.Path(folder))]
    print("\n".join(whole))
    write_results(times, whole)


if __name__ == "__main__":
    main()
