// The gate (证书核查): look-ups against the registry, and the registry's changes against every listing they reach.
//
//   look-up ──▶ decode ─▶ judge ─▶ listing state, index ─▶ verdict, take-down
//   fact, day roll ─▶ job {what changed, cause} ─▶ slices of a walk over the index ─▶ judge each listing ─▶ ...
//   and signals to risk
//
// The answer is the stricter of two: what the decision table says of the certificate, and what the restriction rows say
// of failed samples, recalls and orders that the goods meet.
//
// Writes tables listing (index follows from it), job, plates, dates, asked (asked.h), shown (evasion.h) and the tallies
// (tally.h). Emits verdicts, takedowns, signals, dead letters. Bad reference rows are risk's to report. Thread: its
// lane's; keeps nothing between calls but scratch messages and what it decoded ahead.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "ingest/lookup_view.h"
#include "processors/rules/appeal_text.h"
#include "processors/runtime/stage.h"
#include "processors/screen/decision_table.h"
#include "processors/screen/imprint.h"
#include "processors/screen/kind_laws.h"
#include "processors/screen/listing.h"
#include "processors/screen/listing_index.h"
#include "processors/screen/lookups_ahead.h"
#include "processors/screen/reach_walk.h"
#include "processors/screen/restriction_check.h"
#include "processors/screen/scope_check.h"
#include "zaojing/v1/lookup.pb.h"
#include "zaojing/v1/rules.pb.h"
#include "zaojing/v1/signal.pb.h"
#include "zaojing/v1/state.pb.h"
#include "zaojing/v1/takedown.pb.h"
#include "zaojing/v1/verdict.pb.h"

namespace zaojing {

struct ScreenOptions {
  bool every_verdict = false;  // else: blocks, and changed answers
};

class ScreenStage final : public Stage {
 public:
  // `rules` must outlive the stage and have passed ParseRules.
  ScreenStage(const v1::RuleSet& rules, ScreenOptions options);

  std::string_view name() const override { return "screen"; }
  // 2: look-ups are counted. 3: claims, required credentials, vehicles. 4: inspections, recalls, orders; the index by
  // maker and GTIN, and by product code only where no certificate tells it. 5: evasion. 6: jobs wait while the registry
  // is stale. 7: look-ups since a cause. 8: what ties a listing to its certificate is kept of it. 9: orders name goods.
  // 10: instructions have names of their own, jobs that ran in an outage run again, a requirement's reach is told.
  // 11: who shows a certificate is told of how many show it, not of how many were counted.
  uint32_t semantic_version() const override { return 12; }
  std::string_view rules() const override { return rules_name_; }
  std::span<const Topic> inputs() const override;
  Topic journal() const override { return Topic::kScreenJournal; }
  Topic changelog() const override { return Topic::kScreenChangelog; }

  const Derivation* derivation() const override { return &index_; }

  Hint HintOf(const Record& record) override;
  void Apply(const Record& record, TaskContext& context) override;
  void OnReference(const ReferenceFact& fact, TaskContext& context) override;
  void OnTime(int64_t before, int64_t after, TaskContext& context) override;
  bool HasJobs(TaskContext& context) override;
  Slice RunSlice(uint64_t count_max, TaskContext& context) override;

