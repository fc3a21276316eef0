#include "ingest/file/byte_window.h"

#include <algorithm>
#include <cstring>

#include "proto/check.h"
#include "proto/status_util.h"

namespace zaojing {

std::string_view Chunk::Keep(std::string_view bytes) {
  if (bytes.size() > block_left_) {
    const size_t size = std::max(bytes.size(), kBlockBytes);
    blocks_.push_back(std::make_unique<char[]>(size));
    block_at_ = blocks_.back().get();
    block_left_ = size;
  }
  if (!bytes.empty()) std::memcpy(block_at_, bytes.data(), bytes.size());
  const std::string_view kept(block_at_, bytes.size());
  block_at_ += bytes.size();
  block_left_ -= bytes.size();
  return kept;
}

void Chunk::Forget() {
  if (blocks_.empty()) return;
  blocks_.resize(1);  // at least kBlockBytes large
  block_at_ = blocks_.front().get();
  block_left_ = kBlockBytes;
}

// Effect: the visible bytes lie at the start of a chunk nobody else looks at.
void ByteWindow::MakeRoom() {
  const std::string_view rest = visible();
  if (pinned_) {
    auto fresh = std::make_shared<Chunk>();
    std::memcpy(fresh->bytes(), rest.data(), rest.size());
    chunk_ = std::move(fresh);
    pinned_ = false;
  } else {
    std::memmove(chunk_->bytes(), rest.data(), rest.size());
    chunk_->Forget();
  }
  begin_ = 0;
  end_ = rest.size();
}

absl::Status ByteWindow::Fill(size_t count) {
  ZAOJING_CHECK(count <= Chunk::kBytes);
  if (Chunk::kBytes - begin_ < count || end_ == Chunk::kBytes) MakeRoom();
  while (visible().size() < count && !ended_) {
    const size_t room = std::min(Chunk::kBytes - end_, kReadBytes);
    ASSIGN_OR_RETURN(const size_t read, stream_->Read(chunk_->bytes() + end_, room));
    end_ += read;
    ended_ = read == 0;
  }
  return absl::OkStatus();
}

}  // namespace zaojing
