// A look-up as its fields, viewed where they lie: a national year of them passes, and a message for each would copy what
// is only compared. Fields as in lookup.proto.
#pragma once

#include <cstdint>
#include <string_view>

#include "ingest/decoder.h"
#include "zaojing/v1/lookup.pb.h"

namespace zaojing {

struct LookupView {
  std::string_view event_id;
  std::string_view source;
  uint32_t schema_version = 0;
  int64_t occurred_at = 0;
  int64_t received_at = 0;
  std::string_view platform;
  std::string_view listing_id;
  std::string_view seller_uscc;
  std::string_view certificate_number;
  v1::Scene scene = v1::SCENE_UNSPECIFIED;
  std::string_view product_code;
  std::string_view model;
  int64_t made_at = 0;
  bool shipment_proven = false;
  std::string_view region;
  std::string_view title;
  std::string_view holder;
  std::string_view maker;
  std::string_view factory;
  std::string_view category;
  uint32_t speed_max = 0;
  uint32_t mass = 0;
  uint32_t motor_power = 0;
  uint32_t battery_voltage = 0;
  std::string_view application_id;
  std::string_view batch;
  std::string_view gtin;
  friend bool operator==(const LookupView&, const LookupView&) = default;
};

LookupView ViewOf(const v1::Lookup& lookup);

// As Decode into a message (decoder.h). *lookup views the record's bytes, or `scratch` where they are not plain: it holds
// as long as both do.
DecodeResult DecodeView(const Record& record, v1::Lookup* scratch, LookupView* lookup);
// Whether DecodeView takes the record as it lies, as it does nearly every one; then *lookup is what that gives, and views
// the record alone. False says nothing: the record may be good.
bool ViewPlain(const Record& record, LookupView* lookup);

}  // namespace zaojing
