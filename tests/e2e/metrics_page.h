// One scrape of a worker's /metrics.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace zaojing {

struct MetricsPage {
  // By series as served, `name` or `name{label="value",...}`, labels in the order served.
  std::map<std::string, double> series;
  std::set<std::string> families;  // our names with a TYPE line

  // The one series of this name whose labels contain all of `labels` (`stage="screen"`); -1 when there is none.
  double Value(const std::string& name, const std::vector<std::string>& labels = {}) const;
  // How many series have this name, and what they sum to.
  size_t Count(const std::string& name) const;
  double Sum(const std::string& name) const;
};

// GET http://127.0.0.1:<port>/metrics; an empty page when nobody answers.
MetricsPage Scrape(int port);

}  // namespace zaojing
