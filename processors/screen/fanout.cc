// The fan-out half of the screen stage: reference changes and day rolls become jobs, jobs become slices.
#include <charconv>

#include "ingest/decoder.h"
#include "processors/screen/screen_stage.h"
#include "processors/screen/tally.h"
#include "processors/state/tables.h"
#include "proto/china_time.h"
#include "proto/ids.h"

namespace zaojing {
namespace {

constexpr size_t kIndexKeyBytes = 16;
constexpr char kCodeMark = '#';  // neither a digit nor the mark of another credential

// Of the length of a certificate's: '#' and 15 hex digits of the code's hash.
std::string CodeKey(std::string_view code) {
  std::string key = CredentialKey(uint64_t{1} << 63 | Hash64(code));
  key[0] = kCodeMark;
  return key;
}

}  // namespace

std::string ScreenStage::CodeIndexOf(const v1::ListingState& listing) {
  if (listing.product_code().empty()) return {};
  const bool good = listing.action() == v1::ACTION_ALLOW && listing.reason() == v1::REASON_OK;
  const bool ccc = good && IsCcc(ParseCredentialNumber(listing.certificate_number()).id);
  return ccc ? std::string() : CodeKey(listing.product_code());
}

void ScreenStage::OnReference(const ReferenceFact& fact, TaskContext& context) {
  if (fact.topic == Topic::kControl && !fact.product_code.empty()) {
    const std::string key = CodeKey(fact.product_code);
    if (HasListings(key, context)) AddJob(key, fact.event_id, v1::CERTIFICATE_STATUS_UNSPECIFIED, false, context);
    return;
  }
  if (fact.topic != Topic::kCertificates || fact.reason != v1::DEAD_LETTER_REASON_UNSPECIFIED) return;
  const std::string certificate = CredentialKey(fact.credential);
  if (fact.adverse || HasListings(certificate, context)) {
    AddJob(certificate, fact.event_id, fact.status, fact.adverse, context);
  }
}

void ScreenStage::OnTime(int64_t before, int64_t after, TaskContext& context) {
  if (before != 0 && ChinaDay(before) == ChinaDay(after)) return;
  const std::string key = TableKey(Table::kDates, "");
  int64_t rolled_to = after;
  if (const auto stored = context.state().Get(key)) {
    std::from_chars(stored->data(), stored->data() + stored->size(), rolled_to);
  }
  context.state().Put(key, std::to_string(after));
  DropOldTallies(after, context);
  const Registry& registry = context.registry();
  const RegistryCursor cursor = context.cursor();
  registry.Due(rolled_to, after, cursor, [&](CredentialId id) {
    const std::string number = CredentialKey(id);
    const std::optional<CertificateView> now = registry.Find(id, after, cursor);
    const bool was_valid = FindingOf(registry.Find(id, rolled_to, cursor)) == v1::FINDING_VALID;
    const bool adverse = was_valid && FindingOf(now) != v1::FINDING_VALID;
    if (adverse || HasListings(number, context)) {
      // An expiry is the same fact as the validity it ends; the instant keeps the two causes apart.
      const std::string cause = MakeId({"due", now->fact->event_id, std::to_string(now->since)});
      AddJob(number, cause, now->status, adverse, context);
    }
  });
  registry.requirements().Due(rolled_to, after, cursor.control, [&](std::string_view code) {
    const std::string code_key = CodeKey(code);
    if (!HasListings(code_key, context)) return;
    const int64_t since = registry.requirements().At(code, after, cursor.control).since;
    AddJob(code_key, MakeId({"due-code", code, std::to_string(since)}), v1::CERTIFICATE_STATUS_UNSPECIFIED, false,
           context);
  });
}

bool ScreenStage::HasListings(std::string_view key, TaskContext& context) const {
  bool found = false;
  const std::string prefix = TableKey(Table::kIndex, key);
  context.state().Scan(prefix, prefix, [&](std::string_view, std::string_view) {
    found = true;
    return false;
  });
  return found;
}

void ScreenStage::AddJob(std::string_view key, std::string_view cause, v1::CertificateStatus status, bool report_done,
                         TaskContext& context) {
  const std::string job_key = TableKey(Table::kJob, key);
  v1::FanoutJob job;
  if (const auto stored = context.state().Get(job_key)) {
    // A newer change takes the job over; whoever waits for the older cause is told that nothing more will
    // come of it.
    job.ParseFromArray(stored->data(), static_cast<int>(stored->size()));
    if (job.report_done()) EmitSignal(v1::SIGNAL_KIND_DONE, key, job, {}, context);
    job.Clear();
  }
  job.set_cause(std::string(cause));
  job.set_status(status);
  job.set_report_done(report_done);
  context.state().Put(job_key, job.SerializeAsString());
  context.JobAdded();
}

bool ScreenStage::HasJobs(TaskContext& context) {
  bool found = false;
  const std::string prefix = TableKey(Table::kJob, "");
  context.state().Scan(prefix, prefix, [&](std::string_view, std::string_view) {
    found = true;
    return false;
  });
  return found;
}

Stage::Slice ScreenStage::RunSlice(uint64_t count_max, TaskContext& context) {
  Slice slice;
  v1::FanoutJob job;
  const std::string jobs = TableKey(Table::kJob, "");
  context.state().Scan(jobs, jobs, [&](std::string_view key, std::string_view value) {
    slice.job = std::string(key.substr(1));
    job.ParseFromArray(value.data(), static_cast<int>(value.size()));
    return false;
  });
  if (slice.job.empty()) return slice;

  // Collect first, judge after: judging writes, and a scan must not see its own writes.
  std::vector<std::string> listings;
  const std::string prefix = TableKey(Table::kIndex, slice.job);
  // The byte zero after the last key judged is the next possible key.
  const std::string from = job.resume_after().empty() ? prefix : prefix + job.resume_after() + std::string(1, '\0');
  context.state().Scan(prefix, from, [&](std::string_view key, std::string_view) {
    if (listings.size() == count_max) return false;
    listings.emplace_back(key.substr(1 + kIndexKeyBytes));
    return true;
  });
  Reach reach;
  for (const std::string& listing : listings) JudgeAgain(listing, job, context, reach);
  slice.count = listings.size();
  // What a product code requires is no certificate's reach.
  const bool of_certificate = slice.job[0] != kCodeMark;
  if (of_certificate && !reach.empty()) EmitSignal(v1::SIGNAL_KIND_REACH, slice.job, job, reach, context);
  if (listings.size() < count_max) {
    if (job.report_done()) EmitSignal(v1::SIGNAL_KIND_DONE, slice.job, job, {}, context);
    context.state().Delete(TableKey(Table::kJob, slice.job));
  } else {
    job.set_resume_after(listings.back());
    context.state().Put(TableKey(Table::kJob, slice.job), job.SerializeAsString());
  }
  return slice;
}

void ScreenStage::JudgeAgain(std::string_view listing, const v1::FanoutJob& job, TaskContext& context, Reach& reach) {
  const std::optional<std::string_view> stored = context.state().Get(TableKey(Table::kListing, listing));
  if (!stored) return;
  before_.ParseFromArray(stored->data(), static_cast<int>(stored->size()));
  next_ = before_;
  Occasion occasion;
  occasion.key = listing;
  occasion.stored = *stored;
  occasion.cause = job.cause();
  occasion.occurred_at = context.engine_time();
  // What is on sale is judged as such, whatever was asked last.
  occasion.scene = before_.on_sale() ? v1::SCENE_ON_SALE : before_.scene();
  Settle(occasion, &before_, next_, context, reach);
}

void ScreenStage::FillSignal(v1::SignalKind kind, std::string_view cause, const TaskContext& context,
                             v1::Signal* signal) {
  const std::string source = "screen/" + std::to_string(context.task());
  signal->set_event_id(MakeId({"signal", source, std::to_string(context.next_emission())}));
  signal->set_source(source);
  signal->set_schema_version(1);
  signal->set_occurred_at(context.engine_time());
  signal->set_received_at(context.engine_time());
  signal->set_emission(context.next_emission());
  signal->set_kind(kind);
  signal->set_task(context.task());
  signal->set_cause(std::string(cause));
}

void ScreenStage::EmitSignal(v1::SignalKind kind, std::string_view certificate, const v1::FanoutJob& job,
                             const Reach& reach, TaskContext& context) {
  v1::Signal signal;
  FillSignal(kind, job.cause(), context, &signal);
  signal.set_certificate_number(std::string(certificate));
  signal.set_status(job.status());
  signal.set_listings_blocked(reach.blocked);
  signal.set_listings_reviewed(reach.reviewed);
  signal.set_listings_lifted(reach.lifted);
  for (const std::string& platform : reach.platforms) signal.add_platforms(platform);
  for (uint64_t merchant : reach.merchants) signal.add_merchant_hashes(merchant);
  context.Emit(Topic::kSignals, job.cause(), signal);
}

}  // namespace zaojing
