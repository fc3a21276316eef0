#include "processors/risk/relisted_alerts.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/risk/alert_message.h"
#include "processors/state/stored_message.h"
#include "processors/state/tables.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing {
namespace {

std::string StoppedKey(uint64_t goods) {
  return TableKey(Table::kStopped, absl::StrCat(absl::Hex(goods, absl::kZeroPad16)));
}

void Send(const v1::EvasionRules::Relisted& rule, const v1::Signal& signal, v1::StoppedState* state,
          TaskContext& context) {
  const std::string about = absl::StrCat(absl::Hex(signal.goods(0), absl::kZeroPad16));
  const AlertSubject subject{rule.id(), rule.version(), about, signal.cause()};
  v1::Alert alert = NextMessage(subject, *state, context);
  alert.set_occurred_at(signal.occurred_at());
  alert.mutable_subject()->set_merchant_uscc(signal.seller_uscc());
  alert.mutable_subject()->set_certificate_number(signal.certificate_number());
  SetCapFields(v1::RISK_LEVEL_SMALL, true, alert);
  alert.mutable_numbers()->set_comebacks(state->comebacks());
  *alert.mutable_listings() = state->listings();
  *alert.mutable_evidence() = state->evidence();
  alert.set_evidence_count(static_cast<uint64_t>(state->evidence_size()));
  alert.add_platforms(signal.listing().substr(0, signal.listing().find('/')));
  alert.set_headline_zh(absl::StrCat("商家", signal.seller_uscc(), "已被拦截的商品换链接重新上架 ", state->comebacks(),
                                     " 次，最近 ", signal.listing()));
  alert.set_headline_en(absl::StrCat("Merchant ", signal.seller_uscc(), " put stopped goods on sale again ",
                                     Counted(state->comebacks(), "time"), " as a new listing, last ",
                                     signal.listing()));
  AddActions(rule.actions(), alert);
  context.Emit(Topic::kAlerts, state->alert_id(), alert);
}

}  // namespace

void OnStopped(const v1::EvasionRules::Relisted& rule, const v1::Signal& signal, TaskContext& context) {
  if (rule.id().empty() || signal.goods().empty()) return;
  const std::string key = StoppedKey(signal.goods(0));
  auto state = StoredMessage<v1::StoppedState>(key, context.state());
  const int64_t passed = signal.received_at() - state.stopped_at();
  const bool back =
      state.stopped_at() != 0 && signal.first_asked() && passed >= rule.after() && passed <= rule.within();
  KeepFirstAndNewest(signal.listing(), state.mutable_listings());
  KeepFirstAndNewest(signal.cause(), state.mutable_evidence());
  state.set_stopped_at(std::max(state.stopped_at(), signal.received_at()));
  if (back) {
    state.set_comebacks(state.comebacks() + 1);
    Send(rule, signal, &state, context);
  }
  context.state().Put(key, state.SerializeAsString());
}

void RememberStopped(const v1::Signal& signal, TaskContext& context) {
  for (const uint64_t goods : signal.goods()) {
    const std::string key = StoppedKey(goods);
    auto state = StoredMessage<v1::StoppedState>(key, context.state());
    if (state.stopped_at() >= signal.received_at()) continue;
    state.set_stopped_at(signal.received_at());
    context.state().Put(key, state.SerializeAsString());
  }
}

}  // namespace zaojing
