// Goal: what a file holds is read whole, in order, under the right keys; what is broken is told with its
// place, and takes nothing else with it.
#include "ingest/file/event_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/record_key.h"
#include "sinks/file/event_writer.h"
#include "tests/support/sample_events.h"
#include "tests/support/scratch_directory.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What a test needs of a record after the reader has moved on.
struct Seen {
  std::string key;
  std::string value;
  int32_t partition;
  int64_t offset;
  int64_t timestamp;
  v1::DeadLetterReason reason;
  std::string detail;
  uint64_t value_size;
  uint64_t line;
};

struct Reading {
  std::vector<Seen> records;
  absl::Status status;

  std::vector<v1::DeadLetterReason> Reasons() const {
    std::vector<v1::DeadLetterReason> reasons;
    for (const Seen& seen : records) reasons.push_back(seen.reason);
    return reasons;
  }
};

Reading ReadAll(const std::string& directory, Topic topic) {
  absl::StatusOr<std::unique_ptr<EventFile>> file = EventFile::Open(directory, topic);
  if (!file.ok()) return {{}, file.status()};
  if (*file == nullptr) return {{}, absl::NotFoundError("none")};
  Reading reading;
  for (FileEvent event; (*file)->Next(&event);) {
    const Record& record = event.record;
    reading.records.push_back({std::string(record.key), std::string(record.value), record.partition, record.offset,
                               record.timestamp,
                               event.rejection ? event.rejection->reason : v1::DEAD_LETTER_REASON_UNSPECIFIED,
                               event.rejection ? event.rejection->detail : "", event.value_size, event.line});
  }
  reading.status = (*file)->status();
  return reading;
}

v1::Lookup NumberedLookup(int number) {
  v1::Lookup lookup = samples::Lookup();
  lookup.set_listing_id("L-" + std::to_string(number));
  lookup.set_title(std::string(static_cast<size_t>(number % 700), 't'));
  return lookup;
}

void WriteLookups(const std::string& directory, EventFileForm form, int count) {
  auto writer = EventWriter::Open(directory, Topic::kLookups, form);
  ASSERT_TRUE(writer.ok()) << writer.status();
  for (int i = 0; i < count; ++i) {
    v1::RecordPlace place;
    place.set_key("shop/L-" + std::to_string(i));
    place.set_partition(i % 3);
    place.set_offset(i * int64_t{2});
    place.set_timestamp(samples::kNow + i);
    ASSERT_TRUE((*writer)->Append(NumberedLookup(i), form.sidecar ? &place : nullptr).ok());
  }
  ASSERT_TRUE((*writer)->Close().ok());
}

std::string Delimited(const std::string& value) {
  std::string out;
  size_t size = value.size();
  for (; size >= 0x80; size >>= 7) out.push_back(static_cast<char>((size & 0x7f) | 0x80));
  out.push_back(static_cast<char>(size));
  return out + value;
}

class EveryForm : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Forms, EveryForm, ::testing::Values("pb", "pb.zst", "jsonl", "jsonl.zst"));

// A record lost, doubled or garbled where chunks meet: 5,000 records of all sizes fill several chunks.
TEST_P(EveryForm, IsReadBackAsWritten) {
  const ScratchDirectory directory;
  constexpr int kCount = 5000;
  WriteLookups(directory.path(), *EventFileFormNamed(GetParam()), kCount);
  const Reading reading = ReadAll(directory.path(), Topic::kLookups);
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  ASSERT_EQ(reading.records.size(), static_cast<size_t>(kCount));
  for (int i = 0; i < kCount; ++i) {
    const Seen& seen = reading.records[static_cast<size_t>(i)];
    ASSERT_EQ(seen.reason, v1::DEAD_LETTER_REASON_UNSPECIFIED);
    ASSERT_EQ(seen.value, NumberedLookup(i).SerializeAsString());
    ASSERT_EQ(seen.key, "shop/L-" + std::to_string(i));
    ASSERT_EQ(seen.offset, i);
    ASSERT_EQ(seen.timestamp, kNoTimestamp);
  }
}

