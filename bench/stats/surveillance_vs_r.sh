#!/usr/bin/env bash
# How much faster than R surveillance is `zaojing analyze surveillance` on the same series, in one run? R is
# timed inside its process (system.time, neither start nor reading counted); ours is the whole command, start,
# reading and writing counted. Needs Rscript with surveillance (Debian r-cran-surveillance) and ZAOJING_DATA.
# EARS is timed on a longer series than Farrington, because R needs milliseconds a Farrington point.
# Usage: surveillance_vs_r.sh path/to/zaojing [repeats for Farrington, default 8] [for EARS, default 400]
set -euo pipefail
zaojing=$1
data=${ZAOJING_DATA:?names the reference data}
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

# repeated N: the salmonella series N times over, as date,count
repeated() {
  awk -v repeats="$1" 'NR > 1 { count[++n] = $2 }
    END {
      print "date,count"
      for (i = 0; i < repeats; ++i) for (t = 1; t <= n; ++t) print ++row "," count[t]
    }' \
    "$data/timeseries/salmonella.agona.txt"
}
repeated "${2:-8}" > "$work/farrington.csv"
repeated "${3:-400}" > "$work/ears.csv"

cat > "$work/reference.R" <<'R'
suppressWarnings(suppressMessages(library(surveillance)))
work <- commandArgs(TRUE)[1]
disprog <- function(file) {
  counts <- read.csv(file.path(work, file))$count
  suppressWarnings(create.disProg(week = seq_along(counts), observed = counts, state = 0 * counts, freq = 52,
                                  start = c(1990, 1)))
}
timed <- function(name, file, rows, run) {
  elapsed <- system.time(suppressWarnings(suppressMessages(run)))[["elapsed"]]
  cat(name, file, rows, elapsed, "\n")
}
long <- disProg2sts(disprog("ears.csv"))
for (method in c("C1", "C2", "C3"))
  timed(tolower(method), "ears.csv", nrow(long), earsC(long, list(range = 20:nrow(long), method = method)))
series <- disprog("farrington.csv")
sts <- disProg2sts(series)
n <- nrow(sts)
timed("farrington", "farrington.csv", n, algo.farrington(series, list(range = 264:n)))
timed("farrington-flexible", "farrington.csv", n, farringtonFlexible(sts, list(range = 264:n)))
R
Rscript "$work/reference.R" "$work" > "$work/r.txt" 2> /dev/null

echo 'method rows R_seconds ours_seconds ratio'
while read -r method file rows r_seconds; do
  first=264
  [[ $method == c? ]] && first=20
  best=
  for _ in 1 2 3 4 5; do
    begin=$(date +%s%N)
    "$zaojing" analyze surveillance --input "$work/$file" --method "$method" --first "$first" \
      --output "$work/out.csv" 2> /dev/null
    nanoseconds=$(($(date +%s%N) - begin))
    [[ -z $best || $nanoseconds -lt $best ]] && best=$nanoseconds
  done
  awk -v m="$method" -v n="$rows" -v r="$r_seconds" -v o="$best" \
    'BEGIN { printf "%s %d %.3f %.4f %.1f\n", m, n, r, o / 1e9, r / (o / 1e9) }'
done < "$work/r.txt"
