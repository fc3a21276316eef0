#include "tests/oracle/oracle.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "proto/ids.h"

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

std::string Sixteen(const std::string& shown) {
  if (shown.size() < 16) return "";
  std::string head = shown.substr(0, 16);
  if (!std::all_of(head.begin(), head.end(), [](unsigned char c) { return std::isdigit(c); })) return "";
  if (shown.size() == 16) return head;
  return shown[16] == '(' && shown.back() == ')' && shown.size() > 18 ? head : "";
}

struct Status {
  bool known = false;
  bool pending = false;  // not yet valid
  v1::CertificateStatus status = v1::CERTIFICATE_STATUS_UNSPECIFIED;
  int64_t since = 0;
  std::string fact;
};

Status StatusAt(const std::vector<v1::Certificate>& facts, int64_t now) {
  Status result;
  if (facts.empty()) return result;
  result.known = true;
  const v1::Certificate* chosen = nullptr;
  for (const v1::Certificate& fact : facts) {
    if (fact.effective_at() > now) continue;
    if (chosen == nullptr || fact.effective_at() >= chosen->effective_at()) chosen = &fact;
  }
  if (chosen == nullptr) {
    chosen = &*std::min_element(facts.begin(), facts.end(),
                                [](const auto& a, const auto& b) { return a.effective_at() < b.effective_at(); });
    result.pending = true;
  }
  result.fact = chosen->event_id();
  result.status = chosen->status();
  result.since = chosen->effective_at();
  if (!result.pending && result.status == v1::CERTIFICATE_STATUS_VALID) {
    if (chosen->valid_until() > 0 && now >= chosen->valid_until()) {
      result.status = v1::CERTIFICATE_STATUS_EXPIRED;
      result.since = chosen->valid_until();
    } else if (now < chosen->valid_from()) {
      result.pending = true;
    }
  }
  return result;
}

struct Claim {
  std::string number;
  v1::Scene scene = v1::SCENE_UNSPECIFIED;
  int64_t made = 0;
  bool proof = false;
};

std::pair<v1::Action, v1::Reason> Law(const Claim& claim, v1::Scene scene, bool registry_empty, const Status& status) {
  const bool selling = scene == v1::SCENE_PUBLISH;
  if (Sixteen(claim.number).empty()) return {selling ? v1::ACTION_BLOCK : v1::ACTION_REVIEW, v1::REASON_BAD_FORMAT};
  if (registry_empty) return {v1::ACTION_REVIEW, v1::REASON_REGISTRY_STALE};
  if (!status.known) return {v1::ACTION_BLOCK, v1::REASON_NOT_FOUND};
  if (status.pending) return {v1::ACTION_BLOCK, v1::REASON_NOT_YET_VALID};
  const bool made_after = claim.made != 0 && claim.made >= status.since;
  const bool shipped_before = claim.made != 0 && claim.made < status.since && claim.proof;
  switch (status.status) {
    case v1::CERTIFICATE_STATUS_VALID:
      return {v1::ACTION_ALLOW, v1::REASON_OK};
    case v1::CERTIFICATE_STATUS_REVOKED:
      return {v1::ACTION_BLOCK, v1::REASON_REVOKED};
    case v1::CERTIFICATE_STATUS_SUSPENDED:
      return {made_after ? v1::ACTION_BLOCK : v1::ACTION_REVIEW, v1::REASON_SUSPENDED};
    default: {
      const v1::Reason reason =
          status.status == v1::CERTIFICATE_STATUS_CANCELLED ? v1::REASON_CANCELLED : v1::REASON_EXPIRED;
      if (selling) return {v1::ACTION_BLOCK, reason};
      if (shipped_before) return {v1::ACTION_ALLOW, reason};
      return {made_after ? v1::ACTION_BLOCK : v1::ACTION_REVIEW, reason};
    }
  }
}

struct Listing {
  Claim claim;
  bool on_sale = false;
  Answer answer;
  v1::Action in_force = v1::ACTION_UNSPECIFIED;
};

