#include "tests/golden/golden_file.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "proto/check.h"
#include "proto/topic_message.h"
#include "proto/topics.h"
#include "zaojing/v1/event_file.pb.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing::golden {
namespace {

using google::protobuf::Message;

constexpr char kBytesMark[] = "# bytes: ";
constexpr size_t kBytesPerLine = 48;
constexpr char kDigits[] = "0123456789abcdef";

int Nibble(char c) {
  const char* found = std::find(kDigits, kDigits + 16, c);
  ZAOJING_CHECK(found != kDigits + 16);
  return static_cast<int>(found - kDigits);
}

void AppendHex(const std::string& hex, std::string* bytes) {
  ZAOJING_CHECK(hex.size() % 2 == 0);
  for (size_t i = 0; i < hex.size(); i += 2) {
    bytes->push_back(static_cast<char>(Nibble(hex[i]) * 16 + Nibble(hex[i + 1])));
  }
}

std::string Serialised(const Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  ZAOJING_CHECK(message.SerializeToCodedStream(&coded));
  coded.Trim();
  return bytes;
}

Golden ReadGolden(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  Golden golden;
  golden.file = path.filename().string();
  const std::string type = golden.file.substr(0, golden.file.find('.'));
  for (const Message* stored : StoredMessages()) {
    if (stored->GetDescriptor()->name() == type) golden.message.reset(stored->New());
  }
  const bool read =
      golden.message != nullptr && google::protobuf::TextFormat::ParseFromString(text, golden.message.get());
  if (!read) {
    std::fprintf(stderr, "%s: not the text of a stored message\n", path.c_str());
    std::abort();
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(kBytesMark, 0) == 0) AppendHex(line.substr(sizeof kBytesMark - 1), &golden.bytes);
  }
  return golden;
}

}  // namespace

std::vector<const Message*> StoredMessages() {
  std::map<std::string, const Message*> messages;
  const auto add = [&messages](const Message* message) { messages[message->GetDescriptor()->name()] = message; };
  for (const TopicSpec& spec : kTopics) {
    if (const Message* message = PrototypeOf(spec.topic)) add(message);
  }
  add(&v1::Marker::default_instance());
  add(&v1::ListingState::default_instance());
  add(&v1::FanoutJob::default_instance());
  add(&v1::CellCounts::default_instance());
  add(&v1::PlateCount::default_instance());
  add(&v1::CaseState::default_instance());
  add(&v1::SeriesState::default_instance());
  add(&v1::EpisodeState::default_instance());
  add(&v1::ReachState::default_instance());
  add(&v1::PlateTotalState::default_instance());
  add(&v1::VehicleState::default_instance());
  add(&v1::EvasionState::default_instance());
  add(&v1::StoppedState::default_instance());
  add(&v1::AskedState::default_instance());
  add(&v1::RecordPlace::default_instance());
  std::vector<const Message*> sorted;
  sorted.reserve(messages.size());
  for (const auto& entry : messages) sorted.push_back(entry.second);
  return sorted;
}

std::vector<Golden> ReadGoldens(const std::string& directory) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".golden") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Golden> goldens;
  goldens.reserve(paths.size());
  for (const auto& path : paths) goldens.push_back(ReadGolden(path));
  return goldens;
}

std::string Print(const Message& message) {
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  std::string text = "# proto-file: " + type.file()->name() + "\n# proto-message: " + type.full_name() + "\n";
  const std::string bytes = Serialised(message);
  for (size_t at = 0; at < bytes.size(); at += kBytesPerLine) {
    text += kBytesMark;
    for (const char c : bytes.substr(at, kBytesPerLine)) {
      text += kDigits[static_cast<unsigned char>(c) >> 4];
      text += kDigits[static_cast<unsigned char>(c) & 15U];
    }
    text += "\n";
  }
  std::string body;
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseUtf8StringEscaping(true);
  ZAOJING_CHECK(printer.PrintToString(message, &body));
  return text + body;
}

}  // namespace zaojing::golden
