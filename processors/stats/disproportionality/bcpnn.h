// Bayesian confidence propagation neural network: the information component under beta priors, normal
// approximation. With p = n1_ + 1, q = n_1 + 1, r = n11 + 1, m = n + 2, s = n - n11 - 1 + m^2 / (p q),
// digamma psi, trigamma psi':
//   IC  = [psi(r) - psi(r + s) - psi(p) - psi(q) + 2 psi(m)] / ln 2
//   var = [psi'(r) - psi'(r + s) + psi'(p) + psi'(q) - 2 psi'(m)] / (ln 2)^2
//   low = IC - z sqrt(var), z = kNormal975
// Source: Bate et al. (1998), European Journal of Clinical Pharmacology 54:315-321, with the exact moments of
// Gould (2003), Pharmacoepidemiology and Drug Safety 12:559-574. Units: bits. Domain: a valid table with n >
// 0; an empty table has value and bound not defined. Always finite otherwise. Relative error against R below
// 1e-8.
#pragma once

#include <cstdint>

#include "processors/stats/disproportionality/two_by_two.h"

namespace zaojing::stats {

struct BcpnnFigures {
  double value = 0;
  double low = 0;
};

// psi and psi' of count + 1: what a margin or a count contributes, so that a table can keep it.
struct BcpnnTerm {
  double digamma = 0;
  double trigamma = 0;
};
BcpnnTerm BcpnnTermOf(int64_t count);

// `total` is BcpnnTermOf(n + 1).
struct BcpnnTerms {
  BcpnnTerm pair;
  BcpnnTerm product;
  BcpnnTerm event;
  BcpnnTerm total;
};
BcpnnFigures BcpnnFrom(const TwoByTwo& table, const BcpnnTerms& terms);

BcpnnFigures Bcpnn(const TwoByTwo& table);

}  // namespace zaojing::stats
