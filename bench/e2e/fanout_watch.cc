#include "bench/e2e/fanout_watch.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "bench/e2e/latency.h"
#include "proto/status_util.h"

namespace zaojing::bench {

absl::StatusOr<std::unique_ptr<FanoutWatch>> FanoutWatch::Open(const Setting& setting, const KafkaClientOptions& client,
                                                               const SteadyLoad& load, uint32_t reached) {
  std::unique_ptr<FanoutWatch> watch(new FanoutWatch(load, reached));
  ASSIGN_OR_RETURN(watch->tail_, TailReader::Open(client, {Topic::kVerdicts, Topic::kTakedowns}, setting.partitions));
  return watch;
}

absl::Status FanoutWatch::Read(int wait_ms) {
  return tail_->Read(wait_ms, [this](const Record& record) {
    if (record.topic == Topic::kVerdicts) {
      TakeVerdict(record.value);
    } else {
      TakeInstruction(record.value);
    }
  });
}

void FanoutWatch::TakeVerdict(std::string_view value) {
  if (!verdict_.ParseFromArray(value.data(), static_cast<int>(value.size()))) return;
  const std::optional<size_t> probe = load_.ProbeOf(verdict_.lookup_id());
  if (!probe.has_value() || verdict_.action() != v1::ACTION_BLOCK) return;
  if (*probe >= seen_us_.size()) seen_us_.resize(std::max(*probe + 1, 2 * seen_us_.size()), 0);
  if (seen_us_[*probe] != 0) {
    ++probed_.again;
    return;
  }
  seen_us_[*probe] = NowMicros();
  ++probed_.answered;
}

void FanoutWatch::TakeInstruction(std::string_view value) {
  const bool readable = takedown_.ParseFromArray(value.data(), static_cast<int>(value.size()));
  const std::string& id = takedown_.listing_id();
  // A patrol of the workload may be the first sight of its listing.
  if (readable && !id.empty() && id[0] != kReachedFamily) return;
  uint32_t listing = 0;
  if (!readable || takedown_.instruction() != v1::INSTRUCTION_TAKE_DOWN || id.empty() ||
      std::from_chars(id.data() + 1, id.data() + id.size(), listing).ec != std::errc() || listing >= told_of_.size()) {
    ++told_.others;
    return;
  }
  if (told_of_[listing]) {
    ++told_.again;
    return;
  }
  told_of_[listing] = true;
  told_.last_us = NowMicros();
  if (told_.listings++ == 0) told_.first_us = told_.last_us;
}

Percentiles FanoutWatch::SentWithin(int64_t from_us, int64_t to_us) const {
  std::vector<int64_t> took_us;
  for (size_t probe = 0; probe < seen_us_.size(); ++probe) {
    if (seen_us_[probe] == 0) continue;
    const int64_t sent = load_.probe_sent_us(probe);
    if (sent >= from_us && sent < to_us) took_us.push_back(seen_us_[probe] - sent);
  }
  std::sort(took_us.begin(), took_us.end());
  return {took_us.size(), QuantileMs(took_us, 0.5), QuantileMs(took_us, 0.99), QuantileMs(took_us, 1)};
}

}  // namespace zaojing::bench