 private:
  // The row that decides in one scene, a decision row or a restriction row.
  struct Ruling {
    v1::Action action = v1::ACTION_UNSPECIFIED;
    v1::Reason reason = v1::REASON_UNSPECIFIED;
    v1::Modality modality = v1::MODALITY_UNSPECIFIED;
    std::string_view row;
    std::string_view legal_basis;
    const google::protobuf::RepeatedField<int>* missing = nullptr;
    int64_t carry_out_within = 0;  // microseconds
    const v1::InstructionTerms* terms = nullptr;
    v1::AppealRoute appeal_route = v1::APPEAL_ROUTE_UNSPECIFIED;
    const Statement* hold = nullptr;  // what was said, where that decides
  };
  // An answer with what it rests on.
  struct Judgement {
    Question question;
    Matches matches;
    Ruling ruling;
    CredentialId shown = 0;          // 0 = a number of no known form, or none
    std::string_view decisive_fact;  // the registry's, or the occasion where the registry has none
    const CertificateFact* fact = nullptr;
    std::optional<CertificateView> view;      // of the certificate shown, whatever is found of it
    const CertificateScope* scope = nullptr;  // its
    Comparison comparison;                    // with its scope
    std::string_view code;                    // CodeOfGoods
    Requirement required;                     // of that code
  };
  // What one slice did, for its signal.
  struct Reach {
    uint64_t blocked = 0;
    uint64_t reviewed = 0;
    uint64_t lifted = 0;
    std::set<std::string> platforms;
    std::set<uint64_t> merchants;
    std::set<uint64_t> stopped_goods;  // GoodsOf
    bool empty() const { return blocked + reviewed + lifted == 0; }
  };
  // One listing being judged: its key parts and the occasion.
  struct Occasion {
    std::string_view key;        // look-up key
    CredentialNumber number;     // of the certificate that is shown
    std::string_view lookup_id;  // empty in a fan-out
    std::string_view cause;      // event that led here
    int64_t occurred_at = 0;
    v1::Scene scene = v1::SCENE_UNSPECIFIED;
  };

