// The special functions the estimators need: Boost.Math in double precision, without exceptions. The only
// file of this folder that sees Boost. Pure, any thread. Out of domain gives NaN; the callers' domains
// exclude it.
#pragma once

namespace zaojing::stats {

double Digamma(double x);   // x > 0
double Trigamma(double x);  // x > 0
double LogGamma(double x);  // ln of gamma(x), x > 0

// Regularised incomplete gamma functions of shape a > 0 at x >= 0: lower P and upper Q = 1 - P.
double GammaLower(double a, double x);
double GammaUpper(double a, double x);

// The x at which GammaLower(shape, x) = p, 0 < p < 1: the quantile of a gamma of rate 1.
double GammaQuantile(double shape, double p);

}  // namespace zaojing::stats
