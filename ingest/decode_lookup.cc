// The hot decoder: every look-up of a national year passes here.
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/decoder.h"
#include "ingest/field_checks.h"
#include "ingest/lookup_view.h"
#include "ingest/parse.h"
#include "ingest/wire_reader.h"
#include "proto/limits.h"
#include "proto/utf8.h"

namespace zaojing {
namespace {

constexpr std::string_view kPlatePrefix = "plate";

std::string_view PrefixOf(const LookupView& lookup) {
  return lookup.scene == v1::SCENE_PLATE ? kPlatePrefix : lookup.platform;
}

// LookupKey(lookup) == key, without building it.
bool KeyMatches(const LookupView& lookup, std::string_view key) {
  const std::string_view prefix = PrefixOf(lookup);
  const std::string_view listing = lookup.listing_id;
  return key.size() == prefix.size() + 1 + listing.size() && key.substr(0, prefix.size()) == prefix &&
         key[prefix.size()] == '/' && key.substr(prefix.size() + 1) == listing;
}

// Two listings never share a key: the first slash ends the platform, and "plate" is nobody's name.
void CheckPlatform(const LookupView& lookup, FieldChecks* checks) {
  checks->RequiredId(lookup.platform, "platform");
  if (lookup.platform.find('/') != std::string_view::npos) [[unlikely]]
    checks->BadValue("platform", "holds a slash");
  if (lookup.platform == kPlatePrefix && lookup.scene != v1::SCENE_PLATE) [[unlikely]] {
    checks->BadValue("platform", "is reserved for scene PLATE");
  }
}

bool SetNumber(uint32_t field, uint64_t number, LookupView* lookup) {
  switch (field) {
    case v1::Lookup::kSchemaVersionFieldNumber:
      lookup->schema_version = static_cast<uint32_t>(number);
      return true;
    case v1::Lookup::kOccurredAtFieldNumber:
      lookup->occurred_at = static_cast<int64_t>(number);
      return true;
    case v1::Lookup::kReceivedAtFieldNumber:
      lookup->received_at = static_cast<int64_t>(number);
      return true;
    case v1::Lookup::kSceneFieldNumber:
      lookup->scene = static_cast<v1::Scene>(static_cast<int32_t>(number));
      return true;
    case v1::Lookup::kMadeAtFieldNumber:
      lookup->made_at = static_cast<int64_t>(number);
      return true;
    case v1::Lookup::kShipmentProvenFieldNumber:
      lookup->shipment_proven = number != 0;
      return true;
    case v1::Lookup::kSpeedMaxFieldNumber:
      lookup->speed_max = static_cast<uint32_t>(number);
      return true;
    case v1::Lookup::kMassFieldNumber:
      lookup->mass = static_cast<uint32_t>(number);
      return true;
    case v1::Lookup::kMotorPowerFieldNumber:
      lookup->motor_power = static_cast<uint32_t>(number);
      return true;
    case v1::Lookup::kBatteryVoltageFieldNumber:
      lookup->battery_voltage = static_cast<uint32_t>(number);
      return true;
    default:
      return false;
  }
}

std::string_view* TextField(uint32_t field, LookupView* lookup) {
  switch (field) {
    case v1::Lookup::kEventIdFieldNumber:
      return &lookup->event_id;
    case v1::Lookup::kSourceFieldNumber:
      return &lookup->source;
    case v1::Lookup::kPlatformFieldNumber:
      return &lookup->platform;
    case v1::Lookup::kListingIdFieldNumber:
      return &lookup->listing_id;
    case v1::Lookup::kSellerUsccFieldNumber:
      return &lookup->seller_uscc;
    case v1::Lookup::kCertificateNumberFieldNumber:
      return &lookup->certificate_number;
    case v1::Lookup::kProductCodeFieldNumber:
      return &lookup->product_code;
    case v1::Lookup::kModelFieldNumber:
      return &lookup->model;
    case v1::Lookup::kRegionFieldNumber:
      return &lookup->region;
    case v1::Lookup::kTitleFieldNumber:
      return &lookup->title;
    case v1::Lookup::kHolderFieldNumber:
      return &lookup->holder;
    case v1::Lookup::kMakerFieldNumber:
      return &lookup->maker;
    case v1::Lookup::kFactoryFieldNumber:
      return &lookup->factory;
    case v1::Lookup::kCategoryFieldNumber:
      return &lookup->category;
    case v1::Lookup::kApplicationIdFieldNumber:
      return &lookup->application_id;
    case v1::Lookup::kBatchFieldNumber:
      return &lookup->batch;
    case v1::Lookup::kGtinFieldNumber:
      return &lookup->gtin;
    default:
      return nullptr;
  }
}

// Several times as fast as the generated parser, which copies, and whose UTF-8 check goes byte by byte through Chinese
// titles. False = the bytes hold something else than plain known fields, good or bad, and the generated parser must judge
// them.
bool ReadPlain(std::string_view bytes, LookupView* lookup) {
  *lookup = {};
  WireReader reader(bytes);
  while (reader.Next()) {
    if (reader.type() == WireReader::Type::kVarint) {
      if (!SetNumber(reader.field(), reader.number(), lookup)) return false;
      continue;
    }
    std::string_view* text = reader.type() == WireReader::Type::kBytes ? TextField(reader.field(), lookup) : nullptr;
    if (text == nullptr || !IsUtf8(reader.bytes())) return false;
    *text = reader.bytes();
  }
  return reader.done();
}

bool IsPlain(const Record& record, LookupView* lookup) {
  return !record.tombstone && record.key.size() <= limits::kKeyBytesMax &&
         record.value.size() <= limits::kRecordBytesMax && ReadPlain(record.value, lookup);
}

DecodeResult Check(const Record& record, const LookupView& lookup) {
  FieldChecks checks;
  checks.Envelope(record,
                  {lookup.event_id, lookup.source, lookup.schema_version, lookup.occurred_at, lookup.received_at});
  CheckPlatform(lookup, &checks);
  checks.RequiredId(lookup.listing_id, "listing_id");
  checks.Code(lookup.scene, v1::Scene_IsValid(lookup.scene), "scene");
  checks.Id(lookup.seller_uscc, "seller_uscc");
  // A malformed or absent number is the answer to the look-up, not a fault of the record; only its size is
  // bounded.
  checks.Text(lookup.certificate_number, limits::kIdBytesMax, "certificate_number");
  checks.Id(lookup.product_code, "product_code");
  checks.Text(lookup.model, limits::kNameBytesMax, "model");
  checks.Time(lookup.made_at, "made_at");
  checks.Id(lookup.region, "region");
  checks.Text(lookup.title, limits::kNameBytesMax, "title");
  checks.Text(lookup.holder, limits::kNameBytesMax, "holder");
  checks.Text(lookup.maker, limits::kNameBytesMax, "maker");
  checks.Text(lookup.factory, limits::kNameBytesMax, "factory");
  checks.Id(lookup.category, "category");
  checks.Id(lookup.application_id, "application_id");
  checks.Id(lookup.batch, "batch");
  checks.Id(lookup.gtin, "gtin");
  checks.Key(KeyMatches(lookup, record.key), "is not <platform>/<listing_id>, or plate/<vehicle code>");
  return checks.Result();
}

}  // namespace

LookupView ViewOf(const v1::Lookup& lookup) {
  LookupView view;
  view.event_id = lookup.event_id();
  view.source = lookup.source();
  view.schema_version = lookup.schema_version();
  view.occurred_at = lookup.occurred_at();
  view.received_at = lookup.received_at();
  view.platform = lookup.platform();
  view.listing_id = lookup.listing_id();
  view.seller_uscc = lookup.seller_uscc();
  view.certificate_number = lookup.certificate_number();
  view.scene = lookup.scene();
  view.product_code = lookup.product_code();
  view.model = lookup.model();
  view.made_at = lookup.made_at();
  view.shipment_proven = lookup.shipment_proven();
  view.region = lookup.region();
  view.title = lookup.title();
  view.holder = lookup.holder();
  view.maker = lookup.maker();
  view.factory = lookup.factory();
  view.category = lookup.category();
  view.speed_max = lookup.speed_max();
  view.mass = lookup.mass();
  view.motor_power = lookup.motor_power();
  view.battery_voltage = lookup.battery_voltage();
  view.application_id = lookup.application_id();
  view.batch = lookup.batch();
  view.gtin = lookup.gtin();
  return view;
}

DecodeResult DecodeView(const Record& record, v1::Lookup* scratch, LookupView* lookup) {
  if (!IsPlain(record, lookup)) {
    if (DecodeResult bad = ParseRecord(record, scratch)) return bad;
    *lookup = ViewOf(*scratch);
  }
  return Check(record, *lookup);
}

bool ViewPlain(const Record& record, LookupView* lookup) { return IsPlain(record, lookup) && !Check(record, *lookup); }

DecodeResult Decode(const Record& record, v1::Lookup* lookup) {
  if (DecodeResult bad = ParseRecord(record, lookup)) return bad;
  return Check(record, ViewOf(*lookup));
}

std::string LookupKey(const v1::Lookup& lookup) {
  std::string key(PrefixOf(ViewOf(lookup)));
  return key.append("/").append(lookup.listing_id());
}

}  // namespace zaojing
