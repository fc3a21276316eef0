// `topics create|check` against a real broker.
#include "sinks/kafka/topics.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/broker/broker_fixture.h"
#include "tests/broker/kafka/alter_topic.h"

namespace zaojing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using TopicsTest = BrokerTest;  // its SetUp has created the topics

// Breaks if what create makes is not what check demands, or a second create fails or changes something.
TEST_F(TopicsTest, CreatedTopicsPassTheCheck) {
  const auto differences = CheckTopics(client_, {partitions_, -1});
  ASSERT_TRUE(differences.ok()) << differences.status();
  EXPECT_THAT(*differences, IsEmpty());
  const auto again = CreateTopics(client_, {partitions_, -1});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_THAT(*again, IsEmpty());
}

// Breaks if a topic whose history would be deleted, or a changelog that is not compacted, passes unseen.
TEST_F(TopicsTest, WrongPoliciesAreNamed) {
  ASSERT_TRUE(AlterTopic(client_, Topic::kCertificates, "retention.ms", "604800000").ok());
  // AlterConfigs sets the whole configuration: the unnamed settings go back to the broker's defaults.
  ASSERT_TRUE(AlterTopic(client_, Topic::kRiskChangelog, "cleanup.policy", "delete").ok());
  // The broker answers an alteration before it has heard of it itself, so the check is repeated.
  std::vector<std::string> differences;
  const auto named = [&](const std::string& text) {
    return std::any_of(differences.begin(), differences.end(),
                       [&](const std::string& line) { return line.find(text) != std::string::npos; });
  };
  EXPECT_TRUE(Eventually([&] {
    differences = CheckTopics(client_, {partitions_, -1}).value();
    return named("ccc.certificates: retention.ms is 604800000, must be -1") &&
           named("risk.changelog: cleanup.policy is delete, must be compact");
  }));
  for (const std::string& line : differences) {
    EXPECT_TRUE(line.find("ccc.certificates") != std::string::npos || line.find("risk.changelog") != std::string::npos)
        << line;
  }
}

// Breaks if a changed P is not noticed: keys would go to tasks that do not have their state.
TEST_F(TopicsTest, WrongPartitionCountsAreNamed) {
  const auto differences = CheckTopics(client_, {partitions_ + 1, -1});
  ASSERT_TRUE(differences.ok()) << differences.status();
  EXPECT_THAT(*differences, SizeIs(5));
  EXPECT_THAT(*differences, ::testing::Contains(HasSubstr("ccc.lookups: has 2 partitions, must have 3")));
}

// Breaks if missing topics pass, or wrong plans reach the broker.
TEST_F(TopicsTest, MissingTopicsAreNamedAndWrongPlansRefused) {
  KafkaClientOptions other = client_;
  other.topic_prefix += "none.";
  const auto differences = CheckTopics(other, {partitions_, -1});
  ASSERT_TRUE(differences.ok()) << differences.status();
  EXPECT_THAT(*differences, SizeIs(static_cast<size_t>(kTopicCount)));
  EXPECT_THAT((*differences)[0], HasSubstr("control: missing"));
  EXPECT_EQ(CreateTopics(other, {0, -1}).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace zaojing
