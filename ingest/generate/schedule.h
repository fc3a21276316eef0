// Who asks when, without a list of who asked: the year is cut into blocks of about equal numbers of questions; a class
// of things that are asked about k times has a delay, in blocks, for each of the k; its items are spread evenly over the
// blocks as cohorts. So what falls into a block is arithmetic, each thing is asked about exactly k times and in order,
// and memory is one block, whatever the scale. Pure.
#pragma once

#include <cstdint>
#include <vector>

namespace zaojing::generate {

struct VisitClass {
  uint64_t items = 0;
  uint32_t visits = 1;
  bool wraps =
      false;          // known before the year: its first question of the year is any of the k, so it has no publication
  double span = 0.3;  // share of the year from the first question to the last
};

struct Slot {
  uint32_t visit_class = 0;
  uint32_t visit = 0;  // which of the k
  uint64_t item = 0;   // of the class
};

class Schedule {
 public:
  // REQUIRES fewer than 60 % of the least number of blocks (kBlocksMin) as visits of a class.
  Schedule(const std::vector<VisitClass>& classes, uint64_t seed);

  uint64_t blocks() const { return blocks_; }
  uint64_t questions() const { return questions_; }
  const VisitClass& ClassAt(uint32_t number) const { return lanes_[number].spec; }
  // Effect: *slots are those of the block, shuffled by the seed.
  void Fill(uint64_t block, std::vector<Slot>* slots) const;
  // The block of an item's first question (of its publication, where there is one).
  uint64_t FirstBlock(uint32_t visit_class, uint64_t item) const;

 private:
  struct Lane {
    VisitClass spec;
    std::vector<uint64_t> delays;
    uint64_t cohorts;
    uint64_t phase;  // below cohorts: a class of one item does not always begin the year
  };
  uint64_t FirstOfCohort(const Lane& lane, uint64_t cohort) const;

  const uint64_t seed_;
  uint64_t blocks_ = 0;
  uint64_t questions_ = 0;
  std::vector<Lane> lanes_;
};

}  // namespace zaojing::generate
