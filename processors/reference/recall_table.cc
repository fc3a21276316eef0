// Lines of recalls as restrictions.
#include "processors/models/batch.h"
#include "processors/models/fold.h"
#include "processors/reference/restriction_table.h"
#include "proto/identifiers.h"

namespace zaojing {
namespace {

v1::Ground GroundOf(v1::Remedy remedy) {
  switch (remedy) {
    case v1::REMEDY_REPLACE:
      return v1::GROUND_RECALL_REPLACE;
    case v1::REMEDY_REPAIR:
      return v1::GROUND_RECALL_REPAIR;
    case v1::REMEDY_SOFTWARE:
      return v1::GROUND_RECALL_SOFTWARE;
    case v1::REMEDY_LABEL:
      return v1::GROUND_RECALL_LABEL;
    default:
      return v1::GROUND_RECALL_STOP_AND_RETURN;  // the decoder lets nothing else in
  }
}

Bounds BoundsOf(const v1::Recall& recall, const v1::RecalledProduct& product) {
  Bounds bounds;
  bounds.maker_name = NameHash(recall.maker());
  bounds.maker_uscc = NameHash(recall.maker_uscc());
  bounds.product_code = product.product_code();
  bounds.model = product.model();
  bounds.models = CompileModels({product.model()});
  bounds.gtin = NormalGtin(product.gtin());
  bounds.batch_from = NormalBatch(product.batch_from());
  bounds.batch_to = NormalBatch(product.batch_to());
  bounds.made_from = product.made_from();
  bounds.made_until = product.made_until();
  return bounds;
}

}  // namespace

void RestrictionTable::Add(const v1::Recall& recall, int64_t position, std::string_view event_id) {
  Statement& statement = Begin(Topic::kRecalls, recall.source() + '\0' + recall.recall_number(), position, event_id);
  statement.version = recall.version();
  statement.since = recall.effective_at();
  statement.number = arena_.Keep(recall.recall_number());
  statement.maker = arena_.Keep(recall.maker());
  statement.hazard = arena_.Keep(recall.hazard());
  for (const v1::RecalledProduct& product : recall.products()) {
    if (recall.withdrawn()) break;
    Bounds bounds = BoundsOf(recall, product);
    std::vector<Anchor> anchors;
    if (!bounds.gtin.empty()) anchors.push_back(Anchor::kGtin);
    if (bounds.has_maker()) anchors.push_back(Anchor::kMaker);
    if (anchors.empty() && !bounds.product_code.empty()) anchors.push_back(Anchor::kCode);
    Restrict(GroundOf(recall.remedy()), std::move(bounds), std::move(anchors)).since = recall.effective_at();
  }
  Finish(recall.received_at());
}

}  // namespace zaojing
