#include "processors/state/rocksdb/rocksdb_store.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/state/rocksdb/rocksdb_options.h"
#include "processors/state/rocksdb/rocksdb_status.h"
#include "processors/state/tables.h"
#include "proto/fetch_ahead.h"
#include "proto/limits.h"
#include "proto/status_util.h"
#include "rocksdb/db.h"
#include "rocksdb/sst_file_writer.h"
#include "rocksdb/write_batch.h"

namespace zaojing {
namespace {

rocksdb::Slice ToSlice(std::string_view s) { return {s.data(), s.size()}; }
std::string_view FromSlice(const rocksdb::Slice& s) { return {s.data(), s.size()}; }

// An iterator is costly to make, one over many files more than what it is then asked for; between two writes all see the
// same. Those that are done are kept here for the next scan, and what they hold (files and blocks) as long.
class SpareIterators {
 public:
  // nullptr when there is none.
  std::unique_ptr<rocksdb::Iterator> Take() {
    if (spare_.empty()) return nullptr;
    std::unique_ptr<rocksdb::Iterator> taken = std::move(spare_.back());
    spare_.pop_back();
    return taken;
  }
  uint64_t generation() const { return generation_; }
  // `generation`: when it was made.
  void Give(std::unique_ptr<rocksdb::Iterator> done, uint64_t generation) {
    if (generation == generation_) spare_.push_back(std::move(done));
  }
  // The store is about to change.
  void Clear() {
    spare_.clear();
    ++generation_;
  }

 private:
  std::vector<std::unique_ptr<rocksdb::Iterator>> spare_;
  uint64_t generation_ = 0;
};

class RocksIterator final : public StoreIterator {
 public:
  // `spares` must outlive it.
  RocksIterator(std::unique_ptr<rocksdb::Iterator> at, const std::string& path, SpareIterators& spares)
      : at_(std::move(at)), path_(path), spares_(spares), generation_(spares.generation()) {}
  ~RocksIterator() override { spares_.Give(std::move(at_), generation_); }
  RocksIterator(const RocksIterator&) = delete;
  RocksIterator& operator=(const RocksIterator&) = delete;
  bool Valid() const override { return at_->Valid(); }
  void Next() override { at_->Next(); }
  std::string_view key() const override { return FromSlice(at_->key()); }
  std::string_view value() const override { return FromSlice(at_->value()); }
  absl::Status status() const override { return TranslateRocksStatus(at_->status(), path_); }

 private:
  std::unique_ptr<rocksdb::Iterator> at_;
  const std::string& path_;
  SpareIterators& spares_;
  const uint64_t generation_;
};

class ClosedIterator final : public StoreIterator {
 public:
  explicit ClosedIterator(absl::Status why) : why_(std::move(why)) {}
  bool Valid() const override { return false; }
  void Next() override {}
  std::string_view key() const override { return {}; }
  std::string_view value() const override { return {}; }
  absl::Status status() const override { return why_; }

 private:
  const absl::Status why_;
};

// What is stored lies anywhere in memory; between the change taken and the one fetched are so many.
constexpr size_t kChangesAhead = 6;

std::string DiscardedPath(const std::string& path) { return path + ".discarded"; }

// Renames first: a crash in the middle leaves either the store or none, never a half that opens.
absl::Status RemoveStore(const std::string& path) {
  std::error_code error;
  const std::string discarded = DiscardedPath(path);
  std::filesystem::remove_all(discarded, error);
  if (!error && std::filesystem::exists(path, error)) std::filesystem::rename(path, discarded, error);
  if (!error) std::filesystem::remove_all(discarded, error);
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("state directory ", path, " cannot be removed (", error.message(), "): check its owner and rights"));
}

// Asked before RocksDB begins to write: with Debian's build, which has its assertions on, a file that it cannot write when
// it opens a database ends the process without a word of the disk.
absl::Status CheckSpace(const std::string& path) {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(path, error);
  if (error || space.available >= limits::kStoreFreeBytesMin) return absl::OkStatus();
  return TranslateRocksStatus(rocksdb::Status::NoSpace(absl::StrCat(space.available, " bytes are free, at least ",
                                                                    limits::kStoreFreeBytesMin, " must be")),
                              path);
}

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenDatabase(const std::string& path, const StoreMemory& memory) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) {
    return absl::FailedPreconditionError(absl::StrCat("state directory ", path, " cannot be created (", error.message(),
                                                      "): check state_dir, its owner and the free space"));
  }
  RETURN_IF_ERROR(CheckSpace(path));
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(memory.Options(), path, &opened);
  if (!status.ok()) return TranslateRocksStatus(status, path);
  return std::unique_ptr<rocksdb::DB>(opened);
}

