#include "processors/state/rocksdb/rocksdb_status.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace zaojing {
namespace {

bool IsNoSpace(const rocksdb::Status& status, const std::string& text) {
  return status.IsNoSpace() || absl::StrContains(text, "No space left") || absl::StrContains(text, "quota exceeded");
}

bool IsLocked(const std::string& text) { return absl::StrContains(text, "/LOCK"); }

// What the operator can do about it; RocksDB tells these apart only in its text.
const char* AdviceFor(const rocksdb::Status& status, const std::string& text) {
  if (IsNoSpace(status, text)) return "no space left on the disk: free space and start again";
  if (IsLocked(text)) {
    return "another process or task has it open: stop that one, or give this worker its own state_dir";
  }
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
  // A file that could not be written for want of space may be missed later in the same call; it was never good.
  const bool full = IsNoSpace(status, text);
  if (!full && (status.IsCorruption() || IsMissingFile(status, text))) {
    return absl::DataLossError(absl::StrCat("state in ", path, " is damaged: ", text));
  }
  const std::string message =
      absl::StrCat("state in ", path, " cannot be used: ", AdviceFor(status, text), " (", text, ")");
  // Held by a lane that has parked it, it comes free within the rebalance.
  if (!full && IsLocked(text)) return absl::UnavailableError(message);
  return absl::FailedPreconditionError(message);
}

}  // namespace zaojing
