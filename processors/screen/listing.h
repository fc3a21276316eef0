// A listing's state (table listing, v1::ListingState) as the stage works on it: its fields as values and views, because
// nearly every look-up reads one, writes none, and building a message for that took an eighth of its time.
//
// The bytes are exactly those of the message, in both directions; listing_test compares the two. Text is viewed, not
// owned: whoever fills a Listing keeps what it points at. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "zaojing/v1/codes.pb.h"

namespace zaojing {

// Meanings: proto/zaojing/v1/state.proto.
struct Listing {
  std::string_view certificate_number;
  v1::Scene scene = v1::SCENE_UNSPECIFIED;
  v1::Action action = v1::ACTION_UNSPECIFIED;
  v1::Reason reason = v1::REASON_UNSPECIFIED;
  std::string_view row;
  bool on_sale = false;
  v1::Action in_force = v1::ACTION_UNSPECIFIED;
  std::string_view decisive_fact;
  int64_t made_at = 0;
  bool shipment_proven = false;
  std::string_view seller_uscc;
  std::string_view product_code;
  std::string_view model;
  uint64_t holder_hash = 0;
  uint64_t maker_hash = 0;
  uint64_t factory_hash = 0;
  uint32_t speed_max = 0;
  uint32_t mass = 0;
  uint32_t motor_power = 0;
  uint32_t battery_voltage = 0;
  uint64_t plated_application = 0;
  int64_t plated_at = 0;
  std::string_view plated_region;
  uint64_t asked_application = 0;
  bool vehicle_reused = false;
  std::string_view batch;
  std::string_view gtin;
  bool maker_apart = false;
  std::string_view hold;
  bool untied = false;
  std::string_view named;

  // Views into `bytes`. REQUIRES that they are a v1::ListingState's.
  static Listing Read(std::string_view bytes);
  // Effect: the state's bytes after `head`. Returns both, in `scratch`, which only grows: no room is made twice.
  std::string_view Write(std::string_view head, std::string* scratch) const;
  // As Write, without the fact that decided and the instructions named since, which stay while nothing else changes.
  std::string_view WriteAnswer(std::string_view head, std::string* scratch) const;
};

}  // namespace zaojing