// With a sidecar, place and key are Kafka's.
TEST_P(EveryForm, TakesPlacesFromTheSidecar) {
  const ScratchDirectory directory;
  EventFileForm form = *EventFileFormNamed(GetParam());
  form.sidecar = true;
  WriteLookups(directory.path(), form, 100);
  const Reading reading = ReadAll(directory.path(), Topic::kLookups);
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  ASSERT_EQ(reading.records.size(), 100U);
  const Seen& last = reading.records.back();
  EXPECT_EQ(last.key, "shop/L-99");
  EXPECT_EQ(last.partition, 0);
  EXPECT_EQ(last.offset, 198);
  EXPECT_EQ(last.timestamp, samples::kNow + 99);
}

// A consumer of batches keeps views while the reader goes on: a pinned chunk must not be reused.
TEST_P(EveryForm, KeepsPinnedViewsAlive) {
  const ScratchDirectory directory;
  constexpr int kCount = 6000;
  WriteLookups(directory.path(), *EventFileFormNamed(GetParam()), kCount);
  auto file = EventFile::Open(directory.path(), Topic::kLookups);
  ASSERT_TRUE(file.ok());
  std::vector<Record> records;
  std::vector<std::shared_ptr<const Chunk>> pins;
  for (FileEvent event; (*file)->Next(&event);) {
    records.push_back(event.record);
    if (auto pin = (*file)->Pin(); pins.empty() || pins.back() != pin) pins.push_back(std::move(pin));
  }
  ASSERT_EQ(records.size(), static_cast<size_t>(kCount));
  EXPECT_GT(pins.size(), 1U);
  EXPECT_LT(pins.size(), 20U);  // a chunk a megabyte, not one a record
  for (int i = 0; i < kCount; ++i) {
    ASSERT_EQ(records[static_cast<size_t>(i)].value, NumberedLookup(i).SerializeAsString());
    ASSERT_EQ(records[static_cast<size_t>(i)].key, "shop/L-" + std::to_string(i));
  }
}

// Which of two files is the topic? Guessing would replay half of a history.
TEST(EventFile, RefusesTwoFilesOfOneTopic) {
  const ScratchDirectory directory;
  directory.Write("ticks.pb", "");
  directory.Write("ticks.jsonl.zst", "");
  const Reading reading = ReadAll(directory.path(), Topic::kTicks);
  EXPECT_EQ(reading.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(reading.status.message()), HasSubstr("both ticks.pb and ticks.jsonl.zst"));
}

// No file is no error; no directory is one; a changelog has no event file.
TEST(EventFile, TellsAbsenceFromMisuse) {
  const ScratchDirectory directory;
  EXPECT_EQ(ReadAll(directory.path(), Topic::kTicks).status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReadAll(directory.File("none"), Topic::kTicks).status.code(), absl::StatusCode::kInvalidArgument);
  directory.Write("risk.changelog.pb", "");
  EXPECT_EQ(ReadAll(directory.path(), Topic::kRiskChangelog).status.code(), absl::StatusCode::kInvalidArgument);
}

// A cut file must say so at any byte, except at a border, where nothing shows; records before the cut are
// delivered.
TEST(BinaryEventFile, TellsWhereACutFileEnds) {
  const std::string one = Delimited(samples::Tick().SerializeAsString());
  const std::string bytes = one + one;
  for (size_t size = 0; size <= bytes.size(); ++size) {
    const ScratchDirectory directory;
    directory.Write("ticks.pb", bytes.substr(0, size));
    const Reading reading = ReadAll(directory.path(), Topic::kTicks);
    EXPECT_EQ(reading.records.size(), size / one.size());
    if (size % one.size() == 0) {
      EXPECT_TRUE(reading.status.ok()) << size;
    } else {
      EXPECT_EQ(reading.status.code(), absl::StatusCode::kDataLoss) << size;
      const std::string position = "byte " + std::to_string(size / one.size() * one.size()) + ":";
      EXPECT_THAT(std::string(reading.status.message()), HasSubstr(position));
    }
  }
}

// A prefix that claims the impossible must end the file, not the memory.
TEST(BinaryEventFile, RefusesAnImpossibleLength) {
  for (const std::string& prefix : {std::string(10, '\xff'), std::string("\xff\xff\xff\xff\xff\xff\xff\xff\x7f")}) {
    const ScratchDirectory directory;
    directory.Write("ticks.pb", prefix + std::string(100, 'x'));
    const Reading reading = ReadAll(directory.path(), Topic::kTicks);
    EXPECT_EQ(reading.status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(reading.status.message()), HasSubstr("byte 0: broken length prefix"));
  }
}

