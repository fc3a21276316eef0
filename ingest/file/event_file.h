// One topic of a directory of event files, read from front to back with bounded memory.
//
//   <topic>.pb      varint length, bare message, ...
//   <topic>.jsonl   protobuf JSON, one event a line; blank lines are passed over
//   each also with .zst at the end; beside it <topic>.meta.jsonl(.zst), which gives keys and places in Kafka.
//
// A record that cannot be read is returned with its rejection, and reading goes on; only a broken length
// prefix, a cut end, a broken compression or a sidecar that does not fit ends the file early (kDataLoss, with
// the byte position).
//
// One thread. A record's views hold until the next call of Next(), and as long as a Pin() taken before it
// lives.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "ingest/decoder.h"
#include "ingest/file/byte_window.h"
#include "ingest/file/json_event.h"
#include "ingest/file/place_file.h"
#include "ingest/record.h"
#include "proto/topics.h"

namespace zaojing {

struct FileEvent {
  // Without a sidecar: partition 0, offset = ordinal in the file from 0, kNoTimestamp, key by the topic's
  // rule. With a rejection: `value` is the original bytes (of the line, for JSON), cut at
  // kDeadLetterValueBytesMax.
  Record record;
  std::optional<Rejection> rejection;
  uint64_t value_size = 0;  // before any cut
  uint64_t line = 0;        // of a .jsonl file, from 1; 0 in a .pb file
};

class EventFile {
 public:
  // nullptr when the directory holds no file of the topic. kInvalidArgument: no such directory, two files for
  // the topic, or a topic whose values are no messages.
  static absl::StatusOr<std::unique_ptr<EventFile>> Open(const std::string& directory, Topic topic);

  // The same over a stream that need not be a file; `name` ends as the file's would and is used in errors. Without
  // sidecar, and not decompressed. REQUIRES a topic whose values are messages.
  static std::unique_ptr<EventFile> FromStream(Topic topic, const std::string& name,
                                               std::unique_ptr<ByteStream> stream);

  // Steps to the next record; false at the end and on error: status() tells which.
  bool Next(FileEvent* event);
  const absl::Status& status() const { return status_; }

  // Keeps alive the memory of the record last returned, and of all others returned with an equal pin.
  std::shared_ptr<const Chunk> Pin() { return window_.Pin(); }

  const std::string& path() const { return path_; }
  bool has_places() const { return places_ != nullptr; }
  uint64_t records_read() const { return ordinal_; }
  // Which part of the file has been read, from 0 to 1, up to a read-ahead; 0 where that is not known.
  double share_read() const { return window_.share_read(); }

 private:
  EventFile(Topic topic, std::string path, std::unique_ptr<ByteStream> stream);

  bool NextBinary(FileEvent* event);
  bool NextLine(FileEvent* event);
  bool FinishLine(std::string_view line, FileEvent* event);
  bool TakeLongLine(FileEvent* event);
  bool Place(FileEvent* event);
  void ApplyPlace(const v1::RecordPlace& place, Record* record);
  bool SkipRest();
  bool CheckSidecarEnds();
  bool Fail(absl::Status status);
  bool FailAt(uint64_t position, std::string_view what);

  const Topic topic_;
  const std::string path_;
  ByteWindow window_;
  std::optional<JsonEvents> json_;  // of a .jsonl file
  std::unique_ptr<PlaceFile> places_;
  absl::Status status_;
  uint64_t ordinal_ = 0;
  uint64_t line_ = 0;
  uint64_t skip_ = 0;  // bytes of an oversized record that are still ahead
  uint64_t record_position_ = 0;
  std::string bytes_;  // reused: the message of a JSON line
  std::string key_;    // reused: a key that is not in the value as such
};

}  // namespace zaojing
