#include "bench/e2e/latency.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cmath>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/e2e/clients.h"
#include "bench/e2e/workload.h"
#include "proto/status_util.h"
#include "sinks/kafka/producer.h"
#include "zaojing/v1/verdict.pb.h"

namespace zaojing::bench {
namespace {

constexpr std::string_view kEvent = "event-";
constexpr std::string_view kProbe = "probe-";
constexpr int kWarmUpSeconds = 2;
constexpr int kReadWaitMs = 20;
constexpr int64_t kProbeEvery = 500'000;

// One look-up a call, later than all of Fill's.
class Asker {
 public:
  static absl::StatusOr<std::unique_ptr<Asker>> Open(const Setting& setting, const KafkaClientOptions& client) {
    std::unique_ptr<Asker> asker(new Asker(setting));
    ASSIGN_OR_RETURN(asker->producer_, BulkProducer::Open(client, 0));
    return asker;
  }

  absl::Status Ask(const std::string& event_id) {
    received_at_ += 1'000;
    const v1::Lookup& lookup = workload_.Patrol(asked_++, event_id, received_at_);
    const std::string key = Workload::KeyOf(lookup);
    const std::string value = lookup.SerializeAsString();
    BulkProducer::Message message;
    message.topic = Topic::kLookups;
    message.timestamp = received_at_;
    message.key = key;
    message.value = value;
    return producer_->Produce(message);
  }
  absl::Status Flush() { return producer_->Flush(); }

 private:
  explicit Asker(const Setting& setting)
      : workload_(setting.listings, setting.certificates),
        received_at_(kFirstLookupAt + static_cast<int64_t>(setting.lookups) * kBetweenLookups) {}

  Workload workload_;
  int64_t received_at_;
  uint64_t asked_ = 0;
  std::unique_ptr<BulkProducer> producer_;
};

// Which look-up an answer belongs to.
class AnswerReader {
 public:
  explicit AnswerReader(Answer form) : form_(form) {}
  std::string_view EventId(const Record& record) {
    const auto size = static_cast<int>(record.value.size());
    if (form_ == Answer::kVerdict) {
      return verdict_.ParseFromArray(record.value.data(), size) ? std::string_view(verdict_.lookup_id()) : "";
    }
    return lookup_.ParseFromArray(record.value.data(), size) ? std::string_view(lookup_.event_id()) : "";
  }

 private:
  const Answer form_;
  v1::Verdict verdict_;
  v1::Lookup lookup_;
};

absl::Status AwaitProbe(const Setting& setting, Asker& asker, TailReader& tail, AnswerReader& answers) {
  const int64_t deadline = NowMicros() + setting.limit_us;
  int64_t next_probe = 0;
  int probes = 0;
  bool seen = false;
  while (!seen) {
    const int64_t now = NowMicros();
    if (now > deadline) return absl::UnavailableError("no probe came back within the limit");
    if (now >= next_probe) {
      RETURN_IF_ERROR(asker.Ask(absl::StrCat(ToAbsl(kProbe), probes++)));
      RETURN_IF_ERROR(asker.Flush());
      next_probe = now + kProbeEvery;
    }
    RETURN_IF_ERROR(tail.Read(kReadWaitMs, [&](const Record& record) {
      seen = seen || answers.EventId(record).substr(0, kProbe.size()) == kProbe;
    }));
  }
  return absl::OkStatus();
}

// Sends at a steady pace on a thread of its own and notes when.
class Pacer {
 public:
  Pacer(Asker& asker, size_t count, int rate) : asker_(asker), between_us_(1'000'000 / rate), sent_us_(count) {
    thread_ = std::thread([this] { Run(); });
  }
  ~Pacer() { Join(); }
  void Join() {
    if (thread_.joinable()) thread_.join();
  }
  int64_t sent_us(size_t event) const { return sent_us_[event].load(std::memory_order_relaxed); }
  const absl::Status& status() const { return status_; }  // after Join

 private:
  void Run() {
    const auto start = std::chrono::steady_clock::now();
    for (size_t i = 0; i < sent_us_.size() && status_.ok(); ++i) {
      std::this_thread::sleep_until(start + std::chrono::microseconds(between_us_ * static_cast<int64_t>(i)));
      sent_us_[i].store(NowMicros(), std::memory_order_relaxed);
      status_ = asker_.Ask(absl::StrCat(ToAbsl(kEvent), i));
    }
    if (status_.ok()) status_ = asker_.Flush();
  }

  Asker& asker_;
  const int64_t between_us_;
  std::vector<std::atomic<int64_t>> sent_us_;
  absl::Status status_;
  std::thread thread_;
};

}  // namespace

double QuantileMs(const std::vector<int64_t>& sorted_us, double share) {
  if (sorted_us.empty()) return 0;
  const auto rank = static_cast<size_t>(std::ceil(share * static_cast<double>(sorted_us.size())));
  return static_cast<double>(sorted_us[std::max<size_t>(rank, 1) - 1]) * 1e-3;
}

absl::StatusOr<Latency> MeasureLatency(const Setting& setting, const Deployment& deployment, Answer answer) {
  const KafkaClientOptions client = ClientOf(setting, deployment);
  ASSIGN_OR_RETURN(const std::unique_ptr<Asker> asker, Asker::Open(setting, client));
  ASSIGN_OR_RETURN(const std::unique_ptr<TailReader> tail,
                   TailReader::Open(client, {Topic::kVerdicts}, setting.partitions));
  AnswerReader answers(answer);
  RETURN_IF_ERROR(AwaitProbe(setting, *asker, *tail, answers));

  const auto warm_up = static_cast<size_t>(kWarmUpSeconds) * static_cast<size_t>(setting.latency_rate);
  const size_t count = warm_up + static_cast<size_t>(setting.latency_seconds * setting.latency_rate);
  std::vector<int64_t> took_us;
  std::vector<bool> known(count, false);
  size_t seen = 0;
  const int64_t deadline = NowMicros() + setting.limit_us;
  Pacer pacer(*asker, count, setting.latency_rate);
  while (seen < count && NowMicros() < deadline) {
    RETURN_IF_ERROR(tail->Read(kReadWaitMs, [&](const Record& record) {
      const int64_t now = NowMicros();
      const std::string_view id = answers.EventId(record);
      if (id.substr(0, kEvent.size()) != kEvent) return;
      size_t event = count;
      std::from_chars(id.data() + kEvent.size(), id.data() + id.size(), event);
      if (event >= count || known[event]) return;
      known[event] = true;
      ++seen;
      if (event >= warm_up) took_us.push_back(now - pacer.sent_us(event));
    }));
  }
  pacer.Join();
  RETURN_IF_ERROR(pacer.status());
  if (seen < count) return absl::UnavailableError(absl::StrCat("only ", seen, " of ", count, " answers were seen"));
  std::sort(took_us.begin(), took_us.end());
  Latency result;
  result.sent = count - warm_up;
  result.seen = took_us.size();
  result.p50_ms = QuantileMs(took_us, 0.5);
  result.p99_ms = QuantileMs(took_us, 0.99);
  result.p999_ms = QuantileMs(took_us, 0.999);
  result.max_ms = QuantileMs(took_us, 1);
  return result;
}

}  // namespace zaojing::bench
