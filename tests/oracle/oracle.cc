#include "tests/oracle/oracle.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <set>

#include "proto/ids.h"
#include "tests/oracle/firms.h"
#include "tests/oracle/papers.h"
#include "tests/oracle/said.h"

namespace zaojing::oracle {
namespace {

constexpr int64_t kDayMicros = 86'400'000'000;
constexpr int64_t kEastEight = 8 * 3'600'000'000;

int64_t DayOf(int64_t t) { return (t + kEastEight) / kDayMicros; }  // times here are after 1970
int64_t WeekOf(int64_t t) { return (DayOf(t) + 3) / 7; }            // 1970-01-01 was a Thursday

std::string KeyOf(const v1::Lookup& lookup) {
  const std::string platform = lookup.scene() == v1::SCENE_PLATE ? "plate" : lookup.platform();
  return platform + "/" + lookup.listing_id();
}

struct Claim {
  std::string number;
  v1::Scene scene = v1::SCENE_UNSPECIFIED;
  int64_t made = 0;
  bool proof = false;
  std::string code;
  std::string model;
  std::string maker;
  uint32_t mass = 0;
  std::string batch;
  std::string gtin;
  bool reused = false;  // another application was given a plate on this vehicle code
};

// The histories print one model, or a range "M<low>~M<high>" of them, and claim one.
bool Covers(const std::string& printed, const std::string& model) {
  const size_t sign = printed.find('~');
  if (sign == std::string::npos) return printed == model;
  const int asked = std::stoi(model.substr(1));
  return asked >= std::stoi(printed.substr(1)) && asked <= std::stoi(printed.substr(sign + 2));
}

// What the law looks at beside the claim.
struct Known {
  bool register_read = false;  // of credentials of the shown kind
  Status status;
  int64_t not_valid_since = 0;
  int kind = 0;  // shown
  Needs needs;
  int64_t refused_since = 0;  // the kind shown is none of them
  const v1::Certificate* scope = nullptr;
  bool other_maker = false;  // is claimed than is certified
};

v1::Reason Contradiction(const Claim& claim, v1::Scene scene, const Known& known) {
  const v1::Certificate* scope = known.scope;
  const std::string number = Sixteen(claim.number);
  const bool of_catalogue = claim.code.size() == 4;  // others: "XK13-014"
  if (of_catalogue && !number.empty() && number.substr(6, 4) != claim.code) return v1::REASON_CODE_MISMATCH;
  if (scope != nullptr) {
    const double certified = scope->vehicle().mass();
    const bool heavy = certified > 0 && claim.mass > 0 && std::abs(claim.mass - certified) > 0.05 * certified;
    if (heavy && scene == v1::SCENE_PLATE) return v1::REASON_VEHICLE_MISMATCH;
    bool covered = claim.model.empty() || scope->models_size() == 0;
    for (const std::string& printed : scope->models()) covered = covered || Covers(printed, claim.model);
    if (!covered) return v1::REASON_MODEL_MISMATCH;
    if (known.other_maker) return v1::REASON_MAKER_MISMATCH;
  }
  return claim.reused ? v1::REASON_VEHICLE_REUSED : v1::REASON_OK;
}

using Ruling = std::pair<v1::Action, v1::Reason>;

Ruling NothingShown(const Needs& needs) {
  if (needs.empty()) return {v1::ACTION_REVIEW, v1::REASON_NO_CREDENTIAL};
  const bool none = needs.count(v1::CREDENTIAL_KIND_NONE) > 0;
  return none ? Ruling{v1::ACTION_ALLOW, v1::REASON_NOT_REQUIRED} : Ruling{v1::ACTION_BLOCK, v1::REASON_NO_CREDENTIAL};
}

Ruling Valid(const Claim& claim, v1::Scene scene, bool none_needed, const Known& known) {
  const v1::Reason contradiction = Contradiction(claim, scene, known);
  if (contradiction == v1::REASON_OK) return {v1::ACTION_ALLOW, v1::REASON_OK};
  const bool stop = contradiction == v1::REASON_VEHICLE_MISMATCH ||
                    (contradiction == v1::REASON_CODE_MISMATCH && scene == v1::SCENE_PUBLISH && !none_needed);
  return {stop ? v1::ACTION_BLOCK : v1::ACTION_REVIEW, contradiction};
}

// On a certificate that does not stand.
Ruling Fallen(const Claim& claim, v1::Scene scene, bool none_needed, const Known& known) {
  const Status& status = known.status;
  const v1::Action unless_none = none_needed ? v1::ACTION_REVIEW : v1::ACTION_BLOCK;
  if (status.pending) return {unless_none, v1::REASON_NOT_YET_VALID};
  const bool made_before = claim.made != 0 && DayOf(claim.made) < DayOf(known.not_valid_since);
  const bool made_after = claim.made != 0 && !made_before;
  const bool shipped_before = made_before && claim.proof;
  if (status.status == v1::CERTIFICATE_STATUS_REVOKED) return {unless_none, v1::REASON_REVOKED};
  if (status.status == v1::CERTIFICATE_STATUS_SUSPENDED) {
    return {made_after && !none_needed ? v1::ACTION_BLOCK : v1::ACTION_REVIEW, v1::REASON_SUSPENDED};
  }
  const v1::Reason reason =
      status.status == v1::CERTIFICATE_STATUS_CANCELLED ? v1::REASON_CANCELLED : v1::REASON_EXPIRED;
  const bool is_the_goods = Contradiction(claim, scene, known) == v1::REASON_OK;
  if (none_needed && is_the_goods) return {v1::ACTION_ALLOW, v1::REASON_NOT_REQUIRED};
  if (none_needed) return {v1::ACTION_REVIEW, reason};
  if (scene == v1::SCENE_PUBLISH) return {v1::ACTION_BLOCK, reason};
  if (shipped_before && is_the_goods) return {v1::ACTION_ALLOW, reason};
  return {made_after ? v1::ACTION_BLOCK : v1::ACTION_REVIEW, reason};
}

Ruling OfItself(const Claim& claim, v1::Scene scene, const Known& known) {
  const bool selling = scene == v1::SCENE_PUBLISH;
  const bool none = known.needs.count(v1::CREDENTIAL_KIND_NONE) > 0;
  if (claim.number.empty()) return NothingShown(known.needs);
  if (Credential(claim.number).empty()) {
    // How self-declarations are numbered is not published.
    const bool maybe_good = none || known.needs.count(v1::CREDENTIAL_KIND_CCC_SELF_DECLARED) > 0;
    return {selling && !maybe_good ? v1::ACTION_BLOCK : v1::ACTION_REVIEW, v1::REASON_BAD_FORMAT};
  }
  if (!known.register_read) return {v1::ACTION_REVIEW, v1::REASON_REGISTRY_STALE};
  const Status& status = known.status;
  if (!status.known) return {none ? v1::ACTION_REVIEW : v1::ACTION_BLOCK, v1::REASON_NOT_FOUND};
  const Ruling valid = Valid(claim, scene, none, known);
  if (!status.pending && status.status == v1::CERTIFICATE_STATUS_VALID) return valid;
  // What would be stopped on a valid certificate is not let through for showing a worse one.
  const Ruling fallen = Fallen(claim, scene, none, known);
  if (fallen.first == v1::ACTION_BLOCK) return fallen;
  if (valid.first == v1::ACTION_BLOCK) return valid;
  // A suspension makes no certificate last longer.
  const bool suspended = !status.pending && status.status == v1::CERTIFICATE_STATUS_SUSPENDED;
  return suspended && status.over && selling && !none ? Ruling{v1::ACTION_BLOCK, v1::REASON_EXPIRED} : fallen;
}

// A credential of another kind than is needed: that, or what is wrong with the credential itself, where that is as bad.
Ruling Law(const Claim& claim, v1::Scene scene, const Known& known) {
  const Ruling itself = OfItself(claim, scene, known);
  if (Credential(claim.number).empty() || !known.register_read || !Refused(known.needs, known.kind)) return itself;
  const bool before = claim.made != 0 && DayOf(claim.made) < DayOf(known.refused_since);
  const v1::Action action = before && scene != v1::SCENE_PUBLISH ? v1::ACTION_REVIEW : v1::ACTION_BLOCK;
  const Status& status = known.status;
  const bool valid = status.known && !status.pending && status.status == v1::CERTIFICATE_STATUS_VALID;
  return valid || itself.first < action ? Ruling{action, v1::REASON_OTHER_CREDENTIAL} : itself;
}

struct Listing {
  Claim claim;
  bool on_sale = false;
  Answer answer;
  v1::Action in_force = v1::ACTION_UNSPECIFIED;
  std::string plated;  // the application that was given a plate
};

// One partition of the gate.
class Gate {
 public:
  void Learn(const v1::Certificate& fact) {
    Clock(fact.received_at());
    registry_[Credential(fact.number())].push_back(fact);
    (IsLicence(fact.number()) ? any_licence_ : any_certificate_) = true;
    const std::string number = Credential(fact.number());
    JudgeAll([&](const std::string&, const Listing& listing) { return Credential(listing.claim.number) == number; });
  }
  void Learn(const v1::Enterprise& fact) {
    Clock(fact.received_at());
    if (!firms_.IsNew(fact)) return;
    firms_.Learn(fact);
    JudgeAll([&](const std::string& key, const Listing& listing) {
      const std::set<std::string> makers = OfferOf(key, listing.claim).ever;
      return makers.count(fact.uscc()) > 0 || makers.count(fact.name()) > 0;
    });
  }
  // What is said about goods: all that it may be about is looked at again.
  template <typename Saying>
  void Hear(const Saying& saying) {
    Clock(saying.received_at());
    said_.Learn(saying);
    JudgeAll([&](const std::string& key, const Listing& listing) {
      return said_.IsAbout(saying, OfferOf(key, listing.claim));
    });
  }
  void Learn(const v1::Control& fact) {
    Clock(fact.received_at());
    control_.push_back(fact);
    if (!fact.has_credential()) return;
    const std::string& code = fact.credential().product_code();
    JudgeAll([&](const std::string& key, const Listing& listing) {
      const std::vector<std::string> codes = OfferOf(key, listing.claim).codes;
      return std::find(codes.begin(), codes.end(), code) != codes.end();
    });
  }
  void Ask(const v1::Lookup& lookup) {
    Clock(lookup.received_at());
    Listing& listing = listings_[KeyOf(lookup)];
    const std::string old_number = listing.claim.number;
    const bool first = listing.answer.action == v1::ACTION_UNSPECIFIED;
    listing.claim = {lookup.certificate_number(),
                     lookup.scene(),
                     lookup.made_at(),
                     lookup.shipment_proven(),
                     lookup.product_code(),
                     lookup.model(),
                     lookup.maker(),
                     lookup.mass(),
                     lookup.batch(),
                     lookup.gtin()};
    const bool plate = lookup.scene() == v1::SCENE_PLATE;
    listing.claim.reused = plate && !listing.plated.empty() && listing.plated != lookup.application_id();
    if (lookup.scene() == v1::SCENE_ON_SALE || lookup.scene() == v1::SCENE_CHECKOUT) listing.on_sale = true;
    const v1::Action told = Rule(KeyOf(lookup), listing.claim, lookup.scene()).first;
    told_[KeyOf(lookup)] = told;
    if (lookup.scene() == v1::SCENE_PUBLISH && told == v1::ACTION_ALLOW) listing.on_sale = true;
    if (plate && told == v1::ACTION_ALLOW && listing.plated.empty()) listing.plated = lookup.application_id();
    Decide(KeyOf(lookup), listing, listing.on_sale ? v1::SCENE_ON_SALE : lookup.scene(), lookup.event_id(),
           first || old_number != lookup.certificate_number());
    Enforce(listing);
  }
  void Report(Output& output) const {
    for (const auto& [key, listing] : listings_) {
      output.listings[key] = listing.answer;
      output.told[key] = told_.at(key);
      if (listing.in_force == v1::ACTION_BLOCK || listing.in_force == v1::ACTION_REVIEW) {
        output.in_force[key] = listing.in_force;
      }
    }
  }

