// The command line of `analyze disproportionality`: its files, its options, its exit codes. The figures have
// tests of their own (tests/unit/processors/stats/disproportionality).
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "app/analyze_commands.h"
#include "app/commands.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kHeader =
    "product,event,n11,n1_,n_1,n,expected,prr,prr_low,prr_high,chi2,chi2_yates,ror,ror_low,ror_high,yule_q,"
    "yule_q_low,ic,ic025,bcpnn,bcpnn_low,ebgm,eb05,eb95,evans,evans_yates";
constexpr const char* kCases =
    "case_id,product,event,stratum\n"
    "1,b,y,f\n1,b,x,f\n1,b,x,f\n1,a,x,f\n2,b,x,m\n3,\"c, \"\"d\"\"\",z,m\n";

class AnalyzeDisproportionalityTest : public ::testing::Test {
 protected:
  AnalyzeDisproportionalityTest()
      : directory_(std::filesystem::path(::testing::TempDir()) / ("analyze." + std::to_string(getpid()))) {
    std::filesystem::create_directories(directory_);
  }
  ~AnalyzeDisproportionalityTest() override { std::filesystem::remove_all(directory_); }

  std::string Path(const std::string& name) const { return directory_ / name; }
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name), std::ios::binary) << text;
    return Path(name);
  }
  static std::string Read(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }

  // The exit code; what went to standard error is in said_.
  int Run(std::vector<std::string> arguments) {
    CLI::App app;
    int exit_code = kExitDone;
    AddAnalyzeDisproportionality(app, &exit_code);
    arguments.insert(arguments.begin(), "disproportionality");
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
    ::testing::internal::CaptureStderr();
    try {
      app.parse(arguments);
    } catch (const CLI::ParseError&) {
      exit_code = kExitUsage;
    }
    said_ = ::testing::internal::GetCapturedStderr();
    return exit_code;
  }

  // Rows of the output as (product, event, counts, expected); the header is checked.
  std::vector<std::string> Counts(const std::string& path) {
    std::stringstream text(Read(path));
    std::string line;
    std::getline(text, line);
    EXPECT_EQ(line, kHeader);
    std::vector<std::string> rows;
    while (std::getline(text, line)) {
      EXPECT_EQ(Cell(line, 25).size(), 1u) << line;
      rows.push_back(line.substr(0, CellBegin(line, 7) - 1));
    }
    return rows;
  }

  // Commas in quotes occur in the product of kCases only.
  static size_t CellBegin(const std::string& line, int cell) {
    size_t at = line[0] == '"' ? line.find("\",") + 1 : 0;
    for (int i = 0; i < cell; ++i) at = line.find(',', at) + 1;
    return at;
  }
  static std::string Cell(const std::string& line, int cell) {
    const size_t begin = CellBegin(line, cell);
    return line.substr(begin, line.find(',', begin) - begin);
  }

  const std::filesystem::path directory_;
  std::string said_;
};

// A pair could be missing, out of order, counted by rows instead of cases, or its name lose a quote.
TEST_F(AnalyzeDisproportionalityTest, WritesPairsOfCasesInOrder) {
  const std::string input = Write("cases.csv", kCases);
  ASSERT_EQ(Run({"--input", input, "--output", Path("out.csv")}), kExitDone);
  EXPECT_THAT(Counts(Path("out.csv")),
              ElementsAre("a,x,1,1,2,3,1", "b,x,2,2,2,3,1.5", "b,y,1,2,1,3,1", "\"c, \"\"d\"\"\",z,1,1,1,3,0.5"));
  EXPECT_THAT(said_,
              HasSubstr("6 rows, 0 bad; 4 pairs of 3 products and 3 events; n = 3 (distinct cases); stratified"));
  EXPECT_FALSE(std::filesystem::exists(Path("out.csv.part")));
}

// The stratum could be passed over: without it the expected counts are others.
TEST_F(AnalyzeDisproportionalityTest, StratumChangesTheExpectedCount) {
  std::string text = kCases;
  text.replace(text.find("stratum"), 7, "ignored");
  const std::string input = Write("cases.csv", text);
  ASSERT_EQ(Run({"--input", input, "--output", Path("out.csv"), "--min-n", "2"}), kExitDone);
  EXPECT_THAT(Counts(Path("out.csv")), ElementsAre("b,x,2,2,2,3,1.3333333333333333"));
  ASSERT_EQ(Run({"--input", input, "--output", Path("out.csv"), "--min-n", "2", "--columns", "stratum=ignored"}),
            kExitDone);
  EXPECT_THAT(Counts(Path("out.csv")), ElementsAre("b,x,2,2,2,3,1.5"));
}

