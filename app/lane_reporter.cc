#include "app/lane_reporter.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/dead_letter_reasons.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

constexpr int64_t kSampleEvery = limits::kSecond / 2;
constexpr int64_t kTellEvery = 10 * limits::kSecond;  // of what lasts: restore, lag, dead letters
constexpr int64_t kRestoreTellFirst = 2 * limits::kSecond;
constexpr int64_t kBehindRecords = 100'000;  // a lane that has caught up is behind again from here on

double Seconds(int64_t micros) { return static_cast<double>(micros) / 1e6; }

// "1 record", "2 records".
std::string Count(uint64_t count, const char* noun) { return absl::StrCat(count, " ", noun, count == 1 ? "" : "s"); }

// "about 12 s left" for what remains at a rate a second; nothing when it cannot be said.
std::string TimeLeft(double remaining, double rate) {
  if (rate <= 0) return "no end in sight";
  const auto seconds = static_cast<int64_t>(remaining / rate) + 1;
  if (seconds < 120) return absl::StrCat("about ", seconds, " s left");
  if (seconds < 7200) return absl::StrCat("about ", seconds / 60, " min left");
  return absl::StrCat("about ", seconds / 3600, " h left");
}

std::string NumbersOf(const std::set<int32_t>& numbers) {
  std::string text;
  for (const int32_t number : numbers) absl::StrAppend(&text, text.empty() ? "" : " ", number);
  return text;
}

std::string ReasonsText(const std::array<uint64_t, v1::DeadLetterReason_ARRAYSIZE>& counts) {
  std::string text;
  for (size_t reason = 0; reason < counts.size(); ++reason) {
    if (counts[reason] == 0) continue;
    const std::string name = ReasonName(static_cast<v1::DeadLetterReason>(reason));
    absl::StrAppend(&text, text.empty() ? "" : ", ", name, " ", counts[reason]);
  }
  return text;
}

uint64_t Sum(const std::array<uint64_t, v1::DeadLetterReason_ARRAYSIZE>& counts) {
  uint64_t sum = 0;
  for (const uint64_t count : counts) sum += count;
  return sum;
}

}  // namespace

LaneReporter::LaneReporter(LaneReporterOptions options, LaneMetrics metrics, Clock& clock)
    : options_(std::move(options)), metrics_(metrics), clock_(clock), started_us_(clock.MonotonicMicros()) {}

void LaneReporter::Watch(const Lane& lane, const KafkaLog& log) {
  lane_ = &lane;
  log_ = &log;
}

// --- Figures ---

void LaneReporter::Sample() {
  const int64_t now_us = clock_.MonotonicMicros();
  if (now_us < next_sample_us_) return;
  next_sample_us_ = now_us + kSampleEvery;
  SampleTasks();
  SampleRegistry();
  SampleLag(now_us);
  TellDeadLetters(now_us);
}

void LaneReporter::SampleTasks() {
  size_t cache_bytes = 0;
  int64_t engine_time = 0;
  for (const auto& [number, task] : lane_->tasks()) {
    const TaskState& cache = task->cache();
    CacheReads& before = cache_reads_[number];
    metrics_.cache_hits.Increment(static_cast<double>(cache.cache_hits() - before.hits));
    metrics_.cache_misses.Increment(static_cast<double>(cache.cache_misses() - before.misses));
    before = {cache.cache_hits(), cache.cache_misses()};
    cache_bytes += cache.cache_bytes();
    engine_time = std::max(engine_time, task->engine_time());
  }
  metrics_.cache_bytes.Set(static_cast<double>(cache_bytes));
  metrics_.tasks.Set(static_cast<double>(lane_->tasks().size()));
  if (engine_time > 0) metrics_.engine_time.Set(Seconds(engine_time));
}

