// Disproportionality kept up event by event: a contingency table that takes +1 and -1 per case x product x
// event and gives PRR, ROR and IC025 of the pairs it touched in bounded work, and of all pairs in a sweep.
//
// What counts. Every triple has a signed multiplicity, the sum of its changes, and is live while that is
// above 0: a duplicate report does not count twice, a follow-up is -1 for what it takes back and +1 for what
// it states, and a retraction that arrives before its report cancels it when it comes. A case is live while
// one of its triples is. Then, as in the batch form (pair_counts.h), n11 = live cases of the pair, n1_ and
// n_1 = live cases of the product and the event, n = live cases. The state is thus a function of the multiset
// of changes alone: it does not depend on their order, nor on where batches are cut, and its figures equal
// the batch form's bit for bit.
//
// Work: a change costs a fixed number of hash look-ups; a touched pair's figures cost a fixed number of
// operations. Memory: linear in the triples whose multiplicity is not 0, plus the texts ever seen (Restore
// forgets the unused ones). State: integers only; Serialize writes it in one canonical form. One owner, one
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "processors/stats/disproportionality/figures.h"
#include "processors/stats/disproportionality/interner.h"
#include "processors/stats/disproportionality/two_by_two.h"

namespace zaojing::stats {

struct CaseTriple {
  std::string_view case_id;
  std::string_view product;
  std::string_view event;
};

// The texts live as long as the table.
struct PairFigures {
  std::string_view product;
  std::string_view event;
  TwoByTwo table;  // n11 = 0: the pair has no live case any more
  Interval prr;
  Interval ror;
  InformationComponentFigures ic;
};

class Disproportionality {
 public:
  Disproportionality();
  Disproportionality(Disproportionality&&) = default;
  Disproportionality& operator=(Disproportionality&&) = default;

  // Effect: `change`, +1 or -1, is added to the triple's multiplicity. kInvalidArgument, nothing changed:
  // another change, an empty or overlong name. kFailedPrecondition, nothing changed: limits::kReportCountMax
  // live cases, or a multiplicity that has reached it.
  absl::Status Apply(const CaseTriple& triple, int change);

  // The pairs whose n11 changed since the last call, sorted by product, event, with today's figures; a pair
  // whose n11 went and came back is among them. A margin's change moves figures of pairs that are not: Sweep
  // sees those. What was touched and not taken is not part of the state.
  std::vector<PairFigures> TakeTouched();

  // All pairs with n11 > 0, sorted by product, event.
  void Sweep(const std::function<void(const PairFigures&)>& visit);

  // The figures of one pair; nullopt when product or event was never seen.
  std::optional<PairFigures> Find(std::string_view product, std::string_view event);

  int64_t n() const { return n_; }
  size_t pairs() const { return live_pairs_; }

  // The state in canonical bytes: two tables with the same multiplicities give the same bytes.
  std::string Serialize() const;
  // kDataLoss: the bytes are not what Serialize writes.
  static absl::StatusOr<Disproportionality> Restore(std::string_view bytes);

 private:
  struct TripleKey {
    uint32_t case_id;
    uint32_t product;
    uint32_t event;
    friend bool operator==(const TripleKey&, const TripleKey&) = default;
    template <typename H>
    friend H AbslHashValue(H h, const TripleKey& key) {
      return H::combine(std::move(h), key.case_id, key.product, key.event);
    }
  };
  struct PairEntry {
    int64_t n11 = 0;
    bool touched = false;
  };
  struct SavedTriple;

  static uint64_t Join(uint32_t high, uint32_t low) { return uint64_t{high} << 32 | low; }
  void SetLive(const TripleKey& key, int64_t change);
  // False, nothing changed: the multiplicity would pass limits::kReportCountMax, in either direction.
  bool AddMultiplicity(const TripleKey& key, int64_t change);
  PairFigures FiguresOf(uint64_t pair, int64_t n11);
  void SortByText(std::vector<uint64_t>* pairs) const;

  Interner cases_;
  Interner products_;
  Interner events_;
  absl::flat_hash_map<TripleKey, int64_t> multiplicity_;  // never 0
  // Live triples by case and product, case and event, case: what says when a margin changes. Never 0.
  absl::flat_hash_map<uint64_t, int64_t> case_product_;
  absl::flat_hash_map<uint64_t, int64_t> case_event_;
  std::vector<int64_t> case_triples_;  // by case id
  std::vector<int64_t> product_totals_;
  std::vector<int64_t> event_totals_;
  absl::flat_hash_map<uint64_t, PairEntry> pairs_;  // n11 > 0, or touched and not taken yet
  std::vector<uint64_t> touched_;
  size_t live_pairs_ = 0;
  int64_t n_ = 0;
  FigureCalculator calculator_;
};

}  // namespace zaojing::stats
