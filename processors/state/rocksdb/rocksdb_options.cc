#include "processors/state/rocksdb/rocksdb_options.h"

#include <algorithm>

#include "processors/state/tables.h"
#include "proto/limits.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/slice_transform.h"
#include "rocksdb/table.h"

namespace zaojing {
namespace {

constexpr double kHighPriorityShare = 0.2;  // of the cache: index and filter blocks
constexpr double kBloomBitsPerKey = 10;
constexpr double kMemtableBloomShare = 0.02;
// Each merge writes a task's whole next level again, so it is worth waiting for; a read asks the filters of that many more
// files, and a scan of one subject opens those that have any of it.
constexpr int kLevel0Files = 24;
constexpr int kLevel0FilesSlow = 3 * kLevel0Files;
constexpr int kLevel0FilesMost = 5 * kLevel0Files;

// With it a file's filter knows the subjects whose keys it has, beside the keys, and a scan of one subject opens only files
// that have any of it. Its name is kept in the files.
class SubjectTransform final : public rocksdb::SliceTransform {
 public:
  const char* Name() const override { return "zaojing.subject.1"; }
  rocksdb::Slice Transform(const rocksdb::Slice& key) const override { return {key.data(), kIndexSubjectBytes}; }
  bool InDomain(const rocksdb::Slice& key) const override { return !SubjectOf({key.data(), key.size()}).empty(); }
};

size_t CacheBytes(size_t budget) { return budget / 6 * 5; }
size_t WriteBufferBytes(size_t budget) { return budget / 3; }

}  // namespace

StoreMemory::StoreMemory(size_t budget_bytes)
    : cache_(rocksdb::NewLRUCache(CacheBytes(budget_bytes), /*num_shard_bits=*/-1,
                                  /*strict_capacity_limit=*/false, kHighPriorityShare)),
      write_buffers_(std::make_shared<rocksdb::WriteBufferManager>(WriteBufferBytes(budget_bytes), cache_,
                                                                   /*allow_stall=*/false)),
      write_buffer_bytes_(std::clamp(WriteBufferBytes(budget_bytes) / static_cast<size_t>(limits::kTasksPerLaneMax),
                                     limits::kStoreWriteBufferBytesMin, limits::kStoreWriteBufferBytesMax)) {}

void StoreMemory::BoundTo(size_t budget_bytes) {
  cache_->SetCapacity(CacheBytes(budget_bytes));
  write_buffers_->SetBufferSize(WriteBufferBytes(budget_bytes));
}

rocksdb::Options CommonOptions() {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.paranoid_checks = true;
  options.force_consistency_checks = true;
  options.avoid_flush_during_shutdown = true;  // durable means Flush() was called
  options.max_open_files = limits::kStoreOpenFilesMax;
  options.keep_log_file_num = 2;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.compression = rocksdb::kLZ4Compression;
  return options;
}

rocksdb::BlockBasedTableOptions CommonTableOptions() {
  rocksdb::BlockBasedTableOptions table;
  table.format_version = 5;
  table.checksum = rocksdb::kXXH3;
  return table;
}

rocksdb::Options StoreMemory::Options() const {
  rocksdb::Options options = CommonOptions();
  options.write_buffer_manager = write_buffers_;
  options.write_buffer_size = write_buffer_bytes_;
  options.max_write_buffer_number = 3;
  options.memtable_whole_key_filtering = true;
  options.memtable_prefix_bloom_size_ratio = kMemtableBloomShare;

  options.compaction_style = rocksdb::kCompactionStyleLevel;
  options.level0_file_num_compaction_trigger = kLevel0Files;
  options.level0_slowdown_writes_trigger = kLevel0FilesSlow;
  options.level0_stop_writes_trigger = kLevel0FilesMost;
  options.level_compaction_dynamic_level_bytes = true;
  options.prefix_extractor = std::make_shared<SubjectTransform>();

  rocksdb::BlockBasedTableOptions table = CommonTableOptions();
  table.block_cache = cache_;
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  table.whole_key_filtering = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace zaojing