class RocksStore final : public Store {
 public:
  RocksStore(std::unique_ptr<rocksdb::DB> db, std::string path, std::shared_ptr<StoreMemory> memory)
      : path_(std::move(path)), memory_(std::move(memory)), db_(std::move(db)) {}

  absl::StatusOr<bool> Get(std::string_view key, std::string* value) override {
    if (db_ == nullptr) return Closed();
    rocksdb::PinnableSlice found;
    const rocksdb::Status status = db_->Get({}, db_->DefaultColumnFamily(), ToSlice(key), &found);
    if (status.IsNotFound()) return false;
    if (!status.ok()) return TranslateRocksStatus(status, path_);
    value->assign(found.data(), found.size());
    return true;
  }

  std::unique_ptr<StoreIterator> Seek(std::string_view from) override {
    rocksdb::ReadOptions whole;
    whole.total_order_seek = true;
    return SeekWith(whole, from, whole_);
  }

  std::unique_ptr<StoreIterator> SeekWithin(std::string_view prefix, std::string_view from) override {
    if (SubjectOf(prefix).empty()) return Seek(from);
    rocksdb::ReadOptions of_subject;
    of_subject.prefix_same_as_start = true;
    return SeekWith(of_subject, from, of_subject_);
  }

  absl::Status ApplyCommitted(std::span<const StateChange> changes) override {
    if (db_ == nullptr) return Closed();
    ForgetIterators();
    // In key order each insert into the memtable begins where the last one ended. What is sorted already costs one pass.
    order_.clear();
    for (const StateChange& change : changes) order_.push_back(&change);
    PutInOrder();
    if (order_.size() >= limits::kStoreBulkMin) return LoadSorted();
    batch_.Clear();
    for (const StateChange* change : order_) {
      const rocksdb::Status queued = change->value ? batch_.Put(ToSlice(change->key), ToSlice(*change->value))
                                                   : batch_.Delete(ToSlice(change->key));
      if (!queued.ok()) return TranslateRocksStatus(queued, path_);
    }
    rocksdb::WriteOptions options;
    options.disableWAL = true;
    return TranslateRocksStatus(db_->Write(options, &batch_), path_);
  }

  absl::Status Flush() override {
    if (db_ == nullptr) return Closed();
    RETURN_IF_ERROR(CheckSpace(path_));
    rocksdb::FlushOptions options;
    options.wait = true;
    options.allow_write_stall = true;
    return TranslateRocksStatus(db_->Flush(options), path_);
  }

  absl::Status Wipe() override {
    ForgetIterators();
    db_.reset();
    RETURN_IF_ERROR(RemoveStore(path_));
    ASSIGN_OR_RETURN(db_, OpenDatabase(path_, *memory_));
    return absl::OkStatus();
  }

  uint64_t BytesOnDisk() const override {
    uint64_t bytes = 0;
    if (db_ != nullptr) db_->GetIntProperty(rocksdb::DB::Properties::kLiveSstFilesSize, &bytes);
    return bytes;
  }

 private:
  std::unique_ptr<StoreIterator> SeekWith(const rocksdb::ReadOptions& options, std::string_view from,
                                          SpareIterators& spares) {
    if (db_ == nullptr) return std::make_unique<ClosedIterator>(Closed());
    std::unique_ptr<rocksdb::Iterator> at = spares.Take();
    if (at == nullptr) at.reset(db_->NewIterator(options));
    at->Seek(ToSlice(from));
    return std::make_unique<RocksIterator>(std::move(at), path_, spares);
  }

  void ForgetIterators() {
    whole_.Clear();
    of_subject_.Clear();
  }

  // Effect: order_ is in key order, and of those with one key the last is left.
  void PutInOrder() {
    bool ordered = true;
    for (size_t i = 1; ordered && i < order_.size(); ++i) {
      if (i + kChangesAhead < order_.size()) FetchAhead(order_[i + kChangesAhead]->key);
      ordered = order_[i - 1]->key < order_[i]->key;
    }
    if (ordered) return;
    const auto before = [](const StateChange* a, const StateChange* b) { return a->key < b->key; };
    const auto same = [](const StateChange* a, const StateChange* b) { return a->key == b->key; };
    std::stable_sort(order_.begin(), order_.end(), before);
    const auto first = std::unique(order_.rbegin(), order_.rend(), same);
    order_.erase(order_.begin(), first.base());
  }

