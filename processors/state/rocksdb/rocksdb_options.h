// How a RocksDB of ours is set up: what all have in common, and a task's, with the memory all of these share.
#pragma once

#include <cstddef>
#include <memory>

#include "rocksdb/cache.h"
#include "rocksdb/options.h"
#include "rocksdb/table.h"
#include "rocksdb/write_buffer_manager.h"

namespace zaojing {

// Of every database: what is read is checked, durable means flushed, quiet, LZ4.
rocksdb::Options CommonOptions();
rocksdb::BlockBasedTableOptions CommonTableOptions();

// Memtables are charged to the cache, so that one number bounds both. They may overshoot their share by half
// (a memtable being flushed still counts), hence cache = 5/6 and write buffers = 1/3 of the budget: 5/6 + 1/6
// = 1.
class StoreMemory {
 public:
  explicit StoreMemory(size_t budget_bytes);

  // Effect: another budget. Stores that are open keep the size of their memtables. Any thread.
  void BoundTo(size_t budget_bytes);
  rocksdb::Options Options() const;
  size_t Used() const { return cache_->GetUsage(); }
  size_t Memtables() const { return write_buffers_->memory_usage(); }

 private:
  const std::shared_ptr<rocksdb::Cache> cache_;
  const std::shared_ptr<rocksdb::WriteBufferManager> write_buffers_;
  const size_t write_buffer_bytes_;
};

}  // namespace zaojing
