#include "processors/state/derived_restore.h"

#include <optional>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "proto/status_util.h"

namespace zaojing {

absl::Status DerivedRestore::Append(std::vector<StateChange>* changes) {
  if (derivation_ == nullptr) return absl::OkStatus();
  // By key, the last change of each: what came of those between never lay in the store.
  absl::flat_hash_map<std::string_view, std::optional<std::string_view>> last;
  for (const StateChange& change : *changes) {
    if (!change.key.empty() && change.key[0] == static_cast<char>(derivation_->source()))
      last[change.key] = change.value;
  }
  DerivedEntries before;
  DerivedEntries after;
  std::string stored;
  const auto keep = [this](std::string_view bytes) { return std::string_view(kept_.emplace_back(bytes)); };
  for (const auto& [key, value] : last) {
    before.Clear();
    after.Clear();
    ASSIGN_OR_RETURN(const bool present, store_.Get(key, &stored));
    if (present) derivation_->Derive(key, stored, &before);
    if (value) derivation_->Derive(key, *value, &after);
    before.VisitChanges(after, [&](std::string_view derived, DerivedEntries::Value, DerivedEntries::Value made) {
      changes->push_back({keep(derived), made ? std::optional(keep(*made)) : std::nullopt});
    });
  }
  return absl::OkStatus();
}

}  // namespace zaojing
