#include "processors/risk/reach_alerts.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/risk/alert_message.h"
#include "processors/risk/merchant_sketch.h"
#include "processors/state/stored_message.h"
#include "processors/state/tables.h"
#include "proto/china_time.h"
#include "proto/limits.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing {
namespace {

void Merge(const v1::Signal& signal, v1::ReachState& state) {
  state.set_certificate_number(signal.certificate_number());
  state.set_status(signal.status());
  state.set_reason(signal.reason());
  state.set_number(signal.number());
  state.set_maker(signal.maker());
  state.set_product_code(signal.product_code());
  state.set_model(signal.model());
  state.set_blocked(state.blocked() + signal.listings_blocked());
  state.set_reviewed(state.reviewed() + signal.listings_reviewed());
  state.set_lifted(state.lifted() + signal.listings_lifted());
  for (const std::string& platform : signal.platforms()) {
    InsertSorted(platform, limits::kPlatformsMax, state.mutable_platforms());
  }
  const auto& merchants = signal.merchant_hashes();
  const bool complete =
      KeepSmallest({merchants.begin(), merchants.end()}, limits::kMerchantHashesMax, state.mutable_merchant_hashes());
  if (!complete) state.set_merchants_capped(true);
  if (signal.kind() == v1::SIGNAL_KIND_DONE) {
    InsertSorted(signal.task(), limits::kPartitionsMax, state.mutable_tasks_done());
  } else {
    state.set_pending(true);
  }
}

// What the product code needs has changed.
bool IsOfCode(const v1::ReachState& state) {
  return state.reason() == v1::REASON_UNSPECIFIED && !state.product_code().empty();
}

// An enterprise is known by one more name.
bool IsOfEnterprise(const v1::ReachState& state) {
  return state.reason() == v1::REASON_UNSPECIFIED && !state.maker().empty();
}

std::string_view StatusText(v1::CertificateStatus status, bool chinese) {
  switch (status) {
    case v1::CERTIFICATE_STATUS_SUSPENDED:
      return chinese ? "暂停" : "suspended";
    case v1::CERTIFICATE_STATUS_REVOKED:
      return chinese ? "撤销" : "revoked";
    case v1::CERTIFICATE_STATUS_CANCELLED:
      return chinese ? "注销" : "cancelled";
    case v1::CERTIFICATE_STATUS_EXPIRED:
      return chinese ? "过期" : "expired";
    default:
      return chinese ? "变更" : "changed";
  }
}

// What reached the listings: "证书2022...撤销", "监督抽查T-1不合格 某厂 PB-20000".
std::string CauseText(const v1::ReachState& state, bool chinese) {
  if (IsOfCode(state)) {
    return chinese ? absl::StrCat("产品", state.product_code(), "须持的许可或认证变更")
                   : absl::StrCat("Requirement of product code ", state.product_code(), " changed");
  }
  if (IsOfEnterprise(state)) {
    return chinese ? absl::StrCat("企业登记名称“", state.maker(), "”后，已有的抽查、召回或处置决定及于更多商品")
                   : absl::StrCat("What was said of a maker now reaches it as ", state.maker());
  }
  if (state.reason() == v1::REASON_UNSPECIFIED) {
    const std::string status(StatusText(state.status(), chinese));
    return chinese ? absl::StrCat("证书", state.certificate_number(), status)
                   : absl::StrCat("Certificate ", state.certificate_number(), " ", status);
  }
  std::string text;
  switch (state.reason()) {
    case v1::REASON_RECALLED:
      text = absl::StrCat(chinese ? "召回" : "Recall ", state.number());
      break;
    case v1::REASON_ORDERED:
      text = absl::StrCat(chinese ? "处置决定" : "Order ", state.number());
      break;
    default:
      text = chinese ? absl::StrCat("监督抽查", state.number(), "不合格")
                     : absl::StrCat("Inspection ", state.number(), " failed");
      break;
  }
  for (const std::string* part : {&state.maker(), &state.model()}) {
    if (!part->empty()) absl::StrAppend(&text, " ", *part);
  }
  return text;
}

v1::Subject SubjectOf(const v1::ReachState& state) {
  v1::Subject subject;
  subject.set_certificate_number(state.certificate_number());
  subject.set_maker(state.maker());
  subject.set_product_code(state.product_code());
  subject.set_model(state.model());
  subject.set_document_number(state.number());
  return subject;
}

// Goods that are known to be bad are a larger risk than papers that ran out.
v1::RiskLevel LevelOf(const v1::ReachState& state) {
  const bool bad = state.status() == v1::CERTIFICATE_STATUS_REVOKED || state.reason() != v1::REASON_UNSPECIFIED ||
                   IsOfEnterprise(state);
  return bad ? v1::RISK_LEVEL_LARGER : v1::RISK_LEVEL_SMALL;
}

// What is right about a certificate is wrong advice about a recall.
const google::protobuf::RepeatedPtrField<v1::RuleAction>& ActionsFor(const v1::ReachRule& rule,
                                                                     const v1::ReachState& state) {
  switch (state.reason()) {
    case v1::REASON_UNSPECIFIED:
      if (IsOfEnterprise(state)) return rule.enterprise_actions();
      return IsOfCode(state) ? rule.requirement_actions() : rule.actions();
    case v1::REASON_RECALLED:
      return rule.recall_actions();
    case v1::REASON_ORDERED:
      return rule.order_actions();
    case v1::REASON_FAILED_BATCH:
      return rule.sample_actions();
    default:
      return rule.requirement_actions();
  }
}

void SetHeadlines(const v1::ReachState& state, v1::Alert& alert) {
  const v1::Numbers& numbers = alert.numbers();
  const auto platforms = static_cast<uint64_t>(state.platforms_size());
  std::string zh =
      absl::StrCat(CauseText(state, true), "，涉及在售商品 ", numbers.listings(), " 件，平台 ", platforms, " 个");
  std::string en = absl::StrCat(CauseText(state, false), ": ", Counted(numbers.listings(), "listing"), " on sale, ",
                                Counted(platforms, "platform"));
  if (numbers.merchants() > 0) {  // look-ups need not tell who sells
    const MerchantCount merchants{numbers.merchants(), numbers.merchants_estimated()};
    absl::StrAppend(&zh, "，", MerchantText(merchants, true));
    absl::StrAppend(&en, ", ", MerchantText(merchants, false));
  }
  if (numbers.lookups_since() > 0) {
    absl::StrAppend(&zh, "，其后被查询 ", numbers.lookups_since(), " 次");
    absl::StrAppend(&en, ", ", Counted(numbers.lookups_since(), "look-up"), " since");
  }
  alert.set_headline_zh(zh);
  alert.set_headline_en(en);
}

uint64_t LookupsSince(const v1::ReachState& state) {
  uint64_t lookups = 0;
  for (const v1::TaskLookups& task : state.asked()) lookups += task.lookups();
  return lookups;
}

void Send(const v1::ReachRule& rule, std::string_view cause, v1::ReachState& state, TaskContext& context) {
  const std::string code = IsOfCode(state) ? state.product_code() : "";
  const std::string name = IsOfEnterprise(state) ? state.maker() : "";
  const std::string about = absl::StrCat(state.certificate_number(), state.number(), code, name);
  const std::string cause_id(cause);
  v1::Alert alert = NextMessage(AlertSubject{rule.id(), rule.version(), about, cause_id}, state, context);
  alert.set_occurred_at(context.engine_time());
  *alert.mutable_subject() = SubjectOf(state);
  v1::Numbers* numbers = alert.mutable_numbers();
  numbers->set_listings_blocked(state.blocked());
  numbers->set_listings_reviewed(state.reviewed());
  numbers->set_listings(state.blocked() + state.reviewed());
  const MerchantCount merchants = CountMerchants(state.merchant_hashes(), state.merchants_capped());
  numbers->set_merchants(merchants.merchants);
  numbers->set_merchants_estimated(merchants.estimated);
  numbers->set_lookups_since(LookupsSince(state));
  numbers->set_tasks_done(static_cast<uint64_t>(state.tasks_done_size()));
  SetCapFields(LevelOf(state), true, alert);
  alert.set_certainty(v1::CERTAINTY_OBSERVED);
  alert.add_evidence(cause_id);
  alert.set_evidence_count(1);
  for (const std::string& platform : state.platforms()) alert.add_platforms(platform);
  SetHeadlines(state, alert);
  AddActions(ActionsFor(rule, state), alert);
  state.set_pending(false);
  state.set_lookups_told(numbers->lookups_since());
  state.set_last_message_at(context.engine_time());
  context.Emit(Topic::kAlerts, state.alert_id(), alert);
}

}  // namespace

