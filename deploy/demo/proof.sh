# The proof: what was answered against what was planted, and against two replays. Sourced by run.

declare -A figure  # of answers.awk, by name
failed=0

# check TEXT COMMAND...: a row of the proof; COMMAND's output goes to a file.
check() {
  local text=$1; shift
  if "$@" >>"$work/checks.log" 2>&1; then
    row "ok      $text"
  else
    row "FAILED  $text"
    failed=$((failed + 1))
  fi
}
# beside NAME COMMAND...: a program that works while the story goes on; its output goes to NAME.log.
beside() {
  "${@:2}" >"$work/$1.log" 2>&1 &
  helpers+=($!)
}
join() {
  local process
  for process in "${helpers[@]}"; do
    wait "$process" || die "a replay failed: $(tail -qn 1 "$work"/{journal,canonical,verify-*}.log)"
  done
  helpers=()
}

# --- 4: against what was planted ----------------------------------------------------------------------------

# Kafka's outputs, read committed, and the replays of its inputs, as far as the processors allow at once.
begin_proof() {
  local state
  export_as pb $INPUTS,$OUTPUTS,$JOURNALS "$work/export"
  beside journal "$binary" replay --journal "$work/export" --every-verdict --format pb --output "$work/journal"
  for state in "$work"/state/*-[0-9]*/; do  # of tasks; the registry is a copy of records
    beside "verify-$(basename "$state")" "$binary" inspect --state "$state" --verify
  done
  export_as jsonl $OUTPUTS "$work/recorded"
  beside canonical "$binary" replay --input "$work/export" --partitions $TASKS --format jsonl --output "$work/canonical"
}

act_truth() {
  local name value planted recorded=$work/recorded
  begin_proof
  act 4 "Against what was planted 与埋设的真值核对"
  LC_ALL=C awk -v revocation=$REVOCATION -v revoked="$revoked" -f "$here/answers.awk" "$work/truth.jsonl" \
    "$recorded"/{verdicts,takedowns,signals,alerts,dead-letter}.jsonl >"$work/findings"
  while read -r _ name value; do figure[$name]=$value; done < <(grep '^figure' "$work/findings")
  tell_answers
  row
  planted=$(grouped "${figure[planted]}")
  check "0 missing  $planted planted listings and vehicles, ${figure[causes]} causes: all answered" none_of missing
  check "0 wrong    the last answer of each is the planted one, and for the planted reason" none_of wrong
  check "0 too many the others of all $(grouped "${figure[answered]}") end the year with ALLOW" none_of unplanted
  check "0 doubled  each task's records are numbered 0, 1, 2, ... and each is there once" none_of doubled
  check "0 lost     of these numbers" none_of lost
  check "the $(grouped "${figure[showing]}") that show $revoked end with BLOCK, REVOKED" none_of unrevoked
  check "the $(grouped "${figure[reached]}") of them on sale then: one take-down each; and one alert" one_alert
  check "each planted way round the gate 规避 has its alert, goods that come back aside (see 5)" none_of silent
  check "and only the planted ones have" none_of rash
}
none_of() { ! grep -m 5 "^$1 " "$work/findings"; }
one_alert() {
  local ids
  ids=$(grep "\"evidence\":\[\"$REVOCATION\"" "$work/recorded/alerts.jsonl" | value alert_id | sort -u)
  none_of untold && [[ $(wc -w <<<"$ids") = 1 ]] &&
    (($(grep -c "\"decisive_fact\":\"$REVOCATION\"" "$work/recorded/takedowns.jsonl") == figure[reached]))
}

tell_answers() {
  row "$(grouped "${figure[lookups]}") look-ups 查询 of $(grouped "${figure[answered]}") listings and vehicles," \
    "$(grouped "${figure[merchants]}") merchants; blocked 拦截 for"
  row
  grep '^answers' "$work/findings" | sort -k 2,2nr | awk '
    BEGIN {
      n = split("NO_CREDENTIAL 无证 REVOKED 撤销 NOT_FOUND 无此证书 CODE_MISMATCH 套证 SUSPENDED 暂停" \
        " EXPIRED 过期 CANCELLED 注销 BAD_FORMAT 编号格式错误 VEHICLE_MISMATCH 改装" \
        " FAILED_BATCH 抽查不合格 RECALLED 召回 ORDERED 责令下架", word)
      for (i = 1; i <= n; i += 2) chinese[word[i]] = word[i + 1]
    }
    function grouped(n,    text) {
      for (n = n ""; length(n) > 3; n = substr(n, 1, length(n) - 3)) text = "," substr(n, length(n) - 2) text
      return n text
    }
    { sub(/ACTION_/, "", $3); sub(/REASON_/, "", $4); total[$3] += $2 }
    $3 == "BLOCK" && shown++ < 5 { printf "     %-18s%8s  %s\n", $4, grouped($2), chinese[$4] }
    END {
      printf "\n     in all      BLOCK 拦截 %s, REVIEW 复核 %s, ALLOW 放行 %s\n", grouped(total["BLOCK"]),
        grouped(total["REVIEW"]), grouped(total["ALLOW"])
    }'
  row "instructed  take down 下架 $(grouped "${figure[take-downs]}"), review requested 请求复核" \
    "$(grouped "${figure[reviews]}"), lifted 解除 $(grouped "${figure[lifts]}")"
}

