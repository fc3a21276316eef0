# The scripted registry and its look-ups, as JSON lines: one certificate of every status, listings on three
# platforms, and three days in March 2024 on which one certificate is suspended, one revoked, and one expires.
#
#   awk -v part=PART -f scenario.awk      PART: certificates, changes, lookups-1, lookups-2, lookups-3,
#                                         heartbeat-1, heartbeat-2, heartbeat-3, broken-complaints
#
# Every run gives the same lines: no clock, and a random sequence of its own. Names and numbers are invented.

# Microseconds UTC of a date and time of day in China. Days by the civil calendar, years from 1970 on.
function at(year, month, day, hour, minute,    y, m, days) {
  y = month > 2 ? year : year - 1
  m = month > 2 ? month - 3 : month + 9
  days = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * m + 2) / 5) + day - 1 - 719468
  return ((days * 24 + hour - 8) * 60 + minute) * 60000000
}
# %.0f: some awks print no whole number over 2^31 with %d.
function envelope(id, source, time) {
  return sprintf("\"event_id\":\"%s\",\"source\":\"%s\",\"schema_version\":1,\"occurred_at\":\"%.0f\"," \
                 "\"received_at\":\"%.0f\"", id, source, time, time)
}
function random(n) { seed = (seed * 16807) % 2147483647; return seed % n }

# --- The registry -------------------------------------------------------------------------------------------

function fact(number, status, effective, received, from, until) {
  printf "{%s,\"number\":\"%s\",\"status\":\"CERTIFICATE_STATUS_%s\",\"effective_at\":\"%.0f\"", \
    envelope("fact-" number "-" status, "registry", received), number, status, effective
  printf ",\"valid_from\":\"%.0f\",\"valid_until\":\"%.0f\",\"product_code\":\"%s\"}\n", \
    from, until, substr(number, 7, 4)
}
function certificate(number, status, until,    issued) {
  issued = at(substr(number, 1, 4), 3, 6, 0, 0)
  fact(number, status, status == "VALID" ? issued : at(2024, 2, 1, 0, 0), at(2024, 3, 1, 9, 0), issued, until)
}
function certificates(    i, start) {
  for (i = 1; i <= 20; i++) certificate(sprintf("20229911190001%02d", i), "VALID", at(2027, 3, 6, 0, 0))
  certificate(REVOKED_SOON, "VALID", at(2027, 3, 6, 0, 0))
  certificate(SUSPENDED_SOON, "VALID", at(2026, 3, 6, 0, 0))
  certificate(EXPIRES_SOON, "VALID", at(2024, 3, 6, 0, 0))
  certificate(SUSPENDED, "SUSPENDED", at(2026, 3, 6, 0, 0))
  certificate(REVOKED, "REVOKED", at(2026, 3, 6, 0, 0))
  certificate(CANCELLED, "CANCELLED", at(2026, 3, 6, 0, 0))
  certificate(EXPIRED, "VALID", at(2023, 3, 6, 0, 0))
  start = at(2024, 4, 1, 0, 0)
  fact(NOT_YET, "VALID", start, at(2024, 3, 1, 9, 0), start, at(2029, 4, 1, 0, 0))
  certificate("202299111900099", "VALID", at(2027, 3, 6, 0, 0))  # 15 digits: a broken record
}
function changes(    now) {
  now = at(2024, 3, 5, 10, 0)
  fact(SUSPENDED_SOON, "SUSPENDED", now, now, at(2021, 3, 6, 0, 0), at(2026, 3, 6, 0, 0))
  fact(REVOKED_SOON, "REVOKED", now, now, at(2022, 3, 6, 0, 0), at(2027, 3, 6, 0, 0))
}
function heartbeat(day,    now) {
  now = at(2024, 3, 3 + day, 8, 59)
  printf "{%s,\"heartbeat\":{\"registry_as_of\":\"%.0f\"}}\n", \
    envelope("heartbeat-" day, "registry", now), now
}

# --- The look-ups -------------------------------------------------------------------------------------------

