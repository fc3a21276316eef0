// A stage small enough to check by eye, with every trait that can go wrong: point state with deletes, an index that
// follows from it, jobs that reference facts begin and slices finish, a clock that emits, counters, dead letters, outputs
// that depend on the reference cursor. Input value: "<listing>|<certificate, 16 digits>|<amount>|<received_at>".
#pragma once

#include <string>
#include <vector>

#include "processors/runtime/stage.h"

namespace zaojing::sim {

// Listings by the certificate of their last look-up.
class ToyIndex final : public Derivation {
 public:
  Table source() const override { return Table::kListing; }
  void Derive(std::string_view key, std::string_view value, DerivedEntries* derived) const override;
  uint64_t SubjectNumberOf(std::string_view key) const override;
};

// A record that kills the process which applies it, every time.
inline constexpr std::string_view kPoison = "poison";
struct Death {};

class ToyStage final : public Stage {
 public:
  explicit ToyStage(std::vector<Topic> inputs) : inputs_(std::move(inputs)) {}

  std::string_view name() const override { return "screen"; }
  uint32_t semantic_version() const override { return 1; }
  std::string_view rules() const override { return "toy@1"; }
  std::span<const Topic> inputs() const override { return inputs_; }
  Topic journal() const override { return Topic::kScreenJournal; }
  Topic changelog() const override { return Topic::kScreenChangelog; }
  const Derivation* derivation() const override { return &index_; }

  void Apply(const Record& record, TaskContext& context) override;
  void OnReference(const ReferenceFact& fact, TaskContext& context) override;
  void OnTime(int64_t before, int64_t after, TaskContext& context) override;
  bool HasJobs(TaskContext& context) override;
  Slice RunSlice(uint64_t count_max, TaskContext& context) override;

 private:
  std::vector<Topic> inputs_;
  ToyIndex index_;
};

}  // namespace zaojing::sim
