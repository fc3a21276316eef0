// Writes one topic as an event file (ingest/file/event_file.h names the forms), with its sidecar if asked
// for. The files appear whole at Close(). JSON prints proto field names and no defaults; 64-bit integers are
// strings, as protobuf's JSON mapping has it. One thread.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/topics.h"
#include "sinks/file/whole_file.h"
#include "zaojing/v1/event_file.pb.h"

namespace zaojing {

struct EventFileForm {
  enum class Encoding : uint8_t { kBinary, kJson };
  Encoding encoding = Encoding::kBinary;
  bool compressed = false;
  bool sidecar = false;  // every record then comes with its place
};

// What --format takes: "pb", "pb.zst", "jsonl", "jsonl.zst".
std::vector<std::string> EventFileFormNames();
// nullopt for what is none of them.
std::optional<EventFileForm> EventFileFormNamed(std::string_view name);

class EventWriter {
 public:
  // Creates the directory if need be. kInvalidArgument: the topic's values are no messages, or the directory
  // holds a file of the topic in another form, which a reader would refuse beside this one.
  // kFailedPrecondition: cannot write.
  static absl::StatusOr<std::unique_ptr<EventWriter>> Open(const std::string& directory, Topic topic,
                                                           EventFileForm form);

  // REQUIRES a message of the topic's type.
  absl::Status Append(const google::protobuf::Message& message, const v1::RecordPlace* place = nullptr);
  // A serialised message. kInvalidArgument when it is none and JSON is to be written.
  absl::Status Append(std::string_view value, const v1::RecordPlace* place = nullptr);
  // Effect: the files are on disk under their names. No call afterwards.
  absl::Status Close();

  uint64_t records() const { return records_; }
  const std::string& path() const { return path_; }

 private:
  EventWriter(Topic topic, EventFileForm form, std::string path);

  absl::Status AppendBinary(std::string_view value);
  absl::Status AppendJson(const google::protobuf::Message& message, WholeFile* file);
  absl::Status AppendPlace(const v1::RecordPlace* place);

  const EventFileForm form_;
  const std::string path_;
  std::unique_ptr<WholeFile> events_;
  std::unique_ptr<WholeFile> places_;
  std::unique_ptr<google::protobuf::Message> scratch_;  // of a value that is to be printed
  std::string text_;
  uint64_t records_ = 0;
};

}  // namespace zaojing
