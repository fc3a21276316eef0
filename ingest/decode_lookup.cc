// The hot decoder: every look-up of a national year passes here.
#include <string>
#include <string_view>

#include "ingest/decoder.h"
#include "ingest/field_checks.h"
#include "ingest/parse.h"
#include "proto/limits.h"

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

}  // namespace

DecodeResult Decode(const Record& record, v1::Lookup* lookup) {
  if (DecodeResult bad = ParseRecord(record, lookup)) return bad;
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
  checks.Key(KeyMatches(*lookup, record.key), "is not <platform>/<listing_id>, or plate/<vehicle code>");
  return checks.Result();
}

std::string LookupKey(const v1::Lookup& lookup) {
  std::string key(PrefixOf(lookup));
  return key.append("/").append(lookup.listing_id());
}

}  // namespace zaojing