void OnSignal(const v1::ReachRule& rule, const v1::Signal& signal, TaskContext& context) {
  const std::string key = TableKey(Table::kReach, signal.cause());
  const std::string reached = TableKey(Table::kReached, signal.cause());
  auto state = StoredMessage<v1::ReachState>(key, context.state());
  // What was passed over in an outage comes after every task was done: the alert goes on, and is not raised again.
  const bool fresh = state.tasks_done().empty() && state.revision() == 0;
  const bool reaches = signal.listings_blocked() + signal.listings_reviewed() > 0;
  if (fresh && reaches) state = StoredMessage<v1::ReachState>(reached, context.state());
  Merge(signal, state);
  const bool harmful = state.blocked() + state.reviewed() > 0;
  const bool final = static_cast<uint32_t>(state.tasks_done_size()) == context.partitions();
  const bool interval_over = context.engine_time() - state.last_message_at() >= rule.update_interval();
  if (harmful && (final || (state.pending() && (state.revision() == 0 || interval_over)))) {
    Send(rule, signal.cause(), state, context);
  }
  if (final && harmful) context.state().Put(reached, state.SerializeAsString());
  if (final || (!harmful && state.tasks_done_size() == 0)) {
    context.state().Delete(key);
  } else {
    context.state().Put(key, state.SerializeAsString());
  }
}

