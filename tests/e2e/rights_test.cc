// `zaojing run` on a broker that asks who somebody is and what he may do: what is missing is named in one line, with the
// right exit code, and nothing has been done.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "proto/status_util.h"
#include "tests/broker/kafka/deny.h"
#include "tests/e2e/worker_fixture.h"

namespace zaojing {
namespace {

class RightsTest : public WorkerTest {
 protected:
  void SetUp() override {
    for (const auto& [name, value] : PropertiesOf("admin", "admin")) {
      v1::KafkaProperty& property = client_.properties.emplace_back();
      property.set_name(name);
      property.set_value(value);
    }
    WorkerTest::SetUp();
  }

  static std::vector<std::pair<std::string, std::string>> PropertiesOf(const std::string& user,
                                                                       const std::string& password) {
    return {{"security.protocol", "SASL_PLAINTEXT"},
            {"sasl.mechanism", "PLAIN"},
            {"sasl.username", user},
            {"sasl.password", password}};
  }
  void ConfigureFor(const std::string& user, const std::string& password) {
    std::string more;
    for (const auto& [name, value] : PropertiesOf(user, password)) {
      absl::StrAppend(&more, "kafka { name: \"", name, "\" value: \"", value, "\" }\n");
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
  ASSERT_TRUE(Deny(client_, "blind", Right::kSeeTopic, Name(Topic::kCertificates)).ok());
  ASSERT_TRUE(Deny(client_, "deaf", Right::kReadTopic, Name(Topic::kLookups)).ok());
  ASSERT_TRUE(Deny(client_, "dumb", Right::kWriteTopic, Name(Topic::kVerdicts)).ok());
  ASSERT_TRUE(Deny(client_, "alone", Right::kReadGroup, client_.topic_prefix + "app").ok());
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
