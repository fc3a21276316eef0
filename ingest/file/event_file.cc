#include "ingest/file/event_file.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "ingest/record_key.h"
#include "proto/limits.h"
#include "proto/status_util.h"
#include "proto/topic_message.h"

namespace zaojing {
namespace {

constexpr size_t kPrefixBytesMax = 10;             // of a 64-bit varint
constexpr uint64_t kClaimMax = uint64_t{1} << 31;  // no protobuf message is larger: the prefix is broken
constexpr std::string_view kLines = ".jsonl";

// Which of the names exists in the directory; empty = none, more than one = error.
absl::StatusOr<std::string> OneOf(const std::string& directory,
                                  const std::initializer_list<std::string>& names) {
  std::string found;
  for (const std::string& name : names) {
    std::error_code error;
    if (!std::filesystem::exists(std::filesystem::path(directory) / name, error)) continue;
    if (!found.empty()) {
      return absl::InvalidArgumentError(directory + ": holds both " + found + " and " + name +
                                        "; a topic is one file: remove one");
    }
    found = name;
  }
  return found;
}

std::string PathIn(const std::string& directory, const std::string& name) {
  return (std::filesystem::path(directory) / name).string();
}

bool IsBlank(std::string_view line) { return line.find_first_not_of(" \t\r") == line.npos; }

Rejection Oversized() {
  return {v1::DEAD_LETTER_REASON_OVERSIZED,
          "value: over " + std::to_string(limits::kRecordBytesMax) + " bytes"};
}

}  // namespace

absl::StatusOr<std::unique_ptr<EventFile>> EventFile::Open(const std::string& directory, Topic topic) {
  const std::string name(NameOf(topic));
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error)) {
    return absl::InvalidArgumentError(directory + ": not a directory");
  }
  ASSIGN_OR_RETURN(const std::string found,
                   OneOf(directory, {name + ".pb", name + ".pb.zst", name + ".jsonl", name + ".jsonl.zst"}));
  if (found.empty()) return nullptr;
  if (PrototypeOf(topic) == nullptr) {
    return absl::InvalidArgumentError(directory + "/" + found + ": values of " + name + " are no messages");
  }
  const std::string path = PathIn(directory, found);
  ASSIGN_OR_RETURN(auto stream, ByteStream::Open(path));
  std::unique_ptr<EventFile> file(new EventFile(topic, path, std::move(stream)));
  ASSIGN_OR_RETURN(const std::string sidecar,
                   OneOf(directory, {name + ".meta.jsonl", name + ".meta.jsonl.zst"}));
  if (!sidecar.empty()) {
    const std::string sidecar_path = PathIn(directory, sidecar);
    ASSIGN_OR_RETURN(auto sidecar_stream, ByteStream::Open(sidecar_path));
    file->places_ = std::make_unique<PlaceFile>(sidecar_path, std::move(sidecar_stream));
  }
  return file;
}

EventFile::EventFile(Topic topic, std::string path, std::unique_ptr<ByteStream> stream)
    : topic_(topic), path_(std::move(path)), window_(std::move(stream)) {
  if (path_.find(kLines, path_.size() - std::min(path_.size(), std::string_view(".jsonl.zst").size())) !=
      path_.npos) {
    json_.emplace(topic);
  }
}

bool EventFile::Fail(absl::Status status) {
  status_ = std::move(status);
  return false;
}

bool EventFile::FailAt(uint64_t position, std::string_view what) {
  return Fail(absl::DataLossError(path_ + ": byte " + std::to_string(position) + ": " + std::string(what) +
                                  "; the file ends here after " + std::to_string(ordinal_) + " records"));
}

bool EventFile::Next(FileEvent* event) {
  if (!status_.ok()) return false;
  event->rejection.reset();
  return json_.has_value() ? NextLine(event) : NextBinary(event);
}

bool EventFile::NextBinary(FileEvent* event) {
  if (skip_ > 0 && !SkipRest()) return false;
  if (absl::Status status = window_.Ensure(kPrefixBytesMax); !status.ok()) [[unlikely]]
    return Fail(status);
  record_position_ = window_.position();
  const std::string_view visible = window_.visible();
  if (visible.empty()) return CheckSidecarEnds();
  uint64_t size = 0;
  size_t prefix = 0;
  for (bool more = true; more; ++prefix) {
    if (prefix == std::min(visible.size(), kPrefixBytesMax))
      return FailAt(record_position_, "broken length prefix");
    const auto byte = static_cast<unsigned char>(visible[prefix]);
    size |= uint64_t{byte & 0x7fU} << (7 * prefix);
    more = byte >= 0x80;
  }
  if (size >= kClaimMax) return FailAt(record_position_, "broken length prefix");
  window_.Consume(prefix);
  const auto seen = static_cast<size_t>(
      size <= limits::kRecordBytesMax ? size : std::min<uint64_t>(size, limits::kDeadLetterValueBytesMax));
  if (absl::Status status = window_.Ensure(seen); !status.ok()) [[unlikely]]
    return Fail(status);
  if (window_.visible().size() < seen)
    return FailAt(record_position_, "record longer than the rest of the file");
  event->record.value = window_.visible().substr(0, seen);
  event->value_size = size;
  event->line = 0;
  if (size > limits::kRecordBytesMax) [[unlikely]]
    event->rejection = Oversized();
  skip_ = size - seen;
  window_.Consume(seen);
  return Place(event);
}

