// A look-up that comes while a job about its certificate still waits for its turn.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "processors/runtime/task.h"
#include "processors/screen/screen_stage.h"
#include "processors/state/memory_store.h"
#include "proto/limits.h"
#include "tests/support/replay_world.h"
#include "zaojing/v1/signal.pb.h"

namespace zaojing {
namespace {

using testing::kMonday;
using testing::OwnedRecord;

constexpr char kNumber[] = "2022011606454871";

// One task that has seen what befell the certificate and run no slice of the jobs that came of it.
class Waiting {
 public:
  explicit Waiting(const std::vector<v1::CertificateStatus>& history) : stage_(testing::DefaultRules(), {}) {
    int64_t at = kMonday - limits::kDay;
    for (const v1::CertificateStatus status : history) {
      const std::string id = "fact-" + std::to_string(at);
      const OwnedRecord record = testing::ToRecord(testing::MakeCertificate(id, kNumber, status, at, at));
      registry_.Append(record.View());
      ++at;
    }
    TaskOptions options;
    options.check_routing = false;
    task_ = std::make_unique<Task>(options, stage_, registry_, std::make_unique<MemoryStore>());
    EXPECT_TRUE(task_->LoadMarker().ok() && task_->Start().ok());
    for (int64_t fact = 0; fact < registry_.size(Topic::kCertificates); ++fact) {
      task_->AdvanceReference(registry_.At(Topic::kCertificates, fact));
    }
    EXPECT_TRUE(task_->HasJobs());
  }

  // What is told of the job's reach after a listing was asked about for the first time, on sale.
  std::vector<v1::Signal> Ask() {
    const OwnedRecord lookup =
        testing::ToRecord(testing::MakeLookup("look-up", "listing", kNumber, v1::SCENE_ON_SALE, kMonday));
    task_->Apply(lookup.View());
    const absl::StatusOr<CommitUnit> unit = task_->Freeze();
    EXPECT_TRUE(unit.ok());
    std::vector<v1::Signal> reached;
    for (const OutputRecord& output : unit->outputs) {
      v1::Signal signal;
      if (output.topic != Topic::kSignals) continue;
      EXPECT_TRUE(signal.ParseFromString(output.value));
      if (signal.kind() == v1::SIGNAL_KIND_REACH) reached.push_back(signal);
    }
    return reached;
  }

 private:
  Registry registry_;
  ScreenStage stage_;
  std::unique_ptr<Task> task_;
};

// Breaks if what the look-up stopped is missing from the alert about its certificate.
TEST(PendingJob, WhatALookupStopsIsOfTheJob) {
  Waiting waiting({v1::CERTIFICATE_STATUS_VALID, v1::CERTIFICATE_STATUS_SUSPENDED});
  const auto reached = waiting.Ask();
  ASSERT_EQ(reached.size(), 1U);
  EXPECT_EQ(reached[0].listings_blocked() + reached[0].listings_reviewed(), 1U);
}

// Breaks if goods that come on sale and may be, and were never stopped, are told as lifted.
TEST(PendingJob, NothingIsLiftedThatWasNotStopped) {
  Waiting waiting({v1::CERTIFICATE_STATUS_VALID, v1::CERTIFICATE_STATUS_SUSPENDED, v1::CERTIFICATE_STATUS_VALID});
  EXPECT_TRUE(waiting.Ask().empty());
}

}  // namespace
}  // namespace zaojing
