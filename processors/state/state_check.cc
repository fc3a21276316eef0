#include "processors/state/state_check.h"

#include "processors/state/tables.h"

namespace zaojing {

void StateCheck::Add(std::string_view key, std::string_view value) {
  if (key.empty() || key[0] == static_cast<char>(Table::kMarker)) return;
  if (IsDerivedKey(key)) {
    derived_ += EntryDigest(key, value);
    return;
  }
  digest_ += EntryDigest(key, value);
  if (derivation_ == nullptr || key[0] != static_cast<char>(derivation_->source())) return;
  follow_.Clear();
  derivation_->Derive(key, value, &follow_);
  for (size_t i = 0; i < follow_.size(); ++i) derived_ -= EntryDigest(follow_[i].key, follow_[i].value);
}

}  // namespace zaojing
