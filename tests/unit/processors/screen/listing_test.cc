// The stage's own reading and writing of listings against the message's.
#include "processors/screen/listing.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "zaojing/v1/state.pb.h"

namespace zaojing {
namespace {

using google::protobuf::FieldDescriptor;

// Sets about half of the fields, each to something its type can just hold or to something short.
v1::ListingState RandomState(std::mt19937_64& random) {
  v1::ListingState state;
  const auto* type = state.GetDescriptor();
  const auto* access = state.GetReflection();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (random() % 2 == 0) continue;
    const uint64_t number = random() >> (random() % 64);
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        access->SetString(&state, field, std::string(number % 300, static_cast<char>('a' + number % 26)));
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        access->SetInt64(&state, field, static_cast<int64_t>(number));
        break;
      case FieldDescriptor::CPPTYPE_UINT64:
        access->SetUInt64(&state, field, number);
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        access->SetUInt32(&state, field, static_cast<uint32_t>(number));
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        access->SetBool(&state, field, true);
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        access->SetEnumValue(&state, field, static_cast<int>(number % 4));
        break;
      default:
        ADD_FAILURE() << field->name() << " is of a type that a Listing does not have";
    }
  }
  return state;
}

void ExpectSame(const Listing& listing, const v1::ListingState& state) {
  EXPECT_EQ(listing.certificate_number, state.certificate_number());
  EXPECT_EQ(listing.scene, state.scene());
  EXPECT_EQ(listing.action, state.action());
  EXPECT_EQ(listing.reason, state.reason());
  EXPECT_EQ(listing.row, state.row());
  EXPECT_EQ(listing.on_sale, state.on_sale());
  EXPECT_EQ(listing.in_force, state.in_force());
  EXPECT_EQ(listing.decisive_fact, state.decisive_fact());
  EXPECT_EQ(listing.made_at, state.made_at());
  EXPECT_EQ(listing.shipment_proven, state.shipment_proven());
  EXPECT_EQ(listing.seller_uscc, state.seller_uscc());
  EXPECT_EQ(listing.product_code, state.product_code());
  EXPECT_EQ(listing.model, state.model());
  EXPECT_EQ(listing.holder_hash, state.holder_hash());
  EXPECT_EQ(listing.maker_hash, state.maker_hash());
  EXPECT_EQ(listing.factory_hash, state.factory_hash());
  EXPECT_EQ(listing.speed_max, state.speed_max());
  EXPECT_EQ(listing.mass, state.mass());
  EXPECT_EQ(listing.motor_power, state.motor_power());
  EXPECT_EQ(listing.battery_voltage, state.battery_voltage());
  EXPECT_EQ(listing.plated_application, state.plated_application());
  EXPECT_EQ(listing.plated_at, state.plated_at());
  EXPECT_EQ(listing.plated_region, state.plated_region());
  EXPECT_EQ(listing.asked_application, state.asked_application());
  EXPECT_EQ(listing.vehicle_reused, state.vehicle_reused());
  EXPECT_EQ(listing.batch, state.batch());
  EXPECT_EQ(listing.gtin, state.gtin());
  EXPECT_EQ(listing.maker_apart, state.maker_apart());
  EXPECT_EQ(listing.hold, state.hold());
  EXPECT_EQ(listing.untied, state.untied());
  EXPECT_EQ(listing.named, state.named());
}

// Breaks if a field is read as another, lost, or written otherwise than the message writes it: state already stored would
// be misread, or every listing rewritten.
TEST(ListingTest, BytesAreTheMessages) {
  std::mt19937_64 random(7);
  std::string scratch;
  for (int i = 0; i < 5'000 && !HasFailure(); ++i) {
    const v1::ListingState state = RandomState(random);
    const std::string bytes = state.SerializeAsString();
    const Listing listing = Listing::Read(bytes);
    ExpectSame(listing, state);
    EXPECT_EQ(listing.Write("", &scratch), bytes) << state.ShortDebugString();
    v1::ListingState answer = state;
    answer.clear_decisive_fact();
    answer.clear_named();
    EXPECT_EQ(listing.WriteAnswer("key", &scratch), "key" + answer.SerializeAsString());
  }
}

// Breaks if the message gains a field that a Listing would drop.
TEST(ListingTest, HasEveryField) { EXPECT_EQ(v1::ListingState::descriptor()->field_count(), 31); }

TEST(ListingDeathTest, BytesThatAreNoListing) { EXPECT_DEATH((void)Listing::Read("\x0a\xff"), ""); }

}  // namespace
}  // namespace zaojing
