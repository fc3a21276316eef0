// Event files as record sources.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "ingest/file/event_file.h"
#include "ingest/record_source.h"

namespace zaojing {

class EventSource final : public RecordSource {
 public:
  // `file` may be null: an empty source. `on_record` is told the number of records read so far.
  explicit EventSource(std::unique_ptr<EventFile> file, std::function<void(uint64_t)> on_record = nullptr)
      : file_(std::move(file)), on_record_(std::move(on_record)) {}

  absl::StatusOr<bool> Next(SourceItem* item) override {
    if (file_ == nullptr) return false;
    if (!file_->Next(&event_)) {
      if (!file_->status().ok()) return file_->status();
      return false;
    }
    item->record = event_.record;
    item->rejected = event_.rejection;
    if (on_record_) on_record_(file_->records_read());
    return true;
  }
  uint64_t records_read() const { return file_ == nullptr ? 0 : file_->records_read(); }
  bool has_places() const { return file_ != nullptr && file_->has_places(); }

 private:
  const std::unique_ptr<EventFile> file_;
  const std::function<void(uint64_t)> on_record_;
  FileEvent event_;
};

}  // namespace zaojing