// An oversized record is one dead letter: cut, with its size, and the next record is read.
TEST(BinaryEventFile, PassesOverOversizedRecords) {
  const ScratchDirectory directory;
  const std::string good = samples::Tick().SerializeAsString();
  const std::string big(3 * Chunk::kBytes, 'b');
  const std::string larger(limits::kRecordBytesMax + 1, 'c');
  directory.Write("ticks.pb", Delimited(big) + Delimited(larger) + Delimited(good));
  const Reading reading = ReadAll(directory.path(), Topic::kTicks);
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  ASSERT_THAT(reading.Reasons(), ElementsAre(v1::DEAD_LETTER_REASON_OVERSIZED, v1::DEAD_LETTER_REASON_OVERSIZED,
                                             v1::DEAD_LETTER_REASON_UNSPECIFIED));
  EXPECT_EQ(reading.records[0].value, big.substr(0, limits::kDeadLetterValueBytesMax));
  EXPECT_EQ(reading.records[0].value_size, big.size());
  EXPECT_EQ(reading.records[1].value, larger);
  EXPECT_EQ(reading.records[2].value, good);
  EXPECT_EQ(reading.records[2].offset, 2);
}

// Oversized and cut short: the loss must be seen although the end is only skipped.
TEST(BinaryEventFile, SeesACutInsideAnOversizedRecord) {
  const ScratchDirectory directory;
  const std::string bytes = Delimited(std::string(2 * Chunk::kBytes, 'b'));
  directory.Write("ticks.pb", bytes.substr(0, bytes.size() - 1));
  const Reading reading = ReadAll(directory.path(), Topic::kTicks);
  EXPECT_EQ(reading.records.size(), 1U);
  EXPECT_EQ(reading.status.code(), absl::StatusCode::kDataLoss);
}

// A bad line is one rejected record with its line number; the lines around it are read.
TEST(JsonEventFile, RejectsBadLinesOneByOne) {
  const ScratchDirectory directory;
  const std::string good = R"({"event_id":"a","case_number":"C-1"})";
  directory.Write("complaints.jsonl", good + "\r\n\n" +                         // 1, 2: blank
                                          R"({"colour":"red"})" + "\n" +        // 3
                                          R"({"kind":"NOPE"})" + "\n" +         // 4
                                          "{\"text\":\"\xff\"}\n" +             // 5
                                          R"({"event_id":"a")" + "\n" +         // 6
                                          R"({"received_at":"soon"})" + "\n" +  // 7
                                          good);                                // 8: no newline
  const Reading reading = ReadAll(directory.path(), Topic::kComplaints);
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  ASSERT_THAT(reading.Reasons(), ElementsAre(v1::DEAD_LETTER_REASON_UNSPECIFIED, v1::DEAD_LETTER_REASON_UNKNOWN_FIELD,
                                             v1::DEAD_LETTER_REASON_BAD_ENUM, v1::DEAD_LETTER_REASON_BAD_UTF8,
                                             v1::DEAD_LETTER_REASON_UNPARSABLE, v1::DEAD_LETTER_REASON_UNPARSABLE,
                                             v1::DEAD_LETTER_REASON_UNSPECIFIED));
  EXPECT_EQ(reading.records[0].key, "C-1");
  EXPECT_EQ(reading.records[1].line, 3U);
  EXPECT_EQ(reading.records[1].detail, "colour: not a field of the topic's message");
  EXPECT_EQ(reading.records[1].value, R"({"colour":"red"})");
  EXPECT_EQ(reading.records[2].detail, "(kind): unknown code");
  EXPECT_EQ(reading.records[5].detail, "(received_at): wrong type of JSON value");
  EXPECT_EQ(reading.records[6].line, 8U);
  EXPECT_EQ(reading.records[6].offset, 6);
}

