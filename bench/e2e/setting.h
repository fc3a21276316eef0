// What a run of the benchmark is given, and a deployment of its own for each measurement: topics under a prefix, a
// state directory, a configuration.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "bench/e2e/process.h"
#include "google/protobuf/message.h"
#include "ingest/kafka/kafka_client.h"
#include "sinks/kafka/producer.h"

namespace zaojing::bench {

struct Setting {
  std::string bootstrap;
  pid_t broker = 0;       // 0: its CPU is not counted
  std::string worker;     // the program measured
  std::string rules;      // its rules
  std::string directory;  // for states, configurations and logs; emptied by the caller
  uint64_t lookups = 4'000'000;
  uint32_t listings = 1'000'000;
  uint32_t certificates = 461'000;
  uint32_t models = 2;  // of a certificate
  int32_t partitions = 8;
  int64_t limit_us = int64_t{240} * 1'000'000;  // of one wait
  int latency_seconds = 30;
  int latency_rate = 1'000;  // events a second
};

struct Deployment {
  std::string name;  // also the topics' prefix and the application
  int lanes = 1;
  bool every_verdict = false;
};

KafkaClientOptions ClientOf(const Setting& setting, const Deployment& deployment);

// Effect: the message is queued; `timestamp` is Kafka's, in microseconds UTC.
absl::Status Put(BulkProducer& producer, Topic topic, std::string_view key, const google::protobuf::Message& message,
                 int64_t timestamp);

// Effect: the deployment's topics exist.
absl::Status MakeTopics(const Setting& setting, const Deployment& deployment);

// Effect: the topics exist; heartbeat and certificates are in them, and `lookups` look-ups.
absl::Status Fill(const Setting& setting, const Deployment& deployment, uint64_t lookups);

// Effect: a worker of the screen stage runs on the deployment; state and log under setting.directory.
absl::StatusOr<ChildProcess> StartWorker(const Setting& setting, const Deployment& deployment);

// Where the group of the deployment's screen stage keeps its offsets.
std::string GroupOf(const Deployment& deployment);

}  // namespace zaojing::bench
