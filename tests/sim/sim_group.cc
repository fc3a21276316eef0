// The group half of SimBroker: members, generations, offsets.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/sim/sim_broker.h"

namespace zaojing::sim {

std::string SimBroker::Join(const std::string& name, const std::string& instance, std::span<const Topic> topics,
                            int64_t now) {
  Group& group = groups_[name];
  group.topics.assign(topics.begin(), topics.end());
  const bool known = group.members.contains(instance);
  Member& member = group.members[instance];
  member.id = absl::StrCat(instance, "-", next_member_++);
  member.heard = now;
  if (!known && !group.forming) {
    group.forming = true;
    for (auto& [other, state] : group.members) state.joined = false;
  }
  if (group.forming) {
    member.joined = true;
    FormGeneration(group);
  }
  return member.id;
}

Membership SimBroker::Heartbeat(const std::string& name, const std::string& instance, const std::string& member,
                                int64_t now) {
  Group& group = groups_[name];
  const auto found = group.members.find(instance);
  if (found == group.members.end() || found->second.id != member) return Membership::kUnknown;
  found->second.heard = now;
  return group.forming ? Membership::kRebalancing : Membership::kStable;
}

void SimBroker::Rejoin(const std::string& name, const std::string& instance, int64_t now) {
  Group& group = groups_[name];
  const auto found = group.members.find(instance);
  if (found == group.members.end()) return;
  found->second.heard = now;
  found->second.joined = true;
  FormGeneration(group);
}

void SimBroker::FormGeneration(Group& group) {
  if (!group.forming) return;
  for (const auto& [instance, member] : group.members) {
    if (!member.joined) return;
  }
  group.forming = false;
  ++group.generation;
  // Ranges: per topic, consecutive partitions, the first members one more.
  for (auto& [instance, member] : group.members) member.assignment.clear();
  const auto members = static_cast<int32_t>(group.members.size());
  for (Topic topic : group.topics) {
    const int32_t count = partition_count_[topic];
    int32_t next = 0;
    int32_t index = 0;
    for (auto& [instance, member] : group.members) {
      const int32_t share = count / members + (index < count % members ? 1 : 0);
      for (int32_t i = 0; i < share; ++i) member.assignment.push_back({topic, next++});
      ++index;
    }
  }
}

std::optional<std::vector<TopicPartition>> SimBroker::Assignment(const std::string& name, const std::string& instance,
                                                                 int32_t* generation) {
  const Group& group = groups_[name];
  const auto found = group.members.find(instance);
  if (group.forming || found == group.members.end()) return std::nullopt;
  *generation = group.generation;
  return found->second.assignment;
}

absl::Status SimBroker::CommitOffsets(ProducerIdentity who, const Commit& commit,
                                      std::span<const CommittedOffset> offsets) {
  const absl::StatusOr<Producer*> producer = Find(who);
  if (!producer.ok()) return producer.status();
  Group& group = groups_[commit.group];
  const auto member = group.members.find(commit.instance);
  if (member == group.members.end()) return absl::AbortedError("unknown member");
  if (member->second.id != commit.member) return absl::AbortedError("fenced instance");
  if (group.generation != commit.generation) return absl::AbortedError("illegal generation");
  for (const CommittedOffset& offset : offsets) group.pending[who.id][offset.at] = offset;
  return absl::OkStatus();
}

void SimBroker::SetOffsets(const std::string& group, std::span<const CommittedOffset> offsets) {
  for (const CommittedOffset& offset : offsets) groups_[group].offsets[offset.at] = offset;
}

absl::StatusOr<std::vector<CommittedOffset>> SimBroker::Offsets(const std::string& name,
                                                                std::span<const TopicPartition> partitions) const {
  std::vector<CommittedOffset> answer;
  const auto group = groups_.find(name);
  for (const TopicPartition& at : partitions) {
    CommittedOffset& offset = answer.emplace_back();
    offset.at = at;
    if (group == groups_.end()) continue;
    for (const auto& [producer, pending] : group->second.pending) {
      if (pending.contains(at)) return absl::UnavailableError("a transaction with offsets is open");
    }
    const auto found = group->second.offsets.find(at);
    if (found != group->second.offsets.end()) offset = found->second;
  }
  return answer;
}

}  // namespace zaojing::sim