// A mapped name could be taken from the wrong column; gzip and standard streams could be read as plain bytes.
TEST_F(AnalyzeDisproportionalityTest, ReadsMappedColumnsGzipAndStandardStreams) {
  const std::string text = "n,AE,spare,DRUG\n2,x,?,b\n3,x,?,a\n5,x,?,b\n";
  const std::vector<std::string> map = {"--columns", "product=DRUG,event=AE,n11=n"};
  ASSERT_EQ(Run({"--input", Write("plain", text), "--output", Path("out.csv"), map[0], map[1]}), kExitDone);
  EXPECT_THAT(Counts(Path("out.csv")), ElementsAre("a,x,3,3,10,10,3", "b,x,7,7,10,10,7"));
  const std::string plain = Read(Path("out.csv"));

  const gzFile packed = gzopen(Path("cases.csv.gz").c_str(), "wb");
  gzwrite(packed, text.data(), static_cast<unsigned>(text.size()));
  gzclose(packed);
  ASSERT_EQ(Run({"--input", Path("cases.csv.gz"), "--output", Path("out.csv"), map[0], map[1]}), kExitDone);
  EXPECT_EQ(Read(Path("out.csv")), plain);

  const int standard_input = dup(STDIN_FILENO);
  const int file = open(Path("plain").c_str(), O_RDONLY);
  dup2(file, STDIN_FILENO);
  ::testing::internal::CaptureStdout();
  const int exit_code = Run({"--input", "-", "--output", "-", map[0], map[1]});
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), plain);
  EXPECT_EQ(exit_code, kExitDone);
  dup2(standard_input, STDIN_FILENO);
  close(standard_input);
  close(file);
}

// A bad row could be counted, or end the run without its line, or leave a half-written output that looks
// whole.
TEST_F(AnalyzeDisproportionalityTest, RefusesBadRowsWithTheirLines) {
  const std::string input = Write("bad.csv", "case_id,product,event\n1,a,x\n2,,x\n3,b\n4,b,\"y\n");
  EXPECT_EQ(Run({"--input", input, "--output", Path("out.csv")}), kExitRejected);
  EXPECT_THAT(said_, HasSubstr("bad.csv:3: product is empty (1 bad rows, 0 allowed)"));
  EXPECT_FALSE(std::filesystem::exists(Path("out.csv")));

  EXPECT_EQ(Run({"--input", input, "--output", Path("out.csv"), "--max-rejected", "2"}), kExitRejected);
  EXPECT_THAT(said_, HasSubstr("bad.csv:5: a quoted field is not closed (3 bad rows, 2 allowed)"));

  EXPECT_EQ(Run({"--input", input, "--output", Path("out.csv"), "--skip-bad"}), kExitDone);
  EXPECT_THAT(said_, HasSubstr("bad.csv:4: 2 fields where the header has 3"));
  EXPECT_THAT(said_, HasSubstr("1 rows, 3 bad;"));
  EXPECT_THAT(Counts(Path("out.csv")), ElementsAre("a,x,1,1,1,1,1"));

  const std::string counts = Write("counts.csv", "product,event,n11\na,x,1.5\na,x,-1\na,x,99999999999\na,x,\n");
  EXPECT_EQ(Run({"--input", counts, "--output", Path("out.csv"), "--skip-bad"}), kExitDone);
  EXPECT_THAT(said_, HasSubstr("0 rows, 4 bad;"));
  EXPECT_TRUE(Counts(Path("out.csv")).empty());
}

// A single row has no ratio: the cells must say so instead of holding what printf makes of NaN.
TEST_F(AnalyzeDisproportionalityTest, ASingleRowHasDefinedCells) {
  ASSERT_EQ(Run({"--input", Write("one.csv", "case_id,product,event\n1,p,e\n"), "--output", Path("out.csv")}),
            kExitDone);
  EXPECT_THAT(Read(Path("out.csv")),
              StartsWith(std::string(kHeader) + "\np,e,1,1,1,1,1,NA,0,Inf,0,0,NA,0,Inf,NA,-1,0,-3.79"));
  EXPECT_THAT(Read(Path("out.csv")), HasSubstr(",NA,NA,NA,0,0\n"));
  EXPECT_THAT(said_, HasSubstr("too few pairs to fit a prior; ebgm, eb05 and eb95 are NA"));
}

