#include "processors/risk/evasion_counts.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/risk/alert_message.h"
#include "processors/risk/merchant_sketch.h"
#include "processors/state/stored_message.h"
#include "processors/state/tables.h"
#include "proto/ids.h"
#include "proto/limits.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing {
namespace {

std::string EvasionKey(const v1::Signal& signal, const std::string& subject) {
  return TableKey(Table::kEvasion, absl::StrCat(static_cast<int>(signal.kind()), subject));
}

void Merge(const v1::Signal& signal, v1::EvasionState* state) {
  state->set_count(state->count() + 1);
  InsertSorted(signal.listing().substr(0, signal.listing().find('/')), limits::kPlatformsMax,
               state->mutable_platforms());
  if (!signal.seller_uscc().empty()) {
    const bool complete =
        KeepSmallest({Hash64(signal.seller_uscc())}, limits::kMerchantHashesMax, state->mutable_merchant_hashes());
    if (!complete) state->set_merchants_capped(true);
  }
  KeepFirstAndNewest(signal.listing(), state->mutable_listings());
  KeepFirstAndNewest(signal.cause(), state->mutable_evidence());
}

// The next message if one is due; its subject, headlines and actions are left to the caller.
std::optional<v1::Alert> MessageDue(const AlertSubject& subject, uint64_t count_min, const v1::Signal& signal,
                                    v1::EvasionState* state, TaskContext& context) {
  const bool due = state->told() == 0 ? state->count() >= count_min : state->count() >= 2 * state->told();
  if (!due) return std::nullopt;
  state->set_told(state->count());
  v1::Alert alert = NextMessage(subject, *state, context);
  alert.set_occurred_at(signal.occurred_at());
  SetCapFields(v1::RISK_LEVEL_SMALL, true, alert);
  alert.set_certainty(v1::CERTAINTY_OBSERVED);
  alert.mutable_numbers()->set_listings(state->count());
  const MerchantCount merchants = CountMerchants(state->merchant_hashes(), state->merchants_capped());
  alert.mutable_numbers()->set_merchants(merchants.merchants);
  alert.mutable_numbers()->set_merchants_estimated(merchants.estimated);
  *alert.mutable_platforms() = state->platforms();
  *alert.mutable_listings() = state->listings();
  *alert.mutable_evidence() = state->evidence();
  alert.set_evidence_count(state->count());
  return alert;
}

std::string_view PartText(v1::NumberPart part, bool chinese) {
  switch (part) {
    case v1::NUMBER_PART_YEAR:
      return chinese ? "发证年份" : "year";
    case v1::NUMBER_PART_BODY:
      return chinese ? "认证机构代码" : "certification body";
    default:
      return chinese ? "产品代码" : "product code";
  }
}

}  // namespace

void OnForgedNumber(const v1::EvasionRules::Forged& rule, const v1::Signal& signal, TaskContext& context) {
  if (rule.id().empty()) return;
  const std::string about = absl::StrCat(static_cast<int>(signal.part()), "/", signal.part_digits());
  const std::string key = EvasionKey(signal, about);
  auto state = StoredMessage<v1::EvasionState>(key, context.state());
  Merge(signal, &state);
  const AlertSubject subject{rule.id(), rule.version(), about, signal.cause()};
  if (std::optional<v1::Alert> alert = MessageDue(subject, rule.listings_min(), signal, &state, context)) {
    alert->mutable_subject()->set_part(signal.part());
    alert->mutable_subject()->set_part_digits(signal.part_digits());
    const std::string zh(PartText(signal.part(), true));
    const std::string en(PartText(signal.part(), false));
    const MerchantCount merchants{alert->numbers().merchants(), alert->numbers().merchants_estimated()};
    alert->set_headline_zh(absl::StrCat("伪造编号：", zh, " ", signal.part_digits(), " 不存在，涉及商品 ",
                                        state.count(), " 件，", MerchantText(merchants, true)));
    alert->set_headline_en(absl::StrCat("Forged numbers of ", en, " ", signal.part_digits(), ", which there is not: ",
                                        Counted(state.count(), "listing"), ", ", MerchantText(merchants, false)));
    AddActions(rule.actions(), *alert);
    context.Emit(Topic::kAlerts, state.alert_id(), *alert);
  }
  context.state().Put(key, state.SerializeAsString());
}

void OnCancelledVehicle(const v1::PlateRule& rule, const v1::Signal& signal, TaskContext& context) {
  const std::string rule_id = rule.id() + "-cancelled";
  const std::string key = EvasionKey(signal, signal.certificate_number());
  auto state = StoredMessage<v1::EvasionState>(key, context.state());
  Merge(signal, &state);
  const AlertSubject subject{rule_id, rule.version(), signal.certificate_number(), signal.cause()};
  const uint64_t count_min = std::max<uint64_t>(rule.cancelled_min(), 1);
  if (std::optional<v1::Alert> alert = MessageDue(subject, count_min, signal, &state, context)) {
    alert->mutable_subject()->set_certificate_number(signal.certificate_number());
    alert->mutable_subject()->set_vehicle_code(signal.vehicle_code());
    alert->mutable_subject()->set_region(signal.region());
    alert->set_headline_zh(absl::StrCat("证书", signal.certificate_number(), "失效后出厂车辆申请上牌 ", state.count(),
                                        " 辆，最近一辆 ", signal.vehicle_code()));
    alert->set_headline_en(absl::StrCat("Certificate ", signal.certificate_number(), ": plates asked for ",
                                        Counted(state.count(), "vehicle"), " made after its end, last ",
                                        signal.vehicle_code()));
    AddActions(rule.cancelled_actions(), *alert);
    context.Emit(Topic::kAlerts, state.alert_id(), *alert);
  }
  context.state().Put(key, state.SerializeAsString());
}

}  // namespace zaojing