  Judgement Judge(const Listing& claim, const Occasion& occasion, const TaskContext& context) const;
  Ruling Rule(const Question& question, const Matches& matches) const;
  // Which fact made the difference: the registry's, what was said about the goods, or what ended that.
  std::string DecisiveFact(const Listing* before, const Judgement& answer, const Ruling& ruling,
                           const Occasion& occasion, const TaskContext& context) const;
  void Tally(const Occasion& occasion, const Judgement& answer, TaskContext& context);
  // What was stopped or sent to review counts against what it was for (asked.h).
  static void CountAgainst(const Judgement& answer, TaskContext& context);
  // The register of such credentials is old, or was never read.
  bool IsStale(v1::CredentialKind kind, int64_t now, const TaskContext& context) const;
  // The newest heartbeat is too long ago.
  bool IsOutdated(int64_t now, const TaskContext& context) const;
  // Scene PLATE, before judging: whose application is it, and had another one been given a plate on this code?
  void TakePlate(const Listing* before, const TaskContext& context, Listing* next) const;
  // After it: a code used again, or another step of plates on the certificate, is told to risk.
  void AfterPlate(const Listing* before, TaskContext& context);
  void CountPlate(TaskContext& context);
  // lookup_ is the record. Effect: it is judged.
  void ApplyLookup(std::string_view key, const CredentialNumber& number, TaskContext& context);
  // A look-up: next_ has its claim, listing_key_ its key in the state.
  void ApplyListing(const Occasion& occasion, TaskContext& context);
  void SetListingKey(std::string_view key);
  // Under which the job would be that reaches next_'s listing for the reason it was answered so.
  std::string JobKeyOf(const Judgement& answer, const TaskContext& context) const;
  void ApplyPlate(const Occasion& occasion, TaskContext& context);
  // What is stored under listing_key_, in before_; nullptr when nothing is.
  const Listing* ReadBefore(TaskContext& context);
  // Whether the listing stands as the imprint of its state says it stood. Effect: then the look-up is answered.
  bool AnswerAsBefore(const Occasion& occasion, const Judgement& answer, TaskContext& context);
  // Effect: `next` has all that follows from claim and answer, but for the fact that decided. Returns what decides for
  // goods on sale, where they are.
  Ruling Stand(const Occasion& occasion, Standing before, const Judgement& answer, Listing& next) const;
  // Settles `next` (claim and scene filled in) against `before`; emits, writes state, and counts into `reach`.
  void Settle(const Occasion& occasion, const Listing* before, const Judgement& answer, Listing& next,
              TaskContext& context, Reach& reach);
  static void Count(const Occasion& occasion, const Listing& state, Reach& reach);
  void LookForEvasion(const Occasion& occasion, const Listing* before, const Judgement& answer, const Listing& next,
                      TaskContext& context) const;
  void WriteListing(const Occasion& occasion, const Listing* before, const Listing& next, TaskState& state);
  // The registry is stale or empty. An outage of ours is no finding about the goods: standing answers and instructions
  // stay as they were, for as long as Waits.
  bool Waits(const Listing* before, const Listing& next, const Judgement& answer, const Ruling& standing,
             const TaskContext& context) const;
  static void KeepStanding(const Listing* before, const Judgement& answer, Listing& next);
  void JudgeAgain(std::string_view listing, const v1::FanoutJob& job, TaskContext& context, Reach& reach);
  void EmitVerdict(const Occasion& occasion, const Listing& state, const Judgement& judgement, TaskContext& context);
  void EmitTakedown(const Occasion& occasion, const Listing& state, const Judgement& judgement, const Ruling& ruling,
                    v1::Instruction instruction, TaskContext& context);
  // What an officer of the platform needs to carry an instruction out, as far as it is known.
  void FillForPlatform(const Listing& state, const Judgement& judgement, const Ruling& ruling,
                       v1::Instruction instruction, const TaskContext& context);
  // Effect: takedown_ says what the row tells the platform beside the measure. REQUIRES its deadline.
  void FillTerms(const Ruling& ruling);
  void EmitSignal(v1::SignalKind kind, std::string_view certificate, const v1::FanoutJob& job, const Reach& reach,
                  TaskContext& context);
  // The first job that need not wait for the registry; false when there is none. *key is of table job.
  bool NextJob(TaskContext& context, std::string* key, v1::FanoutJob* job) const;
  // `key`: of table job. `counted`: look-ups stopped since are (asked.h).
  void AddJob(std::string_view key, const v1::FanoutJob& job, bool counted, TaskContext& context);
  // No job, for want of listings.
  void Pass(std::string_view key, const v1::FanoutJob& job, bool counted, TaskContext& context);
  void AddCertificateJob(CredentialId id, const v1::FanoutJob& job, TaskContext& context);
  void AddCodeJob(std::string_view product_code, std::string_view cause, const Requirement& before,
                  TaskContext& context);
  // Effect: a job, if the statement restricts goods, or restricted some that are listed here.
  void AddStatementJob(const Statement& statement, std::string_view cause, TaskContext& context);
  // Effect: a job, if the record joins a name to its enterprise that was not, and anything here is the maker's.
  void AddEnterpriseJob(const ReferenceFact& fact, TaskContext& context);
  void DueJobs(int64_t rolled_to, int64_t after, TaskContext& context);
  Slice EndJob(const Slice& slice, v1::FanoutJob& job, TaskContext& context);
  static ReachWalk WalkOf(std::string_view key, const v1::FanoutJob& job, const TaskContext& context);

  const v1::RuleSet& rules_;
  const ScreenOptions options_;
  const std::string rules_name_;
  const DecisionTable table_;
  const KindLaws laws_;
  const RestrictionRows restriction_rows_;
  const AppealTexts appeals_;
  const ListingIndex index_;

  LookupsAhead ahead_;  // from HintOf to Apply
  // Scratch, valid within one call; the listings view it.
  const LookupView* lookup_ = nullptr;  // of the record being applied
  LookupView decoded_;
  v1::Lookup parsed_;
  std::string stored_;         // the listing's state, as read
  std::string decisive_fact_;  // of the next one
  std::string named_;          // likewise
  Listing before_;
  Listing next_;
  v1::Verdict verdict_;
  v1::Takedown takedown_;
  std::string listing_key_;
  std::string tally_key_;
  std::string bytes_;
  std::string imprint_bytes_;
};

}  // namespace zaojing
