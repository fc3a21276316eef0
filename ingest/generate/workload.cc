#include "ingest/generate/workload.h"

#include <algorithm>
#include <utility>

#include "ingest/decoder.h"
#include "ingest/generate/fill.h"
#include "ingest/generate/names.h"
#include "ingest/generate/random.h"

namespace zaojing::generate {

Workload::Workload(const World& world, Wanted wanted)
    : world_(world),
      wanted_(wanted),
      reference_(world),
      platform_(world.listings.schedule(), world.listings.calendar()),
      plate_(world.vehicles.schedule(), world.vehicles.calendar()) {
  if (wanted.platform) {
    Advance(platform_);
  } else {
    platform_.next_at = limits::kTimeMax;
  }
  if (wanted.plate) {
    Advance(plate_);
  } else {
    plate_.next_at = limits::kTimeMax;
  }
}

uint64_t Workload::lookups() const {
  return (wanted_.platform ? platform_.schedule.questions() : 0) + (wanted_.plate ? plate_.schedule.questions() : 0);
}

// Effect: `next` and `next_at` are those of the next question.
void Workload::Advance(Questions& questions) const {
  while (questions.next == questions.slots.size()) {
    if (questions.block == questions.schedule.blocks()) {
      questions.next_at = limits::kTimeMax;
      return;
    }
    questions.schedule.Fill(questions.block, &questions.slots);
    questions.next = 0;
    ++questions.block;
  }
  // The questions of a block are spread evenly over its share of the year's.
  const double jitter = Unit(Draw(world_.seed, Stream::kJitter, questions.asked));
  const double within = (static_cast<double>(questions.next) + jitter) / static_cast<double>(questions.slots.size());
  const double share =
      (static_cast<double>(questions.block - 1) + within) / static_cast<double>(questions.schedule.blocks());
  questions.next_at = questions.calendar.TimeAt(std::min(share, 1 - 0x1p-40));
}

void Workload::Ask(Asker asker, Questions& questions, GeneratedRecord* record) {
  const Slot& slot = questions.slots[questions.next];
  const bool platform = asker == Asker::kPlatform;
  lookup_.Clear();
  std::string id(platform ? "gp-" : "gv-");
  AppendNumber(questions.asked, 9, &id);
  lookup_.set_event_id(std::move(id));
  lookup_.set_schema_version(1);
  lookup_.set_occurred_at(questions.next_at);
  lookup_.set_received_at(questions.next_at);
  if (platform) {
    const uint32_t numbers = world_.listings.classes()[slot.visit_class].numbers;
    const uint32_t number = numbers == 1 ? 0 : slot.visit;
    FillListing(world_, world_.listings.At(slot.visit_class, slot.item, number), slot.visit, &lookup_);
    lookup_.set_source("platform/" + lookup_.platform());
  } else {
    FillVehicle(world_, world_.vehicles.At(slot.visit_class, slot.item), slot.visit, &lookup_);
    lookup_.set_source("registration");
  }
  key_ = LookupKey(lookup_);
  value_.clear();
  lookup_.AppendToString(&value_);
  *record = {Topic::kLookups, questions.next_at, key_, value_};
  Pass(questions);
}

void Workload::Pass(Questions& questions) const {
  ++questions.next;
  ++questions.asked;
  Advance(questions);
}

void Workload::SkipTo(int64_t received_at) {
  while (wanted_.reference && reference_.next_at() < received_at) reference_.Take(&fact_);
  for (Questions* questions : {&platform_, &plate_}) {
    while (questions->next_at < received_at) Pass(*questions);
  }
}

bool Workload::Next(GeneratedRecord* record) {
  const int64_t reference_at = wanted_.reference ? reference_.next_at() : limits::kTimeMax;
  const int64_t first = std::min({reference_at, platform_.next_at, plate_.next_at});
  if (first == limits::kTimeMax) return false;
  if (reference_at == first) {
    reference_.Take(&fact_);
    *record = {fact_.topic, fact_.received_at, fact_.key, fact_.value};
  } else if (platform_.next_at == first) {
    Ask(Asker::kPlatform, platform_, record);
  } else {
    Ask(Asker::kPlate, plate_, record);
  }
  return true;
}

}  // namespace zaojing::generate
