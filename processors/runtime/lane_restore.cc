// A store brought up to the changelog's end, and the verdict on it: go on, begin afresh, rebuild, refuse.
#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/runtime/lane.h"
#include "processors/runtime/progress.h"
#include "processors/state/digest.h"
#include "proto/check.h"
#include "proto/status_util.h"

namespace zaojing {

absl::Status Lane::ReadOn(uint32_t number, Opening& opening) {
  if (opening.position < opening.bounds.high) {
    int64_t position = opening.position;
    const absl::StatusOr<std::unique_ptr<RecordBatch>> batch = log_.ReadChangelog(ChangelogOf(number), &position);
    if (absl::IsDataLoss(batch.status())) return Overtaken(number, opening, batch.status());
    RETURN_IF_ERROR(batch.status());
    if (position == opening.position) {
      idle_ = true;  // an open transaction of an earlier owner: the broker ends it in time
      return absl::OkStatus();
    }
    absl::Status restored = opening.task->Restore((*batch)->records(), position);
    if (absl::IsDataLoss(restored)) return Rebuild(number, opening, ToStd(restored.message()));
    RETURN_IF_ERROR(restored);
    opening.position = position;
    opening.records += (*batch)->records().size();
    changelog_next_[number] = position;
    observer_.OnRestoreProgress({number, opening.from, position, opening.bounds.high, opening.records});
    return absl::OkStatus();
  }
  log_.CloseChangelog(ChangelogOf(number));
  if (opening.records > 0) unflushed_[number] += opening.records;
  return Judge(number, opening);
}

absl::Status Lane::Judge(uint32_t number, Opening& opening) {
  Restored restored;
  restored.marker = opening.task->marker();
  restored.committed = opening.committed;
  if (restored.marker) {
    // The group cannot have this marker's token where the marker has no position.
    const std::vector<TopicPartition> gained = opening.task->Unread();
    std::erase_if(restored.committed, [&](const CommittedOffset& offset) {
      return std::find(gained.begin(), gained.end(), offset.at) != gained.end();
    });
    for (const TopicPartition& at : gained) {
      observer_.OnNotice(absl::StrCat(StoreName(number), ": ", ToAbsl(NameOf(at.topic)),
                                      " is new to this task; it is read from its oldest record on"));
    }
  }
  restored.from_zero = opening.from_zero;
  restored.changelog_empty = opening.records == 0 && opening.bounds.low == 0;
  const absl::StatusOr<Restart> restart = JudgeRestored(restored);
  if (!restart.ok()) {
    return absl::Status(restart.status().code(), absl::StrCat(StoreName(number), ": ", restart.status().message()));
  }
  switch (*restart) {
    case Restart::kRebuild:
      return Rebuild(number, opening, "the store does not fit the group's offsets");
    case Restart::kReset:
      observer_.OnNotice(absl::StrCat(StoreName(number),
                                      ": the group's offsets are not those of the newest marker "
                                      "(reset or expired); commit ",
                                      restored.marker->sequence(), " of the marker counts"));
      break;
    case Restart::kGo:
      break;
    case Restart::kFresh:
      opening.phase = Opening::Phase::kBeginnings;
      return absl::OkStatus();
  }
  opening.phase = opening.vouched ? AfterVerify(opening) : Opening::Phase::kVerify;
  return absl::OkStatus();
}

Lane::Opening::Phase Lane::AfterVerify(const Opening& opening) {
  return opening.task->Unread().empty() ? Opening::Phase::kReady : Opening::Phase::kBeginnings;
}

// A changelog that lost its beginning still ends in a good marker, and a store that died during its first restore does
// not say whose it is; only the digest tells. Once it is checked the store says so. What follows from other entries is
// checked with them: it was made here, and can only be wrong by a fault of ours.
absl::Status Lane::Verify(uint32_t number, Opening& opening) {
  if (opening.scan == nullptr) {
    opening.scan = opening.task->Entries("");
    opening.check.emplace(stage_.derivation());
  }
  StoreIterator& scan = *opening.scan;
  for (size_t left = limits::kVerifyEntriesMax; left > 0 && scan.Valid(); --left, scan.Next()) {
    opening.check->Add(scan.key(), scan.value());
  }
  RETURN_IF_ERROR(scan.status());
  if (scan.Valid()) return absl::OkStatus();
  opening.scan.reset();
  const v1::Marker& marker = *opening.task->marker();
  if (opening.check->digest() != Digest{marker.digest_high(), marker.digest_low()}) {
    if (!opening.from_zero) return Rebuild(number, opening, "what was restored before is not this task's");
    return absl::DataLossError(
        absl::StrCat(StoreName(number), ": the state rebuilt from the changelog is not the one of commit ",
                     marker.sequence(), ": the changelog has lost records; replay the history into new topics"));
  }
  if (!opening.check->derived_fits()) {
    return Rebuild(number, opening, "its derived entries do not follow from the others");
  }
  opening.phase = AfterVerify(opening);
  return opening.task->Vouch();
}

// Effect: the store is gone and the task begins again from the changelog alone. A disk that fails again and again is
// not worked around for ever.
absl::Status Lane::Rebuild(uint32_t number, Opening& opening, std::string_view why) {
  if (++rebuilds_[number] > limits::kRebuildsMax) {
    return absl::DataLossError(absl::StrCat(StoreName(number), ": ", limits::kRebuildsMax,
                                            " rebuilds did not help, replace the disk: ", ToAbsl(why)));
  }
  observer_.OnNotice(absl::StrCat(StoreName(number), ": store discarded, restoring from the changelog: ", ToAbsl(why)));
  if (opening.task != nullptr) {
    log_.CloseChangelog(ChangelogOf(number));
    (void)opening.task->Close();
    observer_.OnTaskClosed(number);
  }
  opening = Opening{};
  return stores_.Discard(StoreName(number));
}

// Compaction removed what the walk stood on. It says nothing against a rebuild done before, and happens no more often
// than the log moves.
absl::Status Lane::Overtaken(uint32_t number, Opening& opening, const absl::Status& why) {
  rebuilds_.erase(number);
  return Rebuild(number, opening, ToStd(why.message()));
}

}  // namespace zaojing
