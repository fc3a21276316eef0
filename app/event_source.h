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
  // What is told of each record: how many have been read, and which part of the file (EventFile::share_read).
  using OnRecord = std::function<void(uint64_t done, double share)>;

  // `file` may be null: an empty source.
  explicit EventSource(std::unique_ptr<EventFile> file, OnRecord on_record = nullptr)
      : file_(std::move(file)), on_record_(std::move(on_record)) {}

  absl::StatusOr<bool> Next(SourceItem* item) override {
    if (file_ == nullptr) return false;
    if (!file_->Next(&event_)) {
      if (!file_->status().ok()) return file_->status();
      return false;
    }
    item->record = event_.record;
    item->rejected = event_.rejection;
    if (on_record_) on_record_(file_->records_read(), file_->share_read());
    return true;
  }
  uint64_t records_read() const { return file_ == nullptr ? 0 : file_->records_read(); }
  // As EventFile::share_read.
  double share_read() const { return file_ == nullptr ? 1 : file_->share_read(); }
  bool has_places() const { return file_ != nullptr && file_->has_places(); }

 private:
  const std::unique_ptr<EventFile> file_;
  const OnRecord on_record_;
  FileEvent event_;
};

}  // namespace zaojing
