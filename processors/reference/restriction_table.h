// What was said about goods: failed samples (inspection_table.cc), recalls (recall_table.cc), officers' orders
// (order_table.cc). Bitemporal as the registry: the records before a cursor, in force at an instant. Part of the
// registry: appended by its owner.
//
//   inspection  chain = (source, task, sample): the highest version counts, from its arrival on; only 不合格 restricts
//   recall      chain = (source, number): the highest version in effect counts; a withdrawn one restricts nothing
//   order       chain = (source, action id): the newest record counts, from effective_at to ends_at, or until an order
//               LIFT of exactly the same subject with a later effective_at (or the same, and arrived later)
//
// A restriction reaches a listing only through an anchor that is positively the listing's: of a sample its GTIN, its
// certificate, its maker (where it names a model or a code) or the listing it was bought from; of a line of a recall its
// GTIN or maker, else its product code; of an order the narrowest of listing, certificate, maker, seller, product code.
// What has none of these reaches nothing; orders and recalls that state none are refused by the decoder.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "processors/reference/arena.h"
#include "processors/reference/enterprise_table.h"
#include "processors/reference/goods.h"
#include "proto/hash_filter.h"
#include "proto/topics.h"
#include "zaojing/v1/disposition.pb.h"
#include "zaojing/v1/inspection.pb.h"
#include "zaojing/v1/recall.pb.h"
#include "zaojing/v1/rules.pb.h"

namespace zaojing {

enum class Anchor : uint8_t { kListing, kCertificate, kGtin, kMaker, kSeller, kCode };
inline constexpr size_t kAnchors = 6;

// How far each of the three topics has been read.
struct RestrictionCursor {
  int64_t inspections = 0;
  int64_t recalls = 0;
  int64_t dispositions = 0;
  int64_t Of(Topic topic) const {
    if (topic == Topic::kInspections) return inspections;
    return topic == Topic::kRecalls ? recalls : dispositions;
  }
};

// One thing said of one kind of goods. Texts hold as long as the table.
struct Restriction {
  v1::Ground ground = v1::GROUND_UNSPECIFIED;  // UNSPECIFIED: a LIFT's subject
  uint32_t statement = 0;
  int64_t since = 0;  // 0 = from its arrival on
  int64_t until = 0;  // first instant it no longer holds; 0 = open
  Bounds bounds;
  std::vector<Anchor> anchors;
};

// One record.
struct Statement {
  Topic topic = Topic::kInspections;
  int64_t position = 0;
  std::string_view event_id;
  uint64_t identity = 0;  // hash of what its chain is known by
  uint32_t chain = 0;
  uint32_t subject = 0;  // of an order, for LIFT
  uint64_t version = 0;  // the highest counts; of equal ones the first to arrive
  int64_t since = 0;     // from when it counts at all; 0 = from its arrival on
  uint32_t first = 0;    // its restrictions: [first, last)
  uint32_t last = 0;
  bool lifts = false;
  std::string_view number;     // of the task, recall or action
  std::string_view authority;  // as the next four: empty where not stated
  std::string_view maker;
  std::string_view legal_basis;
  std::string_view hazard;
  v1::Modality modality = v1::MODALITY_UNSPECIFIED;
};

class RestrictionTable {
 public:
  RestrictionTable(Arena& arena, const EnterpriseTable& enterprises);

  void Add(const v1::Inspection& inspection, int64_t position, std::string_view event_id);
  void Add(const v1::Recall& recall, int64_t position, std::string_view event_id);
  void Add(const v1::Disposition& order, int64_t position, std::string_view event_id);

  bool empty() const { return restrictions_.empty(); }
  // Whether anything hangs on anchors of this kind.
  bool Has(Anchor anchor) const { return counts_[static_cast<size_t>(anchor)] > 0; }
  // Whether anything that hangs on a maker may be about this product code; empty = not known.
  bool HasMakersOf(std::string_view product_code) const;

