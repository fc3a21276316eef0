#include "sinks/kafka/redriver.h"

#include <charconv>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ingest/kafka/cluster.h"
#include "proto/limits.h"
#include "proto/status_util.h"
#include "sinks/kafka/exporter.h"
#include "sinks/kafka/producer.h"

namespace zaojing {
namespace {

constexpr int64_t kQueueKbytes = 64 * 1024;

// What a stage reads, and so may set aside.
constexpr Topic kOrigins[] = {Topic::kControl,     Topic::kEnterprises, Topic::kCertificates,
                              Topic::kInspections, Topic::kRecalls,     Topic::kDispositions,
                              Topic::kLookups,     Topic::kComplaints,  Topic::kSignals};

bool IsOrigin(Topic topic) {
  for (const Topic origin : kOrigins) {
    if (origin == topic) return true;
  }
  return false;
}

TransactionalProducerOptions ProducerOf(const KafkaClientOptions& client, const RedriveOptions& options) {
  TransactionalProducerOptions producer;
  producer.transactional_id = absl::StrCat(client.topic_prefix, options.application, ".redrive");
  producer.outputs.assign(std::begin(kOrigins), std::end(kOrigins));
  producer.outputs.push_back(Topic::kRedrive);
  producer.queue_kbytes = kQueueKbytes;
  return producer;
}

std::string KeyOf(const RedriveCell& cell) {
  return absl::StrCat(ToAbsl(NameOf(cell.topic)), "/", ReasonName(cell.reason));
}

std::optional<RedriveCell> CellOf(std::string_view key) {
  const size_t slash = key.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::optional<Topic> topic = TopicNamed(key.substr(0, slash));
  const std::optional<v1::DeadLetterReason> reason = ReasonNamed(key.substr(slash + 1));
  if (!topic || !reason) return std::nullopt;
  return RedriveCell{*topic, *reason};
}

// The original record is not in the letter, or perhaps not.
bool IsCut(const v1::DeadLetter& letter) {
  return letter.value().size() != letter.value_size() ||
         (letter.reason() == v1::DEAD_LETTER_REASON_OVERSIZED && letter.key().size() == limits::kKeyBytesMax);
}

template <typename Set, typename Value>
bool Passes(const Set& wanted, const Value& value) {
  return wanted.empty() || wanted.contains(value);
}

}  // namespace

Redriver::Redriver(const KafkaClientOptions& client, RedriveOptions options, Clock& clock)
    : client_(client),
      options_(std::move(options)),
      clock_(clock),
      producer_(client_, ProducerOf(client_, options_), clock_) {}

absl::StatusOr<RedriveReport> Redriver::Run() {
  // First of all: whatever an earlier run had open is ended by this, so that the marks are final.
  if (!options_.dry_run) RETURN_IF_ERROR(producer_.Init());
  ASSIGN_OR_RETURN(marks_, ReadMarks());
  ASSIGN_OR_RETURN(const std::unique_ptr<KafkaCluster> cluster, KafkaCluster::Open(client_));
  ASSIGN_OR_RETURN(const KafkaCluster::Bounds bounds, cluster->BoundsOf(Topic::kDeadLetter, 0));
  for (const auto& [cell, next] : marks_) {
    if (next <= bounds.high) continue;
    return absl::DataLossError(absl::StrCat("letters of ", KeyOf(cell), " were put back up to offset ", next,
                                            ", but dead-letter ends at ", bounds.high,
                                            ": it was deleted and made anew; delete topic redrive as well"));
  }
  RETURN_IF_ERROR(
      ExportTopic(client_, Topic::kDeadLetter, [this](const Record& record) { return Visit(record); }).status());
  RETURN_IF_ERROR(Flush());
  return std::move(report_);
}

absl::StatusOr<Redriver::Marks> Redriver::ReadMarks() const {
  Marks marks;
  const auto read = [&](const Record& record) {
    const std::optional<RedriveCell> cell = CellOf(record.key);
    int64_t next = 0;
    const char* const end = record.value.data() + record.value.size();
    if (!cell || std::from_chars(record.value.data(), end, next).ptr != end) {
      return absl::DataLossError(absl::StrCat("redrive offset ", record.offset, " is no mark"));
    }
    marks[*cell] = next;
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(ExportTopic(client_, Topic::kRedrive, read).status());
  return marks;
}

absl::Status Redriver::Visit(const Record& record) {
  if (options_.on_letter) RETURN_IF_ERROR(options_.on_letter(++letters_));
  v1::DeadLetter letter;
  const bool readable = letter.ParseFromArray(record.value.data(), static_cast<int>(record.value.size())) &&
                        v1::DeadLetterReason_IsValid(letter.reason());
  const std::optional<Topic> topic = TopicNamed(letter.topic());
  if (!readable || !topic || !IsOrigin(*topic)) {
    ++report_.unreadable;
    return absl::OkStatus();
  }
  const RedriveCell cell{*topic, letter.reason()};
  RedriveCount& count = report_.cells[cell];
  const auto mark = marks_.find(cell);
  if (mark != marks_.end() && record.offset < mark->second) {
    ++count.earlier;
    return absl::OkStatus();
  }
  if (!Passes(options_.topics, cell.topic) || !Passes(options_.reasons, cell.reason)) {
    ++count.filtered;
    return absl::OkStatus();
  }
  if (IsCut(letter)) {
    ++count.cut;
    return absl::OkStatus();
  }
  ++count.now;
  if (options_.dry_run) return absl::OkStatus();
  // By its key, as the producer should have: a misrouted record finds its partition this time.
  batch_bytes_ += letter.key().size() + letter.value().size();
  batch_.push_back({cell.topic, kPartitionByKey, clock_.WallMicros(), std::move(*letter.mutable_key()),
                    std::move(*letter.mutable_value()), false});
  pending_[cell] = record.offset + 1;
  if (batch_.size() < limits::kRedriveRecordsMax && batch_bytes_ < limits::kRedriveBytesMax) return absl::OkStatus();
  return Flush();
}

// Effect: the batch and its marks are committed, once.
absl::Status Redriver::Flush() {
  if (batch_.empty()) return absl::OkStatus();
  absl::Status status = FlushOnce();
  for (int attempt = 1; !status.ok(); ++attempt) {
    if (absl::IsFailedPrecondition(status) || attempt == limits::kRedriveAttemptsMax) return status;
    // The new producer fences the old one, so whether that commit happened is decided, and the marks tell.
    const absl::Status renewed = producer_.Init();
    if (!renewed.ok()) {
      status = renewed;
      continue;
    }
    ASSIGN_OR_RETURN(const Marks now, ReadMarks());
    Marks after = marks_;
    for (const auto& [cell, next] : pending_) after[cell] = next;
    if (now != marks_ && now != after) {
      return absl::FailedPreconditionError(
          "another redrive of this application runs or ran meanwhile: this one stops, that one goes on");
    }
    status = now == after ? absl::OkStatus() : FlushOnce();
  }
  for (const auto& [cell, next] : pending_) marks_[cell] = next;
  pending_.clear();
  batch_.clear();
  batch_bytes_ = 0;
  return absl::OkStatus();
}

absl::Status Redriver::FlushOnce() {
  std::vector<OutputRecord> marks;
  for (const auto& [cell, next] : pending_) {
    marks.push_back({Topic::kRedrive, 0, clock_.WallMicros(), KeyOf(cell), std::to_string(next), false});
  }
  RETURN_IF_ERROR(producer_.Begin());
  RETURN_IF_ERROR(producer_.Produce(batch_));
  RETURN_IF_ERROR(producer_.Produce(marks));
  return producer_.Commit();
}

}  // namespace zaojing
