#include "processors/reference/restriction_table.h"

#include <algorithm>
#include <limits>

#include "processors/models/fold.h"
#include "proto/check.h"
#include "proto/identifiers.h"
#include "proto/ids.h"

namespace zaojing {
namespace {

constexpr int64_t kEveryFact = std::numeric_limits<int64_t>::max();  // as a cursor

constexpr int kMixedShift = 32;  // of what SlotOf gives, the upper half is mixed

// Hashes of different kinds must not meet by being small numbers.
uint64_t SlotOf(Anchor anchor, uint64_t hash) {
  return (hash ^ static_cast<uint64_t>(anchor) << 57) * 0x9e3779b97f4a7c15U;
}

std::vector<uint64_t> HashesOf(Anchor anchor, const Bounds& bounds) {
  switch (anchor) {
    case Anchor::kListing:
      return {AnchorHash(bounds.listing)};
    case Anchor::kCertificate:
      return {bounds.certificate};
    case Anchor::kGtin:
      return {AnchorHash(bounds.gtin)};
    case Anchor::kSeller:
      return {AnchorHash(bounds.seller)};
    case Anchor::kCode:
      return {AnchorHash(bounds.product_code)};
    case Anchor::kMaker:
      break;
  }
  std::vector<uint64_t> makers;
  for (const uint64_t hash : {bounds.maker_name, bounds.maker_uscc}) {
    if (hash != 0) makers.push_back(hash);
  }
  return makers;
}

}  // namespace

RestrictionTable::RestrictionTable(Arena& arena, const EnterpriseTable& enterprises)
    : arena_(arena), enterprises_(enterprises), maker_codes_(kCatalogueCodes, false) {}

Statement& RestrictionTable::Begin(Topic topic, std::string_view identity, int64_t position,
                                   std::string_view event_id) {
  const std::string name = std::string(1, static_cast<char>('0' + static_cast<int>(topic))).append(identity);
  const auto [at, added] = chain_numbers_.try_emplace(name, static_cast<uint32_t>(chains_.size()));
  if (added) chains_.emplace_back();
  Statement statement;
  statement.topic = topic;
  statement.position = position;
  statement.event_id = event_id;
  statement.identity = Hash64(name);
  statement.chain = at->second;
  statement.first = static_cast<uint32_t>(restrictions_.size());
  statement.last = statement.first;
  const auto number = static_cast<uint32_t>(statements_.size());
  chains_[statement.chain].push_back(number);
  by_event_.try_emplace(Hash64(event_id), number);
  statements_.push_back(statement);
  return statements_.back();
}

Restriction& RestrictionTable::Restrict(v1::Ground ground, Bounds bounds, std::vector<Anchor> anchors) {
  Restriction& restriction = restrictions_.emplace_back();
  restriction.ground = ground;
  restriction.statement = static_cast<uint32_t>(statements_.size() - 1);
  restriction.bounds = std::move(bounds);
  restriction.anchors = std::move(anchors);
  ++statements_.back().last;
  return restriction;
}

void RestrictionTable::Finish(int64_t received_at) {
  const auto number = static_cast<uint32_t>(statements_.size() - 1);
  const Statement& statement = statements_[number];
  const auto due = [&](int64_t at) {
    if (at > received_at) due_.insert({at, number});
  };
  due(statement.since);
  for (uint32_t i = statement.first; i < statement.last; ++i) {
    due(restrictions_[i].since);
    due(restrictions_[i].until);
    if (restrictions_[i].ground != v1::GROUND_UNSPECIFIED) Index(i);
  }
}

void RestrictionTable::Index(uint32_t number) {
  const Restriction& restriction = restrictions_[number];
  for (const uint64_t hash : HashesOf(Anchor::kMaker, restriction.bounds)) by_maker_[hash].push_back(number);
  for (const Anchor anchor : restriction.anchors) {
    ++counts_[static_cast<size_t>(anchor)];
    for (const uint64_t hash : HashesOf(anchor, restriction.bounds)) {
      const uint64_t slot = SlotOf(anchor, hash);
      anchored_[slot].push_back(number);
      any_anchored_.Add(slot >> kMixedShift);
    }
    if (anchor != Anchor::kMaker) continue;
    for (const uint64_t hash : HashesOf(anchor, restriction.bounds)) {
      enterprises_.VisitIdentity(hash, kEveryFact, [this](uint64_t one) { makers_.Add(one); });
    }
    const int code = CatalogueCodeValue(restriction.bounds.product_code);
    if (code >= 0) maker_codes_[static_cast<size_t>(code)] = true;
    any_maker_code_ = any_maker_code_ || code < 0;
  }
}

// Asked exactly and not of the filter: its false alarms would fill it with every enterprise's names.
void RestrictionTable::NameMaker(uint64_t uscc_hash, uint64_t name_hash) {
  const auto said_of = [this](uint64_t hash) { return anchored_.contains(SlotOf(Anchor::kMaker, hash)); };
  bool any = said_of(uscc_hash) || said_of(name_hash);
  enterprises_.VisitNames(uscc_hash, kEveryFact, [&](uint64_t name) { any = any || said_of(name); });
  if (!any) return;
  makers_.Add(uscc_hash);
  enterprises_.VisitNames(uscc_hash, kEveryFact, [this](uint64_t name) { makers_.Add(name); });
}

bool RestrictionTable::RestrictsMaker(uint64_t hash, int64_t now, int64_t enterprises, RestrictionCursor cursor) const {
  bool any = false;
  enterprises_.VisitIdentity(hash, enterprises, [&](uint64_t one) {
    const auto found = any ? by_maker_.end() : by_maker_.find(one);
    if (found == by_maker_.end()) return;
    any = std::any_of(found->second.begin(), found->second.end(),
                      [&](uint32_t number) { return Holds(restrictions_[number], now, cursor); });
  });
  return any;
}

bool RestrictionTable::HasMakersOf(std::string_view product_code) const {
  if (!Has(Anchor::kMaker)) return false;
  const int code = CatalogueCodeValue(product_code);
  return any_maker_code_ || code < 0 || maker_codes_[static_cast<size_t>(code)];
}

const Statement* RestrictionTable::InForce(uint32_t chain, int64_t now, RestrictionCursor cursor) const {
  const Statement* found = nullptr;
  for (const uint32_t number : chains_[chain]) {
    const Statement& statement = statements_[number];
    if (statement.position >= cursor.Of(statement.topic) || statement.since > now) continue;
    if (found == nullptr || statement.version > found->version) found = &statement;
  }
  return found;
}

const Statement* RestrictionTable::LiftOf(const Statement& statement, const Restriction& restriction, int64_t now,
                                          RestrictionCursor cursor) const {
  if (statement.topic != Topic::kDispositions) return nullptr;
  const Statement* first = nullptr;
  int64_t first_at = 0;
  for (const uint32_t number : lifts_[statement.subject]) {
    const Statement& lift = statements_[number];
    if (lift.position >= cursor.dispositions || InForce(lift.chain, now, cursor) != &lift) continue;
    const int64_t at = restrictions_[lift.first].since;
    const bool later = at > restriction.since || (at == restriction.since && lift.position > statement.position);
    if (at > now || !later || (first != nullptr && at >= first_at)) continue;
    first = &lift;
    first_at = at;
  }
  return first;
}

bool RestrictionTable::Holds(const Restriction& restriction, int64_t now, RestrictionCursor cursor) const {
  const Statement& statement = statements_[restriction.statement];
  if (restriction.ground == v1::GROUND_UNSPECIFIED || statement.position >= cursor.Of(statement.topic)) return false;
  if (restriction.since > now || (restriction.until != 0 && now >= restriction.until)) return false;
  return InForce(statement.chain, now, cursor) == &statement && LiftOf(statement, restriction, now, cursor) == nullptr;
}

void RestrictionTable::Visit(Anchor anchor, uint64_t hash, int64_t now, RestrictionCursor cursor,
                             const std::function<void(const Restriction&)>& visit) const {
  const uint64_t slot = SlotOf(anchor, hash);
  if (!any_anchored_.MayHave(slot >> kMixedShift)) return;
  const auto found = anchored_.find(slot);
  if (found == anchored_.end()) return;
  for (const uint32_t number : found->second) {
    if (Holds(restrictions_[number], now, cursor)) visit(restrictions_[number]);
  }
}

const Statement* RestrictionTable::Find(std::string_view event_id) const {
  const auto found = by_event_.find(Hash64(event_id));
  if (found == by_event_.end() || statements_[found->second].event_id != event_id) return nullptr;
  return &statements_[found->second];
}

bool RestrictionTable::Restricts(const Statement& statement, int64_t now, RestrictionCursor cursor) const {
  for (uint32_t i = statement.first; i < statement.last; ++i) {
    if (Holds(restrictions_[i], now, cursor)) return true;
  }
  return false;
}

std::vector<const Restriction*> RestrictionTable::SubjectsOf(const Statement& statement,
                                                             RestrictionCursor cursor) const {
  std::vector<const Restriction*> subjects;
  for (const uint32_t number : chains_[statement.chain]) {
    const Statement& one = statements_[number];
    if (one.position >= cursor.Of(one.topic)) continue;
    for (uint32_t i = one.first; i < one.last; ++i) subjects.push_back(&restrictions_[i]);
  }
  return subjects;
}

std::string RestrictionTable::EndOf(const Statement& statement, int64_t now, RestrictionCursor cursor) const {
  const Statement* newest = InForce(statement.chain, now, cursor);
  if (newest == nullptr) return {};
  if (newest->event_id != statement.event_id) return std::string(newest->event_id);
  for (uint32_t i = newest->first; i < newest->last; ++i) {
    const Restriction& restriction = restrictions_[i];
    if (restriction.until != 0 && now >= restriction.until) {
      return MakeId({"ended", newest->event_id, std::to_string(restriction.until)});
    }
    if (const Statement* lift = LiftOf(*newest, restriction, now, cursor)) return std::string(lift->event_id);
  }
  return {};
}

void RestrictionTable::Due(int64_t after, int64_t until, RestrictionCursor cursor,
                           const std::function<void(int64_t, const Statement&)>& visit) const {
  for (auto entry = due_.lower_bound({after + 1, 0}); entry != due_.end() && entry->at <= until; ++entry) {
    const Statement& statement = statements_[entry->statement];
    if (statement.position < cursor.Of(statement.topic)) visit(entry->at, statement);
  }
}

}  // namespace zaojing
