// Goal: what was ever written stays readable, and means the same.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/golden/golden_file.h"

namespace zaojing::golden {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const std::vector<Golden>& Goldens() {
  static const auto* const goldens = [] {
    const char* source = std::getenv("ZAOJING_SOURCE_DIR");
    const std::filesystem::path root(source == nullptr ? "." : source);
    return new std::vector<Golden>(ReadGoldens((root / "tests/golden/v1").string()));
  }();
  return *goldens;
}

// A renumbered, retyped or removed field turns old history into something else: the bytes must still parse to what the
// text says, with nothing left over as unknown.
TEST(Golden, OldBytesStillMeanWhatTheyMeant) {
  ASSERT_FALSE(Goldens().empty());
  for (const Golden& golden : Goldens()) {
    const std::unique_ptr<Message> parsed(golden.message->New());
    ASSERT_TRUE(parsed->ParseFromString(golden.bytes)) << golden.file;
    google::protobuf::util::MessageDifferencer differencer;
    std::string difference;
    differencer.ReportDifferencesToString(&difference);
    EXPECT_TRUE(differencer.Compare(*golden.message, *parsed)) << golden.file << ": " << difference;
  }
}

// Ids, digests and byte-identical replay hang on the bytes we write: today's are those of the day of the file.
TEST(Golden, BytesWrittenTodayAreTheSame) {
  for (const Golden& golden : Goldens()) {
    EXPECT_EQ(golden.message->SerializeAsString(), golden.bytes) << golden.file;
  }
}

// Every path of fields that a message holds, "a.b.c".
void CollectSet(const Message& message, const std::string& prefix, std::set<std::string>* paths) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string path = prefix + field->name();
    paths->insert(path);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const auto& reflection = *message.GetReflection();
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      CollectSet(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                      : reflection.GetMessage(message, field),
                 path + ".", paths);
    }
  }
}

void CollectAll(const Descriptor& type, const std::string& prefix, std::set<std::string>* paths) {
  for (int i = 0; i < type.field_count(); ++i) {
    const std::string path = prefix + type.field(i)->name();
    paths->insert(path);
    if (const Descriptor* inner = type.field(i)->message_type()) CollectAll(*inner, path + ".", paths);
  }
}

// A new field without a golden could be renumbered unseen: add a file, never change one (tests/golden/README.md).
TEST(Golden, EveryFieldOfEveryStoredMessageIsCovered) {
  for (const Message* stored : StoredMessages()) {
    std::set<std::string> expected;
    std::set<std::string> covered;
    CollectAll(*stored->GetDescriptor(), "", &expected);
    for (const Golden& golden : Goldens()) {
      if (golden.message->GetDescriptor() == stored->GetDescriptor()) CollectSet(*golden.message, "", &covered);
    }
    for (const std::string& path : expected) {
      EXPECT_EQ(covered.count(path), 1U) << stored->GetDescriptor()->name() << "." << path << ": in no golden file";
    }
  }
}

}  // namespace
}  // namespace zaojing::golden
