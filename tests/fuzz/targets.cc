#include "tests/fuzz/targets.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>

#include "ingest/csv.h"
#include "ingest/decoder.h"
#include "ingest/file/event_file.h"
#include "ingest/lookup_view.h"
#include "ingest/record_key.h"
#include "proto/check.h"
#include "proto/limits.h"
#include "proto/utf8.h"
#include "tests/golden/golden_file.h"
#include "tests/support/sample_events.h"

namespace zaojing::fuzz {
namespace {

// Decoders: one answer for one input, the parser's reading of the bytes, and a detail that may be shown. Under the key
// computed from the value there is never a KEY_MISMATCH: the two readings of the bytes are one.
template <typename Event, Topic Origin>
void RunDecoder(std::string_view bytes) {
  std::string scratch;
  Record record;
  record.topic = Origin;
  record.value = bytes;
  record.key = KeyOfValue(Origin, bytes, &scratch);
  Event event;
  const DecodeResult result = Decode(record, &event);
  Event again;
  again.set_source("left over");
  const DecodeResult second = Decode(record, &again);
  ZAOJING_CHECK(result.has_value() == second.has_value());
  if (result.has_value()) {
    ZAOJING_CHECK(result->reason == second->reason && result->detail == second->detail);
    ZAOJING_CHECK(result->reason != v1::DEAD_LETTER_REASON_UNSPECIFIED);
    ZAOJING_CHECK(result->reason != v1::DEAD_LETTER_REASON_KEY_MISMATCH);
    ZAOJING_CHECK(IsUtf8(result->detail) && result->detail.size() <= limits::kDeadLetterDetailBytesMax);
    return;
  }
  Event parsed;
  ZAOJING_CHECK(parsed.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  ZAOJING_CHECK(parsed.SerializeAsString() == event.SerializeAsString());
}

// Look-ups, which are viewed where they are judged: other code than reads them into a message, and one answer.
void RunLookup(std::string_view bytes) {
  RunDecoder<v1::Lookup, Topic::kLookups>(bytes);
  std::string key;
  Record record;
  record.topic = Topic::kLookups;
  record.value = bytes;
  record.key = KeyOfValue(Topic::kLookups, bytes, &key);
  v1::Lookup message;
  v1::Lookup scratch;
  LookupView view;
  const DecodeResult read = Decode(record, &message);
  const DecodeResult viewed = DecodeView(record, &scratch, &view);
  ZAOJING_CHECK(read.has_value() == viewed.has_value());
  if (read.has_value()) {
    ZAOJING_CHECK(read->reason == viewed->reason && read->detail == viewed->detail);
    return;
  }
  ZAOJING_CHECK(view == ViewOf(message));
}

// Hands out at most `step` bytes a read.
class MemoryStream final : public ByteStream {
 public:
  MemoryStream(std::string_view bytes, size_t step) : bytes_(bytes), step_(step) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    const size_t count = std::min({capacity, step_, bytes_.size()});
    if (count > 0) std::memcpy(buffer, bytes_.data(), count);
    bytes_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view bytes_;
  const size_t step_;
};

// Everything a reader says about a file, as one string.
std::string Transcript(const std::string& name, std::string_view bytes, size_t step) {
  const auto file = EventFile::FromStream(Topic::kComplaints, name, std::make_unique<MemoryStream>(bytes, step));
  std::string text;
  for (FileEvent event; file->Next(&event);) {
    ZAOJING_CHECK(event.record.value.size() <= limits::kDeadLetterValueBytesMax);
    ZAOJING_CHECK(event.rejection.has_value() || event.record.value.size() == event.value_size);
    text.append(event.record.key).append("|").append(event.record.value).append("|");
    text.append(std::to_string(event.record.offset)).append(",").append(std::to_string(event.line)).append(",");
    text.append(std::to_string(event.value_size)).append("|");
    if (event.rejection.has_value()) text.append(event.rejection->detail);
    text.append("\n");
  }
  return text.append(file->status().ToString());
}

// Event files: the answer does not hang on how the bytes arrive.
void RunBinaryFile(std::string_view bytes) {
  ZAOJING_CHECK(Transcript("f.pb", bytes, 7) == Transcript("f.pb", bytes, SIZE_MAX));
}
void RunJsonFile(std::string_view bytes) {
  ZAOJING_CHECK(Transcript("f.jsonl", bytes, 7) == Transcript("f.jsonl", bytes, SIZE_MAX));
}

std::vector<std::vector<std::string>> CsvRows(const std::string& text, absl::Status* status) {
  std::istringstream input(text);
  CsvReader reader(input, "f.csv");
  std::vector<std::vector<std::string>> rows;
  for (std::vector<std::string> row; reader.Next(&row);) {
    ZAOJING_CHECK(!row.empty());
    rows.push_back(row);
  }
  *status = reader.status();
  return rows;
}

// CSV: rows that were read, written again with every field quoted, are read as the same rows.
void RunCsv(std::string_view bytes) {
  absl::Status status;
  const auto rows = CsvRows(std::string(bytes), &status);
  std::string quoted;
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      quoted += i == 0 ? "\"" : ",\"";
      for (const char c : row[i]) quoted.append(c == '"' ? 2 : 1, c);
      quoted += '"';
    }
    quoted += '\n';
  }
  if (quoted.size() > limits::kRecordBytesMax) return;  // a row may grow over its limit
  ZAOJING_CHECK(CsvRows(quoted, &status) == rows);
  ZAOJING_CHECK(status.ok());
}

std::string Delimited(const std::string& value) {
  std::string out;
  size_t size = value.size();
  for (; size >= 0x80; size >>= 7) out.push_back(static_cast<char>((size & 0x7f) | 0x80));
  out.push_back(static_cast<char>(size));
  return out + value;
}

void AddSamples(std::string_view target, std::vector<std::string>* seeds) {
  const std::string complaint = samples::Complaint().SerializeAsString();
  if (target == "lookup") seeds->push_back(samples::Lookup().SerializeAsString());
  if (target == "certificate") seeds->push_back(samples::Certificate().SerializeAsString());
  if (target == "control") seeds->push_back(samples::Heartbeat().SerializeAsString());
  if (target == "control") {
    seeds->push_back(samples::Rules().SerializeAsString());
    seeds->push_back(samples::Catalogue().SerializeAsString());
    seeds->push_back(samples::Required().SerializeAsString());
  }
  if (target == "enterprise") seeds->push_back(samples::Enterprise().SerializeAsString());
  if (target == "inspection") seeds->push_back(samples::Inspection().SerializeAsString());
  if (target == "recall") seeds->push_back(samples::Recall().SerializeAsString());
  if (target == "disposition") seeds->push_back(samples::Disposition().SerializeAsString());
  if (target == "complaint") seeds->push_back(complaint);
  if (target == "signal") seeds->push_back(samples::Signal().SerializeAsString());
  if (target == "tick") seeds->push_back(samples::Tick().SerializeAsString());
  if (target == "file_pb") seeds->push_back(Delimited(complaint) + Delimited(complaint));
  if (target == "file_jsonl") {
    seeds->push_back("{\"event_id\":\"a\",\"received_at\":\"1\",\"kind\":\"COMPLAINT_KIND_REPORT\"}\n{}\n");
  }
  if (target == "csv") seeds->push_back("a,\"b \"\"c\"\"\r\nd\",\r\n,,e\n");
}

std::string_view MessageOf(std::string_view target) {
  constexpr std::pair<std::string_view, std::string_view> kMessages[] = {
      {"lookup", "Lookup"},           {"certificate", "Certificate"},
      {"control", "Control"},         {"enterprise", "Enterprise"},
      {"inspection", "Inspection"},   {"recall", "Recall"},
      {"disposition", "Disposition"}, {"complaint", "Complaint"},
      {"signal", "Signal"},           {"tick", "Tick"}};
  for (const auto& [name, message] : kMessages) {
    if (name == target) return message;
  }
  return {};
}

}  // namespace

