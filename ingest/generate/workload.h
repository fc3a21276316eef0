// The inputs of the generated year, one record after the other in order of arrival: a pure function of world and
// options. Memory is one block of the schedule (schedule.h), whatever the scale.
//
// A record's received_at never goes back; of records received at the same instant the topic of lower rank comes first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/generate/reference_stream.h"
#include "ingest/generate/schedule.h"
#include "ingest/generate/world.h"
#include "proto/topics.h"
#include "zaojing/v1/lookup.pb.h"

namespace zaojing::generate {

// Which of the inputs are wanted. Leaving some out changes nothing about the others.
struct Wanted {
  bool reference = true;
  bool platform = true;
  bool plate = true;
};

struct GeneratedRecord {
  Topic topic = Topic::kControl;
  int64_t received_at = 0;
  std::string_view key;    // valid until the next call
  std::string_view value;  // a serialised message of the topic; likewise
};

class Workload {
 public:
  // `world` must outlive the workload.
  Workload(const World& world, Wanted wanted);

  // Effect: the next record is the first one received at `received_at` or later; those before it are not made.
  void SkipTo(int64_t received_at);
  // Effect: *record is the next one; false at the end.
  bool Next(GeneratedRecord* record);
  // Look-ups in all.
  uint64_t lookups() const;

 private:
  enum class Asker : uint8_t { kPlatform, kPlate };
  // Where one of the two streams of look-ups stands.
  struct Questions {
    Questions(const Schedule& whom, const Calendar& when) : schedule(whom), calendar(when) {}
    const Schedule& schedule;
    const Calendar& calendar;
    std::vector<Slot> slots;  // of the block before `block`
    size_t next = 0;
    uint64_t block = 0;
    uint64_t asked = 0;  // number of the next question
    int64_t next_at = 0;
  };
  void Advance(Questions& questions) const;
  void Pass(Questions& questions) const;
  void Ask(Asker asker, Questions& questions, GeneratedRecord* record);

  const World& world_;
  const Wanted wanted_;
  ReferenceStream reference_;
  Questions platform_;
  Questions plate_;
  Fact fact_;
  v1::Lookup lookup_;
  std::string key_;
  std::string value_;
};

}  // namespace zaojing::generate