void OnAsked(const v1::ReachRule& rule, const v1::Signal& signal, TaskContext& context) {
  for (const Table table : {Table::kReach, Table::kReached}) {
    const std::string key = TableKey(table, signal.cause());
    auto state = StoredMessage<v1::ReachState>(key, context.state());
    if (state.tasks_done().empty() && state.revision() == 0) continue;
    EntryOfTask(signal.task(), state.mutable_asked())->set_lookups(signal.lookups());
    const uint64_t lookups = LookupsSince(state);
    const uint64_t told = state.lookups_told();
    const bool grown = lookups >= told + std::max<uint64_t>(told / 2, 1);
    const bool new_day = ChinaDay(state.last_message_at()) != ChinaDay(context.engine_time());
    if (table == Table::kReach) {
      state.set_pending(true);  // goes with what the slices bring
    } else if (lookups != told && (grown || new_day)) {
      Send(rule, signal.cause(), state, context);
    }
    context.state().Put(key, state.SerializeAsString());
    return;
  }
}

void SendPendingReach(const v1::ReachRule& rule, int64_t now, TaskContext& context) {
  std::vector<std::pair<std::string, v1::ReachState>> due;
  const std::string prefix = TableKey(Table::kReach, "");
  context.state().Scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
    v1::ReachState state;
    state.ParseFromArray(value.data(), static_cast<int>(value.size()));
    if (state.pending() && state.revision() > 0 && now - state.last_message_at() >= rule.update_interval()) {
      due.emplace_back(key, std::move(state));
    }
    return true;
  });
  for (auto& [key, state] : due) {
    Send(rule, std::string_view(key).substr(1), state, context);
    context.state().Put(key, state.SerializeAsString());
  }
}

}  // namespace zaojing
