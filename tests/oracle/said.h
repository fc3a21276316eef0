// What was said about goods, judged naively: lists, one loop, text compared with text. Part of the oracle; shares no
// code with processors/. It knows the words the random histories use: models "M<n>" or "M<low>~M<high>", batches "B<n>"
// and "<line>-<n>", makers by name and code, orders of a listing, a certificate, a maker, a product code, with or
// without a batch.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "zaojing/v1/certificate.pb.h"
#include "zaojing/v1/codes.pb.h"
#include "zaojing/v1/disposition.pb.h"
#include "zaojing/v1/inspection.pb.h"
#include "zaojing/v1/recall.pb.h"

namespace zaojing::oracle {

// The goods of a listing.
struct Offer {
  std::string key;
  std::string credential;          // 16 digits or a licence number; empty = of no known form
  std::set<std::string> makers;    // words for the maker: as certified now, as claimed
  std::set<std::string> ever;      // words for those claimed, and certified by any fact so far
  bool code_stated = false;        // of the maker, certified or claimed
  std::string code;                // claimed, else that in the number
  std::vector<std::string> codes;  // both
  std::string model;
  std::vector<std::string> certified_models;
  std::string batch;
  std::string gtin;
};

// Whether a model is the one printed, or in the range that is.
bool Covers(const std::string& printed, const std::string& model);

class Sayings {
 public:
  void Learn(const v1::Inspection& inspection) { inspections_.push_back(inspection); }
  void Learn(const v1::Recall& recall) { recalls_.push_back(recall); }
  void Learn(const v1::Disposition& order) { orders_.push_back(order); }

  // The strictest thing that holds; ALLOW when nothing does.
  std::pair<v1::Action, v1::Reason> Strictest(const Offer& offer, v1::Scene scene, int64_t now) const;
  // Whether the newest of its kind that was learnt makes anybody look at the offer again.
  bool IsAbout(const v1::Inspection& newest, const Offer& offer) const;
  bool IsAbout(const v1::Recall& newest, const Offer& offer) const;
  bool IsAbout(const v1::Disposition& newest, const Offer& offer) const;
  // Whether something about the offer began or ended in (after, until].
  bool IsDue(const Offer& offer, int64_t after, int64_t until) const;

 private:
  bool Lifted(const v1::Disposition& order, size_t place, int64_t now) const;

  std::vector<v1::Inspection> inspections_;
  std::vector<v1::Recall> recalls_;
  std::vector<v1::Disposition> orders_;
};

}  // namespace zaojing::oracle
