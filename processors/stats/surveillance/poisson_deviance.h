// Half the Poisson deviance of one count, y log(y / mu) - (y - mu), without the cancellation of the plain
// formula where y is near mu: there the series in v = (y - mu) / (y + mu) of Loader (2000), "Fast and
// accurate computation of binomial probabilities". Domain: y >= 0, mu > 0. Relative error < 1e-13.
#pragma once

#include <cmath>

namespace zaojing::stats {

inline double HalfPoissonDeviance(double y, double mu) {
  if (y == 0) return mu;
  if (std::fabs(y - mu) >= 0.1 * (y + mu)) return y * std::log(y / mu) - (y - mu);
  const double v = (y - mu) / (y + mu);
  double sum = (y - mu) * v;
  double term = 2 * y * v;
  for (int j = 1; j < 100; ++j) {
    term *= v * v;
    const double next = sum + term / (2 * j + 1);
    if (next == sum) break;
    sum = next;
  }
  return sum;
}

}  // namespace zaojing::stats
