// The reference facts of the generated year, one function a kind: catalogue and requirements, firms, certificates and
// what becomes of them, spot checks, recalls, orders. Each sets the whole message, envelope included; pure.
#pragma once

#include <cstdint>

#include "ingest/generate/world.h"
#include "zaojing/v1/certificate.pb.h"
#include "zaojing/v1/control.pb.h"
#include "zaojing/v1/disposition.pb.h"
#include "zaojing/v1/enterprise.pb.h"
#include "zaojing/v1/inspection.pb.h"
#include "zaojing/v1/recall.pb.h"

namespace zaojing::generate {

// What is known before the year arrives in this order, each at its instant and a microsecond a record.
inline constexpr int64_t kCatalogueLoad = kYearStart - 3 * limits::kDay;
inline constexpr int64_t kFirmLoad = kCatalogueLoad + limits::kHour;
inline constexpr int64_t kCertificateLoad = kYearStart - 2 * limits::kDay;
inline constexpr int64_t kFirstHeartbeat = kCertificateLoad + limits::kHour;
inline constexpr int64_t kHeartbeatEvery = limits::kHour;

v1::Control CatalogueFact(uint64_t product, int64_t at);
// Of most products one, of the two with a mandatory date in 2024 and 2025 two: before and after.
uint64_t RequirementFacts();
v1::Control RequirementFact(uint64_t number, int64_t at);
v1::Control HeartbeatFact(uint64_t number, int64_t at);

// The name before, for firms that were renamed; then every firm's.
v1::Enterprise FirmFact(const World& world, uint64_t firm, bool former, int64_t at);

// As loaded before the year, or when issued in it.
v1::Certificate IssueFact(const World& world, const CertificateSpec& spec, int64_t at);
// The year's event of its fate. REQUIRES a fate with one that is a fact, kNew excepted.
v1::Certificate EventFact(const World& world, const CertificateSpec& spec, int64_t at);
// The event's end: kRestored and kCorrected are valid again.
v1::Certificate EndFact(const World& world, const CertificateSpec& spec, int64_t at);
inline constexpr int64_t kRestoredAfter = 90 * limits::kDay;
inline constexpr int64_t kCorrectedAfter = 6 * limits::kDay;
inline constexpr int64_t kRenewedBefore = 30 * limits::kDay;

v1::Inspection FailedInspection(const World& world, uint64_t ordinal, int64_t at);
v1::Inspection PassedInspection(const World& world, uint64_t number, int64_t at);
v1::Recall RecallFact(const World& world, Fate fate, uint64_t ordinal, int64_t at);
v1::Disposition OrderFact(const World& world, uint64_t ordinal, int64_t at);

}  // namespace zaojing::generate
