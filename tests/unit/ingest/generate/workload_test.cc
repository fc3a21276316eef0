// The generated year as a whole: the same for a seed, in order, readable, and of the size of the nation.
#include "ingest/generate/workload.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "ingest/decoder.h"
#include "ingest/generate/truth.h"
#include "ingest/record_key.h"
#include "proto/identifiers.h"
#include "proto/ids.h"
#include "proto/limits.h"

namespace zaojing::generate {
namespace {

constexpr double kScale = 0.001;

// Hash over topic, key, time and value of all records, in order.
uint64_t DigestOf(const World& world, Wanted wanted) {
  Workload workload(world, wanted);
  GeneratedRecord record;
  uint64_t digest = 0;
  while (workload.Next(&record)) {
    digest = MixBits(digest + Hash64(NameOf(record.topic)));
    digest = MixBits(digest + Hash64(record.key));
    digest = MixBits(digest + static_cast<uint64_t>(record.received_at));
    digest = MixBits(digest + Hash64(record.value));
  }
  return digest;
}

uint64_t TruthDigestOf(const World& world) {
  uint64_t digest = 0;
  EXPECT_TRUE(ForEachTruth(world, {}, [&](const v1::Truth& truth) {
                digest = MixBits(digest + Hash64(truth.SerializeAsString()));
                return absl::OkStatus();
              }).ok());
  return digest;
}

// A clock, an address or a hash map's order on the path would give one seed two years.
TEST(Workload, ASeedIsAYear) {
  const World world(limits::kGeneratedScaleMin, 1);
  const World again(limits::kGeneratedScaleMin, 1);
  const World other(limits::kGeneratedScaleMin, 2);
  EXPECT_EQ(DigestOf(world, {}), DigestOf(again, {}));
  EXPECT_EQ(TruthDigestOf(world), TruthDigestOf(again));
  EXPECT_NE(DigestOf(world, {}), DigestOf(other, {}));
  EXPECT_NE(TruthDigestOf(world), TruthDigestOf(other));
}

DecodeResult DecodeAny(const Record& record) {
  switch (record.topic) {
    case Topic::kControl: {
      v1::Control control;
      return Decode(record, &control);
    }
    case Topic::kEnterprises: {
      v1::Enterprise enterprise;
      return Decode(record, &enterprise);
    }
    case Topic::kCertificates: {
      v1::Certificate certificate;
      return Decode(record, &certificate);
    }
    case Topic::kInspections: {
      v1::Inspection inspection;
      return Decode(record, &inspection);
    }
    case Topic::kRecalls: {
      v1::Recall recall;
      return Decode(record, &recall);
    }
    case Topic::kDispositions: {
      v1::Disposition disposition;
      return Decode(record, &disposition);
    }
    case Topic::kLookups: {
      v1::Lookup lookup;
      return Decode(record, &lookup);
    }
    default:
      return Rejection{v1::DEAD_LETTER_REASON_UNPARSABLE, "no topic of inputs"};
  }
}

// A record that the decoder rejects, whose key is not its own or that comes before its time would end in dead-letter, or
// be judged in another order live than in a replay.
TEST(Workload, EveryRecordIsGoodAndInOrder) {
  const World world(kScale, 3);
  Workload workload(world, {});
  GeneratedRecord generated;
  std::map<Topic, uint64_t> counts;
  std::set<std::string> ids;
  int64_t before = 0;
  Topic topic_before = Topic::kControl;
  std::string scratch;
  while (workload.Next(&generated)) {
    const Record record{generated.topic, 0, 0, generated.received_at, generated.key, generated.value, false};
    const DecodeResult rejected = DecodeAny(record);
    ASSERT_FALSE(rejected) << NameOf(generated.topic) << ": " << rejected->detail;
    ASSERT_EQ(KeyOfValue(generated.topic, generated.value, &scratch), generated.key);
    const bool in_order =
        generated.received_at > before || (generated.received_at == before && generated.topic >= topic_before);
    ASSERT_TRUE(in_order) << NameOf(generated.topic) << " at " << generated.received_at;
    before = generated.received_at;
    topic_before = generated.topic;
    ++counts[generated.topic];
  }
  EXPECT_LT(before, kYearEnd);
  EXPECT_EQ(counts[Topic::kLookups], workload.lookups());
  EXPECT_GT(counts[Topic::kCertificates], 461U);
  for (const Topic topic : kReferenceTopics) EXPECT_GT(counts[topic], 0U) << NameOf(topic);
}

struct Seen {
  std::map<std::string, int> listings;  // with their look-ups
  std::set<std::string> merchants;
  std::set<std::string> vehicles;
  std::map<int, uint64_t> scenes;
  std::map<std::string, std::set<std::string>> merchants_of;  // by certificate
  uint64_t bytes = 0;
};

Seen Ask(const World& world) {
  Seen seen;
  Workload workload(world, {false, true, true});
  GeneratedRecord record;
  v1::Lookup lookup;
  while (workload.Next(&record)) {
    EXPECT_TRUE(lookup.ParseFromArray(record.value.data(), static_cast<int>(record.value.size())));
    ++seen.scenes[lookup.scene()];
    if (lookup.scene() == v1::SCENE_PLATE) {
      seen.vehicles.insert(lookup.listing_id());
      continue;
    }
    seen.bytes += record.value.size();
    ++seen.listings[std::string(record.key)];
    EXPECT_TRUE(IsUscc(lookup.seller_uscc())) << lookup.seller_uscc();
    seen.merchants.insert(lookup.seller_uscc());
    seen.merchants_of[lookup.certificate_number().substr(0, 16)].insert(lookup.seller_uscc());
  }
  return seen;
}

// The published figures are different units; a generator that mixed them up (stopped look-ups for stopped listings)
// would be off by a factor. Whole numbers at this scale, so exact; what is drawn has a tolerance.
TEST(Workload, IsTheNationInSmall) {
  const World world(kScale, 4);
  const Seen seen = Ask(world);
  EXPECT_EQ(seen.listings.size(), 11'000U);
  EXPECT_EQ(seen.merchants.size(), 1'320U);
  uint64_t lookups = 0;
  int most = 0;
  for (const auto& [listing, count] : seen.listings) {
    lookups += static_cast<uint64_t>(count);
    most = std::max(most, count);
  }
  EXPECT_EQ(lookups, 65'900U);
  EXPECT_EQ(most, 24);
  EXPECT_EQ(seen.scenes.at(v1::SCENE_PLATE), 61'100U);
  EXPECT_NEAR(static_cast<double>(seen.vehicles.size()), 61'100 / 1.04, 200);
  EXPECT_NEAR(static_cast<double>(seen.bytes) / 65'900, 250, 50) << "bytes a look-up";
  const double publishing = static_cast<double>(seen.scenes.at(v1::SCENE_PUBLISH)) / 11'000;
  EXPECT_NEAR(publishing, 0.6, 0.15) << "listings published in the year";

  v1::TotalsTruth totals;
  std::map<int, uint64_t> causes;
  std::string borrowed;
  ASSERT_TRUE(ForEachTruth(world, {}, [&](const v1::Truth& truth) {
                if (truth.has_totals()) totals = truth.totals();
                if (truth.has_cause()) causes[truth.cause().cause()] = truth.cause().listings();
                if (truth.evasion().kind() == v1::EVASION_KIND_BORROWED_CERTIFICATE) borrowed = truth.evasion().key();
                return absl::OkStatus();
              }).ok());
  EXPECT_EQ(totals.certificates_valid(), 461U);
  EXPECT_EQ(totals.listings(), seen.listings.size());
  EXPECT_EQ(totals.merchants(), seen.merchants.size());
  EXPECT_EQ(totals.vehicles(), seen.vehicles.size());
  EXPECT_EQ(totals.listings_stopped(), 1'030U);
  EXPECT_NEAR(static_cast<double>(causes[v1::PLANTED_CAUSE_NO_CERTIFICATE]), 247, 15);
  EXPECT_NEAR(static_cast<double>(causes[v1::PLANTED_CAUSE_MASS_REVOCATION]), 50, 2);
  // A borrowed certificate is seen by its merchants.
  EXPECT_GT(seen.merchants_of.at(borrowed).size(), 20U);
}

// Who leaves the plates out must get the same platforms' year.
TEST(Workload, LeavingOutChangesNothingElse) {
  const World world(limits::kGeneratedScaleMin, 5);
  std::string all;
  std::string some;
  for (const bool plate : {true, false}) {
    Workload workload(world, {true, true, plate});
    GeneratedRecord record;
    while (workload.Next(&record)) {
      if (record.topic == Topic::kLookups && record.key.substr(0, 6) == "plate/") continue;
      (plate ? all : some).append(record.value);
    }
  }
  EXPECT_TRUE(all == some);
  EXPECT_FALSE(some.empty());
}

// What enforcement says of goods, by certificate number or by maker and day of making.
struct Enforcement {
  std::map<std::string, v1::Inspection> failed;  // by certificate number
  std::map<std::string, v1::Recall> recalls;     // by maker's code
  std::set<std::string> ordered;                 // look-up keys
};

Enforcement Enforced(const World& world) {
  Enforcement found;
  Workload workload(world, {true, false, false});
  GeneratedRecord record;
  while (workload.Next(&record)) {
    const auto size = static_cast<int>(record.value.size());
    v1::Inspection inspection;
    v1::Recall recall;
    v1::Disposition order;
    if (record.topic == Topic::kInspections && inspection.ParseFromArray(record.value.data(), size) &&
        inspection.result() == v1::INSPECTION_RESULT_FAILED) {
      found.failed[inspection.certificate_number()] = inspection;
    } else if (record.topic == Topic::kRecalls && recall.ParseFromArray(record.value.data(), size)) {
      found.recalls[recall.maker_uscc()] = recall;
    } else if (record.topic == Topic::kDispositions && order.ParseFromArray(record.value.data(), size)) {
      found.ordered.insert(order.platform() + "/" + order.listing_id());
    }
  }
  return found;
}

std::map<std::string, v1::PlantedCause> CausesByKey(const World& world) {
  std::map<std::string, v1::PlantedCause> causes;
  EXPECT_TRUE(ForEachTruth(world, {}, [&](const v1::Truth& truth) {
                if (truth.has_listing()) causes[truth.listing().key()] = truth.listing().cause();
                return absl::OkStatus();
              }).ok());
  return causes;
}

// The maker of a look-up's goods by its code, whatever the seller calls it.
std::string MakerOf(const World& world, const v1::Lookup& lookup) {
  for (uint64_t firm = 0; firm < world.certificates.firms(); ++firm) {
    std::string code = world.certificates.FirmUscc(firm);
    if (lookup.maker() == code || lookup.maker() == world.certificates.FirmName(firm, false)) return code;
  }
  return {};
}

// The batch that failed, the days recalled and the listings ordered off sale must be those of the listings in the truth:
// else it would demand stops that nothing in the input calls for.
TEST(Workload, EnforcementMeetsItsListings) {
  const World world(kScale, 6);
  const Enforcement enforced = Enforced(world);
  const std::map<std::string, v1::PlantedCause> causes = CausesByKey(world);
  std::map<int, int> met;
  Workload workload(world, {false, true, false});
  GeneratedRecord record;
  v1::Lookup lookup;
  while (workload.Next(&record)) {
    const auto planted = causes.find(std::string(record.key));
    const bool ordered = enforced.ordered.count(std::string(record.key)) > 0;
    const v1::PlantedCause cause = planted == causes.end() ? v1::PLANTED_CAUSE_UNSPECIFIED : planted->second;
    EXPECT_EQ(ordered, cause == v1::PLANTED_CAUSE_ORDERED) << record.key;
    ASSERT_TRUE(lookup.ParseFromArray(record.value.data(), static_cast<int>(record.value.size())));
    const auto failed = enforced.failed.find(lookup.certificate_number().substr(0, 16));
    EXPECT_EQ(failed != enforced.failed.end(), cause == v1::PLANTED_CAUSE_INSPECTION_FAILED) << record.key;
    EXPECT_TRUE(failed == enforced.failed.end() || lookup.made_at() == failed->second.made_at()) << record.key;
    const bool recalled = cause == v1::PLANTED_CAUSE_RECALLED || cause == v1::PLANTED_CAUSE_SOFTWARE_RECALL;
    if (recalled || cause == v1::PLANTED_CAUSE_OUTSIDE_RECALL) {
      const auto recall = enforced.recalls.find(MakerOf(world, lookup));
      ASSERT_NE(recall, enforced.recalls.end()) << record.key << " by " << lookup.maker();
      const v1::RecalledProduct& product = recall->second.products(0);
      EXPECT_EQ(product.product_code(), lookup.product_code());
      EXPECT_EQ(lookup.made_at() >= product.made_from() && lookup.made_at() < product.made_until(), recalled);
      EXPECT_EQ(recall->second.remedy() == v1::REMEDY_SOFTWARE, cause == v1::PLANTED_CAUSE_SOFTWARE_RECALL);
    }
    ++met[cause];
  }
  for (const v1::PlantedCause cause :
       {v1::PLANTED_CAUSE_ORDERED, v1::PLANTED_CAUSE_INSPECTION_FAILED, v1::PLANTED_CAUSE_RECALLED,
        v1::PLANTED_CAUSE_OUTSIDE_RECALL, v1::PLANTED_CAUSE_SOFTWARE_RECALL}) {
    EXPECT_GT(met[cause], 0) << v1::PlantedCause_Name(cause);
  }
}

}  // namespace
}  // namespace zaojing::generate
