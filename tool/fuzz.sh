#!/usr/bin/env bash
# Runs every fuzzer of build/fuzz for the given seconds, each from its own corpus, one on each core.
#
# What libFuzzer invents goes to build/fuzz/corpus; a find fails the run and names the file, which then
# belongs into fuzz/corpus/SUBJECT, where the ordinary tests replay it for ever.
set -euo pipefail
export seconds=$1

run_one() {
  local fuzzer=$1 name subject
  name=$(basename "$fuzzer" _fuzz)
  subject=${name#*_}
  mkdir -p "build/fuzz/corpus/$subject"
  if "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=0 -verbosity=0 \
    -artifact_prefix="build/fuzz/$name-" "build/fuzz/corpus/$subject" "fuzz/corpus/$subject" >"build/fuzz/$name.log" 2>&1; then
    echo "==> $name: nothing found in $seconds s"
  else
    echo "==> $name: found something"
    tail -n 60 "build/fuzz/$name.log"
    return 1
  fi
}
export -f run_one

printf '%s\0' build/fuzz/*_fuzz | xargs -0 -n 1 -P "$(nproc)" bash -c 'run_one "$0"'
