// The sentence people remember: the real complaints, imported and replayed, warn of the A-pillar trim before its recall.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "ingest/file/event_file.h"
#include "proto/china_time.h"
#include "tests/e2e/worker_process.h"
#include "tests/support/scratch_directory.h"
#include "zaojing/v1/alert.pb.h"

namespace zaojing {
namespace {

// 2023-02-05 24:00 UTC+8. Recall 24V031 came in January 2024.
constexpr int64_t kNoLaterThan = 1'675'612'800'000'000;
constexpr size_t kEpisodesMax = 25;

std::string ComplaintsCsv() {
  const char* named = std::getenv("ZAOJING_DATA");
  const std::string root = named != nullptr ? named : std::string(ZAOJING_SOURCE_DIR) + "/../shared/data";
  return root + "/events/nhtsa_ford_complaints_2020_2024.csv";
}

// A rule that misses the one true alarm, or buys it with noise, fails: raised in time, from fewer than half of the
// complaints, and no more than 25 episodes in 50 months.
TEST(EarlyWarning, ThePillarTrimIsFoundAYearBeforeItsRecall) {
  if (!std::filesystem::exists(ComplaintsCsv())) GTEST_SKIP() << "no real data: set ZAOJING_DATA";
  const ScratchDirectory scratch;
  ASSERT_EQ(RunBinary("import --kind nhtsa-complaints --input " + ComplaintsCsv() + " --output " + scratch.File("in"),
                      scratch.File("log")),
            0)
      << scratch.Read("log");
  ASSERT_EQ(RunBinary("replay --format pb --input " + scratch.File("in") + " --output " + scratch.File("out") +
                          " --rules " + ZAOJING_SOURCE_DIR + "/deploy/rules/default.textproto",
                      scratch.File("log")),
            0)
      << scratch.Read("log");
  auto file = EventFile::Open(scratch.File("out"), Topic::kAlerts);
  ASSERT_TRUE(file.ok() && *file != nullptr);
  size_t episodes = 0;
  int64_t raised_at = 0;
  uint64_t total = 0;
  FileEvent event;
  while ((*file)->Next(&event)) {
    v1::Alert alert;
    ASSERT_TRUE(alert.ParseFromArray(event.record.value.data(), static_cast<int>(event.record.value.size())));
    if (alert.msg_type() != v1::MESSAGE_TYPE_ALERT) continue;
    ++episodes;
    const bool pillar =
        alert.subject().model() == "EXPLORER" && alert.subject().problem() == "A-PILLAR MOLDING | LOOSE / DETACHED";
    if (!pillar || raised_at != 0) continue;
    raised_at = alert.raised_at();
    total = alert.numbers().total_count();
  }
  EXPECT_LE(episodes, kEpisodesMax);
  EXPECT_GT(raised_at, 0);
  EXPECT_LT(raised_at, kNoLaterThan);
  EXPECT_LT(total, 576U / 2);
}

}  // namespace
}  // namespace zaojing
