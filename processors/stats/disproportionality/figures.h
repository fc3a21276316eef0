// Every disproportionality figure of a pair in one struct, and a calculator that keeps what depends on a
// single count, so that a table of pairs pays for each distinct count once. The figures are those of the
// single functions bit for bit: what is kept is their own intermediate result.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "processors/stats/disproportionality/bcpnn.h"
#include "processors/stats/disproportionality/chi_square.h"
#include "processors/stats/disproportionality/gamma_mixture.h"
#include "processors/stats/disproportionality/information_component.h"
#include "processors/stats/disproportionality/two_by_two.h"

namespace zaojing::stats {

struct Figures {
  TwoByTwo table;
  double expected = 0;
  Interval prr;
  ChiSquareFigures chi_square;
  Interval ror;
  Interval yule_q;
  InformationComponentFigures ic;
  BcpnnFigures bcpnn;
  EmpiricalBayesFigures empirical_bayes;  // not defined without a prior
  bool evans = false;                     // on the plain chi-square
  bool evans_yates = false;
};

// A function of one count, remembered: small counts in a vector, others in a map.
template <typename Value, typename Function>
class CountMemo {
 public:
  explicit CountMemo(Function function) : function_(std::move(function)) {}
  const Value& Of(int64_t count) {
    if (count < kDense) {
      const size_t place = static_cast<size_t>(count);
      if (place >= dense_.size()) dense_.resize(place + 1);
      if (!dense_[place]) dense_[place] = function_(count);
      return *dense_[place];
    }
    const auto [found, added] = sparse_.try_emplace(count);
    if (added) found->second = function_(count);
    return found->second;
  }

 private:
  static constexpr int64_t kDense = 4096;
  Function function_;
  std::vector<std::optional<Value>> dense_;
  absl::flat_hash_map<int64_t, Value> sparse_;
};

// One owner, one thread. Memory linear in the distinct counts seen.
class FigureCalculator {
 public:
  // REQUIRES a prior, if there is one, that CheckPrior accepts.
  explicit FigureCalculator(std::optional<GammaMixture> prior);

  // REQUIRES table.IsValid(). `expected` is used by the information component and the empirical Bayes
  // figures; it may be stratified. The others are of the plain table.
  Figures Of(const TwoByTwo& table, double expected);
  // The information component alone.
  InformationComponentFigures InformationComponentOf(int64_t n11, double expected);

 private:
  struct MixtureTerms {
    GammaMixture prior;
    MixtureCountTerms operator()(int64_t n11) const { return MixtureTermsOf(prior, n11); }
  };

  std::optional<GammaMixture> prior_;
  CountMemo<double, double (*)(int64_t)> ic_low_;
  CountMemo<BcpnnTerm, BcpnnTerm (*)(int64_t)> bcpnn_;
  CountMemo<MixtureCountTerms, MixtureTerms> mixture_;
};

}  // namespace zaojing::stats
