#include "app/run_output.h"

#include <google/protobuf/util/json_util.h>

#include <utility>

#include "app/enum_text.h"
#include "proto/check.h"
#include "proto/status_util.h"
#include "sinks/file/whole_file.h"

namespace zaojing {
namespace {

void AddCounts(const std::map<std::string, uint64_t>& counts, google::protobuf::RepeatedPtrField<v1::NamedCount>* out) {
  for (const auto& [name, count] : counts) {
    v1::NamedCount* entry = out->Add();
    entry->set_name(name);
    entry->set_count(count);
  }
}

}  // namespace

RunOutput::RunOutput(std::string directory, EventFileForm form) : directory_(std::move(directory)), form_(form) {}

absl::Status RunOutput::Write(Topic topic, std::string_view value) {
  std::unique_ptr<EventWriter>& writer = writers_[topic];
  if (writer == nullptr) {
    ASSIGN_OR_RETURN(writer, EventWriter::Open(directory_, topic, form_));
  }
  Count(topic, value);
  return writer->Append(value);
}

void RunOutput::Count(Topic topic, std::string_view value) {
  const auto size = static_cast<int>(value.size());
  if (topic == Topic::kVerdicts) {
    ZAOJING_CHECK(verdict_.ParseFromArray(value.data(), size));
    ++verdicts_[WithoutType(v1::Action_Name(verdict_.action())) + "/" +
                WithoutType(v1::Reason_Name(verdict_.reason()))];
  } else if (topic == Topic::kDeadLetter) {
    ZAOJING_CHECK(letter_.ParseFromArray(value.data(), size));
    ++dead_letters_;
    ++reasons_[v1::DeadLetterReason_Name(letter_.reason()).substr(sizeof "DEAD_LETTER_REASON_" - 1)];
  } else if (topic == Topic::kAlerts) {
    ZAOJING_CHECK(alert_.ParseFromArray(value.data(), size));
    if (alert_.msg_type() == v1::MESSAGE_TYPE_ALERT) raised_.push_back(alert_);
    if (alert_.msg_type() == v1::MESSAGE_TYPE_CANCEL) ++retracted_;
  }
}

absl::Status RunOutput::Close(v1::Summary summary) {
  for (auto& [topic, writer] : writers_) {
    v1::TopicCount* count = summary.add_outputs();
    count->set_topic(std::string(NameOf(topic)));
    count->set_records(writer->records());
    RETURN_IF_ERROR(writer->Close());
  }
  AddCounts(reasons_, summary.mutable_dead_letters());
  AddCounts(verdicts_, summary.mutable_verdicts());
  summary.set_alerts_raised(raised_.size());
  summary.set_alerts_retracted(retracted_);
  google::protobuf::util::JsonPrintOptions json;
  json.preserve_proto_field_names = true;
  json.add_whitespace = true;
  std::string text;
  ZAOJING_CHECK(google::protobuf::util::MessageToJsonString(summary, &text, json).ok());
  ASSIGN_OR_RETURN(const auto file, WholeFile::Create(directory_ + "/summary.json"));
  RETURN_IF_ERROR(file->Append(text));
  return file->Close();
}

}  // namespace zaojing
