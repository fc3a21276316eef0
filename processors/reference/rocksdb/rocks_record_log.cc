#include "processors/reference/rocksdb/rocks_record_log.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/state/rocksdb/rocksdb_options.h"
#include "processors/state/rocksdb/rocksdb_status.h"
#include "proto/limits.h"
#include "proto/status_util.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "rocksdb/table.h"

namespace zaojing {
namespace {

rocksdb::Options LogOptions() {
  rocksdb::Options options = CommonOptions();
  options.write_buffer_size = limits::kCopyWriteBufferBytes;
  options.max_write_buffer_number = 2;
  rocksdb::BlockBasedTableOptions table = CommonTableOptions();
  table.no_block_cache = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

// Ascends with the number.
class Key {
 public:
  explicit Key(uint64_t number) {
    for (size_t i = bytes_.size(); i > 0; --i, number >>= 8) bytes_[i - 1] = static_cast<char>(number & 0xffU);
  }
  rocksdb::Slice slice() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::array<char, 8> bytes_;
};

class RocksRecordLog final : public RecordLog {
 public:
  explicit RocksRecordLog(std::string path) : path_(std::move(path)) {}

  absl::Status Open() {
    std::error_code error;
    std::filesystem::create_directories(path_, error);
    if (error) {
      return absl::FailedPreconditionError(absl::StrCat("directory ", path_, " cannot be created (", error.message(),
                                                        "): check state_dir, its owner and the free space"));
    }
    RETURN_IF_ERROR(CheckSpace());
    rocksdb::DB* opened = nullptr;
    broken_ = Translate(rocksdb::DB::Open(LogOptions(), path_, &opened));
    db_.reset(opened);
    return absl::IsDataLoss(broken_) ? absl::OkStatus() : broken_;
  }

  absl::StatusOr<bool> Read(uint64_t number, std::string* bytes) override {
    RETURN_IF_ERROR(broken_);
    const rocksdb::Status status = db_->Get({}, Key(number).slice(), bytes);
    if (status.IsNotFound()) return false;
    RETURN_IF_ERROR(Translate(status));
    return true;
  }

  absl::Status Append(uint64_t number, std::string_view bytes) override {
    RETURN_IF_ERROR(broken_);
    rocksdb::WriteOptions options;
    options.disableWAL = true;
    return Translate(db_->Put(options, Key(number).slice(), {bytes.data(), bytes.size()}));
  }

  absl::Status Flush() override {
    RETURN_IF_ERROR(broken_);
    RETURN_IF_ERROR(CheckSpace());
    return Translate(db_->Flush({}));
  }

  // Renames first: a crash in the middle leaves either the log or none, never a half that opens.
  absl::Status Wipe() override {
    db_.reset();
    broken_ = absl::FailedPreconditionError(absl::StrCat("the log in ", path_, " was wiped and did not open again"));
    const std::string discarded = path_ + ".discarded";
    std::error_code error;
    std::filesystem::remove_all(discarded, error);
    if (!error) std::filesystem::rename(path_, discarded, error);
    if (!error) std::filesystem::remove_all(discarded, error);
    if (error) {
      return absl::FailedPreconditionError(
          absl::StrCat("directory ", path_, " cannot be removed (", error.message(), "): check its owner and rights"));
    }
    return Open();
  }

 private:
  // Asked first: with Debian's build a file that RocksDB cannot write when it opens a database ends the process.
  absl::Status CheckSpace() const {
    std::error_code error;
    const std::filesystem::space_info space = std::filesystem::space(path_, error);
    if (error || space.available >= limits::kStoreFreeBytesMin) return absl::OkStatus();
    return Translate(rocksdb::Status::NoSpace(
        absl::StrCat(space.available, " bytes are free, at least ", limits::kStoreFreeBytesMin, " must be")));
  }
  absl::Status Translate(const rocksdb::Status& status) const { return TranslateRocksStatus(status, path_); }

  const std::string path_;
  absl::Status broken_;
  std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RecordLog>> OpenRocksRecordLog(const std::string& path) {
  auto log = std::make_unique<RocksRecordLog>(path);
  RETURN_IF_ERROR(log->Open());
  return log;
}

}  // namespace zaojing
