#include "processors/risk/plate_alerts.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/risk/alert_message.h"
#include "processors/state/stored_message.h"
#include "processors/state/tables.h"
#include "proto/limits.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing {
namespace {

constexpr int64_t kMillion = 1'000'000;

// The product of two such numbers fits.
uint64_t ShareOf(uint64_t yearly, int64_t share_e6) {
  return std::min(yearly, limits::kYearlyProductionMax) * static_cast<uint64_t>(share_e6) / kMillion;
}

// The tasks' shares together, with the one that has just been told.
uint64_t Total(uint32_t task, uint64_t plates, v1::PlateTotalState& state) {
  v1::TaskPlates* told = EntryOfTask(task, state.mutable_tasks());
  told->set_plates(std::max(told->plates(), plates));
  uint64_t total = 0;
  for (const v1::TaskPlates& share : state.tasks()) total += share.plates();
  return total;
}

// What the kinds of alert have in common.
template <typename State>
v1::Alert Message(const std::string& rule_id, const v1::PlateRule& rule, const v1::Signal& signal, State& state,
                  TaskContext& context) {
  const bool of_vehicle = signal.kind() == v1::SIGNAL_KIND_VEHICLE_REUSED;
  const std::string& about = of_vehicle ? signal.vehicle_code() : signal.certificate_number();
  v1::Alert alert = NextMessage(AlertSubject{rule_id, rule.version(), about, signal.cause()}, state, context);
  alert.set_occurred_at(signal.occurred_at());
  alert.mutable_subject()->set_certificate_number(signal.certificate_number());
  return alert;
}

}  // namespace

void OnPlates(const v1::PlateRule& rule, const v1::Signal& signal, TaskContext& context) {
  const std::string key = TableKey(Table::kPlateTotal, absl::StrCat(signal.certificate_number(), signal.year()));
  auto state = StoredMessage<v1::PlateTotalState>(key, context.state());
  const uint64_t total = Total(signal.task(), signal.plates(), state);
  const uint64_t yearly = signal.yearly_production();
  const uint64_t most = ShareOf(yearly, rule.alert_share_e6() == 0 ? kMillion : rule.alert_share_e6());
  const uint64_t step = std::max<uint64_t>(ShareOf(yearly, rule.report_share_e6()), 1);
  const bool beyond = total > most;
  const bool news = beyond && (state.told() == 0 || total - state.told() >= step);
  // The maker has since declared that it makes more.
  const bool retracted = !beyond && state.told() > 0;
  if (news || retracted) {
    v1::Alert alert = Message(rule.id() + "-production", rule, signal, state, context);
    if (retracted) {
      alert.set_msg_type(v1::MESSAGE_TYPE_CANCEL);
      alert.set_stage(v1::STAGE_RETRACTED);
    }
    SetCapFields(v1::RISK_LEVEL_SMALL, true, alert);
    alert.set_certainty(v1::CERTAINTY_OBSERVED);
    v1::Numbers* numbers = alert.mutable_numbers();
    numbers->set_plates(total);
    numbers->set_yearly_production(yearly);
    numbers->set_year(signal.year());
    numbers->set_tasks_done(static_cast<uint64_t>(state.tasks_size()));
    alert.add_evidence(signal.cause());
    alert.set_evidence_count(1);
    alert.set_headline_zh(absl::StrCat("证书", signal.certificate_number(), "：", signal.year(), "年上牌 ", total,
                                       " 辆，申报年产量 ", yearly, " 辆"));
    alert.set_headline_en(absl::StrCat("Certificate ", signal.certificate_number(), ": ", total, " plates in ",
                                       signal.year(), ", declared production ", yearly, " a year"));
    AddActions(rule.plates_actions(), alert);
    state.set_told(retracted ? 0 : total);
    context.Emit(Topic::kAlerts, state.alert_id(), alert);
  }
  context.state().Put(key, state.SerializeAsString());
}

void OnVehicleReused(const v1::PlateRule& rule, const v1::Signal& signal, TaskContext& context) {
  const std::string key = TableKey(Table::kVehicle, signal.vehicle_code());
  auto state = StoredMessage<v1::VehicleState>(key, context.state());
  state.set_applications(state.applications() + 1);
  KeepFirstAndNewest(signal.cause(), state.mutable_evidence());
  v1::Alert alert = Message(rule.id() + "-vehicle", rule, signal, state, context);
  SetCapFields(v1::RISK_LEVEL_SMALL, false, alert);
  alert.mutable_subject()->set_vehicle_code(signal.vehicle_code());
  alert.mutable_subject()->set_region(signal.region());
  alert.mutable_numbers()->set_applications(state.applications());
  for (const std::string& evidence : state.evidence()) alert.add_evidence(evidence);
  alert.set_evidence_count(state.applications());
  const auto region = [](const std::string& code, const char* none) { return code.empty() ? none : code; };
  alert.set_headline_zh(absl::StrCat("车辆编码", signal.vehicle_code(), "重复申请上牌 ", state.applications(),
                                     " 次：首次 ", region(signal.first_region(), "地区不详"), "，本次 ",
                                     region(signal.region(), "地区不详")));
  alert.set_headline_en(absl::StrCat(
      "Vehicle code ", signal.vehicle_code(), " used by ", Counted(state.applications(), "more application"),
      ": first in ", region(signal.first_region(), "unknown"), ", now in ", region(signal.region(), "unknown")));
  AddActions(rule.reused_actions(), alert);
  context.Emit(Topic::kAlerts, state.alert_id(), alert);
  context.state().Put(key, state.SerializeAsString());
}

}  // namespace zaojing
