// An event file as a record source, for replay in canonical order. One owner, one thread.
#pragma once

#include <memory>
#include <utility>

#include "ingest/file/event_file.h"
#include "ingest/record_source.h"

namespace zaojing {

class EventFileSource final : public RecordSource {
 public:
  // REQUIRES file != nullptr.
  explicit EventFileSource(std::unique_ptr<EventFile> file) : file_(std::move(file)) {}

  absl::StatusOr<bool> Next(SourceItem* item) override {
    if (!file_->Next(&event_)) {
      if (!file_->status().ok()) return file_->status();
      return false;
    }
    item->record = event_.record;
    item->rejected = std::move(event_.rejection);
    return true;
  }

  const EventFile& file() const { return *file_; }

 private:
  const std::unique_ptr<EventFile> file_;
  FileEvent event_;
};

}  // namespace zaojing
