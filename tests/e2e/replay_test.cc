// Replays by the binary, files in and files out: byte-identical whatever the lanes, batches and commit points.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>

#include "sinks/file/event_writer.h"
#include "tests/e2e/worker_process.h"
#include "tests/support/random_history.h"
#include "tests/support/scratch_directory.h"

namespace zaojing {
namespace {

using testing::OwnedRecord;

void WriteTopic(const std::string& directory, Topic topic, const std::vector<OwnedRecord>& records) {
  auto writer = EventWriter::Open(directory, topic, {});
  ASSERT_TRUE(writer.ok()) << writer.status();
  for (const OwnedRecord& record : records) ASSERT_TRUE((*writer)->Append(record.value).ok());
  ASSERT_TRUE((*writer)->Close().ok());
}

// Every output file with its bytes.
std::map<std::string, std::string> Files(const ScratchDirectory& scratch, const std::string& directory) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(scratch.File(directory))) {
    const std::string name = entry.path().filename();
    files[name] = scratch.Read(directory + "/" + name);
  }
  return files;
}

// Lanes are threads that end in any order, commits cut the work anywhere, formats differ in nothing but form: a race or
// a dependence on batch bounds shows as a different byte in some file, summary included.
TEST(Replay, SameBytesWhateverLanesAndCommits) {
  const ScratchDirectory scratch;
  const testing::History history = testing::RandomHistory(11, {3000, false});
  WriteTopic(scratch.File("in"), Topic::kControl, history.control);
  WriteTopic(scratch.File("in"), Topic::kCertificates, history.certificates);
  WriteTopic(scratch.File("in"), Topic::kInspections, history.inspections);
  WriteTopic(scratch.File("in"), Topic::kRecalls, history.recalls);
  WriteTopic(scratch.File("in"), Topic::kDispositions, history.dispositions);
  WriteTopic(scratch.File("in"), Topic::kLookups, history.lookups);
  WriteTopic(scratch.File("in"), Topic::kComplaints, history.complaints);
  const std::string common = "replay --partitions 5 --rules " + std::string(ZAOJING_SOURCE_DIR) +
                             "/deploy/rules/default.textproto --input " + scratch.File("in") + " ";
  std::map<std::string, std::string> first;
  const char* const kVariants[] = {
      "", "", "--lanes 2", "--lanes 5 --commit-every 7", "--commit-every 1", "--batch 1000"};
  for (const char* variant : kVariants) {
    std::filesystem::remove_all(scratch.File("out"));
    ASSERT_EQ(RunBinary(common + variant + " --output " + scratch.File("out"), scratch.File("log")), 0)
        << scratch.Read("log");
    const std::map<std::string, std::string> files = Files(scratch, "out");
    ASSERT_GE(files.size(), 5U);
    if (first.empty()) first = files;
    EXPECT_TRUE(files == first) << variant;
  }
}

// A line that is no event is set aside with its number; a cut .pb ends the run with exit 1 and the byte it ends at.
TEST(Replay, BrokenFilesAreNamed) {
  const ScratchDirectory scratch;
  std::filesystem::create_directory(scratch.File("lines"));
  scratch.Write("lines/complaints.jsonl", "{\"event_id\": 1, \"nonsense\": true}\nnot json\n");
  const std::string rules = " --rules " + std::string(ZAOJING_SOURCE_DIR) + "/deploy/rules/default.textproto";
  EXPECT_EQ(RunBinary("replay --input " + scratch.File("lines") + " --output " + scratch.File("out") + rules,
                      scratch.File("log")),
            0);
  EXPECT_NE(scratch.Read("log").find("2 records dead-lettered"), std::string::npos) << scratch.Read("log");
  EXPECT_EQ(RunBinary("replay --max-rejected 1 --input " + scratch.File("lines") + " --output " +
                          scratch.File("again") + rules,
                      scratch.File("log")),
            3);
  std::filesystem::create_directory(scratch.File("cut"));
  scratch.Write("cut/complaints.pb", std::string("\x7f", 1) + "short");
  EXPECT_EQ(RunBinary("replay --input " + scratch.File("cut") + " --output " + scratch.File("cut-out") + rules,
                      scratch.File("log")),
            1);
  EXPECT_NE(scratch.Read("log").find("byte"), std::string::npos) << scratch.Read("log");
  EXPECT_EQ(RunBinary("replay --input " + scratch.File("nowhere") + " --output x", scratch.File("log")), 2);
}

}  // namespace
}  // namespace zaojing
