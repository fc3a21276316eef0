// The commands as a shell sees them: files in, files out, exit codes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/analyze_commands.h"
#include "app/commands.h"
#include "app/surveillance_methods.h"
#include "app/table_csv.h"

namespace zaojing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class AnalyzeSeriesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ =
        std::filesystem::path(::testing::TempDir()) / ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string Write(const std::string& name, const std::string& content) {
    std::string path = (directory_ / name).string();
    std::ofstream(path) << content;
    return path;
  }
  std::string Output() const { return (directory_ / "out.csv").string(); }
  std::string ReadOutput() const {
    std::ifstream in(Output());
    std::stringstream content;
    content << in.rdbuf();
    return content.str();
  }
  int Run(std::vector<std::string> arguments) {
    CLI::App app;
    int exit_code = -1;
    AddAnalyzeSurveillance(app, &exit_code);
    AddAnalyzeSequential(app, &exit_code);
    AddAnalyzeScan(app, &exit_code);
    arguments.insert(arguments.end(), {"--output", Output()});
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes a vector from its back
    try {
      app.parse(arguments);
    } catch (const CLI::ParseError&) {
      return kExitUsage;
    }
    return exit_code;
  }

  std::filesystem::path directory_;
};

std::string Ramp(int rows) {
  std::string text = "date,count\n";
  for (int i = 0; i < rows; ++i) text += "d" + std::to_string(i) + "," + std::to_string(i % 3) + "\n";
  return text;
}

// A renamed column, a changed order or a lost parameter would break scripts that read the output.
TEST_F(AnalyzeSeriesTest, SurveillanceOutputIsTheFixedTable) {
  const std::string input = Write("in.csv", Ramp(9) + "peak,50\n");
  ASSERT_EQ(Run({"surveillance", "--input", input, "--method", "c1", "--alpha", "0.01", "--min-sigma", "0.5"}),
            kExitDone);
  const std::string output = ReadOutput();
  EXPECT_THAT(output, StartsWith("# c1: baseline=7 min_sigma=0.5 alpha=0.01 first=8\n"
                                 "date,method,expected,statistic,lower_bound,upper_bound,alarm\nd7,c1,"));
  EXPECT_THAT(output, HasSubstr("\npeak,c1,"));
  EXPECT_THAT(output, EndsWith(",1\n"));
}

// Every method of `all` is echoed and run; one that the series is too short for says so and stops nothing.
TEST_F(AnalyzeSeriesTest, AllMethodsAreEchoed) {
  ASSERT_EQ(Run({"surveillance", "--input", Write("in.csv", Ramp(320))}), kExitDone);
  const std::string output = ReadOutput();
  for (const std::string& method : SurveillanceMethodNames()) {
    EXPECT_THAT(output, HasSubstr("# " + method + ": ")) << method;
    EXPECT_THAT(output, HasSubstr("," + method + ",")) << method;
  }
  EXPECT_THAT(output, Not(HasSubstr("not run")));
  ASSERT_EQ(Run({"surveillance", "--input", Write("in.csv", Ramp(20)), "--first", "3", "--harmonics", "3"}), kExitDone);
  EXPECT_THAT(ReadOutput(), HasSubstr("# glr-poisson: "));
}

