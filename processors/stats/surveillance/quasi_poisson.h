// Quasi-Poisson regression with log link, an intercept for each group and an optional common slope in time:
// the model of both Farrington methods. Fitted by iteratively reweighted least squares with the start and the
// stopping rule of R's glm (mu = y + 0.1; relative change of the deviance < 1e-8; at most 25 rounds), so that
// even fits that have not quite come to rest are R's to rounding. The weighted least squares have a closed
// form, because the design is a one-way layout with one covariate: no matrix is factored. One object a
// thread; its vectors are reused by each fit.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace zaojing::stats {

// What a model is fitted to. All vectors have one entry a reference value.
struct ReferenceSet {
  std::vector<double> counts = {};
  std::vector<double> times = {};    // steps
  std::vector<double> offsets = {};  // log population; 0 without
  std::vector<size_t> groups = {};   // < group_count; a group without members is left out
  size_t group_count = 1;

  void Clear();
  void Append(double count, double time, double offset, size_t group);
};

class QuasiPoisson {
 public:
  // Effect: fits to `reference`, which must live as long as this object is asked. `weights` (prior weights >=
  // 0, by reference value) may be empty = 1. True when converged; false leaves the last round's values. A
  // slope that the reference set does not determine is left out.
  bool Fit(const ReferenceSet& reference, std::span<const double> weights, bool trend);

  bool has_slope() const { return sum_xx_ > 0; }
  double slope() const { return slope_; }
  // Observations of positive weight minus coefficients.
  double residual_degrees() const { return residual_degrees_; }

  // sum weight_i ((y_i - mu_i) / mu_i)^2 / residual degrees of freedom: with the working weights of the last
  // round the Pearson dispersion. NaN without degrees of freedom.
  double Dispersion(std::span<const double> weights) const;
  std::span<const double> working_weights() const { return working_; }

  // Linear predictor at a point, offset included, and its variance divided by the dispersion.
  struct Prediction {
    double eta;
    double variance;
  };
  Prediction Predict(size_t group, double time, double offset) const;
  // Two-sided p value of the slope for the given dispersion.
  double SlopePValue(double dispersion) const;

  // Anscombe residuals 3/2 (y^{2/3} mu^{-1/6} - mu^{1/2}) / sqrt(phi (1 - leverage)). A point of leverage 1
  // has 0.
  void AnscombeResiduals(double phi, std::vector<double>& residuals) const;

 private:
  void Solve(std::span<const double> weights, bool trend);
  double Deviance(std::span<const double> weights) const;
  double Weight(std::span<const double> weights, size_t i) const { return weights.empty() ? 1 : weights[i]; }

  const ReferenceSet* reference_ = nullptr;
  double centre_ = 0;  // mean time
  std::vector<double> eta_;
  std::vector<double> mean_;
  std::vector<double> working_;
  // By group: sum of working weights, weighted means of time and working response, intercept.
  struct Group {
    double weight = 0;
    double time = 0;
    double response = 0;
    double intercept = 0;
  };
  std::vector<Group> groups_;
  double sum_xx_ = 0;  // weighted, within groups
  double slope_ = 0;
  double residual_degrees_ = 0;
};

// Weights that damp past outbreaks (Farrington et al. 1996, section 3.5): gamma for residuals up to
// `threshold`, gamma / residual^2 above, gamma such that they sum to their number.
void OutbreakWeights(std::span<const double> residuals, double threshold, std::vector<double>& weights);

}  // namespace zaojing::stats
