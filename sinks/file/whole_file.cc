#include "sinks/file/whole_file.h"

#include <fcntl.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "proto/check.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

constexpr size_t kBufferBytes = 256 * 1024;
constexpr mode_t kMode = 0644;

class PlainFile final : public WholeFile {
 public:
  PlainFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {
    buffer_.reserve(kBufferBytes);
  }
  ~PlainFile() override {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(PartOf(path_).c_str());
  }
  PlainFile(const PlainFile&) = delete;
  PlainFile& operator=(const PlainFile&) = delete;

  static std::string PartOf(const std::string& path) { return path + ".part"; }

  absl::Status Append(std::string_view bytes) override {
    if (buffer_.size() + bytes.size() > kBufferBytes) {
      RETURN_IF_ERROR(Write(buffer_));
      buffer_.clear();
    }
    if (bytes.size() >= kBufferBytes) return Write(bytes);
    buffer_.append(bytes);
    return absl::OkStatus();
  }

  absl::Status Close() override {
    RETURN_IF_ERROR(Write(buffer_));
    // Some file systems tell only here that the disk is full.
    if (::fsync(descriptor_) != 0) return Failure("fsync");
    const int descriptor = std::exchange(descriptor_, -1);
    if (::close(descriptor) != 0) return Failure("close");
    if (std::rename(PartOf(path_).c_str(), path_.c_str()) != 0) return Failure("rename");
    return absl::OkStatus();
  }

 private:
  absl::Status Failure(std::string_view call) const {
    return absl::FailedPreconditionError(path_ + ": " + std::string(call) + ": " + std::strerror(errno));
  }

  absl::Status Write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return Failure("write");
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return absl::OkStatus();
  }

  const std::string path_;
  int descriptor_;  // -1 = closed
  std::string buffer_;
};

class ZstdFile final : public WholeFile {
 public:
  explicit ZstdFile(std::unique_ptr<WholeFile> compressed)
      : compressed_(std::move(compressed)), output_(ZSTD_CStreamOutSize()) {
    ZAOJING_CHECK(context_ != nullptr);
    ZAOJING_CHECK(ZSTD_isError(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1)) == 0);
  }

  absl::Status Append(std::string_view bytes) override { return Compress(bytes, ZSTD_e_continue); }

  absl::Status Close() override {
    RETURN_IF_ERROR(Compress({}, ZSTD_e_end));
    return compressed_->Close();
  }

 private:
  struct FreeContext {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };

  absl::Status Compress(std::string_view bytes, ZSTD_EndDirective directive) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (bool finished = false; !finished;) {
      ZSTD_outBuffer out{output_.data(), output_.size(), 0};
      const size_t left = ZSTD_compressStream2(context_.get(), &out, &in, directive);
      ZAOJING_CHECK(ZSTD_isError(left) == 0);  // fails only on misuse
      RETURN_IF_ERROR(compressed_->Append({output_.data(), out.pos}));
      finished = directive == ZSTD_e_end ? left == 0 : in.pos == in.size;
    }
    return absl::OkStatus();
  }

  const std::unique_ptr<WholeFile> compressed_;
  std::vector<char> output_;
  std::unique_ptr<ZSTD_CCtx, FreeContext> context_{ZSTD_createCCtx()};
};

}  // namespace

absl::StatusOr<std::unique_ptr<WholeFile>> WholeFile::Create(const std::string& path) {
  const std::string part = PlainFile::PartOf(path);
  const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kMode);
  if (descriptor < 0) return absl::FailedPreconditionError(part + ": open: " + std::strerror(errno));
  std::unique_ptr<WholeFile> plain = std::make_unique<PlainFile>(path, descriptor);
  constexpr std::string_view kSuffix = ".zst";
  const bool compressed =
      path.size() > kSuffix.size() && path.compare(path.size() - kSuffix.size(), kSuffix.size(), kSuffix) == 0;
  if (!compressed) return plain;
  return std::unique_ptr<WholeFile>(std::make_unique<ZstdFile>(std::move(plain)));
}

}  // namespace zaojing
