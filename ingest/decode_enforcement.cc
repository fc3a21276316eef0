// Decoders of the enterprise register and of what the authorities do: inspections, recalls, dispositions.
#include <string>
#include <string_view>

#include "ingest/decoder.h"
#include "ingest/field_checks.h"
#include "ingest/parse.h"
#include "proto/identifiers.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

// On goods and papers a wrong code is a finding about them, not a fault of the record: only its form is bounded.
void CheckGoods(std::string_view product_code, std::string_view model, std::string_view batch, FieldChecks* checks) {
  checks->Id(product_code, "product_code");
  checks->Text(model, limits::kNameBytesMax, "model");
  checks->Id(batch, "batch");
}

void CheckListing(std::string_view platform, std::string_view listing_id, FieldChecks* checks) {
  checks->Id(platform, "platform");
  checks->Id(listing_id, "listing_id");
  if (!listing_id.empty() && platform.empty()) checks->Missing("platform");
}

// The rest are about firms.
bool IsAboutGoods(v1::OrderKind kind) {
  return kind == v1::ORDER_KIND_TAKE_DOWN || kind == v1::ORDER_KIND_REVIEW || kind == v1::ORDER_KIND_LIFT ||
         kind == v1::ORDER_KIND_STOP_SALE || kind == v1::ORDER_KIND_EMERGENCY_CONTROL;
}

// An order is carried out as it is written, and a field that is empty is any: one that names no goods would have no
// effect, and one whose certificate cannot be read would have more than it names. Both go back to the office.
void CheckSubject(const v1::Disposition& order, FieldChecks* checks) {
  const bool names_goods = !order.listing_id().empty() || !order.certificate_number().empty() ||
                           !order.maker_uscc().empty() || !order.seller_uscc().empty() || !order.product_code().empty();
  checks->Require(names_goods || !order.platform().empty(), "subject");
  if (!IsAboutGoods(order.order())) return;
  if (!names_goods) {
    checks->BadValue("subject", "names no goods: give a listing, certificate, maker, seller or product code");
  }
  if (!order.certificate_number().empty() && ParseCredentialNumber(order.certificate_number()).id == 0) {
    checks->BadValue("certificate_number", "is not a number of any credential");
  }
}

}  // namespace

DecodeResult Decode(const Record& record, v1::Enterprise* enterprise) {
  if (DecodeResult bad = ParseRecord(record, enterprise)) return bad;
  FieldChecks checks;
  checks.EnvelopeOf(record, *enterprise);
  checks.Require(!enterprise->uscc().empty(), "uscc");
  if (!IsUscc(enterprise->uscc())) checks.BadValue("uscc", "is not a unified social credit code");
  checks.Require(!enterprise->name().empty(), "name");
  checks.Text(enterprise->name(), limits::kNameBytesMax, "name");
  checks.OptionalCode(v1::EnterpriseTier_IsValid(enterprise->tier()), "tier");
  checks.Id(enterprise->region(), "region");
  checks.RequiredTime(enterprise->effective_at(), "effective_at");
  checks.Key(record.key == enterprise->uscc(), "is not the USCC");
  return checks.Result();
}

DecodeResult Decode(const Record& record, v1::Inspection* inspection) {
  if (DecodeResult bad = ParseRecord(record, inspection)) return bad;
  FieldChecks checks;
  checks.EnvelopeOf(record, *inspection);
  checks.RequiredId(inspection->task_number(), "task_number");
  checks.Id(inspection->sample_number(), "sample_number");
  checks.Require(inspection->version() != 0, "version");
  checks.OptionalCode(v1::InspectionLevel_IsValid(inspection->level()), "level");
  checks.OptionalCode(v1::InspectionStage_IsValid(inspection->stage()), "stage");
  checks.Code(inspection->result(), v1::InspectionResult_IsValid(inspection->result()), "result");
  CheckGoods(inspection->product_code(), inspection->model(), inspection->batch(), &checks);
  checks.Text(inspection->maker(), limits::kNameBytesMax, "maker");
  checks.Id(inspection->maker_uscc(), "maker_uscc");
  checks.Time(inspection->made_at(), "made_at");
  checks.Text(inspection->certificate_number(), limits::kIdBytesMax, "certificate_number");
  CheckListing(inspection->platform(), inspection->listing_id(), &checks);
  checks.Id(inspection->seller_uscc(), "seller_uscc");
  checks.Id(inspection->region(), "region");
  checks.Id(inspection->gtin(), "gtin");
  if (inspection->items_size() > limits::kInspectionItemsMax) checks.BadValue("items", "more than 256");
  for (const v1::InspectionItem& item : inspection->items()) {
    checks.Require(!item.name().empty(), "items.name");
    checks.Text(item.name(), limits::kNameBytesMax, "items.name");
    checks.Text(item.limit(), limits::kNameBytesMax, "items.limit");
    checks.Text(item.value(), limits::kNameBytesMax, "items.value");
  }
  checks.Key(record.key == inspection->task_number(), "is not the task number");
  return checks.Result();
}

