#include "tests/e2e/metrics_page.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

namespace zaojing {
namespace {

std::string Get(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string page;
  const std::string request = "GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n";
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      ::send(socket, request.data(), request.size(), 0) == static_cast<ssize_t>(request.size())) {
    char buffer[4096];
    for (ssize_t got; (got = ::recv(socket, buffer, sizeof buffer, 0)) > 0;) {
      page.append(buffer, static_cast<size_t>(got));
    }
  }
  ::close(socket);
  return page;
}

bool Named(const std::string& series, const std::string& name) {
  return series == name || series.compare(0, name.size() + 1, name + "{") == 0;
}

}  // namespace

double MetricsPage::Value(const std::string& name, const std::vector<std::string>& labels) const {
  for (const auto& [text, value] : series) {
    const bool all = std::all_of(labels.begin(), labels.end(), [&text = text](const std::string& label) {
      return text.find(label) != std::string::npos;
    });
    if (Named(text, name) && all) return value;
  }
  return -1;
}

size_t MetricsPage::Count(const std::string& name) const {
  return static_cast<size_t>(
      std::count_if(series.begin(), series.end(), [&](const auto& entry) { return Named(entry.first, name); }));
}

double MetricsPage::Sum(const std::string& name) const {
  double sum = 0;
  for (const auto& [text, value] : series) sum += Named(text, name) ? value : 0;
  return sum;
}

MetricsPage Scrape(int port) {
  MetricsPage page;
  std::istringstream lines(Get(port));
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.compare(0, 7, "# TYPE ") == 0 && line.find("zaojing_") == 7)
      page.families.insert(line.substr(7, line.find(' ', 7) - 7));
    const size_t space = line.rfind(' ');
    if (line.compare(0, 8, "zaojing_") != 0 || space == std::string::npos) continue;
    page.series[line.substr(0, space)] = std::stod(line.substr(space + 1));
  }
  return page;
}

}  // namespace zaojing
