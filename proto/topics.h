// The topics, in one table: name, key rule, partition count and policy, and the rank that breaks ties of engine time
// in canonical order (lower first: what is known before what is asked, inputs of screen before those of risk).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace zaojing {

// The numeric value is the rank. Do not renumber: canonical order, and so every replay's bytes, hang on it.
enum class Topic : uint8_t {
  kControl = 0,
  kCertificates = 1,
  kTicks = 2,
  kLookups = 3,
  kComplaints = 4,
  kSignals = 5,
  kVerdicts = 6,
  kTakedowns = 7,
  kAlerts = 8,
  kDeadLetter = 9,
  kScreenJournal = 10,
  kScreenChangelog = 11,
  kRiskJournal = 12,
  kRiskChangelog = 13,
  kRedrive = 14,
};
inline constexpr int kTopicCount = 15;

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
    {Topic::kControl, "control", false, Retention::kUnlimited, "rules, heartbeats; read whole by every task"},
    {Topic::kCertificates, "ccc.certificates", false, Retention::kUnlimited, "certificate facts; read whole"},
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

// Reference topics are read whole by every task and never committed as offsets; the marker holds the cursor.
constexpr bool IsReference(Topic topic) { return topic == Topic::kControl || topic == Topic::kCertificates; }

}  // namespace zaojing
