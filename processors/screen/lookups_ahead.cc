#include "processors/screen/lookups_ahead.h"

namespace zaojing {

static_assert((LookupsAhead::kKept & (LookupsAhead::kKept - 1)) == 0);

const LookupsAhead::Decoded* LookupsAhead::Add(const Record& record) {
  Entry& entry = entries_[added_++ % kKept];
  entry.bytes = nullptr;
  if (!ViewPlain(record, &entry.decoded.lookup)) return nullptr;
  entry.decoded.number = ParseCredentialNumber(entry.decoded.lookup.certificate_number);
  entry.bytes = record.value.data();
  entry.offset = record.offset;
  entry.partition = record.partition;
  entry.topic = record.topic;
  return &entry.decoded;
}

const LookupsAhead::Decoded* LookupsAhead::Take(const Record& record) {
  if (added_ - taken_ > kKept) taken_ = added_ - kKept;
  for (size_t at = taken_; at != added_; ++at) {
    Entry& entry = entries_[at % kKept];
    if (!entry.Is(record)) continue;
    taken_ = at + 1;  // those before it could not be viewed, or were passed over
    entry.bytes = nullptr;
    return &entry.decoded;
  }
  return nullptr;
}

}  // namespace zaojing
