// Goal: a worker that plays its copy knows exactly what one knows that reads the topics, whatever a crash or a damaged
// disk left of the copy. Method: scripted topics with gaps in their offsets and bad records among them, a log in memory
// that can lose its end or break, and two registries compared fact by fact.
#include "processors/reference/reference_copy.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/reference/copied_feed.h"
#include "processors/reference/reference_source.h"
#include "proto/limits.h"
#include "tests/support/events.h"
#include "tests/support/sample_events.h"

namespace zaojing {
namespace {

using testing::kMonday;
using testing::OwnedRecord;

constexpr char kIdentity[] = "cluster\nprefix.";

// What a test can do to the disk below the copy.
struct Disk {
  std::vector<std::string> entries;
  std::map<uint64_t, absl::Status> broken;  // reads
  bool full = false;
  size_t flushed = 0;
};

class MemoryLog final : public RecordLog {
 public:
  explicit MemoryLog(Disk& disk) : disk_(disk) {}
  absl::StatusOr<bool> Read(uint64_t number, std::string* bytes) override {
    if (const auto broken = disk_.broken.find(number); broken != disk_.broken.end()) return broken->second;
    if (number >= disk_.entries.size()) return false;
    *bytes = disk_.entries[number];
    return true;
  }
  absl::Status Append(uint64_t number, std::string_view bytes) override {
    EXPECT_EQ(number, disk_.entries.size());
    if (disk_.full) return absl::FailedPreconditionError("disk full");
    disk_.entries.emplace_back(bytes);
    return absl::OkStatus();
  }
  absl::Status Flush() override {
    disk_.flushed = disk_.entries.size();
    return absl::OkStatus();
  }
  absl::Status Wipe() override {
    disk_ = Disk();
    return absl::OkStatus();
  }

 private:
  Disk& disk_;
};

class ViewBatch final : public RecordBatch {
 public:
  void Add(const OwnedRecord& record, bool tombstone) {
    records_.push_back(record.View());
    records_.back().tombstone = tombstone;
  }
};

struct Written {
  OwnedRecord record;
  bool tombstone = false;
};

// The topics as they are, in the order in which one reader gets them; batches of three, with an empty one after each.
class Topics final : public ReferenceFeed {
 public:
  Topics(const std::vector<Written>& written, const ReferenceTails& after, int64_t* read) : read_(read) {
    for (const Written& one : written) {
      if (one.record.offset > after[static_cast<size_t>(one.record.topic)].offset) left_.push_back(&one);
    }
  }
  absl::StatusOr<std::unique_ptr<RecordBatch>> Poll(size_t records_max, int64_t /*wait_us*/) override {
    auto batch = std::make_unique<ViewBatch>();
    rest_ = !rest_;
    if (!rest_) return batch;
    for (; at_ < left_.size() && batch->records().size() < std::min<size_t>(records_max, 3); ++at_) {
      batch->Add(left_[at_]->record, left_[at_]->tombstone);
      *read_ += IsReference(left_[at_]->record.topic) ? 1 : 0;
    }
    return batch;
  }
  bool CaughtUp() const override { return at_ == left_.size(); }

