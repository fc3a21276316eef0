# Records that cannot be judged, as JSON lines: each must come back as a dead letter with its reason.
#
#   awk -v topic=TOPIC -f broken.awk      TOPIC: complaints, ccc.certificates, ccc.lookups
#
# Every run gives the same lines. Names and numbers are invented.

function envelope(id) {
  return sprintf("\"event_id\":\"%s\",\"source\":\"demo\",\"schema_version\":1,\"occurred_at\":\"%s\"," \
                 "\"received_at\":\"%s\"", id, TIME, TIME)
}
# Not JSON, and no case number. The first goes to Kafka as the bytes it is.
function complaints() {
  print "{\"event_id\":\"cut in the mid"
  print "{" envelope("no-case-number") ",\"version\":1,\"kind\":1,\"maker\":\"X\"}"
}
# 15 digits.
function certificates() {
  printf "{%s,\"number\":\"202299111900099\",\"status\":\"CERTIFICATE_STATUS_VALID\"", envelope("short-number")
  printf ",\"effective_at\":\"%s\",\"valid_from\":\"%s\",\"valid_until\":\"1800000000000000\"}\n", TIME, TIME
}
# A scene there is not, no event id, a platform that would be two.
function lookups() {
  mall = ",\"platform\":\"east-mall\",\"listing_id\":\"broken\",\"scene\":"
  print "{" envelope("no-such-scene") mall "77}"
  print "{" envelope("") mall "\"SCENE_ON_SALE\"}"
  sub(/east-mall/, "east/mall", mall)
  print "{" envelope("two-platforms") mall "\"SCENE_ON_SALE\"}"
}
BEGIN {
  TIME = "1622476800000000"  # 2021-06-01 in China
  if (topic == "complaints") complaints()
  else if (topic == "ccc.certificates") certificates()
  else if (topic == "ccc.lookups") lookups()
  else { print "broken.awk: no such topic: " topic >"/dev/stderr"; exit 2 }
}
