// The streaming table against the batch form, over random histories of reports, duplicates, follow-ups and
// retractions.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cstring>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "processors/stats/disproportionality/disproportionality.h"
#include "processors/stats/disproportionality/pair_counts.h"
#include "processors/stats/disproportionality/prr.h"
#include "processors/stats/disproportionality/ror.h"
#include "proto/limits.h"

namespace zaojing::stats {
namespace {

struct Change {
  int case_id;
  int product;
  int event;
  int change;
};

std::ostream& operator<<(std::ostream& out, const Change& c) {
  return out << (c.change > 0 ? "+" : "-") << c.case_id << "/" << c.product << "/" << c.event;
}

// Small ranges, so that triples meet again; half of the changes take something back, some before it was
// stated.
rc::Gen<std::vector<Change>> History() {
  return rc::gen::container<std::vector<Change>>(rc::gen::construct<Change>(
      rc::gen::inRange(0, 5), rc::gen::inRange(0, 4), rc::gen::inRange(0, 4), rc::gen::element(1, 1, 1, -1, -1)));
}

absl::Status Apply(const Change& change, Disproportionality* table) {
  const std::string case_id = "case " + std::to_string(change.case_id);
  const std::string product = "product " + std::to_string(change.product);
  const std::string event = "event " + std::to_string(change.event);
  return table->Apply({case_id, product, event}, change.change);
}

std::string Bits(double value) {
  std::string bytes(sizeof(value), '\0');
  std::memcpy(bytes.data(), &value, sizeof(value));
  return bytes;
}

// Everything about a pair, figures bit for bit.
std::string Shown(const PairFigures& f) {
  std::string shown = std::string(f.product) + "/" + std::string(f.event);
  for (const int64_t count : {f.table.n11, f.table.n1_, f.table.n_1, f.table.n}) {
    shown += " " + std::to_string(count);
  }
  for (const double value :
       {f.prr.value, f.prr.low, f.prr.high, f.ror.value, f.ror.low, f.ror.high, f.ic.value, f.ic.low}) {
    shown += Bits(value);
  }
  return shown;
}

std::vector<std::string> Swept(Disproportionality* table) {
  std::vector<std::string> shown;
  table->Sweep([&shown](const PairFigures& figures) { shown.push_back(Shown(figures)); });
  return shown;
}

using Multiplicities = std::map<std::tuple<int, int, int>, int>;

// The batch form over the triples whose changes add up to more than 0.
std::vector<std::string> Batch(const Multiplicities& multiplicities) {
  CaseRows rows(false);
  for (const auto& [key, multiplicity] : multiplicities) {
    if (multiplicity <= 0) continue;
    const auto& [case_id, product, event] = key;
    RC_ASSERT(rows.Add({"case " + std::to_string(case_id), "product " + std::to_string(product),
                        "event " + std::to_string(event), ""})
                  .ok());
  }
  const PairCounts counts = std::move(rows).Count();
  std::vector<std::string> shown;
  for (size_t i = 0; i < counts.pairs.size(); ++i) {
    const PairCount& pair = counts.pairs[i];
    const TwoByTwo table = counts.Table(pair);
    shown.push_back(Shown({counts.products[pair.product], counts.events[pair.event], table, Prr(table), Ror(table),
                           InformationComponent(pair.n11, counts.Expected(i))}));
  }
  return shown;
}

void CheckManyTimes(const std::string& what, const std::function<void(const std::vector<Change>&)>& property) {
  const rc::detail::TestParams params = [] {
    rc::detail::TestParams p = rc::detail::configuration().testParams;
    p.maxSuccess = 10'000;
    p.maxSize = 60;
    return p;
  }();
  const auto result =
      rc::detail::checkTestable([&] { property(*History()); }, rc::detail::TestMetadata{what, what}, params);
  if (!result.template is<rc::detail::SuccessResult>()) {
    std::ostringstream message;
    rc::detail::printResultMessage(result, message);
    FAIL() << message.str();
  }
}

// A duplicate could count twice, a case with two products leave a margin wrong, a retraction remove too much
// or too little: then a sweep at that cut would differ from the batch form in a count or in a bit of a
// figure.
TEST(Disproportionality, EqualsTheBatchFormAtEveryCut) {
  CheckManyTimes("sweep equals batch", [](const std::vector<Change>& history) {
    Disproportionality table;
    Multiplicities multiplicities;
    for (const Change& change : history) {
      RC_ASSERT(Apply(change, &table).ok());
      multiplicities[{change.case_id, change.product, change.event}] += change.change;
      const std::vector<std::string> batch = Batch(multiplicities);
      RC_ASSERT(Swept(&table) == batch);
      RC_ASSERT(table.pairs() == batch.size());
    }
  });
}

// What is touched, its figures, or the state could depend on where batches end or in which order changes
// came. One run cuts after every change; the other at random places, going through its bytes at some; a third
// runs backwards.
TEST(Disproportionality, DoesNotDependOnBatchesNorOrder) {
  CheckManyTimes("state is of the multiset of changes", [](const std::vector<Change>& history) {
    Disproportionality one_by_one;
    Disproportionality in_batches;
    Disproportionality backwards;
    std::map<std::string, std::string> seen_one_by_one;
    std::set<std::pair<int, int>> changed;
    size_t length = 0;
    const auto pair_of = [](const PairFigures& f) { return std::string(f.product) + std::string(f.event); };
    for (const Change& change : history) {
      RC_ASSERT(Apply(change, &one_by_one).ok());
      RC_ASSERT(Apply(change, &in_batches).ok());
      for (const PairFigures& f : one_by_one.TakeTouched()) seen_one_by_one[pair_of(f)] = "";
      ++length;
      if (*rc::gen::inRange(0, 4) != 0) continue;
      // The end of a batch: the same pairs were touched, and their figures are those of one_by_one now.
      std::set<std::string> touched;
      std::string last;
      for (const PairFigures& f : in_batches.TakeTouched()) {
        touched.insert(pair_of(f));
        RC_ASSERT(Shown(f) == Shown(*one_by_one.Find(f.product, f.event)));
        RC_ASSERT(last < pair_of(f));
        last = pair_of(f);
      }
      std::set<std::string> expected;
      for (const auto& [pair, unused] : seen_one_by_one) expected.insert(pair);
      RC_ASSERT(touched == expected);
      seen_one_by_one.clear();
      absl::StatusOr<Disproportionality> restored = Disproportionality::Restore(in_batches.Serialize());
      RC_ASSERT(restored.ok());
      in_batches = std::move(*restored);
    }
    for (size_t i = history.size(); i-- > 0;) RC_ASSERT(Apply(history[i], &backwards).ok());
    RC_ASSERT(one_by_one.Serialize() == in_batches.Serialize());
    RC_ASSERT(one_by_one.Serialize() == backwards.Serialize());
    RC_ASSERT(Swept(&one_by_one) == Swept(&in_batches));
    RC_ASSERT(Swept(&one_by_one) == Swept(&backwards));
  });
}

// Bytes that no table wrote could be taken for a state: every cut and every changed byte must be refused, or
// be the one form of another state.
TEST(Disproportionality, RefusesBytesItDidNotWrite) {
  Disproportionality table;
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(Apply({i % 7, i % 3, i % 5, i % 4 == 3 ? -1 : 1}, &table).ok());
  }
  const std::string bytes = table.Serialize();
  EXPECT_EQ(Disproportionality::Restore(bytes)->Serialize(), bytes);
  EXPECT_EQ(Disproportionality::Restore(bytes + "x").status().code(), absl::StatusCode::kDataLoss);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(Disproportionality::Restore(bytes.substr(0, size)).status().code(), absl::StatusCode::kDataLoss);
  }
  size_t refused = 0;
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (const int flip : {1, 2, 0x80}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ flip);
      const absl::StatusOr<Disproportionality> restored = Disproportionality::Restore(changed);
      if (restored.ok()) {
        EXPECT_EQ(restored->Serialize(), changed);
      } else {
        EXPECT_EQ(restored.status().code(), absl::StatusCode::kDataLoss);
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, bytes.size());
}

