#include "processors/runtime/task.h"

#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/runtime/progress.h"
#include "processors/state/derived_restore.h"
#include "processors/state/stored_message.h"
#include "processors/state/tables.h"
#include "proto/check.h"
#include "proto/china_time.h"
#include "proto/ids.h"
#include "proto/limits.h"
#include "proto/status_util.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing {
namespace {

std::string Serialize(const google::protobuf::MessageLite& message) {
  std::string bytes;
  ZAOJING_CHECK(message.SerializeToString(&bytes));
  return bytes;
}

std::string ChainHash(std::string_view entry) {
  const XXH128_hash_t hash = XXH3_128bits(entry.data(), entry.size());
  std::string out;
  for (uint64_t word : {hash.high64, hash.low64}) {
    for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>((word >> shift) & 0xff));
  }
  return out;
}

v1::Position* AddPosition(google::protobuf::RepeatedPtrField<v1::Position>* positions, Topic topic, int32_t partition,
                          int64_t next) {
  v1::Position* position = positions->Add();
  position->set_topic(std::string(NameOf(topic)));
  position->set_partition(partition);
  position->set_next(next);
  return position;
}

}  // namespace

Task::Task(TaskOptions options, Stage& stage, const Registry& registry, std::unique_ptr<Store> store)
    : options_(std::move(options)), stage_(stage), registry_(registry), store_(std::move(store)) {
  for (Topic topic : stage_.inputs()) {
    next_.push_back({{topic, static_cast<int32_t>(options_.task)}, kNoOffset, ""});
    beginnings_.push_back(kNoOffset);
  }
}

Task::~Task() = default;

void Task::Move(State to) {
  const bool legal = (life_ == State::kOpen && to == State::kRunning) ||
                     (life_ == State::kRunning && to == State::kFrozen) ||
                     (life_ == State::kFrozen && to == State::kRunning) || to == State::kClosed;
  ZAOJING_CHECK(legal && life_ != State::kClosed);
  life_ = to;
}

// --- Opening ---

absl::Status Task::LoadMarker() {
  ZAOJING_CHECK(life_ == State::kOpen);
  std::string bytes;
  ASSIGN_OR_RETURN(const bool present, store_->Get(kMarkerKey, &bytes));
  marker_.reset();
  if (!present) return absl::OkStatus();
  v1::Marker marker;
  if (!marker.ParseFromString(bytes)) return absl::DataLossError("the marker in the store is not readable");
  if (marker.stage() != stage_.name() || marker.task() != options_.task) {
    return absl::DataLossError(absl::StrCat("the store belongs to ", marker.stage(), "-", marker.task()));
  }
  if (marker.cluster_id() != options_.cluster_id) {
    return absl::DataLossError(absl::StrCat("the store belongs to another cluster (", marker.cluster_id(), ")"));
  }
  // What the changelog has since is of this program's format or refused at Start; put onto entries of another one it
  // would make a store of two formats.
  if (marker.format_version() < kStateFormatVersion) {
    return absl::DataLossError(
        absl::StrCat("the store is of format ", marker.format_version(), ", this program's is ", kStateFormatVersion));
  }
  marker_ = std::move(marker);
  return marker_->format_version() > kStateFormatVersion ? CheckVersion(*marker_) : absl::OkStatus();
}

absl::StatusOr<int64_t> Task::ChangelogPosition() {
  std::string bytes;
  ASSIGN_OR_RETURN(const bool present, store_->Get(kChangelogPositionKey, &bytes));
  if (!present) return kNoOffset;
  int64_t position = 0;
  const auto [end, error] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), position);
  if (error != std::errc() || end != bytes.data() + bytes.size()) {
    return absl::DataLossError("the changelog position in the store is not a number");
  }
  return position;
}

absl::Status Task::Restore(std::span<const Record> changelog, int64_t next) {
  ZAOJING_CHECK(life_ == State::kOpen);
  std::vector<StateChange> changes;
  changes.reserve(changelog.size() + 1);
  std::optional<v1::Marker> newest;
  for (const Record& record : changelog) {
    StateChange change{record.key, std::nullopt};
    if (!record.tombstone) change.value = record.value;
    if (record.key == kMarkerKey) {
      v1::Marker marker;
      if (!marker.ParseFromArray(record.value.data(), static_cast<int>(record.value.size()))) {
        // A rebuild would come to it again.
        return absl::FailedPreconditionError(absl::StrCat("changelog offset ", record.offset,
                                                          " holds an unreadable marker: replay the history into new "
                                                          "topics"));
      }
      // Before anything of it is in the store, which the version that wrote it would take for its own.
      RETURN_IF_ERROR(CheckVersion(marker));
      newest = std::move(marker);
    }
    changes.push_back(change);
  }
  DerivedRestore derived(stage_.derivation(), *store_);
  RETURN_IF_ERROR(derived.Append(&changes));
  const std::string position = std::to_string(next);
  changes.push_back({kChangelogPositionKey, position});
  RETURN_IF_ERROR(store_->ApplyCommitted(changes));
  if (newest) marker_ = std::move(newest);
  return absl::OkStatus();
}

