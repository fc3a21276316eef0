// A task: one partition number of a stage with its state, clock, outputs and progress. Deterministic: the sequence of
// calls Apply / AdvanceReference / AdvanceTime / RunSlice decides everything it writes, and that sequence is its
// journal. The lane (Kafka, simulator), the canonical replay and the journal replay all drive this one class.
//
//   kOpen ──▶ kRunning ──Freeze──▶ kFrozen ──Committed / Dropped──▶ kRunning
//     │           └──────────────── Close ◀──────────────────────────┘
//     └ Restore* (changelog records, any number), then Start
//
// Thread: its lane's. Owns its TaskState and Store. Nothing here does I/O but the store's reads.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "processors/runtime/log.h"
#include "processors/runtime/stage.h"
#include "processors/state/store.h"
#include "processors/state/task_state.h"
#include "proto/ids.h"
#include "sinks/output_record.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing {

struct TaskOptions {
  uint32_t task = 0;
  uint32_t partitions = 1;  // P
  std::string cluster_id;   // empty in the file world
  StateMemory memory;
  bool check_routing = true;  // off in the file world without the export sidecar: no partition to check against
};

// Everything one commit of one task writes, in this order.
struct CommitUnit {
  std::vector<OutputRecord> outputs;
  std::vector<StateChange> changes;  // to the changelog; they view the task's state until Committed() or Dropped()
  OutputRecord marker;               // behind them, at the same time
  OutputRecord journal;
  std::vector<CommittedOffset> offsets;  // next offset of every input partition, metadata = progress token
  uint64_t sequence = 0;
};

// Since the task was opened; a dropped transaction is taken back.
struct TaskCounters {
  uint64_t inputs = 0;
  uint64_t outputs = 0;                                                    // dead letters among them
  std::array<uint64_t, v1::DeadLetterReason_ARRAYSIZE> dead_letters = {};  // by reason
};

class Task final : public TaskContext {
 public:
  enum class State : uint8_t { kOpen, kRunning, kFrozen, kClosed };

  // `stage` and `registry` must outlive the task.
  Task(TaskOptions options, Stage& stage, const Registry& registry, std::unique_ptr<Store> store);
  ~Task() override;

  // --- Opening ---
  // Reads the store's marker. kDataLoss: it does not fit this stage, task or cluster, or is of an older format; discard
  // the store and rebuild. kFailedPrecondition: it is of a newer format; it must be left for the version that wrote it.
  absl::Status LoadMarker();
  // Where in the changelog the store stands; kNoOffset when it never read any.
  absl::StatusOr<int64_t> ChangelogPosition();
  // Effect: the records are in the store and the position is `next`. REQUIRES kOpen. kFailedPrecondition: they are of a
  // version that this program cannot go on from, or no changelog's, and the store is as it was. kDataLoss: the store
  // cannot be read; discard it and rebuild.
  absl::Status Restore(std::span<const Record> changelog, int64_t next);
  // Walks the store from `from` on. REQUIRES kOpen; not valid after the next Restore.
  std::unique_ptr<StoreIterator> Entries(std::string_view from) const { return store_->Seek(from); }
  // Whether the store's content was once found to be this task's, as a whole. kDataLoss: it is another's.
  absl::StatusOr<bool> Vouched();
  // Effect: so it was. REQUIRES kOpen.
  absl::Status Vouch();
  // The newest marker loaded or restored; nullopt for a task that never committed.
  const std::optional<v1::Marker>& marker() const { return marker_; }
  // Inputs the marker has no position of: all of them for a task that never committed, else what the stage has gained
  // since. They begin where BeginAt says.
  std::vector<TopicPartition> Unread() const;
  // Effect: kRunning, at the marker's progress. REQUIRES kOpen. kFailedPrecondition: the marker is another P's, another
  // format's, or a later version's (its meaning, or an input this stage does not read); the message says what to do.
  absl::Status Start();

  // --- Running: each call is one journal run ---
  void Apply(const Record& record);
  // Hints for records soon to be applied; no journal run, and nothing depends on them. What is asked for hangs together
  // in links, each to be fetched some records after the one before it (PrefetchLink 0, 1, ...).
  Hint HintOf(const Record& record) { return stage_.HintOf(record); }
  static constexpr size_t kLinks = 4;
  void PrefetchLink(size_t link, const Hint& hint) const {
    // What has an imprint is mostly answered from it.
    if (link == 0) state_->PrefetchImprint(hint.entry);
    if (link == 1 && state_->ImprintOf(hint.entry) == 0) {
      state_->PrefetchSlot(hint.entry);
      state_->PrefetchTally(hint.credential);
    }
    if (link == 2 && state_->ImprintOf(hint.entry) == 0) state_->PrefetchEntry(hint.entry);
    if (hint.credential != 0) registry_.PrefetchLink(link, hint.credential);
  }
  // An input that could not even be read as a record of its topic (a broken line of a file): dead-lettered as said.
  void Reject(const Record& record, v1::DeadLetterReason reason, std::string_view detail);
  // The fact at this task's cursor becomes visible. REQUIRES fact.position == cursor of fact.topic.
  void AdvanceReference(const ReferenceFact& fact);
  // A tick: moves the clock without a record. Returns whether anything came of it. Ticks in a row of which nothing came
  // are one run, so that an idle task's journal does not grow with the clock.
  bool Tick(int64_t received_at);
  bool HasJobs();
  // Returns units done.
  uint64_t RunSlice(uint64_t count_max);
  // An operational skip: the record is dead-lettered as POISON unread.
  void Skip(const Record& record);

