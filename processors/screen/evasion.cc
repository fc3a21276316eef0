#include "processors/screen/evasion.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "processors/screen/listing_index.h"
#include "processors/screen/signal_message.h"
#include "processors/state/tables.h"
#include "proto/china_time.h"
#include "proto/identifiers.h"
#include "proto/ids.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

constexpr size_t kYearDigits = 4;
constexpr size_t kBodyDigits = 2;

struct ForgedPart {
  v1::NumberPart part;
  std::string digits;
};

// REQUIRES IsCcc(id).
std::optional<ForgedPart> ForgedPartOf(CredentialId id, uint32_t first_year, const TaskContext& context) {
  const std::string digits = CredentialKey(id);
  const std::string year = digits.substr(0, kYearDigits);
  const int64_t this_year = ChinaYear(context.engine_time());
  if (year < std::to_string(first_year) || year > std::to_string(this_year)) return {{v1::NUMBER_PART_YEAR, year}};
  const Registry& registry = context.registry();
  const RegistryCursor cursor = context.cursor();
  if (!registry.KnowsBodyOf(id, cursor)) return {{v1::NUMBER_PART_BODY, digits.substr(kYearDigits, kBodyDigits)}};
  const std::string code = digits.substr(kCatalogueCodeAt, kCatalogueCodeDigits);
  const bool in_catalogue = registry.requirements().Knows(code, cursor.control);
  if (!in_catalogue && !registry.KnowsCodeOf(id, cursor)) return {{v1::NUMBER_PART_PRODUCT_CODE, code}};
  return std::nullopt;
}

bool ShowsAnother(const AskedListing& asked) {
  return asked.before == nullptr || asked.before->certificate_number != asked.next.certificate_number;
}

v1::Signal SignalOf(v1::SignalKind kind, const AskedListing& asked, const TaskContext& context) {
  v1::Signal signal = NewSignal(kind, asked.lookup.event_id, context);
  signal.set_occurred_at(asked.lookup.occurred_at);
  signal.set_listing(std::string(asked.key));
  signal.set_seller_uscc(std::string(asked.next.seller_uscc));
  if (asked.shown != 0) signal.set_certificate_number(CredentialKey(asked.shown));
  return signal;
}

void LookForForgery(const v1::EvasionRules::Forged& rule, const AskedListing& asked, TaskContext& context) {
  if (asked.registered || !IsCcc(asked.shown) || !ShowsAnother(asked)) return;
  // Of a register that was never read every number is unknown.
  if (!context.registry().Knows(v1::CREDENTIAL_KIND_CCC, context.cursor())) return;
  const std::optional<ForgedPart> forged = ForgedPartOf(asked.shown, rule.first_year(), context);
  if (!forged) return;
  v1::Signal signal = SignalOf(v1::SIGNAL_KIND_FORGED_NUMBER, asked, context);
  signal.set_part(forged->part);
  signal.set_part_digits(forged->digits);
  context.Emit(Topic::kSignals, signal.cause(), signal);
}

void TellStopped(const AskedListing& asked, TaskContext& context) {
  if (asked.next.action != v1::ACTION_BLOCK) return;
  const bool first = asked.before == nullptr;
  const bool taken_down =
      !first && asked.next.in_force == v1::ACTION_BLOCK && asked.before->in_force != v1::ACTION_BLOCK;
  const uint64_t goods = GoodsOf(asked.next);
  if (goods == 0 || !(first || taken_down)) return;
  v1::Signal signal = SignalOf(v1::SIGNAL_KIND_STOPPED, asked, context);
  signal.add_goods(goods);
  signal.set_first_asked(first);
  context.Emit(Topic::kSignals, signal.cause(), signal);
}

// Sellers of untied listings under the index key `prefix`. All of them while they are few, else of those listings that come
// first.
std::set<uint64_t> UntiedSellers(const SubjectTally& shown, const std::string& prefix, TaskState& state) {
  std::set<uint64_t> sellers(shown.words.begin(), shown.words.end());
  if (shown.words.size() < shown.worded) {
    size_t listings = 0;
    state.Scan(prefix, prefix, [&](std::string_view, std::string_view value) {
      const uint64_t seller = WordOf(value).value_or(0);
      if (seller != 0 && sellers.size() < limits::kShownMerchantsMax) sellers.insert(seller);
      return ++listings < limits::kShownListingsMax;
    });
  }
  sellers.erase(0);  // none was named
  return sellers;
}

// Each time the count has grown by half.
bool IsDue(uint64_t untied, uint64_t share) {
  uint64_t due = share;
  while (due < untied) due += std::max<uint64_t>(due / 2, 1);
  return due == untied;
}

// Who shows the certificate at this task.
void TellShown(const v1::EvasionRules::Borrowed& rule, const AskedListing& asked, TaskContext& context) {
  if (!asked.registered || !ShowsAnother(asked) || !asked.next.untied) return;
  const std::string prefix = TableKey(Table::kIndex, CredentialKey(asked.shown));
  const SubjectTally& shown = context.state().TallyOf(prefix);
  if (!IsDue(shown.worded, std::max<uint64_t>(rule.merchants_min() / context.partitions(), 1))) return;
  v1::Signal signal = SignalOf(v1::SIGNAL_KIND_SHOWN, asked, context);
  signal.set_listings(shown.entries);
  signal.set_untied(shown.worded);
  for (const uint64_t seller : UntiedSellers(shown, prefix, context.state())) signal.add_merchant_hashes(seller);
  context.Emit(Topic::kSignals, signal.cause(), signal);
}

void LookForCancelledVehicle(const AskedListing& asked, TaskContext& context) {
  // An altered vehicle, or one that an order holds, is stopped for another reason, whenever it was made.
  const bool ended = asked.next.reason == v1::REASON_CANCELLED || asked.next.reason == v1::REASON_REVOKED;
  if (!ended || asked.next.action != v1::ACTION_BLOCK) return;
  if (!ShowsAnother(asked) && asked.before->row == asked.next.row) return;
  v1::Signal signal = SignalOf(v1::SIGNAL_KIND_CANCELLED_VEHICLE, asked, context);
  signal.set_vehicle_code(std::string(asked.lookup.listing_id));
  signal.set_region(std::string(asked.lookup.region));
  context.Emit(Topic::kSignals, signal.cause(), signal);
}

}  // namespace

void LookForEvasion(const v1::EvasionRules& rules, const AskedListing& asked, TaskContext& context) {
  if (rules.has_forged()) LookForForgery(rules.forged(), asked, context);
  if (asked.lookup.scene == v1::SCENE_PLATE) return LookForCancelledVehicle(asked, context);
  if (rules.has_relisted()) TellStopped(asked, context);
  if (rules.has_borrowed()) TellShown(rules.borrowed(), asked, context);
}

uint64_t GoodsOf(const Listing& listing) {
  const bool told = !listing.certificate_number.empty() || !listing.model.empty() || !listing.gtin.empty();
  if (listing.seller_uscc.empty() || !told) return 0;
  const CredentialId id = ParseCredentialNumber(listing.certificate_number).id;
  const std::string key = id != 0 ? CredentialKey(id) : std::string(listing.certificate_number);
  std::string text(listing.seller_uscc);
  for (const std::string_view part :
       {std::string_view(key), listing.product_code, listing.model, NormalGtin(listing.gtin)}) {
    text.push_back('\0');
    text.append(part);
  }
  const uint64_t hash = Hash64(text);
  return hash == 0 ? 1 : hash;
}

}  // namespace zaojing
