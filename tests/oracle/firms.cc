#include "tests/oracle/firms.h"

namespace zaojing::oracle {

bool Firms::GoesBy(const std::string& code, const std::string& word) const {
  for (const auto& [uscc, name] : pairs_) {
    if (uscc == code && (word == uscc || word == name)) return true;
  }
  return false;
}

bool Firms::One(const std::string& a, const std::string& b) const {
  if (a.empty() || b.empty()) return false;
  if (a == b) return true;
  for (const auto& [uscc, name] : pairs_) {
    if (GoesBy(uscc, a) && GoesBy(uscc, b)) return true;
  }
  return false;
}

bool Firms::IsCode(const std::string& word) const { return GoesBy(word, word); }

std::set<std::string> Firms::WordsFor(const std::string& word) const {
  std::set<std::string> words;
  if (!word.empty()) words.insert(word);
  for (const auto& [uscc, name] : pairs_) {
    if (One(uscc, word)) words.insert(uscc);
    if (One(name, word)) words.insert(name);
  }
  return words;
}

std::set<std::string> Firms::WordsFor(const v1::Certificate* scope) const {
  if (scope == nullptr) return {};
  std::set<std::string> words = WordsFor(scope->maker_uscc().empty() ? scope->maker() : scope->maker_uscc());
  if (!scope->maker().empty()) words.insert(scope->maker());
  return words;
}

}  // namespace zaojing::oracle
