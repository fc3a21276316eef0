// A transactional log in memory, small enough to read in one sitting: what Kafka promises to a client of transaction
// version 1, and the ways in which it hurts one. Single-threaded; time is what callers pass.
//
// Modelled: partitions with control records that take offsets; producer ids with epochs, fenced by the coordinator and
// by each partition; transactions open per partition, so that a record which slips in after its transaction was ended
// leaves a hanging one, as with the real thing; last stable offset; groups with generations, static members, eager
// rebalance by ranges and session expiry; offsets that ride on a transaction; compaction; truncation; and an end of
// transaction that is delivered late, to whatever transaction the producer's epoch has open by then.
//
// Faults are not here (sim_faults.h); nothing here draws a random number.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/runtime/log.h"
#include "proto/topics.h"
#include "sinks/output_record.h"

namespace zaojing::sim {

struct ProducerIdentity {
  int64_t id = -1;
  int32_t epoch = -1;
  friend bool operator==(const ProducerIdentity&, const ProducerIdentity&) = default;
};

struct Entry {
  enum class Kind : uint8_t { kRecord, kCommitMarker, kAbortMarker };
  Kind kind = Kind::kRecord;
  std::string key;
  std::string value;
  int64_t timestamp = 0;
  int32_t range = -1;  // the transaction in Partition::ranges; -1 = none
  bool tombstone = false;
  bool removed = false;  // compacted away; the offset stays taken
};

// One transaction's stay in one partition.
struct TransactionRange {
  enum class Outcome : uint8_t { kOpen, kCommitted, kAborted };
  int64_t producer = -1;
  int64_t first = 0;
  Outcome outcome = Outcome::kOpen;
};

struct Partition {
  std::deque<Entry> entries;  // index = offset; never erased, so that fetched views stay valid
  int64_t low = 0;
  std::vector<TransactionRange> ranges;
  std::map<int64_t, int32_t> open;          // producer → its open range
  std::map<int64_t, int32_t> newest_epoch;  // by producer
  int64_t high() const { return static_cast<int64_t>(entries.size()); }
};

// What a heartbeat is answered.
enum class Membership : uint8_t { kStable, kRebalancing, kUnknown };

class SimBroker {
 public:
  explicit SimBroker(int64_t transaction_timeout_us, int64_t session_timeout_us)
      : transaction_timeout_us_(transaction_timeout_us), session_timeout_us_(session_timeout_us) {}

  // --- Partitions ---
  // Effect: a record outside any transaction. Returns its offset.
  int64_t Append(TopicPartition at, std::string key, std::string value, int64_t timestamp);
  int64_t Low(TopicPartition at) const;
  int64_t High(TopicPartition at) const;
  int64_t LastStable(TopicPartition at) const;
  // Committed records from `from` on, at most `records_max`, as views that stay valid as long as the broker. Effect:
  // *position is past what was walked, control records and aborted ranges included, never past the last stable offset.
  std::vector<Record> Fetch(TopicPartition at, int64_t from, size_t records_max, int64_t* position) const;
  // Effect: below the last stable offset only the newest committed record of a key stays; a tombstone goes when its
  // offset is below `tombstones_until`.
  void Compact(TopicPartition at, int64_t tombstones_until);
  // Effect: nothing before `low` exists any more.
  void Truncate(TopicPartition at, int64_t low);
  // Effect: the topic was deleted and created again, empty.
  void Recreate(TopicPartition at);
  const std::map<TopicPartition, Partition>& partitions() const { return partitions_; }

  // --- Transactions (coordinator) ---
  ProducerIdentity InitProducer(const std::string& transactional_id, int64_t now);
  absl::Status AddPartition(ProducerIdentity who, TopicPartition at, int64_t now);
  absl::Status AddGroup(ProducerIdentity who, const std::string& group, int64_t now);
  absl::Status Produce(ProducerIdentity who, std::span<const OutputRecord> records);
  absl::Status EndTransaction(ProducerIdentity who, bool commit);
  // Effect: the request is in the network; DeliverDelayed() hands it over.
  void DelayEnd(ProducerIdentity who, bool commit) { delayed_.push_back({who, commit}); }
  bool DeliverDelayed();
  size_t delayed() const { return delayed_.size(); }
  // Effect: sessions and transactions whose time is over end, as the broker would end them.
  void Expire(int64_t now);

  // --- Groups ---
  // Effect: a member id. A known instance takes its place again without a rebalance.
  std::string Join(const std::string& name, const std::string& instance, std::span<const Topic> topics, int64_t now);
  Membership Heartbeat(const std::string& name, const std::string& instance, const std::string& member, int64_t now);
  // Effect: ready for the next generation.
  void Rejoin(const std::string& name, const std::string& instance, int64_t now);
  // The assignment of the current generation, nullopt while one is being formed.
  std::optional<std::vector<TopicPartition>> Assignment(const std::string& name, const std::string& instance,
                                                        int32_t* generation);
  struct Commit {
    std::string group;
    std::string instance;
    std::string member;
    int32_t generation = -1;
  };
  absl::Status CommitOffsets(ProducerIdentity who, const Commit& commit, std::span<const CommittedOffset> offsets);
  // Effect: committed at once, as a program would that forgets the transaction; also an operator's reset.
  void SetOffsets(const std::string& group, std::span<const CommittedOffset> offsets);
  void ForgetOffsets(const std::string& group) { groups_[group].offsets.clear(); }
  // kUnavailable while a transaction that carries offsets of the partitions is open.
  absl::StatusOr<std::vector<CommittedOffset>> Offsets(const std::string& name,
                                                       std::span<const TopicPartition> partitions) const;
  void SetPartitions(Topic topic, int32_t count) { partition_count_[topic] = count; }

 private:
  enum class Phase : uint8_t { kEmpty, kOngoing, kCommitted, kAborted };
  struct Producer {
    ProducerIdentity identity;
    Phase phase = Phase::kEmpty;
    int64_t started = 0;
    std::set<TopicPartition> partitions;
    std::set<std::string> groups;
  };
  struct Member {
    std::string id;
    int64_t heard = 0;
    bool joined = false;
    std::vector<TopicPartition> assignment;
  };
  struct Group {
    int32_t generation = 0;
    bool forming = false;
    std::vector<Topic> topics;
    std::map<std::string, Member> members;  // by instance
    std::map<TopicPartition, CommittedOffset> offsets;
    std::map<int64_t, std::map<TopicPartition, CommittedOffset>> pending;  // by producer
  };
  struct DelayedEnd {
    ProducerIdentity who;
    bool commit = false;
  };

  absl::StatusOr<Producer*> Find(ProducerIdentity who);
  static void Begin(Producer& producer, int64_t now);
  void Finish(Producer& producer, bool commit);
  void FormGeneration(Group& group);

  const int64_t transaction_timeout_us_;
  const int64_t session_timeout_us_;
  std::map<TopicPartition, Partition> partitions_;
  std::map<Topic, int32_t> partition_count_;
  std::map<std::string, Producer> producers_;
  std::map<std::string, Group> groups_;
  std::deque<DelayedEnd> delayed_;
  int64_t next_producer_ = 1;
  int64_t next_member_ = 1;
};

}  // namespace zaojing::sim