 private:
  void Clock(int64_t t) {
    if (t <= now_) return;
    const bool new_day = now_ == 0 || DayOf(t) != DayOf(now_);
    now_ = t;
    if (!new_day) return;
    const int64_t rolled_to = rolled_to_ == 0 ? t : rolled_to_;
    rolled_to_ = t;
    JudgeAll([&](const std::string& key, const Listing& listing) {
      const std::string number = Credential(listing.claim.number);
      const bool known = !number.empty() && registry_.count(number) > 0;
      return known || !CodeOf(listing.claim).empty() || said_.IsDue(OfferOf(key, listing.claim), rolled_to, t);
    });
  }
  // Of the goods: claimed, or else in the number.
  static std::string CodeOf(const Claim& claim) {
    if (!claim.code.empty() || Sixteen(claim.number).empty()) return claim.code;
    return Sixteen(claim.number).substr(6, 4);
  }
  Offer OfferOf(const std::string& key, const Claim& claim) const {
    Offer offer;
    offer.key = key;
    offer.credential = Credential(claim.number);
    const std::string own = Sixteen(claim.number).empty() ? "" : Sixteen(claim.number).substr(6, 4);
    offer.code = CodeOf(claim);
    offer.codes = {offer.code};
    if (!own.empty()) offer.codes.push_back(own);
    offer.model = claim.model;
    offer.batch = claim.batch;
    offer.gtin = claim.gtin;
    const std::set<std::string> claimed = firms_.WordsFor(claim.maker);
    offer.ever = claimed;
    offer.code_stated = firms_.IsCode(claim.maker);
    const v1::Certificate* scope = nullptr;
    const auto found = registry_.find(offer.credential);
    if (!offer.credential.empty() && found != registry_.end()) {
      for (const v1::Certificate& fact : found->second) {
        offer.ever.merge(firms_.WordsFor(fact.maker()));
        offer.ever.merge(firms_.WordsFor(fact.maker_uscc()));
      }
      scope = ScopeAt(found->second, StatusAt(found->second, now_).fact, now_);
    }
    offer.makers = firms_.WordsFor(scope);
    // Claimed and certified alike, the certificate says who it is.
    if (offer.makers.count(claim.maker) == 0) offer.makers.insert(claimed.begin(), claimed.end());
    if (scope == nullptr) return offer;
    offer.code_stated = offer.code_stated || !scope->maker_uscc().empty();
    offer.certified_models.assign(scope->models().begin(), scope->models().end());
    return offer;
  }
  // The stricter of what the certificate and what was said about the goods come to.
  Ruling Rule(const std::string& key, const Claim& claim, v1::Scene scene) const {
    const Ruling law = Law(claim, scene, WhatIsKnown(claim));
    const Ruling said = said_.Strictest(OfferOf(key, claim), scene, now_);
    if (said.first == v1::ACTION_ALLOW) return law;
    return said.first > law.first || law.second == v1::REASON_REGISTRY_STALE ? said : law;
  }
  Known WhatIsKnown(const Claim& claim) const {
    Known known;
    known.register_read = IsLicence(claim.number) ? any_licence_ : any_certificate_;
    known.needs = NeedsAt(control_, CodeOf(claim), now_);
    const auto found = registry_.find(Credential(claim.number));
    known.kind = KindAt(found == registry_.end() ? std::vector<v1::Certificate>() : found->second, claim.number, now_);
    known.refused_since = RefusedSince(control_, CodeOf(claim), known.kind, now_);
    if (found == registry_.end()) return known;
    known.status = StatusAt(found->second, now_);
    if (known.status.status != v1::CERTIFICATE_STATUS_VALID) known.not_valid_since = NotValidSince(found->second, now_);
    known.scope = ScopeAt(found->second, known.status.fact, now_);
    const std::set<std::string> makers = firms_.WordsFor(known.scope);
    known.other_maker = !claim.maker.empty() && !makers.empty() && makers.count(claim.maker) == 0;
    return known;
  }
  template <typename Concerns>
  void JudgeAll(const Concerns& concerns) {
    for (auto& [key, listing] : listings_) {
      if (!concerns(key, listing)) continue;
      const Answer old = listing.answer;
      Decide(key, listing, listing.on_sale ? v1::SCENE_ON_SALE : listing.claim.scene, "", false);
      Enforce(listing);
      if (!(listing.answer == old)) told_[key] = listing.answer.action;
    }
  }
  void Decide(const std::string& key, Listing& listing, v1::Scene scene, const std::string& occasion, bool new_claim) {
    const auto [action, reason] = Rule(key, listing.claim, scene);
    // An outage of ours is no finding about goods that were judged before it.
    if (reason == v1::REASON_REGISTRY_STALE && listing.answer.action != v1::ACTION_UNSPECIFIED) return;
    if (!new_claim && action == listing.answer.action && reason == listing.answer.reason) return;
    const Known known = WhatIsKnown(listing.claim);
    listing.answer = {action, reason,
                      known.status.known && reason != v1::REASON_BAD_FORMAT ? known.status.fact : occasion};
  }
  static void Enforce(Listing& listing) {
    if (listing.on_sale && listing.answer.reason != v1::REASON_REGISTRY_STALE) listing.in_force = listing.answer.action;
  }

