// The reference facts of the generated year in order of arrival (received_at, then topic rank), made one at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ingest/generate/world.h"
#include "proto/topics.h"

namespace zaojing::generate {

struct Fact {
  Topic topic = Topic::kControl;
  int64_t received_at = 0;
  std::string key;
  std::string value;  // serialised
};

class ReferenceStream {
 public:
  // `world` must outlive the stream.
  explicit ReferenceStream(const World& world);
  // Of the next fact; limits::kTimeMax at the end.
  int64_t next_at() const;
  Topic next_topic() const { return sources_[next_].topic; }
  // REQUIRES next_at() < limits::kTimeMax.
  void Take(Fact* fact);

 private:
  // Facts of one kind: how many, when, and what.
  struct Source {
    Topic topic;
    uint64_t count;
    std::function<int64_t(uint64_t number)> at;  // never decreasing
    std::function<void(uint64_t number, int64_t at, Fact* fact)> make;
    uint64_t next = 0;
    int64_t next_at = 0;
  };
  void Add(Source source);
  void AddLoad(const World& world);
  void AddEvents(const World& world);
  void AddEnforcement(const World& world);
  void Choose();

  std::vector<Source> sources_;
  size_t next_ = 0;
};

}  // namespace zaojing::generate
