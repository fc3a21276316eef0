#include "processors/stats/disproportionality/special_functions.h"

#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>

namespace zaojing::stats {
namespace {

namespace policies = boost::math::policies;
// No promotion to long double: the references are met to 1e-9 without it, at a third of the time and with one
// answer on machines whose long double differs. Errors set errno and return NaN or Inf instead of throwing.
using Plain =
    policies::policy<policies::promote_double<false>, policies::domain_error<policies::errno_on_error>,
                     policies::pole_error<policies::errno_on_error>, policies::overflow_error<policies::errno_on_error>,
                     policies::evaluation_error<policies::errno_on_error>>;

}  // namespace

double Digamma(double x) { return boost::math::digamma(x, Plain()); }
double Trigamma(double x) { return boost::math::trigamma(x, Plain()); }
double LogGamma(double x) { return boost::math::lgamma(x, Plain()); }
double GammaLower(double a, double x) { return boost::math::gamma_p(a, x, Plain()); }
double GammaUpper(double a, double x) { return boost::math::gamma_q(a, x, Plain()); }
double GammaQuantile(double shape, double p) { return boost::math::gamma_p_inv(shape, p, Plain()); }

}  // namespace zaojing::stats
