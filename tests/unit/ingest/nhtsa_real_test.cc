// Goal: the importer reads the real file whole. Needs the real records; skips itself without them.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "ingest/nhtsa_complaints.h"
#include "tests/support/real_records.h"

namespace zaojing {
namespace {

// A row lost or a label changed would move the first alert of the README's run.
TEST(NhtsaRealFile, HoldsTheCountsTheReadmeQuotes) {
  const std::string path = RealRecords("events/nhtsa_ford_complaints_2020_2024.csv");
  if (path.empty()) GTEST_SKIP() << "no real records; set ZAOJING_DATA";
  std::ifstream input(path, std::ios::binary);
  const auto imported = ReadNhtsaComplaints(input, path);
  ASSERT_TRUE(imported.ok()) << imported.status();
  EXPECT_EQ(imported->complaints.size(), 4357U);
  EXPECT_TRUE(imported->rejected.empty());
  int trim = 0;
  for (const v1::Complaint& complaint : imported->complaints) {
    const bool is_it = complaint.model() == "EXPLORER" && complaint.problem() == "A-PILLAR MOLDING | LOOSE / DETACHED";
    trim += is_it ? 1 : 0;
  }
  EXPECT_EQ(trim, 576);
  EXPECT_EQ(imported->first_received, 1'577'894'400'000'000);  // 2020-01-02 00:00 UTC+8
  EXPECT_EQ(imported->last_received, 1'708'272'000'000'000);   // 2024-02-19 00:00 UTC+8
}

}  // namespace
}  // namespace zaojing
