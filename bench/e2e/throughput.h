// How fast a program gets through look-ups that are already in Kafka, seen from outside: the worker, or a peer that does
// its job.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "bench/e2e/clients.h"
#include "bench/e2e/process.h"
#include "bench/e2e/setting.h"

namespace zaojing::bench {

// The world at one commit of a group.
struct Moment {
  int64_t at_us = 0;
  int64_t committed = 0;  // look-ups
  double cpu = 0;         // seconds, of the process
  double broker_cpu = 0;
};
absl::StatusOr<Moment> Look(GroupWatch& watch, const Setting& setting, const ChildProcess& process);
// The first moment at which the group has committed at least so many. kUnavailable: not within setting.limit_us, or the
// process has ended.
absl::StatusOr<Moment> Await(GroupWatch& watch, const Setting& setting, const ChildProcess& process, int64_t committed);
double Seconds(const Moment& from, const Moment& to);
double LookupsPerSecond(const Moment& from, const Moment& to);

// What is measured.
struct Subject {
  Deployment inputs;  // the look-ups are this one's
  std::string group;  // where its progress is seen
  std::function<absl::StatusOr<ChildProcess>()> start;
};
// The release worker on a deployment of its own.
Subject WorkerOn(const Setting& setting, const Deployment& deployment);

struct Throughput {
  uint64_t lookups = 0;
  double startup_seconds = 0;     // from the start of the program to the group's first committed look-up
  double lookups_per_second = 0;  // between the first commit and the last: what was committed in between
  double second_half = 0;         // the same from the middle on: caches filled, code compiled
  double with_startup = 0;        // all look-ups by the whole time
  double cpu_per_million = 0;     // seconds of the program, between the first and the last commit
  double cpu_per_million_second_half = 0;
  double broker_cpu_per_million = 0;
  double cpu_seconds = 0;  // from start to end of the process, as the kernel counted
  double peak_rss_mib = 0;
};

// Runs the subject until its group has committed every look-up of its inputs, and ends it. Topics and state stay.
// kUnavailable: not done within setting.limit_us, or the program ended; its log says why.
absl::StatusOr<Throughput> MeasureThroughput(const Setting& setting, const Subject& subject);

// One line; `what`: whose.
void Print(const std::string& what, const Throughput& throughput);

}  // namespace zaojing::bench
