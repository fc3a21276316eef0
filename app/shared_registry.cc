#include "app/shared_registry.h"

#include <chrono>
#include <mutex>
#include <shared_mutex>

#include "proto/check.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

// About a millisecond of the lanes' waiting.
constexpr size_t kFactsAtOnce = 256;
// Before it has caught up no lane judges, so none waits.
constexpr size_t kFactsAtStart = 8192;
// Facts come at once; this is how late the reader hears that it is to end.
constexpr int64_t kWait = limits::kSecond / 20;
constexpr std::chrono::milliseconds kPause{1};  // after a failure

}  // namespace

class SharedRegistry::Source final : public ReferenceSource {
 public:
  explicit Source(SharedRegistry& shared) : shared_(shared), tick_number_(shared.tick_number_.load()) {}

  absl::StatusOr<bool> Poll(size_t /*records_max*/, std::vector<int64_t>* ticks) override {
    if (shared_.ended_.load(std::memory_order_acquire)) {
      const std::shared_lock lock(shared_.lock_);
      return shared_.failed_;
    }
    const uint64_t number = shared_.tick_number_.load(std::memory_order_acquire);
    if (number != tick_number_) ticks->push_back(shared_.tick_.load(std::memory_order_relaxed));
    tick_number_ = number;
    return false;
  }
  bool CaughtUp() const override { return shared_.caught_up_.load(std::memory_order_acquire); }
  const Registry& registry() const override { return shared_.registry_; }
  void Enter() override { shared_.lock_.lock_shared(); }
  void Leave() override {
    shared_.lock_.unlock_shared();
    KeepWithinBound();
  }
  void KeepWithinBound() override { shared_.far_.KeepWithinBound(); }

 private:
  SharedRegistry& shared_;
  uint64_t tick_number_;  // of the last one handed out
};

ReaderWriterLock::ReaderWriterLock() {
  pthread_rwlockattr_t attributes;
  ZAOJING_CHECK(::pthread_rwlockattr_init(&attributes) == 0);
  ZAOJING_CHECK(::pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) == 0);
  ZAOJING_CHECK(::pthread_rwlock_init(&lock_, &attributes) == 0);
  ::pthread_rwlockattr_destroy(&attributes);
}

SharedRegistry::SharedRegistry(std::unique_ptr<ReferenceFeed> feed, std::unique_ptr<BlockMemory> far,
                               std::function<void(const Registry&)> on_caught_up)
    : feed_(std::move(feed)),
      on_caught_up_(std::move(on_caught_up)),
      far_(*far),
      registry_(std::move(far)),
      reader_([this] { Read(); }) {}

SharedRegistry::~SharedRegistry() {
  stop_.store(true, std::memory_order_relaxed);
  reader_.join();
}

std::unique_ptr<ReferenceSource> SharedRegistry::ForLane() { return std::make_unique<Source>(*this); }

void SharedRegistry::Read() {
  while (!stop_.load(std::memory_order_relaxed)) {
    const absl::Status read = ReadOnce();
    if (!read.ok() && !absl::IsUnavailable(read)) {
      const std::unique_lock lock(lock_);
      failed_ = read;
      ended_.store(true, std::memory_order_release);
      return;
    }
    if (!read.ok()) std::this_thread::sleep_for(kPause);
  }
}

absl::Status SharedRegistry::ReadOnce() {
  ASSIGN_OR_RETURN(const std::unique_ptr<RecordBatch> batch,
                   feed_->Poll(caught_up_.load(std::memory_order_relaxed) ? kFactsAtOnce : kFactsAtStart, kWait));
  if (!batch->records().empty()) {
    ticks_.clear();
    const std::unique_lock lock(lock_);
    TakeReferences(*batch, &registry_, &ticks_);
  }
  if (!ticks_.empty()) {
    tick_.store(ticks_.back(), std::memory_order_relaxed);
    tick_number_.fetch_add(1, std::memory_order_release);
    ticks_.clear();
  }
  if (caught_up_.load(std::memory_order_relaxed) || !feed_->CaughtUp()) return absl::OkStatus();
  on_caught_up_(registry_);
  // Whoever sees this sees the facts that made it true.
  caught_up_.store(true, std::memory_order_release);
  return absl::OkStatus();
}

}  // namespace zaojing
