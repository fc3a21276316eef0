#include "processors/stats/disproportionality/disproportionality.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <tuple>
#include <utility>

#include "processors/stats/disproportionality/pair_counts.h"
#include "processors/stats/disproportionality/prr.h"
#include "processors/stats/disproportionality/ror.h"
#include "processors/stats/disproportionality/state_bytes.h"
#include "proto/check.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing::stats {
namespace {

// Adds to an entry that is there only while it is not 0; returns its new value.
int64_t AddTo(absl::flat_hash_map<uint64_t, int64_t>* counts, uint64_t key, int64_t change) {
  const auto entry = counts->try_emplace(key, 0).first;
  const int64_t value = entry->second += change;
  if (value == 0) counts->erase(entry);
  return value;
}

void GrowTo(std::vector<int64_t>* totals, size_t size) {
  if (totals->size() < size) totals->resize(size, 0);
}

// A count of live triples went by `change` to `value`: whether it left or reached 0, that is, whether a
// margin moves.
bool Crossed(int64_t value, int64_t change) { return value == (change > 0 ? 1 : 0); }

}  // namespace

Disproportionality::Disproportionality() : calculator_(std::nullopt) {}

absl::Status Disproportionality::Apply(const CaseTriple& triple, int change) {
  if (change != 1 && change != -1) return absl::InvalidArgumentError("a change is +1 or -1");
  RETURN_IF_ERROR(CheckName("case_id", triple.case_id, limits::kIdBytesMax));
  RETURN_IF_ERROR(CheckName("product", triple.product, limits::kNameBytesMax));
  RETURN_IF_ERROR(CheckName("event", triple.event, limits::kNameBytesMax));
  // A multiplicity and n are at most the number of changes: both limits are checked by the one that is
  // checked first.
  if (n_ >= limits::kReportCountMax || cases_.size() >= static_cast<size_t>(limits::kReportCountMax)) {
    return absl::FailedPreconditionError("the table is full");
  }
  const TripleKey key{cases_.Intern(triple.case_id), products_.Intern(triple.product), events_.Intern(triple.event)};
  if (!AddMultiplicity(key, change)) {
    return absl::FailedPreconditionError("a triple has been changed too often in one direction");
  }
  return absl::OkStatus();
}

bool Disproportionality::AddMultiplicity(const TripleKey& key, int64_t change) {
  GrowTo(&case_triples_, cases_.size());
  GrowTo(&product_totals_, products_.size());
  GrowTo(&event_totals_, events_.size());
  const auto entry = multiplicity_.try_emplace(key, 0).first;
  const bool was_live = entry->second > 0;
  if (std::abs(entry->second + change) > limits::kReportCountMax) return false;
  entry->second += change;
  const bool is_live = entry->second > 0;
  if (entry->second == 0) multiplicity_.erase(entry);
  if (was_live != is_live) SetLive(key, is_live ? 1 : -1);
  return true;
}

void Disproportionality::SetLive(const TripleKey& key, int64_t change) {
  if (Crossed(AddTo(&case_product_, Join(key.case_id, key.product), change), change)) {
    product_totals_[key.product] += change;
  }
  if (Crossed(AddTo(&case_event_, Join(key.case_id, key.event), change), change)) {
    event_totals_[key.event] += change;
  }
  if (Crossed(case_triples_[key.case_id] += change, change)) n_ += change;
  const uint64_t pair = Join(key.product, key.event);
  PairEntry& entry = pairs_[pair];
  entry.n11 += change;
  if (Crossed(entry.n11, change)) live_pairs_ += change > 0 ? size_t{1} : ~size_t{0};
  if (!entry.touched) touched_.push_back(pair);
  entry.touched = true;
}

PairFigures Disproportionality::FiguresOf(uint64_t pair, int64_t n11) {
  const uint32_t product = static_cast<uint32_t>(pair >> 32);
  const uint32_t event = static_cast<uint32_t>(pair);
  const TwoByTwo table{n11, product_totals_[product], event_totals_[event], n_};
  return {products_.Text(product),
          events_.Text(event),
          table,
          Prr(table),
          Ror(table),
          calculator_.InformationComponentOf(n11, table.Expected())};
}

void Disproportionality::SortByText(std::vector<uint64_t>* pairs) const {
  std::sort(pairs->begin(), pairs->end(), [this](uint64_t x, uint64_t y) {
    const int products =
        products_.Text(static_cast<uint32_t>(x >> 32)).compare(products_.Text(static_cast<uint32_t>(y >> 32)));
    if (products != 0) return products < 0;
    return events_.Text(static_cast<uint32_t>(x)) < events_.Text(static_cast<uint32_t>(y));
  });
}

std::vector<PairFigures> Disproportionality::TakeTouched() {
  std::vector<uint64_t> touched = std::exchange(touched_, {});
  SortByText(&touched);
  std::vector<PairFigures> figures;
  figures.reserve(touched.size());
  for (const uint64_t pair : touched) {
    const auto entry = pairs_.find(pair);
    figures.push_back(FiguresOf(pair, entry->second.n11));
    entry->second.touched = false;
    if (entry->second.n11 == 0) pairs_.erase(entry);
  }
  return figures;
}