const std::array<Target, 13>& Targets() {
  static constexpr std::array<Target, 13> kTargets = {{
      {"lookup", &RunLookup},
      {"certificate", &RunDecoder<v1::Certificate, Topic::kCertificates>},
      {"control", &RunDecoder<v1::Control, Topic::kControl>},
      {"enterprise", &RunDecoder<v1::Enterprise, Topic::kEnterprises>},
      {"inspection", &RunDecoder<v1::Inspection, Topic::kInspections>},
      {"recall", &RunDecoder<v1::Recall, Topic::kRecalls>},
      {"disposition", &RunDecoder<v1::Disposition, Topic::kDispositions>},
      {"complaint", &RunDecoder<v1::Complaint, Topic::kComplaints>},
      {"signal", &RunDecoder<v1::Signal, Topic::kSignals>},
      {"tick", &RunDecoder<v1::Tick, Topic::kTicks>},
      {"file_pb", &RunBinaryFile},
      {"file_jsonl", &RunJsonFile},
      {"csv", &RunCsv},
  }};
  return kTargets;
}

const Target* TargetNamed(std::string_view name) {
  const auto& targets = Targets();
  const auto* const found =
      std::find_if(targets.begin(), targets.end(), [name](const Target& target) { return target.name == name; });
  return found == targets.end() ? nullptr : found;
}

std::vector<std::string> SeedsOf(const Target& target, const std::string& golden) {
  std::vector<std::string> seeds;
  AddSamples(target.name, &seeds);
  for (const golden::Golden& file : golden::ReadGoldens(golden)) {
    const bool is_one = file.message->GetDescriptor()->name() == MessageOf(target.name);
    if (is_one) seeds.push_back(file.bytes);
  }
  return seeds;
}

}  // namespace zaojing::fuzz
