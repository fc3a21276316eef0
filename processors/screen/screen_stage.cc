#include "processors/screen/screen_stage.h"

#include "ingest/decoder.h"
#include "ingest/envelope.h"
#include "processors/rules/rule_set.h"
#include "processors/screen/asked.h"
#include "processors/screen/evasion.h"
#include "processors/screen/imprint.h"
#include "processors/screen/instruction_name.h"
#include "processors/screen/tally.h"
#include "processors/state/stored_message.h"
#include "processors/state/tables.h"
#include "proto/ids.h"

namespace zaojing {
namespace {

constexpr Topic kInputs[] = {Topic::kLookups};

// A plate look-up asks about a vehicle, not an offer: nothing to take down.
bool ShowsOnSale(v1::Scene scene) { return scene == v1::SCENE_ON_SALE || scene == v1::SCENE_CHECKOUT; }

// What the goods need is not shown.
bool IsUnlicensed(v1::Reason reason) {
  return reason == v1::REASON_NO_CREDENTIAL || reason == v1::REASON_OTHER_CREDENTIAL;
}

// None for goods that come on sale and may be.
std::optional<v1::Instruction> InstructionFor(v1::Action stood, v1::Action stands) {
  if (stands == stood) return std::nullopt;
  if (stands == v1::ACTION_BLOCK) return v1::INSTRUCTION_TAKE_DOWN;
  if (stands == v1::ACTION_REVIEW) return v1::INSTRUCTION_REVIEW_REQUESTED;
  if (stood == v1::ACTION_UNSPECIFIED) return std::nullopt;
  return v1::INSTRUCTION_LIFT;
}

// The certificate was valid once.
bool IsEnded(v1::Finding finding) {
  return finding == v1::FINDING_SUSPENDED || finding == v1::FINDING_REVOKED || finding == v1::FINDING_CANCELLED ||
         finding == v1::FINDING_EXPIRED;
}

}  // namespace

ScreenStage::ScreenStage(const v1::RuleSet& rules, ScreenOptions options)
    : rules_(rules),
      options_(options),
      rules_name_(RulesName(rules)),
      table_(rules),
      laws_(rules),
      restriction_rows_(rules),
      appeals_(rules) {}

std::span<const Topic> ScreenStage::inputs() const { return kInputs; }

Hint ScreenStage::HintOf(const Record& record) {
  const LookupsAhead::Decoded* decoded = ahead_.Add(record);
  SetListingKey(record.key);
  return {TaskState::HintOf(listing_key_), decoded != nullptr ? decoded->number.id : 0};
}

void ScreenStage::Apply(const Record& record, TaskContext& context) {
  if (const LookupsAhead::Decoded* decoded = ahead_.Take(record)) {
    lookup_ = &decoded->lookup;
    return ApplyLookup(record.key, decoded->number, context);
  }
  if (DecodeResult rejected = DecodeView(record, &parsed_, &decoded_)) {
    context.DeadLetter(record, rejected->reason, rejected->detail);
    return;
  }
  lookup_ = &decoded_;
  ApplyLookup(record.key, ParseCredentialNumber(decoded_.certificate_number), context);
}

void ScreenStage::ApplyLookup(std::string_view key, const CredentialNumber& number, TaskContext& context) {
  context.AdvanceTime(lookup_->received_at);

  next_ = {};
  next_.certificate_number = lookup_->certificate_number;
  next_.scene = lookup_->scene;
  next_.made_at = lookup_->made_at;
  next_.shipment_proven = lookup_->shipment_proven;
  next_.seller_uscc = lookup_->seller_uscc;
  TakeClaim(*lookup_, context.registry(), context.engine_time(), context.cursor(), &next_);

  Occasion occasion;
  occasion.key = key;
  occasion.number = number;
  occasion.lookup_id = lookup_->event_id;
  occasion.cause = lookup_->event_id;
  occasion.occurred_at = lookup_->occurred_at;
  occasion.scene = lookup_->scene;
  SetListingKey(key);
  if (occasion.scene == v1::SCENE_PLATE) {
    ApplyPlate(occasion, context);
  } else {
    ApplyListing(occasion, context);
  }
}

void ScreenStage::SetListingKey(std::string_view key) {
  listing_key_.assign(1, static_cast<char>(Table::kListing));
  listing_key_.append(key);
}

const Listing* ScreenStage::ReadBefore(TaskContext& context) {
  const std::optional<std::string_view> stored = context.state().Get(listing_key_);
  if (!stored) return nullptr;
  stored_.assign(*stored);
  before_ = Listing::Read(stored_);
  return &before_;
}

void ScreenStage::ApplyPlate(const Occasion& occasion, TaskContext& context) {
  const Listing* before = ReadBefore(context);
  TakePlate(before, context, &next_);
  Reach reach;
  Settle(occasion, before, Judge(next_, occasion, context), next_, context, reach);
  AfterPlate(before, context);
}

void ScreenStage::ApplyListing(const Occasion& occasion, TaskContext& context) {
  const Judgement answer = Judge(next_, occasion, context);
  if (AnswerAsBefore(occasion, answer, context)) return;
  const Listing* before = ReadBefore(context);
  Reach reach;
  Settle(occasion, before, answer, next_, context, reach);
  if (reach.empty()) return;
  // The look-up came before the fan-out's slice did: the instruction belongs to the job's cause all the same.
  const std::string key = JobKeyOf(answer, context);
  if (key.empty()) return;
  const auto job = StoredMessage<v1::FanoutJob>(TableKey(Table::kJob, key), context.state());
  if (!job.cause().empty()) EmitSignal(v1::SIGNAL_KIND_REACH, key, job, reach, context);
}

// Of what stands: what was said, what the goods need, or the certificate; empty = none of these.
std::string ScreenStage::JobKeyOf(const Judgement& answer, const TaskContext& context) const {
  const Statement* hold = next_.hold.empty() ? nullptr : context.registry().restrictions().Find(next_.hold);
  if (hold != nullptr) return StatementKey(*hold);
  if (IsUnlicensed(answer.ruling.reason)) return CodeKey(answer.code);
  return answer.shown != 0 ? CredentialKey(answer.shown) : "";
}

// Nearly every look-up of a listing finds it as the last one left it. Its imprint tells so, and then nothing is read and
// nothing but the answer itself is written: what a change would lead to (instructions, signals) there is none of.
bool ScreenStage::AnswerAsBefore(const Occasion& occasion, const Judgement& answer, TaskContext& context) {
  const uint64_t imprint = context.state().ImprintOf(listing_key_);
  if (imprint == 0 || answer.ruling.reason == v1::REASON_REGISTRY_STALE) return false;
  const v1::Scene scene = next_.scene;
  (void)Stand(occasion, StandingOf(imprint), answer, next_);
  if (ImprintOf(occasion.key, next_, &imprint_bytes_) != imprint) {
    next_.scene = scene;  // all else that Stand sets it sets anew
    return false;
  }
  context.state().CountImprintHit();
  Tally(occasion, answer, context);
  CountAgainst(answer, context);
  if (options_.every_verdict || answer.ruling.action == v1::ACTION_BLOCK) EmitVerdict(occasion, next_, answer, context);
  return true;
}

ScreenStage::Ruling ScreenStage::Stand(const Occasion& occasion, Standing before, const Judgement& answer,
                                       Listing& next) const {
  const bool asked = !occasion.lookup_id.empty();
  next.on_sale = before.on_sale || (asked && ShowsOnSale(occasion.scene));
  // Published on our ALLOW. What was stopped before and would be allowed now is not on sale until it is asked again.
  if (asked && answer.ruling.action == v1::ACTION_ALLOW && occasion.scene == v1::SCENE_PUBLISH) next.on_sale = true;
  // The scene is kept only for what is not on sale: goods on sale are asked about in every scene, and state that changed
  // with each question would be written with each.
  if (next.on_sale) next.scene = v1::SCENE_UNSPECIFIED;
  next.maker_apart = next.maker_hash != 0 && answer.comparison.maker != Comparison::Party::kSame;
  next.untied = answer.comparison.Untied();
  // The look-up is answered for its own scene; what stands for goods on sale is judged as on sale, whatever was asked.
  Ruling standing = answer.ruling;
  if (next.on_sale && occasion.scene != v1::SCENE_ON_SALE) {
    Question on_sale = answer.question;
    on_sale.scene = v1::SCENE_ON_SALE;
    standing = Rule(on_sale, answer.matches);
  }
  next.action = standing.action;
  next.reason = standing.reason;
  next.row = standing.row;
  next.hold = standing.hold != nullptr ? standing.hold->event_id : std::string_view();
  next.in_force = next.on_sale ? next.action : before.in_force;
  return standing;
}

void ScreenStage::Settle(const Occasion& occasion, const Listing* before, const Judgement& answer, Listing& next,
                         TaskContext& context, Reach& reach) {
  const bool asked = !occasion.lookup_id.empty();
  if (asked) {
    Tally(occasion, answer, context);
    CountAgainst(answer, context);
  }
  const Standing stood = before != nullptr ? Standing{before->on_sale, before->in_force} : Standing{};
  const Ruling standing = Stand(occasion, stood, answer, next);
  if (before != nullptr) next.named = before->named;
  if (Waits(before, next, answer, standing, context)) {
    KeepStanding(before, answer, next);
    if (asked) EmitVerdict(occasion, next, answer, context);
    WriteListing(occasion, before, next, context.state());
    return LookForEvasion(occasion, before, answer, next, context);
  }
  const bool unsaid = standing.reason == v1::REASON_REGISTRY_STALE;
  if (unsaid && next.on_sale) next.in_force = v1::ACTION_ALLOW;
  const bool same =
      before != nullptr && before->row == next.row && before->certificate_number == next.certificate_number;
  // The fact that made the difference stays until the answer changes: facts that change nothing are not causes.
  if (!same) decisive_fact_ = DecisiveFact(before, answer, standing, occasion, context);
  next.decisive_fact = same ? before->decisive_fact : decisive_fact_;
  const bool plate_given = asked && occasion.scene == v1::SCENE_PLATE && next.action == v1::ACTION_ALLOW;
  if (plate_given && next.plated_application == 0) {
    next.plated_application = next.asked_application;
    next.plated_at = context.engine_time();
    next.plated_region = lookup_->region;
  }
  const bool changed = before != nullptr && !same;
  if (changed || (asked && (options_.every_verdict || answer.ruling.action == v1::ACTION_BLOCK))) {
    EmitVerdict(occasion, next, answer, context);
  }
  if (const auto instruction = InstructionFor(stood.in_force, next.in_force)) {
    named_.assign(next.named);
    decisive_fact_ = NameInstruction(next.decisive_fact, occasion.cause, *instruction, &named_);
    next.decisive_fact = decisive_fact_;
    next.named = named_;
    EmitTakedown(occasion, next, answer, standing, *instruction, context);
    Count(occasion, next, reach);
  }
  WriteListing(occasion, before, next, context.state());
  LookForEvasion(occasion, before, answer, next, context);
}

void ScreenStage::LookForEvasion(const Occasion& occasion, const Listing* before, const Judgement& answer,
                                 const Listing& next, TaskContext& context) const {
  if (occasion.lookup_id.empty() || !rules_.has_evasion()) return;
  const AskedListing asked{*lookup_,     occasion.key,           before, next, answer.question.finding,
                           answer.shown, answer.view.has_value()};
  zaojing::LookForEvasion(rules_.evasion(), asked, context);
}

void ScreenStage::Tally(const Occasion& occasion, const Judgement& answer, TaskContext& context) {
  const bool ccc = IsCcc(answer.shown);  // its 16 digits come first; other kinds have no such counter
  const std::string_view digits = lookup_->certificate_number.substr(0, ccc ? 16 : 0);
  const AnsweredLookup answered{*lookup_, occasion.key.substr(0, occasion.key.find('/')), digits, answer.ruling.action,
                                IsEnded(answer.question.finding) && ccc};
  TallyLookup(answered, &tally_key_, context);
}

void ScreenStage::CountAgainst(const Judgement& answer, TaskContext& context) {
  if (answer.ruling.action == v1::ACTION_ALLOW) return;
  if (const Statement* hold = answer.ruling.hold) return CountAsked(StatementKey(*hold), context);
  if (IsUnlicensed(answer.ruling.reason)) return CountAsked(CodeKey(answer.code), context);
  if (IsEnded(answer.question.finding)) CountAsked(CredentialKey(answer.shown), context);
}

// What the certificate came to stands until the registry can say otherwise, and what was said about the goods replaces it
// only where it is stricter. What was said can end meanwhile: in an outage the job that follows it up waits (RunSlice);
// of a register that was never read no more will be known later, and the goods are as they were before it was said.
bool ScreenStage::Waits(const Listing* before, const Listing& next, const Judgement& answer, const Ruling& standing,
                        const TaskContext& context) const {
  if (answer.question.finding != v1::FINDING_REGISTRY_STALE) return false;
  const bool held = before != nullptr && !before->hold.empty();
  if (standing.hold == nullptr) return !held || IsOutdated(context.engine_time(), context);
  return !held && next.on_sale && before != nullptr && before->in_force >= standing.action;
}

void ScreenStage::KeepStanding(const Listing* before, const Judgement& answer, Listing& next) {
  next.action = before != nullptr ? before->action : answer.ruling.action;
  next.reason = before != nullptr ? before->reason : answer.ruling.reason;
  next.row = before != nullptr ? before->row : answer.ruling.row;
  next.decisive_fact = before != nullptr ? before->decisive_fact : answer.decisive_fact;
  next.in_force = before != nullptr ? before->in_force : v1::ACTION_UNSPECIFIED;
  next.hold = before != nullptr ? before->hold : std::string_view();
}

void ScreenStage::Count(const Occasion& occasion, const Listing& state, Reach& reach) {
  reach.blocked += state.in_force == v1::ACTION_BLOCK ? 1U : 0U;
  const uint64_t goods = state.in_force == v1::ACTION_BLOCK ? GoodsOf(state) : 0;
  if (goods != 0) reach.stopped_goods.insert(goods);
  reach.reviewed += state.in_force == v1::ACTION_REVIEW ? 1U : 0U;
  reach.lifted += state.in_force == v1::ACTION_ALLOW ? 1U : 0U;
  reach.platforms.insert(std::string(occasion.key.substr(0, occasion.key.find('/'))));
  if (!state.seller_uscc.empty()) reach.merchants.insert(Hash64(state.seller_uscc));
}

void ScreenStage::WriteListing(const Occasion& occasion, const Listing* before, const Listing& next, TaskState& state) {
  const std::string_view bytes = next.Write({}, &bytes_);
  SetListingKey(occasion.key);
  const uint64_t imprint = ImprintOf(occasion.key, next, &imprint_bytes_);
  // Most look-ups change nothing: what was read is what would be written.
  if (before != nullptr && bytes == stored_) return state.NoteImprint(listing_key_, imprint);
  state.PutWithImprint(listing_key_, bytes, imprint);
}

}  // namespace zaojing
