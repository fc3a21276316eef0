// What screen writes about look-ups: counters, and nothing else once a listing is known.
#include "processors/screen/tally.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "processors/runtime/task.h"
#include "processors/screen/screen_stage.h"
#include "processors/state/memory_store.h"
#include "processors/state/tables.h"
#include "proto/limits.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;
using testing::kMonday;
using testing::MakeCertificate;
using testing::OwnedRecord;
using testing::ToRecord;

constexpr char kValid[] = "2022011606454871";    // chapter 16
constexpr char kRevoked[] = "2022010101000002";  // chapter 01

// One task of screen on a store that can be looked into.
class Gate {
 public:
  explicit Gate(ScreenOptions options = {}) : stage_(testing::DefaultRules(), options) {
    Fact(kValid, v1::CERTIFICATE_STATUS_VALID);
    Fact(kRevoked, v1::CERTIFICATE_STATUS_REVOKED);
    auto store = std::make_unique<MemoryStore>();
    store_ = store.get();
    TaskOptions task;
    task.check_routing = false;
    task_ = std::make_unique<Task>(task, stage_, registry_, std::move(store));
    EXPECT_TRUE(task_->LoadMarker().ok() && task_->Start().ok());
    for (int64_t at = 0; at < registry_.size(Topic::kCertificates); ++at) {
      task_->AdvanceReference(registry_.At(Topic::kCertificates, at));
    }
  }

  void Ask(const std::string& listing, const std::string& certificate, int64_t at, const std::string& region = "330106",
           v1::Scene scene = v1::SCENE_ON_SALE) {
    v1::Lookup lookup = testing::MakeLookup("l" + std::to_string(asked_++), listing, certificate, scene, at);
    lookup.set_region(region);
    if (lookup.certificate_number().size() != 16)
      lookup.set_product_code("0907");  // else it would contradict the number
    const OwnedRecord record = ToRecord(lookup);
    task_->Apply(record.View());
  }
  // Effect: committed; the keys that were written, without the marker's.
  std::vector<std::string> Commit() {
    absl::StatusOr<CommitUnit> unit = task_->Freeze();
    EXPECT_TRUE(unit.ok());
    std::vector<std::string> keys;
    for (const StateChange& change : unit->changes) keys.emplace_back(change.key);
    task_->Committed(*unit, 0);
    EXPECT_TRUE(task_->Flush().ok());
    verdicts_ = 0;
    for (const OutputRecord& output : unit->outputs) verdicts_ += output.topic == Topic::kVerdicts ? 1 : 0;
    return keys;
  }
  void Drop() { task_->Dropped(); }
  int verdicts() const { return verdicts_; }  // of the last commit

  // The tallies in the store: "<hours after Monday 00:00> <action> <chapter> <name>" → count.
  std::map<std::string, std::string> Tallies(Table table) {
    std::map<std::string, std::string> found;
    for (auto entry = store_->Seek(TableKey(table, "")); entry->Valid(); entry->Next()) {
      const std::optional<int64_t> hour = TallyHour(entry->key());
      if (!hour || entry->key()[0] != static_cast<char>(table)) break;
      const v1::CellCounts counts = Cells(entry->value());
      EXPECT_TRUE(std::is_sorted(counts.cells().begin(), counts.cells().end()));
      for (int i = 0; i < counts.cells_size(); ++i) {
        const TallyCell tally = ParseTallyCell(entry->key(), counts.cells(i)).value();
        found[std::to_string(*hour - kMonday / limits::kHour) + " " + v1::Action_Name(tally.action) + " " +
              std::string(tally.category) + " " + std::string(tally.name)] = std::to_string(counts.counts(i));
      }
    }
    return found;
  }
  // Of an entry with one cell.
  std::string Count(const std::string& key) {
    std::string value;
    const absl::StatusOr<bool> present = store_->Get(key, &value);
    if (!present.ok() || !*present) return "";
    const v1::CellCounts counts = Cells(value);
    EXPECT_EQ(counts.cells_size(), 1);
    return std::to_string(counts.counts(0));
  }