std::string Task::Identity() const {
  return absl::StrCat(ToAbsl(stage_.name()), "-", options_.task, "@", options_.cluster_id);
}

absl::StatusOr<bool> Task::Vouched() {
  std::string whose;
  ASSIGN_OR_RETURN(const bool present, store_->Get(kVouchedKey, &whose));
  if (present && whose != Identity()) return absl::DataLossError(absl::StrCat("the store belongs to ", whose));
  return present;
}

absl::Status Task::Vouch() {
  ZAOJING_CHECK(life_ == State::kOpen);
  const std::string identity = Identity();
  const StateChange vouched{kVouchedKey, identity};
  return store_->ApplyCommitted({&vouched, 1});
}

std::vector<TopicPartition> Task::Unread() const {
  std::vector<TopicPartition> unread;
  for (const CommittedOffset& next : next_) {
    const auto is = [&](const v1::Position& position) { return position.topic() == NameOf(next.at.topic); };
    if (!marker_ || std::none_of(marker_->inputs().begin(), marker_->inputs().end(), is)) unread.push_back(next.at);
  }
  return unread;
}

absl::Status Task::CheckVersion(const v1::Marker& marker) const {
  if (marker.format_version() == kStateFormatVersion && marker.semantic_version() <= stage_.semantic_version()) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      ToAbsl(stage_.name()), "-", options_.task, " has state of format ", marker.format_version(), ", meaning ",
      marker.semantic_version(), "; this program writes format ", kStateFormatVersion, ", meaning ",
      stage_.semantic_version(), ": run the version that wrote it, or replay the history into new topics"));
}

absl::Status Task::CheckInputs(const v1::Marker& marker) const {
  for (const v1::Position& position : marker.inputs()) {
    const auto is = [&](const CommittedOffset& next) { return position.topic() == NameOf(next.at.topic); };
    if (std::any_of(next_.begin(), next_.end(), is)) continue;
    // Its place would be forgotten, and a version that reads it again would judge it from the beginning.
    return absl::FailedPreconditionError(absl::StrCat(
        ToAbsl(stage_.name()), "-", options_.task, " has read ", position.topic(), " up to offset ", position.next(),
        ", which this program does not read: run the version that did, or replay the history into new topics"));
  }
  return absl::OkStatus();
}

absl::Status Task::Start() {
  if (marker_) {
    const v1::Marker& marker = *marker_;
    if (marker.partitions() != options_.partitions) {
      return absl::FailedPreconditionError(absl::StrCat(ToAbsl(stage_.name()), "-", options_.task, " was run with ",
                                                        marker.partitions(), " partitions, the configuration says ",
                                                        options_.partitions,
                                                        ": set it back, or replay the history into new topics"));
    }
    RETURN_IF_ERROR(CheckVersion(marker));
    RETURN_IF_ERROR(CheckInputs(marker));
  }
  const Digest digest = marker_ ? Digest{marker_->digest_high(), marker_->digest_low()} : Digest{};
  state_ = std::make_unique<TaskState>(*store_, options_.memory, digest, stage_.derivation());
  LoadProgress();
  Move(State::kRunning);
  return absl::OkStatus();
}

void Task::LoadProgress() {
  cursor_ = {};
  engine_time_ = 0;
  emissions_ = 0;
  journal_hash_.clear();
  for (CommittedOffset& next : next_) next.next = kNoOffset;
  jobs_possible_ = true;
  runs_.clear();
  idle_tick_ = false;
  outputs_.clear();
  output_bytes_ = 0;
  counts_.clear();
  if (!marker_) return;
  engine_time_ = marker_->engine_time();
  emissions_ = marker_->emissions();
  journal_hash_ = marker_->journal_hash();
  for (const v1::Position& position : marker_->references()) {
    const std::optional<Topic> topic = TopicNamed(position.topic());
    if (topic && IsReference(*topic)) cursor_.Of(*topic) = position.next();
  }
  for (const v1::Position& position : marker_->inputs()) {
    for (CommittedOffset& next : next_) {
      if (NameOf(next.at.topic) == position.topic()) next.next = position.next();
    }
  }
}

