#include "app/worker_references.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ingest/kafka/cluster.h"
#include "ingest/kafka/kafka_reference_feed.h"
#include "processors/reference/copied_feed.h"
#include "processors/reference/rocksdb/rocks_record_log.h"
#include "processors/runtime/clock.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

constexpr std::chrono::milliseconds kOpenPause{100};

absl::StatusOr<std::unique_ptr<ReferenceCopy>> OpenCopy(const KafkaClientOptions& client,
                                                        const std::string& state_dir) {
  ASSIGN_OR_RETURN(const std::unique_ptr<KafkaCluster> cluster, KafkaCluster::Open(client));
  ASSIGN_OR_RETURN(const std::string id, cluster->ClusterId());
  ASSIGN_OR_RETURN(std::unique_ptr<RecordLog> log, OpenRocksRecordLog(state_dir + "/registry"));
  ASSIGN_OR_RETURN(std::unique_ptr<ReferenceCopy> copy,
                   ReferenceCopy::Open(std::move(log), absl::StrCat(id, "\n", client.topic_prefix)));
  if (const absl::Status same = CheckReferenceTails(client, copy->tails()); absl::IsDataLoss(same)) {
    RETURN_IF_ERROR(copy->Discard(std::string(same.message())));
  } else if (!same.ok()) {
    return same;
  }
  return copy;
}

CopiedFeedEvents Tell(WorkerMetrics& metrics) {
  SystemClock clock;
  CopiedFeedEvents events;
  events.on_caught_up = [&metrics, started = clock.MonotonicMicros()](const ReferenceLoad& load) {
    const double seconds = static_cast<double>(SystemClock().MonotonicMicros() - started) / 1e6;
    spdlog::info("registry: {} records from the copy and {} from Kafka in {:.2f} s", load.copied, load.read, seconds);
    metrics.SetRegistryLoad(static_cast<double>(load.copied), static_cast<double>(load.read), seconds);
  };
  events.on_given_up = [](std::string_view why) {
    spdlog::warn("the registry copy is given up, the next start reads Kafka: {}", why);
  };
  return events;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ReferenceFeed>> OpenReferences(const KafkaClientOptions& client,
                                                              const std::string& state_dir, WorkerMetrics& metrics) {
  CopiedFeedEvents events = Tell(metrics);
  SystemClock clock;
  const int64_t deadline = clock.MonotonicMicros() + limits::kWatchdogTimeout;
  absl::StatusOr<std::unique_ptr<ReferenceCopy>> copy = OpenCopy(client, state_dir);
  // A broker that has just started, or topics that have just been made, answer "try again" for a moment.
  while (absl::IsUnavailable(copy.status()) && clock.MonotonicMicros() < deadline) {
    std::this_thread::sleep_for(kOpenPause);
    copy = OpenCopy(client, state_dir);
  }
  RETURN_IF_ERROR(copy.status());
  if (!(*copy)->why_discarded().empty()) {
    spdlog::warn("the registry copy was discarded, everything is read from Kafka: {}", (*copy)->why_discarded());
  }
  const auto open = [&client](const ReferenceTails& after) -> absl::StatusOr<std::unique_ptr<ReferenceFeed>> {
    ASSIGN_OR_RETURN(std::unique_ptr<KafkaReferenceFeed> feed, KafkaReferenceFeed::Open(client, after));
    return feed;
  };
  return std::make_unique<CopiedFeed>(std::move(*copy), open, std::move(events));
}

}  // namespace zaojing
