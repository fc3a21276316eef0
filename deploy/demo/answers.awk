# What the worker wrote, against what was planted: one pass over the truth and everything exported, JSON lines.
#
#   awk -v revocation=EVENT -v revoked=NUMBER -f answers.awk truth.jsonl verdicts.jsonl takedowns.jsonl \
#     signals.jsonl alerts.jsonl dead-letter.jsonl
#
# EVENT: the fact by which certificate NUMBER was revoked after the year; it overrides what was planted for the listings
# that show it. Prints one finding a line, "NAME VALUE...":
#
#   figure NAME NUMBER            what there is
#   answers COUNT ACTION REASON   look-ups by their answer
#   missing EXAMPLE     planted, or simply there, and without an answer
#   wrong EXAMPLE       planted, and answered otherwise
#   unplanted EXAMPLE   nothing planted, and not for sale
#   unrevoked EXAMPLE   shows the revoked certificate, and is not blocked for it
#   untold EXAMPLE      on sale then, and no take-down instruction; or one for what was not on sale
#   evasion KIND PLANTED TOLD OTHERS    planted, of these with an alert in force, and alerts about something else
#   silent EXAMPLE      a planted evasion without its alert
#   rash EXAMPLE        an alert about an evasion that nobody planted
#   doubled EXAMPLE     a record, answer, instruction or alert that is there twice
#   lost EXAMPLE        a number of a record that is not there
#
# With -v blocks_only=1 the verdicts are those of a worker that writes blocks and changes alone: what is planted to be
# blocked is compared, everything else must not be, and gaps in the numbers say nothing.
#
# Goods that come back (RELISTED) are counted under evasion only. What tells them is the time between, and a history fed
# at high speed has lost it; and a merchant of whose goods two were stopped for the same reason looks no different.
#
# A listing's answer is its last verdict: the export has a partition's records in order, and a listing is in one.

# The text of a field; "" when it is not there (JSON leaves out what has the default value).
function field(name,    at) {
  at = index($0, "\"" name "\":\"")
  if (!at) return ""
  at += length(name) + 4
  return substr($0, at, index(substr($0, at, 160), "\"") - 1)
}
function number(name,    at) {
  at = index($0, "\"" name "\":")
  if (!at) return 0
  at += length(name) + 3
  if (substr($0, at, 1) == "\"") at++
  return substr($0, at, 20) + 0
}
function after(text, mark) { return substr(text, length(mark) + 1) }

# --- The truth ----------------------------------------------------------------------------------------------

function read_truth(    key, evasion) {
  if (index($0, "{\"listing\":") == 1) {
    key = field("key")
    planted_action[key] = field("action")
    planted_reason[key] = field("reason")
    planted_cause[key] = field("cause")
    planted++
  } else if (index($0, "{\"evasion\":") == 1) {
    evasion = after(field("kind"), "EVASION_KIND_")
    evasions[evasion]++
    evasive[evasion, field("key")] = 1
  } else if (index($0, "{\"cause\":") == 1) {
    causes++
    told += number("listings")
  } else {
    things = number("listings") + number("vehicles")
    merchants = number("merchants")
  }
}

# --- What was written ---------------------------------------------------------------------------------------

# A task numbers what it writes, whatever the topic.
function count_emission(    source, emission) {
  source = field("source")
  emission = number("emission")
  if ((source, emission) in emitted) print "doubled " source " number " emission
  emitted[source, emission] = 1
  emissions[source]++
  if (emission > newest[source]) newest[source] = emission
}

function read_verdict(    key, id, action, scene) {
  scene = field("scene")
  key = (scene == "SCENE_PLATE" ? "plate" : field("platform")) "/" field("listing_id")
  action = field("action")
  id = field("lookup_id")
  if (id != "") {
    if (id in answered) print "doubled look-up " id
    answered[id] = 1
    lookups++
    answers[action " " field("reason")]++
  }
  if (revoked != "" && substr(field("certificate_number"), 1, 16) == revoked) {
    shows[key] = 1
    if (field("decisive_fact") != revocation) {
      if (scene == "SCENE_ON_SALE" || scene == "SCENE_CHECKOUT" || action == "ACTION_ALLOW") on_sale[key] = 1
      stopped_before[key] = action == "ACTION_BLOCK"
    }
  }
  last_action[key] = action
  last_reason[key] = field("reason")
}

function read_takedown(    id, key) {
  id = field("event_id")
  if (id in instructed) print "doubled instruction " id
  instructed[id] = 1
  instructions[field("instruction")]++
  if (revocation == "" || field("decisive_fact") != revocation) return
  key = field("platform") "/" field("listing_id")
  if (taken_down[key]++) print "doubled instruction for " key
  if (field("instruction") != "INSTRUCTION_TAKE_DOWN") print "untold " key ": " field("instruction")
}

