#include "processors/risk/borrowed_alerts.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/risk/alert_message.h"
#include "processors/state/stored_message.h"
#include "processors/state/tables.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing {
namespace {

constexpr uint64_t kMillion = 1'000'000;

struct Shown {
  uint64_t listings = 0;
  uint64_t untied = 0;
  std::set<uint64_t> merchants;
};

Shown Sum(const v1::EvasionState& state) {
  Shown sum;
  for (const v1::TaskShown& task : state.tasks()) {
    sum.listings += task.listings();
    sum.untied += task.untied();
    sum.merchants.insert(task.merchant_hashes().begin(), task.merchant_hashes().end());
  }
  return sum;
}

void Send(const v1::EvasionRules::Borrowed& rule, const v1::Signal& signal, const Shown& shown, bool retracted,
          v1::EvasionState* state, TaskContext& context) {
  const std::string& number = signal.certificate_number();
  v1::Alert alert = NextMessage(AlertSubject{rule.id(), rule.version(), number, signal.cause()}, *state, context);
  if (retracted) {
    alert.set_msg_type(v1::MESSAGE_TYPE_CANCEL);
    alert.set_stage(v1::STAGE_RETRACTED);
  }
  alert.set_occurred_at(signal.occurred_at());
  alert.mutable_subject()->set_certificate_number(number);
  SetCapFields(v1::RISK_LEVEL_SMALL, false, alert);
  alert.mutable_numbers()->set_listings(shown.listings);
  alert.mutable_numbers()->set_untied(shown.untied);
  alert.mutable_numbers()->set_merchants(shown.merchants.size());
  *alert.mutable_listings() = state->listings();
  *alert.mutable_evidence() = state->evidence();
  alert.set_evidence_count(shown.untied);
  alert.set_headline_zh(absl::StrCat("证书", number, "疑被借用：", shown.merchants.size(), " 家商家的 ", shown.untied,
                                     " 件商品与证书无任何关联（共 ", shown.listings, " 件出示）"));
  alert.set_headline_en(
      absl::StrCat("Certificate ", number, " may be borrowed: ", Counted(shown.merchants.size(), "merchant"), " with ",
                   Counted(shown.untied, "listing"), " that nothing ties to it, of ", shown.listings, " that show it"));
  AddActions(rule.actions(), alert);
  context.Emit(Topic::kAlerts, state->alert_id(), alert);
}

}  // namespace

void OnShown(const v1::EvasionRules::Borrowed& rule, const v1::Signal& signal, TaskContext& context) {
  if (rule.id().empty()) return;
  const std::string key =
      TableKey(Table::kEvasion, absl::StrCat(static_cast<int>(signal.kind()), signal.certificate_number()));
  auto state = StoredMessage<v1::EvasionState>(key, context.state());
  v1::TaskShown* task = EntryOfTask(signal.task(), state.mutable_tasks());
  task->set_listings(signal.listings());
  task->set_untied(signal.untied());
  *task->mutable_merchant_hashes() = signal.merchant_hashes();
  KeepFirstAndNewest(signal.listing(), state.mutable_listings());
  KeepFirstAndNewest(signal.cause(), state.mutable_evidence());
  const Shown shown = Sum(state);
  const uint64_t merchants = shown.merchants.size();
  const bool suspect = merchants >= rule.merchants_min() &&
                       shown.untied * kMillion >= static_cast<uint64_t>(rule.untied_share_e6()) * shown.listings;
  const bool news = suspect && (state.told() == 0 || merchants >= 2 * state.told());
  const bool retracted = !suspect && state.told() > 0;
  if (news || retracted) {
    state.set_told(retracted ? 0 : merchants);
    Send(rule, signal, shown, retracted, &state, context);
  }
  context.state().Put(key, state.SerializeAsString());
}

}  // namespace zaojing
