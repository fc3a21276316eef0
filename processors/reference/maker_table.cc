#include "processors/reference/maker_table.h"

namespace zaojing {

void MakerTable::Add(uint32_t number, const Party& maker, CredentialId certificate, int64_t position) {
  if (number >= by_party_.size()) by_party_.resize(number + 1);
  std::vector<Entry>& entries = by_party_[number];
  if (entries.empty()) {
    if (maker.name_hash != 0) parties_[maker.name_hash].push_back(number);
    if (maker.uscc_hash != 0) parties_[maker.uscc_hash].push_back(number);
  }
  entries.push_back({certificate, static_cast<uint32_t>(position)});
}

void MakerTable::Visit(uint64_t hash, int64_t cursor, const std::function<void(CredentialId)>& visit) const {
  const auto found = parties_.find(hash);
  if (found == parties_.end()) return;
  for (const uint32_t number : found->second) {
    for (const Entry& entry : by_party_[number]) {
      if (entry.position < cursor) visit(entry.certificate);
    }
  }
}

size_t MakerTable::bytes() const {
  size_t total = by_party_.capacity() * sizeof(std::vector<Entry>) + parties_.capacity() * 32;
  for (const std::vector<Entry>& entries : by_party_) total += entries.capacity() * sizeof(Entry);
  return total;
}

}  // namespace zaojing
