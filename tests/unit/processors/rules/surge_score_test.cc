#include "processors/rules/surge_score.h"

#include <gtest/gtest.h>

#include <cmath>

namespace zaojing {
namespace {

// -log10 of the upper tail, every term summed: no special function in common with the code.
double Summed(int count, double mean, double dispersion) {
  double term;
  double tail = 0;
  if (dispersion == 0) {
    term = std::exp(-mean);
    for (int i = 0; i < count; ++i) term *= mean / (i + 1);
    for (int i = count; i < count + 3000; ++i) {
      tail += term;
      term *= mean / (i + 1);
    }
  } else {
    const double size = 1 / dispersion;
    const double q = mean / (size + mean);
    term = std::pow(1 - q, size);
    for (int i = 0; i < count; ++i) term *= q * (size + i) / (i + 1);
    for (int i = count; i < count + 3000; ++i) {
      tail += term;
      term *= q * (size + i) / (i + 1);
    }
  }
  return -std::log10(tail);
}

// A wrong parameter of the beta or gamma function (count for count - 1, mean for rate) is off by far more than 1e-5.
TEST(SurgeScore, EqualsTheSummedTail) {
  for (int64_t dispersion : {0, 50'000, 200'000, 1'000'000}) {
    for (int64_t mean : {200'000, 1'000'000, 7'300'000}) {
      for (uint64_t count : {1U, 2U, 5U, 9U, 40U}) {
        const double expected =
            Summed(static_cast<int>(count), static_cast<double>(mean) / 1e6, static_cast<double>(dispersion) / 1e6);
        EXPECT_NEAR(static_cast<double>(SurgeScoreE6(count, mean, dispersion)) / 1e6, expected, 1e-5)
            << count << " " << mean << " " << dispersion;
      }
    }
  }
}

// Nothing is no surprise, and what is beyond any figure is capped, not infinite.
TEST(SurgeScore, Ends) {
  EXPECT_EQ(SurgeScoreE6(0, 1'000'000, 0), 0);
  EXPECT_EQ(SurgeScoreE6(100'000, 1'000, 0), 300'000'000);
}

}  // namespace
}  // namespace zaojing
