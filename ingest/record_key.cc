#include "ingest/record_key.h"

#include <cstdint>

#include "ingest/parse.h"
#include "ingest/wire_reader.h"
#include "proto/topic_message.h"
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
namespace {

using Type = WireReader::Type;

// Last occurrence of a string field, as the parser would have it.
std::string_view StringField(int field, WireReader* reader) {
  std::string_view found;
  while (reader->Next()) {
    const bool is_it = reader->field() == static_cast<uint32_t>(field) && reader->type() == Type::kBytes;
    if (is_it) found = reader->bytes();
  }
  return found;
}

struct ListingFields {
  uint32_t platform;
  uint32_t listing_id;
  uint32_t scene;  // 0 = the message does not say
};

constexpr ListingFields kLookupFields{v1::Lookup::kPlatformFieldNumber, v1::Lookup::kListingIdFieldNumber,
                                      v1::Lookup::kSceneFieldNumber};
constexpr ListingFields kVerdictFields{v1::Verdict::kPlatformFieldNumber, v1::Verdict::kListingIdFieldNumber,
                                       v1::Verdict::kSceneFieldNumber};
constexpr ListingFields kTakedownFields{v1::Takedown::kPlatformFieldNumber, v1::Takedown::kListingIdFieldNumber, 0};

std::string_view ListingKey(const ListingFields& fields, WireReader* reader, std::string* scratch) {
  std::string_view platform;
  std::string_view listing;
  bool plate = false;
  while (reader->Next()) {
    if (reader->type() == Type::kBytes) {
      if (reader->field() == fields.platform) platform = reader->bytes();
      if (reader->field() == fields.listing_id) listing = reader->bytes();
    } else if (reader->type() == Type::kVarint && reader->field() == fields.scene) {
      plate = static_cast<int32_t>(reader->number()) == v1::SCENE_PLATE;
    }
  }
  scratch->assign(plate ? std::string_view("plate") : platform).append("/").append(listing);
  return *scratch;
}

// "catalogue/" and the code inside the entry.
std::string_view CodeKey(std::string_view prefix, int field, std::string_view entry, std::string* scratch) {
  WireReader reader(entry);
  const std::string_view code = StringField(field, &reader);
  scratch->assign(prefix).append(code);
  return *scratch;
}

std::string_view ControlKey(WireReader* reader, std::string* scratch) {
  std::string_view key;
  while (reader->Next()) {
    if (reader->type() != Type::kBytes) continue;
    switch (reader->field()) {
      case v1::Control::kHeartbeatFieldNumber:
        key = "heartbeat";
        break;
      case v1::Control::kRulesFieldNumber:
        key = "rules";
        break;
      case v1::Control::kCatalogueFieldNumber:
        key = CodeKey("catalogue/", v1::CatalogueEntry::kProductCodeFieldNumber, reader->bytes(), scratch);
        break;
      case v1::Control::kCredentialFieldNumber:
        key = CodeKey("credential/", v1::RequiredCredential::kProductCodeFieldNumber, reader->bytes(), scratch);
        break;
      default:
        break;
    }
  }
  return key;
}

std::string_view TaskKey(WireReader* reader, std::string* scratch) {
  uint32_t task = 0;
  while (reader->Next()) {
    const bool is_it = reader->field() == v1::JournalEntry::kTaskFieldNumber && reader->type() == Type::kVarint;
    if (is_it) task = static_cast<uint32_t>(reader->number());
  }
  return *scratch = std::to_string(task);
}

// Key as far as the bytes are plain; reader->done() tells whether they were.
std::string_view KeyOfPlain(Topic topic, WireReader* reader, std::string* scratch) {
  switch (topic) {
    case Topic::kControl:
      return ControlKey(reader, scratch);
    case Topic::kEnterprises:
      return StringField(v1::Enterprise::kUsccFieldNumber, reader);
    case Topic::kInspections:
      return StringField(v1::Inspection::kTaskNumberFieldNumber, reader);
    case Topic::kRecalls:
      return StringField(v1::Recall::kRecallNumberFieldNumber, reader);
    case Topic::kDispositions:
      return StringField(v1::Disposition::kActionIdFieldNumber, reader);
    case Topic::kCertificates:
      return StringField(v1::Certificate::kNumberFieldNumber, reader);
    case Topic::kLookups:
      return ListingKey(kLookupFields, reader, scratch);
    case Topic::kComplaints:
      return StringField(v1::Complaint::kCaseNumberFieldNumber, reader);
    case Topic::kSignals:
      return StringField(v1::Signal::kCauseFieldNumber, reader);
    case Topic::kVerdicts:
      return ListingKey(kVerdictFields, reader, scratch);
    case Topic::kTakedowns:
      return ListingKey(kTakedownFields, reader, scratch);
    case Topic::kAlerts:
      return StringField(v1::Alert::kAlertIdFieldNumber, reader);
    case Topic::kDeadLetter:
      return StringField(v1::DeadLetter::kTopicFieldNumber, reader);
    case Topic::kScreenJournal:
    case Topic::kRiskJournal:
      return TaskKey(reader, scratch);
    case Topic::kTicks:
    case Topic::kScreenChangelog:
    case Topic::kRiskChangelog:
    case Topic::kRedrive:
      return {};
  }
  return {};
}

}  // namespace

std::string_view KeyOfValue(Topic topic, std::string_view value, std::string* scratch) {
  WireReader reader(value);
  const std::string_view key = KeyOfPlain(topic, &reader, scratch);
  const bool keyed = PrototypeOf(topic) != nullptr && topic != Topic::kTicks;
  if (reader.done() || !keyed) return key;
  // Rare: groups, or numbers in no canonical form. Without what the schema does not know, it serialises
  // plainly.
  SilenceParser();
  const auto message = NewMessage(topic);
  if (!message->ParsePartialFromArray(value.data(), static_cast<int>(value.size()))) return {};
  message->DiscardUnknownFields();
  const std::string plain = message->SerializePartialAsString();
  WireReader plain_reader(plain);
  return *scratch = std::string(KeyOfPlain(topic, &plain_reader, scratch));
}

}  // namespace zaojing
