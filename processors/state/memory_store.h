// A store in memory: file replays, the simulator and tests. Survives as long as the object; Flush marks what a crash
// would keep, and Crash() drops the rest, which is how tests see an unflushed tail disappear.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "processors/state/store.h"

namespace zaojing {

class MemoryStore : public Store {
 public:
  absl::StatusOr<bool> Get(std::string_view key, std::string* value) override;
  std::unique_ptr<StoreIterator> Seek(std::string_view from) override;
  absl::Status ApplyCommitted(std::span<const StateChange> changes) override;
  absl::Status Flush() override;
  absl::Status Wipe() override;
  uint64_t BytesOnDisk() const override { return 0; }

  // Effect: as a process killed now would leave the disk: back to the last Flush.
  void Crash();
  size_t size() const { return entries_.size(); }

 private:
  std::map<std::string, std::string, std::less<>> entries_;
  // Undo log since the last Flush: key and what was there before; replayed backwards by Crash().
  std::vector<std::pair<std::string, std::optional<std::string>>> undo_;
};

}  // namespace zaojing
