#include "processors/reference/goods.h"

#include <algorithm>

#include "processors/models/batch.h"
#include "processors/models/fold.h"
#include "proto/china_time.h"
#include "proto/ids.h"

namespace zaojing {
namespace {

enum class Likeness : uint8_t { kSame, kUnknown, kOther };

// Codes of different tables say nothing about each other.
Likeness CompareCode(const Bounds& bounds, const Goods& goods) {
  if (bounds.product_code.empty() || bounds.product_code == goods.product_code) return Likeness::kSame;
  const bool comparable = IsCatalogueCode(bounds.product_code) && IsCatalogueCode(goods.product_code);
  return comparable ? Likeness::kOther : Likeness::kUnknown;
}

Likeness LikenessOf(ModelMatch match) {
  if (match == ModelMatch::kMatch) return Likeness::kSame;
  return match == ModelMatch::kMismatch ? Likeness::kOther : Likeness::kUnknown;
}

// Where the listing says nothing, a certificate that does not have the model rules it out. Ranges and lists are not
// looked up in its set.
Likeness CompareModel(const Bounds& bounds, const Goods& goods) {
  if (bounds.model.empty()) return Likeness::kSame;
  if (!goods.model.empty()) {
    return LikenessOf(MatchAnyModel(goods.model, bounds.models.data(), bounds.models.size()));
  }
  const bool single = FoldModelText(bounds.model).find_first_of(",~(\x01") == std::string::npos;
  if (!single || goods.scope == nullptr || goods.scope->models == nullptr) return Likeness::kUnknown;
  const ModelMatch certified = MatchModel(bounds.model, goods.scope->models, goods.scope->model_words);
  return certified == ModelMatch::kMismatch ? Likeness::kOther : Likeness::kUnknown;
}

template <typename Value>
Likeness CompareStated(const Value& bound, const Value& stated, bool none) {
  if (bound == stated) return Likeness::kSame;
  return none ? Likeness::kUnknown : Likeness::kOther;
}

Likeness CompareText(const std::string& bound, std::string_view stated) {
  return bound.empty() ? Likeness::kSame : CompareStated(std::string_view(bound), stated, stated.empty());
}

Likeness CompareMaker(const Bounds& bounds, const Goods& goods) {
  if (!bounds.has_maker() || goods.makers.Has(bounds.maker_name) || goods.makers.Has(bounds.maker_uscc)) {
    return Likeness::kSame;
  }
  // A GTIN is its maker's.
  if (!bounds.gtin.empty() && bounds.gtin == goods.gtin) return Likeness::kSame;
  // A name and a code do not contradict each other.
  const bool both_named = bounds.maker_name != 0 && goods.makers.named;
  const bool both_coded = bounds.maker_uscc != 0 && goods.makers.coded;
  return both_named || both_coded ? Likeness::kOther : Likeness::kUnknown;
}

Likeness CompareRange(const Bounds& bounds, const Goods& goods) {
  Likeness found = Likeness::kSame;
  if (!bounds.batch_from.empty() || !bounds.batch_to.empty()) {
    const BatchPlace place =
        goods.batch.empty() ? BatchPlace::kUnknown : PlaceBatch(goods.batch, bounds.batch_from, bounds.batch_to);
    if (place == BatchPlace::kOutside) return Likeness::kOther;
    if (place == BatchPlace::kUnknown) found = Likeness::kUnknown;
  }
  if (bounds.made_from == 0 && bounds.made_until == 0) return found;
  if (goods.made_at == 0) return Likeness::kUnknown;
  const bool outside = (bounds.made_from != 0 && goods.made_at < bounds.made_from) ||
                       (bounds.made_until != 0 && goods.made_at >= bounds.made_until);
  return outside ? Likeness::kOther : found;
}

bool SameCertificate(const Bounds& bounds, const Goods& goods) {
  return bounds.certificate != 0 && bounds.certificate == goods.certificate;
}

}  // namespace

uint64_t AnchorHash(std::string_view text) { return std::max<uint64_t>(Hash64(text), 1); }

v1::Fit FitOfSample(const Bounds& sample, const Goods& goods) {
  const bool sampled_here = !sample.listing.empty() && sample.listing == goods.listing;
  const bool same_gtin = !sample.gtin.empty() && sample.gtin == goods.gtin;
  const Likeness model = CompareModel(sample, goods);
  const Likeness code = CompareCode(sample, goods);
  if (model == Likeness::kOther || code == Likeness::kOther) {
    // The very listing, or the very GTIN, that now says it is another product: a person looks.
    return sampled_here || same_gtin ? v1::FIT_NOT_TOLD : v1::FIT_UNSPECIFIED;
  }
  const bool named = !sample.model.empty() && model == Likeness::kSame;
  const bool same_code = code == Likeness::kSame || named || SameCertificate(sample, goods);
  if (!sampled_here && !same_gtin && (model == Likeness::kUnknown || !same_code)) return v1::FIT_NOT_TOLD;
  // Of the batch number and the day of making the sample states, the listing is asked for the number first.
  if (!sample.batch_from.empty() && !goods.batch.empty()) {
    return SameBatch(sample.batch_from, goods.batch) ? v1::FIT_WITHIN : v1::FIT_SAME_PRODUCT;
  }
  if (sample.made_from != 0 && goods.made_at != 0) {
    return ChinaDay(sample.made_from) == ChinaDay(goods.made_at) ? v1::FIT_WITHIN : v1::FIT_SAME_PRODUCT;
  }
  return sampled_here ? v1::FIT_WITHIN : v1::FIT_SAME_PRODUCT;
}

v1::Fit FitOfBounds(const Bounds& bounds, const Goods& goods) {
  const size_t slash = goods.listing.find('/');
  const Likeness all[] = {
      CompareText(bounds.listing, goods.listing),
      CompareText(bounds.platform, goods.listing.substr(0, slash)),
      CompareText(bounds.seller, goods.seller),
      CompareText(bounds.gtin, goods.gtin),
      bounds.certificate == 0 ? Likeness::kSame
                              : CompareStated(bounds.certificate, goods.certificate, goods.certificate == 0),
      CompareMaker(bounds, goods),
      CompareCode(bounds, goods),
      CompareModel(bounds, goods),
      CompareRange(bounds, goods),
  };
  if (std::find(std::begin(all), std::end(all), Likeness::kOther) != std::end(all)) return v1::FIT_UNSPECIFIED;
  const bool told = std::find(std::begin(all), std::end(all), Likeness::kUnknown) == std::end(all);
  return told ? v1::FIT_WITHIN : v1::FIT_NOT_TOLD;
}

}  // namespace zaojing