void Disproportionality::Sweep(const std::function<void(const PairFigures&)>& visit) {
  // Sorted by the places of the texts, not the texts: one comparison of integers instead of two of strings.
  const std::vector<uint32_t> product_rank = products_.Ranks();
  const std::vector<uint32_t> event_rank = events_.Ranks();
  struct Entry {
    uint64_t place;
    uint64_t pair;
    int64_t n11;
  };
  std::vector<Entry> order;
  order.reserve(live_pairs_);
  for (const auto& [pair, entry] : pairs_) {
    if (entry.n11 == 0) continue;
    const uint64_t place = Join(product_rank[pair >> 32], event_rank[static_cast<uint32_t>(pair)]);
    order.push_back({place, pair, entry.n11});
  }
  std::sort(order.begin(), order.end(), [](const Entry& x, const Entry& y) { return x.place < y.place; });
  for (const Entry& entry : order) visit(FiguresOf(entry.pair, entry.n11));
}

std::optional<PairFigures> Disproportionality::Find(std::string_view product, std::string_view event) {
  const uint32_t product_id = products_.Find(product);
  const uint32_t event_id = events_.Find(event);
  if (product_id == Interner::kAbsent || event_id == Interner::kAbsent) return std::nullopt;
  const uint64_t pair = Join(product_id, event_id);
  const auto entry = pairs_.find(pair);
  return FiguresOf(pair, entry == pairs_.end() ? 0 : entry->second.n11);
}

// State bytes: format byte; the cases, products and events in use, in byte order; then the triples, as places
// in those, in order, with their multiplicities.
struct Disproportionality::SavedTriple {
  uint32_t case_id;
  uint32_t product;
  uint32_t event;
  int64_t multiplicity;
  std::tuple<uint32_t, uint32_t, uint32_t> key() const { return {case_id, product, event}; }
};

std::string Disproportionality::Serialize() const {
  TextTable cases(cases_);
  TextTable products(products_);
  TextTable events(events_);
  for (const auto& [key, count] : multiplicity_) {
    cases.Use(key.case_id);
    products.Use(key.product);
    events.Use(key.event);
  }
  StateWriter writer;
  writer.Number(kStateFormat);
  cases.Write(&writer);
  products.Write(&writer);
  events.Write(&writer);
  std::vector<SavedTriple> triples;
  triples.reserve(multiplicity_.size());
  for (const auto& [key, count] : multiplicity_) {
    triples.push_back({cases.Place(key.case_id), products.Place(key.product), events.Place(key.event), count});
  }
  std::sort(triples.begin(), triples.end(),
            [](const SavedTriple& x, const SavedTriple& y) { return x.key() < y.key(); });
  writer.Number(triples.size());
  for (const SavedTriple& triple : triples) {
    writer.Number(triple.case_id);
    writer.Number(triple.product);
    writer.Number(triple.event);
    writer.SignedNumber(triple.multiplicity);
  }
  return std::move(writer).Take();
}

absl::StatusOr<Disproportionality> Disproportionality::Restore(std::string_view bytes) {
  Disproportionality table;
  StateReader reader(bytes);
  if (reader.Number() != kStateFormat) return absl::DataLossError("disproportionality state: unknown format");
  reader.Texts(limits::kIdBytesMax, &table.cases_);
  reader.Texts(limits::kNameBytesMax, &table.products_);
  reader.Texts(limits::kNameBytesMax, &table.events_);
  const uint64_t triples = reader.Number();
  std::optional<std::tuple<uint64_t, uint64_t, uint64_t>> last;
  for (uint64_t i = 0; i < triples && reader.ok(); ++i) {
    const uint64_t case_id = reader.Number();
    const uint64_t product = reader.Number();
    const uint64_t event = reader.Number();
    const int64_t multiplicity = reader.SignedNumber();
    const auto key = std::make_tuple(case_id, product, event);
    const bool in_range = case_id < table.cases_.size() && product < table.products_.size() &&
                          event < table.events_.size() && multiplicity != 0 &&
                          multiplicity >= -limits::kReportCountMax && multiplicity <= limits::kReportCountMax;
    if (!reader.ok() || !in_range || (last && key <= *last)) {
      return absl::DataLossError("disproportionality state: a triple is not what was written");
    }
    last = key;
    const TripleKey triple{static_cast<uint32_t>(case_id), static_cast<uint32_t>(product),
                           static_cast<uint32_t>(event)};
    ZAOJING_CHECK(table.AddMultiplicity(triple, multiplicity));
  }
  if (!reader.ok() || !reader.at_end()) {
    return absl::DataLossError("disproportionality state: cut short or too long");
  }
  for (const uint64_t pair : std::exchange(table.touched_, {})) table.pairs_[pair].touched = false;
  // What is left to check, a text that no triple uses, shows in the bytes: there is one form of a state.
  if (table.Serialize() != bytes) return absl::DataLossError("disproportionality state: not canonical");
  return table;
}

}  // namespace zaojing::stats
