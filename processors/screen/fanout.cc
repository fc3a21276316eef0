// The fan-out half of the screen stage: reference changes and day rolls become jobs, jobs become slices.
#include <charconv>

#include "ingest/decoder.h"
#include "processors/screen/asked.h"
#include "processors/screen/screen_stage.h"
#include "processors/screen/signal_message.h"
#include "processors/screen/tally.h"
#include "processors/state/stored_message.h"
#include "processors/state/tables.h"
#include "proto/check.h"
#include "proto/china_time.h"
#include "proto/ids.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

v1::Reason ReasonOf(const Statement& statement) {
  if (statement.topic == Topic::kInspections) return v1::REASON_FAILED_BATCH;
  return statement.topic == Topic::kRecalls ? v1::REASON_RECALLED : v1::REASON_ORDERED;
}

v1::FanoutJob CertificateJob(std::string_view cause, v1::CertificateStatus status, bool adverse) {
  v1::FanoutJob job;
  job.set_cause(std::string(cause));
  job.set_status(status);
  job.set_report_done(adverse);
  return job;
}

// Effect: the job begins anew.
void Rewind(v1::FanoutJob& job) {
  job.clear_resume_after();
  job.clear_resume_at();
}

}  // namespace

void ScreenStage::OnReference(const ReferenceFact& fact, TaskContext& context) {
  if (fact.reason != v1::DEAD_LETTER_REASON_UNSPECIFIED) return;
  switch (fact.topic) {
    case Topic::kControl:
      if (!fact.product_code.empty()) {
        const RequirementTable& requirements = context.registry().requirements();
        const int64_t now = context.engine_time();
        AddCodeJob(fact.product_code, fact.event_id, requirements.At(fact.product_code, now, fact.position), context);
      }
      context.JobAdded();  // a heartbeat: jobs that waited for it may run
      return;
    case Topic::kCertificates:
      AddCertificateJob(fact.credential, CertificateJob(fact.event_id, fact.status, fact.adverse), context);
      return;
    case Topic::kEnterprises:
      AddEnterpriseJob(fact, context);
      return;
    case Topic::kInspections:
    case Topic::kRecalls:
    case Topic::kDispositions:
      if (const Statement* statement = context.registry().restrictions().Find(fact.event_id)) {
        AddStatementJob(*statement, fact.event_id, context);
      }
      return;
    default:
      return;
  }
}

// A fact that makes nothing worse does not take the place of one that did and is not carried out yet: that begins again, for
// the fact may have changed what it passed over.
void ScreenStage::AddCertificateJob(CredentialId id, const v1::FanoutJob& job, TaskContext& context) {
  const std::string key = CredentialKey(id);
  auto older = StoredMessage<v1::FanoutJob>(TableKey(Table::kJob, key), context.state());
  if (older.cause().empty() && !HasListings(key, context.state())) return Pass(key, job, true, context);
  if (job.report_done()) return AddJob(key, job, true, context);
  const auto now = context.registry().Find(id, context.engine_time(), context.cursor());
  if (!older.report_done() || FindingOf(now) == v1::FINDING_VALID) return AddJob(key, job, false, context);
  Rewind(older);
  context.state().Put(TableKey(Table::kJob, key), older.SerializeAsString());
}

// `before`: what was required until then. Where that was known, look-ups stopped since are counted.
void ScreenStage::AddCodeJob(std::string_view product_code, std::string_view cause, const Requirement& before,
                             TaskContext& context) {
  const Requirement now =
      context.registry().requirements().At(product_code, context.engine_time(), context.cursor().control);
  const bool changed = now.kinds != before.kinds;
  const bool counted = changed && before.kinds != 0;
  v1::FanoutJob job;
  job.set_cause(std::string(cause));
  job.set_product_code(std::string(product_code));
  job.set_report_done(changed);
  if (!ReachWalk::OfCode(product_code).Any(context.state())) return Pass(CodeKey(product_code), job, counted, context);
  AddJob(CodeKey(product_code), job, counted, context);
}

// Nothing here shows it, and what is asked about from now on is judged with it: there is nothing to do but to say so.
void ScreenStage::Pass(std::string_view key, const v1::FanoutJob& job, bool counted, TaskContext& context) {
  if (!job.report_done()) return;
  EmitSignal(v1::SIGNAL_KIND_DONE, key, job, {}, context);
  if (counted) BeginAsked(key, job, context);
}

void ScreenStage::AddStatementJob(const Statement& statement, std::string_view cause, TaskContext& context) {
  const Registry& registry = context.registry();
  const RegistryCursor cursor = context.cursor();
  const bool adverse = registry.restrictions().Restricts(statement, context.engine_time(), cursor.restrictions());
  if (!adverse && !ReachWalk::OfStatement(statement, registry, cursor).Any(context.state())) return;
  v1::FanoutJob job;
  job.set_cause(std::string(cause));
  job.set_fact(std::string(statement.event_id));
  job.set_report_done(adverse);
  // The walk itself tells whom it reaches; that there is nobody at all is seen at once.
  if (!HasListings("", context.state())) return Pass(StatementKey(statement), job, adverse, context);
  AddJob(StatementKey(statement), job, adverse, context);
}