// --- Running ---

void Task::Journal(v1::JournalRun run) {
  // Consecutive runs of one kind are one run, here and for inputs: the journal's size follows the interleaving, not the
  // load.
  if (!runs_.empty()) {
    v1::JournalRun& last = runs_.back();
    if (run.has_reference() && last.has_reference() && last.reference().topic() == run.reference().topic()) {
      last.mutable_reference()->set_count(last.reference().count() + run.reference().count());
      return;
    }
  }
  runs_.push_back(std::move(run));
}

void Task::JournalInput(Topic topic) {
  if (!runs_.empty() && runs_.back().has_input() && runs_.back().input().topic() == NameOf(topic)) {
    v1::JournalRun::Input* input = runs_.back().mutable_input();
    input->set_count(input->count() + 1);
    return;
  }
  v1::JournalRun run;
  run.mutable_input()->set_topic(std::string(NameOf(topic)));
  run.mutable_input()->set_count(1);
  runs_.push_back(std::move(run));
}

void Task::Take(const Record& record) {
  ZAOJING_CHECK(life_ == State::kRunning);
  JournalInput(record.topic);
  Pass(record);
}

void Task::Pass(const Record& record) {
  ++counters_.inputs;
  for (CommittedOffset& next : next_) {
    if (next.at.topic == record.topic) next.next = record.offset + 1;
  }
}

void Task::Reject(const Record& record, v1::DeadLetterReason reason, std::string_view detail) {
  Take(record);
  DeadLetter(record, reason, detail);
}

void Task::Apply(const Record& record) {
  Take(record);
  if (options_.check_routing && SpecOf(record.topic).per_task &&
      PartitionOf(record.key, static_cast<int32_t>(options_.partitions)) != record.partition) {
    DeadLetter(record, v1::DEAD_LETTER_REASON_MISROUTED, "hash(key) mod P is another partition");
    return;
  }
  stage_.Apply(record, *this);
}

void Task::AdvanceReference(const ReferenceFact& fact) {
  ZAOJING_CHECK(life_ == State::kRunning);
  int64_t& cursor = cursor_.Of(fact.topic);
  ZAOJING_CHECK(fact.position == cursor);
  ++cursor;
  v1::JournalRun run;
  run.mutable_reference()->set_topic(std::string(NameOf(fact.topic)));
  run.mutable_reference()->set_count(1);
  Journal(std::move(run));
  if (fact.received_at > 0) AdvanceTime(fact.received_at);
  stage_.OnReference(fact, *this);
}

bool Task::Tick(int64_t received_at) {
  ZAOJING_CHECK(life_ == State::kRunning);
  if (received_at <= engine_time_) return false;
  if (!idle_tick_ || runs_.empty() || !runs_.back().has_time()) {
    Journal(v1::JournalRun());
  }
  runs_.back().mutable_time()->set_engine_time(received_at);
  const size_t outputs = outputs_.size();
  const size_t writes = state_->pending_writes();
  const Digest digest = state_->digest();
  const bool first = engine_time_ == 0;
  AdvanceTime(received_at);
  const bool worked = outputs_.size() != outputs || state_->pending_writes() != writes || state_->digest() != digest;
  idle_tick_ = !worked && !first;  // there is no step from "before any input" that goes through an instant
  return worked;
}

bool Task::HasJobs() {
  if (jobs_possible_) jobs_possible_ = stage_.HasJobs(*this);
  return jobs_possible_;
}

uint64_t Task::RunSlice(uint64_t count_max) {
  ZAOJING_CHECK(life_ == State::kRunning);
  const Stage::Slice slice = stage_.RunSlice(count_max, *this);
  if (slice.job.empty()) return 0;
  v1::JournalRun run;
  run.mutable_slice()->set_job(slice.job);
  run.mutable_slice()->set_count(count_max);
  Journal(std::move(run));
  return slice.count;
}

void Task::Skip(const Record& record) {
  ZAOJING_CHECK(life_ == State::kRunning);
  v1::JournalRun run;
  run.mutable_skip()->set_topic(std::string(NameOf(record.topic)));
  run.mutable_skip()->set_reason("killed the process repeatedly");
  runs_.push_back(std::move(run));
  Pass(record);
  DeadLetter(record, v1::DEAD_LETTER_REASON_POISON, "killed the process repeatedly");
}

