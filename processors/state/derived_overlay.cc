#include "processors/state/derived_overlay.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "proto/check.h"

namespace zaojing {

char* DerivedOverlay::Room(size_t size, Transaction* transaction) {
  if (size > transaction->left) {
    transaction->blocks.push_back(std::make_unique_for_overwrite<char[]>(kBlockBytes));
    transaction->left = kBlockBytes;
    transaction->bytes += kBlockBytes;
  }
  char* room = transaction->blocks.back().get() + (kBlockBytes - transaction->left);
  transaction->left -= size;
  return room;
}

void DerivedOverlay::Set(std::string_view key, std::optional<std::string_view> value) {
  const size_t value_size = value ? value->size() : 0;
  ZAOJING_CHECK(key.size() + value_size <= kBlockBytes);
  char* bytes = Room(key.size() + value_size, &open_);
  std::memcpy(bytes, key.data(), key.size());
  if (value_size > 0) std::memcpy(bytes + key.size(), value->data(), value_size);
  open_.writes.push_back(
      {bytes, static_cast<uint32_t>(key.size()), static_cast<uint32_t>(value_size), value.has_value(), next_number_++});
  open_.bytes += sizeof(Write) + sizeof(Keyed<Write>);
  runs_.Add(&open_.writes.back());
}

void DerivedOverlay::Committed() {
  unsaved_bytes_ += open_.bytes;
  if (!open_.writes.empty()) committed_.push_back(std::exchange(open_, {}));
  open_from_ = next_number_;
}

void DerivedOverlay::Drop() {
  if (open_.writes.empty()) return;
  runs_.EraseIf([&](const Write* write) { return IsOpen(*write); });
  open_ = {};
  open_from_ = next_number_;
}

void DerivedOverlay::AppendUnsaved(std::vector<StateChange>* changes) const {
  std::vector<Keyed<const Write>> sorted;
  size_t writes = 0;
  for (const Transaction& transaction : committed_) writes += transaction.writes.size();
  sorted.reserve(writes);
  for (const Transaction& transaction : committed_) {
    for (const Write& write : transaction.writes) sorted.emplace_back(&write);
  }
  SortKeyed(&sorted);
  const Write* last = nullptr;
  for (const Keyed<const Write>& keyed : sorted) {
    const bool older = last != nullptr && last->key() == keyed.entry->key();
    if (!older) changes->push_back({keyed.entry->key(), keyed.entry->value()});
    last = keyed.entry;
  }
}

void DerivedOverlay::Saved() {
  if (open_.writes.empty()) {
    runs_.Clear();
  } else {
    runs_.EraseIf([&](const Write* write) { return !IsOpen(*write); });
  }
  committed_.clear();
  unsaved_bytes_ = 0;
}

void DerivedOverlay::Walk::Next() {
  const Write* before = std::exchange(newest_, nullptr);
  while (at_.Valid() && before != nullptr && at_.entry().key() == before->key()) at_.Next();
  if (at_.Valid()) newest_ = &at_.entry();
}

}  // namespace zaojing
