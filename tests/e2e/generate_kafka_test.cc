// The generated year on a real broker: the same records as in files, under the keys and at the times they must have.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

#include "ingest/decoder.h"
#include "ingest/envelope.h"
#include "ingest/file/event_file.h"
#include "proto/ids.h"
#include "tests/broker/broker_fixture.h"
#include "tests/e2e/worker_process.h"
#include "tests/support/scratch_directory.h"

namespace zaojing {
namespace {

using GenerateKafkaTest = BrokerTest;

using Check = std::function<void(const EventFile& file, const Record& record)>;

// Values with how often they come.
std::map<std::string, int> ReadValues(const std::string& directory, Topic topic, const Check& check = {}) {
  std::map<std::string, int> values;
  auto file = EventFile::Open(directory, topic);
  EXPECT_TRUE(file.ok() && *file != nullptr) << directory << " " << NameOf(topic);
  if (!file.ok() || *file == nullptr) return values;
  FileEvent event;
  while ((*file)->Next(&event)) {
    EXPECT_FALSE(event.rejection);
    ++values[std::string(event.record.value)];
    if (check) check(**file, event.record);
  }
  EXPECT_TRUE((*file)->status().ok()) << (*file)->status();
  return values;
}

// Likewise; a file without places is checked for nothing else.
std::map<std::string, int> ReadTopic(const std::string& directory, Topic topic, int32_t partitions) {
  return ReadValues(directory, topic, [&](const EventFile& file, const Record& record) {
    if (!file.has_places()) return;
    EXPECT_EQ(record.partition, PartitionOf(record.key, SpecOf(topic).per_task ? partitions : 1)) << record.key;
    EXPECT_EQ(record.timestamp / 1000, PeekReceivedAt(record.value) / 1000) << "milliseconds are Kafka's unit";
    v1::Lookup lookup;
    EXPECT_TRUE(topic != Topic::kLookups || !Decode(record, &lookup)) << record.key;
  });
}

// A record lost, doubled, under a key of another partition (it would be MISROUTED) or stamped with the wall clock shows
// as a difference to the files of the same scale and seed.
TEST_F(GenerateKafkaTest, IsWhatTheFilesHold) {
  const ScratchDirectory scratch;
  const std::string world = "generate --scale 0.0005 --seed 3 --what reference,platform ";
  const std::string broker = " --bootstrap " + client_.bootstrap + " --topic-prefix " + client_.topic_prefix;
  const std::string topics = "control,enterprises,ccc.certificates,inspections,recalls,dispositions,ccc.lookups";
  ASSERT_EQ(RunBinary(world + "--output " + scratch.File("files"), scratch.File("log")), 0) << scratch.Read("log");
  ASSERT_EQ(RunBinary(world + broker + " --truth " + scratch.File("truth.jsonl"), scratch.File("log")), 0)
      << scratch.Read("log");
  ASSERT_EQ(
      RunBinary("export --topics " + topics + " --output " + scratch.File("export") + broker, scratch.File("log")), 0)
      << scratch.Read("log");
  EXPECT_EQ(scratch.Read("truth.jsonl"), scratch.Read("files/truth.jsonl"));
  for (const Topic topic : kReferenceTopics) {
    (void)ReadTopic(scratch.File("export"), topic, partitions_);
    const std::string name = std::string(NameOf(topic)) + ".pb";
    EXPECT_TRUE(scratch.Read("export/" + name) == scratch.Read("files/" + name)) << name << ": other bytes or order";
  }
  const std::map<std::string, int> lookups = ReadTopic(scratch.File("export"), Topic::kLookups, partitions_);
  EXPECT_TRUE(lookups == ReadTopic(scratch.File("files"), Topic::kLookups, partitions_));
  EXPECT_EQ(lookups.size(), 32'950U);
}

// Breaks: `load`, told no topics, leaves some of a directory's files where they are: recalls and orders that nobody would
// miss until goods are sold that they stop.
TEST_F(GenerateKafkaTest, LoadTakesEveryInput) {
  const ScratchDirectory scratch;
  const std::string broker = " --bootstrap " + client_.bootstrap + " --topic-prefix " + client_.topic_prefix;
  const std::string topics = "control,enterprises,ccc.certificates,inspections,recalls,dispositions,ccc.lookups";
  const std::string files = scratch.File("files");
  ASSERT_EQ(RunBinary("generate --scale 0.0005 --seed 3 --what reference,platform --until 2025-03-01 --output " + files,
                      scratch.File("log")),
            0)
      << scratch.Read("log");
  ASSERT_EQ(RunBinary("load --input " + files + broker, scratch.File("log")), 0) << scratch.Read("log");
  ASSERT_EQ(
      RunBinary("export --topics " + topics + " --output " + scratch.File("export") + broker, scratch.File("log")), 0)
      << scratch.Read("log");
  for (const Topic topic : kReferenceTopics) {
    const std::string name = "/" + std::string(NameOf(topic)) + ".pb";
    EXPECT_TRUE(scratch.Read("export" + name) == scratch.Read("files" + name)) << name;
    EXPECT_FALSE(scratch.Read("files" + name).empty()) << name;
  }
  EXPECT_TRUE(ReadValues(scratch.File("export"), Topic::kLookups) == ReadValues(files, Topic::kLookups));
}

// A record that two stretches of the year both have, or neither, or that is another one because of where a stretch began,
// shows as a difference to the whole year; likewise a truth that is not the year's.
TEST(GenerateStretches, MakeUpTheYear) {
  const ScratchDirectory scratch;
  const std::string world = "generate --scale 0.0005 --seed 3 --output ";
  const std::pair<const char*, const char*> stretches[] = {{"whole", ""},
                                                           {"first", " --until 2025-06-24"},
                                                           {"day", " --from 2025-06-24 --until 2025-06-25"},
                                                           {"last", " --from 2025-06-25"}};
  for (const auto& [name, bounds] : stretches) {
    ASSERT_EQ(RunBinary(world + scratch.File(name) + bounds, scratch.File("log")), 0) << scratch.Read("log");
  }
  for (const Topic topic : {Topic::kLookups, Topic::kControl, Topic::kEnterprises, Topic::kCertificates,
                            Topic::kInspections, Topic::kRecalls, Topic::kDispositions}) {
    const std::string name = "/" + std::string(NameOf(topic)) + ".pb";
    const std::string day = scratch.Read("day" + name);
    EXPECT_TRUE(scratch.Read("first" + name) + day + scratch.Read("last" + name) == scratch.Read("whole" + name))
        << name;
    const bool daily = topic == Topic::kLookups || topic == Topic::kControl || topic == Topic::kCertificates;
    EXPECT_TRUE(!day.empty() || !daily) << name << ": of each day there are look-ups and heartbeats, of this one facts";
  }
  EXPECT_EQ(scratch.Read("day/truth.jsonl"), scratch.Read("whole/truth.jsonl"));
}

// Wrong usage is told before anything is written.
TEST(GenerateUsage, IsRefused) {
  const ScratchDirectory scratch;
  EXPECT_EQ(RunBinary("generate", scratch.File("log")), 2);
  EXPECT_EQ(RunBinary("generate --output x --bootstrap localhost:1", scratch.File("log")), 2);
  EXPECT_EQ(RunBinary("generate --scale 0 --output " + scratch.File("out"), scratch.File("log")), 2);
  EXPECT_EQ(RunBinary("generate --what plates --output " + scratch.File("out"), scratch.File("log")), 2);
  EXPECT_EQ(RunBinary("generate --from 2025-02-29 --output " + scratch.File("out"), scratch.File("log")), 2);
  EXPECT_FALSE(scratch.Has("out"));
}

}  // namespace
}  // namespace zaojing