void Task::AdvanceTime(int64_t received_at) {
  if (received_at <= engine_time_) return;
  // What falls due may read or delete counters. They are settled first, each hour and not only at commits, or the
  // commit points would show in the state.
  if (FloorDivide(engine_time_, limits::kHour) != FloorDivide(received_at, limits::kHour)) WriteCounts();
  const int64_t before = std::exchange(engine_time_, received_at);
  stage_.OnTime(before, received_at, *this);
}

void Task::Emit(Topic topic, std::string_view key, const google::protobuf::MessageLite& message) {
  OutputRecord output;
  output.topic = topic;
  output.partition = SpecOf(topic).per_task ? static_cast<int32_t>(options_.task) : 0;
  output.timestamp = engine_time_;
  output.key = std::string(key);
  output.value = Serialize(message);
  output_bytes_ += output.key.size() + output.value.size();
  outputs_.push_back(std::move(output));
  ++emissions_;
  ++counters_.outputs;
}

void Task::DeadLetter(const Record& record, v1::DeadLetterReason reason, std::string_view detail) {
  v1::DeadLetter letter;
  const std::string place = absl::StrCat(stage_.name() == "risk" ? "risk/" : "screen/", options_.task);
  const std::string emission = std::to_string(emissions_);
  letter.set_event_id(MakeId({"dead-letter", place, emission}));
  letter.set_source(place);
  letter.set_schema_version(1);
  letter.set_occurred_at(record.timestamp == kNoTimestamp ? 0 : record.timestamp);
  letter.set_received_at(engine_time_);
  letter.set_emission(emissions_);
  letter.set_reason(reason);
  letter.set_detail(std::string(detail.substr(0, limits::kDeadLetterDetailBytesMax)));
  letter.set_topic(std::string(NameOf(record.topic)));
  letter.set_partition(record.partition);
  letter.set_offset(record.offset);
  letter.set_key(std::string(record.key.substr(0, limits::kKeyBytesMax)));
  letter.set_value(std::string(record.value.substr(0, limits::kDeadLetterValueBytesMax)));
  letter.set_value_size(record.value.size());
  letter.set_record_timestamp(record.timestamp);
  ++counters_.dead_letters[static_cast<size_t>(reason)];
  Emit(Topic::kDeadLetter, NameOf(record.topic), letter);
}

// --- Committing ---

bool Task::dirty() const { return !runs_.empty(); }

size_t Task::pending_bytes() const { return output_bytes_ + state_->overlay_bytes(); }

size_t Task::pending_records() const { return outputs_.size() + state_->pending_writes() + counts_.size(); }

void Task::Count(std::string_view cell, size_t entry_bytes) {
  const auto found = counts_.find(cell);
  if (found != counts_.end()) {
    ++found->second.count;
  } else {
    counts_.try_emplace(cell, CellCount{1, entry_bytes});
  }
}

// In key order: no hash map's order shows in the changelog.
void Task::WriteCounts() {
  std::vector<std::pair<std::string_view, CellCount>> cells(counts_.begin(), counts_.end());
  std::sort(cells.begin(), cells.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto next = cells.begin(); next != cells.end();) {
    const size_t entry_bytes = next->second.entry_bytes;
    const std::string_view key = next->first.substr(0, entry_bytes);
    auto entry = StoredMessage<v1::CellCounts>(key, *state_);
    v1::CellCounts merged;
    int at = 0;
    const auto keep_before = [&](const std::string* cell) {
      for (; at < entry.cells_size() && (cell == nullptr || entry.cells(at) < *cell); ++at) {
        merged.add_cells(std::move(*entry.mutable_cells(at)));
        merged.add_counts(entry.counts(at));
      }
    };
    for (; next != cells.end() && next->first.substr(0, entry_bytes) == key; ++next) {
      std::string cell(next->first.substr(entry_bytes));
      keep_before(&cell);
      const bool known = at < entry.cells_size() && entry.cells(at) == cell;
      merged.add_counts(next->second.count + (known ? entry.counts(at) : 0));
      merged.add_cells(std::move(cell));
      at += known ? 1 : 0;
    }
    keep_before(nullptr);
    state_->Put(key, merged.SerializeAsString());
  }
  counts_.clear();
}

