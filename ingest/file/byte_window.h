// A moving window over a byte stream, with bounded memory and no copy of what is looked at.
//
// Bytes live in chunks. The window reuses its chunk when it must move on, unless somebody pinned it: then it
// takes a new one and the old lives as long as the pin. So views hold until the window moves, and as long as
// their chunk is pinned. One thread; a pin may be dropped on any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "ingest/file/byte_stream.h"
#include "proto/limits.h"

namespace zaojing {

class Chunk {
 public:
  // The largest stretch that can be looked at in one piece: a cut dead letter, and its length prefix.
  static constexpr size_t kBytes = 1024 * 1024;
  static_assert(kBytes >= limits::kDeadLetterValueBytesMax + 16);

  char* bytes() { return bytes_.get(); }

  // A copy that lives as long as the chunk: for keys and values that are not in the file as such.
  std::string_view Keep(std::string_view bytes);
  // Effect: what was kept is gone, its memory is reused.
  void Forget();

 private:
  static constexpr size_t kBlockBytes = 64 * 1024;

  std::unique_ptr<char[]> bytes_{new char[kBytes]};
  std::vector<std::unique_ptr<char[]>> blocks_;
  size_t block_left_ = 0;
  char* block_at_ = nullptr;
};

class ByteWindow {
 public:
  explicit ByteWindow(std::unique_ptr<ByteStream> stream) : stream_(std::move(stream)) {}

  // Makes `count` <= Chunk::kBytes bytes visible, or all that are left when the stream ends sooner. May move
  // the window. On error the visible bytes stay.
  absl::Status Ensure(size_t count) {
    if (visible().size() >= count || ended_) [[likely]]
      return absl::OkStatus();
    return Fill(count);
  }

  std::string_view visible() const { return {chunk_->bytes() + begin_, end_ - begin_}; }
  bool ended() const { return ended_; }  // the visible bytes are the last
  // Effect: the first `count` visible bytes are behind the window; views of them still hold.
  void Consume(size_t count) {
    begin_ += count;
    position_ += count;
  }
  // Byte of the (uncompressed) stream the window begins at.
  uint64_t position() const { return position_; }
  double share_read() const { return stream_->share_read(); }

  std::string_view Keep(std::string_view bytes) { return chunk_->Keep(bytes); }
  std::shared_ptr<const Chunk> Pin() {
    pinned_ = true;
    return chunk_;
  }

 private:
  static constexpr size_t kReadBytes = 256 * 1024;  // stays in the second-level cache

  absl::Status Fill(size_t count);
  void MakeRoom();

  const std::unique_ptr<ByteStream> stream_;
  std::shared_ptr<Chunk> chunk_ = std::make_shared<Chunk>();
  bool pinned_ = false;
  size_t begin_ = 0;
  size_t end_ = 0;
  uint64_t position_ = 0;
  bool ended_ = false;
};

}  // namespace zaojing
