#include "proto/topics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
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
}

// Breaks: two topics swapped, so that a replay answers otherwise than it did. Seen by the order written out here a
// second time; a new topic may go between two others.
TEST(Topics, TheOrderOfRanksIsKept) {
  const std::string_view order[] = {"control",      "enterprises", "ccc.certificates", "inspections", "recalls",
                                    "dispositions", "ticks",       "ccc.lookups",      "complaints",  "signals"};
  int last = -1;
  for (const std::string_view name : order) {
    const std::optional<Topic> topic = TopicNamed(name);
    ASSERT_TRUE(topic.has_value()) << name;
    EXPECT_GT(static_cast<int>(*topic), last) << name;
    last = static_cast<int>(*topic);
  }
}

// Breaks: a reference topic that no task reads. Seen by the two ways of saying which they are.
TEST(Topics, ReferenceTopicsComeFirst) {
  for (const TopicSpec& spec : kTopics) {
    const bool listed =
        std::find(kReferenceTopics.begin(), kReferenceTopics.end(), spec.topic) != kReferenceTopics.end();
    EXPECT_EQ(IsReference(spec.topic), listed) << spec.name;
    EXPECT_TRUE(!listed || spec.retention == Retention::kUnlimited) << spec.name;
  }
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