v1::Marker Task::NextMarker() const {
  v1::Marker marker;
  marker.set_stage(std::string(stage_.name()));
  marker.set_task(options_.task);
  marker.set_sequence((marker_ ? marker_->sequence() : 0) + 1);
  for (const CommittedOffset& next : positions()) {
    AddPosition(marker.mutable_inputs(), next.at.topic, next.at.partition, next.next);
  }
  for (const Topic topic : kReferenceTopics) AddPosition(marker.mutable_references(), topic, 0, cursor_.Of(topic));
  marker.set_engine_time(engine_time_);
  marker.set_partitions(options_.partitions);
  marker.set_format_version(kStateFormatVersion);
  marker.set_semantic_version(stage_.semantic_version());
  marker.set_digest_high(state_->digest().high);
  marker.set_digest_low(state_->digest().low);
  marker.set_emissions(emissions_);
  marker.set_cluster_id(options_.cluster_id);
  return marker;
}

absl::StatusOr<CommitUnit> Task::Freeze() {
  ZAOJING_CHECK(life_ == State::kRunning && dirty());
  WriteCounts();
  RETURN_IF_ERROR(state_->status());
  CommitUnit unit;
  v1::Marker marker = NextMarker();
  unit.sequence = marker.sequence();

  v1::JournalEntry entry;
  entry.set_stage(marker.stage());
  entry.set_task(options_.task);
  entry.set_sequence(marker.sequence());
  for (v1::JournalRun& run : runs_) *entry.add_runs() = run;
  entry.set_rules(std::string(stage_.rules()));
  entry.set_digest_high(marker.digest_high());
  entry.set_digest_low(marker.digest_low());
  entry.set_emissions(emissions_);
  entry.set_previous_hash(journal_hash_);
  entry.set_partitions(options_.partitions);
  const auto partition = static_cast<int32_t>(options_.task);
  unit.journal = {stage_.journal(), partition, engine_time_, std::to_string(options_.task), Serialize(entry), false};
  marker.set_journal_hash(ChainHash(unit.journal.value));

  unit.outputs = std::move(outputs_);
  outputs_.clear();
  unit.changes = state_->FreezeChanges();
  unit.marker = {stage_.changelog(), partition, engine_time_, kMarkerKey, Serialize(marker), false};
  unit.offsets = positions();
  for (CommittedOffset& offset : unit.offsets) offset.metadata = ProgressToken(marker);
  pending_marker_ = std::move(marker);
  Move(State::kFrozen);
  return unit;
}

void Task::Committed(const CommitUnit& unit, int64_t changelog_next) {
  ZAOJING_CHECK(life_ == State::kFrozen && pending_marker_.sequence() == unit.sequence);
  state_->Committed();
  marker_ = std::move(pending_marker_);
  unsaved_ = true;
  if (changelog_next != kNoOffset) changelog_next_ = changelog_next;
  journal_hash_ = marker_->journal_hash();
  runs_.clear();
  output_bytes_ = 0;
  committed_counters_ = counters_;
  Move(State::kRunning);
}

void Task::Dropped() {
  ZAOJING_CHECK(life_ == State::kFrozen || life_ == State::kRunning);
  state_->Drop();
  counters_ = committed_counters_;
  LoadProgress();
  if (life_ == State::kFrozen) Move(State::kRunning);
}

absl::Status Task::Flush() {
  if (!unsaved_) return store_->Flush();  // what a restore applied
  // Marker and position travel in the same batch, so a store never claims to have read what it does not hold. Their keys
  // are before all others, and the batch is in key order.
  const std::string marker = Serialize(*marker_);
  const std::string position = std::to_string(changelog_next_);
  std::vector<StateChange> changes;
  if (changelog_next_ != kNoOffset) changes.push_back({kChangelogPositionKey, position});
  changes.push_back({kMarkerKey, marker});
  state_->AppendUnsaved(&changes);
  RETURN_IF_ERROR(store_->ApplyCommitted(changes));
  state_->Saved();
  unsaved_ = false;
  return store_->Flush();
}

std::unique_ptr<Store> Task::Close() {
  Move(State::kClosed);
  state_.reset();
  return std::move(store_);
}

std::vector<CommittedOffset> Task::positions() const {
  std::vector<CommittedOffset> all = next_;
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i].next == kNoOffset) all[i].next = beginnings_[i];
  }
  return all;
}

void Task::BeginAt(std::span<const CommittedOffset> beginnings) {
  for (const CommittedOffset& beginning : beginnings) {
    for (size_t i = 0; i < next_.size(); ++i) {
      if (next_[i].at == beginning.at) beginnings_[i] = beginning.next;
    }
  }
}

}  // namespace zaojing
