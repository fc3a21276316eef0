// The estimators against the figures of the R packages openEBGM and PhViD, over whole files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "processors/stats/disproportionality/figures.h"
#include "processors/stats/disproportionality/pair_counts.h"
#include "processors/stats/disproportionality/prior_fit.h"
#include "tests/unit/processors/stats/disproportionality/reference_table.h"

namespace zaojing::stats {
namespace {

constexpr const char* kCaers = "signal_detection/openEBGM_caers.csv";
constexpr const char* kCaersPairs = "signal_detection/openEBGM_caers_pairs_expected.csv";
constexpr const char* kCaersSquashed = "signal_detection/openEBGM_caers_squashed.csv";
constexpr const char* kTheta = "signal_detection/openEBGM_theta.csv";
constexpr const char* kPhvid = "signal_detection/phvid_counts.csv.gz";
constexpr const char* kPhvidPairs = "signal_detection/phvid_expected_n3.csv.gz";
constexpr const char* kFaers = "signal_detection/faers22q3_case_drug_ae.csv.gz";

// The prior PhViD's GPS reaches on its own data.
constexpr GammaMixture kPhvidPrior = {.73239993, .22897168, 1.74112763, 2.21246323, .09764747};
// -log L of openEBGM's test prior on the raw CAERS pairs.
constexpr double kCaersReferenceLogLikelihood = 4162.4557142;

// How near a figure must be: within `relative` of the reference, or `absolute`, whichever is wider.
struct Tolerance {
  double relative;
  double absolute;
};
constexpr Tolerance kExact = {1e-6, 0};
constexpr Tolerance kTwoDecimals = {0, 0.5e-2 + 1e-9};
// The package bisects to +-0.005 before it rounds to 2 decimals: the two errors add.
constexpr Tolerance kBisectedTwoDecimals = {0, 1e-2};
constexpr Tolerance kEmpiricalBayes = {1e-4, 5e-6};
// 9 significant digits are printed; where a figure is a small difference of large ones its printed inputs
// limit it.
constexpr Tolerance kNearZero = {1e-6, 1e-9};

// What a reference column is compared with.
struct Ours {
  Figures test_prior;      // unstratified, openEBGM's test prior or PhViD's prior
  Figures vignette_prior;  // CAERS: the vignette's prior
  double qn = 0;           // share of the first gamma in the posterior; not a column of ours
  double stratified_expected = 0;
};

struct ReferenceColumn {
  const char* column;  // of the reference file
  const char* ours;    // of `zaojing analyze disproportionality`, or what it is made from
  Tolerance tolerance;
  double (*value)(const Ours&);
};

double CountOf(const Ours& o) { return static_cast<double>(o.test_prior.table.n11); }

// Lacking in CAERS: bounds of PRR, ROR, chi-square, Yule's Q, both information components, Evans' flags.
const std::vector<ReferenceColumn> kCaersColumns = {
    {"N", "n11", kExact, CountOf},
    {"E", "expected (no stratum)", kExact, [](const Ours& o) { return o.test_prior.expected; }},
    {"RR", "n11 / expected", kTwoDecimals, [](const Ours& o) { return CountOf(o) / o.test_prior.expected; }},
    {"PRR", "prr", kTwoDecimals, [](const Ours& o) { return o.test_prior.prr.value; }},
    {"qn_theta_test", "Posterior().weight", kExact, [](const Ours& o) { return o.qn; }},
    {"ebgm_theta_test", "ebgm", kTwoDecimals, [](const Ours& o) { return o.test_prior.empirical_bayes.ebgm; }},
    {"eb05_theta_test", "eb05", kEmpiricalBayes, [](const Ours& o) { return o.test_prior.empirical_bayes.eb05; }},
    {"eb95_theta_test", "eb95", kEmpiricalBayes, [](const Ours& o) { return o.test_prior.empirical_bayes.eb95; }},
    {"E_strat", "expected (stratum = sex)", kExact, [](const Ours& o) { return o.stratified_expected; }},
    {"RR_strat", "n11 / expected (stratum = sex)", kTwoDecimals,
     [](const Ours& o) { return CountOf(o) / o.stratified_expected; }},
    {"ebgm_theta_vignette", "ebgm", kTwoDecimals, [](const Ours& o) { return o.vignette_prior.empirical_bayes.ebgm; }},
    {"eb05_theta_vignette", "eb05", kBisectedTwoDecimals,
     [](const Ours& o) { return o.vignette_prior.empirical_bayes.eb05; }},
    {"eb95_theta_vignette", "eb95", kBisectedTwoDecimals,
     [](const Ours& o) { return o.vignette_prior.empirical_bayes.eb95; }},
};

// Lacking in PhViD: the lower bound of Yule's Q, EBGM, EB95, Evans' flags (their number is known), pairs with
// n11 < 3. IC975_gamma has no column of ours: only the lower end raises an alert.
const std::vector<ReferenceColumn> kPhvidColumns = {
    {"n11", "n11", kExact, CountOf},
    {"n1.", "n1_", kExact, [](const Ours& o) { return static_cast<double>(o.test_prior.table.n1_); }},
    {"n.1", "n_1", kExact, [](const Ours& o) { return static_cast<double>(o.test_prior.table.n_1); }},
    {"E", "expected", kExact, [](const Ours& o) { return o.test_prior.expected; }},
    {"PRR", "prr", kExact, [](const Ours& o) { return o.test_prior.prr.value; }},
    {"PRR_lo95", "prr_low", kExact, [](const Ours& o) { return o.test_prior.prr.low; }},
    {"PRR_hi95", "prr_high", kExact, [](const Ours& o) { return o.test_prior.prr.high; }},
    {"chi2", "chi2", kNearZero, [](const Ours& o) { return o.test_prior.chi_square.plain; }},
    {"chi2_yates", "chi2_yates", kNearZero, [](const Ours& o) { return o.test_prior.chi_square.yates; }},
    {"ROR", "ror", kExact, [](const Ours& o) { return o.test_prior.ror.value; }},
    {"ROR_lo95", "ror_low", kExact, [](const Ours& o) { return o.test_prior.ror.low; }},
    {"ROR_hi95", "ror_high", kExact, [](const Ours& o) { return o.test_prior.ror.high; }},
    {"YuleQ", "yule_q", kNearZero, [](const Ours& o) { return o.test_prior.yule_q.value; }},
    {"IC_gamma", "ic", kNearZero, [](const Ours& o) { return o.test_prior.ic.value; }},
    {"IC025_gamma", "ic025", kNearZero, [](const Ours& o) { return o.test_prior.ic.low; }},
    {"IC_bcpnn_gauss", "bcpnn", kNearZero, [](const Ours& o) { return o.test_prior.bcpnn.value; }},
    {"IC025_bcpnn_gauss", "bcpnn_low", kNearZero, [](const Ours& o) { return o.test_prior.bcpnn.low; }},
    {"EB05_gps", "eb05", kEmpiricalBayes, [](const Ours& o) { return o.test_prior.empirical_bayes.eb05; }},
};

bool Near(double ours, double reference, const Tolerance& tolerance) {
  if (std::isnan(reference)) return std::isnan(ours);
  if (std::isinf(reference)) return ours == reference;
  return std::abs(ours - reference) <= std::max(tolerance.absolute, tolerance.relative * std::abs(reference));
}

// Compares one column over all rows; tells the first rows that differ, and the worst.
class ColumnCheck {
 public:
  void Compare(const ReferenceColumn& column, const std::string& where, const Ours& ours, double reference) {
    ++compared_;
    const double value = column.value(ours);
    if (Near(value, reference, column.tolerance)) return;
    if (failures_++ < 3) {
      ADD_FAILURE() << column.column << " (" << column.ours << ") of " << where << ": reference " << reference
                    << ", ours " << value << ", difference " << value - reference;
    }
  }
  size_t compared() const { return compared_; }
  size_t failures() const { return failures_; }

