// What a lane sees of the reference topics: a registry that grows, and the newest ticks. The registry may be the lane's
// own (OwnRegistry) or shared by the lanes of a worker (app/shared_registry.h): each task asks at its own cursor, so one
// that has grown further than a task has seen answers that task no differently.
//
// Thread: the lane's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/reference/reference_feed.h"
#include "processors/reference/registry.h"

namespace zaojing {

class ReferenceSource {
 public:
  virtual ~ReferenceSource() = default;

  // Effect: facts that are ready are in the registry; `received_at` of the ticks not yet handed to this lane, in order,
  // are in *ticks (of a shared source the newest one). True when facts were taken; a registry that grows by itself always
  // says false. REQUIRES: not between Enter and Leave. kUnavailable: try again.
  virtual absl::StatusOr<bool> Poll(size_t records_max, std::vector<int64_t>* ticks) = 0;
  // True once everything up to the end offsets seen when the source was opened is in the registry.
  virtual bool CaughtUp() const = 0;

  // The registry does not change between Enter and Leave (RegistryReading), and must not be touched outside. While one
  // lane is inside nothing new is taken for any, so nobody waits for a broker in between.
  virtual const Registry& registry() const = 0;
  virtual void Enter() {}
  virtual void Leave() {}
  // Effect: what a lane has brought into memory of a registry that does not lie there as a whole may have left it. Leave
  // does it too; whoever is inside for long does it every limits::kRecordsWithinBound. Cheap.
  virtual void KeepWithinBound() {}
};

class [[nodiscard]] RegistryReading {
 public:
  explicit RegistryReading(ReferenceSource& source) : source_(source) { source_.Enter(); }
  ~RegistryReading() { source_.Leave(); }
  RegistryReading(const RegistryReading&) = delete;
  RegistryReading& operator=(const RegistryReading&) = delete;

 private:
  ReferenceSource& source_;
};

// Adds a batch to the registry; ticks go to *ticks, those that cannot be decoded aside. Returns whether there was a fact.
bool TakeReferences(const RecordBatch& batch, Registry* registry, std::vector<int64_t>* ticks);

// A registry of the lane's own, filled when the lane polls.
class OwnRegistry : public ReferenceSource {
 public:
  explicit OwnRegistry(std::unique_ptr<ReferenceFeed> feed) : feed_(std::move(feed)) {}

  absl::StatusOr<bool> Poll(size_t records_max, std::vector<int64_t>* ticks) override;
  bool CaughtUp() const override { return feed_->CaughtUp(); }
  const Registry& registry() const override { return registry_; }

 private:
  std::unique_ptr<ReferenceFeed> feed_;
  Registry registry_;
};

}  // namespace zaojing