// A refused change could leave a trace.
TEST(Disproportionality, RefusesOtherChangesAndNames) {
  Disproportionality table;
  const std::string before = table.Serialize();
  const std::string name(limits::kNameBytesMax + 1, 'x');
  EXPECT_EQ(table.Apply({"c", "p", "e"}, 2).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(table.Apply({"c", "p", "e"}, 0).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(table.Apply({"", "p", "e"}, 1).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(table.Apply({"c", "", "e"}, 1).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(table.Apply({"c", "p", name}, 1).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(table.Serialize(), before);
  EXPECT_TRUE(table.TakeTouched().empty());
  EXPECT_FALSE(table.Find("p", "e").has_value());
}

// A pair that is taken back whole must be reported once more, with no cases, and then be gone.
TEST(Disproportionality, ReportsARetractedPair) {
  Disproportionality table;
  ASSERT_TRUE(table.Apply({"c", "p", "e"}, 1).ok());
  ASSERT_TRUE(table.Apply({"d", "p", "e"}, 1).ok());
  EXPECT_EQ(table.TakeTouched().size(), 1u);
  ASSERT_TRUE(table.Apply({"c", "p", "e"}, -1).ok());
  ASSERT_TRUE(table.Apply({"d", "p", "e"}, -1).ok());
  const std::vector<PairFigures> touched = table.TakeTouched();
  ASSERT_EQ(touched.size(), 1u);
  EXPECT_EQ(touched[0].table, (TwoByTwo{0, 0, 0, 0}));
  EXPECT_EQ(table.pairs(), 0u);
  EXPECT_EQ(table.n(), 0);
  EXPECT_TRUE(table.TakeTouched().empty());
}

}  // namespace
}  // namespace zaojing::stats
