#include "ingest/generate/facts.h"

#include <string>
#include <string_view>
#include <utility>

#include "ingest/generate/catalogue.h"
#include "ingest/generate/fill.h"
#include "ingest/generate/names.h"
#include "proto/check.h"

namespace zaojing::generate {
namespace {

using limits::kDay;

constexpr int64_t kLongAgo = kYearStart - 3'650 * kDay;
constexpr int64_t kMandatory2024 = ChinaDayStart(19'936);
constexpr int64_t kMandatory2025 = kYearStart + 304 * kDay;
static_assert(ChinaDayStart(19'936) == kYearStart - 153 * kDay, "2024-08-01, 153 days before the year");

// "gc-12-345": kind, then what tells it from others of the kind.
std::string EventId(std::string_view kind, uint64_t number) {
  std::string id("g");
  id.append(kind).append("-");
  AppendNumber(number, 1, &id);
  return id;
}

template <typename Message>
void SetEnvelope(std::string id, std::string_view source, int64_t occurred_at, int64_t at, Message* message) {
  message->set_event_id(std::move(id));
  message->set_source(std::string(source));
  message->set_schema_version(1);
  message->set_occurred_at(occurred_at);
  message->set_received_at(at);
}

struct Steps {
  v1::CredentialKind before;  // UNSPECIFIED: one step only
  v1::CredentialKind after;
  int64_t mandatory_from;
};

Steps StepsOf(Need need) {
  switch (need) {
    case Need::kCertified:
      return {v1::CREDENTIAL_KIND_UNSPECIFIED, v1::CREDENTIAL_KIND_CCC, kLongAgo};
    case Need::kSelfDeclared:
      return {v1::CREDENTIAL_KIND_UNSPECIFIED, v1::CREDENTIAL_KIND_CCC_SELF_DECLARED, kLongAgo};
    case Need::kSince2024:
      return {v1::CREDENTIAL_KIND_NONE, v1::CREDENTIAL_KIND_CCC, kMandatory2024};
    case Need::kSince2025:
      return {v1::CREDENTIAL_KIND_NONE, v1::CREDENTIAL_KIND_CCC, kMandatory2025};
    case Need::kNone:
      break;
  }
  return {v1::CREDENTIAL_KIND_UNSPECIFIED, v1::CREDENTIAL_KIND_NONE, kLongAgo};
}

// The facts of requirement, in order of the products.
struct RequirementStep {
  const Product* product;
  v1::CredentialKind kind;
  int64_t effective_at;
};

RequirementStep StepAt(uint64_t number) {
  for (const Product& product : Products()) {
    const Steps steps = StepsOf(product.need);
    if (steps.before != v1::CREDENTIAL_KIND_UNSPECIFIED) {
      if (number == 0) return {&product, steps.before, kLongAgo};
      --number;
    }
    if (number == 0) return {&product, steps.after, steps.mandatory_from};
    --number;
  }
  return {nullptr, v1::CREDENTIAL_KIND_UNSPECIFIED, 0};
}

std::string_view SourceOf(Fate fate) { return fate == Fate::kMassRevoked ? "registry/27" : "registry"; }

v1::CertificateStatus StatusBefore(Fate fate) {
  switch (fate) {
    case Fate::kRevokedBefore:
      return v1::CERTIFICATE_STATUS_REVOKED;
    case Fate::kSuspendedBefore:
      return v1::CERTIFICATE_STATUS_SUSPENDED;
    case Fate::kCancelledBefore:
    case Fate::kVehicleCancelled:
      return v1::CERTIFICATE_STATUS_CANCELLED;
    default:
      return v1::CERTIFICATE_STATUS_VALID;
  }
}

// CNCA's reasons: revoked, a safety item failed; suspended, a spot check; cancelled, on request.
std::string_view ReasonOf(v1::CertificateStatus status) {
  switch (status) {
    case v1::CERTIFICATE_STATUS_REVOKED:
      return "0205";
    case v1::CERTIFICATE_STATUS_SUSPENDED:
      return "0201";
    case v1::CERTIFICATE_STATUS_CANCELLED:
      return "0204";
    default:
      return "";
  }
}

void SetParties(const World& world, const CertificateSpec& spec, v1::Certificate* certificate) {
  const CertificateBook& book = world.certificates;
  // Certificates keep the name of their day.
  const auto name = [&](uint64_t firm) { return book.FirmName(firm, book.FirmAt(firm).renamed); };
  certificate->set_holder(name(spec.holder));
  certificate->set_maker(name(spec.maker));
  certificate->set_factory(name(spec.factory));
  certificate->set_holder_uscc(book.FirmUscc(spec.holder));
  certificate->set_maker_uscc(book.FirmUscc(spec.maker));
  certificate->set_factory_uscc(book.FirmUscc(spec.factory));
  std::string factory_code("V");
  AppendNumber(spec.factory % 1'000'000, 6, &factory_code);
  certificate->set_factory_code(std::move(factory_code));
}

void SetScope(const World& world, const CertificateSpec& spec, v1::Certificate* certificate) {
  SetParties(world, spec, certificate);
  certificate->set_product_code(std::string(Products()[spec.product].code));
  for (std::string& model : PrintedModels(spec.models)) certificate->add_models(std::move(model));
  const bool vehicle = spec.product == EBike();
  if (!vehicle) return;
  *certificate->mutable_vehicle() = world.certificates.VehicleOf(spec);
  if (spec.fate == Fate::kVehicleCancelled) return;
  const uint64_t plates = world.vehicles.PlatesOn(spec.fate, spec.ordinal, world.certificates);
  certificate->set_yearly_production(CertificateBook::DeclaredProduction(spec.fate, plates));
}

v1::Certificate Status(const World& world, const CertificateSpec& spec, v1::CertificateStatus status) {
  v1::Certificate certificate;
  certificate.set_number(world.certificates.NumberOf(spec));
  certificate.set_version("A0");
  certificate.set_status(status);
  certificate.set_reason_code(std::string(ReasonOf(status)));
  certificate.set_valid_from(spec.valid_from);
  certificate.set_valid_until(spec.valid_until);
  return certificate;
}

// A sample of the certificate's goods. The task is named by the event: "failed" or "passed", and its number.
v1::Inspection SampleOf(const World& world, const CertificateSpec& spec, std::string_view kind, uint64_t number,
                        int64_t at) {
  const CertificateBook& book = world.certificates;
  v1::Inspection inspection;
  SetEnvelope(EventId(kind, number), "spot-checks", at - 10 * kDay, at, &inspection);
  inspection.set_version(1);
  inspection.set_level(v1::INSPECTION_LEVEL_NATIONAL);
  inspection.set_task_number("T-" + inspection.event_id());
  inspection.set_sample_number("1");
  inspection.set_product_code(std::string(Products()[spec.product].code));
  inspection.set_maker(book.FirmName(spec.maker, false));
  inspection.set_maker_uscc(book.FirmUscc(spec.maker));
  inspection.set_certificate_number(book.NumberOf(spec));
  inspection.set_gtin(Gtin(spec.index));
  return inspection;
}

}  // namespace

v1::Control CatalogueFact(uint64_t product, int64_t at) {
  const Product& entry = Products()[product];
  v1::Control control;
  SetEnvelope(EventId("cat", product), "registry", kLongAgo, at, &control);
  v1::CatalogueEntry& catalogue = *control.mutable_catalogue();
  catalogue.set_product_code(std::string(entry.code));
  catalogue.set_name(std::string(entry.name));
  catalogue.set_effective_at(kLongAgo);
  for (uint32_t number = 0; number < kCategoriesOfProduct; ++number) {
    catalogue.add_categories(std::string(entry.name) + "/" + std::to_string(number));
  }
  return control;
}

uint64_t RequirementFacts() {
  uint64_t count = 0;
  while (StepAt(count).product != nullptr) ++count;
  return count;
}

v1::Control RequirementFact(uint64_t number, int64_t at) {
  const RequirementStep step = StepAt(number);
  v1::Control control;
  SetEnvelope(EventId("req", number), "registry", step.effective_at, at, &control);
  v1::RequiredCredential& required = *control.mutable_credential();
  required.set_product_code(std::string(step.product->code));
  required.set_effective_at(step.effective_at);
  required.add_kinds(step.kind);
  required.set_legal_basis("强制性产品认证目录");
  return control;
}

v1::Control HeartbeatFact(uint64_t number, int64_t at) {
  v1::Control control;
  SetEnvelope(EventId("beat", number), "registry", at, at, &control);
  control.mutable_heartbeat()->set_registry_as_of(at);
  return control;
}

v1::Enterprise FirmFact(const World& world, uint64_t firm, bool former, int64_t at) {
  const Firm seen = world.certificates.FirmAt(firm);
  v1::Enterprise enterprise;
  const int64_t effective_at = former ? kLongAgo : kYearStart - 200 * kDay;
  SetEnvelope(EventId(former ? "former" : "firm", firm), "enterprise-register", effective_at, at, &enterprise);
  enterprise.set_uscc(world.certificates.FirmUscc(firm));
  enterprise.set_name(world.certificates.FirmName(firm, former));
  const uint64_t size = Draw(world.seed, Stream::kEnterprise, firm) % 100;
  enterprise.set_tier(size < 2    ? v1::ENTERPRISE_TIER_A
                      : size < 12 ? v1::ENTERPRISE_TIER_B
                      : size < 50 ? v1::ENTERPRISE_TIER_C
                                  : v1::ENTERPRISE_TIER_D);
  enterprise.set_region(std::string(seen.region));
  enterprise.set_effective_at(effective_at);
  return enterprise;
}

v1::Certificate IssueFact(const World& world, const CertificateSpec& spec, int64_t at) {
  const v1::CertificateStatus status = StatusBefore(spec.fate);
  v1::Certificate certificate = Status(world, spec, status);
  const bool valid = status == v1::CERTIFICATE_STATUS_VALID;
  const int64_t effective_at = valid ? spec.valid_from : world.certificates.EffectiveAt(spec.fate, spec.ordinal);
  SetEnvelope(EventId("cert", spec.index), SourceOf(spec.fate), effective_at, at, &certificate);
  certificate.set_effective_at(effective_at);
  SetScope(world, spec, &certificate);
  return certificate;
}

v1::Certificate EventFact(const World& world, const CertificateSpec& spec, int64_t at) {
  v1::CertificateStatus status = v1::CERTIFICATE_STATUS_VALID;
  switch (spec.fate) {
    case Fate::kRenewed:
      break;
    case Fate::kCancelled:
      status = v1::CERTIFICATE_STATUS_CANCELLED;
      break;
    case Fate::kSuspended:
    case Fate::kRestored:
      status = v1::CERTIFICATE_STATUS_SUSPENDED;
      break;
    case Fate::kRevoked:
    case Fate::kMassRevoked:
    case Fate::kCorrected:
      status = v1::CERTIFICATE_STATUS_REVOKED;
      break;
    default:
      ZAOJING_CHECK(false && "no fact comes of this fate");
  }
  v1::Certificate certificate = Status(world, spec, status);
  const bool renewed = spec.fate == Fate::kRenewed;
  const int64_t effective_at = renewed ? spec.valid_until : world.certificates.EffectiveAt(spec.fate, spec.ordinal);
  if (renewed) {
    certificate.set_version("B0");
    certificate.set_valid_from(spec.valid_until);
    certificate.set_valid_until(spec.valid_until + 1'826 * kDay);
  }
  SetEnvelope(EventId("event", spec.index), SourceOf(spec.fate), effective_at, at, &certificate);
  certificate.set_effective_at(effective_at);
  return certificate;
}

v1::Certificate EndFact(const World& world, const CertificateSpec& spec, int64_t at) {
  v1::Certificate certificate = Status(world, spec, v1::CERTIFICATE_STATUS_VALID);
  // A correction holds from when the mistake did; who was suspended is valid from that day on.
  const bool corrected = spec.fate == Fate::kCorrected;
  const int64_t effective_at =
      corrected ? world.certificates.EffectiveAt(spec.fate, spec.ordinal) : ChinaDayStart(ChinaDay(at));
  SetEnvelope(EventId("end", spec.index), SourceOf(spec.fate), effective_at, at, &certificate);
  certificate.set_effective_at(effective_at);
  return certificate;
}

v1::Inspection FailedInspection(const World& world, uint64_t ordinal, int64_t at) {
  const CertificateSpec spec = world.certificates.At(Fate::kInspected, ordinal);
  v1::Inspection inspection = SampleOf(world, spec, "failed", ordinal, at);
  inspection.set_stage(v1::INSPECTION_STAGE_ONLINE);
  inspection.set_model(FailedModel(world, ordinal));
  inspection.set_batch(FailedBatch(world, ordinal));
  inspection.set_made_at(FailedBatchMadeAt(world, ordinal));
  inspection.set_result(v1::INSPECTION_RESULT_FAILED);
  v1::InspectionItem& item = *inspection.add_items();
  item.set_name("对触及带电部件的防护");
  item.set_safety(true);
  item.set_failed(true);
  constexpr v1::PlantedCause kCause = v1::PLANTED_CAUSE_INSPECTION_FAILED;
  if (ordinal < world.listings.CountOf(kCause)) {
    const Listing sampled = world.listings.Planted(kCause, ordinal);
    inspection.set_platform(ListingBook::PlatformOf(sampled));
    inspection.set_listing_id(world.listings.IdOf(sampled));
  }
  return inspection;
}

v1::Inspection PassedInspection(const World& world, uint64_t number, int64_t at) {
  const Dice dice(world.seed, Stream::kInspection, (uint64_t{1} << 50) + number);
  const CertificateSpec spec =
      world.certificates.At(Fate::kPlain, dice.Roll(0, world.certificates.Of(Fate::kPlain).count));
  v1::Inspection inspection = SampleOf(world, spec, "passed", number, at);
  inspection.set_stage(v1::INSPECTION_STAGE_PRODUCTION);
  inspection.set_model(ClaimedModel(spec.models, dice.Draw64(1)));
  inspection.set_batch("PC" + std::to_string(ChinaDay(at) - 40));
  inspection.set_region(std::string(world.certificates.FirmAt(spec.factory).region));
  inspection.set_result(v1::INSPECTION_RESULT_PASSED);
  return inspection;
}

v1::Recall RecallFact(const World& world, Fate fate, uint64_t ordinal, int64_t at) {
  const CertificateSpec spec = world.certificates.At(fate, ordinal);
  v1::Recall recall;
  SetEnvelope(EventId("recall", spec.index), "recalls", at - 30 * kDay, at, &recall);
  recall.set_recall_number("ZH2025-" + std::to_string(spec.index));
  recall.set_version(1);
  recall.set_maker(world.certificates.FirmName(spec.maker, false));
  recall.set_maker_uscc(world.certificates.FirmUscc(spec.maker));
  const MadeBetween made = RecalledMade(world, fate, ordinal);
  v1::RecalledProduct& product = *recall.add_products();
  product.set_product_code(std::string(Products()[spec.product].code));
  product.set_model(PrintedModels(spec.models).front());
  if (PrintedModels(spec.models).size() > 1) product.clear_model();  // all of them
  product.set_made_from(made.from);
  product.set_made_until(made.until);
  product.set_units(500 + Draw(world.seed, Stream::kInspection, spec.index) % 20'000);
  product.set_gtin(Gtin(spec.index));
  recall.set_hazard("过热起火");
  recall.set_cause(v1::DEFECT_CAUSE_MANUFACTURE);
  recall.set_remedy(fate == Fate::kPatched ? v1::REMEDY_SOFTWARE : v1::REMEDY_STOP_AND_RETURN);
  recall.set_effective_at(ChinaDayStart(ChinaDay(at)));
  recall.set_investigated(spec.index % 10 != 0);
  return recall;
}

v1::Disposition OrderFact(const World& world, uint64_t ordinal, int64_t at) {
  const Listing listing = world.listings.Planted(v1::PLANTED_CAUSE_ORDERED, ordinal);
  v1::Disposition order;
  SetEnvelope(EventId("order", ordinal), "offices", at, at, &order);
  order.set_action_id(EventId("action", ordinal));
  order.set_order(v1::ORDER_KIND_TAKE_DOWN);
  order.set_effective_at(at);
  order.set_authority("市场监督管理局");
  order.set_region(std::string(RegionOf(listing.dice.Draw64(0))));
  order.set_legal_basis("电子商务法第二十九条");
  order.set_modality(v1::MODALITY_SHALL);
  order.set_platform(ListingBook::PlatformOf(listing));
  order.set_listing_id(world.listings.IdOf(listing));
  return order;
}

}  // namespace zaojing::generate