# --- 5: against two replays ---------------------------------------------------------------------------------

same_sorted() { cmp <(sort "$1") <(sort "$2"); }
no_line_of() { ! grep -q "$1" "$2"; }
answered_once() {
  local letters
  letters=$(grep -c '"topic":"ccc.lookups"' "$work/recorded/dead-letter.jsonl")
  ((figure[lookups] + letters == fed[ccc.lookups]))
}
# What an alert says in the end, without the moments at which the messages before were sent.
final_surges() {
  grep -F '"rule":"complaint-surge' "$1" | awk '
    function field(name) { return match($0, "\"" name "\":\"?[^\",}]*") ? substr($0, RSTART, RLENGTH) : "" }
    { newest[field("alert_id")] = field("level") field("total_count") field("evidence_count") }
    END { for (id in newest) print id, newest[id] }' | sort
}
same_surges() { cmp <(final_surges "$1/alerts.jsonl") <(final_surges "$2/alerts.jsonl"); }
# The newest instruction of each listing, where it stands.
in_force() {
  awk '
    {
      match($0, /"instruction":"[A-Z_]*","platform":"[^"]*","listing_id":"[^"]*"/)
      split(substr($0, RSTART, RLENGTH), part, "\"")
      newest[part[8] "/" part[12]] = part[4]
    }
    END { for (key in newest) if (newest[key] != "INSTRUCTION_LIFT") print key, newest[key] }' "$1" | sort
}
same_in_force() { cmp <(in_force "$1/takedowns.jsonl") <(in_force "$2/takedowns.jsonl"); }
# At the year's own pace goods that come back are told too: what tells them is the time between.
evasions_told() {
  local findings=$work/findings.canonical
  LC_ALL=C awk -f "$here/answers.awk" "$work/truth.jsonl" "$work/canonical/alerts.jsonl" >"$findings" || return 1
  grep '^evasion' "$findings" >"$work/told" &&
    awk '$3 != $4 || ($5 != 0 && $2 != "RELISTED") { print; wrong = 1 } END { exit wrong }' "$work/told"
}
same_count() { [[ $(lines "$1") = $(lines "$2") ]]; }
# The digests on disk are those the journal's replay arrives at.
same_digests() {
  cmp <(sed -n 's/.* digest \([0-9a-f]*\)$/\1/p' "$work"/verify-*.log | sort) \
    <(sed -n 's/.*"digest": "\(.*\)"$/\1/p' "$work/journal/summary.json" | sort)
}
# Records that several tasks write to one partition come in another order in a replay: they are compared as lines,
# read back through topics of their own.
replayed_lines() {
  local there="--bootstrap $bootstrap --topic-prefix replayed."
  # shellcheck disable=SC2086  # two options
  {
    zaojing topics create $there --partitions $TASKS
    zaojing load $there --topics signals,dead-letter --input "$work/journal"
    zaojing export $there --format jsonl --topics signals,dead-letter --output "$work/replayed"
  }
}

act_proof() {
  local topic size
  join
  act 5 "Nothing lost, nothing twice"
  replayed_lines
  check "each of $(grouped "${fed[ccc.lookups]}") look-ups has one answer or one dead letter" answered_once
  check "the journals cover every input, each once" no_line_of in.no.journal "$work/journal/summary.json"
  for topic in verdicts takedowns alerts; do
    size=$(stat -c %s "$work/export/$topic.pb")
    check "$topic: the journal's replay gives the $(grouped "$size") bytes Kafka holds" \
      cmp "$work/export/$topic.pb" "$work/journal/$topic.pb"
  done
  for topic in signals dead-letter; do
    check "$topic: the same $(grouped "$(lines "$work/recorded/$topic.jsonl")") records" \
      same_sorted "$work/recorded/$topic.jsonl" "$work/replayed/$topic.jsonl"
  done
  check "every task's state sums to its digest on disk, and the replay arrives at it" same_digests
  check "canonical replay, never killed: the same take-downs and reviews in force" \
    same_in_force "$work/recorded" "$work/canonical"
  check "canonical replay: the same alerts of complaints" same_surges "$work/recorded" "$work/canonical"
  check "canonical replay: each planted way round the gate is told, goods that come back too" evasions_told
  check "canonical replay: as many dead letters" same_count "$work"/{recorded,canonical}/dead-letter.jsonl
  row
  folded "ways round the gate 规避: $(sort "$work/told" | awk '
    {
      gsub(/_/, " ", $2)
      printf "%s%s %d of %d", sep, tolower($2), $4, $3
      if ($5) printf " and %d not planted", $5
      sep = ", "
    }')"
  row "dead letters 死信: $(value reason <"$work/recorded/dead-letter.jsonl" | sed 's/DEAD_LETTER_REASON_//' |
    sort | uniq -c | awk '{ printf "%s%s %d", sep, $2, $1; sep = ", " }')"
}