void LaneReporter::SampleRegistry() {
  const RegistryReading reading(lane_->references());
  const Registry& registry = lane_->references().registry();
  int64_t applied = 0;
  int64_t facts = 0;
  for (const Topic topic : kReferenceTopics) {
    const int64_t size = registry.size(topic);
    facts += size;
    if (size > 0) applied = std::max(applied, registry.At(topic, size - 1).received_at);
  }
  metrics_.registry_facts.Set(static_cast<double>(facts));
  metrics_.registry_applied.Set(Seconds(applied));
  if (lane_->tasks().empty()) return;
  // The clock of the task that is furthest decides: it is the first to answer REVIEW.
  const auto furthest =
      std::max_element(lane_->tasks().begin(), lane_->tasks().end(),
                       [](const auto& a, const auto& b) { return a.second->engine_time() < b.second->engine_time(); });
  const Task& task = *furthest->second;
  const std::optional<int64_t> heartbeat = registry.Heartbeat(task.cursor());
  metrics_.registry_heartbeat.Set(Seconds(heartbeat.value_or(0)));
  const bool old = heartbeat && task.engine_time() - *heartbeat > options_.registry_stale_after_us;
  metrics_.registry_stale.Set(registry.empty(task.cursor()) || old ? 1 : 0);
}

void LaneReporter::SampleLag(int64_t now_us) {
  if (inputs_assigned_ == 0) return;
  const std::vector<InputLag> lags = log_->Lags();
  int64_t sum = 0;
  for (const InputLag& lag : lags) {
    prometheus::Gauge*& gauge = lags_[lag.at];
    if (gauge == nullptr) {
      gauge = &metrics_.lag.Add({{"stage", options_.stage},
                                 {"topic", std::string(NameOf(lag.at.topic))},
                                 {"partition", std::to_string(lag.at.partition)}});
    }
    gauge->Set(static_cast<double>(lag.records));
    sum += lag.records;
  }
  if (lags.size() == inputs_assigned_) TellCatchingUp(sum, now_us);
}

void LaneReporter::ForgetAssignment() {
  for (const auto& [at, gauge] : lags_) metrics_.lag.Remove(gauge);
  lags_.clear();
  inputs_assigned_ = 0;
  catching_up_ = false;
  restores_.clear();
  restored_.clear();
  restore_began_us_ = 0;
  metrics_.running.Set(0);
  metrics_.restore_done.Set(0);
  metrics_.restore_remaining.Set(0);
}

void LaneReporter::TakeCounts(const Task& task) {
  const TaskCounters now = task.counters();
  TaskCounters& before = counted_[task.task()];
  const auto add = [](prometheus::Counter& counter, uint64_t was, uint64_t is, uint64_t& total) {
    if (is <= was) return;
    counter.Increment(static_cast<double>(is - was));
    total += is - was;
  };
  add(metrics_.inputs, before.inputs, now.inputs, totals_.inputs);
  add(metrics_.outputs, before.outputs, now.outputs, totals_.outputs);
  for (size_t reason = 0; reason < now.dead_letters.size(); ++reason) {
    if (metrics_.dead_letters[reason] == nullptr || now.dead_letters[reason] <= before.dead_letters[reason]) continue;
    letters_untold_[reason] += now.dead_letters[reason] - before.dead_letters[reason];
    add(*metrics_.dead_letters[reason], before.dead_letters[reason], now.dead_letters[reason],
        totals_.dead_letters[reason]);
  }
  before = now;
}

// --- Events ---

void LaneReporter::OnAssigned(const std::vector<TopicPartition>& partitions) {
  ForgetAssignment();
  metrics_.assigned.Increment();
  assigned_us_ = clock_.MonotonicMicros();
  inputs_assigned_ = partitions.size();
  std::set<int32_t> tasks;
  for (const TopicPartition& at : partitions) tasks.insert(at.partition);
  if (tasks.empty()) {
    spdlog::info("{}: assigned no task: other lanes have them all; this one stands by", options_.name);
    return;
  }
  spdlog::info("{}: assigned {}: {}", options_.name, Count(tasks.size(), "task"), NumbersOf(tasks));
}

