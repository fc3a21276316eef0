// maxsprt_poisson_cv.csv (R Sequential CV.Poisson): SampleSize_T = horizon, M = cases_min, alpha = alpha, CV
// = critical value; D = 0 throughout (monitoring from the start), which is the only case we have. NA = no
// critical value.
#include <gtest/gtest.h>

#include "processors/stats/sequential/max_sprt.h"
#include "tests/unit/processors/stats/reference_table.h"

namespace zaojing::stats {
namespace {

// A wrong signalling time, step or stopping rule moves every value; the NA row shows whether absence is
// noticed.
TEST(MaxSprtReferenceTest, EveryCriticalValue) {
  const ReferenceTable table("sequential/maxsprt_poisson_cv.csv");
  if (!table.found()) GTEST_SKIP() << "no ZAOJING_DATA";
  ASSERT_EQ(table.rows(), 36u);
  const std::vector<double> horizons = table.Numbers("SampleSize_T");
  const std::vector<double> cases = table.Numbers("M");
  const std::vector<double> alphas = table.Numbers("alpha");
  const std::vector<double> values = table.Numbers("CV");
  size_t absent = 0;
  for (size_t i = 0; i < table.rows(); ++i) {
    ASSERT_EQ(table.Text("D")[i], "0");
    const MaxSprtOptions options{alphas[i], horizons[i], static_cast<int>(cases[i])};
    const absl::StatusOr<double> ours = MaxSprtCriticalValue(options);
    if (table.Text("CV")[i] == "NA") {
      EXPECT_EQ(ours.status().code(), absl::StatusCode::kNotFound) << i;
      ++absent;
      continue;
    }
    ASSERT_TRUE(ours.ok()) << i << ours.status();
    EXPECT_NEAR(*ours, values[i], 1e-5) << "T " << horizons[i] << " M " << cases[i] << " alpha " << alphas[i];
  }
  EXPECT_EQ(absent, 1u);
}

}  // namespace
}  // namespace zaojing::stats
