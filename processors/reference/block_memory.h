// Where the registry's blocks of memory come from: the process's own, or a place that need not stay in it
// (app/scratch_memory.h). What is taken lives and stays where it is for as long as its source. One owner thread takes;
// any number of threads may read what is there.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace zaojing {

class BlockMemory {
 public:
  virtual ~BlockMemory() = default;
  // `bytes` > 0, at a multiple of 64. Nothing is said of what they hold.
  virtual std::byte* Take(size_t bytes) = 0;
  // Bytes taken that are always in the memory of the process.
  virtual size_t bytes_held() const = 0;
};

class ProcessMemory final : public BlockMemory {
 public:
  std::byte* Take(size_t bytes) override {
    blocks_.push_back(Block(static_cast<std::byte*>(::operator new(bytes, kLine))));
    bytes_ += bytes;
    return blocks_.back().get();
  }
  size_t bytes_held() const override { return bytes_; }

 private:
  static constexpr std::align_val_t kLine{64};
  struct Delete {
    void operator()(std::byte* block) const { ::operator delete(block, kLine); }
  };
  using Block = std::unique_ptr<std::byte, Delete>;
  std::vector<Block> blocks_;
  size_t bytes_ = 0;
};

}  // namespace zaojing
