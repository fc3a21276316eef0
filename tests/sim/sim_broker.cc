#include "tests/sim/sim_broker.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "proto/check.h"
#include "proto/status_util.h"

namespace zaojing::sim {
namespace {

using Outcome = TransactionRange::Outcome;

Outcome OutcomeOf(const Partition& partition, const Entry& entry) {
  return entry.range < 0 ? Outcome::kCommitted : partition.ranges[static_cast<size_t>(entry.range)].outcome;
}

bool Readable(const Partition& partition, const Entry& entry) {
  return entry.kind == Entry::Kind::kRecord && !entry.removed && OutcomeOf(partition, entry) == Outcome::kCommitted;
}

}  // namespace

// --- Partitions ---

int64_t SimBroker::Append(TopicPartition at, std::string key, std::string value, int64_t timestamp) {
  Partition& partition = partitions_[at];
  Entry& entry = partition.entries.emplace_back();
  entry.key = std::move(key);
  entry.value = std::move(value);
  entry.timestamp = timestamp;
  return partition.high() - 1;
}

int64_t SimBroker::Low(TopicPartition at) const {
  const auto found = partitions_.find(at);
  return found == partitions_.end() ? 0 : found->second.low;
}

int64_t SimBroker::High(TopicPartition at) const {
  const auto found = partitions_.find(at);
  return found == partitions_.end() ? 0 : found->second.high();
}

int64_t SimBroker::LastStable(TopicPartition at) const {
  const auto found = partitions_.find(at);
  if (found == partitions_.end()) return 0;
  int64_t stable = found->second.high();
  for (const auto& [producer, range] : found->second.open) {
    stable = std::min(stable, found->second.ranges[static_cast<size_t>(range)].first);
  }
  return stable;
}

std::vector<Record> SimBroker::Fetch(TopicPartition at, int64_t from, size_t records_max, int64_t* position) const {
  std::vector<Record> records;
  *position = from;
  const auto found = partitions_.find(at);
  if (found == partitions_.end()) return records;
  const Partition& partition = found->second;
  const int64_t end = LastStable(at);
  for (; *position < end && records.size() < records_max; ++*position) {
    const Entry& entry = partition.entries[static_cast<size_t>(*position)];
    if (!Readable(partition, entry)) continue;
    Record& record = records.emplace_back();
    record.topic = at.topic;
    record.partition = at.partition;
    record.offset = *position;
    record.timestamp = entry.timestamp;
    record.key = entry.key;
    record.value = entry.value;
    record.tombstone = entry.tombstone;
  }
  return records;
}

void SimBroker::Compact(TopicPartition at, int64_t tombstones_until) {
  const auto found = partitions_.find(at);
  if (found == partitions_.end()) return;
  Partition& partition = found->second;
  const int64_t end = LastStable(at);
  std::map<std::string_view, int64_t> newest;
  for (int64_t offset = 0; offset < end; ++offset) {
    const Entry& entry = partition.entries[static_cast<size_t>(offset)];
    if (Readable(partition, entry)) newest[entry.key] = offset;
  }
  for (int64_t offset = 0; offset < end; ++offset) {
    Entry& entry = partition.entries[static_cast<size_t>(offset)];
    if (entry.kind != Entry::Kind::kRecord || entry.removed) continue;
    const bool superseded = !Readable(partition, entry) || newest[entry.key] != offset;
    entry.removed = superseded || (entry.tombstone && offset < tombstones_until);
  }
}

void SimBroker::Truncate(TopicPartition at, int64_t low) {
  Partition& partition = partitions_[at];
  for (int64_t offset = partition.low; offset < low; ++offset) {
    partition.entries[static_cast<size_t>(offset)].removed = true;
  }
  partition.low = std::max(partition.low, low);
}

void SimBroker::Recreate(TopicPartition at) { partitions_.erase(at); }

// --- Transactions ---

ProducerIdentity SimBroker::InitProducer(const std::string& transactional_id, int64_t now) {
  Producer& producer = producers_[transactional_id];
  if (producer.identity.id < 0) producer.identity = {next_producer_++, -1};
  ++producer.identity.epoch;
  if (producer.phase == Phase::kOngoing) {
    Finish(producer, false);
    ++producer.identity.epoch;
  }
  producer.phase = Phase::kEmpty;
  producer.started = now;
  return producer.identity;
}

absl::StatusOr<SimBroker::Producer*> SimBroker::Find(ProducerIdentity who) {
  for (auto& [name, producer] : producers_) {
    if (producer.identity.id != who.id) continue;
    if (producer.identity.epoch != who.epoch) return absl::FailedPreconditionError("producer fenced");
    return &producer;
  }
  return absl::FailedPreconditionError("unknown producer id");
}

void SimBroker::Begin(Producer& producer, int64_t now) {
  if (producer.phase == Phase::kOngoing) return;
  producer.phase = Phase::kOngoing;
  producer.started = now;
}

absl::Status SimBroker::AddPartition(ProducerIdentity who, TopicPartition at, int64_t now) {
  ASSIGN_OR_RETURN(Producer * producer, Find(who));
  Begin(*producer, now);
  producer->partitions.insert(at);
  return absl::OkStatus();
}

absl::Status SimBroker::AddGroup(ProducerIdentity who, const std::string& group, int64_t now) {
  ASSIGN_OR_RETURN(Producer * producer, Find(who));
  Begin(*producer, now);
  producer->groups.insert(group);
  return absl::OkStatus();
}

absl::Status SimBroker::Produce(ProducerIdentity who, std::span<const OutputRecord> records) {
  // The partition's leader knows epochs only by what was written there: it does not ask the coordinator, which is why a
  // record can land after the transaction it belongs to was ended.
  for (const OutputRecord& record : records) {
    Partition& partition = partitions_[{record.topic, record.partition}];
    int32_t& newest = partition.newest_epoch.try_emplace(who.id, who.epoch).first->second;
    if (who.epoch < newest) return absl::FailedPreconditionError("producer fenced");
    newest = who.epoch;
    auto open = partition.open.find(who.id);
    if (open == partition.open.end()) {
      partition.ranges.push_back({who.id, partition.high(), Outcome::kOpen});
      open = partition.open.emplace(who.id, static_cast<int32_t>(partition.ranges.size()) - 1).first;
    }
    Entry& entry = partition.entries.emplace_back();
    entry.key = record.key;
    entry.value = record.value;
    entry.timestamp = record.timestamp;
    entry.tombstone = record.tombstone;
    entry.range = open->second;
  }
  return absl::OkStatus();
}

absl::Status SimBroker::EndTransaction(ProducerIdentity who, bool commit) {
  ASSIGN_OR_RETURN(Producer * producer, Find(who));
  switch (producer->phase) {
    case Phase::kOngoing:
      Finish(*producer, commit);
      return absl::OkStatus();
    case Phase::kCommitted:
      if (commit) return absl::OkStatus();
      break;
    case Phase::kAborted:
      if (!commit) return absl::OkStatus();
      break;
    case Phase::kEmpty:
      break;
  }
  return absl::FailedPreconditionError("invalid transaction state");
}

void SimBroker::Finish(Producer& producer, bool commit) {
  const int64_t id = producer.identity.id;
  for (const TopicPartition& at : producer.partitions) {
    Partition& partition = partitions_[at];
    partition.newest_epoch[id] = std::max(partition.newest_epoch[id], producer.identity.epoch);
    if (const auto open = partition.open.find(id); open != partition.open.end()) {
      partition.ranges[static_cast<size_t>(open->second)].outcome = commit ? Outcome::kCommitted : Outcome::kAborted;
      partition.open.erase(open);
    }
    Entry& marker = partition.entries.emplace_back();
    marker.kind = commit ? Entry::Kind::kCommitMarker : Entry::Kind::kAbortMarker;
  }
  for (const std::string& name : producer.groups) {
    Group& group = groups_[name];
    const auto pending = group.pending.find(id);
    if (pending == group.pending.end()) continue;
    if (commit) {
      for (auto& [at, offset] : pending->second) group.offsets[at] = std::move(offset);
    }
    group.pending.erase(pending);
  }
  producer.partitions.clear();
  producer.groups.clear();
  producer.phase = commit ? Phase::kCommitted : Phase::kAborted;
}

bool SimBroker::DeliverDelayed() {
  if (delayed_.empty()) return false;
  const DelayedEnd request = delayed_.front();
  delayed_.pop_front();
  // Nobody waits for the answer any more.
  return EndTransaction(request.who, request.commit).ok();
}

void SimBroker::Expire(int64_t now) {
  for (auto& [name, producer] : producers_) {
    if (producer.phase != Phase::kOngoing || now - producer.started < transaction_timeout_us_) continue;
    ++producer.identity.epoch;
    Finish(producer, false);
  }
  for (auto& [name, group] : groups_) {
    const size_t removed = std::erase_if(
        group.members, [&](const auto& member) { return now - member.second.heard >= session_timeout_us_; });
    if (removed > 0 && !group.members.empty() && !group.forming) {
      group.forming = true;
      for (auto& [instance, member] : group.members) member.joined = false;
    }
    FormGeneration(group);
  }
}

}  // namespace zaojing::sim