# What the listing shows; the same at every look.
function shown(listing) {
  if (listing < 66) return REVOKED_SOON
  if (listing < 91) return SUSPENDED_SOON
  if (listing < 121) return EXPIRES_SOON
  if (listing < 136) return SUSPENDED
  if (listing < 144) return REVOKED
  if (listing < 156) return CANCELLED
  if (listing < 166) return EXPIRED
  if (listing < 170) return NOT_YET
  if (listing < 180) return sprintf("20239911190077%02d", listing - 170)  # of no certificate
  if (listing < 190) return listing % 2 ? "CCC 2021-0042" : "20229911190"
  return sprintf("20229911190001%02d", listing % 20 + 1)
}
function lookup(id, time, platform, name, scene, number, made, proven) {
  printf "{%s,\"platform\":\"%s\",\"listing_id\":\"%s\"", envelope(id, "platform-feed", time), platform, name
  printf ",\"seller_uscc\":\"91310000DEMO%06d\"", length(name) + substr(name, length(name) - 1) * 7
  printf ",\"certificate_number\":\"%s\",\"scene\":\"SCENE_%s\"", number, scene
  if (made > 0) printf ",\"made_at\":\"%.0f\"", made
  if (proven) printf ",\"shipment_proven\":true"
  print "}"
}
function look_at(id, time, listing, scene,    made) {
  # A third says when the goods were made, before or after the first of February; half of those prove it.
  made = listing % 3 == 0 ? at(2024, listing % 2 ? 1 : 2, 20, 0, 0) : 0
  lookup(id, time, PLATFORM[listing % 3], sprintf("item-%04d", listing), scene, shown(listing), made,
    listing % 12 == 0)
}
function broken(id, time,    mall) {
  mall = ",\"platform\":\"east-mall\",\"listing_id\":\"broken\",\"scene\":"
  print "{" envelope(id "-scene", "platform-feed", time) mall "77}"
  print "{" envelope("", "platform-feed", time) mall "\"SCENE_ON_SALE\"}"
  sub(/east-mall/, "east/mall", mall)
  print "{" envelope(id "-name", "platform-feed", time) mall "\"SCENE_ON_SALE\"}"
}
function lookups(day, count,    i, id, time, scene, share) {
  seed = 4294967 * day
  for (i = 0; i < count; i++) {
    id = sprintf("look-%d-%05d", day, i)
    time = at(2024, 3, 3 + day, 13, 0) + i * 5000000
    share = random(20)
    if (share == 0) {
      lookup(id, time, "window", sprintf("vehicle-%05d", random(90000)), "PLATE", shown(random(320)), 0, 0)
    } else {
      scene = share < 4 ? "PUBLISH" : share < 7 ? "CHECKOUT" : "ON_SALE"
      # The first day's patrol begins with every listing once.
      look_at(id, time, day == 1 && i < 320 ? i : random(320), day == 1 && i < 320 ? "ON_SALE" : scene)
    }
    if (i == int(count / 2)) broken(id, time)
  }
}

# Not JSON, and no case number. The first goes to Kafka as the bytes it is.
function broken_complaints(time) {
  print "{\"event_id\":\"cut in the mid"
  print "{" envelope("no-case-number", "feed", time) ",\"version\":1,\"kind\":1,\"maker\":\"X\"}"
}

BEGIN {
  PLATFORM[0] = "east-mall"; PLATFORM[1] = "river-shop"; PLATFORM[2] = "hill-market"
  REVOKED_SOON = "2022991119000317"
  SUSPENDED_SOON = "2021992201000118"
  EXPIRES_SOON = "2019990713000042"
  SUSPENDED = "2021990706000205"
  REVOKED = "2021990718000031"
  CANCELLED = "2021991001000064"
  EXPIRED = "2018990903000015"
  NOT_YET = "2024991119000502"
  day = substr(part, length(part))
  if (part == "certificates") certificates()
  else if (part == "changes") changes()
  else if (part ~ /^lookups-/) lookups(day, day == 1 ? 1400 : 300)
  else if (part ~ /^heartbeat-/) heartbeat(day)
  else if (part == "broken-complaints") broken_complaints(at(2021, 6, 1, 0, 0))
  else { print "scenario.awk: no such part: " part >"/dev/stderr"; exit 2 }
}
