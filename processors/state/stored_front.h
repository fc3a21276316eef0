// The first entries that a store has of a table that is used as a queue: what is done next is asked for again and again,
// and between two writes the store's answer stays the same. One owner, one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "processors/state/store.h"

namespace zaojing {

class StoredFront {
 public:
  // `store` must outlive it. `table`: what its keys begin with. At most so many entries are kept, > 0.
  StoredFront(Store& store, std::string_view table, size_t entries_max)
      : store_(store), table_(table), entries_max_(entries_max) {}

  // The table's entries with keys >= `start`, none of another table. Valid until the next call.
  std::unique_ptr<StoreIterator> Seek(std::string_view start);
  // The store has changed.
  void Forget();

 private:
  class Walk;
  using Entry = std::pair<std::string, std::string>;

  bool Has(std::string_view start) const;
  // Effect: the entries from `start` on are here. Returns false when they cannot be read.
  bool Fill(std::string_view start);

  Store& store_;
  const std::string table_;
  const size_t entries_max_;
  bool known_ = false;
  std::string from_;            // the key from which on they are all here, up to the last of them
  bool whole_ = false;          // there are no more in the table
  std::vector<Entry> entries_;  // in key order
};

}  // namespace zaojing