 private:
  size_t compared_ = 0;
  size_t failures_ = 0;
};

class ReferenceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(ReferencePath(kCaers))) GTEST_SKIP() << "no reference data at " << ReferencePath("");
  }

  static PairCounts CountCaers(bool stratified) {
    const ReferenceTable table = ReferenceTable::Load(kCaers);
    CaseRows rows(stratified);
    for (size_t i = 0; i < table.rows(); ++i) {
      EXPECT_TRUE(
          rows.Add({table.Text(i, "id"), table.Text(i, "var1"), table.Text(i, "var2"), table.Text(i, "strat1")}).ok());
    }
    return std::move(rows).Count();
  }

  static PairCounts CountPhvid() {
    const ReferenceTable table = ReferenceTable::Load(kPhvid);
    CountRows rows;
    for (size_t i = 0; i < table.rows(); ++i) {
      EXPECT_TRUE(
          rows.Add(table.Text(i, "drug"), table.Text(i, "ae"), static_cast<int64_t>(table.Number(i, "n11"))).ok());
    }
    return std::move(rows).Count();
  }

  static GammaMixture OpenEbgmPrior(const std::string& set) {
    const ReferenceTable table = ReferenceTable::Load(kTheta);
    std::map<std::string, double> values;
    for (size_t i = 0; i < table.rows(); ++i) {
      if (table.Text(i, "set") == set) values[table.Text(i, "name")] = table.Number(i, "value");
    }
    return {values.at("alpha1"), values.at("beta1"), values.at("alpha2"), values.at("beta2"), values.at("P")};
  }

  static std::vector<WeightedPoint> Points(const PairCounts& counts) {
    std::vector<WeightedPoint> points;
    for (size_t i = 0; i < counts.pairs.size(); ++i) {
      points.push_back({counts.pairs[i].n11, counts.Expected(i), 1});
    }
    return points;
  }

  // Row of the reference by (product, event).
  using RowIndex = std::map<std::pair<std::string, std::string>, size_t>;
  static RowIndex Index(const ReferenceTable& table, const std::string& product, const std::string& event) {
    RowIndex index;
    for (size_t i = 0; i < table.rows(); ++i) index[{table.Text(i, product), table.Text(i, event)}] = i;
    return index;
  }

  static void ExpectMapped(const ReferenceTable& table, const std::vector<ReferenceColumn>& columns,
                           std::set<std::string> others) {
    for (const ReferenceColumn& column : columns) others.insert(column.column);
    for (const std::string& name : table.Columns()) EXPECT_TRUE(others.contains(name)) << name;
  }
};

