// A year of look-ups in small: certificates and look-ups made from their number alone, so that every run and every
// loop that is compared reads the same bytes. Pure; one owner.
//
// A listing is asked about at random; its first look-up is its publication, the later ones are patrols (or check-outs,
// for one listing in five). The registry: 95 % valid, the rest suspended, revoked, cancelled or run out; one listing in
// a hundred shows a number that the registry does not have, one in two hundred a number of a wrong form. The text of a
// look-up is as long as a real one: about 250 bytes, a Chinese title among them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "zaojing/v1/certificate.pb.h"
#include "zaojing/v1/control.pb.h"
#include "zaojing/v1/lookup.pb.h"

namespace zaojing::bench {

inline constexpr int64_t kDayMicros = int64_t{86'400} * 1'000'000;
// 2026-01-05 10:00 in China; look-ups follow each other by 100 microseconds, so no day ends in a run.
inline constexpr int64_t kFirstLookupAt = int64_t{1'767'578'400} * 1'000'000;
inline constexpr int64_t kBetweenLookups = 100;

class Workload {
 public:
  Workload(uint32_t listings, uint32_t certificates);

  uint32_t certificates() const { return certificates_; }
  static v1::Control Heartbeat();
  // REQUIRES models >= 2. With more than two the list is as long, and there is a firm for eight certificates each instead of
  // one for all: what a registry of that many would hold.
  static v1::Certificate Certificate(uint32_t number, uint32_t models = 2);

  // The look-up number `index`. REQUIRES: called with 0, 1, 2, ... (what was asked before decides the scene).
  const v1::Lookup& Next(uint64_t index);
  // A patrol of a listing drawn from those that exist, told apart by its event id.
  const v1::Lookup& Patrol(uint64_t index, const std::string& event_id, int64_t received_at);

  // A patrol of a listing on sale that none of the above draws: number `listing` of a family of its own ('7' to '9'), which
  // shows the certificate number `certificate`.
  const v1::Lookup& PatrolOf(char family, uint32_t listing, uint32_t certificate, const std::string& event_id,
                             int64_t received_at);

  static std::string KeyOf(const v1::Lookup& lookup);

 private:
  void Describe(uint32_t listing);
  void Envelope(const std::string& event_id, int64_t received_at);

  const uint32_t listings_;
  const uint32_t certificates_;
  std::vector<bool> published_;
  v1::Lookup lookup_;
};

}  // namespace zaojing::bench
