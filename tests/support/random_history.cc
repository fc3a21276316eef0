#include "tests/support/random_history.h"

#include <random>

#include "proto/limits.h"

namespace zaojing::testing {
namespace {

constexpr v1::CertificateStatus kStatuses[] = {v1::CERTIFICATE_STATUS_VALID, v1::CERTIFICATE_STATUS_SUSPENDED,
                                               v1::CERTIFICATE_STATUS_REVOKED, v1::CERTIFICATE_STATUS_CANCELLED,
                                               v1::CERTIFICATE_STATUS_EXPIRED};

class Maker {
 public:
  Maker(uint32_t seed, const RandomHistoryOptions& options) : random_(seed), options_(options) {}

  History Make() {
    for (int i = 0; i < options_.events; ++i) {
      now_ += static_cast<int64_t>(Pick(4)) * limits::kHour;
      id_ = "e" + std::to_string(i);
      if (Pick(8) == 0) {
        AddFact();
      } else {
        AddLookup();
      }
      AddComplaints(i);
    }
    return std::move(history_);
  }

 private:
  uint32_t Pick(uint32_t n) { return static_cast<uint32_t>(random_()) % n; }
  // Received up to two hours late.
  int64_t Late() { return now_ - static_cast<int64_t>(Pick(3)) * limits::kHour; }
  std::string Number() { return "202201160645487" + std::to_string(Pick(6)); }

  void AddFact() {
    const int64_t at = Late();
    const int64_t shift = (static_cast<int64_t>(Pick(5)) - 3) * limits::kDay / 2;
    v1::Certificate fact = MakeCertificate(id_, Number(), kStatuses[Pick(5)], at + shift, at);
    if (Pick(2) == 0) fact.set_valid_until(at + static_cast<int64_t>(Pick(5)) * limits::kDay);
    if (Pick(4) == 0) fact.set_valid_from(at + static_cast<int64_t>(Pick(3)) * limits::kDay);
    history_.certificates.push_back(ToRecord(fact));
  }
  void AddLookup() {
    const auto scene = static_cast<v1::Scene>(1 + Pick(4));
    const std::string number = Pick(10) == 0 ? "unreadable" : Number() + (Pick(3) == 0 ? "(A1)" : "");
    v1::Lookup lookup = MakeLookup(id_, "item" + std::to_string(Pick(40)), number, scene, Late());
    if (Pick(2) == 0) lookup.set_made_at(now_ - static_cast<int64_t>(Pick(6)) * limits::kDay / 2);
    lookup.set_shipment_proven(Pick(2) == 0);
    history_.lookups.push_back(ToRecord(lookup));
    if (options_.broken_records && Pick(20) == 0) history_.lookups.back().value.resize(5);
  }
  // Weeks apart, with a burst now and then, follow-ups and withdrawals.
  void AddComplaints(int i) {
    const int64_t week = kMonday + i / 6 * limits::kWeek;
    const uint32_t count = i % 60 > 56 ? 4 : Pick(2);
    for (uint32_t n = 0; n < count; ++n) {
      const bool follow_up = cases_ > 0 && Pick(4) == 0;
      const uint32_t number = follow_up ? cases_ - 1 - Pick(std::min(cases_, 12U)) : cases_++;
      v1::Complaint complaint =
          MakeComplaint("c" + std::to_string(number), 1 + Pick(follow_up ? 3 : 1), "m" + std::to_string(Pick(2)),
                        Pick(3) == 0 ? "q" : "p", week + static_cast<int64_t>(Pick(6)) * limits::kDay);
      complaint.set_event_id(complaint.event_id() + "/" + id_ + "/" + std::to_string(n));
      complaint.set_withdrawn(follow_up && Pick(2) == 0);
      history_.complaints.push_back(ToRecord(complaint));
    }
  }

  std::mt19937 random_;
  const RandomHistoryOptions options_;
  History history_;
  int64_t now_ = kMonday;
  std::string id_;
  uint32_t cases_ = 0;
};

}  // namespace

History RandomHistory(uint32_t seed, const RandomHistoryOptions& options) { return Maker(seed, options).Make(); }

}  // namespace zaojing::testing
