#include "processors/reference/reference_copy.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/check.h"
#include "proto/ids.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

constexpr std::string_view kFormat = "zaojing registry copy 1";

// Numbers in the machine's own order: the copy never leaves the machine, and another order would not read the head.
template <typename T>
void Put(T number, std::string* out) {
  std::array<char, sizeof(T)> bytes;
  std::memcpy(bytes.data(), &number, sizeof(T));
  out->append(bytes.data(), bytes.size());
}

// Takes values off the front; once something is missing nothing is good any more.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}
  template <typename T>
  T Take() {
    T number{};
    const std::string_view bytes = Text(sizeof(T));
    if (good_) std::memcpy(&number, bytes.data(), sizeof(T));
    return number;
  }
  std::string_view Text(size_t size) {
    good_ = good_ && size <= left_.size();
    if (!good_) return {};
    const std::string_view text = left_.substr(0, size);
    left_.remove_prefix(size);
    return text;
  }
  bool good() const { return good_; }
  bool empty() const { return left_.empty(); }

 private:
  std::string_view left_;
  bool good_ = true;
};

std::string Head(std::string_view identity) {
  constexpr uint32_t kByteOrder = 0x01020304;
  std::string head(kFormat);
  Put(kByteOrder, &head);
  head.append(identity);
  return head;
}

// A chunk: the tails at its end, the count of its records, the records.
void PutFrame(const Record& record, std::string* out) {
  Put(static_cast<uint8_t>(record.topic), out);
  Put(static_cast<uint8_t>(record.tombstone), out);
  Put(static_cast<uint32_t>(record.key.size()), out);
  Put(static_cast<uint32_t>(record.value.size()), out);
  Put(record.offset, out);
  Put(record.timestamp, out);
  out->append(record.key).append(record.value);
}

std::string Tails(const ReferenceTails& tails) {
  std::string out;
  for (const ReferenceTail& tail : tails) {
    Put(tail.count, &out);
    Put(tail.offset, &out);
    Put(tail.hash, &out);
  }
  return out;
}

ReferenceTails TakeTails(Reader& reader) {
  ReferenceTails tails;
  for (ReferenceTail& tail : tails) {
    tail.count = reader.Take<int64_t>();
    tail.offset = reader.Take<int64_t>();
    tail.hash = reader.Take<uint64_t>();
  }
  return tails;
}

void Step(const Record& record, ReferenceTails* tails) {
  ReferenceTail& tail = (*tails)[static_cast<size_t>(record.topic)];
  ++tail.count;
  tail.offset = record.offset;
}

absl::Status Damaged(uint64_t number) {
  return absl::DataLossError(absl::StrCat("the registry copy is damaged: entry ", number, " is not what was written"));
}

class Chunk final : public RecordBatch {
 public:
  // The records of an entry's bytes, which continue from `*tails`; nullptr when they do not. Effect: *tails moves on.
  static std::shared_ptr<const Chunk> Parse(std::string bytes, ReferenceTails* tails) {
    auto chunk = std::make_shared<Chunk>();
    chunk->bytes_ = std::move(bytes);
    return chunk->ParseBytes(tails) ? chunk : nullptr;
  }

 private:
  bool ParseBytes(ReferenceTails* tails) {
    Reader reader(bytes_);
    const ReferenceTails stated = TakeTails(reader);
    const auto count = reader.Take<uint32_t>();
    ReferenceTails walked = *tails;
    while (reader.good() && !reader.empty()) {
      Record record;
      record.topic = static_cast<Topic>(reader.Take<uint8_t>());
      record.tombstone = reader.Take<uint8_t>() != 0;
      const auto key_size = reader.Take<uint32_t>();
      const auto value_size = reader.Take<uint32_t>();
      record.offset = reader.Take<int64_t>();
      record.timestamp = reader.Take<int64_t>();
      record.key = reader.Text(key_size);
      record.value = reader.Text(value_size);
      if (!reader.good() || !IsReference(record.topic)) return false;
      Step(record, &walked);
      records_.push_back(record);
    }
    for (size_t i = 0; i < walked.size(); ++i) walked[i].hash = stated[i].hash;
    if (!reader.good() || records_.size() != count || records_.empty() || walked != stated) return false;
    *tails = walked;
    return true;
  }

  std::string bytes_;
};

// A part of a chunk, which it keeps alive.
class Part final : public RecordBatch {
 public:
  Part(std::shared_ptr<const RecordBatch> whole, size_t first, size_t count) : whole_(std::move(whole)) {
    const auto part = whole_->records().subspan(first, count);
    records_.assign(part.begin(), part.end());
  }

 private:
  const std::shared_ptr<const RecordBatch> whole_;
};

class Nothing final : public RecordBatch {};

}  // namespace

uint64_t ReferenceHash(const Record& record) {
  std::string bytes;
  Put(static_cast<uint32_t>(record.key.size()), &bytes);
  Put(static_cast<uint8_t>(record.tombstone), &bytes);
  Put(record.timestamp, &bytes);
  bytes.append(record.key).append(record.value);
  return Hash64(bytes);
}

