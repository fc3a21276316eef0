#include "bench/e2e/setting.h"

#include <cstdio>
#include <fstream>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/e2e/workload.h"
#include "proto/status_util.h"
#include "sinks/kafka/producer.h"
#include "sinks/kafka/topics.h"

namespace zaojing::bench {
absl::Status Put(BulkProducer& producer, Topic topic, std::string_view key, const google::protobuf::Message& message,
                 int64_t timestamp) {
  const std::string value = message.SerializeAsString();
  BulkProducer::Message record;
  record.topic = topic;
  record.timestamp = timestamp;
  record.key = key;
  record.value = value;
  return producer.Produce(record);
}

KafkaClientOptions ClientOf(const Setting& setting, const Deployment& deployment) {
  KafkaClientOptions client;
  client.bootstrap = setting.bootstrap;
  client.client_id = "bench";
  client.topic_prefix = deployment.name + ".";
  return client;
}

std::string GroupOf(const Deployment& deployment) { return deployment.name + ".screen"; }

absl::Status MakeTopics(const Setting& setting, const Deployment& deployment) {
  TopicPlan plan;
  plan.partitions = setting.partitions;
  return CreateTopics(ClientOf(setting, deployment), plan).status();
}

absl::Status Fill(const Setting& setting, const Deployment& deployment, uint64_t lookups) {
  RETURN_IF_ERROR(MakeTopics(setting, deployment));
  const KafkaClientOptions client = ClientOf(setting, deployment);
  ASSIGN_OR_RETURN(const std::unique_ptr<BulkProducer> producer, BulkProducer::Open(client));
  const int64_t began = NowMicros();
  const v1::Control heartbeat = Workload::Heartbeat();
  RETURN_IF_ERROR(Put(*producer, Topic::kControl, "heartbeat", heartbeat, heartbeat.received_at()));
  for (uint32_t i = 0; i < setting.certificates; ++i) {
    const v1::Certificate certificate = Workload::Certificate(i, setting.models);
    RETURN_IF_ERROR(Put(*producer, Topic::kCertificates, certificate.number(), certificate, certificate.received_at()));
  }
  Workload workload(setting.listings, setting.certificates);
  uint64_t bytes = 0;
  for (uint64_t i = 0; i < lookups; ++i) {
    const v1::Lookup& lookup = workload.Next(i);
    RETURN_IF_ERROR(Put(*producer, Topic::kLookups, Workload::KeyOf(lookup), lookup, lookup.received_at()));
    bytes += lookup.GetCachedSize() > 0 ? static_cast<uint64_t>(lookup.GetCachedSize()) : 0;
  }
  RETURN_IF_ERROR(producer->Flush());
  std::printf("%s: %u certificates and %llu look-ups of %.0f bytes in Kafka after %.1f s\n", deployment.name.c_str(),
              setting.certificates, static_cast<unsigned long long>(lookups),
              lookups == 0 ? 0.0 : static_cast<double>(bytes) / static_cast<double>(lookups),
              static_cast<double>(NowMicros() - began) * 1e-6);
  std::fflush(stdout);
  return absl::OkStatus();
}

absl::StatusOr<ChildProcess> StartWorker(const Setting& setting, const Deployment& deployment) {
  const std::string base = absl::StrCat(setting.directory, "/", deployment.name);
  {
    std::ofstream config(base + ".textproto");
    config << "bootstrap: \"" << setting.bootstrap << "\"\nroles: \"screen\"\napplication: \"" << deployment.name
           << "\"\nscreen_lanes: " << deployment.lanes << "\npartitions: " << setting.partitions << "\nstate_dir: \""
           << base << ".state\"\nrules_file: \"" << setting.rules << "\"\nclock: CLOCK_MODE_EVENTS\ntopic_prefix: \""
           << deployment.name << ".\"\n";
    if (deployment.every_verdict) config << "verdicts: VERDICT_MODE_EVERY_LOOKUP\n";
    config.close();
    if (!config) return absl::FailedPreconditionError(absl::StrCat("cannot write ", base, ".textproto"));
  }
  return ChildProcess::Start({setting.worker, "run", "--config", base + ".textproto"}, base + ".log");
}

}  // namespace zaojing::bench