  int64_t now_ = 0;
  int64_t rolled_to_ = 0;
  Sayings said_;
  Firms firms_;
  bool any_certificate_ = false;
  bool any_licence_ = false;
  std::map<std::string, std::vector<v1::Certificate>> registry_;
  std::vector<v1::Control> control_;
  std::map<std::string, Listing> listings_;
  std::map<std::string, v1::Action> told_;
};

// One stream of facts with its running clock.
struct Stream {
  size_t size = 0;
  std::function<int64_t(size_t)> received_at;
  std::function<void(Gate&, size_t)> learn;
  size_t next = 0;
  int64_t clock = 0;
};

// In the order of their topics' ranks.
std::vector<Stream> StreamsOf(const Input& input) {
  const auto of = [](const auto& list, auto learn) {
    Stream stream;
    stream.size = list.size();
    stream.received_at = [&list](size_t i) { return list[i].received_at(); };
    stream.learn = [&list, learn](Gate& gate, size_t i) { learn(gate, list[i]); };
    return stream;
  };
  const auto learn = [](Gate& gate, const auto& fact) { gate.Learn(fact); };
  const auto hear = [](Gate& gate, const auto& saying) { gate.Hear(saying); };
  return {of(input.control, learn),    of(input.enterprises, learn), of(input.certificates, learn),
          of(input.inspections, hear), of(input.recalls, hear),      of(input.orders, hear)};
}

void LearnUntil(int64_t clock, std::vector<Stream>& streams, Gate& gate) {
  for (;;) {
    Stream* first = nullptr;
    int64_t first_key = 0;
    for (Stream& stream : streams) {
      if (stream.next == stream.size) continue;
      const int64_t key = std::max(stream.clock, stream.received_at(stream.next));
      if (first != nullptr && key >= first_key) continue;
      first = &stream;
      first_key = key;
    }
    if (first == nullptr || first_key > clock) return;
    first->clock = first_key;
    first->learn(gate, first->next++);
  }
}

void RunGates(const Input& input, uint32_t partitions, Output& output) {
  for (uint32_t partition = 0; partition < partitions; ++partition) {
    Gate gate;
    std::vector<Stream> streams = StreamsOf(input);
    int64_t lookup_clock = 0;
    for (const v1::Lookup& lookup : input.lookups) {
      if (PartitionOf(KeyOf(lookup), static_cast<int32_t>(partitions)) != static_cast<int32_t>(partition)) continue;
      lookup_clock = std::max(lookup_clock, lookup.received_at());
      LearnUntil(lookup_clock, streams, gate);
      gate.Ask(lookup);
    }
    LearnUntil(INT64_MAX, streams, gate);
    gate.Report(output);
  }
}

// -log10 P(X >= count), X negative binomial with the given mean and variance mean + 0.2 mean²; every term summed.
double Surprise(int count, double mean) {
  constexpr double kDispersion = 0.2;
  const double size = 1 / kDispersion;
  const double q = mean / (size + mean);
  double below = 0;
  double term = std::pow(1 - q, size);
  for (int i = 0; i < count; ++i) {
    below += term;
    term *= q * (size + i) / (i + 1);
  }
  double tail = 0;
  for (int i = count; i < count + 2000; ++i) {
    tail += term;
    term *= q * (size + i) / (i + 1);
  }
  return -std::log10(below > 0.5 ? tail : 1 - below);
}

std::string Upper(const std::string& name) {
  std::string out;
  bool space = false;
  for (char c : name) {
    if (std::isspace(static_cast<unsigned char>(c))) {
      space = !out.empty();
    } else {
      if (space) out += ' ';
      space = false;
      out += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    }
  }
  return out;
}

struct Case {
  uint32_t version = 0;
  int64_t week = 0;
  std::string subject;
  std::string event_id;
  bool counted = false;
  std::string harm;
};

struct Open {
  bool open = false;
  std::set<int64_t> weeks;
};

class Centre {
 public:
  void Receive(const v1::Complaint& complaint, Output& output) {
    const int64_t before = WeekOf(now_);
    now_ = std::max(now_, complaint.received_at());
    const int64_t week = WeekOf(now_);
    if (first_week_ < 0) first_week_ = week;
    if (week != before) {
      for (auto& [subject, open] : open_) {
        if (open.open && week - *open.weeks.rbegin() > 8) open.open = false;
      }
    }
    Case& known = cases_[complaint.source() + "|" + complaint.case_number()];
    if (known.version >= complaint.version()) return;
    Case view{complaint.version(),
              known.version == 0 ? week : known.week,
              Upper(complaint.maker()) + "|" + Upper(complaint.model()) + "|" + Upper(complaint.problem()),
              complaint.event_id(),
              !complaint.withdrawn(),
              Upper(complaint.region()) + "|" + std::to_string(complaint.injured()) + "|" +
                  std::to_string(complaint.deaths()) + "|" + std::to_string(complaint.fire()) + "|" +
                  std::to_string(complaint.crash())};
    const Case old = known;
    // A follow-up that changes nothing that is counted leaves the evidence as it was first sent.
    const bool unchanged =
        old.version > 0 && old.counted == view.counted && old.subject == view.subject && old.harm == view.harm;
    known = view;
    if (unchanged) known.event_id = old.event_id;
    if (unchanged) return;
    const bool renewed = old.counted && view.counted && old.subject == view.subject;
    if (old.counted) Remove(old, !renewed);
    if (view.counted) Add(view, output);
  }
  uint64_t cases() const {
    return static_cast<uint64_t>(
        std::count_if(cases_.begin(), cases_.end(), [](const auto& entry) { return entry.second.counted; }));
  }

