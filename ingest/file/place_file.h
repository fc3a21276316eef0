// The sidecar of an event file: where each of its records lay in Kafka. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "ingest/file/byte_window.h"
#include "zaojing/v1/event_file.pb.h"

namespace zaojing {

class PlaceFile {
 public:
  PlaceFile(std::string path, std::unique_ptr<ByteStream> stream)
      : path_(std::move(path)), window_(std::move(stream)) {}

  // The next line, valid until the next call; nullptr at the end. kDataLoss names the line that is no place.
  absl::StatusOr<const v1::RecordPlace*> Next();

  const std::string& path() const { return path_; }

 private:
  const std::string path_;
  ByteWindow window_;
  v1::RecordPlace place_;
  uint64_t line_ = 0;
};

}  // namespace zaojing
