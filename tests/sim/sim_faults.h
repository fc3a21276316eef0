// What may go wrong in a call of SimLog, and who decides it: faults are drawn from a seed, or scripted call by call.
// Knows nothing of what the checkers look for.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string_view>
#include <utility>

#include "proto/mix_bits.h"

namespace zaojing::sim {

// SplitMix64: the whole world's randomness comes from one of these.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    state_ += kSplitMixStep;
    return MixBits(state_);
  }
  uint64_t Below(uint64_t bound) { return Next() % bound; }
  bool Percent(uint64_t percent) { return Below(100) < percent; }

 private:
  uint64_t state_;
};

enum class Call : uint8_t {
  kPoll,
  kAssign,
  kUnassign,
  kCommitted,
  kInitProducer,
  kBegin,
  kProduce,
  kSendOffsets,
  kCommit,
  kAbort,
  kBounds,
  kOpenChangelog,
  kReadChangelog,
  kClusterId,
};
inline constexpr std::array<std::string_view, 14> kCallNames = {
    "poll",    "assign", "unassign", "committed", "init", "begin", "produce",
    "offsets", "commit", "abort",    "bounds",    "open", "read",  "cluster",
};

enum class Fault : uint8_t {
  kNone,
  kUnavailable,  // nothing happened, try again
  kAborted,      // the transaction is lost
  kAnswerLost,   // Commit: it happened, the answer did not come
  kRequestLost,  // Commit: it did not happen, nobody says so
  kDelayed,      // Commit: the request is still on its way
};

// Percentages, by call.
struct FaultRates {
  uint64_t unavailable = 0;  // any call
  uint64_t aborted = 0;      // Produce, SendOffsets, Commit
  uint64_t unknown = 0;      // Commit: a third each of the three ways
};

class Faults {
 public:
  Faults(Random& random, FaultRates rates) : random_(random), rates_(rates) {}

  Fault Draw(Call call) {
    if (!scripted_.empty()) {
      if (scripted_.front().first != call) return Fault::kNone;
      const Fault fault = scripted_.front().second;
      scripted_.pop_front();
      return fault;
    }
    if (rates_.unavailable > 0 && random_.Percent(rates_.unavailable)) return Fault::kUnavailable;
    const bool of_transaction = call == Call::kProduce || call == Call::kSendOffsets || call == Call::kCommit;
    if (of_transaction && rates_.aborted > 0 && random_.Percent(rates_.aborted)) return Fault::kAborted;
    if (call == Call::kCommit && rates_.unknown > 0 && random_.Percent(rates_.unknown)) {
      constexpr std::array<Fault, 3> kWays = {Fault::kAnswerLost, Fault::kRequestLost, Fault::kDelayed};
      return kWays[random_.Below(3)];
    }
    return Fault::kNone;
  }
  // Effect: the next `call` meets `fault`; scripted faults are met in order, and nothing is drawn before they are.
  void Script(Call call, Fault fault) { scripted_.emplace_back(call, fault); }
  // Effect: nothing goes wrong from here on.
  void Heal() {
    rates_ = {};
    scripted_.clear();
  }

 private:
  Random& random_;
  FaultRates rates_;
  std::deque<std::pair<Call, Fault>> scripted_;
};

}  // namespace zaojing::sim