 private:
  int Count(const std::string& subject, int64_t week) const {
    const auto found = counts_.find({subject, week});
    return found == counts_.end() ? 0 : found->second;
  }
  bool Signals(const std::string& subject, int64_t week) const {
    const int64_t newest = week - 3;
    const int64_t weeks = std::min<int64_t>(52, newest - first_week_ + 1);
    if (weeks < 8) return false;
    int sum = 0;
    for (int64_t w = newest; w > newest - weeks; --w) sum += Count(subject, w);
    const double mean = std::max(0.2, static_cast<double>(sum) / static_cast<double>(weeks));
    const int count = Count(subject, week);
    return count >= 5 && Surprise(count, mean) >= 3.0;
  }
  void Add(const Case& view, Output& output) {
    ++counts_[{view.subject, view.week}];
    ++totals_[view.subject];
    std::vector<std::string>& order = evidence_[view.subject];
    int64_t& newest = newest_week_[view.subject];
    if (order.empty() || view.week > newest) {
      order.clear();
      newest = view.week;
    }
    if (view.week == newest && order.size() < 20) order.push_back(view.event_id);
    Open& open = open_[view.subject];
    if (!Signals(view.subject, view.week)) return;
    if (open.open) {
      open.weeks.insert(view.week);
      return;
    }
    open = {true, {view.week}};
    output.alerts.push_back(
        {view.subject, order.empty() ? "" : order.front(), now_, static_cast<uint64_t>(totals_[view.subject])});
  }
  // A follow-up of the same subject is counted again at once, so that nothing ends.
  void Remove(const Case& view, bool may_end) {
    --counts_[{view.subject, view.week}];
    --totals_[view.subject];
    std::vector<std::string>& order = evidence_[view.subject];
    order.erase(std::remove(order.begin(), order.end(), view.event_id), order.end());
    Open& open = open_[view.subject];
    if (!open.open || !may_end) return;
    if (open.weeks.count(view.week) > 0 && !Signals(view.subject, view.week)) open.weeks.erase(view.week);
    if (open.weeks.empty()) open.open = false;
  }

  int64_t now_ = 0;
  int64_t first_week_ = -1;
  std::map<std::string, Case> cases_;
  std::map<std::pair<std::string, int64_t>, int> counts_;
  std::map<std::string, int> totals_;
  std::map<std::string, std::vector<std::string>> evidence_;
  std::map<std::string, int64_t> newest_week_;
  std::map<std::string, Open> open_;
};

}  // namespace

Output Judge(const Input& input, uint32_t partitions) {
  Output output;
  RunGates(input, partitions, output);
  Centre centre;
  for (const v1::Complaint& complaint : input.complaints) centre.Receive(complaint, output);
  output.cases = centre.cases();
  return output;
}

}  // namespace zaojing::oracle
