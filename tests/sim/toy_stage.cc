#include "tests/sim/toy_stage.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "processors/state/tables.h"
#include "proto/identifiers.h"
#include "proto/limits.h"
#include "proto/status_util.h"
#include "zaojing/v1/verdict.pb.h"

namespace zaojing::sim {
namespace {

int64_t NumberIn(const std::string& text) {
  int64_t number = 0;
  (void)absl::SimpleAtoi(text, &number);  // 0 for what is none, as good as any in a toy
  return number;
}

v1::Verdict Answer(TaskContext& context, std::string listing, std::string text) {
  v1::Verdict verdict;
  verdict.set_emission(context.next_emission());
  verdict.set_listing_id(std::move(listing));
  verdict.set_row(std::move(text));
  verdict.set_received_at(context.engine_time());
  verdict.set_registry_position(context.cursor().certificates);
  return verdict;
}

std::string Print(const SubjectTally& tally) {
  std::vector<std::string> words;
  words.reserve(tally.words.size());
  for (const uint64_t word : tally.words) words.emplace_back(reinterpret_cast<const char*>(&word), sizeof word);
  std::sort(words.begin(), words.end());
  return absl::StrCat(tally.entries, "/", tally.worded, absl::StrJoin(words, ""));
}

}  // namespace

void ToyStage::Apply(const Record& record, TaskContext& context) {
  if (record.value == kPoison) throw Death{};
  const std::vector<std::string> fields = absl::StrSplit(ToAbsl(record.value), '|');
  if (fields.size() != 4) {
    context.DeadLetter(record, v1::DEAD_LETTER_REASON_UNPARSABLE, "not four fields");
    return;
  }
  const std::string& listing = fields[0];
  const std::string& certificate = fields[1];
  const int64_t amount = NumberIn(fields[2]);
  context.AdvanceTime(NumberIn(fields[3]));

  const std::string key = TableKey(Table::kListing, listing);
  int64_t count = 0;
  int64_t sum = 0;
  if (const auto before = context.state().Get(key)) {
    const std::vector<std::string> parts = absl::StrSplit(ToAbsl(*before), ',');
    count = NumberIn(parts[0]);
    sum = NumberIn(parts[1]);
  }
  ++count;
  sum += amount;
  // Cells of an entry that others share, in whichever order they come.
  const std::string entry = TableKey(Table::kInvalidTally, certificate + "/");
  context.Count(entry + listing, entry.size());
  const std::string text = absl::StrCat(count, ",", sum);
  if (amount == 0) {
    context.state().Delete(key);
  } else {
    context.state().Put(key, text + "," + certificate);
  }
  v1::Verdict verdict = Answer(context, listing, text);
  verdict.set_certificate_number(certificate);
  // In the answer, so that a count which an abort or a restart has spoilt is seen.
  verdict.set_product_code(Print(context.state().TallyOf(TableKey(Table::kIndex, certificate))));
  context.Emit(Topic::kVerdicts, record.key, verdict);
}

void ToyIndex::Derive(std::string_view key, std::string_view value, DerivedEntries* derived) const {
  const std::string_view certificate = value.substr(value.rfind(',') + 1);
  const std::string word = "......." + std::string(key.substr(1));
  derived->Add(TableKey(Table::kIndex, certificate), key.substr(1),
               value.size() % 2 == 0 ? std::string_view(word).substr(word.size() - sizeof(uint64_t)) : "");
}

uint64_t ToyIndex::SubjectNumberOf(std::string_view key) const { return CredentialOfKey(key.substr(1, 16)); }

void ToyStage::OnReference(const ReferenceFact& fact, TaskContext& context) {
  if (fact.topic != Topic::kCertificates || fact.credential == 0) return;
  context.state().Put(TableKey(Table::kJob, CredentialKey(fact.credential)), std::string(fact.event_id) + ",");
  context.JobAdded();
}

void ToyStage::OnTime(int64_t before, int64_t after, TaskContext& context) {
  if (before == 0 || before / limits::kHour == after / limits::kHour) return;
  const std::string hour = std::to_string(after / limits::kHour);
  context.state().Put("D", hour);
  context.Emit(Topic::kVerdicts, "hour", Answer(context, "hour", hour));
}

bool ToyStage::HasJobs(TaskContext& context) {
  bool any = false;
  const std::string all(1, static_cast<char>(Table::kJob));
  context.state().Scan(all, all, [&](std::string_view, std::string_view) {
    any = true;
    return false;
  });
  return any;
}

Stage::Slice ToyStage::RunSlice(uint64_t count_max, TaskContext& context) {
  Slice slice;
  std::string job;
  const std::string all(1, static_cast<char>(Table::kJob));
  context.state().Scan(all, all, [&](std::string_view key, std::string_view value) {
    slice.job = std::string(key.substr(1));
    job = std::string(value);
    return false;
  });
  if (slice.job.empty()) return slice;
  const size_t comma = job.find(',');
  const std::string cause = job.substr(0, comma);
  std::string resume = job.substr(comma + 1);

  const std::string prefix = TableKey(Table::kIndex, slice.job);
  std::vector<std::string> listings;
  bool more = false;
  context.state().Scan(prefix, prefix + resume, [&](std::string_view key, std::string_view) {
    const std::string_view listing = key.substr(prefix.size());
    if (listing <= resume) return true;
    if (listings.size() == count_max) {
      more = true;
      return false;
    }
    listings.emplace_back(listing);
    return true;
  });
  for (const std::string& listing : listings) {
    v1::Verdict verdict = Answer(context, listing, "");
    verdict.set_decisive_fact(cause);
    context.Emit(Topic::kVerdicts, listing, verdict);
  }
  slice.count = listings.size();
  if (more) {
    context.state().Put(TableKey(Table::kJob, slice.job), cause + "," + listings.back());
  } else {
    context.state().Delete(TableKey(Table::kJob, slice.job));
  }
  return slice;
}

}  // namespace zaojing::sim
