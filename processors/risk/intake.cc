#include "processors/risk/intake.h"

#include "processors/state/tables.h"
#include "proto/ids.h"

namespace zaojing {
namespace {

bool SameCount(const v1::CaseState& a, const v1::CaseState& b) {
  return a.counted() == b.counted() && a.maker() == b.maker() && a.model() == b.model() && a.problem() == b.problem() &&
         a.region() == b.region() && a.week() == b.week() && a.injured() == b.injured() && a.deaths() == b.deaths() &&
         a.fire() == b.fire() && a.crash() == b.crash();
}

v1::CaseState ViewOf(const v1::Complaint& complaint, int64_t week, const PersonalKey& personal) {
  v1::CaseState view;
  view.set_version(complaint.version());
  view.set_event_id(complaint.event_id());
  view.set_counted(!complaint.withdrawn());
  view.set_maker(NormalName(complaint.maker()));
  view.set_model(NormalName(complaint.model()));
  view.set_problem(NormalName(complaint.problem()));
  view.set_region(NormalName(complaint.region()));
  view.set_week(week);
  view.set_injured(complaint.injured());
  view.set_deaths(complaint.deaths());
  view.set_fire(complaint.fire());
  view.set_crash(complaint.crash());
  if (!personal.key.empty() && !complaint.complainant().empty()) {
    view.set_complainant_hash(KeyedHash(personal.key, complaint.complainant()));
    view.set_complainant_key(personal.id);
  }
  return view;
}

}  // namespace

std::string NormalName(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  bool gap = false;
  for (char c : name) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      gap = !out.empty();
      continue;
    }
    if (gap) out.push_back(' ');
    gap = false;
    out.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return out;
}

IntakeResult TakeIn(const v1::Complaint& complaint, int64_t week, const PersonalKey& personal, TaskState& state) {
  IntakeResult result;
  const std::string key = TableKey(Table::kCase, complaint.source() + std::string(1, '\0') + complaint.case_number());
  v1::CaseState view = ViewOf(complaint, week, personal);
  if (const auto stored = state.Get(key)) {
    v1::CaseState before;
    before.ParseFromArray(stored->data(), static_cast<int>(stored->size()));
    if (view.version() <= before.version()) {
      result.duplicate = true;
      return result;
    }
    view.set_week(before.week());
    if (SameCount(before, view)) {
      // Nothing counted has changed: the evidence stays the record that was counted.
      view.set_event_id(before.event_id());
    } else {
      if (before.counted()) result.removed = before;
      if (view.counted()) result.added = view;
    }
  } else if (view.counted()) {
    result.added = view;
  }
  state.Put(key, view.SerializeAsString());
  return result;
}

}  // namespace zaojing
