#include "processors/risk/surge_alerts.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/risk/alert_message.h"
#include "processors/state/stored_message.h"
#include "processors/state/tables.h"
#include "proto/china_time.h"
#include "proto/ids.h"

namespace zaojing {
namespace {

std::string EpisodeKey(const v1::SurgeRule& rule, const v1::Subject& subject) {
  return TableKey(Table::kEpisode, rule.id() + std::string(1, '\0') + SubjectKey(subject));
}

void AddEvidence(std::string_view event_id, v1::EpisodeState& episode) {
  KeepFirstAndNewest(std::string(event_id), episode.mutable_evidence());
  episode.set_evidence_count(episode.evidence_count() + 1);
}

void RemoveEvidence(std::string_view event_id, v1::EpisodeState& episode) {
  auto* list = episode.mutable_evidence();
  const auto named = std::find(list->begin(), list->end(), event_id);
  if (named != list->end()) list->DeleteSubrange(static_cast<int>(named - list->begin()), 1);
  if (episode.evidence_count() > 0) episode.set_evidence_count(episode.evidence_count() - 1);
}

v1::Numbers NumbersOf(const SurgeSubject& at, const SurgeFinding& finding, const v1::EpisodeState& episode,
                      int64_t week) {
  v1::Numbers numbers;
  numbers.set_count(finding.count);
  numbers.set_episode_count(episode.evidence_count());
  numbers.set_total_count(at.series.total());
  numbers.set_baseline_mean_e6(finding.mean_e6);
  numbers.set_statistic_e6(finding.score_e6);
  numbers.set_threshold_e6(at.rule.threshold_e6());
  numbers.set_baseline_weeks(finding.baseline_weeks);
  numbers.set_window_start(ChinaWeekStart(week));
  numbers.set_injured(at.series.injured());
  numbers.set_deaths(at.series.deaths());
  numbers.set_fires(at.series.fires());
  numbers.set_crashes(at.series.crashes());
  return numbers;
}

// Emits the next revision and remembers in `episode` what it said.
void Send(const SurgeSubject& at, v1::MessageType type, const v1::Numbers& numbers, int64_t occurred_at,
          v1::EpisodeState& episode, TaskContext& context) {
  episode.set_revision(episode.revision() + 1);
  v1::Alert alert;
  alert.set_alert_id(episode.alert_id());
  alert.set_revision(episode.revision());
  alert.set_fingerprint(MakeId({at.rule.id(), SubjectKey(at.subject)}));
  StampAlert(context, alert);
  alert.set_occurred_at(occurred_at);
  alert.set_rule(absl::StrCat(at.rule.id(), "@", at.rule.version()));
  alert.set_msg_type(type);
  alert.set_stage(episode.stage());
  alert.set_episode(episode.episode());
  *alert.mutable_subject() = at.subject;
  *alert.mutable_numbers() = numbers;
  SetCapFields(LevelOf(numbers), numbers.statistic_e6() >= 2 * at.rule.threshold_e6(), alert);
  for (const std::string& event_id : episode.evidence()) alert.add_evidence(event_id);
  alert.set_evidence_count(episode.evidence_count());
  alert.set_raised_at(episode.raised_at());
  const std::string subject = SubjectText(at.subject);
  const std::string mean = OneDecimal(numbers.baseline_mean_e6());
  alert.set_headline_zh(
      absl::StrCat(at.rule.headline_zh(), "：", subject, "，本周 ", numbers.count(), " 件，基线每周 ", mean, " 件"));
  alert.set_headline_en(
      absl::StrCat(at.rule.headline_en(), ": ", subject, ", ", numbers.count(), " this week, baseline ", mean));
  AddActions(at.rule.actions(), alert);
  episode.set_evidence_count_at_last_message(episode.evidence_count());
  episode.set_level(alert.level());
  context.Emit(Topic::kAlerts, episode.alert_id(), alert);
}

void Raise(const SurgeSubject& at, int64_t week, v1::EpisodeState& episode, TaskContext& context) {
  const uint32_t number = episode.episode() + 1;
  const v1::EpisodeState before = episode;
  episode.Clear();
  episode.set_episode(number);
  episode.set_stage(v1::STAGE_FOUND);
  episode.set_raised_at(context.engine_time());
  episode.add_signal_weeks(week);
  *episode.mutable_subject() = at.subject;
  for (const std::string& event_id : at.series.recent()) AddEvidence(event_id, episode);
  episode.set_first_evidence(episode.evidence_size() > 0 ? episode.evidence(0) : "");
  episode.set_alert_id(MakeId({at.rule.id(), SubjectKey(at.subject), episode.first_evidence()}));
  // Cancelled and raised again on the same first evidence: messages of one alert are numbered on.
  if (episode.alert_id() == before.alert_id()) episode.set_revision(before.revision());
}

bool AddSignalWeek(int64_t week, v1::EpisodeState& episode) {
  const auto& weeks = episode.signal_weeks();
  if (std::find(weeks.begin(), weeks.end(), week) != weeks.end()) return false;
  episode.add_signal_weeks(week);
  std::sort(episode.mutable_signal_weeks()->begin(), episode.mutable_signal_weeks()->end());
  return true;
}

bool IsDue(const v1::SurgeRule& rule, const v1::EpisodeState& episode, int64_t week) {
  const int64_t last = episode.signal_weeks(episode.signal_weeks_size() - 1);
  return week - last > int64_t{rule.episode_closes_after_weeks()};
}

}  // namespace

void OnCounted(const SurgeSubject& at, int64_t week, std::string_view evidence, int64_t occurred_at,
               TaskContext& context) {
  const SurgeFinding finding = FindSurge(at.rule, at.series, at.first_week, week);
  const std::string key = EpisodeKey(at.rule, at.subject);
  auto episode = StoredMessage<v1::EpisodeState>(key, context.state());
  const bool open = episode.stage() == v1::STAGE_FOUND;
  if (!open && !finding.signals) return;
  if (!open) {
    Raise(at, week, episode, context);
    Send(at, v1::MESSAGE_TYPE_ALERT, NumbersOf(at, finding, episode, week), occurred_at, episode, context);
  } else {
    AddEvidence(evidence, episode);
    const bool new_week = finding.signals && AddSignalWeek(week, episode);
    const v1::Numbers numbers = NumbersOf(at, finding, episode, week);
    const bool doubled = episode.evidence_count() >= 2 * episode.evidence_count_at_last_message();
    if (new_week || doubled || LevelOf(numbers) > episode.level()) {
      Send(at, v1::MESSAGE_TYPE_UPDATE, numbers, occurred_at, episode, context);
    }
  }
  context.state().Put(key, episode.SerializeAsString());
}

void OnRenewed(const SurgeSubject& at, std::string_view evidence, TaskContext& context) {
  const std::string key = EpisodeKey(at.rule, at.subject);
  auto episode = StoredMessage<v1::EpisodeState>(key, context.state());
  if (episode.stage() != v1::STAGE_FOUND) return;
  RemoveEvidence(evidence, episode);
  context.state().Put(key, episode.SerializeAsString());
}

void OnRemoved(const SurgeSubject& at, int64_t week, std::string_view evidence, TaskContext& context) {
  const std::string key = EpisodeKey(at.rule, at.subject);
  auto episode = StoredMessage<v1::EpisodeState>(key, context.state());
  if (episode.stage() != v1::STAGE_FOUND) return;
  RemoveEvidence(evidence, episode);

  auto* weeks = episode.mutable_signal_weeks();
  const auto signalled = std::find(weeks->begin(), weeks->end(), week);
  const SurgeFinding finding = FindSurge(at.rule, at.series, at.first_week, week);
  if (signalled != weeks->end() && !finding.signals) weeks->erase(signalled);
  if (weeks->empty()) {
    episode.set_stage(v1::STAGE_RETRACTED);
    Send(at, v1::MESSAGE_TYPE_CANCEL, NumbersOf(at, finding, episode, week), context.engine_time(), episode, context);
  }
  context.state().Put(key, episode.SerializeAsString());
}

void CloseEpisodes(const v1::RuleSet& rules, int64_t first_week, int64_t week, TaskContext& context) {
  for (const v1::SurgeRule& rule : rules.surges()) {
    const std::string prefix = TableKey(Table::kEpisode, rule.id() + std::string(1, '\0'));
    std::vector<std::pair<std::string, v1::EpisodeState>> due;
    context.state().Scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
      v1::EpisodeState episode;
      episode.ParseFromArray(value.data(), static_cast<int>(value.size()));
      if (episode.stage() == v1::STAGE_FOUND && IsDue(rule, episode, week)) due.emplace_back(key, std::move(episode));
      return true;
    });
    for (auto& [key, episode] : due) {
      const std::string series_key =
          TableKey(Table::kSeries, rule.id() + std::string(1, '\0') + SubjectKey(episode.subject()));
      auto series = StoredMessage<v1::SeriesState>(series_key, context.state());
      const v1::Subject subject = episode.subject();
      const SurgeSubject at{rule, subject, series, first_week};
      const int64_t last = episode.signal_weeks(episode.signal_weeks_size() - 1);
      episode.set_stage(v1::STAGE_CLOSED);
      Send(at, v1::MESSAGE_TYPE_UPDATE, NumbersOf(at, FindSurge(rule, series, first_week, last), episode, last),
           context.engine_time(), episode, context);
      context.state().Put(key, episode.SerializeAsString());
    }
  }
}

}  // namespace zaojing
