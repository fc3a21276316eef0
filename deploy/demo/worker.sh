# Feeding Kafka, and a worker that is started, waited for, killed and restarted. Sourced by run, which says what the
# variables mean; every process started here is ended by its id in run's finish().

readonly REFERENCES="control enterprises ccc.certificates inspections recalls dispositions"
readonly INPUTS=control,enterprises,ccc.certificates,inspections,recalls,dispositions,ccc.lookups,complaints
readonly OUTPUTS=verdicts,takedowns,signals,alerts,dead-letter
readonly JOURNALS=screen.journal,risk.journal

declare -A fed     # records by topic
worker=            # process id while it runs
feeder=            # the same of a load in the background
helpers=()         # the same of programs that run beside the story
log_lines=0        # of the worker's log when it was started
kills=0

# The program's own chatter goes to a file: the story is what counts.
zaojing() {
  "$binary" "$@" >>"$work/tools.log" 2>&1 || die "zaojing $1 failed: $(tail -n 1 "$work/tools.log")"
}
export_as() {  # FORMAT TOPICS FOLDER
  zaojing export --bootstrap "$bootstrap" --format "$1" --topics "$2" --output "$3"
}

# --- Feeding ------------------------------------------------------------------------------------------------

count_fed() { fed[$1]=$((${fed[$1]:-0} + $2)); }
# feed FOLDER TOPIC: the topic's event file of the folder.
feed() {
  count_fed "$2" "$(wc -l <"$1/$2.jsonl")"
  zaojing load --bootstrap "$bootstrap" --topics "$2" --input "$1"
}
feed_broken() {  # TOPIC
  mkdir -p "$work/feed/broken"
  awk -v topic="$1" -f "$here/broken.awk" >"$work/feed/broken/$1.jsonl"
  feed "$work/feed/broken" "$1"
}
# generate INPUTS FROM UNTIL [ARGS...]: a stretch of the generated year, in the background; "-" is no bound. Wait
# for it with `generated`, which counts what it fed.
generate() {
  local bounds=()
  [[ $2 = - ]] || bounds+=(--from "$2")
  [[ $3 = - ]] || bounds+=(--until "$3")
  "$binary" generate --bootstrap "$bootstrap" --scale "$SCALE" --seed "$SEED" --what "$1" "${bounds[@]}" "${@:4}" \
    >"$work/generated" 2>>"$work/tools.log" &
  feeder=$!
}
generated() {
  local count topic
  wait "$feeder" || die "zaojing generate failed: $(tail -n 1 "$work/tools.log")"
  feeder=
  while read -r count topic; do count_fed "$topic" "$count"; done <"$work/generated"
}

# --- The worker ---------------------------------------------------------------------------------------------

start_worker() {
  log_lines=$(lines "$work/worker.log")
  "$binary" run --config "$work/worker.textproto" >>"$work/worker.log" 2>&1 &
  worker=$!
}
kill_worker() {
  kill -9 "$worker" || die "the worker had ended by itself: $(tail -n 1 "$work/worker.log")"
  { wait "$worker"; } 2>/dev/null || true
  worker=
  kills=$((kills + 1))
}
# restart_worker: and what the one before had committed is in $work/covered. Nobody can read past its open transaction
# until the next worker ends that, so it is found in hindsight: each task says which commit it goes on after.
restart_worker() {
  local deadline=$((SECONDS + WAIT_SECONDS))
  start_worker
  while :; do
    tail -n +$((log_lines + 1)) "$work/worker.log" |
      sed -n 's|.* \([a-z]*\)/[0-9]*: task \([0-9]*\) goes on after commit \([0-9]*\);.*|\1/\2 \3|p
        s|.* \([a-z]*\)/[0-9]*: task \([0-9]*\) starts for the first time|\1/\2 0|p' >"$work/commits"
    (($(lines "$work/commits") <= TASKS)) || break
    worker_lives
    ((SECONDS < deadline)) || die "the tasks did not go on for $WAIT_SECONDS s: $(tail -n 1 "$work/worker.log")"
    wait_a_little 0.02
  done
  covered "$work/commits"
}
end_worker() {
  kill -TERM "$worker"
  wait "$worker" || die "the worker failed: $(tail -n 1 "$work/worker.log")"
  worker=
}

