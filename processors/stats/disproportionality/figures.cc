#include "processors/stats/disproportionality/figures.h"

#include "processors/stats/disproportionality/evans.h"
#include "processors/stats/disproportionality/prr.h"
#include "processors/stats/disproportionality/ror.h"
#include "processors/stats/disproportionality/yule_q.h"

namespace zaojing::stats {

FigureCalculator::FigureCalculator(std::optional<GammaMixture> prior)
    : prior_(prior),
      ic_low_(InformationComponentLowOfCount),
      bcpnn_(BcpnnTermOf),
      mixture_(MixtureTerms{prior.value_or(GammaMixture{})}) {}

InformationComponentFigures FigureCalculator::InformationComponentOf(int64_t n11, double expected) {
  return InformationComponentFrom(n11, expected, ic_low_.Of(n11));
}

Figures FigureCalculator::Of(const TwoByTwo& table, double expected) {
  Figures figures;
  figures.table = table;
  figures.expected = expected;
  figures.prr = Prr(table);
  figures.chi_square = ChiSquare(table);
  figures.ror = Ror(table);
  figures.yule_q = YuleQ(table);
  figures.ic = InformationComponentOf(table.n11, expected);
  // Copied: the memo may move a kept term while it makes the next one.
  const BcpnnTerm pair = bcpnn_.Of(table.n11);
  const BcpnnTerm product = bcpnn_.Of(table.n1_);
  const BcpnnTerm event = bcpnn_.Of(table.n_1);
  figures.bcpnn = BcpnnFrom(table, {pair, product, event, bcpnn_.Of(table.n + 1)});
  figures.empirical_bayes = {kNotDefined, kNotDefined, kNotDefined};
  if (prior_) {
    figures.empirical_bayes = EmpiricalBayesFrom(Posterior(*prior_, mixture_.Of(table.n11), table.n11, expected));
  }
  figures.evans = Evans(figures.prr.value, figures.chi_square.plain, table.n11);
  figures.evans_yates = Evans(figures.prr.value, figures.chi_square.yates, table.n11);
  return figures;
}

}  // namespace zaojing::stats
