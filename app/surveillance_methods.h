// The methods of `analyze surveillance` by name: options from flags, what they came to for the output's
// header comment, and the run. A flag that was not given leaves each method its own default.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "processors/stats/surveillance/series.h"

namespace zaojing {

// Flags, by their R name where there is one. Rows are counted from 1.
struct SurveillanceFlags {
  std::optional<uint64_t> first = std::nullopt;  // first row judged
  uint64_t frequency = 52;                       // steps a year
  std::optional<double> alpha = std::nullopt;
  // EARS
  uint64_t baseline = 7;
  double min_sigma = 0;
  // Farrington, Farrington flexible, Bayes
  std::optional<uint64_t> b = std::nullopt;
  std::optional<uint64_t> w = std::nullopt;
  bool no_reweight = false;
  bool no_trend = false;
  std::vector<int64_t> limit54 = {5, 4};
  std::string power_transform = "2/3";
  bool population_offset = false;
  double weights_threshold = 2.58;
  double p_threshold_trend = 0.05;
  uint64_t no_periods = 1;
  std::optional<uint64_t> past_not_included = std::nullopt;
  std::string threshold_method = "delta";
  bool no_recent = false;
  // CUSUM
  double k = 1.04;
  double h = 2.26;
  std::string transform = "standard";
  std::optional<double> mean = std::nullopt;
  bool seasonal_mean = false;
  double pearson_alpha = 0.1;
  // GLR-Poisson, NB-CUSUM
  double c_arl = 5;
  std::optional<double> theta = std::nullopt;
  std::optional<uint64_t> window = std::nullopt;
  uint64_t m_tilde = 1;
  bool decrease = false;
  uint64_t harmonics = 1;
  bool baseline_trend = false;
  std::optional<double> dispersion = std::nullopt;
  // EWMA, Shewhart; CUSUM's level
  std::optional<uint64_t> level_points = std::nullopt;
  double width = 3;
  double lambda = 0.85;
  std::optional<double> start = std::nullopt;
};

// In the order of `all`.
const std::vector<std::string>& SurveillanceMethodNames();

struct SurveillanceRun {
  std::string parameters;  // "baseline=7 min_sigma=0 alpha=0.001 first=8"
  stats::Signals signals;
};

// Runs one method. `lenient_first`: a first row too early for the method is moved to the first that it can
// judge (for `all`, whose methods differ). Flags whose words are unknown: kInvalidArgument in `signals`.
SurveillanceRun RunSurveillanceMethod(const std::string& name, const stats::Series& series,
                                      const SurveillanceFlags& flags, bool lenient_first);

}  // namespace zaojing