// What was said of a maker by one name comes to reach what claims, or is certified to, another; and a claim that seemed
// to be another's turns out to be the certificate's own.
void ScreenStage::AddEnterpriseJob(const ReferenceFact& fact, TaskContext& context) {
  const Registry& registry = context.registry();
  const RegistryCursor cursor = context.cursor();
  if (!registry.enterprises().Joins(fact.enterprise, fact.position)) return;
  v1::FanoutJob job;
  job.set_cause(std::string(fact.event_id));
  job.set_enterprise(fact.enterprise);
  job.set_maker(std::string(registry.enterprises().NameAt(fact.enterprise, fact.position)));
  job.set_report_done(registry.restrictions().RestrictsMaker(fact.enterprise, context.engine_time(), cursor.enterprises,
                                                             cursor.restrictions()));
  const std::string key = EnterpriseKey(fact.enterprise);
  if (!ReachWalk::OfEnterprise(fact.enterprise, registry, cursor).Any(context.state())) {
    return Pass(key, job, false, context);
  }
  AddJob(key, job, false, context);
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
  DueJobs(rolled_to, after, context);
}

void ScreenStage::DueJobs(int64_t rolled_to, int64_t after, TaskContext& context) {
  const Registry& registry = context.registry();
  const RegistryCursor cursor = context.cursor();
  registry.Due(rolled_to, after, cursor, [&](CredentialId id) {
    const std::optional<CertificateView> now = registry.Find(id, after, cursor);
    const v1::Finding finding = FindingOf(now);
    const bool adverse = finding != v1::FINDING_VALID && finding != FindingOf(registry.Find(id, rolled_to, cursor));
    // An expiry is the same fact as the validity it ends; the instant keeps the two causes apart.
    const std::string cause = MakeId({"due", now->fact->event_id, std::to_string(now->since)});
    AddCertificateJob(id, CertificateJob(cause, now->status, adverse), context);
  });
  registry.requirements().Due(rolled_to, after, cursor.control, [&](std::string_view code) {
    const RequirementTable& requirements = registry.requirements();
    const int64_t told = requirements.At(code, after, cursor.control).told;
    const std::string cause = MakeId({"due-code", code, std::to_string(told)});
    AddCodeJob(code, cause, requirements.At(code, rolled_to, cursor.control), context);
  });
  registry.restrictions().Due(rolled_to, after, cursor.restrictions(), [&](int64_t at, const Statement& statement) {
    AddStatementJob(statement, MakeId({"due", statement.event_id, std::to_string(at)}), context);
  });
}

void ScreenStage::AddJob(std::string_view key, const v1::FanoutJob& job, bool counted, TaskContext& context) {
  const std::string job_key = TableKey(Table::kJob, key);
  // A newer change takes the job over; whoever waits for the older cause is told that nothing more will come of it. One
  // day roll can meet the same change twice: several facts of a certificate may state the date it ends on.
  const auto older = StoredMessage<v1::FanoutJob>(job_key, context.state());
  if (older.cause() == job.cause()) return;
  if (older.report_done()) EmitSignal(v1::SIGNAL_KIND_DONE, key, older, {}, context);
  context.state().Put(job_key, job.SerializeAsString());
  if (counted) BeginAsked(key, job, context);
  context.JobAdded();
}

// A registry that is stale says nothing about a certificate: what would be judged by it waits for a heartbeat, or the
// change would pass over its listings without effect. What restricts goods is carried out all the same.
bool ScreenStage::NextJob(TaskContext& context, std::string* key, v1::FanoutJob* job) const {
  const bool outdated = IsOutdated(context.engine_time(), context);
  bool found = false;
  const std::string jobs = TableKey(Table::kJob, "");
  context.state().Scan(jobs, jobs, [&](std::string_view stored, std::string_view value) {
    job->ParseFromArray(value.data(), static_cast<int>(value.size()));
    found = !outdated || (job->report_done() && (!job->fact().empty() || job->enterprise() != 0));
    if (found) *key = std::string(stored.substr(1));
    return !found;
  });
  return found;
}

bool ScreenStage::HasJobs(TaskContext& context) {
  std::string key;
  v1::FanoutJob job;
  return NextJob(context, &key, &job);
}

