#include "ingest/file/byte_stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/status_util.h"

namespace zaojing {
namespace {

class PlainStream final : public ByteStream {
 public:
  PlainStream(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {
    struct stat file {};
    if (::fstat(descriptor, &file) == 0 && S_ISREG(file.st_mode)) size_ = file.st_size;
  }
  ~PlainStream() override { ::close(descriptor_); }
  PlainStream(const PlainStream&) = delete;
  PlainStream& operator=(const PlainStream&) = delete;

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    while (true) {
      const ssize_t count = ::read(descriptor_, buffer, capacity);
      if (count >= 0) {
        read_ += count;
        return static_cast<size_t>(count);
      }
      if (errno != EINTR) return absl::FailedPreconditionError(path_ + ": " + std::strerror(errno));
    }
  }
  double share_read() const override {
    return size_ > 0 ? std::min(1.0, static_cast<double>(read_) / static_cast<double>(size_)) : 0;
  }

 private:
  const std::string path_;
  const int descriptor_;
  int64_t size_ = 0;
  int64_t read_ = 0;
};

class ZstdStream final : public ByteStream {
 public:
  ZstdStream(std::string path, std::unique_ptr<ByteStream> compressed)
      : path_(std::move(path)), compressed_(std::move(compressed)), input_(ZSTD_DStreamInSize()) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    ZSTD_outBuffer out{buffer, capacity, 0};
    while (out.pos == 0) {
      if (in_.pos == in_.size && !holds_back_) {
        ASSIGN_OR_RETURN(const bool more, Refill());
        if (!more) return size_t{0};
      }
      const size_t result = ZSTD_decompressStream(context_.get(), &out, &in_);
      if (ZSTD_isError(result) != 0) {
        return absl::DataLossError(path_ + ": not zstd: " + ZSTD_getErrorName(result));
      }
      in_frame_ = result != 0;
      holds_back_ = in_frame_ && out.pos == out.size;
    }
    return out.pos;
  }
  double share_read() const override { return compressed_->share_read(); }

 private:
  struct FreeContext {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };

  // False at the end of the file.
  absl::StatusOr<bool> Refill() {
    ASSIGN_OR_RETURN(const size_t count, compressed_->Read(input_.data(), input_.size()));
    if (count == 0 && in_frame_) return absl::DataLossError(path_ + ": ends within a zstd frame");
    in_ = {input_.data(), count, 0};
    return count > 0;
  }

  const std::string path_;
  const std::unique_ptr<ByteStream> compressed_;
  std::vector<char> input_;
  std::unique_ptr<ZSTD_DCtx, FreeContext> context_{ZSTD_createDCtx()};
  ZSTD_inBuffer in_{nullptr, 0, 0};
  bool in_frame_ = false;
  bool holds_back_ = false;  // the last output was full: there may be more without new input
};

}  // namespace

absl::StatusOr<std::unique_ptr<ByteStream>> ByteStream::Open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    const std::string cause = path + ": " + std::strerror(errno);
    return errno == ENOENT ? absl::NotFoundError(cause) : absl::FailedPreconditionError(cause);
  }
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  std::unique_ptr<ByteStream> plain = std::make_unique<PlainStream>(path, descriptor);
  constexpr std::string_view kSuffix = ".zst";
  const bool compressed = path.size() > kSuffix.size() && std::string_view(path).substr(path.size() - 4) == kSuffix;
  if (!compressed) return plain;
  return std::unique_ptr<ByteStream>(std::make_unique<ZstdStream>(path, std::move(plain)));
}

}  // namespace zaojing