// A given prior could be replaced by a fitted one, or squashing not be applied: what was done must be said.
TEST_F(AnalyzeDisproportionalityTest, TakesAPriorOrFitsOne) {
  std::string text = "product,event,n11\n";
  for (int p = 0; p < 20; ++p) {
    for (int e = 0; e < 20; ++e) {
      const int n11 = 1 + (p * 7 + e * e * 3 + p * e) % 5 + (p == e ? 30 : 0);
      text += "p" + std::to_string(p) + ",e" + std::to_string(e) + "," + std::to_string(n11) + "\n";
    }
  }
  const std::string input = Write("many.csv", text);
  ASSERT_EQ(Run({"--input", input, "--output", Path("given.csv"), "--theta", "3,0.4,2,2,0.1"}), kExitDone);
  EXPECT_THAT(said_, HasSubstr("prior given: theta 3,0.4,2,2,0.1, -log L "));
  ASSERT_EQ(Run({"--input", input, "--output", Path("fitted.csv")}), kExitDone);
  EXPECT_THAT(said_, HasSubstr("prior fitted to 400 points (400 pairs) from 6 starts; optima, best first:"));
  EXPECT_THAT(said_, HasSubstr("converged after"));
  ASSERT_EQ(Run({"--input", input, "--output", Path("squashed.csv"), "--squash", "1:10:5", "--squash", "2:10:5"}),
            kExitDone);
  EXPECT_THAT(said_, ::testing::ContainsRegex("prior fitted to [0-9]+ points \\(400 pairs\\)"));
  EXPECT_THAT(said_, ::testing::Not(HasSubstr("fitted to 400 points")));
  EXPECT_THAT(said_, HasSubstr("-log L of the best on all 400 pairs"));
  EXPECT_FALSE(Read(Path("given.csv")) == Read(Path("fitted.csv")));  // too long to be shown
}

// A wrong option could be passed over and the run give figures nobody asked for.
TEST_F(AnalyzeDisproportionalityTest, RefusesWrongUse) {
  const std::string input = Write("cases.csv", kCases);
  const std::string output = Path("out.csv");
  const std::vector<std::vector<std::string>> wrong = {
      {"--theta", "1,2,3"},
      {"--theta", "1,2,3,4,5"},
      {"--theta", "1,2,3,4,x"},
      {"--theta", "1,2,3,4,0.5", "--squash", "auto"},
      {"--squash", "1:2"},
      {"--squash", "1:50:100"},
      {"--columns", "product"},
      {"--columns", "drug=product"},
      {"--columns", "product=drug"},
      {"--columns", "n11="},
      {"--skip-bad", "--max-rejected", "3"},
      {"--unknown"},
  };
  for (std::vector<std::string> arguments : wrong) {
    const std::string shown = ::testing::PrintToString(arguments);
    arguments.insert(arguments.end(), {"--input", input, "--output", output});
    EXPECT_EQ(Run(arguments), kExitUsage) << shown;
    EXPECT_FALSE(std::filesystem::exists(output)) << shown;
  }
  EXPECT_EQ(Run({"--output", output}), kExitUsage);
  EXPECT_EQ(Run({"--input", Write("twice.csv", "product,product,event,n11\n")}), kExitUsage);
  EXPECT_EQ(Run({"--input", Write("none.csv", "product,event\na,b\n")}), kExitUsage);
  EXPECT_EQ(Run({"--input", Write("empty.csv", "")}), kExitUsage);
}

// A file that cannot be read or written is a failed run, not wrong use.
TEST_F(AnalyzeDisproportionalityTest, SaysWhichFileFailed) {
  EXPECT_EQ(Run({"--input", Path("absent.csv")}), kExitFailed);
  EXPECT_THAT(said_, HasSubstr("absent.csv: No such file or directory"));
  EXPECT_EQ(Run({"--input", Write("cases.csv", kCases), "--output", Path("no/such/out.csv")}), kExitFailed);
  EXPECT_THAT(said_, HasSubstr("no/such/out.csv: No such file or directory"));
}

}  // namespace
}  // namespace zaojing
