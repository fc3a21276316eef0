#include "sinks/file/event_writer.h"

#include <google/protobuf/util/json_util.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "proto/check.h"
#include "proto/status_util.h"
#include "proto/topic_message.h"

namespace zaojing {
namespace {

using google::protobuf::Message;

struct NamedForm {
  std::string_view name;
  EventFileForm form;
};

constexpr NamedForm kForms[] = {
    {"pb", {EventFileForm::Encoding::kBinary, false, false}},
    {"pb.zst", {EventFileForm::Encoding::kBinary, true, false}},
    {"jsonl", {EventFileForm::Encoding::kJson, false, false}},
    {"jsonl.zst", {EventFileForm::Encoding::kJson, true, false}},
};

std::string_view SuffixOf(EventFileForm form) {
  for (const NamedForm& named : kForms) {
    if (named.form.encoding == form.encoding && named.form.compressed == form.compressed) return named.name;
  }
  return {};
}

absl::Status PrepareDirectory(const std::string& directory, Topic topic, EventFileForm form) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return absl::FailedPreconditionError(directory + ": cannot be created: " + error.message());
  for (const NamedForm& other : kForms) {
    const std::string name = std::string(NameOf(topic)).append(".").append(other.name);
    const bool exists = std::filesystem::exists(std::filesystem::path(directory) / name, error);
    if (exists && other.name != SuffixOf(form)) {
      return absl::InvalidArgumentError(directory + ": already holds " + name +
                                        "; a topic is one file: remove it or write elsewhere");
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> EventFileFormNames() {
  std::vector<std::string> names;
  for (const NamedForm& named : kForms) names.emplace_back(named.name);
  return names;
}

std::optional<EventFileForm> EventFileFormNamed(std::string_view name) {
  for (const NamedForm& named : kForms) {
    if (named.name == name) return named.form;
  }
  return std::nullopt;
}

absl::StatusOr<std::unique_ptr<EventWriter>> EventWriter::Open(const std::string& directory, Topic topic,
                                                               EventFileForm form) {
  const std::string name(NameOf(topic));
  if (PrototypeOf(topic) == nullptr) return absl::InvalidArgumentError("values of " + name + " are no messages");
  RETURN_IF_ERROR(PrepareDirectory(directory, topic, form));
  const std::filesystem::path folder(directory);
  const std::string path = (folder / (name + "." + std::string(SuffixOf(form)))).string();
  std::unique_ptr<EventWriter> writer(new EventWriter(topic, form, path));
  ASSIGN_OR_RETURN(writer->events_, WholeFile::Create(path));
  if (form.sidecar) {
    const std::string sidecar = name + (form.compressed ? ".meta.jsonl.zst" : ".meta.jsonl");
    ASSIGN_OR_RETURN(writer->places_, WholeFile::Create((folder / sidecar).string()));
  }
  return writer;
}

EventWriter::EventWriter(Topic topic, EventFileForm form, std::string path)
    : form_(form), path_(std::move(path)), scratch_(NewMessage(topic)) {}

absl::Status EventWriter::Append(const Message& message, const v1::RecordPlace* place) {
  ZAOJING_CHECK(message.GetDescriptor() == scratch_->GetDescriptor());
  RETURN_IF_ERROR(AppendPlace(place));
  ++records_;
  if (form_.encoding == EventFileForm::Encoding::kJson) return AppendJson(message, events_.get());
  return AppendBinary(message.SerializeAsString());
}

absl::Status EventWriter::Append(std::string_view value, const v1::RecordPlace* place) {
  if (form_.encoding == EventFileForm::Encoding::kJson) {
    if (!scratch_->ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      return absl::InvalidArgumentError(path_ + ": record " + std::to_string(records_) + " is not a " +
                                        scratch_->GetTypeName());
    }
    return Append(*scratch_, place);
  }
  RETURN_IF_ERROR(AppendPlace(place));
  ++records_;
  return AppendBinary(value);
}

absl::Status EventWriter::AppendBinary(std::string_view value) {
  std::string prefix;
  uint64_t size = value.size();
  for (; size >= 0x80; size >>= 7) prefix.push_back(static_cast<char>((size & 0x7f) | 0x80));
  prefix.push_back(static_cast<char>(size));
  RETURN_IF_ERROR(events_->Append(prefix));
  return events_->Append(value);
}

absl::Status EventWriter::AppendJson(const Message& message, WholeFile* file) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  text_.clear();
  if (!google::protobuf::util::MessageToJsonString(message, &text_, options).ok()) {
    return absl::InvalidArgumentError(path_ + ": record " + std::to_string(records_) + " has no JSON form");
  }
  text_.push_back('\n');
  return file->Append(text_);
}

absl::Status EventWriter::AppendPlace(const v1::RecordPlace* place) {
  ZAOJING_CHECK((place != nullptr) == (places_ != nullptr));
  return place == nullptr ? absl::OkStatus() : AppendJson(*place, places_.get());
}

absl::Status EventWriter::Close() {
  if (places_ != nullptr) RETURN_IF_ERROR(places_->Close());
  return events_->Close();
}

}  // namespace zaojing
