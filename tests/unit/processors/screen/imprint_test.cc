// The imprint of a listing tells every state from every other, but for the fact that decided and
// what instructions were named for.
#include "processors/screen/imprint.h"

#include <set>
#include <string>

#include "gtest/gtest.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing {
namespace {

uint64_t Imprint(const Listing& listing, std::string_view key = "east-mall/1") {
  std::string scratch;
  return ImprintOf(key, listing, &scratch);
}

// Breaks if a field is left out of it: a change of that field alone would not be written.
TEST(ImprintTest, EveryFieldCounts) {
  const google::protobuf::Descriptor* fields = v1::ListingState::descriptor();
  std::set<uint64_t> seen = {Imprint({})};
  for (int i = 0; i < fields->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = fields->field(i);
    if (field->number() == v1::ListingState::kDecisiveFactFieldNumber) continue;
    if (field->number() == v1::ListingState::kNamedFieldNumber) continue;
    v1::ListingState state;
    const google::protobuf::Reflection* set = state.GetReflection();
    switch (field->cpp_type()) {
      case google::protobuf::FieldDescriptor::CPPTYPE_STRING:
        set->SetString(&state, field, "x");
        break;
      case google::protobuf::FieldDescriptor::CPPTYPE_ENUM:
        set->SetEnumValue(&state, field, 1);
        break;
      case google::protobuf::FieldDescriptor::CPPTYPE_BOOL:
        set->SetBool(&state, field, true);
        break;
      case google::protobuf::FieldDescriptor::CPPTYPE_UINT32:
        set->SetUInt32(&state, field, 1);
        break;
      case google::protobuf::FieldDescriptor::CPPTYPE_UINT64:
        set->SetUInt64(&state, field, 1);
        break;
      default:
        set->SetInt64(&state, field, 1);
    }
    const std::string bytes = state.SerializeAsString();
    EXPECT_TRUE(seen.insert(Imprint(Listing::Read(bytes))).second) << field->name();
  }
  EXPECT_TRUE(seen.insert(Imprint({}, "east-mall/2")).second) << "the key";
}

TEST(ImprintTest, TellsWhatStands) {
  Listing listing;
  listing.decisive_fact = "f1";
  const uint64_t before = Imprint(listing);
  EXPECT_NE(before, 0U);
  listing.decisive_fact = "f2";
  listing.named = "12345678";
  EXPECT_EQ(Imprint(listing), before);
  for (const bool on_sale : {false, true}) {
    for (int action = v1::Action_MIN; action <= v1::Action_MAX; ++action) {
      listing.on_sale = on_sale;
      listing.in_force = static_cast<v1::Action>(action);
      const Standing standing = StandingOf(Imprint(listing));
      EXPECT_EQ(standing.on_sale, on_sale);
      EXPECT_EQ(standing.in_force, action);
    }
  }
}

}  // namespace
}  // namespace zaojing
