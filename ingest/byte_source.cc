#include "ingest/byte_source.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "absl/strings/str_cat.h"

namespace zaojing {
namespace {

constexpr unsigned kInflateBufferBytes = 256 * 1024;

class ZlibSource final : public ByteSource {
 public:
  ZlibSource(gzFile file, std::string path) : file_(file), path_(std::move(path)) {}
  ~ZlibSource() override { gzclose_r(file_); }
  ZlibSource(const ZlibSource&) = delete;
  ZlibSource& operator=(const ZlibSource&) = delete;

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    const size_t wanted = std::min<size_t>(size, std::numeric_limits<int>::max());
    const int bytes = gzread(file_, buffer, static_cast<unsigned>(wanted));
    if (bytes > 0) return static_cast<size_t>(bytes);
    int code = Z_OK;
    const char* message = gzerror(file_, &code);
    // zlib tells a stream that ends early only here: it returns the bytes before the cut as if all were well.
    if (bytes == 0 && code == Z_OK) return 0;
    if (code == Z_ERRNO) message = std::strerror(errno);
    return absl::DataLossError(absl::StrCat(path_, ": ", message));
  }

 private:
  const gzFile file_;
  const std::string path_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> OpenBytes(const std::string& path) {
  const int descriptor = path == "-" ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return absl::NotFoundError(absl::StrCat(path, ": ", std::strerror(errno)));
  gzFile file = gzdopen(descriptor, "rb");
  if (file == nullptr) {
    close(descriptor);
    return absl::NotFoundError(absl::StrCat(path, ": cannot be opened"));
  }
  gzbuffer(file, kInflateBufferBytes);
  return std::make_unique<ZlibSource>(file, path == "-" ? "standard input" : path);
}

}  // namespace zaojing
