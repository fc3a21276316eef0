// Failed samples as restrictions.
#include "processors/models/batch.h"
#include "processors/models/fold.h"
#include "processors/reference/restriction_table.h"
#include "proto/identifiers.h"

namespace zaojing {

// 移交 is about whoever copied the goods, 拒检 and what was not sampled about nobody's goods: they restrict nothing.
void RestrictionTable::Add(const v1::Inspection& inspection, int64_t position, std::string_view event_id) {
  const std::string identity =
      inspection.source() + '\0' + inspection.task_number() + '\0' + inspection.sample_number();
  Statement& statement = Begin(Topic::kInspections, identity, position, event_id);
  statement.version = inspection.version();
  statement.number = arena_.Keep(inspection.task_number());
  statement.maker = arena_.Keep(inspection.maker());
  if (inspection.result() == v1::INSPECTION_RESULT_FAILED) {
    for (const v1::InspectionItem& item : inspection.items()) {
      if (item.failed() && statement.hazard.empty()) statement.hazard = arena_.Keep(item.name());
    }
    Bounds bounds;
    if (!inspection.listing_id().empty()) bounds.listing = inspection.platform() + "/" + inspection.listing_id();
    bounds.certificate = ParseCredentialNumber(inspection.certificate_number()).id;
    bounds.maker_name = NameHash(inspection.maker());
    bounds.maker_uscc = NameHash(inspection.maker_uscc());
    bounds.product_code = inspection.product_code();
    bounds.model = inspection.model();
    bounds.models = CompileModels({inspection.model()});
    bounds.gtin = NormalGtin(inspection.gtin());
    bounds.batch_from = NormalBatch(inspection.batch());
    bounds.made_from = inspection.made_at();
    std::vector<Anchor> anchors;
    if (!bounds.listing.empty()) anchors.push_back(Anchor::kListing);
    if (bounds.certificate != 0) anchors.push_back(Anchor::kCertificate);
    if (!bounds.gtin.empty()) anchors.push_back(Anchor::kGtin);
    const bool says_what = !bounds.model.empty() || !bounds.product_code.empty();
    if (bounds.has_maker() && says_what) anchors.push_back(Anchor::kMaker);
    Restrict(v1::GROUND_FAILED_SAMPLE, std::move(bounds), std::move(anchors));
  }
  Finish(inspection.received_at());
}

}  // namespace zaojing
