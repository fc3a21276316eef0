// Quantiles of the distributions the methods compare counts with. Pure; defined for every argument named.
#pragma once

namespace zaojing::stats {

// The p quantile of the standard normal distribution; -inf at p <= 0, +inf at p >= 1. Relative error < 1e-15.
double NormalQuantile(double p);
// Phi(x).
double NormalCdf(double x);
// Two-sided p value of a t statistic with `degrees` > 0 degrees of freedom; 1 when t is not a number.
double StudentTwoSided(double t, double degrees);

// The smallest count x with P(X <= x) >= p. 0 for p <= 0, +inf for p >= 1. Mean 0 gives 0; a mean that is not
// finite gives NaN. Whole numbers: no error, but where p lies within 1e-14 of a step of the distribution.
double PoissonQuantile(double p, double mean);
// Negative binomial of the given mean and size (variance = mean + mean^2 / size). size = +inf is Poisson.
double NegativeBinomialQuantile(double p, double mean, double size);

// P(X >= count) for a negative binomial of that mean and size; 1 at count <= 0.
double NegativeBinomialUpperTail(double count, double mean, double size);

}  // namespace zaojing::stats