void LaneReporter::OnRevoked(bool lost) {
  (lost ? metrics_.lost : metrics_.revoked).Increment();
  if (lost) {
    spdlog::warn(
        "{}: assignment lost: the group moved on without this lane (it did not answer in time); what was not "
        "committed is dropped and read again by whoever has it now",
        options_.name);
  } else {
    spdlog::info("{}: assignment revoked: committing, then handing the tasks back", options_.name);
  }
  ForgetAssignment();
}

void LaneReporter::OnRestoreProgress(const RestoreProgress& progress) {
  const int64_t now_us = clock_.MonotonicMicros();
  if (restore_began_us_ == 0) {
    restore_began_us_ = now_us;
    restore_told_us_ = now_us - kTellEvery + kRestoreTellFirst;
  }
  restores_[progress.task] = progress;
  uint64_t done = 0;
  int64_t remaining = 0;
  for (const auto& [task, one] : restores_) {
    done += one.records;
    remaining += one.end - one.position;
  }
  metrics_.restore_done.Set(static_cast<double>(done));
  metrics_.restore_remaining.Set(static_cast<double>(remaining));
  if (now_us - restore_told_us_ >= kTellEvery) TellRestore(progress, now_us);
}

void LaneReporter::TellRestore(const RestoreProgress& progress, int64_t now_us) {
  restore_told_us_ = now_us;
  int64_t walked = 0;
  for (const auto& [task, one] : restores_) walked += one.position - one.from;
  const double rate = static_cast<double>(walked) / std::max(Seconds(now_us - restore_began_us_), 1e-3);
  const int64_t length = std::max<int64_t>(progress.end - progress.from, 1);
  spdlog::info("{}: task {} restoring: {:.0f} % of {} changelog offsets, {:.0f}/s, {}", options_.name, progress.task,
               100.0 * static_cast<double>(progress.position - progress.from) / static_cast<double>(length), length,
               rate, TimeLeft(static_cast<double>(progress.end - progress.position), rate));
}

void LaneReporter::OnTaskStarted(const Task& task) {
  counted_[task.task()] = {};
  cache_reads_[task.task()] = {};
  const auto restore = restores_.find(task.task());
  const uint64_t restored = restore == restores_.end() ? 0 : restore->second.records;
  if (task.marker()) {
    spdlog::info("{}: task {} goes on after commit {}; {} restored from the changelog", options_.name, task.task(),
                 task.marker()->sequence(), Count(restored, "record"));
  } else {
    spdlog::info("{}: task {} starts for the first time", options_.name, task.task());
  }
}

void LaneReporter::OnRunning() {
  metrics_.running.Set(1);
  metrics_.restore_remaining.Set(0);
  const int64_t now_us = clock_.MonotonicMicros();
  const RegistryReading reading(lane_->references());
  const Registry& registry = lane_->references().registry();
  spdlog::info("{}: running {} {:.1f} s after the assignment; registry of {}, {}", options_.name,
               Count(lane_->tasks().size(), "task"), Seconds(now_us - assigned_us_),
               Count(static_cast<uint64_t>(registry.size(Topic::kCertificates)), "certificate fact"),
               Count(static_cast<uint64_t>(registry.size(Topic::kControl)), "control record"));
  catching_up_ = true;
  at_end_us_ = 0;
  behind_since_us_ = now_us;
  behind_told_us_ = now_us;
  behind_told_lag_ = -1;
  behind_inputs_ = totals_.inputs;
}