// The detail goes where operators read: it must not carry what somebody wrote into a JSON name.
TEST(JsonEventFile, NeverQuotesContent) {
  const ScratchDirectory directory;
  directory.Write("complaints.jsonl", "{\"张三 13800138000\":1}\n{\"kind\":\"13800138000\"}\n13800138000\n");
  const Reading reading = ReadAll(directory.path(), Topic::kComplaints);
  ASSERT_EQ(reading.records.size(), 3U);
  for (const Seen& seen : reading.records) {
    EXPECT_NE(seen.reason, v1::DEAD_LETTER_REASON_UNSPECIFIED);
    EXPECT_THAT(seen.detail, ::testing::Not(HasSubstr("138")));
  }
}

// Lines longer than any chunk are cut and counted; the next line is read.
TEST(JsonEventFile, PassesOverOversizedLines) {
  const ScratchDirectory directory;
  const std::string big(3 * Chunk::kBytes, ' ');
  const std::string good = R"({"event_id":"a"})";
  directory.Write("ticks.jsonl", big + "\n" + good + "\n" + big);
  const Reading reading = ReadAll(directory.path(), Topic::kTicks);
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  ASSERT_THAT(reading.Reasons(), ElementsAre(v1::DEAD_LETTER_REASON_OVERSIZED, v1::DEAD_LETTER_REASON_UNSPECIFIED,
                                             v1::DEAD_LETTER_REASON_OVERSIZED));
  EXPECT_EQ(reading.records[0].value_size, big.size());
  EXPECT_EQ(reading.records[0].value.size(), limits::kDeadLetterValueBytesMax);
  EXPECT_EQ(reading.records[2].value_size, big.size());
}

// A compressed file that ends early or is none must not look like a short history; files joined with cat are
// whole.
TEST(CompressedEventFile, TellsBrokenCompression) {
  const ScratchDirectory directory;
  WriteLookups(directory.path(), *EventFileFormNamed("pb.zst"), 1000);
  const std::string whole = directory.Read("ccc.lookups.pb.zst");
  directory.Write("ccc.lookups.pb.zst", whole.substr(0, whole.size() - 10));
  EXPECT_EQ(ReadAll(directory.path(), Topic::kLookups).status.code(), absl::StatusCode::kDataLoss);
  directory.Write("ccc.lookups.pb.zst", "this is no zstd");
  EXPECT_EQ(ReadAll(directory.path(), Topic::kLookups).status.code(), absl::StatusCode::kDataLoss);
  directory.Write("ccc.lookups.pb.zst", whole + whole);
  const Reading joined = ReadAll(directory.path(), Topic::kLookups);
  EXPECT_TRUE(joined.status.ok()) << joined.status;
  EXPECT_EQ(joined.records.size(), 2000U);
}

// A reader's buffer smaller than what the decompressor makes of its input must lose nothing between two reads.
TEST(CompressedEventFile, HandsOutEverythingInSmallReads) {
  const ScratchDirectory directory;
  WriteLookups(directory.path(), *EventFileFormNamed("pb"), 1000);
  const std::string plain = directory.Read("ccc.lookups.pb");
  // Without the checksum our writer adds: others' files may have none.
  std::string compressed(ZSTD_compressBound(plain.size()), '\0');
  compressed.resize(ZSTD_compress(compressed.data(), compressed.size(), plain.data(), plain.size(), 1));
  directory.Write("ccc.lookups.pb.zst", compressed);
  for (const size_t capacity : {size_t{1}, size_t{100}, size_t{4096}}) {
    auto stream = ByteStream::Open(directory.File("ccc.lookups.pb.zst"));
    ASSERT_TRUE(stream.ok());
    std::string bytes;
    std::string buffer(capacity, '\0');
    for (size_t count = 1; count > 0;) {
      const absl::StatusOr<size_t> read = (*stream)->Read(buffer.data(), capacity);
      ASSERT_TRUE(read.ok()) << read.status() << " after " << bytes.size();
      count = *read;
      bytes.append(buffer, 0, count);
    }
    EXPECT_TRUE(bytes == plain);
  }
}

