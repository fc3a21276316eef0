// What the screen stage says: verdicts and instructions.
#include "processors/screen/missing.h"
#include "processors/screen/screen_stage.h"
#include "proto/ids.h"

namespace zaojing {
namespace {

v1::Measure MeasureOf(v1::Instruction instruction, const Statement* hold) {
  if (instruction == v1::INSTRUCTION_LIFT) return v1::MEASURE_RESTORE;
  if (instruction == v1::INSTRUCTION_REVIEW_REQUESTED) return v1::MEASURE_CHECK;
  return hold != nullptr && hold->topic == Topic::kDispositions ? v1::MEASURE_STOP_SALE : v1::MEASURE_BLOCK;
}

}  // namespace

void ScreenStage::EmitVerdict(const Occasion& occasion, const Listing& state, const Judgement& judgement,
                              TaskContext& context) {
  const std::string source = "screen/" + std::to_string(context.task());
  const size_t slash = occasion.key.find('/');
  verdict_.Clear();
  verdict_.set_event_id(MakeId({"verdict", source, std::to_string(context.next_emission())}));
  verdict_.set_source(source);
  verdict_.set_schema_version(1);
  verdict_.set_occurred_at(occasion.occurred_at);
  verdict_.set_received_at(context.engine_time());
  verdict_.set_emission(context.next_emission());
  verdict_.set_lookup_id(std::string(occasion.lookup_id));
  verdict_.set_platform(std::string(occasion.key.substr(0, slash)));
  verdict_.set_listing_id(std::string(occasion.key.substr(slash + 1)));
  verdict_.set_certificate_number(std::string(state.certificate_number));
  if (judgement.fact != nullptr) {
    verdict_.set_certificate_version(std::string(context.registry().VersionOf(*judgement.view)));
  }
  verdict_.set_scene(occasion.scene);
  const Ruling& ruling = judgement.ruling;
  verdict_.set_action(ruling.action);
  verdict_.set_reason(ruling.reason);
  verdict_.set_row(ruling.row.data(), ruling.row.size());
  verdict_.set_legal_basis(ruling.legal_basis.data(), ruling.legal_basis.size());
  verdict_.set_modality(ruling.modality);
  verdict_.set_decisive_fact(std::string(ruling.hold != nullptr ? ruling.hold->event_id : judgement.decisive_fact));
  verdict_.set_registry_position(context.cursor().certificates);
  if (const std::optional<int64_t> as_of = context.registry().Heartbeat(context.cursor())) {
    verdict_.set_registry_as_of(*as_of);
    verdict_.set_registry_age(context.engine_time() - *as_of);
  }
  verdict_.set_rules(rules_name_);
  const RowGround ground{judgement.question.scope, ruling.hold != nullptr};
  for (const int code : *ruling.missing) {
    const auto missing = static_cast<v1::Missing>(code);
    if (IsMissing(missing, state, ground)) verdict_.add_missing(missing);
  }
  verdict_.set_required(judgement.required.principal);
  verdict_.set_required_since(judgement.required.since);
  verdict_.set_product_code(std::string(state.product_code));
  context.Emit(Topic::kVerdicts, occasion.key, verdict_);
}

void ScreenStage::EmitTakedown(const Occasion& occasion, const Listing& state, const Judgement& judgement,
                               const Ruling& ruling, v1::Instruction instruction, TaskContext& context) {
  const size_t slash = occasion.key.find('/');
  const std::string platform(occasion.key.substr(0, slash));
  const std::string listing(occasion.key.substr(slash + 1));
  takedown_.Clear();
  // Named by what it says and why, not by who noticed: look-up, slice and day roll give the same id.
  takedown_.set_event_id(
      MakeId({"takedown", platform, listing, state.decisive_fact, v1::Instruction_Name(instruction)}));
  takedown_.set_source("screen/" + std::to_string(context.task()));
  takedown_.set_schema_version(1);
  takedown_.set_occurred_at(occasion.occurred_at);
  takedown_.set_received_at(context.engine_time());
  takedown_.set_emission(context.next_emission());
  takedown_.set_instruction(instruction);
  takedown_.set_platform(platform);
  takedown_.set_listing_id(listing);
  takedown_.set_seller_uscc(std::string(state.seller_uscc));
  takedown_.set_certificate_number(std::string(state.certificate_number));
  takedown_.set_reason(state.reason);
  takedown_.set_row(std::string(state.row));
  takedown_.set_legal_basis(std::string(ruling.legal_basis));
  takedown_.set_modality(ruling.modality);
  takedown_.set_decisive_fact(std::string(state.decisive_fact));
  FillForPlatform(state, judgement, ruling, instruction, context);
  context.Emit(Topic::kTakedowns, occasion.key, takedown_);
}

void ScreenStage::FillForPlatform(const Listing& state, const Judgement& judgement, const Ruling& ruling,
                                  v1::Instruction instruction, const TaskContext& context) {
  if (ruling.hold != nullptr) {
    takedown_.set_authority(std::string(ruling.hold->authority));
    takedown_.set_document_number(std::string(ruling.hold->number));
    takedown_.set_hazard(std::string(ruling.hold->hazard));
  }
  takedown_.set_product_code(std::string(state.product_code));
  takedown_.set_model(std::string(state.model));
  takedown_.set_batch(std::string(state.batch));
  takedown_.set_deadline(context.engine_time() + ruling.carry_out_within);
  takedown_.add_evidence(std::string(state.decisive_fact));
  // What holds the goods now may be another record than the one that made the difference.
  if (ruling.hold != nullptr && ruling.hold->event_id != state.decisive_fact) {
    takedown_.add_evidence(std::string(ruling.hold->event_id));
  } else if (ruling.hold == nullptr && judgement.fact != nullptr && judgement.fact->event_id != state.decisive_fact) {
    takedown_.add_evidence(std::string(judgement.fact->event_id));
  }
  takedown_.set_measure(MeasureOf(instruction, ruling.hold));
  if (instruction != v1::INSTRUCTION_LIFT) FillTerms(ruling);
  if (judgement.fact == nullptr) return;
  takedown_.set_certificate_status(judgement.fact->status());
  const bool expired = judgement.question.finding == v1::FINDING_EXPIRED;
  if (expired) takedown_.set_certificate_status(v1::CERTIFICATE_STATUS_EXPIRED);
  takedown_.set_certificate_as_of(context.registry().Heartbeat(context.cursor()).value_or(0));
}

void ScreenStage::FillTerms(const Ruling& ruling) {
  const v1::InstructionTerms& terms = *ruling.terms;
  *takedown_.mutable_further_measures() = terms.further_measures();
  takedown_.set_appeal_route(ruling.appeal_route);
  takedown_.set_appeal(appeals_.Of(ruling.appeal_route));
  if (terms.report() == v1::MODALITY_UNSPECIFIED) return;
  takedown_.set_report(terms.report());
  takedown_.set_report_by(takedown_.deadline() + terms.report_within());
  takedown_.set_report_basis(rules_.report_basis());
}

}  // namespace zaojing