// One partition of the gate.
class Gate {
 public:
  void Learn(const v1::Certificate& fact) {
    Clock(fact.received_at());
    registry_[fact.number()].push_back(fact);
    anything_ = true;
    JudgeAll(fact.number());
  }
  void Ask(const v1::Lookup& lookup) {
    Clock(lookup.received_at());
    Listing& listing = listings_[KeyOf(lookup)];
    const std::string old_number = listing.claim.number;
    const bool first = listing.answer.action == v1::ACTION_UNSPECIFIED;
    listing.claim = {lookup.certificate_number(), lookup.scene(), lookup.made_at(), lookup.shipment_proven()};
    if (lookup.scene() == v1::SCENE_ON_SALE || lookup.scene() == v1::SCENE_CHECKOUT) listing.on_sale = true;
    const auto found = registry_.find(Sixteen(listing.claim.number));
    const Status status = found == registry_.end() ? Status{} : StatusAt(found->second, now_);
    told_[KeyOf(lookup)] = Law(listing.claim, lookup.scene(), !anything_, status).first;
    if (lookup.scene() == v1::SCENE_PUBLISH && told_[KeyOf(lookup)] == v1::ACTION_ALLOW) listing.on_sale = true;
    Decide(listing, listing.on_sale ? v1::SCENE_ON_SALE : lookup.scene(), lookup.event_id(),
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
    const bool new_day = now_ != 0 && DayOf(t) != DayOf(now_);
    now_ = t;
    if (new_day) JudgeAll("");
  }
  // The listings that show the certificate; with no number named, all.
  void JudgeAll(const std::string& only) {
    for (auto& [key, listing] : listings_) {
      const std::string number = Sixteen(listing.claim.number);
      if (number.empty() || registry_.count(number) == 0 || (!only.empty() && number != only)) continue;
      const Answer old = listing.answer;
      Decide(listing, listing.on_sale ? v1::SCENE_ON_SALE : listing.claim.scene, "", false);
      Enforce(listing);
      if (!(listing.answer == old)) told_[key] = listing.answer.action;
    }
  }
  void Decide(Listing& listing, v1::Scene scene, const std::string& occasion, bool new_claim) {
    const auto found = registry_.find(Sixteen(listing.claim.number));
    const Status status = found == registry_.end() ? Status{} : StatusAt(found->second, now_);
    const auto [action, reason] = Law(listing.claim, scene, !anything_, status);
    if (!new_claim && action == listing.answer.action && reason == listing.answer.reason) return;
    listing.answer = {action, reason, status.known && reason != v1::REASON_BAD_FORMAT ? status.fact : occasion};
  }
  static void Enforce(Listing& listing) {
    if (listing.on_sale && listing.answer.reason != v1::REASON_REGISTRY_STALE) listing.in_force = listing.answer.action;
  }

  int64_t now_ = 0;
  bool anything_ = false;
  std::map<std::string, std::vector<v1::Certificate>> registry_;
  std::map<std::string, Listing> listings_;
  std::map<std::string, v1::Action> told_;
};

void RunGates(const Input& input, uint32_t partitions, Output& output) {
  for (uint32_t partition = 0; partition < partitions; ++partition) {
    Gate gate;
    size_t next = 0;
    int64_t fact_clock = 0;
    int64_t lookup_clock = 0;
    const auto learn_until = [&](int64_t clock) {
      while (next < input.certificates.size()) {
        const int64_t key = std::max(fact_clock, input.certificates[next].received_at());
        if (key > clock) break;
        fact_clock = key;
        gate.Learn(input.certificates[next++]);
      }
    };
    for (const v1::Lookup& lookup : input.lookups) {
      if (PartitionOf(KeyOf(lookup), static_cast<int32_t>(partitions)) != static_cast<int32_t>(partition)) continue;
      lookup_clock = std::max(lookup_clock, lookup.received_at());
      learn_until(lookup_clock);
      gate.Ask(lookup);
    }
    learn_until(INT64_MAX);
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
    if (old.counted) Remove(old);
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
  void Remove(const Case& view) {
    --counts_[{view.subject, view.week}];
    --totals_[view.subject];
    std::vector<std::string>& order = evidence_[view.subject];
    order.erase(std::remove(order.begin(), order.end(), view.event_id), order.end());
    Open& open = open_[view.subject];
    if (!open.open) return;
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
