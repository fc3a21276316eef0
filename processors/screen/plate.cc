// Registration of e-bikes (上牌): one vehicle code is one vehicle, and a certificate carries the plates its maker can
// have made. The listing's entry is the vehicle code's; counts by certificate and year are this task's share, risk adds
// them up.
#include <algorithm>

#include "processors/screen/screen_stage.h"
#include "processors/screen/signal_message.h"
#include "processors/state/stored_message.h"
#include "processors/state/tables.h"
#include "proto/china_time.h"
#include "proto/ids.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

// By the number of the registration; without one every question is an application of its own.
uint64_t ApplicationOf(const LookupView& lookup) {
  const uint64_t hash = Hash64(lookup.application_id.empty() ? lookup.event_id : lookup.application_id);
  return hash == 0 ? 1 : hash;
}

}  // namespace

void ScreenStage::TakePlate(const Listing* before, const TaskContext& context, Listing* next) const {
  uint64_t application = ApplicationOf(*lookup_);
  if (before != nullptr && before->plated_application != 0) {
    next->plated_application = before->plated_application;
    next->plated_at = before->plated_at;
    next->plated_region = before->plated_region;
    // A window that asks again about the vehicle it has before it, and gives no number.
    const bool repeated = lookup_->application_id.empty() && lookup_->region == before->plated_region &&
                          context.engine_time() - before->plated_at <= rules_.plate().repeat_within();
    if (repeated) application = before->plated_application;
    next->vehicle_reused = application != before->plated_application;
  }
  // Kept when the one that was given the plate asks again: the other one was told of already.
  const bool again = before != nullptr && before->plated_application != 0 && !next->vehicle_reused;
  next->asked_application = again ? before->asked_application : application;
}

void ScreenStage::AfterPlate(const Listing* before, TaskContext& context) {
  const bool was_plated = before != nullptr && before->plated_application != 0;
  if (next_.plated_application != 0 && !was_plated) CountPlate(context);
  const bool told = before != nullptr && before->asked_application == next_.asked_application;
  if (!next_.vehicle_reused || told) return;
  v1::Signal signal = NewSignal(v1::SIGNAL_KIND_VEHICLE_REUSED, lookup_->event_id, context);
  signal.set_certificate_number(std::string(next_.certificate_number));
  signal.set_vehicle_code(std::string(lookup_->listing_id));
  signal.set_region(std::string(lookup_->region));
  signal.set_first_region(std::string(next_.plated_region));
  context.Emit(Topic::kSignals, signal.cause(), signal);
}

void ScreenStage::CountPlate(TaskContext& context) {
  const CredentialId id = ParseCredentialNumber(next_.certificate_number).id;
  const auto view = context.registry().Find(id, context.engine_time(), context.cursor());
  const CertificateScope* scope = view ? context.registry().ScopeOf(*view) : nullptr;
  if (scope == nullptr || scope->yearly_production == 0) return;
  const auto year = static_cast<uint32_t>(ChinaYear(context.engine_time()));
  const std::string key = TableKey(Table::kPlates, CredentialKey(id) + std::to_string(year));
  auto count = StoredMessage<v1::PlateCount>(key, context.state());
  count.set_plates(count.plates() + 1);
  // The product of two such numbers fits.
  const uint64_t yearly = std::min(scope->yearly_production, limits::kYearlyProductionMax);
  const uint64_t step =
      yearly * static_cast<uint64_t>(rules_.plate().report_share_e6()) / 1'000'000 / context.partitions();
  if (count.plates() - count.reported() >= std::max<uint64_t>(step, 1)) {
    count.set_reported(count.plates());
    v1::Signal signal =
        NewSignal(v1::SIGNAL_KIND_PLATES, MakeId({"plates", CredentialKey(id), std::to_string(year)}), context);
    signal.set_certificate_number(CredentialKey(id));
    signal.set_year(year);
    signal.set_plates(count.plates());
    signal.set_yearly_production(scope->yearly_production);
    context.Emit(Topic::kSignals, signal.cause(), signal);
  }
  context.state().Put(key, count.SerializeAsString());
}

}  // namespace zaojing