Stage::Slice ScreenStage::RunSlice(uint64_t count_max, TaskContext& context) {
  Slice slice;
  v1::FanoutJob job;
  if (!NextJob(context, &slice.job, &job)) return slice;

  const ReachWalk walk = WalkOf(slice.job, job, context);
  std::string at = job.resume_at();
  if (at.empty() && !job.resume_after().empty()) at = slice.job + job.resume_after() + std::string(1, '\0');
  // Collect first, judge after: judging writes, and a scan must not see its own writes.
  ReachWalk::Step step = walk.Walk(at, count_max, context.state());
  if (at.empty()) step.listings.insert(step.listings.begin(), walk.named().begin(), walk.named().end());
  Reach reach;
  for (const std::string& listing : step.listings) JudgeAgain(listing, job, context, reach);
  slice.count = step.listings.size();
  if (!reach.empty()) EmitSignal(v1::SIGNAL_KIND_REACH, slice.job, job, reach, context);
  job.set_in_outage(job.in_outage() || IsOutdated(context.engine_time(), context));
  if (step.next.empty()) return EndJob(slice, job, context);
  job.clear_resume_after();
  job.set_resume_at(step.next);
  context.state().Put(TableKey(Table::kJob, slice.job), job.SerializeAsString());
  return slice;
}

// What the job passed over while the registry was stale (Waits) is looked at again when it is not.
Stage::Slice ScreenStage::EndJob(const Slice& slice, v1::FanoutJob& job, TaskContext& context) {
  const std::string key = TableKey(Table::kJob, slice.job);
  if (job.report_done()) EmitSignal(v1::SIGNAL_KIND_DONE, slice.job, job, {}, context);
  if (!job.in_outage()) {
    context.state().Delete(key);
    return slice;
  }
  job.clear_in_outage();
  job.clear_report_done();
  Rewind(job);
  context.state().Put(key, job.SerializeAsString());
  return slice;
}

ReachWalk ScreenStage::WalkOf(std::string_view key, const v1::FanoutJob& job, const TaskContext& context) {
  if (!job.product_code().empty()) return ReachWalk::OfCode(job.product_code());
  if (job.enterprise() != 0) return ReachWalk::OfEnterprise(job.enterprise(), context.registry(), context.cursor());
  if (job.fact().empty()) return ReachWalk::OfCertificate(key);
  const Statement* statement = context.registry().restrictions().Find(job.fact());
  ZAOJING_CHECK(statement != nullptr);  // the job is younger than the fact, and a registry forgets nothing
  return ReachWalk::OfStatement(*statement, context.registry(), context.cursor());
}

void ScreenStage::JudgeAgain(std::string_view listing, const v1::FanoutJob& job, TaskContext& context, Reach& reach) {
  const std::optional<std::string_view> stored = context.state().Get(TableKey(Table::kListing, listing));
  if (!stored) return;
  stored_.assign(*stored);
  before_ = Listing::Read(stored_);
  next_ = before_;
  Occasion occasion;
  occasion.key = listing;
  occasion.number = ParseCredentialNumber(next_.certificate_number);
  occasion.cause = job.cause();
  occasion.occurred_at = context.engine_time();
  // What is on sale is judged as such, whatever was asked last.
  occasion.scene = before_.on_sale ? v1::SCENE_ON_SALE : before_.scene;
  Settle(occasion, &before_, Judge(next_, occasion, context), next_, context, reach);
}

void ScreenStage::EmitSignal(v1::SignalKind kind, std::string_view certificate, const v1::FanoutJob& job,
                             const Reach& reach, TaskContext& context) {
  v1::Signal signal = NewSignal(kind, job.cause(), context);
  const Statement* said = job.fact().empty() ? nullptr : context.registry().restrictions().Find(job.fact());
  if (!job.product_code().empty()) {
    signal.set_product_code(job.product_code());
  } else if (job.enterprise() != 0) {
    signal.set_maker(job.maker());
  } else if (said == nullptr) {
    signal.set_certificate_number(std::string(certificate));
    signal.set_status(job.status());
  } else {
    signal.set_reason(ReasonOf(*said));
    signal.set_number(std::string(said->number));
    signal.set_maker(std::string(said->maker));
    const auto subjects = context.registry().restrictions().SubjectsOf(*said, context.cursor().restrictions());
    if (!subjects.empty()) {
      signal.set_product_code(subjects.back()->bounds.product_code);
      signal.set_model(subjects.back()->bounds.model);
    }
  }
  signal.set_listings_blocked(reach.blocked);
  signal.set_listings_reviewed(reach.reviewed);
  signal.set_listings_lifted(reach.lifted);
  for (const std::string& platform : reach.platforms) {
    if (signal.platforms_size() < static_cast<int>(limits::kPlatformsMax)) signal.add_platforms(platform);
  }
  for (uint64_t merchant : reach.merchants) signal.add_merchant_hashes(merchant);
  for (uint64_t goods : reach.stopped_goods) signal.add_goods(goods);
  context.Emit(Topic::kSignals, job.cause(), signal);
}

}  // namespace zaojing