  // --- Committing ---
  bool dirty() const;
  size_t pending_bytes() const;  // outputs and overlay
  size_t pending_records() const;
  // REQUIRES kRunning and dirty(). kDataLoss when a read failed since the last commit: nothing may be written.
  absl::StatusOr<CommitUnit> Freeze();
  // The transaction is committed. Effect: so is the state; the store learns of it with the next Flush, `changelog_next`
  // as its changelog position (kNoOffset: not known, the old one stands).
  void Committed(const CommitUnit& unit, int64_t changelog_next);
  // The transaction did not happen. Effect: as after the last commit; the lane rewinds to positions().
  void Dropped();
  // Effect: the store has every commit, durably. The overlay is not touched.
  absl::Status Flush();
  // What the store does not have takes so much of the cache that Flush() should not wait for its time.
  bool FlushPressing() const { return state_->pressing(); }
  // REQUIRES kRunning.
  void BoundTo(const StateMemory& memory) { state_->BoundTo(memory); }
  // Effect: the store is handed back for parking, as the last Flush() left it.
  std::unique_ptr<Store> Close();

  // Next offsets to read, all input partitions of this task; kNoOffset where nothing was ever read.
  std::vector<CommittedOffset> positions() const;
  // Where a partition that was never read begins. REQUIRES kRunning, before the first Apply; the lane passes the log's
  // low watermark, files pass nothing.
  void BeginAt(std::span<const CommittedOffset> beginnings);
  const TaskCounters& counters() const { return counters_; }
  // The state's cache, for metrics. REQUIRES that Start was called and Close was not.
  const TaskState& cache() const { return *state_; }
  State life() const { return life_; }

  // --- TaskContext ---
  TaskState& state() override { return *state_; }
  const Registry& registry() const override { return registry_; }
  RegistryCursor cursor() const override { return cursor_; }
  uint32_t task() const override { return options_.task; }
  uint32_t partitions() const override { return options_.partitions; }
  int64_t engine_time() const override { return engine_time_; }
  void AdvanceTime(int64_t received_at) override;
  void JobAdded() override { jobs_possible_ = true; }
  void Count(std::string_view cell, size_t entry_bytes) override;
  uint64_t next_emission() const override { return emissions_; }
  void Emit(Topic topic, std::string_view key, const google::protobuf::MessageLite& message) override;
  void DeadLetter(const Record& record, v1::DeadLetterReason reason, std::string_view detail) override;

 private:
  std::string Identity() const;
  absl::Status CheckVersion(const v1::Marker& marker) const;
  absl::Status CheckInputs(const v1::Marker& marker) const;
  void Journal(v1::JournalRun run);
  void JournalInput(Topic topic);
  // The record is read: journal, counters, position.
  void Take(const Record& record);
  // Counters and position alone.
  void Pass(const Record& record);
  void LoadProgress();
  v1::Marker NextMarker() const;
  void WriteCounts();
  void Move(State to);

  const TaskOptions options_;
  Stage& stage_;
  const Registry& registry_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<TaskState> state_;
  State life_ = State::kOpen;
  std::optional<v1::Marker> marker_;

  // Progress, uncommitted steps included; LoadProgress() resets it to the marker's.
  RegistryCursor cursor_;
  int64_t engine_time_ = 0;
  uint64_t emissions_ = 0;
  bool jobs_possible_ = true;          // false: a scan has found none since the last JobAdded
  std::vector<CommittedOffset> next_;  // by input topic of the stage
  std::vector<int64_t> beginnings_;    // likewise; used where next_ has nothing
  std::vector<v1::JournalRun> runs_;
  bool idle_tick_ = false;  // the last run is a tick of which nothing came
  std::vector<OutputRecord> outputs_;
  size_t output_bytes_ = 0;
  struct BytesHash {
    using is_transparent = void;
    size_t operator()(std::string_view bytes) const { return Hash64(bytes); }
  };
  struct CellCount {
    uint64_t count = 0;
    size_t entry_bytes = 0;
  };
  absl::flat_hash_map<std::string, CellCount, BytesHash, std::equal_to<>> counts_;  // not written yet
  std::string journal_hash_;
  v1::Marker pending_marker_;  // of the frozen unit
  bool unsaved_ = false;       // the store is behind marker_
  int64_t changelog_next_ = kNoOffset;
  TaskCounters counters_;  // uncommitted steps included
  TaskCounters committed_counters_;
};

}  // namespace zaojing