  // Whether a maker of this name or USCC (NameHash) may be one that anything was ever said of, by whichever of the names
  // and codes its enterprises have: false is sure, whatever the cursor.
  bool MayConcernMaker(uint64_t hash) const { return makers_.MayHave(hash); }
  // Effect: the enterprise that has the code has the name too. To be told of every fact about an enterprise.
  // REQUIRES that the table of enterprises has it.
  void NameMaker(uint64_t uscc_hash, uint64_t name_hash);

  // Whether anything in force names, as the maker of its goods, one that goes by the name or code of this hash (NameHash).
  bool RestrictsMaker(uint64_t hash, int64_t now, int64_t enterprises, RestrictionCursor cursor) const;

  // Visits what hangs on an anchor and is in force. `hash`: AnchorHash of a text (of a GTIN's NormalGtin), the id of a
  // certificate, NameHash of a maker.
  void Visit(Anchor anchor, uint64_t hash, int64_t now, RestrictionCursor cursor,
             const std::function<void(const Restriction&)>& visit) const;
  const Statement& StatementOf(const Restriction& restriction) const { return statements_[restriction.statement]; }

  // The record of an event id; nullptr when it is of none that says anything about goods.
  const Statement* Find(std::string_view event_id) const;
  // Whether the record restricts goods at `now`.
  bool Restricts(const Statement& statement, int64_t now, RestrictionCursor cursor) const;
  // Everything the record and those it replaces or is replaced by are about.
  std::vector<const Restriction*> SubjectsOf(const Statement& statement, RestrictionCursor cursor) const;
  // What ended the record's hold on goods that it held: the event id of what replaced or lifted it, or an id of its own
  // end. Empty: it holds.
  std::string EndOf(const Statement& statement, int64_t now, RestrictionCursor cursor) const;

  // The records with something that begins or ends in (after, until], in order of the instant.
  void Due(int64_t after, int64_t until, RestrictionCursor cursor,
           const std::function<void(int64_t at, const Statement& statement)>& visit) const;

 private:
  struct DueEntry {
    int64_t at;
    uint32_t statement;
    friend auto operator<=>(const DueEntry&, const DueEntry&) = default;
  };

  // Effect: the statement is one more of its chain. `identity`: what the chain is known by.
  Statement& Begin(Topic topic, std::string_view identity, int64_t position, std::string_view event_id);
  // Effect: one more restriction of the newest statement.
  Restriction& Restrict(v1::Ground ground, Bounds bounds, std::vector<Anchor> anchors);
  // Effect: the newest statement's restrictions can be found.
  void Finish(int64_t received_at);
  void Index(uint32_t number);
  // Which statement of a chain counts; nullptr when none does.
  const Statement* InForce(uint32_t chain, int64_t now, RestrictionCursor cursor) const;
  const Statement* LiftOf(const Statement& statement, const Restriction& restriction, int64_t now,
                          RestrictionCursor cursor) const;
  bool Holds(const Restriction& restriction, int64_t now, RestrictionCursor cursor) const;

  Arena& arena_;
  const EnterpriseTable& enterprises_;
  std::deque<Restriction> restrictions_;
  std::deque<Statement> statements_;
  std::vector<std::vector<uint32_t>> chains_;  // statements, arrival order
  std::vector<std::vector<uint32_t>> lifts_;   // statements, by subject
  absl::flat_hash_map<std::string, uint32_t> chain_numbers_;
  absl::flat_hash_map<std::string, uint32_t> subject_numbers_;
  absl::flat_hash_map<uint64_t, uint32_t> by_event_;
  absl::flat_hash_map<uint64_t, absl::InlinedVector<uint32_t, 2>> anchored_;  // restrictions
  HashFilter any_anchored_;                                                   // has the keys of the map
  std::array<uint64_t, kAnchors> counts_ = {};
  std::vector<bool> maker_codes_;  // by the value of four digits
  bool any_maker_code_ = false;
  HashFilter makers_;
  absl::flat_hash_map<uint64_t, absl::InlinedVector<uint32_t, 2>> by_maker_;  // restrictions, whatever they hang on
  absl::btree_set<DueEntry> due_;
};

}  // namespace zaojing
