// Goal: what `zaojing rules list` prints says all there is in a rule file: a rule it passes over in silence is one nobody
// reads before it stops goods.
#include "app/rules_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using ::testing::HasSubstr;
using ::testing::Not;

// Every text of `message` and of what lies in it, but for the headlines of alerts and the English of actions.
void Collect(const Message& message, std::vector<std::string>* texts) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->name().starts_with("headline_") || field->name() == "text_en") continue;
    const int size = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Collect(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                     : reflection.GetMessage(message, field),
                texts);
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        texts->push_back(field->is_repeated() ? reflection.GetRepeatedString(message, field, i)
                                              : reflection.GetString(message, field));
      }
    }
  }
}

// Breaks: a new kind of rule, or a new table, that the list has no line for. Seen on every id, law and recommendation of
// the shipped rules.
TEST(RulesText, SaysEverythingInTheFile) {
  v1::RuleSet rules = testing::DefaultRules();
  rules.clear_id();  // of the whole: the command's first line
  std::vector<std::string> texts;
  Collect(rules, &texts);
  ASSERT_GT(texts.size(), 150U);
  const std::string said = RulesText(rules);
  for (const std::string& text : texts) EXPECT_THAT(said, HasSubstr(text));
}

// Breaks: names cut in the middle of their type's, and numbers in units nobody reads.
TEST(RulesText, NamesAndNumbersAreRead) {
  const std::string said = RulesText(testing::DefaultRules());
  EXPECT_THAT(said, HasSubstr(": MAKER_MODEL_PROBLEM, at least"));
  EXPECT_THAT(said, Not(HasSubstr("UP_MAKER")));
  EXPECT_THAT(said, HasSubstr("relisted-goods@1: stopped goods back under another number, 1 h to 180 days later"));
  EXPECT_THAT(said, HasSubstr("borrowed-certificate@1: one certificate on untied goods of 20 merchants or more, 60 %"));
  EXPECT_THAT(said, HasSubstr("a parameter more than 5 % off the certified one"));
  EXPECT_THAT(said,
              HasSubstr("the platform: at once, RECALL_NOTICE too, reports (SHALL) with it; the seller: PLATFORM"));
}

}  // namespace
}  // namespace zaojing
