// The changelog walk and its bounds on a real broker: what a restore relies on.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/broker/broker_fixture.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using ChangelogTest = BrokerTest;

const TopicPartition kChangelog{Topic::kScreenChangelog, 1};

std::vector<OutputRecord> Changes(const std::vector<std::string>& values) {
  std::vector<OutputRecord> records;
  records.reserve(values.size());
  for (const std::string& value : values)
    records.push_back(Output(kChangelog.topic, kChangelog.partition, value, value));
  return records;
}

// Reads once; adds what came to *values and returns the position.
int64_t ReadOnce(Log& log, std::vector<std::string>* values) {
  int64_t position = -1;
  const auto batch = log.ReadChangelog(kChangelog, &position);
  EXPECT_TRUE(batch.ok()) << batch.status();
  if (!batch.ok()) return -1;
  for (const Record& record : (*batch)->records()) values->emplace_back(record.value);
  return position;
}

// Breaks if a walk stops short of `high` because the last offsets carry no record (control records, aborted
// ranges): a restore would wait for ever. Two logs write the same partition, as an old and a new owner do.
TEST_F(ChangelogTest, WalkPassesAbortedRangesAndControlRecords) {
  const auto a = OpenLog("a");
  const auto b = OpenLog("b");
  ASSERT_TRUE(a->InitProducer().ok());
  ASSERT_TRUE(b->InitProducer().ok());
  ASSERT_TRUE(CommitOnce(*a, Changes({"1", "2", "3"}), {}).ok());
  ASSERT_TRUE(b->Begin().ok());
  ASSERT_TRUE(b->Produce(Changes({"x", "x"})).ok());
  ASSERT_TRUE(Eventually([&] { return a->Bounds(kChangelog)->high == 6; }));  // 3 records, 1 marker, 2 records
  ASSERT_TRUE(CommitOnce(*a, Changes({"4"}), {}).ok());
  ASSERT_TRUE(b->Abort().ok());
  ASSERT_TRUE(a->Begin().ok());
  ASSERT_TRUE(a->Produce(Changes({"x"})).ok());
  ASSERT_TRUE(Eventually([&] { return a->Bounds(kChangelog)->high == 10; }));
  ASSERT_TRUE(a->Abort().ok());

  // The broker answers the end of a transaction before its control record is in the log.
  ASSERT_TRUE(Eventually([&] { return a->Bounds(kChangelog)->high == 11; }));
  const auto bounds = a->Bounds(kChangelog);
  ASSERT_TRUE(bounds.ok()) << bounds.status();
  EXPECT_EQ(bounds->low, 0);
  EXPECT_EQ(bounds->high, 11);
  ASSERT_TRUE(a->OpenChangelog(kChangelog, 0).ok());
  std::vector<std::string> values;
  EXPECT_TRUE(Eventually([&] { return ReadOnce(*a, &values) >= bounds->high; }));
  EXPECT_THAT(values, ElementsAre("1", "2", "3", "4"));

  // From the middle, twice over the same handle.
  a->CloseChangelog(kChangelog);
  ASSERT_TRUE(a->OpenChangelog(kChangelog, 2).ok());
  values.clear();
  EXPECT_TRUE(Eventually([&] { return ReadOnce(*a, &values) >= bounds->high; }));
  EXPECT_THAT(values, ElementsAre("3", "4"));
  a->CloseChangelog(kChangelog);
  ASSERT_TRUE(a->OpenChangelog(kChangelog, bounds->high).ok());
  values.clear();
  EXPECT_EQ(ReadOnce(*a, &values), bounds->high);
  EXPECT_THAT(values, IsEmpty());
}

// Breaks if Bounds answers the last stable offset, or the walk claims to have passed an open transaction: a
// restore would then start without a commit that was about to become visible.
TEST_F(ChangelogTest, OpenTransactionHoldsTheWalkBelowHigh) {
  const auto owner = OpenLog("a");
  const auto reader = OpenLog("b");
  ASSERT_TRUE(owner->InitProducer().ok());
  ASSERT_TRUE(CommitOnce(*owner, Changes({"1"}), {}).ok());
  ASSERT_TRUE(owner->Begin().ok());
  ASSERT_TRUE(owner->Produce(Changes({"2"})).ok());
  ASSERT_TRUE(Eventually([&] { return reader->Bounds(kChangelog)->high == 3; }));

  ASSERT_TRUE(reader->OpenChangelog(kChangelog, 0).ok());
  std::vector<std::string> values;
  ASSERT_TRUE(Eventually([&] { return ReadOnce(*reader, &values) >= 2; }));  // the last stable offset
  for (int i = 0; i < 100; ++i) ASSERT_EQ(ReadOnce(*reader, &values), 2);
  EXPECT_THAT(values, ElementsAre("1"));
  ASSERT_TRUE(owner->Commit().ok());
  EXPECT_TRUE(Eventually([&] { return ReadOnce(*reader, &values) >= 3; }));
  EXPECT_THAT(values, ElementsAre("1", "2"));
}

// Breaks if a position outside the log is silently moved: the store would miss changes.
TEST_F(ChangelogTest, PositionOutsideTheLogIsDataLoss) {
  const auto log = OpenLog("a");
  ASSERT_TRUE(log->OpenChangelog(kChangelog, 1000).ok());
  absl::Status told;
  ASSERT_TRUE(Eventually([&] {
    int64_t position = 0;
    told = log->ReadChangelog(kChangelog, &position).status();
    return !told.ok();
  }));
  EXPECT_EQ(told.code(), absl::StatusCode::kDataLoss) << told;
}

// Breaks if two brokers could be taken for one: the id must be there and stable.
TEST_F(ChangelogTest, ClusterIdIsStable) {
  const auto a = OpenLog("a")->ClusterId();
  const auto b = OpenLog("b")->ClusterId();
  ASSERT_TRUE(a.ok()) << a.status();
  EXPECT_FALSE(a->empty());
  EXPECT_EQ(*a, *b);
}

}  // namespace
}  // namespace zaojing