ReferenceCopy::ReferenceCopy(std::unique_ptr<RecordLog> log, std::string identity)
    : log_(std::move(log)), identity_(std::move(identity)) {}

absl::StatusOr<std::unique_ptr<ReferenceCopy>> ReferenceCopy::Open(std::unique_ptr<RecordLog> log,
                                                                   std::string identity) {
  std::unique_ptr<ReferenceCopy> copy(new ReferenceCopy(std::move(log), std::move(identity)));
  const absl::Status loaded = copy->Load();
  if (absl::IsDataLoss(loaded)) {
    RETURN_IF_ERROR(copy->Discard(std::string(loaded.message())));
  } else if (!loaded.ok()) {
    return loaded;
  }
  return copy;
}

absl::Status ReferenceCopy::Load() {
  std::string bytes;
  ASSIGN_OR_RETURN(const bool any, log_->Read(0, &bytes));
  if (!any) return absl::OkStatus();
  if (bytes != Head(identity_)) {
    return absl::DataLossError("the registry copy is of another cluster, of other topics or of another format");
  }
  ASSIGN_OR_RETURN(const uint64_t last, FindLast());
  entries_ = last + 1;
  if (last == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool there, log_->Read(last, &bytes));
  Reader reader(bytes);
  tails_ = TakeTails(reader);
  return there && reader.good() ? absl::OkStatus() : Damaged(last);
}

absl::StatusOr<uint64_t> ReferenceCopy::FindLast() {
  // An entry is there only if all before it are: doubling, then halving, finds the end in few questions.
  std::string bytes;
  uint64_t there = 0;
  uint64_t step = 1;
  for (;; step *= 2) {
    ASSIGN_OR_RETURN(const bool found, log_->Read(there + step, &bytes));
    if (!found) break;
    there += step;
  }
  for (step /= 2; step > 0; step /= 2) {
    ASSIGN_OR_RETURN(const bool found, log_->Read(there + step, &bytes));
    if (found) there += step;
  }
  return there;
}

absl::Status ReferenceCopy::Discard(std::string why) {
  why_discarded_ = std::move(why);
  entries_ = 0;
  next_entry_ = 1;
  chunk_ = nullptr;
  tails_ = {};
  played_ = {};
  pending_.clear();
  pending_records_ = 0;
  return log_->Wipe();
}

absl::StatusOr<std::unique_ptr<RecordBatch>> ReferenceCopy::Play(size_t records_max) {
  if (chunk_ == nullptr) {
    if (next_entry_ >= entries_) return std::make_unique<Nothing>();
    std::string bytes;
    ASSIGN_OR_RETURN(const bool there, log_->Read(next_entry_, &bytes));
    // What is parsed is handed out whole, or not begun.
    chunk_ = there ? Chunk::Parse(std::move(bytes), &played_) : nullptr;
    if (chunk_ == nullptr) return Damaged(next_entry_);
    ++next_entry_;
    chunk_at_ = 0;
  }
  const size_t count = std::min(records_max, chunk_->records().size() - chunk_at_);
  auto part = std::make_unique<Part>(chunk_, chunk_at_, count);
  chunk_at_ += count;
  if (chunk_at_ == chunk_->records().size()) chunk_ = nullptr;
  return part;
}

absl::Status ReferenceCopy::Append(const RecordBatch& batch) {
  ZAOJING_CHECK(chunk_ == nullptr && next_entry_ >= entries_);
  std::array<const Record*, kReferenceTopics.size()> last = {};
  const auto hash_last = [&] {
    for (const Record*& record : last) {
      if (record != nullptr) tails_[static_cast<size_t>(record->topic)].hash = ReferenceHash(*record);
      record = nullptr;
    }
  };
  for (const Record& record : batch.records()) {
    if (!IsReference(record.topic)) continue;
    PutFrame(record, &pending_);
    ++pending_records_;
    Step(record, &tails_);
    last[static_cast<size_t>(record.topic)] = &record;
    if (pending_.size() < limits::kCopyChunkBytes) continue;
    hash_last();
    RETURN_IF_ERROR(Write());
  }
  hash_last();
  return absl::OkStatus();
}

absl::Status ReferenceCopy::Write() {
  if (pending_records_ == 0) return absl::OkStatus();
  if (entries_ == 0) {
    RETURN_IF_ERROR(log_->Append(0, Head(identity_)));
    entries_ = 1;
  }
  std::string entry = Tails(tails_);
  Put(pending_records_, &entry);
  entry.append(pending_);
  RETURN_IF_ERROR(log_->Append(entries_, entry));
  next_entry_ = ++entries_;
  played_ = tails_;
  pending_.clear();
  pending_records_ = 0;
  return absl::OkStatus();
}

absl::Status ReferenceCopy::Save() {
  RETURN_IF_ERROR(Write());
  return log_->Flush();
}

}  // namespace zaojing