# The newest message of an alert about a planted evasion tells whether it stands.
function read_alert(    rule, evasion, key, part) {
  rule = field("rule")
  sub(/@.*/, "", rule)
  if (!(rule in evasion_of)) return
  evasion = evasion_of[rule]
  key = field("certificate_number")
  if (evasion == "VEHICLE_REUSED") key = "plate/" field("vehicle_code")
  if (evasion == "RELISTED") key = match($0, /"listings":\["[^"]*/) ? substr($0, RSTART + 13, RLENGTH - 13) : ""
  if (evasion == "FORGED_NUMBER") {
    part = field("part")
    key = (part == "NUMBER_PART_BODY" ? "body " : part == "NUMBER_PART_YEAR" ? "year " : "product code ") \
      field("part_digits")
  }
  if (field("msg_type") == "MESSAGE_TYPE_ALERT" && raised[evasion, key]) print "doubled alert of " evasion " " key
  raised[evasion, key] = field("msg_type") != "MESSAGE_TYPE_CANCEL"
}

BEGIN {
  n = split("borrowed-certificate BORROWED_CERTIFICATE plate-production OVERPRODUCTION plate-vehicle VEHICLE_REUSED" \
    " plate-cancelled CANCELLED_VEHICLE relisted-goods RELISTED forged-number FORGED_NUMBER", word, " ")
  for (i = 1; i <= n; i += 2) evasion_of[word[i]] = word[i + 1]
}
{
  if (FILENAME != file) {
    file = FILENAME
    name = file
    sub(/.*\//, "", name)
  }
}
name == "truth.jsonl" { read_truth(); next }
{ count_emission() }
name == "verdicts.jsonl" { read_verdict(); next }
name == "takedowns.jsonl" { read_takedown() }
name == "alerts.jsonl" { read_alert() }

# --- Compared -----------------------------------------------------------------------------------------------

function compare(key,    action, reason) {
  if (blocks_only && planted_action[key] != "ACTION_BLOCK") return
  if (!(key in last_action)) {
    print "missing " key ": " planted_cause[key] " has no answer"
    return
  }
  if (key in shows) return
  action = planted_action[key]
  reason = planted_reason[key]
  if (last_action[key] != action || (reason != "" && last_reason[key] != reason)) {
    print "wrong " key ": " planted_cause[key] ", " action " " reason ", is answered " last_action[key] " " \
      last_reason[key]
  }
}

END {
  for (key in planted_action) compare(key)
  for (key in last_action) {
    seen++
    if (last_action[key] == "ACTION_BLOCK") blocked++
    if (key in shows) {
      showing++
      if (last_action[key] != "ACTION_BLOCK" || last_reason[key] != "REASON_REVOKED") {
        print "unrevoked " key ": " last_action[key] " " last_reason[key]
      }
    } else if (blocks_only ? last_action[key] == "ACTION_BLOCK" && planted_action[key] != "ACTION_BLOCK" : \
        !(key in planted_action) && last_action[key] != "ACTION_ALLOW") {
      print "unplanted " key ": " last_action[key] " " last_reason[key]
    }
  }
  if (!blocks_only && seen < things) print "missing " things - seen " listings and vehicles have no answer"
  if (told != planted) print "wrong truth: " planted " planted, its totals say " told
  for (key in on_sale) if (!stopped_before[key]) {
    reached++
    if (!(key in taken_down)) print "untold " key
  }
  for (key in taken_down) if (!(key in on_sale) || stopped_before[key]) print "untold why: " key
  for (key in evasive) {
    split(key, part, SUBSEP)
    if (raised[key]) told_of[part[1]]++
    else if (part[1] != "RELISTED") print "silent about " part[1] " " part[2]
  }
  for (key in raised) if (raised[key] && !(key in evasive)) {
    split(key, part, SUBSEP)
    others[part[1]]++
    if (part[1] != "RELISTED") print "rash about " part[1] " " part[2]
  }
  for (evasion in evasions) {
    print "evasion " evasion " " evasions[evasion] " " told_of[evasion] + 0 " " others[evasion] + 0
  }
  for (source in emissions) if (!blocks_only && emissions[source] != newest[source] + 1) {
    print "lost " newest[source] + 1 - emissions[source] " of the records of " source
  }
  for (answer in answers) print "answers " answers[answer] " " answer
  print "figure lookups " lookups + 0
  print "figure answered " seen + 0
  print "figure blocked " blocked + 0
  print "figure merchants " merchants + 0
  print "figure planted " planted + 0
  print "figure causes " causes + 0
  print "figure showing " showing + 0
  print "figure reached " reached + 0
  print "figure take-downs " instructions["INSTRUCTION_TAKE_DOWN"] + 0
  print "figure reviews " instructions["INSTRUCTION_REVIEW_REQUESTED"] + 0
  print "figure lifts " instructions["INSTRUCTION_LIFT"] + 0
}
