// The pieces the generated year is made of.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ingest/generate/calendar.h"
#include "ingest/generate/certificates.h"
#include "ingest/generate/names.h"
#include "ingest/generate/random.h"
#include "ingest/generate/schedule.h"
#include "processors/models/model_set.h"
#include "proto/identifiers.h"

namespace zaojing::generate {
namespace {

// A permutation that maps two to one would give two listings one number, or a certificate to nobody.
TEST(Random, PermutesEveryCount) {
  for (const uint64_t count : {1U, 2U, 3U, 100U, 1'000U, 4'097U}) {
    std::set<uint64_t> seen;
    for (uint64_t i = 0; i < count; ++i) {
      const uint64_t image = Permute(i, count, 99);
      EXPECT_LT(image, count);
      seen.insert(image);
    }
    EXPECT_EQ(seen.size(), count);
  }
}

// An item asked about too often, too rarely, or before it was published would falsify every count planted on it.
TEST(Schedule, AsksEachItemExactlyItsTimesAndInOrder) {
  const std::vector<VisitClass> classes = {
      {1'000, 1, false, 0.0}, {333, 6, true, 1.0}, {77, 24, false, 0.55}, {1, 5, false, 0.3}, {50, 3, false, 0.001}};
  const Schedule schedule(classes, 3);
  std::map<std::pair<uint32_t, uint64_t>, std::vector<uint32_t>> asked;
  uint64_t total = 0;
  std::vector<Slot> slots;
  for (uint64_t block = 0; block < schedule.blocks(); ++block) {
    schedule.Fill(block, &slots);
    total += slots.size();
    for (const Slot& slot : slots) {
      asked[{slot.visit_class, slot.item}].push_back(slot.visit);
      if (slot.visit > 0) continue;
      EXPECT_EQ(schedule.FirstBlock(slot.visit_class, slot.item), block);
    }
  }
  EXPECT_EQ(total, schedule.questions());
  EXPECT_EQ(asked.size(), 1'000U + 333 + 77 + 1 + 50);
  for (auto& [item, visits] : asked) {
    const VisitClass& spec = classes[item.first];
    EXPECT_EQ(visits.size(), spec.visits);
    EXPECT_TRUE(spec.wraps || std::is_sorted(visits.begin(), visits.end()));
    std::sort(visits.begin(), visits.end());
    EXPECT_EQ(std::unique(visits.begin(), visits.end()), visits.end()) << "each visit once";
  }
}

// A day taken for another one, or one that there is not, would cut the year at the wrong place.
TEST(Calendar, KnowsItsDaysByName) {
  EXPECT_EQ(DayNamed("2025-01-01"), kYearStart);
  EXPECT_EQ(DayNamed("2025-06-24"), DayOf(6, 24));
  EXPECT_EQ(DayNamed("2025-12-31"), kYearEnd - limits::kDay);
  for (const char* none : {"", "2025-02-29", "2025-04-31", "2025-12-32", "2025-13-01", "2025-00-10", "2025-01-00",
                           "2024-06-24", "2025/06/24", "2025-6-24", "2025-06-24 ", "2025-0a-01"}) {
    EXPECT_EQ(DayNamed(none), std::nullopt) << none;
  }
}

// Time that went back would break the order of the stream; a rhythm without its peaks would test nothing at them.
TEST(Calendar, GoesForwardThroughThePeaks) {
  const Calendar platform(Rhythm::kPlatform);
  const Calendar plate(Rhythm::kPlate);
  std::map<int64_t, int> platform_days;
  std::map<int64_t, int> plate_days;
  int64_t before = kYearStart - 1;
  constexpr int kQuestions = 365'000;
  for (int i = 0; i < kQuestions; ++i) {
    const int64_t at = platform.TimeAt(static_cast<double>(i) / kQuestions);
    EXPECT_GE(at, before);
    before = at;
    ++platform_days[ChinaDay(at)];
    ++plate_days[ChinaDay(plate.TimeAt(static_cast<double>(i) / kQuestions))];
  }
  EXPECT_LT(before, kYearEnd);
  const auto on = [](const std::map<int64_t, int>& days, int month, int day) {
    const auto found = days.find(ChinaDay(DayOf(month, day)));
    return found == days.end() ? 0 : found->second;
  };
  EXPECT_GT(on(platform_days, 3, 15), 2 * on(platform_days, 3, 22)) << "3·15 against the Saturday after";
  EXPECT_GT(on(platform_days, 11, 11), 3 * on(platform_days, 11, 18)) << "双11 against the Tuesday after";
  EXPECT_GT(on(plate_days, 3, 17), 5 * on(plate_days, 3, 16)) << "windows are closed on Sundays";
  EXPECT_LT(on(plate_days, 1, 29), on(plate_days, 2, 12) / 10) << "and at Spring Festival";
}

// A wrong check character would make every generated firm invalid at the first decoder that looks.
TEST(Names, NumbersAreValidByTheirStandards) {
  std::set<std::string> seen;
  for (uint64_t i = 0; i < 2'000; ++i) {
    for (const std::string& code : {MakerUscc(i, "330100"), MerchantUscc(i, "330100")}) {
      EXPECT_TRUE(IsUscc(code)) << code;
      EXPECT_TRUE(seen.insert(code).second) << code;
    }
    EXPECT_TRUE(seen.insert(MakerName(i, "杭州", false)).second);
  }
  // 6901234567892 is GS1's own example of a Chinese number.
  EXPECT_EQ(Gtin(123'456'789), "6901234567892");
}

// What a seller writes must be in the certificate's text, and a foreign model must not be, whatever form it has.
TEST(Names, ModelsAreWhatTheirTextMeans) {
  std::set<bool> open;
  for (uint64_t i = 0; i < 2'000; ++i) {
    const uint64_t draw = MixBits(i * kSplitMixStep);
    const std::vector<std::string> printed = PrintedModels(draw);
    const ModelSet set = CompileModels({printed.begin(), printed.end()});
    const std::string claimed = ClaimedModel(draw, MixBits(i));
    EXPECT_EQ(MatchModel(claimed, set), ModelMatch::kMatch) << claimed << " in " << printed.front();
    open.insert(HasOpenModels(draw));
    if (HasOpenModels(draw)) continue;
    const std::string foreign = ForeignModel(draw, MixBits(i));
    EXPECT_EQ(MatchModel(foreign, set), ModelMatch::kMismatch) << foreign << " in " << printed.front();
  }
  EXPECT_EQ(open.size(), 2U);
}

// Two certificates of one number, or a forged one that exists, and the planted answer is wrong.
TEST(Certificates, NumbersAreUniqueAndForgeriesAreNone) {
  const CertificateBook book(5, 461);
  std::set<std::string> numbers;
  for (uint64_t i = 0; i < book.size(); ++i) EXPECT_TRUE(numbers.insert(book.NumberOf(book.At(i))).second) << i;
  for (uint64_t i = 0; i < book.size(); ++i) {
    EXPECT_EQ(numbers.count(book.ForgedNumber(book.At(i), MixBits(i))), 0U) << i;
    EXPECT_EQ(ParseCredentialNumber(book.ForgedNumber(book.At(i), MixBits(i))).kind, v1::CREDENTIAL_KIND_CCC);
  }
  // Past a million serial numbers repeat, in other years.
  const CertificateBook large(5, 2'000'000);
  for (const uint64_t index : {0U, 17U, 123'456U}) {
    const std::string first = large.NumberOf(large.At(index));
    const std::string second = large.NumberOf(large.At(index + 1'000'000));
    EXPECT_EQ(first.substr(10), second.substr(10));
    EXPECT_NE(first.substr(0, 4), second.substr(0, 4));
  }
}

// A certificate that ends before it was issued has not ended: the newest status counts, and the planted answer is wrong.
TEST(Certificates, NothingHoldsBeforeTheIssue) {
  const CertificateBook book(1, 461'000);
  for (const Fate fate : {Fate::kCancelled, Fate::kSuspended, Fate::kRestored, Fate::kRevoked, Fate::kMassRevoked,
                          Fate::kCorrected, Fate::kRevokedBefore, Fate::kSuspendedBefore, Fate::kCancelledBefore}) {
    for (uint64_t i = 0; i < book.Of(fate).count; ++i) {
      ASSERT_GE(book.EffectiveAt(fate, i), book.At(fate, i).valid_from) << book.NumberOf(book.At(fate, i));
    }
  }
}

// Events out of order would come out of order; a search that is one off would pick a certificate that ended before the
// listing was published.
TEST(Certificates, EventsComeInOrderOfTheOrdinal) {
  const CertificateBook book(5, 46'100);
  for (const Fate fate :
       {Fate::kRenewed, Fate::kLapsed, Fate::kCancelled, Fate::kRevoked, Fate::kMassRevoked, Fate::kNew}) {
    const uint64_t count = book.Of(fate).count;
    int64_t before = 0;
    bool late = false;
    for (uint64_t i = 0; i < count; ++i) {
      const int64_t at = book.EventAt(fate, i);
      EXPECT_GE(at, before);
      EXPECT_GE(at, kYearStart);
      EXPECT_LT(at, kYearEnd);
      before = at;
      EXPECT_LE(book.EffectiveAt(fate, i), at);
      late = late || book.EffectiveAt(fate, i) < at - 60 * limits::kDay;
    }
    const bool on_its_day = fate == Fate::kMassRevoked || fate == Fate::kNew;
    EXPECT_EQ(late, !on_its_day) << "some are told months late";
    const int64_t middle = book.EventAt(fate, count / 2);
    const uint64_t after = book.FirstAfter(fate, middle);
    EXPECT_LE(book.EventAt(fate, after - 1), middle);
    EXPECT_TRUE(after == count || book.EventAt(fate, after) > middle);
  }
}

}  // namespace
}  // namespace zaojing::generate
