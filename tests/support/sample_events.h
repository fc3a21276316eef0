// One good event of each input topic, small and readable, for tests that then break it. Times are of January
// 2024.
#pragma once

#include <string>

#include "ingest/decoder.h"

namespace zaojing::samples {

inline constexpr int64_t kNow = 1'704'067'200 * int64_t{1'000'000};  // 2024-01-01T00:00:00Z

template <typename Event>
Event WithEnvelope(const std::string& event_id) {
  Event event;
  event.set_event_id(event_id);
  event.set_source("test");
  event.set_schema_version(1);
  event.set_occurred_at(kNow - 1);
  event.set_received_at(kNow);
  return event;
}

inline v1::Lookup Lookup() {
  auto event = WithEnvelope<v1::Lookup>("lookup-1");
  event.set_platform("shop");
  event.set_listing_id("L-1");
  event.set_seller_uscc("91330100799655058B");
  event.set_certificate_number("2022010907456789");
  event.set_scene(v1::SCENE_ON_SALE);
  event.set_product_code("0907");
  event.set_model("PB-20000");
  event.set_region("330110");
  event.set_title("充电宝");
  return event;
}

inline v1::Certificate Certificate() {
  auto event = WithEnvelope<v1::Certificate>("certificate-1");
  event.set_number("2022010907456789");
  event.set_version("B0");
  event.set_status(v1::CERTIFICATE_STATUS_VALID);
  event.set_effective_at(kNow);
  event.set_maker("某电子有限公司");
  event.add_models("PB-20000");
  return event;
}

inline v1::Control Heartbeat() {
  auto event = WithEnvelope<v1::Control>("heartbeat-1");
  event.mutable_heartbeat()->set_registry_as_of(kNow);
  return event;
}

inline v1::Control Catalogue() {
  auto event = WithEnvelope<v1::Control>("catalogue-1");
  v1::CatalogueEntry* entry = event.mutable_catalogue();
  entry->set_product_code("0907");
  entry->set_name("移动电源");
  entry->set_effective_at(kNow);
  entry->add_categories("power-bank");
  return event;
}

inline v1::Control Required() {
  auto event = WithEnvelope<v1::Control>("required-1");
  v1::RequiredCredential* required = event.mutable_credential();
  required->set_product_code("0907");
  required->set_effective_at(kNow);
  required->add_kinds(v1::CREDENTIAL_KIND_CCC);
  required->add_kinds(v1::CREDENTIAL_KIND_PRODUCTION_LICENCE);
  return event;
}

inline v1::Enterprise Enterprise() {
  auto event = WithEnvelope<v1::Enterprise>("enterprise-1");
  event.set_uscc("91110000600037341L");
  event.set_name("某电子有限公司");
  event.set_tier(v1::ENTERPRISE_TIER_B);
  event.set_region("330110");
  event.set_effective_at(kNow);
  return event;
}

inline v1::Inspection Inspection() {
  auto event = WithEnvelope<v1::Inspection>("inspection-1");
  event.set_task_number("T-1");
  event.set_version(1);
  event.set_result(v1::INSPECTION_RESULT_FAILED);
  event.set_product_code("0907");
  event.set_maker("某电子有限公司");
  event.set_model("PB-20000");
  event.set_batch("20240101");
  event.set_platform("shop");
  event.set_listing_id("L-1");
  v1::InspectionItem* item = event.add_items();
  item->set_name("外部短路");
  item->set_safety(true);
  item->set_failed(true);
  return event;
}

inline v1::Recall Recall() {
  auto event = WithEnvelope<v1::Recall>("recall-1");
  event.set_recall_number("R-1");
  event.set_version(1);
  event.set_maker("某电子有限公司");
  event.set_remedy(v1::REMEDY_REPLACE);
  event.set_effective_at(kNow);
  v1::RecalledProduct* product = event.add_products();
  product->set_model("PB-20000");
  product->set_batch_from("20240101");
  product->set_batch_to("20240131");
  return event;
}

inline v1::Disposition Disposition() {
  auto event = WithEnvelope<v1::Disposition>("disposition-1");
  event.set_action_id("A-1");
  event.set_order(v1::ORDER_KIND_TAKE_DOWN);
  event.set_effective_at(kNow);
  event.set_platform("shop");
  event.set_listing_id("L-1");
  return event;
}

inline v1::Control Rules() {
  auto event = WithEnvelope<v1::Control>("rules-1");
  v1::RuleSet* rules = event.mutable_rules();
  rules->set_id("base");
  rules->set_version(1);
  v1::DecisionRow* row = rules->add_decisions();
  row->set_id("revoked");
  row->add_scenes(v1::SCENE_PUBLISH);
  row->set_finding(v1::FINDING_REVOKED);
  row->add_made(v1::MADE_ANY);
  row->set_action(v1::ACTION_BLOCK);
  row->set_reason(v1::REASON_REVOKED);
  row->set_modality(v1::MODALITY_SHALL);
  v1::SurgeRule* surge = rules->add_surges();
  surge->set_id("surge");
  surge->set_roll_up(v1::ROLL_UP_MAKER_MODEL_PROBLEM);
  surge->add_actions()->set_code("assess");
  return event;
}

inline v1::Complaint Complaint() {
  auto event = WithEnvelope<v1::Complaint>("complaint-1");
  event.set_case_number("C-1");
  event.set_version(1);
  event.set_kind(v1::COMPLAINT_KIND_COMPLAINT);
  event.set_maker("FORD");
  event.set_model("EXPLORER");
  event.set_problem("TRIM | LOOSE");
  event.set_text("it came off");
  return event;
}

inline v1::Signal Signal() {
  auto event = WithEnvelope<v1::Signal>("signal-1");
  event.set_kind(v1::SIGNAL_KIND_REACH);
  event.set_cause("certificate-1");
  event.set_certificate_number("2022010907456789");
  event.set_status(v1::CERTIFICATE_STATUS_REVOKED);
  event.add_platforms("shop");
  event.add_merchant_hashes(42);
  return event;
}

inline v1::Tick Tick() { return WithEnvelope<v1::Tick>("tick-1"); }

// Key an event must travel under; "any" where the topic leaves it free.
inline std::string KeyOf(const v1::Lookup& event) { return LookupKey(event); }
inline std::string KeyOf(const v1::Certificate& event) { return event.number(); }
inline std::string KeyOf(const v1::Control&) { return "any"; }
inline std::string KeyOf(const v1::Enterprise& event) { return event.uscc(); }
inline std::string KeyOf(const v1::Inspection& event) { return event.task_number(); }
inline std::string KeyOf(const v1::Recall& event) { return event.recall_number(); }
inline std::string KeyOf(const v1::Disposition& event) { return event.action_id(); }
inline std::string KeyOf(const v1::Complaint& event) { return event.case_number(); }
inline std::string KeyOf(const v1::Signal& event) { return event.cause(); }
inline std::string KeyOf(const v1::Tick&) { return ""; }

}  // namespace zaojing::samples
