#include "app/output_spill.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

struct Header {
  int64_t timestamp;
  uint32_t key_size;
  uint32_t value_size;
  uint8_t topic;
};

absl::Status Broken(const char* what) {
  return absl::FailedPreconditionError(absl::StrCat("temporary file: ", what, ": ", std::strerror(errno)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<OutputSpill>> OutputSpill::Create(const std::string& directory) {
  std::string path = directory + "/.spill-XXXXXX";
  const int descriptor = ::mkstemp(path.data());
  if (descriptor < 0) return absl::FailedPreconditionError(absl::StrCat(directory, ": ", std::strerror(errno)));
  ::unlink(path.c_str());
  std::FILE* file = ::fdopen(descriptor, "w+b");
  if (file == nullptr) return Broken("open");
  return std::unique_ptr<OutputSpill>(new OutputSpill(file));
}

OutputSpill::~OutputSpill() { std::fclose(file_); }

absl::Status OutputSpill::Write(const void* bytes, size_t size) {
  if (size != 0 && std::fwrite(bytes, size, 1, file_) != 1) return Broken("write");
  return absl::OkStatus();
}

absl::Status OutputSpill::Append(const OutputRecord& record) {
  ++appended_;
  Header header{};
  header.timestamp = record.timestamp;
  header.key_size = static_cast<uint32_t>(record.key.size());
  header.value_size = static_cast<uint32_t>(record.value.size());
  header.topic = static_cast<uint8_t>(record.topic);
  RETURN_IF_ERROR(Write(&header, sizeof header));
  RETURN_IF_ERROR(Write(record.key.data(), record.key.size()));
  return Write(record.value.data(), record.value.size());
}

absl::Status OutputSpill::Rewind() {
  if (std::fflush(file_) != 0) return Broken("write");
  std::rewind(file_);
  return absl::OkStatus();
}

absl::StatusOr<bool> OutputSpill::Next(OutputRecord* record) {
  Header header{};
  if (std::fread(&header, sizeof header, 1, file_) != 1) {
    if (std::ferror(file_) != 0) return Broken("read");
    return false;
  }
  record->timestamp = header.timestamp;
  record->topic = static_cast<Topic>(header.topic);
  record->key.resize(header.key_size);
  record->value.resize(header.value_size);
  const bool whole = (header.key_size == 0 || std::fread(record->key.data(), header.key_size, 1, file_) == 1) &&
                     (header.value_size == 0 || std::fread(record->value.data(), header.value_size, 1, file_) == 1);
  if (!whole) return Broken("read");
  return true;
}

}  // namespace zaojing
