// Goal: scripts can trust the exit codes of `zaojing import`, and a run that fails leaves no half file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/support/scratch_directory.h"

namespace zaojing {
namespace {

using ::testing::HasSubstr;

constexpr char kHeader[] =
    "cmplid,make,model,fail_date,received_date,description,component_failure_bin,crash,fire,injured,deaths,"
    "state\n";
constexpr char kGood[] = "1,FORD,EXPLORER,2020-01-01,2020-01-02,text,A | B,N,N,0,0,Georgia\n";
constexpr char kBad[] = "x,FORD,EXPLORER,2020-01-01,2020-01-02,text,A | B,N,N,0,0,Georgia\n";

struct Outcome {
  int exit_code;
  std::string output;  // stdout and stderr
};

Outcome Zaojing(const std::string& arguments) {
  const char* binary = std::getenv("ZAOJING_BINARY");
  ZAOJING_CHECK(binary != nullptr);
  const std::string command = std::string(binary) + " import " + arguments + " 2>&1";
  std::FILE* pipe = ::popen(command.c_str(), "r");  // NOLINT(cert-env33-c): our own program and arguments
  ZAOJING_CHECK(pipe != nullptr);
  Outcome outcome;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) outcome.output.push_back(static_cast<char>(c));
  const int status = ::pclose(pipe);
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}

class ImportCommand : public ::testing::Test {
 protected:
  Outcome Import(const std::string& csv, const std::string& more = "") {
    directory_.Write("in.csv", csv);
    return Zaojing("--kind nhtsa-complaints --input " + directory_.File("in.csv") + " --output " +
                   directory_.File("out") + " --format jsonl " + more);
  }

  const ScratchDirectory directory_;
};

// 0: all is written and summed up.
TEST_F(ImportCommand, SumsUpAGoodRun) {
  const Outcome outcome = Import(std::string(kHeader) + kGood);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("rows read   1\nrejected    0\nwritten     1 to "));
  EXPECT_THAT(outcome.output, HasSubstr("received    2020-01-02 to 2020-01-02"));
  EXPECT_THAT(directory_.Read("out/complaints.jsonl"), HasSubstr("\"case_number\":\"1\""));
}

// 3: more bad rows than allowed: nothing is written, each is named, and the same run with leave is done.
TEST_F(ImportCommand, StopsAtTooManyBadRows) {
  const std::string csv = std::string(kHeader) + kGood + kBad;
  const Outcome refused = Import(csv);
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.output, HasSubstr("in.csv:3: rejected: cmplid: not a number"));
  EXPECT_FALSE(directory_.Has("out/complaints.jsonl"));
  EXPECT_EQ(Import(csv, "--max-rejected 1").exit_code, 0);
  EXPECT_TRUE(directory_.Has("out/complaints.jsonl"));
}

// Ten bad rows are shown, the others counted: a wrong file must not flood the terminal.
TEST_F(ImportCommand, ShowsTenBadRows) {
  std::string csv = kHeader;
  for (int i = 0; i < 15; ++i) csv += kBad;
  const Outcome outcome = Import(csv);
  EXPECT_THAT(outcome.output, HasSubstr("in.csv:11: rejected"));
  EXPECT_THAT(outcome.output, ::testing::Not(HasSubstr("in.csv:12: rejected")));
  EXPECT_THAT(outcome.output, HasSubstr("... and 5 more"));
}

// 2: wrong usage, wrong file, or a directory that holds the topic in another form.
TEST_F(ImportCommand, RefusesWrongUse) {
  EXPECT_EQ(Zaojing("").exit_code, 2);
  EXPECT_EQ(Zaojing("--kind nonsense --input /dev/null --output x").exit_code, 2);
  const Outcome columns = Import("cmplid,make\n");
  EXPECT_EQ(columns.exit_code, 2);
  EXPECT_THAT(columns.output, HasSubstr("column missing from the first line: model, fail_date"));
  ASSERT_EQ(Import(std::string(kHeader) + kGood).exit_code, 0);
  EXPECT_EQ(Import(std::string(kHeader) + kGood, "--format pb").exit_code, 2);
}

// 1: the file is broken.
TEST_F(ImportCommand, FailsOnABrokenFile) {
  const Outcome outcome = Import(std::string(kHeader) + "1,\"");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.output, HasSubstr("in.csv:2: a quote is never closed"));
}

}  // namespace
}  // namespace zaojing
