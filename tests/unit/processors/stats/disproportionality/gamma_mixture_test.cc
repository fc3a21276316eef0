#include "processors/stats/disproportionality/gamma_mixture.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "processors/stats/disproportionality/special_functions.h"

namespace zaojing::stats {
namespace {

double ShareBelow(const GammaPosterior& posterior, double x) {
  const GammaMixture& m = posterior.mixture;
  return m.weight * GammaLower(m.alpha1, m.beta1 * x) + (1 - m.weight) * GammaLower(m.alpha2, m.beta2 * x);
}

// Newton could leave the root, or stop early, where the posterior has two humps, is very narrow, or begins
// near zero. At the answer the distribution must be p.
TEST(Percentile, IsTheRootForEveryShapeOfPosterior) {
  const GammaMixture priors[] = {{3.25, 0.4, 2.02, 1.9, 0.065},
                                 {0.2, 0.1, 2, 4, 1.0 / 3},
                                 {0.79, 0.92, 1.67e-5, 0.02, 0.86},  // its second gamma sits at zero
                                 {5'000, 50, 5'000, 5'000, 0.5},     // two humps far apart
                                 {1e-4, 1e-4, 1e4, 1e4, 0.999}};
  for (const GammaMixture& prior : priors) {
    for (const int64_t n11 : {0, 1, 2, 3, 10, 1'000, 1'000'000}) {
      for (const double expected : {0.0, 1e-8, 1e-3, 0.5, 1.0, 30.0, 1e5}) {
        const GammaPosterior posterior = Posterior(prior, MixtureTermsOf(prior, n11), n11, expected);
        for (const double p : {0.01, 0.05, 0.5, 0.95, 0.99}) {
          const double x = Percentile(posterior, p);
          ASSERT_TRUE(std::isfinite(x) && x >= 0);
          // A shape near zero puts p below the smallest double; then the smallest is the answer.
          if (x < 1e-300) continue;
          EXPECT_NEAR(ShareBelow(posterior, x), p, 1e-9)
              << prior.alpha1 << " n11 " << n11 << " expected " << expected << " p " << p;
        }
      }
    }
  }
}

// The weight could be that of the wrong gamma, or overflow, where one explains the count and the other
// cannot.
TEST(Posterior, GoesToTheGammaThatExplainsTheCount) {
  const GammaMixture prior = {50, 5, 50, 50, 0.5};  // about 10 and about 1
  EXPECT_GT(Posterior(prior, MixtureTermsOf(prior, 1'000), 1'000, 100).mixture.weight, 1 - 1e-12);
  EXPECT_LT(Posterior(prior, MixtureTermsOf(prior, 100), 100, 100).mixture.weight, 1e-12);
  // No expectation and no count say nothing.
  EXPECT_EQ(Posterior(prior, MixtureTermsOf(prior, 0), 0, 0).mixture.weight, 0.5);
}

// A prior that no gamma has would give figures that look like figures.
TEST(CheckPrior, RefusesWhatIsNoPrior) {
  EXPECT_TRUE(CheckPrior({1, 1, 1, 1, 0.5}).ok());
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  for (const GammaMixture& prior :
       {GammaMixture{0, 1, 1, 1, 0.5}, GammaMixture{1, -1, 1, 1, 0.5}, GammaMixture{1, 1, nan, 1, 0.5},
        GammaMixture{1, 1, 1, inf, 0.5}, GammaMixture{1, 1, 1, 1, 0}, GammaMixture{1, 1, 1, 1, 1},
        GammaMixture{1, 1, 1, 1, nan}}) {
    EXPECT_EQ(CheckPrior(prior).code(), absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace zaojing::stats