 private:
  static v1::CellCounts Cells(std::string_view value) {
    v1::CellCounts counts;
    EXPECT_TRUE(counts.ParseFromArray(value.data(), static_cast<int>(value.size())));
    EXPECT_EQ(counts.cells_size(), counts.counts_size());
    return counts;
  }
  void Fact(const char* number, v1::CertificateStatus status) {
    const OwnedRecord record = ToRecord(MakeCertificate(std::string("fact-") + number, number, status,
                                                        kMonday - limits::kWeek, kMonday - limits::kDay));
    registry_.Append(record.View());
  }

  Registry registry_;
  ScreenStage stage_;
  MemoryStore* store_ = nullptr;
  std::unique_ptr<Task> task_;
  int asked_ = 0;
  int verdicts_ = 0;
};

// Breaks if a look-up is counted under a wrong answer, chapter, platform, region or hour, twice, or not at all; if
// commit points change the sums; if a certificate in force is counted one by one.
TEST(Tally, CountsByWhatWasAnswered) {
  for (const bool commit_each : {false, true}) {
    Gate gate;
    const auto ask = [&](const char* listing, const char* number, int64_t at, const char* region) {
      gate.Ask(listing, number, at, region);
      if (commit_each) gate.Commit();
    };
    ask("a", kValid, kMonday, "330106");
    ask("b", kValid, kMonday + 1, "330106");
    ask("b", kRevoked, kMonday + 2, "110101");
    ask("c", "none", kMonday + 3, "somewhere");
    ask("a", kValid, kMonday + limits::kHour, "330106");
    if (!commit_each) gate.Commit();
    const std::string platform =
        ToRecord(testing::MakeLookup("x", "y", kValid, v1::SCENE_ON_SALE, kMonday)).View().key.data();
    const std::string name = platform.substr(0, platform.find('/'));
    using Map = std::map<std::string, std::string>;
    EXPECT_EQ(gate.Tallies(Table::kPlatformTally), (Map{{"0 ACTION_ALLOW 16 " + name, "2"},
                                                        {"0 ACTION_BLOCK 01 " + name, "1"},
                                                        {"0 ACTION_REVIEW 09 " + name, "1"},
                                                        {"1 ACTION_ALLOW 16 " + name, "1"}}));
    EXPECT_EQ(gate.Tallies(Table::kRegionTally), (Map{{"0 ACTION_ALLOW  330106", "2"},
                                                      {"0 ACTION_BLOCK  110101", "1"},
                                                      {"0 ACTION_REVIEW  ", "1"},
                                                      {"1 ACTION_ALLOW  330106", "1"}}));
    EXPECT_EQ(gate.Count(TableKey(Table::kInvalidTally, kRevoked)), "1");
    EXPECT_EQ(gate.Count(TableKey(Table::kInvalidTally, kValid)), "");
  }
}

// Breaks if a dropped transaction leaves its counts behind: its records are read again.
TEST(Tally, DroppedCountsAreGone) {
  Gate gate;
  gate.Ask("a", kValid, kMonday);
  gate.Commit();
  gate.Ask("a", kValid, kMonday + 1);
  gate.Drop();
  gate.Ask("a", kValid, kMonday + 1);
  gate.Commit();
  EXPECT_EQ(gate.Tallies(Table::kRegionTally), (std::map<std::string, std::string>{{"0 ACTION_ALLOW  330106", "2"}}));
}

// Breaks if asking again writes more than the counters: listing state holds no per-look-up field, so that goods on sale
// asked about in other scenes change nothing. And if the writes grow with the look-ups or with what is
// told apart: one a table, hour and commit.
TEST(Tally, AskingAgainWritesCountersOnly) {
  Gate gate;
  gate.Ask("a", kValid, kMonday);
  EXPECT_EQ(gate.Commit().size(), 5U);  // two dates, listing, two counters
  for (int i = 0; i < 300; ++i) {
    const v1::Scene scenes[] = {v1::SCENE_CHECKOUT, v1::SCENE_PUBLISH, v1::SCENE_ON_SALE};
    gate.Ask("a", kValid, kMonday + 2, "330106", scenes[i % 3]);
  }
  const std::vector<std::string> keys = gate.Commit();
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0][0], static_cast<char>(Table::kRegionTally));  // in key order, not a hash map's
  EXPECT_EQ(keys[1][0], static_cast<char>(Table::kPlatformTally));
}

