# Complaints for a machine without the real ones, as JSON lines: three products of an invented maker over two
# years, a few complaints a week about each, and from October 2023 on many about the second one's lid. Every
# run gives the same lines.

function random(n) { seed = (seed * 16807) % 2147483647; return seed % n }
function complaint(time, model, problem) {
  count++
  printf "{\"event_id\":\"generated-%05d\",\"source\":\"generated\",\"schema_version\":1", count
  printf ",\"occurred_at\":\"%.0f\"", time - 86400000000
  printf ",\"received_at\":\"%.0f\",\"case_number\":\"G%05d\",\"version\":1", time, count
  printf ",\"kind\":\"COMPLAINT_KIND_COMPLAINT\""
  printf ",\"maker\":\"EXAMPLE\",\"model\":\"%s\",\"problem\":\"%s\",\"region\":\"330106\"}\n", model, problem
}
BEGIN {
  seed = 20220103
  monday = 1641139200000000  # 2022-01-03 00:00 in China
  split("KETTLE K1,KETTLE K2,COOKER C1", models, ",")
  split("DOES NOT HEAT,LID | BURSTS,CORD | HOT", problems, ",")
  for (week = 0; week < 110; week++) {
    for (day = 0; day < 7; day++) {
      time = monday + (week * 7 + day) * 86400000000
      for (i = 1; i <= 3; i++) if (random(100) < 30) complaint(time, models[i], problems[i])
      if (week >= 92) for (i = random(4); i > 0; i--) complaint(time, models[2], problems[2])
    }
  }
}
