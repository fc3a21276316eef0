// The register of enterprises, read naively: pairs of code and name, compared as texts. Part of the oracle; shares no
// code with processors/.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "zaojing/v1/certificate.pb.h"
#include "zaojing/v1/enterprise.pb.h"

namespace zaojing::oracle {

class Firms {
 public:
  void Learn(const v1::Enterprise& fact) { pairs_.emplace_back(fact.uscc(), fact.name()); }

  // Whether two words for a firm mean one: equal, or some enterprise goes by both.
  bool One(const std::string& a, const std::string& b) const;
  bool IsCode(const std::string& word) const;
  // Whether the record tells of a name for its enterprise that none before it did.
  bool IsNew(const v1::Enterprise& fact) const { return !GoesBy(fact.uscc(), fact.name()); }
  // All words that mean the same.
  std::set<std::string> WordsFor(const std::string& word) const;
  // All words for the maker that the certificate states (null: none); its code, if it states one, says who that is.
  std::set<std::string> WordsFor(const v1::Certificate* scope) const;

 private:
  bool GoesBy(const std::string& code, const std::string& word) const;

  std::vector<std::pair<std::string, std::string>> pairs_;
};

}  // namespace zaojing::oracle
