// Goal: one reason for every kind of bad record, the documented one, and no good record refused.
#include "ingest/decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "ingest/field_checks.h"
#include "proto/limits.h"
#include "tests/support/sample_events.h"

namespace zaojing {
namespace {

using ::testing::StartsWith;

template <typename Event>
DecodeResult DecodeBytes(std::string_view value, std::string_view key) {
  Record record;
  record.key = key;
  record.value = value;
  record.timestamp = samples::kNow;
  Event event;
  return Decode(record, &event);
}

template <typename Event>
DecodeResult DecodeEvent(const Event& event) {
  return DecodeBytes<Event>(event.SerializeAsString(), samples::KeyOf(event));
}

v1::DeadLetterReason ReasonOf(const DecodeResult& result) {
  return result.has_value() ? result->reason : v1::DEAD_LETTER_REASON_UNSPECIFIED;
}

template <typename Event>
Event Sample();
template <>
v1::Lookup Sample() {
  return samples::Lookup();
}
template <>
v1::Certificate Sample() {
  return samples::Certificate();
}
template <>
v1::Control Sample() {
  return samples::Rules();
}
template <>
v1::Complaint Sample() {
  return samples::Complaint();
}
template <>
v1::Signal Sample() {
  return samples::Signal();
}
template <>
v1::Enterprise Sample() {
  return samples::Enterprise();
}
template <>
v1::Inspection Sample() {
  return samples::Inspection();
}
template <>
v1::Recall Sample() {
  return samples::Recall();
}
template <>
v1::Disposition Sample() {
  return samples::Disposition();
}
template <>
v1::Tick Sample() {
  return samples::Tick();
}

// What every event has in common.
template <typename Event>
class EveryDecoder : public ::testing::Test {};
using Events = ::testing::Types<v1::Lookup, v1::Certificate, v1::Control, v1::Enterprise, v1::Inspection, v1::Recall,
                                v1::Disposition, v1::Complaint, v1::Signal, v1::Tick>;
TYPED_TEST_SUITE(EveryDecoder, Events);

// A refused good record would be lost evidence; and the decoder must give back what was sent, in a reused
// message too.
TYPED_TEST(EveryDecoder, AcceptsAGoodEventUnchanged) {
  const TypeParam sent = Sample<TypeParam>();
  const std::string key = samples::KeyOf(sent);
  const std::string bytes = sent.SerializeAsString();
  Record record;
  record.key = key;
  record.value = bytes;
  TypeParam received;
  received.set_event_id("left over from the record before");
  ASSERT_EQ(Decode(record, &received), std::nullopt);
  EXPECT_EQ(received.SerializeAsString(), bytes);
}

// A newer producer may add fields; refusing them would stop every rolling upgrade.
TYPED_TEST(EveryDecoder, IgnoresUnknownBinaryFields) {
  const TypeParam sent = Sample<TypeParam>();
  const std::string unknown("\xd2\x0f\x02hi", 5);  // field 250
  EXPECT_EQ(DecodeBytes<TypeParam>(sent.SerializeAsString() + unknown, samples::KeyOf(sent)), std::nullopt);
}

// Bytes that are no message must not pass as one.
TYPED_TEST(EveryDecoder, RefusesRandomBytes) {
  const std::string key = samples::KeyOf(Sample<TypeParam>());
  for (const std::string_view bytes : {"\xff\xff\xff\xff", "not a message", "\x0a\x7f", "\x0c", "\x07"}) {
    EXPECT_EQ(ReasonOf(DecodeBytes<TypeParam>(bytes, key)), v1::DEAD_LETTER_REASON_UNPARSABLE);
  }
}

// A cut record is either no message or lacks something; it must never pass for the whole one.
TYPED_TEST(EveryDecoder, RefusesEveryTruncationOrReadsAShorterMessage) {
  const TypeParam sent = Sample<TypeParam>();
  const std::string bytes = sent.SerializeAsString();
  for (size_t size = 0; size < bytes.size(); ++size) {
    const std::string_view cut = std::string_view(bytes).substr(0, size);
    TypeParam parsed;
    const bool on_a_field_border = parsed.ParseFromArray(cut.data(), static_cast<int>(cut.size()));
    const DecodeResult result = DecodeBytes<TypeParam>(cut, samples::KeyOf(sent));
    if (!on_a_field_border) {
      EXPECT_EQ(ReasonOf(result), v1::DEAD_LETTER_REASON_UNPARSABLE) << "at " << size;
    } else if (parsed.received_at() == 0) {
      EXPECT_EQ(ReasonOf(result), v1::DEAD_LETTER_REASON_MISSING_FIELD) << "at " << size;
    }
  }
}

// The size is checked before the parser runs: hostile bytes must cost little.
TYPED_TEST(EveryDecoder, RefusesOversizedValuesAndKeys) {
  const std::string key = samples::KeyOf(Sample<TypeParam>());
  const std::string value(limits::kRecordBytesMax + 1, '\xff');
  const std::string long_key(limits::kKeyBytesMax + 1, 'k');
  EXPECT_EQ(ReasonOf(DecodeBytes<TypeParam>(value, key)), v1::DEAD_LETTER_REASON_OVERSIZED);
  EXPECT_EQ(ReasonOf(DecodeBytes<TypeParam>("", long_key)), v1::DEAD_LETTER_REASON_OVERSIZED);
}

// A null value must not be read as an empty event.
TYPED_TEST(EveryDecoder, RefusesTombstones) {
  Record record;
  record.tombstone = true;
  TypeParam event;
  const DecodeResult result = Decode(record, &event);
  ASSERT_EQ(ReasonOf(result), v1::DEAD_LETTER_REASON_MISSING_FIELD);
  EXPECT_THAT(result->detail, StartsWith("value: null"));
}

// A string that is not UTF-8 could not be printed as JSON; the detail must name the field.
TYPED_TEST(EveryDecoder, TellsBadUtf8FromBrokenBytes) {
  const std::string good = Sample<TypeParam>().SerializeAsString();
  const std::string key = samples::KeyOf(Sample<TypeParam>());
  const DecodeResult bad = DecodeBytes<TypeParam>(good + std::string("\x12\x02\xc3\x28", 4), key);
  ASSERT_EQ(ReasonOf(bad), v1::DEAD_LETTER_REASON_BAD_UTF8);
  EXPECT_EQ(bad->detail, "source: not UTF-8");
  const DecodeResult cut = DecodeBytes<TypeParam>(good + std::string("\x12\x03\xc3\x28", 4), key);
  EXPECT_EQ(ReasonOf(cut), v1::DEAD_LETTER_REASON_UNPARSABLE);
}

// Nested groups under an unknown number reach the parser's recursion with three bytes a level.
TYPED_TEST(EveryDecoder, RefusesADepthBomb) {
  const TypeParam sent = Sample<TypeParam>();
  for (const int depth : {limits::kNestingDepthMax + 1, 50'000}) {
    std::string bomb = sent.SerializeAsString();
    for (int i = 0; i < depth; ++i) bomb += "\xd3\x0f";  // begin group 250
    for (int i = 0; i < depth; ++i) bomb += "\xd4\x0f";
    EXPECT_EQ(ReasonOf(DecodeBytes<TypeParam>(bomb, samples::KeyOf(sent))), v1::DEAD_LETTER_REASON_UNPARSABLE);
  }
}

template <typename Event>
void ExpectEnvelopeFault(void (*change)(Event*), v1::DeadLetterReason reason, std::string_view detail) {
  Event event = Sample<Event>();
  change(&event);
  const DecodeResult result = DecodeEvent(event);
  ASSERT_EQ(ReasonOf(result), reason) << detail;
  EXPECT_EQ(result->detail, detail);
}

// Each envelope field has its rule and its reason.
TYPED_TEST(EveryDecoder, ChecksTheEnvelope) {
  using E = TypeParam;
  const auto missing = v1::DEAD_LETTER_REASON_MISSING_FIELD;
  const auto bad = v1::DEAD_LETTER_REASON_BAD_VALUE;
  ExpectEnvelopeFault<E>([](E* e) { e->clear_event_id(); }, missing, "event_id: required");
  ExpectEnvelopeFault<E>([](E* e) { e->clear_schema_version(); }, missing, "schema_version: required");
  ExpectEnvelopeFault<E>([](E* e) { e->clear_received_at(); }, missing, "received_at: required");
  ExpectEnvelopeFault<E>([](E* e) { e->set_schema_version(2); }, bad, "schema_version: unknown");
  ExpectEnvelopeFault<E>([](E* e) { e->set_event_id(std::string(limits::kIdBytesMax + 1, 'x')); }, bad,
                         "event_id: over 128 bytes");
  ExpectEnvelopeFault<E>([](E* e) { e->set_source("a\x01"); }, bad, "source: holds a control character");
  ExpectEnvelopeFault<E>([](E* e) { e->set_occurred_at(limits::kTimeMin - 1); }, bad, "occurred_at: not in 1900-2100");
  ExpectEnvelopeFault<E>([](E* e) { e->set_received_at(INT64_MAX); }, bad, "received_at: not in 1900-2100");
  ExpectEnvelopeFault<E>([](E* e) { e->set_received_at(INT64_MIN); }, bad, "received_at: not in 1900-2100");
  ExpectEnvelopeFault<E>([](E* e) { e->set_received_at(samples::kNow + limits::kFutureMax + 1); },
                         v1::DEAD_LETTER_REASON_FUTURE_TIME,
                         "received_at: over 5 minutes after the record's timestamp");
}

// Five minutes to the microsecond are allowed, and without a timestamp nothing is future.
TYPED_TEST(EveryDecoder, AllowsTheFutureUpToItsLimit) {
  TypeParam event = Sample<TypeParam>();
  event.set_received_at(samples::kNow + limits::kFutureMax);
  EXPECT_EQ(DecodeEvent(event), std::nullopt);
  event.set_received_at(samples::kNow + limits::kDay);
  const std::string bytes = event.SerializeAsString();
  const std::string key = samples::KeyOf(event);
  Record record;
  record.key = key;
  record.value = bytes;
  EXPECT_EQ(Decode(record, &event), std::nullopt);
}

// An unknown time of occurrence is normal in complaints and harmless elsewhere.
TYPED_TEST(EveryDecoder, AllowsAnUnknownTimeOfOccurrence) {
  TypeParam event = Sample<TypeParam>();
  event.clear_occurred_at();
  EXPECT_EQ(DecodeEvent(event), std::nullopt);
}

template <typename Event>
class KeyedDecoder : public ::testing::Test {};
using KeyedEvents = ::testing::Types<v1::Lookup, v1::Certificate, v1::Complaint, v1::Signal>;
TYPED_TEST_SUITE(KeyedDecoder, KeyedEvents);

// A record under a foreign key would be judged by a task that does not hold its state.
TYPED_TEST(KeyedDecoder, RefusesAForeignKey) {
  const TypeParam event = Sample<TypeParam>();
  const std::string key = samples::KeyOf(event);
  std::string other = key;
  other.back() = '~';
  for (const std::string& wrong : {std::string(), key + "x", key.substr(1), other}) {
    EXPECT_EQ(ReasonOf(DecodeBytes<TypeParam>(event.SerializeAsString(), wrong)), v1::DEAD_LETTER_REASON_KEY_MISMATCH);
  }
}

// The order of the checks is part of the contract: several faults, one answer.
TEST(Decoder, TellsTheFirstFaultOfSeveral) {
  v1::Lookup lookup = samples::Lookup();
  const auto reason = [&lookup] { return ReasonOf(DecodeBytes<v1::Lookup>(lookup.SerializeAsString(), "wrong")); };
  lookup.set_received_at(samples::kNow + limits::kDay);
  EXPECT_EQ(reason(), v1::DEAD_LETTER_REASON_KEY_MISMATCH);
  lookup.set_model(std::string(limits::kNameBytesMax + 1, 'x'));
  EXPECT_EQ(reason(), v1::DEAD_LETTER_REASON_BAD_VALUE);
  lookup.clear_scene();
  EXPECT_EQ(reason(), v1::DEAD_LETTER_REASON_BAD_ENUM);
  lookup.clear_platform();
  EXPECT_EQ(reason(), v1::DEAD_LETTER_REASON_MISSING_FIELD);
}

struct Case {
  std::string_view detail;
  v1::DeadLetterReason reason;
};

template <typename Event>
void ExpectFault(const Event& event, const Case& expected) {
  const DecodeResult result = DecodeEvent(event);
  ASSERT_EQ(ReasonOf(result), expected.reason) << expected.detail;
  EXPECT_EQ(result->detail, expected.detail);
}

template <typename Event, typename Change>
Event Changed(Event event, Change change) {
  change(&event);
  return event;
}

constexpr auto kMissing = v1::DEAD_LETTER_REASON_MISSING_FIELD;
constexpr auto kBadEnum = v1::DEAD_LETTER_REASON_BAD_ENUM;
constexpr auto kBadValue = v1::DEAD_LETTER_REASON_BAD_VALUE;

// The rules of the look-up, field by field.
TEST(LookupDecoder, ChecksItsFields) {
  const v1::Lookup good = samples::Lookup();
  ExpectFault(Changed(good, [](auto* e) { e->clear_platform(); }), {"platform: required", kMissing});
  ExpectFault(Changed(good, [](auto* e) { e->clear_listing_id(); }), {"listing_id: required", kMissing});
  ExpectFault(Changed(good, [](auto* e) { e->clear_scene(); }), {"scene: unspecified or unknown code", kBadEnum});
  ExpectFault(Changed(good, [](auto* e) { e->set_scene(static_cast<v1::Scene>(99)); }),
              {"scene: unspecified or unknown code", kBadEnum});
  ExpectFault(Changed(good, [](auto* e) { e->set_listing_id("a\rb"); }),
              {"listing_id: holds a control character", kBadValue});
  ExpectFault(Changed(good, [](auto* e) { e->set_title(std::string(limits::kNameBytesMax + 1, 't')); }),
              {"title: longer than its limit", kBadValue});
  ExpectFault(Changed(good, [](auto* e) { e->set_made_at(limits::kTimeMax + 1); }),
              {"made_at: not in 1900-2100", kBadValue});
}

// A wrong certificate number is what the platform asks about: it must reach the decision table, not the dead
// letters.
TEST(LookupDecoder, AcceptsAnyCertificateNumber) {
  for (const std::string_view number : {"", "12", "2022010907456789(B0)", "没有", "\x01"}) {
    EXPECT_EQ(DecodeEvent(Changed(samples::Lookup(), [&](auto* e) { e->set_certificate_number(std::string(number)); })),
              std::nullopt);
  }
}

// If two listings shared a key, one would get the other's verdict.
TEST(LookupDecoder, KeepsKeysOfDifferentListingsApart) {
  ExpectFault(Changed(samples::Lookup(), [](auto* e) { e->set_platform("a/b"); }),
              {"platform: holds a slash", kBadValue});
  ExpectFault(Changed(samples::Lookup(), [](auto* e) { e->set_platform("plate"); }),
              {"platform: is reserved for scene PLATE", kBadValue});
  const v1::Lookup plate = Changed(samples::Lookup(), [](auto* e) { e->set_scene(v1::SCENE_PLATE); });
  EXPECT_EQ(LookupKey(plate), "plate/L-1");
  EXPECT_EQ(DecodeEvent(plate), std::nullopt);
  EXPECT_EQ(DecodeEvent(Changed(samples::Lookup(), [](auto* e) { e->set_listing_id("L/1"); })), std::nullopt);
}

// The rules of a certificate fact.
TEST(CertificateDecoder, ChecksItsFields) {
  const v1::Certificate good = samples::Certificate();
  ExpectFault(Changed(good, [](auto* e) { e->clear_number(); }), {"number: required", kMissing});
  for (const char* number : {"202201090745678", "20220109074567890", "2022010907 56789", "2022010907456789(B0)"}) {
    ExpectFault(Changed(good, [&](auto* e) { e->set_number(number); }),
                {"number: is not a number of its kind", kBadValue});
  }
  ExpectFault(Changed(good, [](auto* e) { e->clear_status(); }), {"status: unspecified or unknown code", kBadEnum});
  ExpectFault(Changed(good, [](auto* e) { e->set_status(static_cast<v1::CertificateStatus>(-1)); }),
              {"status: unspecified or unknown code", kBadEnum});
  ExpectFault(Changed(good, [](auto* e) { e->clear_effective_at(); }), {"effective_at: required", kMissing});
  ExpectFault(Changed(good, [](auto* e) { e->set_valid_until(limits::kTimeMax + 1); }),
              {"valid_until: not in 1900-2100", kBadValue});
  ExpectFault(Changed(good,
                      [](auto* e) {
                        for (int i = 0; i <= limits::kModelsMax; ++i) e->add_models("m");
                      }),
              {"models: more than 4096", kBadValue});
}

// Other credentials travel under numbers of their own form: a kind and a number that do not belong together are a fault.
TEST(CertificateDecoder, TheNumberHasTheFormOfItsKind) {
  v1::Certificate licence = samples::Certificate();
  licence.set_kind(v1::CREDENTIAL_KIND_PRODUCTION_LICENCE);
  ExpectFault(licence, {"number: is not a number of its kind", kBadValue});
  licence.set_number("XK13-014-00123");
  EXPECT_EQ(DecodeEvent(licence), std::nullopt);
  licence.set_kind(v1::CREDENTIAL_KIND_NONE);
  ExpectFault(licence, {"kind: unspecified or unknown code", kBadEnum});
  const v1::Certificate good = samples::Certificate();
  for (const v1::CredentialKind kind : {v1::CREDENTIAL_KIND_CCC, v1::CREDENTIAL_KIND_CCC_SELF_DECLARED}) {
    EXPECT_EQ(DecodeEvent(Changed(good, [&](auto* e) { e->set_kind(kind); })), std::nullopt);
  }
  ExpectFault(Changed(good, [](auto* e) { e->set_maker_uscc("91110000600037341M"); }),
              {"maker_uscc: is not a unified social credit code", kBadValue});
  ExpectFault(Changed(good, [](auto* e) { e->set_reason_code("20x"); }),
              {"reason_code: is not a code of so many digits", kBadValue});
  ExpectFault(Changed(good,
                      [](auto* e) {
                        for (int i = 0; i <= limits::kProductCodesMax; ++i) e->add_product_codes("0907");
                      }),
              {"product_codes: more than 64", kBadValue});
}

// What a product code requires decides what is blocked nationwide: nothing half stated may steer it.
TEST(ControlDecoder, ChecksCatalogueAndRequiredCredentials) {
  EXPECT_EQ(DecodeEvent(samples::Catalogue()), std::nullopt);
  EXPECT_EQ(DecodeEvent(samples::Required()), std::nullopt);
  const auto required = [](auto change) {
    return Changed(samples::Required(), [&](auto* e) { change(e->mutable_credential()); });
  };
  ExpectFault(required([](auto* e) { e->clear_product_code(); }), {"credential.product_code: required", kMissing});
  ExpectFault(required([](auto* e) { e->clear_effective_at(); }), {"credential.effective_at: required", kMissing});
  ExpectFault(required([](auto* e) { e->clear_kinds(); }), {"credential.kinds: required", kMissing});
  ExpectFault(required([](auto* e) { e->add_kinds(v1::CREDENTIAL_KIND_CCC); }),
              {"credential.kinds: names a kind twice", kBadValue});
  ExpectFault(required([](auto* e) { e->add_kinds(v1::CREDENTIAL_KIND_NONE); }),
              {"credential.kinds: NONE stands alone", kBadValue});
  ExpectFault(required([](auto* e) { e->add_kinds(static_cast<v1::CredentialKind>(99)); }),
              {"credential.kinds: unspecified or unknown code", kBadEnum});
  ExpectFault(Changed(samples::Catalogue(), [](auto* e) { e->mutable_catalogue()->clear_effective_at(); }),
              {"catalogue.effective_at: required", kMissing});
}

// Facts of the authorities name enterprises, goods and listings: what names nothing can be matched with nothing.
TEST(EnforcementDecoders, CheckTheirFields) {
  ExpectFault(Changed(samples::Enterprise(), [](auto* e) { e->set_uscc("91110000600037341M"); }),
              {"uscc: is not a unified social credit code", kBadValue});
  ExpectFault(Changed(samples::Enterprise(), [](auto* e) { e->clear_name(); }), {"name: required", kMissing});
  ExpectFault(Changed(samples::Inspection(), [](auto* e) { e->clear_result(); }),
              {"result: unspecified or unknown code", kBadEnum});
  ExpectFault(Changed(samples::Inspection(), [](auto* e) { e->clear_platform(); }), {"platform: required", kMissing});
  ExpectFault(Changed(samples::Inspection(),
                      [](auto* e) {
                        for (int i = 0; i <= limits::kInspectionItemsMax; ++i) e->add_items()->set_name("n");
                      }),
              {"items: more than 256", kBadValue});
  ExpectFault(Changed(samples::Recall(), [](auto* e) { e->clear_products(); }), {"products: required", kMissing});
  ExpectFault(Changed(samples::Recall(), [](auto* e) { e->clear_remedy(); }),
              {"remedy: unspecified or unknown code", kBadEnum});
  ExpectFault(Changed(samples::Recall(),
                      [](auto* e) {
                        for (int i = 0; i <= limits::kRecalledProductsMax; ++i) e->add_products();
                      }),
              {"products: more than 1024", kBadValue});
  v1::Recall withdrawn = samples::Recall();
  withdrawn.set_withdrawn(true);
  withdrawn.clear_products();
  withdrawn.clear_remedy();
  withdrawn.clear_effective_at();
  EXPECT_EQ(DecodeEvent(withdrawn), std::nullopt);
  ExpectFault(Changed(samples::Disposition(), [](auto* e) { e->clear_order(); }),
              {"order: unspecified or unknown code", kBadEnum});
  ExpectFault(Changed(samples::Disposition(), [](auto* e) { e->clear_platform(), e->clear_listing_id(); }),
              {"subject: required", kMissing});
}

// Breaks: an order that is taken and reaches nothing, or more than it names; a recall that no listing can be found by.
TEST(EnforcementDecoders, WantGoodsNamed) {
  const char* nameless = "subject: names no goods: give a listing, certificate, maker, seller or product code";
  for (const v1::OrderKind kind : {v1::ORDER_KIND_TAKE_DOWN, v1::ORDER_KIND_REVIEW, v1::ORDER_KIND_LIFT,
                                   v1::ORDER_KIND_STOP_SALE, v1::ORDER_KIND_EMERGENCY_CONTROL}) {
    const v1::Disposition order = Changed(samples::Disposition(), [kind](auto* e) { e->set_order(kind); });
    EXPECT_EQ(DecodeEvent(order), std::nullopt);
    ExpectFault(Changed(order, [](auto* e) { e->clear_listing_id(), e->set_model("A1"), e->set_batch("B1"); }),
                {nameless, kBadValue});
    ExpectFault(Changed(order, [](auto* e) { e->set_certificate_number("2022011606"), e->set_product_code("0907"); }),
                {"certificate_number: is not a number of any credential", kBadValue});
  }
  EXPECT_EQ(DecodeEvent(Changed(samples::Disposition(),
                                [](auto* e) { e->set_order(v1::ORDER_KIND_INTERVIEW), e->clear_listing_id(); })),
            std::nullopt);
  const v1::Recall recall = Changed(samples::Recall(), [](auto* e) {
    e->clear_maker(), e->clear_maker_uscc();
    e->mutable_products()->DeleteSubrange(1, e->products_size() - 1);
    e->mutable_products(0)->clear_gtin(), e->mutable_products(0)->clear_product_code();
  });
  ExpectFault(recall, {"maker: required", kMissing});
  EXPECT_EQ(DecodeEvent(Changed(recall, [](auto* e) { e->mutable_products(0)->set_product_code("0907"); })),
            std::nullopt);
  EXPECT_EQ(DecodeEvent(Changed(recall, [](auto* e) { e->set_maker_uscc("91330100799655058B"); })), std::nullopt);
}

// A control record steers judgement: a code this version does not know must not be half understood.
TEST(ControlDecoder, ChecksItsBody) {
  EXPECT_EQ(DecodeEvent(samples::Heartbeat()), std::nullopt);
  ExpectFault(Changed(samples::Heartbeat(), [](auto* e) { e->clear_body(); }), {"body: required", kMissing});
  ExpectFault(Changed(samples::Heartbeat(), [](auto* e) { e->mutable_heartbeat()->Clear(); }),
              {"heartbeat.registry_as_of: required", kMissing});
  const v1::Control rules = samples::Rules();
  ExpectFault(Changed(rules, [](auto* e) { e->mutable_rules()->clear_version(); }),
              {"rules.version: required", kMissing});
  ExpectFault(
      Changed(rules,
              [](auto* e) { e->mutable_rules()->mutable_decisions(0)->set_finding(static_cast<v1::Finding>(77)); }),
      {"rules.decisions.finding: unspecified or unknown code", kBadEnum});
  ExpectFault(
      Changed(rules, [](auto* e) { e->mutable_rules()->mutable_decisions(0)->add_scenes(v1::SCENE_UNSPECIFIED); }),
      {"rules.decisions.scenes: unspecified or unknown code", kBadEnum});
  ExpectFault(Changed(rules,
                      [](auto* e) {
                        auto* action = e->mutable_rules()->mutable_surges(0)->mutable_actions(0);
                        action->set_modality(static_cast<v1::Modality>(9));
                      }),
              {"rules.actions.modality: unspecified or unknown code", kBadEnum});
  for (const bool decision : {true, false}) {
    const auto terms = [&](auto change) {
      return Changed(rules, [&](auto* e) {
        v1::RuleSet* set = e->mutable_rules();
        change(decision ? set->mutable_decisions(0)->mutable_terms() : set->add_restrictions()->mutable_terms());
      });
    };
    EXPECT_EQ(DecodeEvent(terms([](auto*) {})), std::nullopt);
    ExpectFault(terms([](auto* t) { t->set_appeal_route(static_cast<v1::AppealRoute>(77)); }),
                {"rules.terms.appeal_route: unspecified or unknown code", kBadEnum});
    ExpectFault(terms([](auto* t) { t->set_report(static_cast<v1::Modality>(77)); }),
                {"rules.terms.report: unspecified or unknown code", kBadEnum});
    ExpectFault(terms([](auto* t) { t->add_further_measures(v1::MEASURE_UNSPECIFIED); }),
                {"rules.terms.further_measures: unspecified or unknown code", kBadEnum});
  }
  ExpectFault(Changed(rules, [](auto* e) { e->mutable_rules()->add_appeals(); }),
              {"rules.appeals.route: unspecified or unknown code", kBadEnum});
}

// A bad string deep inside must be named too: the search for it follows messages.
TEST(ControlDecoder, NamesBadUtf8InsideMessages) {
  v1::Control control = samples::Rules();
  std::string bytes = control.SerializeAsString();
  const size_t at = bytes.find("revoked");
  ASSERT_NE(at, std::string::npos);
  bytes[at] = '\xff';
  const DecodeResult result = DecodeBytes<v1::Control>(bytes, "rules");
  ASSERT_EQ(ReasonOf(result), v1::DEAD_LETTER_REASON_BAD_UTF8);
  EXPECT_EQ(result->detail, "id: not UTF-8");
}

// The rules of a complaint; a withdrawal needs only its case.
TEST(ComplaintDecoder, ChecksItsFields) {
  const v1::Complaint good = samples::Complaint();
  ExpectFault(Changed(good, [](auto* e) { e->clear_case_number(); }), {"case_number: required", kMissing});
  ExpectFault(Changed(good, [](auto* e) { e->clear_version(); }), {"version: required", kMissing});
  ExpectFault(Changed(good, [](auto* e) { e->clear_kind(); }), {"kind: unspecified or unknown code", kBadEnum});
  const v1::Complaint nameless = Changed(good, [](auto* e) {
    e->clear_maker();
    e->clear_model();
  });
  ExpectFault(nameless, {"maker or model: required", kMissing});
  EXPECT_EQ(DecodeEvent(Changed(nameless, [](auto* e) { e->set_withdrawn(true); })), std::nullopt);
  EXPECT_EQ(DecodeEvent(Changed(good, [](auto* e) { e->clear_problem(); })), std::nullopt);
  ExpectFault(Changed(good, [](auto* e) { e->set_text(std::string(limits::kTextBytesMax + 1, 't')); }),
              {"text: longer than its limit", kBadValue});
}

// Signals are ours, but a worker of another version may have written them.
TEST(SignalDecoder, ChecksItsFields) {
  const v1::Signal good = samples::Signal();
  ExpectFault(Changed(good, [](auto* e) { e->clear_kind(); }), {"kind: unspecified or unknown code", kBadEnum});
  ExpectFault(Changed(good, [](auto* e) { e->clear_status(); }), {"status: unspecified or unknown code", kBadEnum});
  ExpectFault(Changed(good, [](auto* e) { e->clear_cause(); }), {"cause: required", kMissing});
  ExpectFault(Changed(good, [](auto* e) { e->set_task(1024); }), {"task: not below 1024", kBadValue});
  ExpectFault(Changed(good,
                      [](auto* e) {
                        for (size_t i = 0; i <= limits::kMerchantHashesMax; ++i) e->add_merchant_hashes(i);
                      }),
              {"merchant_hashes: more than 10000", kBadValue});
  EXPECT_EQ(DecodeEvent(Changed(good,
                                [](auto* e) {
                                  e->set_kind(v1::SIGNAL_KIND_DONE);
                                  e->clear_status();
                                })),
            std::nullopt);
}

// The word-wise scan must agree with the definition at every place in a word, neighbours with borrows
// included.
TEST(FieldChecks, FindsControlCharactersAnywhere) {
  for (int byte = 0; byte < 256; ++byte) {
    const bool expected = byte == 0x7f || (byte < 0x20 && byte != '\t' && byte != '\n');
    for (size_t at = 0; at < 19; ++at) {
      for (const char filler : {'a', '\t', '\xff', ' '}) {
        std::string text(19, filler);
        text[at] = static_cast<char>(byte);
        EXPECT_EQ(FieldChecks::HasControlCharacter(text), expected) << byte << " at " << at;
      }
    }
  }
}

}  // namespace
}  // namespace zaojing