  // What is in key order already need not go through a memtable to be sorted: it is written as a file and taken in whole,
  // by one entry of the manifest, durable at once. A file that a crash leaves behind is no part of the database, and
  // overwritten by the next one.
  absl::Status LoadSorted() {
    RETURN_IF_ERROR(CheckSpace(path_));
    const std::string file = path_ + "/bulk";
    // The system keeps what was written: it is read soon, when it is merged or asked for.
    constexpr bool kDropFromPageCache = false;
    rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), memory_->Options(), nullptr, kDropFromPageCache);
    rocksdb::Status status = writer.Open(file);
    for (size_t i = 0; status.ok() && i < order_.size(); ++i) {
      if (i + kChangesAhead < order_.size()) {
        const StateChange& ahead = *order_[i + kChangesAhead];
        FetchAhead(ahead.key);
        FetchAhead(ahead.value.value_or(""));
      }
      const StateChange& change = *order_[i];
      status =
          change.value ? writer.Put(ToSlice(change.key), ToSlice(*change.value)) : writer.Delete(ToSlice(change.key));
    }
    if (status.ok()) status = writer.Finish();
    rocksdb::IngestExternalFileOptions options;
    options.move_files = true;
    options.write_global_seqno = false;  // kept in the manifest
    if (status.ok()) status = db_->IngestExternalFile({file}, options);
    return TranslateRocksStatus(status, path_);
  }

  absl::Status Closed() const {
    return absl::FailedPreconditionError(
        absl::StrCat("store ", path_, " did not open after a wipe: restart the worker"));
  }

  const std::string path_;
  const std::shared_ptr<StoreMemory> memory_;
  rocksdb::WriteBatch batch_;  // kept for its capacity, as is the next
  std::vector<const StateChange*> order_;
  std::unique_ptr<rocksdb::DB> db_;
  SpareIterators whole_;  // iterators go before the database
  SpareIterators of_subject_;
};

class ReadOnlyRocksStore final : public Store {
 public:
  ReadOnlyRocksStore(std::unique_ptr<rocksdb::DB> db, std::string path)
      : store_(std::move(db), path, nullptr), path_(std::move(path)) {}
  absl::StatusOr<bool> Get(std::string_view key, std::string* value) override { return store_.Get(key, value); }
  std::unique_ptr<StoreIterator> Seek(std::string_view from) override { return store_.Seek(from); }
  absl::Status ApplyCommitted(std::span<const StateChange>) override { return ReadOnly(); }
  absl::Status Flush() override { return ReadOnly(); }
  absl::Status Wipe() override { return ReadOnly(); }
  uint64_t BytesOnDisk() const override { return store_.BytesOnDisk(); }

 private:
  absl::Status ReadOnly() const {
    return absl::FailedPreconditionError(absl::StrCat("store ", path_, " is open for reading only"));
  }
  RocksStore store_;
  const std::string path_;
};

}  // namespace

std::shared_ptr<StoreMemory> MakeStoreMemory(size_t budget_bytes) {
  return std::make_shared<StoreMemory>(budget_bytes);
}

void BoundStoreMemory(StoreMemory& memory, size_t budget_bytes) { memory.BoundTo(budget_bytes); }
size_t StoreMemoryUsed(const StoreMemory& memory) { return memory.Used(); }
size_t StoreMemtableBytes(const StoreMemory& memory) { return memory.Memtables(); }

RocksStoreFactory::RocksStoreFactory(std::string directory, std::shared_ptr<StoreMemory> memory)
    : directory_(std::move(directory)), memory_(std::move(memory)) {}

absl::StatusOr<std::unique_ptr<Store>> RocksStoreFactory::Open(const std::string& name) {
  const std::string path = absl::StrCat(directory_, "/", name);
  std::error_code ignored;  // what a crash left of an earlier Discard; costs space only
  std::filesystem::remove_all(DiscardedPath(path), ignored);
  ASSIGN_OR_RETURN(std::unique_ptr<rocksdb::DB> db, OpenDatabase(path, *memory_));
  return std::make_unique<RocksStore>(std::move(db), path, memory_);
}

absl::Status RocksStoreFactory::Discard(const std::string& name) {
  return RemoveStore(absl::StrCat(directory_, "/", name));
}

absl::StatusOr<std::unique_ptr<Store>> OpenRocksStoreReadOnly(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path + "/CURRENT", error)) {
    return absl::NotFoundError(absl::StrCat("no state in ", path, ": give a directory <state_dir>/<stage>-<task>"));
  }
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly({}, path, &opened);
  if (!status.ok()) return TranslateRocksStatus(status, path);
  return std::make_unique<ReadOnlyRocksStore>(std::unique_ptr<rocksdb::DB>(opened), path);
}

}  // namespace zaojing
