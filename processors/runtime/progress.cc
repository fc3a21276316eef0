#include "processors/runtime/progress.h"

#include <algorithm>
#include <charconv>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

// The sequence in a token; nullopt when an operator's tool has written the offset and left no token.
std::optional<uint64_t> SequenceOf(const std::string& token) {
  uint64_t sequence = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), sequence);
  if (error != std::errc() || end == token.data() + token.size() || *end != ':') return std::nullopt;
  return sequence;
}

}  // namespace

std::string ProgressToken(const v1::Marker& marker) {
  return absl::StrCat(marker.sequence(), ":", absl::BytesToHexString(marker.journal_hash()));
}

absl::StatusOr<Restart> JudgeRestored(const Restored& restored) {
  const auto known = [](const CommittedOffset& offset) { return offset.next != kNoOffset; };
  const bool group_has = std::any_of(restored.committed.begin(), restored.committed.end(), known);
  const auto doubt = [&](std::string_view message) -> absl::StatusOr<Restart> {
    if (!restored.from_zero) return Restart::kRebuild;
    return absl::DataLossError(ToAbsl(message));
  };
  if (!restored.marker) {
    if (group_has) {
      return doubt(
          "the group has offsets but the changelog has no marker: the changelog was lost; replay the "
          "history into new topics, or reset the group and the changelog together");
    }
    if (!restored.changelog_empty) {
      return doubt(
          "the changelog is not empty but holds no marker, and the group has no offsets: it is not this "
          "pipeline's, or its end is missing; name other topics, or delete and recreate the changelog");
    }
    // A store that has read something but never met a marker is not known to be ours.
    return restored.from_zero ? Restart::kFresh : Restart::kRebuild;
  }
  if (!group_has) return Restart::kReset;
  const std::string token = ProgressToken(*restored.marker);
  bool behind = false;
  bool other = false;
  bool equal = true;
  for (const CommittedOffset& offset : restored.committed) {
    equal = equal && offset.metadata == token;
    const std::optional<uint64_t> sequence = SequenceOf(offset.metadata);
    if (!sequence) continue;
    behind = behind || *sequence > restored.marker->sequence();
    other = other || (*sequence == restored.marker->sequence() && offset.metadata != token);
  }
  if (equal) return Restart::kGo;
  if (behind) {
    return doubt(absl::StrCat("the newest marker is commit ", restored.marker->sequence(),
                              " but the group has committed later ones: the end of the changelog is missing"));
  }
  if (other) {
    return doubt(absl::StrCat("commit ", restored.marker->sequence(),
                              " of the changelog is not the one the group has: two deployments share one of them"));
  }
  return Restart::kReset;
}

}  // namespace zaojing
