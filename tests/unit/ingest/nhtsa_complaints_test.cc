// Goal: every field of a row lands where the contract says, in the promised order, and a bad row takes
// nothing with it.
#include "ingest/nhtsa_complaints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "proto/ids.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kHeader[] =
    "cmplid,odi_no,make,model,model_year,fail_date,received_date,description,component_failure_bin,crash,"
    "fire,"
    "injured,deaths,mileage,state,vehicle_line,plant\n";

std::string Row(const std::string& id, const std::string& failed, const std::string& received) {
  return id + ",1,FORD,EXPLORER,2015," + failed + "," + received + ",text,  A  |  B ,Y,N,2,1,5,Georgia,v,p\n";
}

absl::StatusOr<ImportedComplaints> Read(const std::string& text) {
  std::istringstream input(text);
  return ReadNhtsaComplaints(input, "in.csv");
}

// 2020-01-02 00:00 in China is 2020-01-01 16:00 UTC.
constexpr int64_t kReceived = 1'577'894'400 * limits::kSecond;

// A field in the wrong place would be counted for years before anybody looked.
TEST(NhtsaComplaints, MapsEveryField) {
  const auto imported = Read(kHeader + Row("17", "2019-12-31", "2020-01-02"));
  ASSERT_TRUE(imported.ok()) << imported.status();
  ASSERT_EQ(imported->complaints.size(), 1U);
  const v1::Complaint& complaint = imported->complaints[0];
  EXPECT_EQ(complaint.event_id(), MakeId({"nhtsa", "17", "1"}));
  EXPECT_EQ(complaint.source(), "nhtsa-odi");
  EXPECT_EQ(complaint.schema_version(), 1U);
  EXPECT_EQ(complaint.case_number(), "17");
  EXPECT_EQ(complaint.version(), 1U);
  EXPECT_EQ(complaint.kind(), v1::COMPLAINT_KIND_DEFECT_CLUE);
  EXPECT_EQ(complaint.received_at(), kReceived);
  EXPECT_EQ(complaint.occurred_at(), kReceived - 2 * limits::kDay);
  EXPECT_EQ(complaint.maker(), "FORD");
  EXPECT_EQ(complaint.model(), "EXPLORER");
  EXPECT_EQ(complaint.problem(), "A | B");
  EXPECT_EQ(complaint.region(), "Georgia");
  EXPECT_EQ(complaint.injured(), 2U);
  EXPECT_EQ(complaint.deaths(), 1U);
  EXPECT_TRUE(complaint.crash());
  EXPECT_FALSE(complaint.fire());
  EXPECT_EQ(complaint.text(), "text");
  EXPECT_EQ(imported->first_received, kReceived);
  EXPECT_EQ(imported->last_received, kReceived);
}

// Replay's order is the file's order within a day: 9 comes before 10, as numbers do.
TEST(NhtsaComplaints, SortsByDayThenNumber) {
  const auto imported =
      Read(kHeader + Row("10", "", "2020-01-03") + Row("9", "", "2020-01-03") + Row("11", "", "2020-01-02"));
  ASSERT_TRUE(imported.ok());
  std::vector<std::string> cases;
  for (const v1::Complaint& complaint : imported->complaints) cases.push_back(complaint.case_number());
  EXPECT_THAT(cases, ElementsAre("11", "9", "10"));
  EXPECT_EQ(imported->complaints[0].occurred_at(), 0);
}

// A typing error in the day of failure is the feed's fact, not ours to drop.
TEST(NhtsaComplaints, KeepsAFailureAfterItsReport) {
  const auto imported = Read(kHeader + Row("1", "2030-01-01", "2020-01-02"));
  ASSERT_TRUE(imported.ok());
  ASSERT_EQ(imported->complaints.size(), 1U);
  EXPECT_GT(imported->complaints[0].occurred_at(), imported->complaints[0].received_at());
}

// Each bad row is named by line and column; the good rows around it are read.
TEST(NhtsaComplaints, RejectsBadRowsByLine) {
  const auto imported = Read(kHeader + Row("1", "", "2020-01-02") +        // 2
                             Row("x", "", "2020-01-02") +                  // 3
                             Row("2", "", "2020-02-30") +                  // 4
                             Row("3", "01/02/2020", "2020-01-02") +        // 5
                             "too,few\n" +                                 // 6
                             Row("1", "", "2020-01-02") +                  // 7
                             Row("4", "", "1899-12-31") +                  // 8
                             "5,1,,,,,2020-01-02,t,p,N,N,0,0,,,,\n" +      // 9
                             "6,1,F,,,,2020-01-02,t,p,N,N,-1,0,,,,\n" +    // 10
                             "7,1,F,,,,2020-01-02,t,p,no,N,1,0,,,,\n" +    // 11
                             "8,1,\xff,,,,2020-01-02,t,p,N,N,1,0,,,,\n" +  // 12
                             Row("9", "", "2024-02-29"));                  // 13
  ASSERT_TRUE(imported.ok()) << imported.status();
  std::vector<std::string> rejected;
  for (const RejectedRow& row : imported->rejected) rejected.push_back(std::to_string(row.line) + " " + row.reason);
  EXPECT_THAT(rejected, ElementsAre("3 cmplid: not a number", "4 received_date: not a date YYYY-MM-DD",
                                    "5 fail_date: not a date YYYY-MM-DD", "6 2 fields where the first line has 17",
                                    "7 cmplid: already in an earlier row", "8 received_at: not in 1900-2100",
                                    "9 maker or model: required", "10 injured: not a count",
                                    "11 crash: neither Y nor N", "12 make: not UTF-8"));
  EXPECT_EQ(imported->rows, 12U);
  EXPECT_EQ(imported->complaints.size(), 2U);
}

// Another file's header must be refused before a single row, with all that is missing.
TEST(NhtsaComplaints, NamesEveryMissingColumn) {
  const auto imported = Read("cmplid,make,model,fail_date,received_date,description,crash,fire,injured,deaths\n");
  ASSERT_EQ(imported.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(imported.status().message()), HasSubstr("component_failure_bin, state"));
  EXPECT_EQ(Read("").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Read(std::string(kHeader) + "1,\"").status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace zaojing
