#include "bench/e2e/fanout_report.h"

#include <cstdio>

namespace zaojing::bench {

void Print(const char* when, const Window& w) {
  const double seconds = w.seconds();
  std::printf(
      "%-8s | look-ups committed %8.0f/s in %.1f commits/s | CPUs: worker %.2f (lanes %.2f), broker %.2f, bench %.2f | "
      "late at most %.1f ms\n",
      when, w.committed() / seconds, (w.commits_to - w.commits_from) / seconds, w.cpu() / seconds,
      (w.lanes_to - w.lanes_from) / seconds, (w.to.broker_cpu - w.from.broker_cpu) / seconds,
      (w.bench_to - w.bench_from) / seconds, static_cast<double>(w.late_us) * 1e-3);
  std::fflush(stdout);
}

void Print(const char* when, const Percentiles& p) {
  std::printf("%-8s | %6zu probes | p50 %7.1f ms | p99 %7.1f ms | max %7.1f ms\n", when, p.count, p.p50_ms, p.p99_ms,
              p.max_ms);
}

}  // namespace zaojing::bench
