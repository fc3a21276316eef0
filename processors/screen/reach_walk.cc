#include "processors/screen/reach_walk.h"

#include <algorithm>

#include "processors/state/tables.h"
#include "proto/identifiers.h"
#include "proto/ids.h"

namespace zaojing {
namespace {

// After everything that begins with `prefix`. REQUIRES that it ends with an ASCII character.
std::string After(std::string_view prefix) {
  std::string after(prefix);
  ++after.back();
  return after;
}

// What follows the table's byte in the first entry of the index at or after `at`; empty = none.
std::string FirstEntry(std::string_view at, TaskState& state) {
  std::string found;
  const std::string table = TableKey(Table::kIndex, "");
  state.Scan(table, TableKey(Table::kIndex, at), [&](std::string_view key, std::string_view) {
    found = std::string(key.substr(1));
    return false;
  });
  return found;
}

}  // namespace

bool HasListings(std::string_view key, TaskState& state) {
  bool found = false;
  const std::string prefix = TableKey(Table::kIndex, key);
  state.Scan(prefix, prefix, [&](std::string_view, std::string_view) {
    found = true;
    return false;
  });
  return found;
}

std::string StatementKey(const Statement& statement) { return MarkedKey('!', statement.identity); }
std::string EnterpriseKey(uint64_t uscc_hash) { return MarkedKey('&', uscc_hash); }

ReachWalk ReachWalk::OfCertificate(std::string_view key) {
  ReachWalk walk;
  walk.keys_.emplace_back(key);
  return walk;
}

ReachWalk ReachWalk::OfCode(std::string_view product_code) {
  ReachWalk walk;
  walk.keys_.push_back(CodeKey(product_code));
  if (IsCatalogueCode(product_code)) walk.codes_.emplace_back(product_code);
  return walk;
}

ReachWalk ReachWalk::OfStatement(const Statement& statement, const Registry& registry, RegistryCursor cursor) {
  ReachWalk walk;
  for (const Restriction* subject : registry.restrictions().SubjectsOf(statement, cursor.restrictions())) {
    walk.AddAnchors(*subject, registry, cursor);
  }
  walk.Sort();
  return walk;
}

ReachWalk ReachWalk::OfEnterprise(uint64_t uscc_hash, const Registry& registry, RegistryCursor cursor) {
  ReachWalk walk;
  walk.AddMaker(uscc_hash, registry, cursor);
  walk.Sort();
  return walk;
}

void ReachWalk::AddAnchors(const Restriction& restriction, const Registry& registry, RegistryCursor cursor) {
  const Bounds& bounds = restriction.bounds;
  for (const Anchor anchor : restriction.anchors) {
    switch (anchor) {
      case Anchor::kListing:
        named_.push_back(bounds.listing);
        break;
      case Anchor::kCertificate:
        keys_.push_back(CredentialKey(bounds.certificate));
        break;
      case Anchor::kGtin:
        keys_.push_back(GtinKey(bounds.gtin));
        break;
      case Anchor::kMaker:
        AddMaker(bounds.maker_name, registry, cursor);
        AddMaker(bounds.maker_uscc, registry, cursor);
        break;
      case Anchor::kSeller:
        everything_ = true;
        break;
      case Anchor::kCode:
        keys_.push_back(CodeKey(bounds.product_code));
        if (IsCatalogueCode(bounds.product_code)) codes_.push_back(bounds.product_code);
        break;
    }
  }
}

void ReachWalk::AddMaker(uint64_t hash, const Registry& registry, RegistryCursor cursor) {
  if (hash == 0) return;
  registry.enterprises().VisitIdentity(hash, cursor.enterprises, [&](uint64_t one) {
    keys_.push_back(MakerKey(one));
    registry.makers().Visit(one, cursor.certificates, [&](CredentialId id) { keys_.push_back(CredentialKey(id)); });
  });
}

void ReachWalk::Sort() {
  for (std::vector<std::string>* list : {&keys_, &codes_, &named_}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
}

std::string ReachWalk::NextCodePrefix(std::string_view at, TaskState& state) const {
  if (codes_.empty()) return {};
  std::string from = std::max(std::string(at), std::string("0"));
  // From one pair of year and body to the next, of which there are some hundreds.
  for (;;) {
    const std::string entry = FirstEntry(from, state);
    if (entry.size() < kIndexKeyBytes || entry[0] > '9') return {};
    const std::string head = entry.substr(0, kCatalogueCodeAt);
    const auto code =
        std::lower_bound(codes_.begin(), codes_.end(), entry.substr(kCatalogueCodeAt, kCatalogueCodeDigits));
    if (code == codes_.end()) {
      from = After(head);
    } else if (entry.compare(kCatalogueCodeAt, kCatalogueCodeDigits, *code) == 0) {
      return head + *code;
    } else {
      from = head + *code;
    }
  }
}

std::string ReachWalk::NextPrefix(std::string_view at, TaskState& state) const {
  if (everything_) return std::string(FirstEntry(at, state).substr(0, kIndexKeyBytes));
  const auto key = std::lower_bound(keys_.begin(), keys_.end(), at.substr(0, kIndexKeyBytes));
  std::string code = NextCodePrefix(at, state);
  if (key == keys_.end()) return code;
  return code.empty() ? *key : std::min(*key, code);
}

ReachWalk::Step ReachWalk::Walk(std::string_view at, uint64_t units_max, TaskState& state) const {
  Step step;
  step.next = std::string(at);
  while (step.units < units_max) {
    const std::string key = NextPrefix(step.next, state);
    if (key.empty()) {
      step.next.clear();
      return step;
    }
    const std::string prefix = TableKey(Table::kIndex, key);
    const std::string from = std::max(prefix, TableKey(Table::kIndex, step.next));
    bool over = true;
    state.Scan(prefix, from, [&](std::string_view entry, std::string_view) {
      over = step.units < units_max;
      if (!over) return false;
      ++step.units;
      step.listings.emplace_back(entry.substr(1 + kIndexKeyBytes));
      step.next.assign(entry.substr(1)).append(1, '\0');  // the next possible entry
      return true;
    });
    if (!over) return step;
    step.next = After(key);
    ++step.units;
  }
  return step;
}

bool ReachWalk::Any(TaskState& state) const {
  for (const std::string& listing : named_) {
    if (state.Get(TableKey(Table::kListing, listing))) return true;
  }
  Step step;
  do {
    step = Walk(step.next, 1, state);
    if (!step.listings.empty()) return true;
  } while (!step.next.empty());
  return false;
}

}  // namespace zaojing
