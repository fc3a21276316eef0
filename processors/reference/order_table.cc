// Officers' orders about goods as restrictions.
#include "processors/models/batch.h"
#include "processors/models/fold.h"
#include "processors/reference/restriction_table.h"

namespace zaojing {
namespace {

// UNSPECIFIED: an action about a firm, not about goods.
v1::Ground GroundOf(v1::OrderKind kind) {
  switch (kind) {
    case v1::ORDER_KIND_TAKE_DOWN:
      return v1::GROUND_ORDER_TAKE_DOWN;
    case v1::ORDER_KIND_STOP_SALE:
      return v1::GROUND_ORDER_STOP_SALE;
    case v1::ORDER_KIND_EMERGENCY_CONTROL:
      return v1::GROUND_ORDER_EMERGENCY_CONTROL;
    case v1::ORDER_KIND_REVIEW:
      return v1::GROUND_ORDER_REVIEW;
    default:
      return v1::GROUND_UNSPECIFIED;
  }
}

Bounds BoundsOf(const v1::Disposition& order) {
  Bounds bounds;
  if (!order.listing_id().empty()) bounds.listing = order.platform() + "/" + order.listing_id();
  bounds.platform = order.platform();
  bounds.seller = order.seller_uscc();
  bounds.certificate = ParseCredentialNumber(order.certificate_number()).id;
  bounds.maker_uscc = NameHash(order.maker_uscc());
  bounds.product_code = order.product_code();
  bounds.model = order.model();
  bounds.models = CompileModels({order.model()});
  bounds.batch_from = NormalBatch(order.batch());
  bounds.batch_to = bounds.batch_from;
  return bounds;
}

std::vector<Anchor> Narrowest(const Bounds& bounds) {
  if (!bounds.listing.empty()) return {Anchor::kListing};
  if (bounds.certificate != 0) return {Anchor::kCertificate};
  if (bounds.has_maker()) return {Anchor::kMaker};
  if (!bounds.seller.empty()) return {Anchor::kSeller};
  if (!bounds.product_code.empty()) return {Anchor::kCode};
  return {};
}

// Of the subject as it was written: "the same subject" is not a guess.
std::string SubjectOf(const v1::Disposition& order) {
  std::string subject;
  for (const std::string* field :
       {&order.platform(), &order.listing_id(), &order.certificate_number(), &order.maker_uscc(), &order.seller_uscc(),
        &order.product_code(), &order.model(), &order.batch()}) {
    subject.append(*field).append(1, '\0');
  }
  return subject;
}

}  // namespace

void RestrictionTable::Add(const v1::Disposition& order, int64_t position, std::string_view event_id) {
  const v1::Ground ground = GroundOf(order.order());
  const bool lifts = order.order() == v1::ORDER_KIND_LIFT;
  const std::string identity = order.source() + '\0' + order.action_id();
  Statement& statement = Begin(Topic::kDispositions, identity, position, event_id);
  statement.version = static_cast<uint64_t>(position) + 1;  // the newest record of an action counts
  statement.number = arena_.Keep(order.action_id());
  statement.authority = arena_.Keep(order.authority());
  statement.legal_basis = arena_.Keep(order.legal_basis());
  statement.modality = order.modality();
  const auto [subject, added] =
      subject_numbers_.try_emplace(SubjectOf(order), static_cast<uint32_t>(subject_numbers_.size()));
  if (added) lifts_.emplace_back();
  statement.subject = subject->second;
  statement.lifts = lifts;
  if (lifts) lifts_[statement.subject].push_back(static_cast<uint32_t>(statements_.size() - 1));
  if (lifts || ground != v1::GROUND_UNSPECIFIED) {
    Bounds bounds = BoundsOf(order);
    std::vector<Anchor> anchors = Narrowest(bounds);
    Restriction& restriction = Restrict(ground, std::move(bounds), std::move(anchors));
    restriction.since = order.effective_at();
    restriction.until = lifts ? 0 : order.ends_at();
  }
  Finish(order.received_at());
}

}  // namespace zaojing
