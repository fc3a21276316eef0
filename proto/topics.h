// The topics, in one table: name, key rule, partition count and policy, and the rank that breaks ties of engine time
// in canonical order (lower first: what is known before what is asked, inputs of screen before those of risk).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace zaojing {

// The numeric value is the rank, and stands in no byte that is written. Never reorder: canonical order, and so every
// replay's bytes, hang on it; a new topic goes between two others.
enum class Topic : uint8_t {
  kControl = 0,
  kEnterprises,
  kCertificates,
  kInspections,
  kRecalls,
  kDispositions,
  kTicks,
  kLookups,
  kComplaints,
  kSignals,
  kVerdicts,
  kTakedowns,
  kAlerts,
  kDeadLetter,
  kScreenJournal,
  kScreenChangelog,
  kRiskJournal,
  kRiskChangelog,
  kRedrive,
};
inline constexpr int kTopicCount = 19;

enum class Retention : uint8_t {
  kDefault,    // delete, the cluster's retention
  kUnlimited,  // delete policy, retention.ms=-1: history is evidence
  kDays7,
  kDays30,
  kCompacted,
};

struct TopicSpec {
  Topic topic;
  std::string_view name;
  bool per_task;  // P partitions; otherwise 1
  Retention retention;
  std::string_view about;  // one line for `topics create --help` and the documents
};

inline constexpr std::array<TopicSpec, kTopicCount> kTopics = {{
    {Topic::kControl, "control", false, Retention::kUnlimited, "rules, catalogue, heartbeats; read whole"},
    {Topic::kEnterprises, "enterprises", false, Retention::kUnlimited, "enterprise facts; read whole"},
    {Topic::kCertificates, "ccc.certificates", false, Retention::kUnlimited, "certificate facts; read whole"},
    {Topic::kInspections, "inspections", false, Retention::kUnlimited, "spot-check samples; read whole"},
    {Topic::kRecalls, "recalls", false, Retention::kUnlimited, "recalls; read whole"},
    {Topic::kDispositions, "dispositions", false, Retention::kUnlimited, "what officers ordered; read whole"},
    {Topic::kTicks, "ticks", false, Retention::kDays7, "one a second under clock: wall"},
    {Topic::kLookups, "ccc.lookups", true, Retention::kDefault, "certificate look-ups"},
    {Topic::kComplaints, "complaints", false, Retention::kDefault, "complaints and reports"},
    {Topic::kSignals, "signals", false, Retention::kDefault, "screen to risk (internal)"},
    {Topic::kVerdicts, "verdicts", true, Retention::kDefault, "answers to look-ups"},
    {Topic::kTakedowns, "takedowns", true, Retention::kDefault, "instructions for listings on sale"},
    {Topic::kAlerts, "alerts", false, Retention::kDefault, "risk alerts"},
    {Topic::kDeadLetter, "dead-letter", false, Retention::kDays30, "inputs that could not be judged (restricted)"},
    {Topic::kScreenJournal, "screen.journal", true, Retention::kUnlimited, "the one live order of screen"},
    {Topic::kScreenChangelog, "screen.changelog", true, Retention::kCompacted, "state of screen"},
    {Topic::kRiskJournal, "risk.journal", false, Retention::kUnlimited, "the one live order of risk"},
    {Topic::kRiskChangelog, "risk.changelog", false, Retention::kCompacted, "state of risk"},
    {Topic::kRedrive, "redrive", false, Retention::kCompacted, "which dead letters were put back"},
}};

constexpr const TopicSpec& SpecOf(Topic topic) { return kTopics[static_cast<size_t>(topic)]; }
constexpr std::string_view NameOf(Topic topic) { return SpecOf(topic).name; }

constexpr std::optional<Topic> TopicNamed(std::string_view name) {
  for (const TopicSpec& spec : kTopics) {
    if (spec.name == name) return spec.topic;
  }
  return std::nullopt;
}

// Reference topics are read whole by every task and never committed as offsets; the marker holds the cursors. They come
// before all others in rank.
inline constexpr std::array<Topic, 6> kReferenceTopics = {Topic::kControl,      Topic::kEnterprises,
                                                          Topic::kCertificates, Topic::kInspections,
                                                          Topic::kRecalls,      Topic::kDispositions};
constexpr bool IsReference(Topic topic) { return static_cast<size_t>(topic) < kReferenceTopics.size(); }

}  // namespace zaojing
