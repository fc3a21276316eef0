#include "ingest/generate/reference_stream.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "ingest/generate/catalogue.h"
#include "ingest/generate/facts.h"
#include "ingest/record_key.h"
#include "proto/check.h"

namespace zaojing::generate {
namespace {

using limits::kDay;

constexpr uint64_t kPassedPerFailed = 7;  // one in eight fails

template <typename Message>
void Serialize(Topic topic, const Message& message, Fact* fact) {
  fact->value.clear();
  message.AppendToString(&fact->value);
  std::string scratch;
  fact->key = std::string(KeyOfValue(topic, fact->value, &scratch));
}

// Evenly over the middle of the year.
int64_t Spread(uint64_t number, uint64_t count) {
  constexpr uint64_t kLength = 300 * kDay;
  return kYearStart + 30 * kDay + static_cast<int64_t>(static_cast<unsigned __int128>(number) * kLength / count);
}

}  // namespace

ReferenceStream::ReferenceStream(const World& world) {
  AddLoad(world);
  AddEvents(world);
  AddEnforcement(world);
  Choose();
}

void ReferenceStream::Add(Source source) {
  source.next_at = source.count == 0 ? limits::kTimeMax : source.at(0);
  sources_.push_back(std::move(source));
}

void ReferenceStream::AddLoad(const World& world) {
  const auto after = [](int64_t load) { return [load](uint64_t n) { return load + static_cast<int64_t>(n); }; };
  Add({Topic::kControl, Products().size(), after(kCatalogueLoad),
       [](uint64_t n, int64_t at, Fact* fact) { Serialize(Topic::kControl, CatalogueFact(n, at), fact); }});
  Add({Topic::kControl, RequirementFacts(), after(kCatalogueLoad + limits::kSecond),
       [](uint64_t n, int64_t at, Fact* fact) { Serialize(Topic::kControl, RequirementFact(n, at), fact); }});
  const auto beats = static_cast<uint64_t>((kYearEnd - kFirstHeartbeat) / kHeartbeatEvery);
  Add({Topic::kControl, beats, [](uint64_t n) { return kFirstHeartbeat + static_cast<int64_t>(n) * kHeartbeatEvery; },
       [](uint64_t n, int64_t at, Fact* fact) { Serialize(Topic::kControl, HeartbeatFact(n, at), fact); }});
  for (const bool former : {true, false}) {
    const uint64_t firms = former ? world.certificates.renamed_firms() : world.certificates.firms();
    Add({Topic::kEnterprises, firms, after(former ? kFirmLoad : kFirmLoad + limits::kMinute),
         [&world, former](uint64_t n, int64_t at, Fact* fact) {
           Serialize(Topic::kEnterprises, FirmFact(world, n, former, at), fact);
         }});
  }
  Add({Topic::kCertificates, world.certificates.Of(Fate::kNew).first, after(kCertificateLoad),
       [&world](uint64_t n, int64_t at, Fact* fact) {
         Serialize(Topic::kCertificates, IssueFact(world, world.certificates.At(n), at), fact);
       }});
}

void ReferenceStream::AddEvents(const World& world) {
  const CertificateBook& book = world.certificates;
  const auto at = [&book](Fate fate, int64_t later) {
    return [&book, fate, later](uint64_t n) { return book.EventAt(fate, n) + later; };
  };
  using MakeFact = v1::Certificate (*)(const World&, const CertificateSpec&, int64_t);
  const auto make = [&world](Fate fate, MakeFact what) {
    return [&world, fate, what](uint64_t n, int64_t told, Fact* fact) {
      Serialize(Topic::kCertificates, what(world, world.certificates.At(fate, n), told), fact);
    };
  };
  const auto add = [&](Fate fate, int64_t later, MakeFact what) {
    Add({Topic::kCertificates, book.Of(fate).count, at(fate, later), make(fate, what)});
  };
  add(Fate::kNew, 0, IssueFact);
  add(Fate::kRenewed, -kRenewedBefore, EventFact);
  for (const Fate fate :
       {Fate::kCancelled, Fate::kSuspended, Fate::kRestored, Fate::kRevoked, Fate::kMassRevoked, Fate::kCorrected}) {
    add(fate, 0, EventFact);
  }
  add(Fate::kRestored, kRestoredAfter, EndFact);
  add(Fate::kCorrected, kCorrectedAfter, EndFact);
}

void ReferenceStream::AddEnforcement(const World& world) {
  const CertificateBook& book = world.certificates;
  const uint64_t failed = book.Of(Fate::kInspected).count;
  Add({Topic::kInspections, failed, [&book](uint64_t n) { return book.EventAt(Fate::kInspected, n); },
       [&world](uint64_t n, int64_t at, Fact* fact) {
         Serialize(Topic::kInspections, FailedInspection(world, n, at), fact);
       }});
  const uint64_t passed = failed * kPassedPerFailed;
  Add({Topic::kInspections, passed, [passed](uint64_t n) { return Spread(n, passed); },
       [&world](uint64_t n, int64_t at, Fact* fact) {
         Serialize(Topic::kInspections, PassedInspection(world, n, at), fact);
       }});
  for (const Fate fate : {Fate::kRecalled, Fate::kPatched}) {
    Add({Topic::kRecalls, book.Of(fate).count, [&book, fate](uint64_t n) { return book.EventAt(fate, n); },
         [&world, fate](uint64_t n, int64_t at, Fact* fact) {
           Serialize(Topic::kRecalls, RecallFact(world, fate, n, at), fact);
         }});
  }
  const uint64_t orders = world.listings.CountOf(v1::PLANTED_CAUSE_ORDERED);
  Add({Topic::kDispositions, orders, [orders](uint64_t n) { return Spread(n, orders); },
       [&world](uint64_t n, int64_t at, Fact* fact) {
         Serialize(Topic::kDispositions, OrderFact(world, n, at), fact);
       }});
}

void ReferenceStream::Choose() {
  next_ = 0;
  for (size_t i = 1; i < sources_.size(); ++i) {
    const Source& a = sources_[i];
    const Source& b = sources_[next_];
    if (std::tie(a.next_at, a.topic) < std::tie(b.next_at, b.topic)) next_ = i;
  }
}

int64_t ReferenceStream::next_at() const { return sources_[next_].next_at; }

void ReferenceStream::Take(Fact* fact) {
  Source& source = sources_[next_];
  ZAOJING_CHECK(source.next < source.count);
  fact->topic = source.topic;
  fact->received_at = source.next_at;
  source.make(source.next, source.next_at, fact);
  ++source.next;
  source.next_at = source.next == source.count ? limits::kTimeMax : source.at(source.next);
  ZAOJING_CHECK(source.next_at >= fact->received_at);
  Choose();
}

}  // namespace zaojing::generate