 private:
  std::vector<const Written*> left_;
  int64_t* const read_;
  size_t at_ = 0;
  bool rest_ = false;
};

std::vector<Written> MakeTopics() {
  std::vector<Written> written;
  std::map<Topic, int64_t> offsets;
  const auto add = [&](OwnedRecord record, bool tombstone = false) {
    int64_t& next = offsets[record.topic];
    record.offset = next;
    record.timestamp = kMonday + next;
    next += written.size() % 4 == 0 ? 2 : 1;  // a transaction marker took one
    written.push_back({std::move(record), tombstone});
  };
  OwnedRecord tick;
  tick.topic = Topic::kTicks;
  tick.value = samples::Tick().SerializeAsString();
  for (int i = 0; i < 12; ++i) {
    add(testing::ToRecord(testing::MakeCertificate(
        absl::StrCat("f", i), std::to_string(2022011606000000 + i % 5),
        i % 3 == 0 ? v1::CERTIFICATE_STATUS_REVOKED : v1::CERTIFICATE_STATUS_VALID, kMonday + i, kMonday + i)));
    if (i % 3 == 1) add({Topic::kCertificates, "no such key", "\xff\xff", 0, 0, 0});
    if (i % 3 == 2) add({Topic::kRecalls, "", "", 0, 0, 0}, true);
    add(testing::ToRecord(testing::MakeHeartbeat(absl::StrCat("h", i), kMonday + i, kMonday + i)));
    add(tick);
  }
  return written;
}

struct Outcome {
  ReferenceLoad load;
  int caught_up = 0;
  std::string given_up;
  int64_t read = 0;  // by the topics' own count
};

// One life of a worker: from what is on the disk until it has caught up, and some polls more.
Outcome Live(Disk& disk, const std::vector<Written>& written, Registry* registry,
             std::string_view identity = kIdentity) {
  Outcome outcome;
  auto copy = ReferenceCopy::Open(std::make_unique<MemoryLog>(disk), std::string(identity));
  EXPECT_TRUE(copy.ok()) << copy.status();
  CopiedFeedEvents events;
  events.on_caught_up = [&](const ReferenceLoad& load) { outcome.load = load, ++outcome.caught_up; };
  events.on_given_up = [&](std::string_view why) { outcome.given_up = why; };
  CopiedFeed feed(
      std::move(*copy),
      [&](const ReferenceTails& after) { return std::make_unique<Topics>(written, after, &outcome.read); },
      std::move(events));
  std::vector<int64_t> ticks;
  for (int more = 3; more > 0; more -= feed.CaughtUp() ? 1 : 0) {
    const auto batch = feed.Poll(2, 0);
    EXPECT_TRUE(batch.ok()) << batch.status();
    TakeReferences(**batch, registry, &ticks);
  }
  return outcome;
}

std::string Describe(const Registry& registry) {
  std::string text;
  for (const Topic topic : kReferenceTopics) {
    for (int64_t i = 0; i < registry.size(topic); ++i) {
      const ReferenceFact fact = registry.At(topic, i);
      absl::StrAppend(&text, static_cast<int>(topic), " ", i, " ", std::string(fact.event_id), " ", fact.credential,
                      " ", fact.received_at, " ", fact.adverse ? "adverse " : "", fact.reason, " ",
                      std::string(fact.detail), " ", std::string(fact.key), " ", std::string(fact.value), " ",
                      fact.reason == 0 ? 0 : fact.offset, " ", fact.reason == 0 ? 0 : fact.timestamp, "\n");
    }
  }
  return text;
}

std::string Read(const std::vector<Written>& written) {
  Registry registry;
  Disk none;
  Live(none, written, &registry);
  return Describe(registry);
}

class ReferenceCopyTest : public ::testing::Test {
 protected:
  ReferenceCopyTest() { first_ = Live(disk_, written_, &registry_); }
  const std::vector<Written> written_ = MakeTopics();
  const int64_t facts_ = static_cast<int64_t>(written_.size()) - 12;  // ticks are none
  Disk disk_;
  Registry registry_;
  Outcome first_;
};

// Breaks: a fact lost, doubled or changed on the way through the copy, bad ones and null values included; or one asked of
// the topics again. Seen on every fact of a registry that was played.
TEST_F(ReferenceCopyTest, ARestartReadsNothingAgain) {
  EXPECT_EQ(first_.load.copied, 0);
  EXPECT_EQ(first_.load.read, facts_);
  EXPECT_EQ(first_.caught_up, 1);
  ASSERT_GT(disk_.entries.size(), 5U) << "there must be chunks to get wrong";
  EXPECT_EQ(disk_.flushed, disk_.entries.size());
  Registry played;
  const Outcome second = Live(disk_, written_, &played);
  EXPECT_EQ(second.load.copied, facts_);
  EXPECT_EQ(second.load.read, 0);
  EXPECT_EQ(second.read, 0);
  EXPECT_EQ(second.given_up, "");
  EXPECT_EQ(Describe(played), Describe(registry_));
  EXPECT_GT(registry_.size(Topic::kRecalls), 0);
}

// Breaks: an offset that is written before its record, so that what a crash lost is never read. Seen by losing the end of
// the log at every entry.
TEST_F(ReferenceCopyTest, WhatACrashLostIsReadAgain) {
  for (size_t left = 0; left <= disk_.entries.size(); ++left) {
    Disk disk = disk_;
    disk.entries.resize(left);
    Registry registry;
    const Outcome outcome = Live(disk, written_, &registry);
    EXPECT_EQ(Describe(registry), Describe(registry_)) << left << " entries left";
    EXPECT_EQ(outcome.load.copied + outcome.load.read, facts_);
    EXPECT_EQ(outcome.given_up, "");
    Registry again;
    EXPECT_EQ(Live(disk, written_, &again).read, 0) << left << " entries left, and the rest appended";
    EXPECT_EQ(Describe(again), Describe(registry_));
  }
}

// Breaks: a damaged entry that is served, that ends the worker, or that is kept for the next start. Seen with every entry
// that cannot be read, and with every one whose bytes are cut or are another's.
TEST_F(ReferenceCopyTest, ADamagedCopyIsNotServed) {
  for (size_t at = 0; at < disk_.entries.size(); ++at) {
    std::vector<Disk> damaged(3, disk_);
    damaged[0].broken[at] = absl::DataLossError("checksum");
    damaged[1].entries[at].pop_back();
    damaged[2].entries[at] = disk_.entries[at == 1 ? 2 : 1];
    for (size_t kind = 0; kind < damaged.size(); ++kind) {
      Registry registry;
      Live(damaged[kind], written_, &registry);
      EXPECT_EQ(Describe(registry), Describe(registry_)) << "entry " << at << ", kind " << kind;
      Registry next;
      const Outcome outcome = Live(damaged[kind], written_, &next);
      EXPECT_EQ(outcome.given_up, "") << "the damage was kept: entry " << at << ", kind " << kind;
      EXPECT_EQ(Describe(next), Describe(registry_));
    }
  }
}

// Breaks: the certificates of one cluster judged by in another. Seen on what is read.
TEST_F(ReferenceCopyTest, ACopyOfAnotherClusterIsDiscarded) {
  std::vector<Written> other(written_.begin(), written_.begin() + 4);
  Registry registry;
  const Outcome outcome = Live(disk_, other, &registry, "another\nprefix.");
  EXPECT_EQ(outcome.load.copied, 0);
  EXPECT_EQ(Describe(registry), Read(other));
}

// Breaks: a disk that fills up ends the feed, or leaves a copy that is wrong. Seen by going on after it.
TEST_F(ReferenceCopyTest, AFullDiskCostsTheCopyOnly) {
  Disk disk = disk_;
  disk.entries.resize(4);
  disk.full = true;
  Registry registry;
  EXPECT_EQ(Live(disk, written_, &registry).given_up, "disk full");
  EXPECT_EQ(Describe(registry), Describe(registry_));
  disk.full = false;
  Registry next;
  const Outcome outcome = Live(disk, written_, &next);
  EXPECT_GT(outcome.load.copied, 0);
  EXPECT_EQ(Describe(next), Describe(registry_));
}

// Breaks: a chunk that is cut at the wrong record. Seen with more than one chunk's bytes in one batch.
TEST(ReferenceCopy, CutsWhatIsLarge) {
  Disk disk;
  auto copy = *ReferenceCopy::Open(std::make_unique<MemoryLog>(disk), kIdentity);
  const std::string value(limits::kCopyChunkBytes / 3, 'v');
  std::vector<OwnedRecord> owned;
  for (int i = 0; i < 11; ++i) owned.push_back({Topic::kControl, absl::StrCat("k", i), value, 0, 0, i});
  ViewBatch batch;
  for (const OwnedRecord& record : owned) batch.Add(record, false);
  ASSERT_TRUE(copy->Append(batch).ok());
  ASSERT_TRUE(copy->Save().ok());
  EXPECT_EQ(disk.entries.size(), 1U + 4U);
  copy = *ReferenceCopy::Open(std::make_unique<MemoryLog>(disk), kIdentity);
  EXPECT_EQ(copy->tails()[0].count, 11);
  EXPECT_EQ(copy->tails()[0].offset, 10);
  EXPECT_EQ(copy->tails()[0].hash, ReferenceHash(owned[10].View()));
  for (int i = 0; i < 11;) {
    const auto played = copy->Play(2);
    ASSERT_TRUE(played.ok()) << played.status();
    ASSERT_FALSE((*played)->records().empty());
    for (const Record& record : (*played)->records()) {
      EXPECT_EQ(record.key, owned[static_cast<size_t>(i)].key);
      EXPECT_EQ(record.value, value);
      EXPECT_EQ(record.offset, i++);
    }
  }
  EXPECT_EQ(copy->played(), copy->tails());
  EXPECT_TRUE((*copy->Play(2))->records().empty());
}

}  // namespace
}  // namespace zaojing