bool EventFile::SkipRest() {
  while (skip_ > 0) {
    if (absl::Status status = window_.Ensure(1); !status.ok()) return Fail(status);
    const std::string_view visible = window_.visible();
    if (visible.empty()) return FailAt(record_position_, "record longer than the rest of the file");
    const uint64_t step = std::min<uint64_t>(visible.size(), skip_);
    window_.Consume(static_cast<size_t>(step));
    skip_ -= step;
  }
  return true;
}

bool EventFile::NextLine(FileEvent* event) {
  while (true) {
    // Most lines are already visible; only when none is, the window moves.
    size_t newline = window_.visible().find('\n');
    if (newline == std::string_view::npos) {
      if (absl::Status status = window_.Ensure(limits::kRecordBytesMax + 1); !status.ok())
        return Fail(status);
      newline = window_.visible().find('\n');
    }
    const std::string_view visible = window_.visible();
    if (visible.empty()) return CheckSidecarEnds();
    record_position_ = window_.position();
    ++line_;
    const size_t size = std::min(newline, visible.size());
    if (size > limits::kRecordBytesMax) return TakeLongLine(event);
    window_.Consume(std::min(size + 1, visible.size()));
    const std::string_view line = visible.substr(0, size);
    if (!IsBlank(line)) return FinishLine(line, event);
  }
}

bool EventFile::FinishLine(std::string_view line, FileEvent* event) {
  event->line = line_;
  event->rejection = json_->ToBytes(line, &bytes_);
  event->record.value = event->rejection.has_value() ? line : window_.Keep(bytes_);
  event->value_size = event->record.value.size();
  return Place(event);
}

// The line is copied: its end must be found, which may move the window past its beginning.
bool EventFile::TakeLongLine(FileEvent* event) {
  std::string head;
  event->value_size = 0;
  for (bool ended = false; !ended;) {
    if (absl::Status status = window_.Ensure(1); !status.ok()) return Fail(status);
    const std::string_view visible = window_.visible();
    const size_t newline = visible.find('\n');
    const size_t size = std::min(newline, visible.size());
    head.append(visible.substr(0, std::min(size, limits::kDeadLetterValueBytesMax - head.size())));
    event->value_size += size;
    ended = newline != visible.npos || visible.empty();
    window_.Consume(std::min(size + 1, visible.size()));
  }
  event->line = line_;
  event->record.value = window_.Keep(head);
  event->rejection = Oversized();
  return Place(event);
}

bool EventFile::Place(FileEvent* event) {
  Record& record = event->record;
  record.topic = topic_;
  record.tombstone = false;
  if (places_ != nullptr) {
    absl::StatusOr<const v1::RecordPlace*> place = places_->Next();
    if (!place.ok()) return Fail(place.status());
    if (*place == nullptr) {
      return Fail(absl::DataLossError(places_->path() + ": ends after " + std::to_string(ordinal_) +
                                      " lines, " + path_ + " goes on: they do not belong together"));
    }
    ApplyPlace(**place, &record);
  } else {
    record.partition = 0;
    record.offset = static_cast<int64_t>(ordinal_);
    record.timestamp = kNoTimestamp;
    record.key = event->rejection.has_value() ? std::string_view() : KeyOfValue(topic_, record.value, &key_);
    const bool borrowed = record.key.data() == key_.data() && !record.key.empty();
    if (borrowed) record.key = window_.Keep(record.key);
  }
  ++ordinal_;
  return true;
}

void EventFile::ApplyPlace(const v1::RecordPlace& place, Record* record) {
  record->partition = place.partition();
  record->offset = place.offset();
  record->timestamp = place.timestamp();
  record->key = window_.Keep(place.key_bytes().empty() ? place.key() : place.key_bytes());
}

bool EventFile::CheckSidecarEnds() {
  if (places_ == nullptr) return false;
  absl::StatusOr<const v1::RecordPlace*> place = places_->Next();
  if (!place.ok()) return Fail(place.status());
  if (*place == nullptr) return false;
  return Fail(absl::DataLossError(places_->path() + ": goes on after " + path_ + " ended with " +
                                  std::to_string(ordinal_) + " records: they do not belong together"));
}

}  // namespace zaojing
