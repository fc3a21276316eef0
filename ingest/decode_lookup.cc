// The hot decoder: every look-up of a national year passes here.
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/decoder.h"
#include "ingest/field_checks.h"
#include "ingest/parse.h"
#include "ingest/wire_reader.h"
#include "proto/limits.h"
#include "proto/utf8.h"

namespace zaojing {
namespace {

constexpr std::string_view kPlatePrefix = "plate";

std::string_view PrefixOf(const v1::Lookup& lookup) {
  return lookup.scene() == v1::SCENE_PLATE ? kPlatePrefix : std::string_view(lookup.platform());
}

// LookupKey(lookup) == key, without building it.
bool KeyMatches(const v1::Lookup& lookup, std::string_view key) {
  const std::string_view prefix = PrefixOf(lookup);
  const std::string_view listing = lookup.listing_id();
  return key.size() == prefix.size() + 1 + listing.size() && key.substr(0, prefix.size()) == prefix &&
         key[prefix.size()] == '/' && key.substr(prefix.size() + 1) == listing;
}

// Two listings never share a key: the first slash ends the platform, and "plate" is nobody's name.
void CheckPlatform(const v1::Lookup& lookup, FieldChecks* checks) {
  checks->RequiredId(lookup.platform(), "platform");
  if (lookup.platform().find('/') != std::string::npos) [[unlikely]]
    checks->BadValue("platform", "holds a slash");
  if (lookup.platform() == kPlatePrefix && lookup.scene() != v1::SCENE_PLATE) [[unlikely]] {
    checks->BadValue("platform", "is reserved for scene PLATE");
  }
}

bool SetNumber(uint32_t field, uint64_t number, v1::Lookup* lookup) {
  switch (field) {
    case v1::Lookup::kSchemaVersionFieldNumber:
      lookup->set_schema_version(static_cast<uint32_t>(number));
      return true;
    case v1::Lookup::kOccurredAtFieldNumber:
      lookup->set_occurred_at(static_cast<int64_t>(number));
      return true;
    case v1::Lookup::kReceivedAtFieldNumber:
      lookup->set_received_at(static_cast<int64_t>(number));
      return true;
    case v1::Lookup::kSceneFieldNumber:
      lookup->set_scene(static_cast<v1::Scene>(static_cast<int32_t>(number)));
      return true;
    case v1::Lookup::kMadeAtFieldNumber:
      lookup->set_made_at(static_cast<int64_t>(number));
      return true;
    case v1::Lookup::kShipmentProvenFieldNumber:
      lookup->set_shipment_proven(number != 0);
      return true;
    case v1::Lookup::kSpeedMaxFieldNumber:
      lookup->set_speed_max(static_cast<uint32_t>(number));
      return true;
    case v1::Lookup::kMassFieldNumber:
      lookup->set_mass(static_cast<uint32_t>(number));
      return true;
    case v1::Lookup::kMotorPowerFieldNumber:
      lookup->set_motor_power(static_cast<uint32_t>(number));
      return true;
    case v1::Lookup::kBatteryVoltageFieldNumber:
      lookup->set_battery_voltage(static_cast<uint32_t>(number));
      return true;
    default:
      return false;
  }
}

std::string* TextField(uint32_t field, v1::Lookup* lookup) {
  switch (field) {
    case v1::Lookup::kEventIdFieldNumber:
      return lookup->mutable_event_id();
    case v1::Lookup::kSourceFieldNumber:
      return lookup->mutable_source();
    case v1::Lookup::kPlatformFieldNumber:
      return lookup->mutable_platform();
    case v1::Lookup::kListingIdFieldNumber:
      return lookup->mutable_listing_id();
    case v1::Lookup::kSellerUsccFieldNumber:
      return lookup->mutable_seller_uscc();
    case v1::Lookup::kCertificateNumberFieldNumber:
      return lookup->mutable_certificate_number();
    case v1::Lookup::kProductCodeFieldNumber:
      return lookup->mutable_product_code();
    case v1::Lookup::kModelFieldNumber:
      return lookup->mutable_model();
    case v1::Lookup::kRegionFieldNumber:
      return lookup->mutable_region();
    case v1::Lookup::kTitleFieldNumber:
      return lookup->mutable_title();
    case v1::Lookup::kHolderFieldNumber:
      return lookup->mutable_holder();
    case v1::Lookup::kMakerFieldNumber:
      return lookup->mutable_maker();
    case v1::Lookup::kFactoryFieldNumber:
      return lookup->mutable_factory();
    case v1::Lookup::kCategoryFieldNumber:
      return lookup->mutable_category();
    case v1::Lookup::kApplicationIdFieldNumber:
      return lookup->mutable_application_id();
    case v1::Lookup::kBatchFieldNumber:
      return lookup->mutable_batch();
    case v1::Lookup::kGtinFieldNumber:
      return lookup->mutable_gtin();
    default:
      return nullptr;
  }
}

// Twice as fast as the generated parser, whose UTF-8 check goes byte by byte through Chinese titles. False =
// the bytes hold something else than plain known fields, good or bad, and the generated parser must judge
// them.
bool ReadPlain(std::string_view bytes, v1::Lookup* lookup) {
  lookup->Clear();
  WireReader reader(bytes);
  while (reader.Next()) {
    if (reader.type() == WireReader::Type::kVarint) {
      if (!SetNumber(reader.field(), reader.number(), lookup)) return false;
      continue;
    }
    std::string* text = reader.type() == WireReader::Type::kBytes ? TextField(reader.field(), lookup) : nullptr;
    if (text == nullptr || !IsUtf8(reader.bytes())) return false;
    text->assign(reader.bytes());
  }
  return reader.done();
}

bool IsPlain(const Record& record, v1::Lookup* lookup) {
  return !record.tombstone && record.key.size() <= limits::kKeyBytesMax &&
         record.value.size() <= limits::kRecordBytesMax && ReadPlain(record.value, lookup);
}

}  // namespace

DecodeResult Decode(const Record& record, v1::Lookup* lookup) {
  if (!IsPlain(record, lookup)) {
    if (DecodeResult bad = ParseRecord(record, lookup)) return bad;
  }
  FieldChecks checks;
  checks.Envelope(record, *lookup);
  CheckPlatform(*lookup, &checks);
  checks.RequiredId(lookup->listing_id(), "listing_id");
  checks.Code(lookup->scene(), v1::Scene_IsValid(lookup->scene()), "scene");
  checks.Id(lookup->seller_uscc(), "seller_uscc");
  // A malformed or absent number is the answer to the look-up, not a fault of the record; only its size is
  // bounded.
  checks.Text(lookup->certificate_number(), limits::kIdBytesMax, "certificate_number");
  checks.Id(lookup->product_code(), "product_code");
  checks.Text(lookup->model(), limits::kNameBytesMax, "model");
  checks.Time(lookup->made_at(), "made_at");
  checks.Id(lookup->region(), "region");
  checks.Text(lookup->title(), limits::kNameBytesMax, "title");
  checks.Text(lookup->holder(), limits::kNameBytesMax, "holder");
  checks.Text(lookup->maker(), limits::kNameBytesMax, "maker");
  checks.Text(lookup->factory(), limits::kNameBytesMax, "factory");
  checks.Id(lookup->category(), "category");
  checks.Id(lookup->application_id(), "application_id");
  checks.Id(lookup->batch(), "batch");
  checks.Id(lookup->gtin(), "gtin");
  checks.Key(KeyMatches(*lookup, record.key), "is not <platform>/<listing_id>, or plate/<vehicle code>");
  return checks.Result();
}

std::string LookupKey(const v1::Lookup& lookup) {
  std::string key(PrefixOf(lookup));
  return key.append("/").append(lookup.listing_id());
}

}  // namespace zaojing
