// Which listings a change can reach: the walk over the index (listing_index.h) that one job makes. Pure but for the state
// it is handed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "processors/reference/registry.h"
#include "processors/screen/listing_index.h"
#include "processors/state/task_state.h"

namespace zaojing {

// Whether any listing is under the key: asked for each fact of a registry, so by one scan and no walk.
bool HasListings(std::string_view key, TaskState& state);

// Keys of jobs (table job): a certificate's is its index key, a product code's CodeKey, a statement's '!' and hex, an
// enterprise's '&' and hex.
std::string StatementKey(const Statement& statement);
std::string EnterpriseKey(uint64_t uscc_hash);
inline bool IsCertificateKey(std::string_view key) { return key[0] != '#' && key[0] != '!' && key[0] != '&'; }

class ReachWalk {
 public:
  // What shows the certificate of this key.
  static ReachWalk OfCertificate(std::string_view key);
  // What claims the code or shows a certificate that has it in its number.
  static ReachWalk OfCode(std::string_view product_code);
  // What anything said in the statement, or in those of its chain, may be about.
  static ReachWalk OfStatement(const Statement& statement, const Registry& registry, RegistryCursor cursor);
  // What claims, or shows a certificate that states, a maker by the code of this hash or by a name of its enterprise.
  static ReachWalk OfEnterprise(uint64_t uscc_hash, const Registry& registry, RegistryCursor cursor);

  // Listings that are named themselves; they may not exist.
  const std::vector<std::string>& named() const { return named_; }

  struct Step {
    std::vector<std::string> listings;  // one under several keys comes several times
    uint64_t units = 0;                 // entries and keys walked
    std::string next;                   // where to go on; empty = the walk is over
  };
  // At most `units_max` entries and keys (and the end of a key, where that comes next), from where the last step said;
  // "" = from the start.
  Step Walk(std::string_view at, uint64_t units_max, TaskState& state) const;
  // Whether it comes to any listing.
  bool Any(TaskState& state) const;

 private:
  void AddAnchors(const Restriction& restriction, const Registry& registry, RegistryCursor cursor);
  void AddMaker(uint64_t hash, const Registry& registry, RegistryCursor cursor);
  void Sort();
  // The least prefix of the walk whose entries are not all before `at`; empty = none.
  std::string NextPrefix(std::string_view at, TaskState& state) const;
  std::string NextCodePrefix(std::string_view at, TaskState& state) const;

  std::vector<std::string> keys_;   // ascending
  std::vector<std::string> codes_;  // of four digits, ascending: inside the numbers of CCC certificates
  std::vector<std::string> named_;
  bool everything_ = false;
};

}  // namespace zaojing