DecodeResult Decode(const Record& record, v1::Recall* recall) {
  if (DecodeResult bad = ParseRecord(record, recall)) return bad;
  FieldChecks checks;
  checks.EnvelopeOf(record, *recall);
  checks.RequiredId(recall->recall_number(), "recall_number");
  checks.Require(recall->version() != 0, "version");
  checks.Text(recall->maker(), limits::kNameBytesMax, "maker");
  checks.Id(recall->maker_uscc(), "maker_uscc");
  checks.Require(recall->withdrawn() || recall->products_size() > 0, "products");
  if (recall->products_size() > limits::kRecalledProductsMax) checks.BadValue("products", "more than 1024");
  // A line is found by its GTIN, its maker or its code; of a recall that gives none no listing would ever hear.
  bool found = !recall->maker().empty() || !recall->maker_uscc().empty();
  for (const v1::RecalledProduct& product : recall->products()) {
    found = found || !product.gtin().empty() || !product.product_code().empty();
    CheckGoods(product.product_code(), product.model(), product.batch_from(), &checks);
    checks.Id(product.batch_to(), "products.batch_to");
    checks.Time(product.made_from(), "products.made_from");
    checks.Time(product.made_until(), "products.made_until");
    checks.Id(product.gtin(), "products.gtin");
  }
  checks.Require(found || recall->withdrawn(), "maker");
  checks.Text(recall->hazard(), limits::kNameBytesMax, "hazard");
  checks.OptionalCode(v1::DefectCause_IsValid(recall->cause()), "cause");
  // A withdrawal only has to name its recall.
  checks.OptionalCode(v1::Remedy_IsValid(recall->remedy()), "remedy");
  if (!recall->withdrawn()) {
    checks.Code(recall->remedy(), v1::Remedy_IsValid(recall->remedy()), "remedy");
    checks.RequiredTime(recall->effective_at(), "effective_at");
  }
  checks.Time(recall->effective_at(), "effective_at");
  checks.Key(record.key == recall->recall_number(), "is not the recall number");
  return checks.Result();
}

DecodeResult Decode(const Record& record, v1::Disposition* disposition) {
  if (DecodeResult bad = ParseRecord(record, disposition)) return bad;
  const v1::Disposition& order = *disposition;
  FieldChecks checks;
  checks.EnvelopeOf(record, order);
  checks.RequiredId(order.action_id(), "action_id");
  checks.Id(order.cause(), "cause");
  checks.Code(order.order(), v1::OrderKind_IsValid(order.order()), "order");
  checks.RequiredTime(order.effective_at(), "effective_at");
  checks.Time(order.ends_at(), "ends_at");
  checks.Text(order.authority(), limits::kNameBytesMax, "authority");
  checks.Id(order.region(), "region");
  checks.Text(order.legal_basis(), limits::kNameBytesMax, "legal_basis");
  checks.OptionalCode(v1::Modality_IsValid(order.modality()), "modality");
  CheckListing(order.platform(), order.listing_id(), &checks);
  checks.Text(order.certificate_number(), limits::kIdBytesMax, "certificate_number");
  checks.Id(order.maker_uscc(), "maker_uscc");
  checks.Id(order.seller_uscc(), "seller_uscc");
  CheckGoods(order.product_code(), order.model(), order.batch(), &checks);
  CheckSubject(order, &checks);
  if (order.amount() < 0) checks.BadValue("amount", "is negative");
  checks.Key(record.key == order.action_id(), "is not the action id");
  return checks.Result();
}

static_assert(limits::kInspectionItemsMax == 256 && limits::kRecalledProductsMax == 1024, "the texts above name them");

}  // namespace zaojing
