#include "tests/oracle/said.h"

#include <algorithm>
#include <cstdlib>

namespace zaojing::oracle {
namespace {

using Ruling = std::pair<v1::Action, v1::Reason>;

enum class Same { kYes, kNo, kPerhaps };

bool Contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// By name or by code.
template <typename Saying>
bool Names(const Saying& saying, const std::set<std::string>& makers) {
  return makers.count(saying.maker()) > 0 || makers.count(saying.maker_uscc()) > 0;
}

int Number(const std::string& text) { return static_cast<int>(std::strtol(text.c_str() + 1, nullptr, 10)); }

Same SameModel(const std::string& said, const Offer& offer) {
  if (said.empty()) return Same::kYes;
  if (!offer.model.empty()) return Covers(said, offer.model) ? Same::kYes : Same::kNo;
  if (said.find('~') != std::string::npos || offer.certified_models.empty()) return Same::kPerhaps;
  for (const std::string& printed : offer.certified_models) {
    if (Covers(printed, said)) return Same::kPerhaps;
  }
  return Same::kNo;
}

// Codes of four digits are of one table; of any other nobody knows what it says beside them.
bool IsOfCatalogue(const std::string& code) {
  return code.size() == 4 && std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Same SameCode(const std::string& said, const std::string& offered) {
  if (said.empty() || said == offered) return Same::kYes;
  return IsOfCatalogue(said) && IsOfCatalogue(offered) ? Same::kNo : Same::kPerhaps;
}

// With zeros before it or without.
bool SameGtin(const std::string& said, const std::string& offered) {
  const auto digits = [](const std::string& gtin) {
    return gtin.substr(std::min(gtin.find_first_not_of('0'), gtin.size()));
  };
  return !said.empty() && !offered.empty() && digits(said) == digits(offered);
}

std::string Bare(const std::string& batch) {
  std::string bare;
  for (const char c : batch) {
    if (c != '-') bare += c;
  }
  return bare;
}

// The histories write batches "B<n>" and "<line>-<n>", the latter perhaps without its sign: of the two forms nobody can
// say which comes first.
Same SameBatches(const std::string& from, const std::string& to, const std::string& offered) {
  if (from.empty()) return Same::kYes;
  if (offered.empty() || (from[0] == 'B') != (offered[0] == 'B')) return Same::kPerhaps;
  const auto within = [](int first, int asked, int last) { return asked >= first && asked <= last; };
  if (from[0] == 'B') return within(Number(from), Number(offered), Number(to)) ? Same::kYes : Same::kNo;
  const size_t sign = offered.find('-');
  if (sign == std::string::npos) {
    const std::string first = Bare(from);
    const std::string last = Bare(to);
    if (offered.size() != first.size() || offered.size() != last.size()) return Same::kPerhaps;
    return within(std::stoi(first), std::stoi(offered), std::stoi(last)) ? Same::kYes : Same::kNo;
  }
  const auto parts = [](const std::string& batch) {
    const size_t at = batch.find('-');
    return std::pair(std::stoi(batch.substr(0, at)), std::stoi(batch.substr(at + 1)));
  };
  return parts(from) <= parts(offered) && parts(offered) <= parts(to) ? Same::kYes : Same::kNo;
}

std::string ListingOf(const std::string& platform, const std::string& listing) {
  return listing.empty() ? "" : platform + "/" + listing;
}

// What a failed sample makes of the offer.
Ruling OfSample(const v1::Inspection& sample, const Offer& offer, v1::Scene scene) {
  const Ruling nothing{v1::ACTION_ALLOW, v1::REASON_OK};
  const Ruling perhaps = scene == v1::SCENE_PLATE ? nothing : Ruling{v1::ACTION_REVIEW, v1::REASON_FAILED_PRODUCT};
  const Ruling sure{scene == v1::SCENE_PLATE ? v1::ACTION_REVIEW : v1::ACTION_BLOCK, v1::REASON_FAILED_BATCH};
  const bool bought_here = ListingOf(sample.platform(), sample.listing_id()) == offer.key;
  const bool same_paper = !offer.credential.empty() && sample.certificate_number() == offer.credential;
  const bool names_goods = !sample.model().empty() || !sample.product_code().empty();
  const bool same_maker = names_goods && Names(sample, offer.makers);
  const bool the_thing = bought_here || SameGtin(sample.gtin(), offer.gtin);
  if (!the_thing && !same_paper && !same_maker) return nothing;
  const Same model = SameModel(sample.model(), offer);
  const Same code = SameCode(sample.product_code(), offer.code);
  if (model == Same::kNo || code == Same::kNo) return the_thing ? perhaps : nothing;
  if (!the_thing) {
    const bool named = !sample.model().empty() && model == Same::kYes;
    if (model == Same::kPerhaps || (code == Same::kPerhaps && !named && !same_paper)) return perhaps;
  }
  if (!sample.batch().empty() && !offer.batch.empty()) {
    return Bare(sample.batch()) == Bare(offer.batch) ? sure : perhaps;
  }
  return bought_here ? sure : perhaps;
}

Ruling OfRecall(const v1::Recall& recall, const Offer& offer, v1::Scene scene) {
  const Ruling nothing{v1::ACTION_ALLOW, v1::REASON_OK};
  if (recall.withdrawn() || recall.remedy() == v1::REMEDY_SOFTWARE) return nothing;
  const v1::RecalledProduct& product = recall.products(0);
  const bool same_gtin = SameGtin(product.gtin(), offer.gtin);
  if (!same_gtin && !Names(recall, offer.makers)) return nothing;
  Same gtin = Same::kYes;
  if (!product.gtin().empty() && !same_gtin) gtin = offer.gtin.empty() ? Same::kPerhaps : Same::kNo;
  const Same model = SameModel(product.model(), offer);
  const Same code = SameCode(product.product_code(), offer.code);
  const Same batch = SameBatches(product.batch_from(), product.batch_to(), offer.batch);
  const std::vector<Same> all = {model, code, batch, gtin};
  const bool window = scene == v1::SCENE_PLATE;
  if (std::count(all.begin(), all.end(), Same::kNo) > 0) return nothing;
  if (std::count(all.begin(), all.end(), Same::kPerhaps) > 0) {
    return window ? nothing : Ruling{v1::ACTION_REVIEW, v1::REASON_RECALLED};
  }
  return {window ? v1::ACTION_REVIEW : v1::ACTION_BLOCK, v1::REASON_RECALLED};
}

// Of the narrowest that the order names.
bool IsOf(const v1::Disposition& order, const Offer& offer, bool ever) {
  if (!order.listing_id().empty()) return ListingOf(order.platform(), order.listing_id()) == offer.key;
  if (!order.certificate_number().empty()) return order.certificate_number() == offer.credential;
  if (!order.maker_uscc().empty()) return (ever ? offer.ever : offer.makers).count(order.maker_uscc()) > 0;
  if (order.product_code() == offer.code) return true;
  return (ever || !IsOfCatalogue(offer.code)) && Contains(offer.codes, order.product_code());
}

Ruling OfOrder(const v1::Disposition& order, const Offer& offer) {
  const Ruling nothing{v1::ACTION_ALLOW, v1::REASON_OK};
  if (!IsOf(order, offer, false)) return nothing;
  const Same batch = SameBatches(order.batch(), order.batch(), offer.batch);
  const Same code = SameCode(order.product_code(), offer.code);
  Same maker = Same::kYes;  // an order gives its code, which no name contradicts
  if (!order.maker_uscc().empty() && offer.makers.count(order.maker_uscc()) == 0) {
    maker = offer.code_stated ? Same::kNo : Same::kPerhaps;
  }
  if (batch == Same::kNo || code == Same::kNo || maker == Same::kNo) return nothing;
  const bool told = batch == Same::kYes && code == Same::kYes && maker == Same::kYes;
  const bool stops = order.order() != v1::ORDER_KIND_REVIEW && told;
  return {stops ? v1::ACTION_BLOCK : v1::ACTION_REVIEW, v1::REASON_ORDERED};
}

bool Restricts(v1::OrderKind kind) {
  return kind == v1::ORDER_KIND_TAKE_DOWN || kind == v1::ORDER_KIND_STOP_SALE || kind == v1::ORDER_KIND_REVIEW ||
         kind == v1::ORDER_KIND_EMERGENCY_CONTROL;
}

bool SameSubject(const v1::Disposition& a, const v1::Disposition& b) {
  return a.platform() == b.platform() && a.listing_id() == b.listing_id() &&
         a.certificate_number() == b.certificate_number() && a.maker_uscc() == b.maker_uscc() &&
         a.product_code() == b.product_code() && a.batch() == b.batch();
}

}  // namespace

bool Covers(const std::string& printed, const std::string& model) {
  const size_t sign = printed.find('~');
  if (sign == std::string::npos) return printed == model;
  return Number(model) >= Number(printed) && Number(model) <= Number(printed.substr(sign + 1));
}

bool Sayings::Lifted(const v1::Disposition& order, size_t place, int64_t now) const {
  for (size_t i = 0; i < orders_.size(); ++i) {
    const v1::Disposition& lift = orders_[i];
    if (lift.order() != v1::ORDER_KIND_LIFT || lift.effective_at() > now || !SameSubject(lift, order)) continue;
    if (lift.effective_at() > order.effective_at()) return true;
    if (lift.effective_at() == order.effective_at() && i > place) return true;
  }
  return false;
}

std::pair<v1::Action, v1::Reason> Sayings::Strictest(const Offer& offer, v1::Scene scene, int64_t now) const {
  Ruling best{v1::ACTION_ALLOW, v1::REASON_OK};
  // In the order they would be read: of two equally strict ones the first stands.
  const auto take = [&best](const Ruling& ruling) {
    if (ruling.first > best.first) best = ruling;
  };
  for (const v1::Inspection& sample : inspections_) {
    bool replaced = sample.result() != v1::INSPECTION_RESULT_FAILED;
    bool itself = false;
    for (const v1::Inspection& other : inspections_) {
      if (&other == &sample) itself = true;
      if (other.task_number() != sample.task_number() || &other == &sample) continue;
      replaced = replaced || other.version() > sample.version() || (other.version() == sample.version() && !itself);
    }
    if (!replaced) take(OfSample(sample, offer, scene));
  }
  for (const v1::Recall& recall : recalls_) {
    bool replaced = recall.effective_at() > now;
    bool itself = false;
    for (const v1::Recall& other : recalls_) {
      if (&other == &recall) itself = true;
      if (other.recall_number() != recall.recall_number() || &other == &recall || other.effective_at() > now) continue;
      replaced = replaced || other.version() > recall.version() || (other.version() == recall.version() && !itself);
    }
    if (!replaced) take(OfRecall(recall, offer, scene));
  }
  for (size_t i = 0; i < orders_.size(); ++i) {
    const v1::Disposition& order = orders_[i];
    const bool ended = order.ends_at() != 0 && now >= order.ends_at();
    if (!Restricts(order.order()) || order.effective_at() > now || ended || Lifted(order, i, now)) continue;
    take(OfOrder(order, offer));
  }
  return best;
}

bool Sayings::IsAbout(const v1::Inspection& newest, const Offer& offer) const {
  for (const v1::Inspection& one : inspections_) {
    if (one.task_number() != newest.task_number() || one.result() != v1::INSPECTION_RESULT_FAILED) continue;
    const bool names_goods = !one.model().empty() || !one.product_code().empty();
    if (ListingOf(one.platform(), one.listing_id()) == offer.key ||
        (!offer.credential.empty() && one.certificate_number() == offer.credential) ||
        SameGtin(one.gtin(), offer.gtin) || (names_goods && Names(one, offer.ever))) {
      return true;
    }
  }
  return false;
}

bool Sayings::IsAbout(const v1::Recall& newest, const Offer& offer) const {
  for (const v1::Recall& one : recalls_) {
    const bool same = one.recall_number() == newest.recall_number() && !one.withdrawn();
    if (same && (Names(one, offer.ever) || SameGtin(one.products(0).gtin(), offer.gtin))) return true;
  }
  return false;
}

bool Sayings::IsAbout(const v1::Disposition& newest, const Offer& offer) const { return IsOf(newest, offer, true); }

bool Sayings::IsDue(const Offer& offer, int64_t after, int64_t until) const {
  const auto due = [&](int64_t at, int64_t received_at) { return at > after && at <= until && at > received_at; };
  for (const v1::Recall& recall : recalls_) {
    if (due(recall.effective_at(), recall.received_at()) && IsAbout(recall, offer)) return true;
  }
  for (const v1::Disposition& order : orders_) {
    const bool dated = due(order.effective_at(), order.received_at()) || due(order.ends_at(), order.received_at());
    if (dated && IsAbout(order, offer)) return true;
  }
  return false;
}

}  // namespace zaojing::oracle