// Any estimator could differ from openEBGM in any cell of any pair; every cell of every row is compared. A
// pair too many or too few shows in the number of pairs.
TEST_F(ReferenceTest, CaersEqualsOpenEbgmInEveryCell) {
  const PairCounts counts = CountCaers(false);
  const PairCounts stratified = CountCaers(true);
  EXPECT_EQ(counts.n, 3'356);
  ASSERT_EQ(counts.pairs.size(), 17'189u);
  const ReferenceTable reference = ReferenceTable::Load(kCaersPairs);
  ASSERT_EQ(reference.rows(), 17'189u);
  ExpectMapped(reference, kCaersColumns, {"var1", "var2"});
  const RowIndex index = Index(reference, "var1", "var2");

  const GammaMixture test_prior = OpenEbgmPrior("test");
  FigureCalculator with_test_prior(test_prior);
  FigureCalculator with_vignette_prior(OpenEbgmPrior("vignette_autoHyper"));
  std::vector<ColumnCheck> checks(kCaersColumns.size());
  int eb05_signals = 0;
  for (size_t i = 0; i < counts.pairs.size(); ++i) {
    const PairCount& pair = counts.pairs[i];
    const TwoByTwo table = counts.Table(pair);
    ASSERT_TRUE(table.IsValid());
    Ours ours;
    ours.test_prior = with_test_prior.Of(table, counts.Expected(i));
    ours.vignette_prior = with_vignette_prior.Of(table, counts.Expected(i));
    ours.qn = Posterior(test_prior, MixtureTermsOf(test_prior, pair.n11), pair.n11, counts.Expected(i)).mixture.weight;
    ours.stratified_expected = stratified.Expected(i);
    eb05_signals += ours.test_prior.empirical_bayes.eb05 >= 2;
    const std::string& product = counts.products[pair.product];
    const std::string& event = counts.events[pair.event];
    const size_t row = index.at({product, event});
    for (size_t c = 0; c < checks.size(); ++c) {
      checks[c].Compare(kCaersColumns[c], product + "/" + event, ours, reference.Number(row, kCaersColumns[c].column));
    }
  }
  for (size_t c = 0; c < checks.size(); ++c) {
    EXPECT_EQ(checks[c].compared(), 17'189u);
    EXPECT_EQ(checks[c].failures(), 0u) << kCaersColumns[c].column;
  }
  EXPECT_EQ(eb05_signals, 131);
}

// As above for PhViD; and the numbers of signals over all its cells, which the reference file does not hold
// one by one: a bound that is wrong where n11 < 3, or a wrong reading of Evans' chi-square, changes a number.
TEST_F(ReferenceTest, PhvidEqualsInEveryCellAndInItsNumbersOfSignals) {
  const PairCounts counts = CountPhvid();
  EXPECT_EQ(counts.n, 1'196'487);
  ASSERT_EQ(counts.pairs.size(), 102'483u);
  const ReferenceTable reference = ReferenceTable::Load(kPhvidPairs);
  ASSERT_EQ(reference.rows(), 46'790u);
  ExpectMapped(reference, kPhvidColumns, {"drug", "ae", "IC975_gamma"});
  const RowIndex index = Index(reference, "drug", "ae");

  FigureCalculator calculator(kPhvidPrior);
  std::vector<ColumnCheck> checks(kPhvidColumns.size());
  std::map<std::string, int> signals;
  for (size_t i = 0; i < counts.pairs.size(); ++i) {
    const PairCount& pair = counts.pairs[i];
    Ours ours;
    ours.test_prior = calculator.Of(counts.Table(pair), counts.Expected(i));
    const Figures& f = ours.test_prior;
    signals["eb05"] += f.empirical_bayes.eb05 >= 2;
    signals["bcpnn"] += f.bcpnn.low > 0;
    signals["prr"] += f.prr.low > 1;
    signals["ror"] += f.ror.low > 1;
    signals["evans"] += f.evans;
    signals["evans_yates"] += f.evans_yates;
    const std::string& product = counts.products[pair.product];
    const std::string& event = counts.events[pair.event];
    const auto row = index.find({product, event});
    ASSERT_EQ(row != index.end(), pair.n11 >= 3) << product << "/" << event;
    if (row == index.end()) continue;
    for (size_t c = 0; c < checks.size(); ++c) {
      checks[c].Compare(kPhvidColumns[c], product + "/" + event, ours,
                        reference.Number(row->second, kPhvidColumns[c].column));
    }
  }
  for (size_t c = 0; c < checks.size(); ++c) {
    EXPECT_EQ(checks[c].compared(), 46'790u);
    EXPECT_EQ(checks[c].failures(), 0u) << kPhvidColumns[c].column;
  }
  EXPECT_EQ(signals, (std::map<std::string, int>{{"eb05", 3'540},
                                                 {"bcpnn", 10'067},
                                                 {"prr", 23'612},
                                                 {"ror", 23'542},
                                                 {"evans", 11'442},
                                                 {"evans_yates", 10'240}}));
}

// A duplicate row or a case with several products could be counted twice.
TEST_F(ReferenceTest, FaersCountsDistinctCases) {
  const ReferenceTable table = ReferenceTable::Load(kFaers);
  ASSERT_EQ(table.rows(), 496'312u);
  CaseRows rows(false);
  for (size_t i = 0; i < table.rows(); ++i) {
    ASSERT_TRUE(rows.Add({table.Text(i, "CASEID"), table.Text(i, "DRUG"), table.Text(i, "AE"), ""}).ok());
  }
  const PairCounts counts = std::move(rows).Count();
  EXPECT_EQ(counts.n, 215'867);
  EXPECT_EQ(counts.pairs.size(), 111'118u);
  int64_t triples = 0;
  for (const PairCount& pair : counts.pairs) triples += pair.n11;
  EXPECT_EQ(triples, 496'307);
}

// A wrong likelihood would not give the reference's figure at the reference's prior; a weak search would stop
// above it. openEBGM's prior is one of two optima of this likelihood, and not the lower one: both must be
// found.
TEST_F(ReferenceTest, FittedPriorIsNoWorseThanTheReference) {
  const std::vector<WeightedPoint> points = Points(CountCaers(false));
  const GammaMixture reference = OpenEbgmPrior("test");
  EXPECT_NEAR(NegativeLogLikelihood(reference, points), kCaersReferenceLogLikelihood, 5e-8);
  const absl::StatusOr<PriorFit> fit = FitPrior(points, DefaultPriorStarts());
  ASSERT_TRUE(fit.ok());
  EXPECT_TRUE(fit->best().converged);
  EXPECT_FALSE(fit->best().at_bound);
  EXPECT_NEAR(fit->best().negative_log_likelihood, 4162.180837, 1e-5);
  EXPECT_EQ(fit->best().negative_log_likelihood, NegativeLogLikelihood(fit->best().prior, points));

  ASSERT_EQ(fit->optima.size(), 2u);
  const PriorFitRun& second = fit->optima[1];
  EXPECT_TRUE(second.converged);
  EXPECT_LE(second.negative_log_likelihood, kCaersReferenceLogLikelihood);
  EXPECT_NEAR(second.prior.alpha1, reference.alpha1, 0.01);
  EXPECT_NEAR(second.prior.beta1, reference.beta1, 0.001);
  EXPECT_NEAR(second.prior.alpha2, reference.alpha2, 0.01);
  EXPECT_NEAR(second.prior.beta2, reference.beta2, 0.01);
  EXPECT_NEAR(second.prior.weight, reference.weight, 0.001);
}

// Squashing could bin other pairs, keep the wrong ones, or weigh a bin wrongly.
TEST_F(ReferenceTest, SquashingEqualsOpenEbgm) {
  const ReferenceTable reference = ReferenceTable::Load(kCaersSquashed);
  std::vector<WeightedPoint> expected;
  for (size_t i = 0; i < reference.rows(); ++i) {
    expected.push_back(
        {static_cast<int64_t>(reference.Number(i, "N")), reference.Number(i, "E"), reference.Number(i, "weight")});
  }
  const auto by_value = [](const WeightedPoint& x, const WeightedPoint& y) {
    if (x.n11 != y.n11) return x.n11 < y.n11;
    return x.weight != y.weight ? x.weight < y.weight : x.expected < y.expected;
  };
  std::sort(expected.begin(), expected.end(), by_value);

  std::vector<WeightedPoint> points = Points(CountCaers(false));
  ASSERT_TRUE(Squash({1, 50, 100}, &points).ok());
  ASSERT_TRUE(Squash({2, 10, 50}, &points).ok());
  std::sort(points.begin(), points.end(), by_value);
  ASSERT_EQ(points.size(), expected.size());
  for (size_t i = 0; i < points.size(); ++i) {
    EXPECT_EQ(points[i].n11, expected[i].n11) << i;
    EXPECT_EQ(points[i].weight, expected[i].weight) << i;
    EXPECT_NEAR(points[i].expected, expected[i].expected, 1e-9 * expected[i].expected) << i;
  }
  // openEBGM fits these very points; its answer is one of the optima of ours.
  const GammaMixture vignette = OpenEbgmPrior("vignette_autoHyper");
  const absl::StatusOr<PriorFit> fit = FitPrior(points, DefaultPriorStarts());
  ASSERT_TRUE(fit.ok());
  ASSERT_EQ(fit->optima.size(), 2u);
  const GammaMixture& prior = fit->optima[1].prior;
  EXPECT_LE(fit->optima[1].negative_log_likelihood, NegativeLogLikelihood(vignette, points) + 1e-9);
  EXPECT_NEAR(prior.alpha1, vignette.alpha1, 1e-3);
  EXPECT_NEAR(prior.beta1, vignette.beta1, 1e-4);
  EXPECT_NEAR(prior.alpha2, vignette.alpha2, 1e-3);
  EXPECT_NEAR(prior.beta2, vignette.beta2, 1e-3);
  EXPECT_NEAR(prior.weight, vignette.weight, 1e-4);
}

}  // namespace
}  // namespace zaojing::stats
