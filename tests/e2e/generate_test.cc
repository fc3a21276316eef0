// What the generator says it planted, against what the binary's replay of it answers.
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

#include "ingest/decoder.h"
#include "ingest/file/event_file.h"
#include "tests/e2e/worker_process.h"
#include "tests/support/scratch_directory.h"
#include "zaojing/v1/truth.pb.h"
#include "zaojing/v1/verdict.pb.h"

namespace zaojing {
namespace {

struct Answer {
  v1::Action action = v1::ACTION_UNSPECIFIED;
  v1::Reason reason = v1::REASON_UNSPECIFIED;
  std::string row;
};

// The last verdict of each listing and vehicle.
std::map<std::string, Answer> LastAnswers(const std::string& directory) {
  std::map<std::string, Answer> answers;
  auto file = EventFile::Open(directory, Topic::kVerdicts);
  EXPECT_TRUE(file.ok() && *file != nullptr);
  if (!file.ok() || *file == nullptr) return answers;
  FileEvent event;
  while ((*file)->Next(&event)) {
    v1::Verdict verdict;
    EXPECT_TRUE(verdict.ParseFromArray(event.record.value.data(), static_cast<int>(event.record.value.size())));
    const bool plate = verdict.scene() == v1::SCENE_PLATE;
    answers[(plate ? "plate" : verdict.platform()) + "/" + verdict.listing_id()] = {verdict.action(), verdict.reason(),
                                                                                    verdict.row()};
  }
  EXPECT_TRUE((*file)->status().ok()) << (*file)->status();
  return answers;
}

struct Truths {
  std::map<std::string, v1::ListingTruth> listings;
  std::map<int, uint64_t> causes;  // as the cause lines say
  std::map<int, uint64_t> evasions;
  v1::TotalsTruth totals;
};

Truths ReadTruth(const std::string& path) {
  Truths truths;
  std::ifstream in(path);
  std::string line;
  while (std::getline(in, line)) {
    v1::Truth truth;
    EXPECT_EQ(truths.totals.listings(), 0U) << "a line after the totals";
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(line, &truth).ok()) << line;
    switch (truth.fact_case()) {
      case v1::Truth::kListing:
        EXPECT_TRUE(truths.listings.emplace(truth.listing().key(), truth.listing()).second) << truth.listing().key();
        break;
      case v1::Truth::kEvasion:
        ++truths.evasions[truth.evasion().kind()];
        break;
      case v1::Truth::kCause:
        truths.causes[truth.cause().cause()] += truth.cause().listings();
        break;
      case v1::Truth::kTotals:
        truths.totals = truth.totals();
        break;
      case v1::Truth::FACT_NOT_SET:
        ADD_FAILURE() << line;
    }
  }
  return truths;
}

class GateAgainstTruth : public ::testing::TestWithParam<const char*> {};

// A planted stop that the gate lets pass, a stop nobody planted, and an answer for another reason than the one planted
// each show as a count, with examples: generator and decision table must agree on every one of some thousands of
// listings and vehicles.
TEST_P(GateAgainstTruth, StopsWhatWasPlantedAndNothingElse) {
  const ScratchDirectory scratch;
  ASSERT_EQ(RunBinary(std::string("generate ") + GetParam() + " --output " + scratch.File("in"), scratch.File("log")),
            0)
      << scratch.Read("log");
  ASSERT_EQ(RunBinary("replay --every-verdict --format pb --lanes 2 --max-rejected 0 --input " + scratch.File("in") +
                          " --output " + scratch.File("out") + " --rules " + ZAOJING_SOURCE_DIR +
                          "/deploy/rules/default.textproto",
                      scratch.File("log")),
            0)
      << scratch.Read("log");
  const Truths truths = ReadTruth(scratch.File("in/truth.jsonl"));
  const std::map<std::string, Answer> answers = LastAnswers(scratch.File("out"));
  EXPECT_EQ(answers.size(), truths.totals.listings() + truths.totals.vehicles());

  std::map<std::string, int> wrong;
  std::map<int, uint64_t> by_cause;
  uint64_t stopped = 0;
  for (const auto& [key, truth] : truths.listings) {
    ++by_cause[truth.cause()];
    stopped += truth.action() == v1::ACTION_BLOCK ? 1U : 0U;
    const auto found = answers.find(key);
    if (found == answers.end()) {
      ++wrong["not asked about: " + v1::PlantedCause_Name(truth.cause())];
      continue;
    }
    const Answer& answer = found->second;
    const bool as_planted = answer.action == truth.action() &&
                            (truth.reason() == v1::REASON_UNSPECIFIED || answer.reason == truth.reason());
    if (!as_planted) ++wrong[v1::PlantedCause_Name(truth.cause()) + " answered " + answer.row];
  }
  for (const auto& [key, answer] : answers) {
    const bool planted = truths.listings.count(key) > 0;
    if (!planted && answer.action != v1::ACTION_ALLOW) ++wrong["nothing planted, answered " + answer.row];
  }
  EXPECT_EQ(stopped, truths.totals.listings_stopped() + truths.totals.vehicles_stopped());
  for (const auto& [what, count] : wrong) ADD_FAILURE() << count << " x " << what;
  EXPECT_EQ(by_cause, truths.causes);
  EXPECT_EQ(by_cause.size(), static_cast<size_t>(v1::PlantedCause_ARRAYSIZE - 1)) << "each cause is planted";
  EXPECT_EQ(truths.evasions.size(), static_cast<size_t>(v1::EvasionKind_ARRAYSIZE - 1)) << "each evasion is planted";
}

INSTANTIATE_TEST_SUITE_P(Worlds, GateAgainstTruth,
                         ::testing::Values("--scale 0.001 --seed 7", "--scale 0.0005 --seed 18446744073709551615"));

}  // namespace
}  // namespace zaojing
