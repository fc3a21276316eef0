// Goal: an event file is there whole or not at all, in the promised form, and a failure names path and cause.
#include "sinks/file/event_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/support/sample_events.h"
#include "tests/support/scratch_directory.h"

namespace zaojing {
namespace {

using ::testing::HasSubstr;

EventFileForm Form(std::string_view name) { return *EventFileFormNamed(name); }

// JSON is read by others' scripts: names, the string form of 64-bit integers and the absence of defaults are
// fixed.
TEST(EventWriter, PrintsProtoNamesAndNoDefaults) {
  const ScratchDirectory directory;
  auto writer = EventWriter::Open(directory.path(), Topic::kComplaints, Form("jsonl"));
  ASSERT_TRUE(writer.ok()) << writer.status();
  v1::Complaint complaint;
  complaint.set_event_id("e");
  complaint.set_received_at(samples::kNow);
  complaint.set_case_number("C-1");
  complaint.set_kind(v1::COMPLAINT_KIND_DEFECT_CLUE);
  complaint.set_injured(2);
  ASSERT_TRUE((*writer)->Append(complaint).ok());
  ASSERT_TRUE((*writer)->Append(complaint.SerializeAsString()).ok());
  ASSERT_TRUE((*writer)->Close().ok());
  const std::string line = R"({"event_id":"e","received_at":"1704067200000000","case_number":"C-1",)"
                           R"("kind":"COMPLAINT_KIND_DEFECT_CLUE","injured":2})"
                           "\n";
  EXPECT_EQ(directory.Read("complaints.jsonl"), line + line);
}

// A reader must never see half a file: the name appears at Close(), and a dropped writer leaves nothing.
TEST(EventWriter, AppearsWholeOrNotAtAll) {
  const ScratchDirectory directory;
  {
    auto writer = EventWriter::Open(directory.path(), Topic::kTicks, Form("pb"));
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE((*writer)->Append(samples::Tick()).ok());
    EXPECT_TRUE(directory.Has("ticks.pb.part"));
    EXPECT_FALSE(directory.Has("ticks.pb"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

// A full disk must stop the run and say where: the part is a link to the device that is always full.
TEST(EventWriter, NamesPathAndCauseOfAFullDisk) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  for (const char* form : {"pb", "pb.zst"}) {
    const ScratchDirectory directory;
    const std::string name = std::string("ticks.") + form;
    std::filesystem::create_symlink("/dev/full", directory.File(name + ".part"));
    auto writer = EventWriter::Open(directory.path(), Topic::kTicks, Form(form));
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE((*writer)->Append(samples::Tick()).ok());
    const absl::Status status = (*writer)->Close();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr(name + ": write: No space left on device"));
    EXPECT_FALSE(directory.Has(name));
  }
}

// Two forms of one topic side by side cannot be read again: refuse to write the second.
TEST(EventWriter, RefusesASecondFormOfATopic) {
  const ScratchDirectory directory;
  directory.Write("ticks.jsonl", "");
  const auto writer = EventWriter::Open(directory.path(), Topic::kTicks, Form("pb"));
  EXPECT_EQ(writer.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(writer.status().message()), HasSubstr("ticks.jsonl"));
  EXPECT_TRUE(EventWriter::Open(directory.path(), Topic::kTicks, Form("jsonl")).ok());
}

// Misuse has its own codes: a path that cannot be, bytes that are no message, a topic without messages.
TEST(EventWriter, RefusesWhatCannotBe) {
  const ScratchDirectory directory;
  directory.Write("file", "");
  EXPECT_EQ(EventWriter::Open(directory.File("file/below"), Topic::kTicks, Form("pb")).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(EventWriter::Open(directory.path(), Topic::kScreenChangelog, Form("pb")).status().code(),
            absl::StatusCode::kInvalidArgument);
  auto writer = EventWriter::Open(directory.path(), Topic::kTicks, Form("jsonl"));
  ASSERT_TRUE(writer.ok());
  EXPECT_EQ((*writer)->Append(std::string_view("\xff")).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(EventFileFormNamed("csv"), std::nullopt);
}

}  // namespace
}  // namespace zaojing
