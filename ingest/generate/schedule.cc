#include "ingest/generate/schedule.h"

#include <algorithm>
#include <utility>

#include "ingest/generate/random.h"
#include "proto/check.h"

namespace zaojing::generate {
namespace {

constexpr uint64_t kBlocksMin = 2'048;
constexpr uint64_t kBlockQuestions = 16'384;
constexpr double kSpanMax = 0.6;  // so that something is still published late in the year

}  // namespace

Schedule::Schedule(const std::vector<VisitClass>& classes, uint64_t seed) : seed_(seed) {
  for (const VisitClass& spec : classes) questions_ += spec.items * spec.visits;
  blocks_ = std::max(kBlocksMin, questions_ / kBlockQuestions);
  for (const VisitClass& spec : classes) {
    ZAOJING_CHECK(spec.visits >= 1 && spec.visits < kBlocksMin * kSpanMax);
    Lane lane;
    lane.spec = spec;
    const double share = spec.wraps ? 1.0 : std::min(spec.span, kSpanMax);
    const auto span = std::max<uint64_t>(spec.visits, static_cast<uint64_t>(share * static_cast<double>(blocks_)));
    const Dice dice(seed, Stream::kDelay, lanes_.size());
    for (uint32_t visit = 0; visit < spec.visits; ++visit) {
      const double place = visit == 0 ? 0 : (visit + Unit(dice.Draw64(visit))) / spec.visits;
      const auto delay = static_cast<uint64_t>(place * static_cast<double>(span));
      lane.delays.push_back(visit == 0 ? 0 : std::max(delay, lane.delays.back() + 1));
    }
    ZAOJING_CHECK(lane.delays.back() < blocks_);
    lane.cohorts = spec.wraps ? blocks_ : blocks_ - lane.delays.back();
    lane.phase = dice.Roll(spec.visits, lane.cohorts);
    lanes_.push_back(std::move(lane));
  }
}

// Item x is of cohort (x * cohorts + phase) / items.
uint64_t Schedule::FirstOfCohort(const Lane& lane, uint64_t cohort) const {
  const uint64_t wanted = cohort * lane.spec.items;
  return wanted <= lane.phase ? 0 : (wanted - lane.phase + lane.cohorts - 1) / lane.cohorts;
}

uint64_t Schedule::FirstBlock(uint32_t visit_class, uint64_t item) const {
  const Lane& lane = lanes_[visit_class];
  return (item * lane.cohorts + lane.phase) / lane.spec.items;
}

void Schedule::Fill(uint64_t block, std::vector<Slot>* slots) const {
  slots->clear();
  for (uint32_t number = 0; number < lanes_.size(); ++number) {
    const Lane& lane = lanes_[number];
    for (uint32_t visit = 0; visit < lane.spec.visits; ++visit) {
      const uint64_t delay = lane.delays[visit];
      if (!lane.spec.wraps && (block < delay || block - delay >= lane.cohorts)) continue;
      const uint64_t cohort = block >= delay ? block - delay : block + blocks_ - delay;
      const uint64_t last = std::min(FirstOfCohort(lane, cohort + 1), lane.spec.items);
      for (uint64_t item = FirstOfCohort(lane, cohort); item < last; ++item) slots->push_back({number, visit, item});
    }
  }
  const Dice dice(seed_, Stream::kShuffle, block);
  for (size_t left = slots->size(); left > 1; --left) {
    std::swap((*slots)[left - 1], (*slots)[dice.Roll(static_cast<uint32_t>(left), left)]);
  }
}

}  // namespace zaojing::generate
