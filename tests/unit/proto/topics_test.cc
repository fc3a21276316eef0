#include "proto/topics.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace zaojing {
namespace {

// Breaks: a row inserted out of place, after which SpecOf answers for another topic. Seen by every row
// standing at its own rank, and by the ranks canonical order hangs on, written out here a second time.
TEST(Topics, RowsStandAtTheirRank) {
  for (int rank = 0; rank < kTopicCount; ++rank) {
    EXPECT_EQ(static_cast<int>(kTopics[static_cast<size_t>(rank)].topic), rank);
  }
  EXPECT_EQ(NameOf(static_cast<Topic>(0)), "control");
  EXPECT_EQ(NameOf(static_cast<Topic>(1)), "ccc.certificates");
  EXPECT_EQ(NameOf(static_cast<Topic>(3)), "ccc.lookups");
  EXPECT_EQ(NameOf(static_cast<Topic>(4)), "complaints");
  EXPECT_EQ(NameOf(static_cast<Topic>(5)), "signals");
}

// Breaks: two topics of one name, or a name that finds another topic. Seen by going there and back.
TEST(Topics, NamesFindTheirTopic) {
  std::set<std::string_view> names;
  for (const TopicSpec& spec : kTopics) {
    EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
    EXPECT_EQ(TopicNamed(spec.name), spec.topic);
    EXPECT_FALSE(spec.about.empty()) << spec.name;
  }
  EXPECT_EQ(TopicNamed("ccc.lookup"), std::nullopt);
}

// Breaks: history that the broker deletes or compacts away. Seen on the topics that are evidence.
TEST(Topics, EvidenceIsKept) {
  for (Topic topic : {Topic::kControl, Topic::kCertificates, Topic::kScreenJournal, Topic::kRiskJournal}) {
    EXPECT_EQ(SpecOf(topic).retention, Retention::kUnlimited) << NameOf(topic);
  }
  EXPECT_EQ(SpecOf(Topic::kScreenChangelog).retention, Retention::kCompacted);
  EXPECT_EQ(SpecOf(Topic::kRiskChangelog).retention, Retention::kCompacted);
}

}  // namespace
}  // namespace zaojing
