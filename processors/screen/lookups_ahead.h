// Look-ups decoded when their lane looks ahead (Stage::HintOf), and kept until they are applied: what a look-up asks of
// memory is in its fields, and they are read once. Only what can be viewed as it lies is kept; of the rest, and of records
// nobody looked ahead for, Take finds nothing, and whoever applies them decodes them.
//
// Views the records' own bytes: an entry is good as long as its record's batch. One owner, one thread; no allocation after
// construction.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "ingest/lookup_view.h"
#include "ingest/record.h"
#include "proto/identifiers.h"

namespace zaojing {

class LookupsAhead {
 public:
  static constexpr size_t kKept = 32;  // a power of two, and more than a lane looks ahead

  struct Decoded {
    LookupView lookup;
    CredentialNumber number;  // of the certificate shown
  };

  // Effect: the record, if it can be viewed, is kept until kKept more were. nullptr: it cannot be.
  const Decoded* Add(const Record& record);
  // What was kept of the record, once; nullptr = nothing. Quick where records are taken in the order they were added in.
  const Decoded* Take(const Record& record);

 private:
  // Which record, by its place and by where its bytes lie.
  struct Entry {
    const char* bytes = nullptr;  // nullptr = nothing is kept here
    int64_t offset = 0;
    int32_t partition = 0;
    Topic topic = Topic::kLookups;
    Decoded decoded;
    bool Is(const Record& record) const {
      return bytes != nullptr && bytes == record.value.data() && offset == record.offset &&
             partition == record.partition && topic == record.topic;
    }
  };

  std::array<Entry, kKept> entries_;
  size_t added_ = 0;
  size_t taken_ = 0;
};

}  // namespace zaojing
