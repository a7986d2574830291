#!/usr/bin/env bash
# Runs every fuzzer of build/fuzz for the given seconds, each from its own corpus.
#
# What libFuzzer invents goes to build/fuzz/corpus; a find stops the run and names the file, which then
# belongs into fuzz/corpus/SUBJECT, where the ordinary tests replay it for ever.
set -euo pipefail
seconds=$1
for fuzzer in build/fuzz/*_fuzz; do
  name=$(basename "$fuzzer" _fuzz)
  subject=${name#*_}
  mkdir -p "build/fuzz/corpus/$subject"
  echo "==> $name for $seconds s"
  "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=0 -verbosity=0 \
    -artifact_prefix="build/fuzz/$name-" "build/fuzz/corpus/$subject" "fuzz/corpus/$subject"
done