void LaneReporter::TellCatchingUp(int64_t lag, int64_t now_us) {
  if (!catching_up_) {
    if (lag < kBehindRecords) return;
    catching_up_ = true;
    at_end_us_ = 0;
    behind_since_us_ = behind_told_us_ = now_us;
    behind_told_lag_ = lag;
    behind_inputs_ = totals_.inputs;
    spdlog::warn("{}: fell behind: {} records wait", options_.name, lag);
    return;
  }
  const double seconds = Seconds(now_us - behind_since_us_);
  if (lag == 0 && at_end_us_ == 0) {
    at_end_us_ = now_us;  // what was read last is committed by the next look, and counted
    return;
  }
  if (lag == 0) {
    catching_up_ = false;
    spdlog::info("{}: caught up: {} in {:.1f} s", options_.name, Count(totals_.inputs - behind_inputs_, "record"),
                 Seconds(at_end_us_ - behind_since_us_));
    return;
  }
  at_end_us_ = 0;
  if (now_us - behind_told_us_ < kTellEvery) return;
  const double since = Seconds(now_us - behind_told_us_);
  const double closing = behind_told_lag_ < 0 ? 0 : static_cast<double>(behind_told_lag_ - lag) / std::max(since, 1e-3);
  const double rate = static_cast<double>(totals_.inputs - behind_inputs_) / std::max(seconds, 1e-3);
  spdlog::info("{}: behind by {} records; {:.0f} records/s since {:.0f} s{}", options_.name, lag, rate, seconds,
               behind_told_lag_ < 0 ? "" : ", " + TimeLeft(static_cast<double>(lag), closing));
  behind_told_us_ = now_us;
  behind_told_lag_ = lag;
}

void LaneReporter::OnCommitted(const LaneCommit& commit) {
  for (const auto& [number, task] : lane_->tasks()) TakeCounts(*task);
  ++commits_;
  aborts_in_row_ = 0;
  metrics_.commits.Increment();
  metrics_.commit_seconds.Observe(Seconds(commit.end_us - commit.begin_us));
  if (commit.oldest_us != kNoTimestamp) {
    metrics_.latency_seconds.Observe(std::max(0.0, Seconds(clock_.WallMicros() - commit.oldest_us)));
  }
}

void LaneReporter::TellDeadLetters(int64_t now_us) {
  const uint64_t count = Sum(letters_untold_);
  if (count == 0 || (letters_told_us_ != 0 && now_us - letters_told_us_ < kTellEvery)) return;
  letters_told_us_ = now_us;
  spdlog::warn("{}: {} set aside in dead-letter: {}", options_.name, Count(count, "record"),
               ReasonsText(letters_untold_));
  letters_untold_ = {};
}

void LaneReporter::OnAborted(const absl::Status& why) {
  ++aborts_;
  metrics_.aborts.Increment();
  spdlog::warn("{}: transaction aborted ({} in a row); its records are read again: {}", options_.name, ++aborts_in_row_,
               why.ToString());
}

void LaneReporter::OnResolved(bool had_happened) {
  metrics_.resolved.Increment();
  spdlog::warn("{}: it was uncertain whether a commit went through; asked: it had {}", options_.name,
               had_happened ? "happened, the lane goes on" : "not happened, its records are read again");
}

void LaneReporter::OnTaskClosed(uint32_t task) {
  counted_.erase(task);
  cache_reads_.erase(task);
  spdlog::debug("{}: task {} closed", options_.name, task);
}

void LaneReporter::OnNotice(std::string_view line) { spdlog::warn("{}: {}", options_.name, line); }

void LaneReporter::OnEnd(const absl::Status& result) {
  TellDeadLetters(letters_told_us_ + kTellEvery);
  ForgetAssignment();
  metrics_.tasks.Set(0);
  const std::string letters = ReasonsText(totals_.dead_letters);
  const std::string totals =
      fmt::format("{:.1f} s; {} in, {} out; dead letters: {}; {}, {} aborted",
                  Seconds(clock_.MonotonicMicros() - started_us_), Count(totals_.inputs, "record"), totals_.outputs,
                  letters.empty() ? "none" : letters, Count(commits_, "commit"), aborts_);
  if (result.ok()) {
    spdlog::info("{}: stopped after {}", options_.name, totals);
  } else {
    spdlog::error("{}: failed after {}: {}", options_.name, totals, result.ToString());
  }
}

}  // namespace zaojing
