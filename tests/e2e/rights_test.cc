// `zaojing run` on a broker that asks who somebody is and what he may do: what is missing is named in one line, with the
// right exit code, and nothing has been done.
#include <gtest/gtest.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/status_util.h"
#include "sinks/kafka/topics.h"
#include "tests/broker/kafka/deny.h"
#include "tests/e2e/worker_fixture.h"

namespace zaojing {
namespace {

class RightsTest : public WorkerTest {
 protected:
  void SetUp() override {
    client_.properties = PropertiesOf("admin", "admin");
    WorkerTest::SetUp();
  }

  static std::vector<v1::KafkaProperty> PropertiesOf(const std::string& user, const std::string& password) {
    std::vector<v1::KafkaProperty> properties;
    for (const auto& [name, value] : {std::pair<std::string, std::string>{"security.protocol", "SASL_PLAINTEXT"},
                                      {"sasl.mechanism", "PLAIN"},
                                      {"sasl.username", user},
                                      {"sasl.password", password}}) {
      properties.emplace_back().set_name(name);
      properties.back().set_value(value);
    }
    return properties;
  }
  void ConfigureFor(const std::string& user, const std::string& password) {
    std::string more;
    for (const v1::KafkaProperty& property : PropertiesOf(user, password)) {
      absl::StrAppend(&more, "kafka { name: \"", property.name(), "\" value: \"", property.value(), "\" }\n");
    }
    Configure("worker", more);
  }
  // A run as the user fails, and the last line of its log, an error, has the text.
  void ExpectRefusal(const std::string& user, const std::string& text) {
    ConfigureFor(user, "x");
    WorkerProcess worker(Config("worker"), "", Path(user + ".log"));
    ExpectFailure(worker, user + ".log", text);
  }
  void ExpectFailure(WorkerProcess& worker, const std::string& log, const std::string& text) {
    EXPECT_EQ(worker.Wait(60), 1) << scratch_.Read(log);
    const std::string lines = scratch_.Read(log);
    const size_t last = lines.rfind('\n', lines.size() - 2) + 1;
    EXPECT_NE(lines.find("[error]", last), std::string::npos) << lines;
    EXPECT_NE(lines.find(text, last), std::string::npos) << lines;
    EXPECT_EQ(JournalEnd(), 0);
  }
  std::string Name(Topic topic) const { return client_.topic_prefix + std::string(NameOf(topic)); }
};

TEST_F(RightsTest, WhatIsMissingIsNamed) {
  ConfigureFor("admin", "wrong");
  WorkerProcess stranger(Config("worker"), "", Path("stranger.log"));
  ASSERT_TRUE(AllowAll(client_, client_.topic_prefix).ok());
  ASSERT_TRUE(Deny(client_, "deaf", Right::kReadTopic, Name(Topic::kLookups)).ok());
  ASSERT_TRUE(Deny(client_, "dumb", Right::kWriteTopic, Name(Topic::kVerdicts)).ok());
  ASSERT_TRUE(Deny(client_, "alone", Right::kReadGroup, client_.topic_prefix + "app").ok());
  ASSERT_TRUE(Deny(client_, "blind", Right::kSeeTopic, Name(Topic::kCertificates)).ok());
  // The broker answers a change of rights before it heeds it; they come in order.
  KafkaClientOptions blind = client_;
  blind.properties = PropertiesOf("blind", "x");
  ASSERT_TRUE(Eventually([&] {
    const auto differences = CheckTopics(blind, {kWorkerPartitions, -1});
    return differences.ok() && !differences->empty();
  }));
  Feed(MakeWaves(50).first.lookups);
  ExpectRefusal("blind", "rights");
  ExpectRefusal("deaf", "rights");
  ExpectRefusal("dumb", "rights");
  ExpectRefusal("alone", "rights");
  ExpectFailure(stranger, "stranger.log", "check the credentials");
  // With all rights it is done; nothing that was refused has left anything behind.
  ConfigureFor("admin", "admin");
  RunToTheEnd();
  EXPECT_GT(JournalEnd(), 0);
}

}  // namespace
}  // namespace zaojing
