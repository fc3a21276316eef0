// A test with its own topics on the shared broker, whose address is in the file that ZAOJING_BOOTSTRAP_FILE
// names. Without it the tests are skipped.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "processors/runtime/clock.h"
#include "proto/limits.h"
#include "sinks/kafka/kafka_log.h"

namespace zaojing {

class BrokerTest : public ::testing::Test {
 protected:
  // Creates all topics under a prefix of this test's own, with `partitions` for the per-task ones.
  void SetUp() override;
  int32_t partitions_ = 2;

  // A log of the screen stage: group and ids derived from `name`; two logs of one name fence each other.
  KafkaLogOptions LogOptions(const std::string& name) const;
  std::unique_ptr<KafkaLog> OpenLog(const std::string& name);

  // Plain committed records: key and value `<text>0`, `<text>1`, ...
  void Feed(Topic topic, int32_t partition, const std::string& text, int count);

  // Values of everything committed in the topic, in (partition, offset) order.
  std::vector<std::string> Dump(Topic topic);

  KafkaClientOptions client_;
  SystemClock clock_;
};

// Repeats `step` until it returns true; false after a minute.
bool Eventually(const std::function<bool()>& step);

OutputRecord Output(Topic topic, int32_t partition, std::string key, std::string value);

// Polls until an event of the kind comes, dropping records before it.
PollResult AwaitEvent(Log& log, PollResult::Kind kind);

// Joins the group, answers with an Assign that starts every partition at 0, and returns the partitions.
std::vector<TopicPartition> Join(Log& log);

// "<topic> p<partition>@<offset>=<value>" of the next `count` records.
std::vector<std::string> ReadRecords(Log& log, size_t count);

// One committed transaction with these records and offsets.
absl::Status CommitOnce(Log& log, std::vector<OutputRecord> records, std::vector<CommittedOffset> offsets);

}  // namespace zaojing
