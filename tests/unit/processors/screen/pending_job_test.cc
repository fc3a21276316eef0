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
  // `here_before`: a listing showed the certificate after the first of it.
  explicit Waiting(const std::vector<v1::CertificateStatus>& history, bool here_before = true)
      : stage_(testing::DefaultRules(), {}) {
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
      if (fact == 0 && here_before) Apply("early", "early", kMonday - limits::kDay);
    }
    EXPECT_EQ(task_->HasJobs(), here_before);
  }

  // What is told of the job's reach after a listing was asked about for the first time, on sale.
  std::vector<v1::Signal> Ask() {
    Apply("look-up", "listing", kMonday);
    return Signals(v1::SIGNAL_KIND_REACH);
  }
  void Hear(const v1::Disposition& order) {
    registry_.Append(testing::ToRecord(order).View());
    task_->AdvanceReference(registry_.At(Topic::kDispositions, registry_.size(Topic::kDispositions) - 1));
    EXPECT_FALSE(task_->HasJobs());
  }
  // Effect: committed.
  std::vector<v1::Signal> Signals(v1::SignalKind kind) {
    const absl::StatusOr<CommitUnit> unit = task_->Freeze();
    EXPECT_TRUE(unit.ok());
    task_->Committed(*unit, 0);
    std::vector<v1::Signal> found;
    for (const OutputRecord& output : unit->outputs) {
      v1::Signal signal;
      if (output.topic != Topic::kSignals) continue;
      EXPECT_TRUE(signal.ParseFromString(output.value));
      if (signal.kind() == kind) found.push_back(signal);
    }
    return found;
  }

 private:
  void Apply(const std::string& id, const std::string& listing, int64_t at) {
    task_->Apply(testing::ToRecord(testing::MakeLookup(id, listing, kNumber, v1::SCENE_ON_SALE, at)).View());
  }

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

// Breaks if the changes of a registry that is read before any look-up become jobs, which would judge again every listing
// that was asked about before they got their turn; or if risk waits for a task that has nothing to do.
TEST(PendingJob, WithoutListingsThereIsNoJob) {
  Waiting waiting({v1::CERTIFICATE_STATUS_VALID, v1::CERTIFICATE_STATUS_SUSPENDED}, false);
  EXPECT_EQ(waiting.Signals(v1::SIGNAL_KIND_DONE).size(), 1U);
  v1::Disposition order = testing::MakeOrder("order", v1::ORDER_KIND_TAKE_DOWN, kMonday);
  order.set_product_code("1606");
  waiting.Hear(order);
  EXPECT_EQ(waiting.Signals(v1::SIGNAL_KIND_DONE).size(), 1U);
}

}  // namespace
}  // namespace zaojing
