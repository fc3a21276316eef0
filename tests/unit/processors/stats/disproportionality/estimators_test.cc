// The corners of the estimators: what they answer where a cell or a margin is empty. Figures of full tables
// are compared with the references in reference_test.cc.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "processors/stats/disproportionality/bcpnn.h"
#include "processors/stats/disproportionality/chi_square.h"
#include "processors/stats/disproportionality/evans.h"
#include "processors/stats/disproportionality/figures.h"
#include "processors/stats/disproportionality/information_component.h"
#include "processors/stats/disproportionality/prr.h"
#include "processors/stats/disproportionality/ror.h"
#include "processors/stats/disproportionality/yule_q.h"
#include "proto/limits.h"

namespace zaojing::stats {
namespace {

// n11, n1_, n_1, n
constexpr TwoByTwo kFull = {3, 10, 7, 100};
constexpr TwoByTwo kNobodyElse = {3, 10, 3, 100};  // event only with this product
constexpr TwoByTwo kNothingElse = {3, 3, 7, 100};  // product only with this event
constexpr TwoByTwo kNeverTogether = {0, 10, 7, 100};
constexpr TwoByTwo kNeither = {3, 10, 93, 100};  // nobody without both: d = 0
constexpr TwoByTwo kNoProduct = {0, 0, 7, 100};
constexpr TwoByTwo kEveryProduct = {7, 100, 7, 100};
constexpr TwoByTwo kNoEvent = {0, 10, 0, 100};
constexpr TwoByTwo kSingleRow = {1, 1, 1, 1};
constexpr TwoByTwo kEmpty = {0, 0, 0, 0};
const std::vector<TwoByTwo> kAll = {kFull,      kNobodyElse,   kNothingElse, kNeverTogether, kNeither,
                                    kNoProduct, kEveryProduct, kNoEvent,     kSingleRow,     kEmpty};

void ExpectInterval(const Interval& interval, double value, double low, double high) {
  if (std::isnan(value)) {
    EXPECT_TRUE(std::isnan(interval.value)) << interval.value;
  } else {
    EXPECT_EQ(interval.value, value);
  }
  EXPECT_EQ(interval.low, low);
  EXPECT_EQ(interval.high, high);
}

// A zero cell could give a bound that is NaN, or worse a bound above 1 that raises an alert on no evidence.
TEST(Prr, ZeroCellsHaveDefinedAnswers) {
  ExpectInterval(Prr(kNobodyElse), kInfinity, 0, kInfinity);
  ExpectInterval(Prr(kNeverTogether), 0, 0, kInfinity);
  ExpectInterval(Prr(kNoProduct), kNotDefined, 0, kInfinity);
  ExpectInterval(Prr(kEveryProduct), kNotDefined, 0, kInfinity);
  ExpectInterval(Prr(kNoEvent), kNotDefined, 0, kInfinity);
  ExpectInterval(Prr(kSingleRow), kNotDefined, 0, kInfinity);
  ExpectInterval(Prr(kEmpty), kNotDefined, 0, kInfinity);
  // Nothing but this event with the product is no corner: (3/3) / (4/97).
  EXPECT_NEAR(Prr(kNothingElse).value, 24.25, 1e-12);
  EXPECT_NEAR(Prr(kNothingElse).low, 24.25 * std::exp(-1.959963984540054 * std::sqrt(1. / 4 - 1. / 97)), 1e-9);
}

// As for PRR; the odds ratio is not defined only where both diagonals are empty.
TEST(Ror, ZeroCellsHaveDefinedAnswers) {
  ExpectInterval(Ror(kNobodyElse), kInfinity, 0, kInfinity);
  ExpectInterval(Ror(kNothingElse), kInfinity, 0, kInfinity);
  ExpectInterval(Ror(kNeverTogether), 0, 0, kInfinity);
  ExpectInterval(Ror(kNeither), 0, 0, kInfinity);
  ExpectInterval(Ror(kNoProduct), kNotDefined, 0, kInfinity);
  ExpectInterval(Ror(kEveryProduct), kNotDefined, 0, kInfinity);
  ExpectInterval(Ror(kSingleRow), kNotDefined, 0, kInfinity);
  ExpectInterval(Ror(kEmpty), kNotDefined, 0, kInfinity);
}

// As for ROR, on the scale from -1 to 1: Q = 1 has a standard error of 0 times infinity.
TEST(YuleQ, ZeroCellsHaveDefinedAnswers) {
  ExpectInterval(YuleQ(kNobodyElse), 1, -1, 1);
  ExpectInterval(YuleQ(kNothingElse), 1, -1, 1);
  ExpectInterval(YuleQ(kNeverTogether), -1, -1, 1);
  ExpectInterval(YuleQ(kNeither), -1, -1, 1);
  ExpectInterval(YuleQ(kSingleRow), kNotDefined, -1, 1);
  ExpectInterval(YuleQ(kEmpty), kNotDefined, -1, 1);
  // a = 3, b = 7, c = 4, d = 86.
  const double q = (3. * 86 - 7. * 4) / (3. * 86 + 7. * 4);
  EXPECT_NEAR(YuleQ(kFull).value, q, 1e-15);
  EXPECT_NEAR(YuleQ(kFull).low, q - 1.959963984540054 * (1 - q * q) / 2 * std::sqrt(1. / 3 + 1. / 7 + 1. / 4 + 1. / 86),
              1e-14);
}

// An empty margin could divide by zero; the correction could overshoot and square a negative distance.
TEST(ChiSquare, EmptyMarginsAndNearIndependenceGiveZero) {
  for (const TwoByTwo& table : {kNoProduct, kEveryProduct, kNoEvent, kSingleRow, kEmpty}) {
    EXPECT_EQ(ChiSquare(table).plain, 0.0);
    EXPECT_EQ(ChiSquare(table).yates, 0.0);
  }
  const TwoByTwo near = {1, 10, 11, 100};  // expected 1.1
  EXPECT_GT(ChiSquare(near).plain, 0.0);
  EXPECT_EQ(ChiSquare(near).yates, 0.0);
  // 100 (3*86 - 7*4)^2 / (10 * 90 * 7 * 93)
  EXPECT_NEAR(ChiSquare(kFull).plain, 100.0 * 230 * 230 / (10.0 * 90 * 7 * 93), 1e-12);
  EXPECT_NEAR(ChiSquare(kFull).yates, 100.0 * 180 * 180 / (10.0 * 90 * 7 * 93), 1e-12);
}

// Rounded products of large counts would turn exact independence into a small association.
TEST(ChiSquare, IsExactlyZeroAtIndependenceOfLargeCounts) {
  const int64_t side = 46'337;  // its square is just below the limit
  const TwoByTwo table = {1, side, side, side * side};
  ASSERT_LE(table.n, limits::kReportCountMax);
  ASSERT_TRUE(table.IsValid());
  EXPECT_EQ(table.Determinant(), 0);
  EXPECT_EQ(ChiSquare(table).plain, 0.0);
  EXPECT_EQ(YuleQ(table).value, 0.0);
  EXPECT_FALSE((TwoByTwo{1, 1, 1, limits::kReportCountMax + 1}).IsValid());
  EXPECT_FALSE((TwoByTwo{2, 1, 2, 3}).IsValid());
  EXPECT_FALSE((TwoByTwo{0, 2, 2, 3}).IsValid());  // n < product or event
}

// Evans' three limits could be strict, or an Inf that is a signal be lost, or a PRR that is not defined pass.
TEST(Evans, TakesItsLimitsIn) {
  EXPECT_TRUE(Evans(2.0, 4.0, 3));
  EXPECT_FALSE(Evans(1.999, 4.0, 3));
  EXPECT_FALSE(Evans(2.0, 3.999, 3));
  EXPECT_FALSE(Evans(2.0, 4.0, 2));
  EXPECT_TRUE(Evans(kInfinity, 4.0, 3));
  EXPECT_FALSE(Evans(kNotDefined, 4.0, 3));
}

// The shrunk figures must be finite where the ratios are not: an Inf or NaN here would escape to an alert's
// numbers.
TEST(InformationComponents, AreFiniteOnEveryTable) {
  for (const TwoByTwo& table : kAll) {
    ASSERT_TRUE(table.IsValid());
    const InformationComponentFigures ic = InformationComponent(table.n11, table.Expected());
    EXPECT_TRUE(std::isfinite(ic.value) && std::isfinite(ic.low));
    EXPECT_LT(ic.low, ic.value);
    const BcpnnFigures bcpnn = Bcpnn(table);
    if (table.n == 0) {
      EXPECT_TRUE(std::isnan(bcpnn.value) && std::isnan(bcpnn.low));
    } else {
      EXPECT_TRUE(std::isfinite(bcpnn.value) && std::isfinite(bcpnn.low));
      EXPECT_LT(bcpnn.low, bcpnn.value);
    }
  }
  EXPECT_EQ(InformationComponent(1, 1.0).value, 0.0);
  EXPECT_EQ(InformationComponent(7, 7.0).value, 0.0);
  // gamma(1/2, 1) is half a chi-square of one degree: its 2.5 % point is 0.000982069117 / 2.
  EXPECT_NEAR(InformationComponent(0, 0.5).low, std::log2(0.000982069117175 / 2), 1e-9);
}

bool SameBits(double x, double y) { return std::memcmp(&x, &y, sizeof(x)) == 0; }

// What the calculator keeps between pairs could be another count's, or rounded on the way: two pairs of one
// file would then differ from the same pairs alone.
TEST(FigureCalculator, EqualsTheSingleFunctionsBitForBit) {
  const GammaMixture prior = {3.25, 0.4, 2.02, 1.9, 0.065};
  FigureCalculator calculator(prior);
  std::vector<TwoByTwo> tables = kAll;
  tables.push_back({5'000, 9'000, 8'000, 1'000'000});  // counts beyond the dense part of the memo
  tables.push_back({4'095, 4'096, 4'097, 100'000});
  for (int round = 0; round < 2; ++round) {
    for (const TwoByTwo& table : tables) {
      const double expected = table.Expected() * 1.25;  // as if stratified
      const Figures figures = calculator.Of(table, expected);
      EXPECT_TRUE(SameBits(figures.ic.value, InformationComponent(table.n11, expected).value));
      EXPECT_TRUE(SameBits(figures.ic.low, InformationComponent(table.n11, expected).low));
      EXPECT_TRUE(SameBits(figures.bcpnn.value, Bcpnn(table).value));
      EXPECT_TRUE(SameBits(figures.bcpnn.low, Bcpnn(table).low));
      const EmpiricalBayesFigures bayes = EmpiricalBayes(prior, table.n11, expected);
      EXPECT_TRUE(SameBits(figures.empirical_bayes.ebgm, bayes.ebgm));
      EXPECT_TRUE(SameBits(figures.empirical_bayes.eb05, bayes.eb05));
      EXPECT_TRUE(SameBits(figures.empirical_bayes.eb95, bayes.eb95));
      EXPECT_EQ(figures.table, table);
    }
  }
  EXPECT_TRUE(std::isnan(FigureCalculator(std::nullopt).Of(kFull, 1).empirical_bayes.eb05));
}

}  // namespace
}  // namespace zaojing::stats