// Breaks if a counter that no commit has written yet survives the day roll at which it is dropped: the commit points
// would show in the state.
TEST(Tally, WhatIsPendingAtTheDayRollIsDroppedToo) {
  Gate gate;
  gate.Ask("a", kValid, kMonday);
  gate.Ask("a", kValid, kMonday + 100 * limits::kDay);
  gate.Commit();
  EXPECT_EQ(gate.Tallies(Table::kPlatformTally).size(), 1U);
  EXPECT_EQ(gate.Tallies(Table::kRegionTally).count("0 ACTION_ALLOW  330106"), 0U);
}

// Breaks if hours are kept for ever, or dropped too early.
TEST(Tally, OldHoursAreDroppedAtTheDayRoll) {
  Gate gate;
  gate.Ask("a", kValid, kMonday + limits::kDay - 1);
  gate.Ask("a", kValid, kMonday + limits::kDay);
  gate.Commit();
  gate.Ask("a", kValid, kMonday + (1 + limits::kTallyDaysKept) * limits::kDay - 1);
  gate.Commit();
  EXPECT_EQ(gate.Tallies(Table::kPlatformTally).size(), 3U);
  gate.Ask("a", kValid, kMonday + (1 + limits::kTallyDaysKept) * limits::kDay);
  gate.Commit();
  EXPECT_EQ(gate.Tallies(Table::kPlatformTally).size(), 3U) << "the first day's went, a new hour came";
  EXPECT_EQ(gate.Tallies(Table::kRegionTally).count("23 ACTION_ALLOW  330106"), 0U);
  EXPECT_EQ(gate.Tallies(Table::kRegionTally).count("24 ACTION_ALLOW  330106"), 1U);
}

// Breaks if days that are rolled over one by one leave hours behind: each roll begins where the one before it ended.
TEST(Tally, EveryDayRollDropsItsOwnDay) {
  Gate gate;
  for (int day = 0; day < 2 * limits::kTallyDaysKept; ++day) {
    gate.Ask("a", kValid, kMonday + day * limits::kDay);
    if (day % 7 == 0) gate.Commit();
  }
  gate.Commit();
  EXPECT_EQ(gate.Tallies(Table::kPlatformTally).size(), static_cast<size_t>(limits::kTallyDaysKept + 1));
}

// Breaks if the default says more than blocks and changes, or hides one of them; or if EVERY_LOOKUP misses one.
TEST(VerdictModes, BlocksAndChangesOrEveryLookup) {
  for (const bool every : {false, true}) {
    Gate gate({every});
    std::vector<int> said;
    const auto ask = [&](const char* number) {
      gate.Ask("a", number, kMonday + static_cast<int64_t>(said.size()));
      gate.Commit();
      said.push_back(gate.verdicts());
    };
    ask(kValid);    // ALLOW
    ask(kValid);    // the same
    ask(kRevoked);  // changed, to BLOCK
    ask(kRevoked);  // BLOCK again
    ask(kValid);    // changed, to ALLOW
    ask(kValid);    // the same
    if (every) {
      EXPECT_THAT(said, ElementsAre(1, 1, 1, 1, 1, 1));
    } else {
      EXPECT_THAT(said, ElementsAre(0, 0, 1, 1, 1, 0));
    }
  }
}

// Breaks if something that is no counter's key is read as one.
TEST(Tally, OtherKeysAreNone) {
  EXPECT_FALSE(TallyHour("").has_value());
  EXPECT_FALSE(TallyHour("P123").has_value());
  EXPECT_FALSE(TallyHour("P12345").has_value());
  EXPECT_FALSE(TallyHour("L1234").has_value());
  EXPECT_EQ(TallyHour(std::string("G\0\0\1\2", 5)), 258);
  EXPECT_FALSE(ParseTallyCell("P1234", "30").has_value());
  EXPECT_FALSE(ParseTallyCell("G1234", "").has_value());
}

}  // namespace
}  // namespace zaojing
