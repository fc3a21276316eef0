#include "proto/topic_message.h"

#include "proto/check.h"
#include "zaojing/v1/alert.pb.h"
#include "zaojing/v1/certificate.pb.h"
#include "zaojing/v1/complaint.pb.h"
#include "zaojing/v1/control.pb.h"
#include "zaojing/v1/dead_letter.pb.h"
#include "zaojing/v1/disposition.pb.h"
#include "zaojing/v1/enterprise.pb.h"
#include "zaojing/v1/inspection.pb.h"
#include "zaojing/v1/lookup.pb.h"
#include "zaojing/v1/recall.pb.h"
#include "zaojing/v1/signal.pb.h"
#include "zaojing/v1/state.pb.h"
#include "zaojing/v1/takedown.pb.h"
#include "zaojing/v1/verdict.pb.h"

namespace zaojing {

const google::protobuf::Message* PrototypeOf(Topic topic) {
  switch (topic) {
    case Topic::kControl:
      return &v1::Control::default_instance();
    case Topic::kCertificates:
      return &v1::Certificate::default_instance();
    case Topic::kEnterprises:
      return &v1::Enterprise::default_instance();
    case Topic::kInspections:
      return &v1::Inspection::default_instance();
    case Topic::kRecalls:
      return &v1::Recall::default_instance();
    case Topic::kDispositions:
      return &v1::Disposition::default_instance();
    case Topic::kTicks:
      return &v1::Tick::default_instance();
    case Topic::kLookups:
      return &v1::Lookup::default_instance();
    case Topic::kComplaints:
      return &v1::Complaint::default_instance();
    case Topic::kSignals:
      return &v1::Signal::default_instance();
    case Topic::kVerdicts:
      return &v1::Verdict::default_instance();
    case Topic::kTakedowns:
      return &v1::Takedown::default_instance();
    case Topic::kAlerts:
      return &v1::Alert::default_instance();
    case Topic::kDeadLetter:
      return &v1::DeadLetter::default_instance();
    case Topic::kScreenJournal:
    case Topic::kRiskJournal:
      return &v1::JournalEntry::default_instance();
    case Topic::kScreenChangelog:
    case Topic::kRiskChangelog:
    case Topic::kRedrive:
      return nullptr;
  }
  return nullptr;
}

std::unique_ptr<google::protobuf::Message> NewMessage(Topic topic) {
  const google::protobuf::Message* prototype = PrototypeOf(topic);
  ZAOJING_CHECK(prototype != nullptr);
  return std::unique_ptr<google::protobuf::Message>(prototype->New());
}

}  // namespace zaojing
