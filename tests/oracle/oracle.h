// An independent answer: maps, one loop, no code of the stages, no runtime, no rule file. It reads decoded events and
// says what must be true at the end: every listing's answer, the instructions in force, the alerts raised, the counts.
//
// Deliberately naive: at every change it judges every listing again, and every tail probability is summed term by term.
// Written from the brief and the law, not from processors/; when the two disagree, one of them is wrong.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "zaojing/v1/certificate.pb.h"
#include "zaojing/v1/complaint.pb.h"
#include "zaojing/v1/control.pb.h"
#include "zaojing/v1/disposition.pb.h"
#include "zaojing/v1/enterprise.pb.h"
#include "zaojing/v1/inspection.pb.h"
#include "zaojing/v1/lookup.pb.h"
#include "zaojing/v1/recall.pb.h"

namespace zaojing::oracle {

struct Input {
  std::vector<v1::Control> control;           // file order
  std::vector<v1::Enterprise> enterprises;    // file order
  std::vector<v1::Certificate> certificates;  // file order
  std::vector<v1::Inspection> inspections;    // likewise, as the next two
  std::vector<v1::Recall> recalls;
  std::vector<v1::Disposition> orders;
  std::vector<v1::Lookup> lookups;
  std::vector<v1::Complaint> complaints;
};

struct Answer {
  v1::Action action = v1::ACTION_UNSPECIFIED;
  v1::Reason reason = v1::REASON_UNSPECIFIED;
  std::string fact;  // event that made the difference
  friend bool operator==(const Answer&, const Answer&) = default;
};

struct RaisedAlert {
  std::string subject;         // "MAKER|MODEL|PROBLEM"
  std::string first_evidence;  // event_id
  int64_t raised_at = 0;
  uint64_t total = 0;  // complaints of the subject when it was raised
  friend auto operator<=>(const RaisedAlert&, const RaisedAlert&) = default;
};

struct Output {
  std::map<std::string, Answer> listings;  // by look-up key: the standing answer
  std::map<std::string, v1::Action> told;  // by look-up key: what whoever asked, or was told of a change, heard last
  std::map<std::string, v1::Action> in_force;  // by look-up key: BLOCK or REVIEW; absent = none
  std::vector<RaisedAlert> alerts;             // surge alerts, in order of raising
  uint64_t cases = 0;                          // distinct complaints counted at the end
};

// Canonical order: per listing partition the clock is the running maximum of received_at. Inputs are all good records
// (the caller leaves out what must be dead-lettered); no heartbeats, so a registry that has a certificate is fresh.
Output Judge(const Input& input, uint32_t partitions);

}  // namespace zaojing::oracle
