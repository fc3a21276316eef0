#include "processors/state/rocksdb/rocksdb_status.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace zaojing {
namespace {

// What the operator can do about it; RocksDB tells these apart only in its text.
const char* AdviceFor(const rocksdb::Status& status, const std::string& text) {
  if (absl::StrContains(text, "lock")) {
    return "another process or task has it open: stop that one, or give this worker its own state_dir";
  }
  if (status.IsNoSpace() || absl::StrContains(text, "No space left"))
    return "the disk is full: free space and restart";
  if (absl::StrContains(text, "Permission denied")) return "no rights: check the owner of state_dir";
  if (status.IsIOError()) return "the disk reports errors: check it before restarting";
  return "restart the worker; if it comes back, remove the directory and it is rebuilt from the changelog";
}

bool IsMissingFile(const rocksdb::Status& status, const std::string& text) {
  return status.IsPathNotFound() || absl::StrContains(text, "No such file or directory");
}

}  // namespace

absl::Status TranslateRocksStatus(const rocksdb::Status& status, const std::string& path) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = status.ToString();
  if (status.IsCorruption() || IsMissingFile(status, text)) {
    return absl::DataLossError(absl::StrCat("state in ", path, " is damaged: ", text));
  }
  return absl::FailedPreconditionError(
      absl::StrCat("state in ", path, " cannot be used: ", AdviceFor(status, text), " (", text, ")"));
}

}  // namespace zaojing