// How long is left is told by the part that was read; of a compressed file by its compressed bytes.
TEST(EventFileShare, GrowsToTheWhole) {
  for (const char* form : {"pb", "jsonl.zst"}) {
    const ScratchDirectory directory;
    WriteLookups(directory.path(), *EventFileFormNamed(form), 20'000);
    auto opened = EventFile::Open(directory.path(), Topic::kLookups);
    ASSERT_TRUE(opened.ok());
    EventFile& file = **opened;
    EXPECT_EQ(file.share_read(), 0.0);
    double last = 0;
    bool between = false;
    for (FileEvent event; file.Next(&event);) {
      EXPECT_GE(file.share_read(), last);
      last = file.share_read();
      between = between || (last > 0.2 && last < 0.8);
    }
    if (std::string_view(form) == "pb") {  // compressed, this much is read at once
      EXPECT_TRUE(between);
    }
    EXPECT_EQ(last, 1.0) << form;
  }
}

// A sidecar of another file would give every record a wrong place.
TEST(Sidecar, MustFitItsFile) {
  const ScratchDirectory directory;
  EventFileForm form = *EventFileFormNamed("pb");
  form.sidecar = true;
  WriteLookups(directory.path(), form, 3);
  const std::string places = directory.Read("ccc.lookups.meta.jsonl");
  const std::string shorter = places.substr(0, places.find('\n') + 1);
  for (const std::string& wrong : {shorter, places + shorter, places + "rubbish\n", std::string("{\"colour\":1}\n")}) {
    directory.Write("ccc.lookups.meta.jsonl", wrong);
    const Reading reading = ReadAll(directory.path(), Topic::kLookups);
    EXPECT_EQ(reading.status.code(), absl::StatusCode::kDataLoss) << wrong;
    EXPECT_THAT(std::string(reading.status.message()), HasSubstr("ccc.lookups.meta.jsonl"));
  }
}

// Keys that are not text survive the sidecar.
TEST(Sidecar, KeepsKeysThatAreNotText) {
  const ScratchDirectory directory;
  directory.Write("ticks.pb", Delimited(samples::Tick().SerializeAsString()));
  directory.Write("ticks.meta.jsonl", "{\"key_bytes\":\"/wA=\",\"timestamp\":\"-1\"}\n");
  const Reading reading = ReadAll(directory.path(), Topic::kTicks);
  ASSERT_EQ(reading.records.size(), 1U) << reading.status;
  EXPECT_EQ(reading.records[0].key, std::string("\xff\x00", 2));
  EXPECT_EQ(reading.records[0].timestamp, kNoTimestamp);
}

template <typename Event>
std::string KeyIn(Topic topic, const Event& event, const std::string& more = "") {
  std::string scratch;
  return std::string(KeyOfValue(topic, event.SerializeAsString() + more, &scratch));
}

// A key other than the decoder demands would dead-letter every record of a file.
TEST(RecordKey, FollowsTheRuleOfTheTopic) {
  v1::Lookup plate = samples::Lookup();
  plate.set_scene(v1::SCENE_PLATE);
  EXPECT_EQ(KeyIn(Topic::kLookups, samples::Lookup()), "shop/L-1");
  EXPECT_EQ(KeyIn(Topic::kLookups, plate), "plate/L-1");
  EXPECT_EQ(KeyIn(Topic::kCertificates, samples::Certificate()), samples::Certificate().number());
  EXPECT_EQ(KeyIn(Topic::kComplaints, samples::Complaint()), "C-1");
  EXPECT_EQ(KeyIn(Topic::kSignals, samples::Signal()), "certificate-1");
  EXPECT_EQ(KeyIn(Topic::kControl, samples::Heartbeat()), "heartbeat");
  EXPECT_EQ(KeyIn(Topic::kControl, samples::Rules()), "rules");
  EXPECT_EQ(KeyIn(Topic::kTicks, samples::Tick()), "");
}

// Bytes the quick walk gives up on are still good: a group before a repeated field, which the parser reads as
// the last.
TEST(RecordKey, ReadsWhatOnlyTheParserCan) {
  const std::string group("\xd3\x0f\xd4\x0f", 4);
  const std::string again("\x3a\x02L2", 4);  // listing_id once more
  EXPECT_EQ(KeyIn(Topic::kLookups, samples::Lookup(), group + again), "shop/L2");
  EXPECT_EQ(KeyIn(Topic::kComplaints, samples::Complaint(), group), "C-1");
}

}  // namespace
}  // namespace zaojing