// Each parameter must reach its method: the echo shows the value given in place of the default.
TEST_F(AnalyzeSeriesTest, EveryFlagReachesItsMethod) {
  const std::string input = Write("in.csv", Ramp(320));
  const auto echo = [&](const std::string& method, std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"surveillance", "--input", input, "--method", method});
    EXPECT_EQ(Run(flags), kExitDone) << method;
    return ReadOutput().substr(0, ReadOutput().find('\n'));
  };
  EXPECT_EQ(echo("c2", {"--baseline", "9", "--first", "30"}), "# c2: baseline=9 min_sigma=0 alpha=0.001 first=30");
  EXPECT_EQ(echo("farrington", {"--b", "3", "--w", "2", "--no-reweight", "--no-trend", "--alpha", "0.02", "--limit54",
                                "0,3", "--power-transform", "1/2", "--first", "200"}),
            "# farrington: b=3 w=2 reweight=false alpha=0.02 trend=false limit54=0,3 power_transform=1/2 "
            "population_offset=false frequency=52 first=200");
  EXPECT_EQ(
      echo("farrington-flexible", {"--b", "4", "--weights-threshold", "1", "--p-threshold-trend", "1", "--no-periods",
                                   "10", "--past-not-included", "26", "--threshold-method", "muan"}),
      "# farrington-flexible: b=4 w=3 reweight=true weights_threshold=1 alpha=0.05 trend=true "
      "p_threshold_trend=1 limit54=5,4 power_transform=2/3 population_offset=false no_periods=10 "
      "past_not_included=26 threshold_method=muan frequency=52 first=212");
  EXPECT_EQ(echo("cusum", {"--k", "0.5", "--h", "4", "--transform", "rossi", "--mean", "2", "--frequency", "12"}),
            "# cusum: k=0.5 h=4 transform=rossi mean=2 level_points=12 pearson_alpha=0.1 frequency=12 first=13");
  EXPECT_EQ(echo("glr-poisson", {"--c-arl", "4", "--window", "9", "--m-tilde", "2", "--harmonics", "2"}),
            "# glr-poisson: c_arl=4 theta=estimated window=9 m_tilde=2 decrease=false harmonics=2 "
            "baseline_trend=false frequency=52 first=53");
  EXPECT_EQ(echo("nbcusum", {"--theta", "0.7", "--dispersion", "0.2", "--baseline-trend"}),
            "# nbcusum: c_arl=5 theta=0.7 window=none m_tilde=1 decrease=false harmonics=1 baseline_trend=true "
            "dispersion=0.2 frequency=52 first=53");
  EXPECT_EQ(echo("bayes", {"--b", "1", "--w", "4", "--no-recent", "--alpha", "0.01"}),
            "# bayes: b=1 w=4 recent=false alpha=0.01 frequency=52 first=57");
  EXPECT_EQ(echo("ewma", {"--lambda", "0.3", "--start", "0", "--width", "2.5", "--level-points", "40"}),
            "# ewma: width=2.5 lambda=0.3 start=0 level_points=40 first=53");
  EXPECT_EQ(echo("shewhart", {"--first", "20"}), "# shewhart: width=3 level_points=19 first=20");
}

// Bad rows: refused by line, or counted and passed over; nothing half-written is left behind.
TEST_F(AnalyzeSeriesTest, BadRows) {
  const std::string input = Write("in.csv", "date,count\na,1\nb,x\nc,-1\nd,2\n");
  EXPECT_EQ(Run({"surveillance", "--input", input}), kExitRejected);
  EXPECT_FALSE(std::filesystem::exists(Output()));
  EXPECT_EQ(Run({"surveillance", "--input", input, "--max-rejected", "1"}), kExitRejected);
  EXPECT_EQ(Run({"surveillance", "--input", input, "--max-rejected", "2"}), kExitDone);
  EXPECT_EQ(Run({"surveillance", "--input", input, "--skip-bad"}), kExitDone);
}

// Wrong words, columns and files, each with its exit code.
TEST_F(AnalyzeSeriesTest, WrongUsage) {
  const std::string input = Write("in.csv", Ramp(20));
  EXPECT_EQ(Run({"surveillance", "--input", input, "--method", "c9"}), kExitUsage);
  EXPECT_EQ(Run({"surveillance", "--input", input, "--method", "cusum", "--transform", "x"}), kExitUsage);
  EXPECT_EQ(Run({"surveillance", "--input", input, "--method", "c1", "--baseline", "2"}), kExitUsage);
  EXPECT_EQ(Run({"surveillance", "--input", input, "--columns", "count=cases"}), kExitUsage);
  EXPECT_EQ(Run({"surveillance", "--input", input, "--columns", "cases=count"}), kExitUsage);
  EXPECT_EQ(Run({"surveillance", "--input", input + ".none"}), kExitFailed);
  EXPECT_EQ(Run({"surveillance", "--input", Write("empty.csv", "")}), kExitUsage);
  EXPECT_EQ(Run({"surveillance", "--input", Write("one.csv", "date,count\na,1\n")}), kExitDone);
  EXPECT_EQ(Run({"surveillance"}), kExitUsage);
}