# What the journals cover, "TOPIC RECORDS" a line: of a reference topic as far as the last of the tasks has come; and
# "TASK EMISSIONS", how many records each has written. Only what is committed counts; with a file of lines
# "TASK COMMIT", only up to that commit of each.
covered() {  # [COMMITS]
  export_as jsonl $JOURNALS "$work/poll"
  cat "$work"/poll/{screen,risk}.journal.jsonl |
    awk -v tasks=$((TASKS + 1)) -v references="$REFERENCES" -v commits="${1:-}" '
    BEGIN { if (commits != "") while ((getline line <commits) > 0) { split(line, part, " "); last[part[1]] = part[2] } }
    {
      stage = /"stage":"risk"/ ? "risk" : "screen"
      number = match($0, /"task":[0-9]+/) ? substr($0, RSTART + 7, RLENGTH - 7) : 0
      sequence = match($0, /"sequence":"[0-9]+/) ? substr($0, RSTART + 12, RLENGTH - 12) + 0 : 0
      if (commits != "" && sequence > last[stage "/" number] + 0) next
      emissions[stage "/" number] = match($0, /"emissions":"[0-9]+/) ? substr($0, RSTART + 13, RLENGTH - 13) : 0
      seen[stage number] = 1
      while (match($0, /"topic":"[a-z.-]+","count":"[0-9]+"/)) {
        split(substr($0, RSTART, RLENGTH), part, "\"")
        count[stage number, part[4]] += part[8]
        sum[part[4]] += part[8]
        $0 = substr($0, RSTART + RLENGTH)
      }
    }
    function least(topic,    task, low, n) {
      for (task in seen) { n++; if (low == "" || count[task, topic] + 0 < low) low = count[task, topic] + 0 }
      return n < tasks ? 0 : low
    }
    END {
      n = split(references, topic, " ")
      for (i = 1; i <= n; i++) print topic[i], least(topic[i])
      print "complaints", sum["complaints"] + 0
      print "ccc.lookups", sum["ccc.lookups"] + 0
      for (task in emissions) print task, emissions[task]
    }' >"$work/covered"
}
covered_of() { awk -v topic="$1" '$1 == topic { print $2 }' "$work/covered"; }
# Whether all that was fed is covered.
caught_up() {
  local topic count
  covered
  while read -r topic count; do
    [[ $topic = */* || ${fed[$topic]:-0} = "$count" ]] || return 1
  done <"$work/covered"
}
worker_lives() { kill -0 "$worker" 2>/dev/null || die "the worker ended: $(tail -n 1 "$work/worker.log")"; }
# The worker has read, answered and committed all that was fed.
await() {
  local deadline=$((SECONDS + WAIT_SECONDS))
  until caught_up; do
    worker_lives
    ((SECONDS < deadline)) || die "waited $WAIT_SECONDS s; the journals cover $(paste -sd' ' "$work/covered")"
    wait_a_little 0.1
  done
}
# The worker has answered so many look-ups.
await_lookups() {
  local deadline=$((SECONDS + WAIT_SECONDS))
  until covered && (($(covered_of ccc.lookups) >= $1)); do
    worker_lives
    ((SECONDS < deadline)) || die "waited $WAIT_SECONDS s for $1 look-ups; $(covered_of ccc.lookups) are answered"
  done
}
# await_write TOPIC: the worker's transaction has reached the topic's log: before it is committed, or hardly after.
# Call `now_writes` before what makes it write.
now_writes() { touch "$work/before"; wait_a_little 0.02; }
await_write() {
  local logs=("$work/kafka/data/$1"-*/*.log) log deadline=$((SECONDS + WAIT_SECONDS))
  while :; do
    for log in "${logs[@]}"; do [[ ! $log -nt $work/before ]] || return 0; done
    ((SECONDS < deadline)) || die "the worker wrote nothing to $1 for $WAIT_SECONDS s"
    wait_a_little 0.002
  done
}