// The critical value alone, none at all, and a series against it.
TEST_F(AnalyzeSeriesTest, Sequential) {
  ASSERT_EQ(
      Run({"sequential", "--method", "poisson-maxsprt", "--alpha", "0.05", "--horizon", "20", "--min-cases", "3"}),
      kExitDone);
  EXPECT_THAT(ReadOutput(), HasSubstr("critical_value\npoisson-maxsprt,0.05,20,3,3.28821"));
  ASSERT_EQ(Run({"sequential", "--horizon", "1", "--min-cases", "4"}), kExitDone);
  EXPECT_THAT(ReadOutput(), EndsWith(",1,4,NA\n"));
  const std::string input = Write("in.csv", "week,n,mu\na,1,0.5\nb,5,0.5\nc,0,20\n");
  ASSERT_EQ(Run({"sequential", "--horizon", "10", "--input", input, "--columns", "date=week,observed=n,expected=mu"}),
            kExitDone);
  EXPECT_THAT(ReadOutput(), HasSubstr("\nb,5,0.5,6,1,5.75055"));
  EXPECT_EQ(Run({"sequential", "--horizon", "1", "--min-cases", "4", "--input", input}), kExitFailed);
  EXPECT_EQ(Run({"sequential", "--horizon", "1", "--method", "x"}), kExitUsage);
  EXPECT_EQ(Run({"sequential", "--horizon", "-1"}), kExitUsage);
}

// Both models; populations wide and long; zones by name and place; tables that do not belong together.
TEST_F(AnalyzeSeriesTest, Scan) {
  const std::string counts = Write("counts.csv", "year,north,south\n1,1,1\n2,6,1\n");
  const std::string zones = Write("zones.csv", "zone,location\n1,north\n2,2\n3,1\n3,2\n");
  const std::string baselines = Write("base.csv", "year,north,south\n1,1,1\n2,2,1\n");
  ASSERT_EQ(Run({"scan", "--counts", counts, "--zones", zones, "--baselines", baselines, "--replicates", "19", "--seed",
                 "3"}),
            kExitDone);
  const std::string first = ReadOutput();
  EXPECT_THAT(first, StartsWith("# model=expectation replicates=19 seed=3 zones=3 durations=2\n# most likely cluster: "
                                "zone 1 (north), duration 1, score 2.59"));
  EXPECT_THAT(first, HasSubstr("\nzone,duration,score,relative_risk,p_value,locations\n1,1,2.59"));
  ASSERT_EQ(Run({"scan", "--counts", counts, "--zones", zones, "--baselines", baselines, "--replicates", "19", "--seed",
                 "3"}),
            kExitDone);
  EXPECT_EQ(ReadOutput(), first);
  const std::string wide = Write("wide.csv", "year,north,south\n1,10,20\n2,10,20\n");
  const std::string tall =
      Write("tall.csv",
            "year,county,population,count\n0,north,9,1\n1,north,10,1\n1,south,20,1\n2,north,10,6\n2,south,20,1\n");
  ASSERT_EQ(Run({"scan", "--counts", counts, "--zones", zones, "--population", wide}), kExitDone);
  const std::string from_wide = ReadOutput();
  EXPECT_THAT(from_wide, HasSubstr("relative_risk,relative_risk_outside,p_value"));
  EXPECT_THAT(from_wide, HasSubstr(",NA,north\n"));  // no replicates, no p
  ASSERT_EQ(Run({"scan", "--counts", counts, "--zones", zones, "--population", tall}), kExitDone);
  EXPECT_EQ(ReadOutput(), from_wide);
  const std::string other = Write("other.csv", "year,north,west\n1,1,1\n2,2,1\n");
  EXPECT_EQ(Run({"scan", "--counts", counts, "--zones", zones, "--baselines", other}), kExitUsage);
  EXPECT_EQ(Run({"scan", "--counts", counts, "--zones", zones}), kExitUsage);
  EXPECT_EQ(
      Run({"scan", "--counts", counts, "--zones", Write("gap.csv", "zone,location\n2,1\n"), "--baselines", baselines}),
      kExitUsage);
  EXPECT_EQ(
      Run({"scan", "--counts", counts, "--zones", Write("far.csv", "zone,location\n1,9\n"), "--baselines", baselines}),
      kExitRejected);
}

}  // namespace
}  // namespace zaojing
